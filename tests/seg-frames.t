#!/usr/bin/env bash
# seg-frames: sequences become records of single images, frame by frame.

. "${0%/*}/lib.sh"
need jq

release='"release":{"name":"v1","task_type":"%s","categories":[{"name":"cat","id":1}]}'
vector=${release/\%s/vector}
# record INDEX NAME TYPE ATTRIBUTES LABEL: prints one.
record()
{
	# shellcheck disable=SC2059
	printf '{"index":%s,"uuid":"u%s","name":"%s","attributes":%s,"metadata":{"n":1.50},"label":%s,'"$release"'}\n' \
		"$1" "$1" "$2" "$4" "$5" "$3"
}

two='{"frames":[{"name":"a.jpg","timestamp":"7","image":{"url":"http://x/a.jpg"}},{"image":{"url":"http://x/b.jpg"}}]}'
boxes='{"label_status":"REVIEWED","score":0.50,"attributes":{"format_version":"0.2","frames":[{"format_version":"0.1","annotations":[{"track_id":1,"category_id":1,"type":"bbox","points":[[1.0,2],[3,4e0]],"is_keyframe":true}]},{"timestamp":9,"annotations":[]}]}}'

# --- Shape

record 3 'v\u0069deo' image-vector-sequence "$two" "$boxes" > boxed
check 'a record for each frame, what is not changed as it came' -o \
'{"index":3,"uuid":"u3","name":"v\u0069deo/a.jpg","attributes":{"name":"a.jpg","timestamp":"7","image":{"url":"http://x/a.jpg"}},"metadata":{"n":1.50},"label":{"label_status":"REVIEWED","score":0.50,"attributes":{"format_version":"0.1","annotations":[{"track_id":1,"category_id":1,"type":"bbox","points":[[1.0,2],[3,4e0]],"is_keyframe":true}]}},"frame":{"sequence":"v\u0069deo","index":0,"name":"a.jpg","timestamp":"7"},'"$vector"'}
{"index":3,"uuid":"u3","name":"v\u0069deo/000001","attributes":{"image":{"url":"http://x/b.jpg"}},"metadata":{"n":1.50},"label":{"label_status":"REVIEWED","score":0.50,"attributes":{"format_version":"0.2","timestamp":9,"annotations":[]}},"frame":{"sequence":"v\u0069deo","index":1,"timestamp":9},'"$vector"'}' \
	seg-frames boxed
seg-frames boxed > frames
check 'frames are not taken apart again' -O frames seg-frames frames
check 'the release may stand anywhere' -o 1 \
	"jq -c '{release} + .' boxed | seg-frames |
	jq -c 'select(.frame.index == 1 and .release.task_type == \"vector\")' |
	wc -l"
check 'a sample without a name goes by its index' -o '3/a.jpg
3/000001' "jq -c 'del(.name)' boxed | seg-frames | jq -r .name"
check 'without a task type it is what it has' \
	-o '["video/a.jpg",null]
["video/000001",null]' \
	"jq -c 'del(.release.task_type)' boxed | seg-frames |
	jq -c '[.name, .release.task_type]'"

record 0 s image-segmentation-sequence "$two" '{"label_status":"LABELED","attributes":{"frames":[{"annotations":[{"id":1,"category_id":1}],"segmentation_bitmap":{"url":"http://x/1.png"}},{"annotations":[],"segmentation_bitmap":null}],"more":[1]}}' > maps
check 'a sequence of bitmaps' \
	-e "seg-frames: frames that their sequence's label leaves unlabelled: 1" \
	-o '["segmentation-bitmap",{"label_status":"LABELED","attributes":{"more":[1],"annotations":[{"id":1,"category_id":1}],"segmentation_bitmap":{"url":"http://x/1.png"}}}]
["segmentation-bitmap",null]' \
	"seg-frames maps | jq -c '[.release.task_type, .label]'"
sed 's/"annotations":\[\],/"annotations":[{"id":2,"category_id":1}],/' maps \
	> no-bitmap
check 'annotations without a bitmap are told of' -o null \
	-e 'seg-frames: no-bitmap:1: s: frame 1 has annotations and no bitmap: it is unlabelled' \
	"seg-frames -q no-bitmap | jq -c 'select(.frame.index == 1).label'"

# --- Labels that do not fit

record 0 s image-vector-sequence "$two" null > unlabelled
check 'frames of a sequence without a label have none' -o 'null
null' "seg-frames unlabelled | jq -c .label"
record 0 s image-vector-sequence "$two" '{"label_status":"SKIPPED","attributes":{}}' > skipped
check 'a skipped label says so on each frame' \
	-o '{"label_status":"SKIPPED","attributes":{}}
{"label_status":"SKIPPED","attributes":{}}' \
	"seg-frames skipped | jq -c .label"
record 0 s image-vector-sequence "$two" '{"attributes":{"frames":[{"annotations":[]}]}}' > short
check 'a label with too few frames' -o '[0,true]
[1,false]' -e 'seg-frames: short:1: s: label has 1 frame, the sample 2: the others are unlabelled' \
	"seg-frames -q short | jq -c '[.frame.index, .label != null]'"
record 0 s image-vector-sequence "$two" '{"attributes":{"frames":[{"annotations":[]},{"annotations":[]},{"annotations":[]}]}}' > long
check 'a label with too many' -o 2 \
	-e 'seg-frames: long:1: s: label has 3 frames, the sample 2: what is beyond is left out' \
	"seg-frames -q long | wc -l"
record 0 s image-vector-sequence "$two" '{"attributes":{"frames":[null,{"annotations":null}]}}' > nulls
check 'frames of a label that have nothing' -o 'null
null' "seg-frames -q nulls | jq -c .label"
record 0 s image-vector-sequence '{"image":{"url":"x"}}' null > none
check 'a sequence without frames fails' -s 1 \
	-e 'seg-frames: none:1: s: sequence has no list of frames' \
	-o '{"program":"seg-frames","message":"sequence has no list of frames"}' \
	"seg-frames none > out; status=\$?; jq -c .error out; exit \$status"
record 0 s image-vector-sequence '{"frames":[{"image":{"url":1e}}]}' null > bad
check 'what is no JSON inside fails' -s 1 \
	-e 'seg-frames: bad:1: s: not JSON inside: digit expected' \
	"seg-frames bad > /dev/null"
record 0 s image-vector-sequence '{"frames":[{},null]}' "$boxes" > imageless
check 'a frame may lack its image' -o '["s/000000",{}]
["s/000001",{}]' "seg-frames imageless | jq -c '[.name, .attributes]'"

# --- Names

# names NAME...: the names that frames with these get.
names()
{
	record 0 s image-vector-sequence \
		"$(printf '%s\n' "$@" | jq -cR '{name: .}' |
			jq -cs '{frames: .}')" null | seg-frames | jq -r .name
}
check 'a name may have folders, dots and letters of any kind' -o \
's/cam/1.v2
s/é "x".JPG' "names cam/1.v2 'é \"x\".JPG'"
numbers='seg-frames: <stdin>:1: s: frames share a name: they go by their numbers'
check 'frames of one name go by their numbers' -e "$numbers" -o 's/000000
s/000001' 'names a.jpg a.jpg'
check 'capitals do not tell them apart' -e "$numbers" -o 's/000000
s/000001' 'names a.jpg A.JPG'
check 'nor a number that is a name' -e "$numbers" -o 's/000000
s/000001' "names 000001 ''"
check 'an empty name is none' -o 's/x
s/000001' "names x ''"

# --- Sensors

sensors='{"sensors":[{"name":"front","task_type":"image-vector-sequence","attributes":{"mount":"top","frames":[{"image":{"url":"http://x/f0"}},{"image":{"url":"http://x/f1"}}]}},{"name":"lidar","task_type":"pointcloud-cuboid-sequence","attributes":{"frames":[{"pcd":{"url":"p"}}]}},{"name":"back","task_type":"image-vector-sequence","attributes":{"frames":[{"name":"b","image":{"url":"http://x/b0"}}]}}]}'
label='{"label_status":"LABELED","attributes":{"format_version":"0.2","sensors":[{"name":"back","task_type":"image-vector-sequence","attributes":[]},{"name":"front","task_type":"image-vector-sequence","attributes":{"frames":[{"annotations":[{"id":1,"track_id":1,"is_keyframe":false}]},{"annotations":[{"track_id":2,"is_keyframe":true}]}]}}]}}'
record 1 ride multisensor-sequence "$sensors" "$label" > drive
check "the cameras of a sample with sensors, each with its label" \
	-e "seg-frames: left out, sensors that are no cameras: 1
seg-frames: frames that their sequence's label leaves unlabelled: 1" -o \
'["ride/front/000000",{"sequence":"ride","index":0,"sensor":"front"},[1],{"mount":"top","image":{"url":"http://x/f0"}},"vector"]
["ride/front/000001",{"sequence":"ride","index":1,"sensor":"front"},[2],{"mount":"top","image":{"url":"http://x/f1"}},"vector"]
["ride/back/b",{"sequence":"ride","index":0,"name":"b","sensor":"back"},null,{"name":"b","image":{"url":"http://x/b0"}},"vector"]' \
	"seg-frames drive | jq -c '[.name, .frame, (.label | if . then
		[.attributes.annotations[].track_id] else null end), .attributes,
		.release.task_type]'"
check '--sensor' -o 'ride/back/b' \
	"seg-frames -q --sensor back drive | jq -r .name"
check '--sensor twice' -o '3' \
	"seg-frames -q --sensor back --sensor front drive | wc -l"
check '--sensor of which there is none, where others are' -o 1 \
	-e 'seg-frames: no record has a sensor called left' \
	'seg-frames -q --sensor back --sensor left drive | wc -l'
check '--sensor of which there is none, and so nothing' -s 2 \
	-e 'seg-frames: no record has a sensor called left' \
	seg-frames -q --sensor left drive
check 'a label for a sensor that the sample has not is said' \
	-e 'seg-frames: <stdin>:1: r: label has a sensor "rear", the sample none: it is left out
seg-frames: frames that their sequence'\''s label leaves unlabelled: 1
seg-frames: 1 record in, 1 record out, 0 failed' -i "$(record 1 r multisensor-sequence \
	'{"sensors":[{"name":"front","task_type":"image-vector-sequence","attributes":{"frames":[{"image":{"url":"u"}}]}}]}' \
	'{"attributes":{"sensors":[{"name":"rear","task_type":"image-vector-sequence","attributes":{"frames":[{"annotations":[]}]}}]}}')" \
	'seg-frames > out'
for empty in '{"frames":[]}' '{"sensors":[]}'; do
	type=${empty/\{\"frames*/image-vector-sequence}
	type=${type/\{\"sensors*/multisensor-sequence}
	what=${empty#??} && what=${what%%\"*}
	check "what has no $what is said" \
		-e "seg-frames: <stdin>:1: e: has no $what: nothing is made of it" \
		-i "$(record 1 e "$type" "$empty" null)" seg-frames -q
done
check '--sensor of a lidar has no frames' \
	-e 'seg-frames: left out, sensors that are no cameras: 1' \
	seg-frames --sensor lidar drive
jq -c 'del(.attributes.sensors[0].attributes)' drive > broken-sensor
check 'a camera without frames is told of' -o 1 \
	-e 'seg-frames: broken-sensor:1: ride: sensor "front" has no frames' \
	'seg-frames -q broken-sensor | wc -l'
jq -c '.attributes.sensors = 1' drive > no-sensors
check 'sensors that are no list fail' -s 1 \
	-e 'seg-frames: no-sensors:1: ride: sample has no list of sensors' \
	'seg-frames no-sensors > /dev/null'

check '--keyframes' -o ride/front/000001 \
	"seg-frames -q --keyframes drive | jq -r .name"
check '--keyframes of a sequence without a label' seg-frames --keyframes unlabelled

# --- Links

record 0 s image-vector-sequence "$two" '{"attributes":{"links":[{"from_id":1,"to_id":2,"attributes":{"a":1,"b":1},"frames":[{"attributes":{"b":2}},{"attributes":{"b":3}}]},{"from_id":1,"to_id":3,"attributes":{}}],"frames":[{"annotations":[{"id":1},{"track_id":2}]},{"annotations":[{"id":1},{"id":2},{"id":3}]}]}}' > links
check 'links are those of the frame, with what they have for it' -o \
'[{"from_id":1,"to_id":2,"attributes":{"a":1,"b":2}}]
[{"from_id":1,"to_id":2,"attributes":{"a":1,"b":3}},{"from_id":1,"to_id":3,"attributes":{}}]' \
	"seg-frames links | jq -c .label.attributes.links"

# --- What is no sequence

for type in segmentation-bitmap segmentation-bitmap-highres vector bboxes \
	keypoints ''; do
	record 0 a.jpg "$type" '{ "image" : {"url":"http://x/a.jpg"}}' null \
		> single
	check "a single image passes as it is: ${type:-no task type}" \
		-O single seg-frames --keyframes single
done
for type in pointcloud-segmentation pointcloud-cuboid-sequence \
	pointcloud-vector text-named-entities; do
	record 0 c "$type" '{"frames":[{"pcd":{"url":"p"}}]}' null > cloud
	check "$type passes and is counted" -O cloud \
		-e 'seg-frames: passed as they are, without an image to draw on: 1' \
		seg-frames cloud
done
check 'a record that failed before passes' -O failed \
	"sed 's/}\$/,\"error\":{\"program\":\"x\",\"message\":\"y\"}}/' boxed |
	tee failed | seg-frames"

# --- A long sequence

perl -e 'my $n = 10000;
	printf q({"index":0,"name":"s","attributes":{"frames":[%s]},),
		join ",", map qq({"image":{"url":"http://x/$_"}}), 1..$n;
	printf q("label":{"attributes":{"frames":[%s]}},),
		join ",", map qq({"annotations":[{"id":$_}]}), 1..$n;
	printf qq("release":{"task_type":"image-vector-sequence","categories":[%s]}}\n),
		join ",", map qq({"id":$_,"name":"a category"}), 1..40' > film
check 'a long sequence, in time that grows with its length' -o 10000 \
	'bounded 20 peak kb seg-frames film | wc -l'
if [ -n "${SEGTOOLS_SANITIZED-}" ]; then
	skip 'one frame at a time is in memory' 'the sanitizer needs more'
else
	ok 'one frame at a time is in memory' awk '{ exit $1 > 12000 }' kb
fi

# --- Real data

if [ -d "${DATA:-/none}" ]; then
	serve "$DATA"
	sed "s,http://127.0.0.1:PORT,$URL,g" \
		"$DATA/segmentation-sequence/release.json" > release.json
	jq -c '.frames[] | .sequence as $s | .frame as $f | .segments |
		to_entries[] | [$s, $f, (.key | tonumber), .value]' \
		"$DATA/segmentation-sequence/expected-areas.json" | sort > areas
	check 'D5: the frames of a segmentation sequence are decoded' -O areas \
		"seg-samples release.json | seg-frames -q | seg-decode | jq -c '
		select(.label) | .frame as \$f | .label.attributes.annotations[] |
		select(.area) | [\$f.sequence, \$f.name // \$f.index, .id, .area]' |
		sort"
	check 'seg-filter and seg-coco take them from there' -o 8 \
		"seg-samples release.json | seg-frames -q |
		seg-filter --status reviewed | seg-coco -q | jq '.images | length'"
	seg-samples -q release.json | seg-frames -q 2> messages |
		seg-coco -q > film.json
	grep '^."car-shadow"' areas > shadow
	check 'a sequence is a video, with the areas of its frames and one track' \
		-O shadow 'cococheck film.json
		jq -c "(.videos | map({key: \"\(.id)\", value: .name}) |
			from_entries) as \$videos |
		(.images | map({key: \"\(.id)\", value: .}) | from_entries) as
			\$images | .annotations[] |
		\$images[\"\(.image_id)\"] as \$image |
		[\$videos[\"\(\$image.video_id)\"],
			(\$image.file_name | split(\"/\") | last), .instance_id,
			.area] | select(.[0] == \"car-shadow\")" film.json | sort'
	check 'a video is as long as it has images, in their order' -o true \
		'jq ". as \$all | [.videos[] | .id as \$id | .length as \$n |
		[\$all.images[] | select(.video_id == \$id).frame_id] |
		. == sort and length == \$n] | length > 1 and all" film.json'
	awk -F, '{ print $2 "," $1 "," $3 "," $4 "," $5 "," $6 }' \
		"$DATA/vector-sequence/expected-mot15-TUD-Campus-gt.txt" |
		sort > boxes.mot
	check 'boxes of a track are those of its frames' -O boxes.mot \
		"seg-samples '$DATA/vector-sequence/release.json' | seg-frames |
		jq -r 'select(.frame.sequence == \"TUD-Campus\") | .frame as \$f |
		.label.attributes.annotations[] | .points as [[\$x, \$y], [\$u, \$v]] |
		[.track_id, \$f.index + 1, \$x, \$y, \$u - \$x, \$v - \$y] |
		map(. * 1000 | round / 1000) |
		join(\",\")' | sort"
	check 'D45: a sequence without a label is no crash' -o 3 \
		"seg-samples '$DATA/vector-sequence/release.json' | seg-frames |
		jq -c 'select(.label == null)' | wc -l"
else
	skip 'real sequences' 'no real data here'
fi

done_testing
