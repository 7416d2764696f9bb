#!/usr/bin/env bash
# Polygons against pycocotools.

. "${0%/*}/lib.sh"
need_judge numpy pycocotools

exec "$PYTHON" "$ROOT/tests/polygon_coco.py"
