#!/usr/bin/env bash
# Polygons against pycocotools, where it is installed.

if ! command -v python3 >/dev/null; then
	echo '1..0 # SKIP python3 is not installed'
	exit
fi
exec python3 "${0%/*}/polygon_coco.py"
