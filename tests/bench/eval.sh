#!/usr/bin/env bash
# seg-eval beside pycocotools and faster-coco-eval, where these are installed.

python=../../build/judges/bin/python3
[ -x "$python" ] || python=python3
"$python" -c 'import pycocotools, faster_coco_eval' 2> /dev/null ||
	{ echo 'no Python with pycocotools and faster-coco-eval here' && exit; }
"$python" eval_bench.py "${SEGTOOLS_BIN:-../../build}/seg-eval"
