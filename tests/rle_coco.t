#!/usr/bin/env bash
# Masks of bitmaps against pycocotools, where it is installed.

. "${0%/*}/lib.sh"
need python3
python3 -c 'import numpy, PIL, pycocotools' 2> missing ||
	skip_all "$(tail -n 1 missing)"

exec python3 "$ROOT/tests/rle_coco.py" "$scratch"
