#!/usr/bin/env bash
# Masks of bitmaps against pycocotools, where it is installed.

. "${0%/*}/lib.sh"
need_judge numpy PIL pycocotools

exec "$PYTHON" "$ROOT/tests/rle_coco.py" "$scratch"
