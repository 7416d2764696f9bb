#!/usr/bin/env bash
# COCO files as pycocotools, the library that trainers read them with, sees
# them; see coco_reader.py.

. "${0%/*}/lib.sh"
need jq
need_judge numpy PIL pycocotools

exec "$PYTHON" "$ROOT/tests/coco_reader.py" "$DEMO" "$scratch"
