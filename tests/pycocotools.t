#!/usr/bin/env bash
# COCO files as pycocotools, the library that trainers read them with, sees
# them; see coco_reader.py.

. "${0%/*}/lib.sh"
need jq python3
python3 -c 'import numpy, PIL, pycocotools' 2> missing ||
	skip_all "$(tail -n 1 missing)"

exec python3 "$ROOT/tests/coco_reader.py" "$DEMO" "$scratch"
