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
# Poses: grouped by boxes, one object without points, one image without objects.
for name in one two three; do
	for _ in {1..20}; do
		echo '1 1 1 1 1 . . . . . . . . . . 2 2 2 2 2'
	done | bitmap segments/$name.png
done
release='"release":{"categories":[{"id":1,"name":"cat"},{"id":2,"name":"left ear"},{"id":3,"name":"right ear"},{"id":4,"name":"tail"}]}'
cat["1"]='{"id":1,"category_id":1,"type":"bbox","points":[[2,2],[15,15]]},{"id":2,"category_id":2,"type":"point","points":[[4,3]]},{"id":3,"category_id":4,"type":"point","points":[[15,15]]},{"id":4,"category_id":1,"type":"bbox","points":[[-3,16],[8,26]]}'
cat["2"]='{"id":1,"category_id":1,"type":"polygon","points":[[2,2],[15,2],[9,14]]},{"id":2,"category_id":3,"type":"point","points":[[9,3]]}'
cat["3"]=''
for i in 1 2 3; do
	name=$(echo one two three | cut -d' ' -f$i)
	echo "{\"index\":$i,\"uuid\":\"cat $i\",\"name\":\"$name.png\",\"attributes\":{\"image\":{\"path\":\"segments/$name.png\"}},\"label\":{\"attributes\":{\"annotations\":[${cat[$i]}]}},$release}"
done > cats
seg-yolo -q -t pose --task pose --group-by box --split train:0.5,val:0.5 \
	--keypoints 'left ear,tail,right ear' cats 2> messages
seg-decode cats | sed 's|"path":"\([^"]*\)"|"url":"http://x/\1",&|' > located
seg-yolo -q --ndjson --task pose --group-by box \
	--keypoints 'left ear,tail,right ear' located > pose.ndjson 2> messages
seg-yolo -q -t lone --task pose cats 2> messages
seg-yolo -q -t binary --task semantic <(sed 's/,{"id":2,"name".*tail"}//' cats) \
	2> messages

for task in detect segment obb semantic; do
	seg-yolo -q --partial -t $task --task $task \
		--split train:0.5,val:0.3,test:0.2 records 2> messages
	seg-yolo -q --ndjson --task $task records > $task.ndjson 2> messages
done
seg-decode -q records 2> messages > decoded.ndjson ||
	seg-decode records 2> messages > decoded.ndjson

serve .
cat located >> decoded.ndjson
exec "$PYTHON" "$ROOT/tests/ultralytics_reader.py" "$URL"
