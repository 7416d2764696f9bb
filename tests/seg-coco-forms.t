#!/usr/bin/env bash
# seg-coco: what images and annotations have on request, and frames.

. "${0%/*}/lib.sh"
need jq

release='{"name":"v1","dataset":"d","categories":[{"id":1,"name":"a"}]}'

# record NAME ANNOTATIONS [MEMBERS]: one, with more members before its label.
record()
{
	printf '{"name":"%s","attributes":{"image":{"width":40,"height":30}},' \
		"$1"
	printf '%s"label":{"attributes":{"image_attributes":{"wet":true},' \
		"${3-}"
	printf '"annotations":%s}},"release":%s}\n' "$2" "$release"
}

# Boxes.
box='{"id":1,"category_id":1,"type":"bbox","points":[[1.25,2],[5,8.5]]}'
check 'boxes have no segmentation' -o null -i "$(record a "[$box]")" \
	'seg-coco | jq ".annotations[0].segmentation"'
check '--boxes polygon gives them their corners' \
	-o '[[1.25,2,5,2,5,8.5,1.25,8.5]]' -i "$(record a "[$box]")" \
	'seg-coco --boxes polygon | jq -c ".annotations[0].segmentation"'
check 'also when they were decoded before' \
	-o '[[1.25,2,5,2,5,8.5,1.25,8.5]]' -i "$(record a "[$box]")" \
	'seg-decode | seg-coco --boxes polygon |
	jq -c ".annotations[0].segmentation"'
check 'and nothing else that has none' -o '[null,null]' \
	-i "$(record a '[{"id":1,"category_id":1,"type":"point","points":[[1,2]]},{"id":2,"category_id":1,"type":"polyline","points":[[1,2],[5,6]]}]')" \
	'seg-coco --boxes polygon | jq -c "[.annotations[].segmentation]"'

# File names.
lying()
{
	printf '{"name":"%s",%s"attributes":{"image":{"url":"https://x.example/1.jpg","path":"some/where.jpg","width":4,"height":3}},' \
		"$1" "${2-}"
	printf '"label":{"attributes":{"annotations":[]}},"release":%s}\n' \
		"$release"
}
for by in 'name x/a.jpg' 'path some/where.jpg' 'uuid u-1.jpg'; do
	check "--file-name ${by% *}: ${by#* }" -o "${by#* }" \
		-i "$(lying x/a '"uuid":"u-1",')" \
		"seg-coco --file-name ${by% *} | jq -r '.images[].file_name'"
done
check 'an image without what it is to be called by fails' -s 1 \
	-E '*x: the image has no uuid to be called by*' -i "$(lying x)" \
	'seg-coco --file-name uuid > out'
check 'two samples of one name fail, and both are named (D21, D22)' -s 1 \
	-e 'seg-coco: <stdin>:3: a.jpg: a.jpg is the image of sample a already; --file-name uuid tells them apart' -o '["aa.jpg","a.jpg"]' \
	-i "$(lying aa; lying a; lying a.jpg)" \
	'set -o pipefail; seg-coco | jq -c "[.images[].file_name]"'
check '--file-name uuid tells them apart' -o '["u.jpg","v.jpg","w.jpg"]' \
	-i "$(lying a '"uuid":"u",'; lying a.jpg '"uuid":"v",'
	lying A.jpg '"uuid":"w",')" \
	'seg-coco --file-name uuid | jq -c "[.images[].file_name]"'

# Extras.
check 'metadata and image attributes are not in images' -o '[null,null]' \
	-i "$(record a '[]' '"metadata":{"scene":"s"},')" \
	'seg-coco | jq -c "[.images[0] | .metadata, .image_attributes]"'
check 'unless --image-extra (D41)' -o '[{"scene":"s"},{"wet":true}]' \
	-i "$(record a '[]' '"metadata":{"scene":"s"},')" \
	'seg-coco --image-extra |
	jq -c "[.images[0] | .metadata, .image_attributes]"'
check 'D41: iscrowd, attributes, score, uuid, status and url are carried' \
	-o '{"id":1,"image_id":1,"category_id":1,"bbox":[1,1,1,1],"area":1,"iscrowd":1,"score":0.5,"attributes":{"x":1},"segments_id":7}
{"id":1,"file_name":"a.png","width":4,"height":3,"uuid":"u","coco_url":"https://x.example/a.png","label_status":"LABELED"}' \
	-i '{"name":"a.png","uuid":"u","attributes":{"image":{"url":"https://x.example/a.png","width":4,"height":3}},"label":{"label_status":"LABELED","attributes":{"annotations":[{"id":7,"category_id":1,"bbox":[1,1,1,1],"area":1,"iscrowd":1,"score":0.5,"attributes":{"x":1}}]}},"release":'"$release"'}' \
	'seg-coco | grep -e bbox -e file_name'

# Frames.
frame()
{
	record "$1${2:+-${2//[^a-z]/}}/$3" "$4" "\"frame\":{\"sequence\":\"$1\",\"index\":$3$2},"
}
track()
{
	printf '{"id":%s,"category_id":1,"type":"bbox","points":[[1,2],[5,8]]%s}' \
		"$1" "${2-}"
}
front=',"sensor":"front"' rear=',"sensor":"rear"'
{
	frame s "$front" 0 "[$(track 1 ',"track_id":1'),$(track 2)]"
	frame s "$front" 1 "[$(track 2 ',"track_id":5')]"
	frame s "$rear" 0 "[$(track 3 ',"track_id":3')]"
	frame t '' 4 '[]'
	frame s "$front" 2 "[$(track 3 ',"track_id":0')]"
	record still.png "[$(track 4)]"
} > frames.ndjson
check 'frames have video_id and frame_id, and are videos' \
	-o '[[1,0],[1,1],[2,0],[3,4],[1,2],[null,null]]
[{"id":1,"name":"s","sensor":"front","length":3},{"id":2,"name":"s","sensor":"rear","length":1},{"id":3,"name":"t","length":1}]' \
	-I frames.ndjson \
	'seg-coco -q | tee frames.json |
	jq -c "[.images[] | [.video_id, .frame_id]], .videos"'
check 'tracks have instance_id, by id where there is no track_id' \
	-o '[[1,1],[2,2],[5,5],[3,3],[0,null],[null,null]]' \
	jq -c '[.annotations[] | [.track_id, .instance_id]]' frames.json
check 'one that is no number from 1 is counted' \
	-e 'seg-coco: annotations without instance_id, as their track is no number from 1: 1' \
	-I frames.ndjson 'seg-coco > out'
check 'no frames, no videos' -o false -i "$(record a '[]')" \
	'seg-coco | jq "has(\"videos\")"'
check 'a frame that fails is of no video' -s 1 -E '*s/0: *' -o '[]' \
	-i "$(frame s '' 0 "[$(track 1)]")" \
	'set -o pipefail; seg-coco --file-name path | jq -c .videos'
check 'frames of a sequence are samples of their own' -s 1 -o 2 \
	-E '*s/1: the sample is written already*' \
	-i "$(frame s '' 0 '[]'; frame s '' 1 '[]'; frame s '' 1 '[]')" \
	"set -o pipefail; sed 's/^{/{\"uuid\":\"u\",/' |
	seg-coco | jq '.images | length'"

done_testing
