#!/usr/bin/env bash
# YOLO data sets as ultralytics, which trains with them, takes or rejects their
# images; see ultralytics_reader.py.

. "${0%/*}/lib.sh"
need jq
need_judge numpy cv2 PIL yaml pycocotools ultralytics

mkdir data && cp -r "$DEMO/release.json" "$DEMO/segments" data && cd data || exit
seg-samples release.json > records
if [ -d "${DATA:-/none}" ]; then
	serve "$DATA"
	for name in panoptic-real vector segmentation-sequence vector-sequence; do
		sed "s,http://127.0.0.1:PORT,$URL,g" "$DATA/$name/release.json" |
			seg-samples - | seg-frames -q | seg-fetch -q
	done 2> fetched >> records
fi
for task in detect segment obb; do
	seg-yolo -q --partial -t $task --task $task \
		--split train:0.5,val:0.3,test:0.2 records 2> messages
	seg-yolo -q --ndjson --task $task records > $task.ndjson 2> messages
done
seg-decode -q records 2> messages > decoded.ndjson ||
	seg-decode records 2> messages > decoded.ndjson

serve .
exec "$PYTHON" "$ROOT/tests/ultralytics_reader.py" "$URL"
