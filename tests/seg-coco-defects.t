#!/usr/bin/env bash
# What the vendor's exporter gets wrong in COCO files, by the numbers of our
# list of its defects, and what we do.

. "${0%/*}/lib.sh"
need jq

bitmap b.png <<'END'
1 1 . 5
1 257 . 5
. 300 300 70000
END
categories='[{"id":1,"name":"a"},{"id":7,"name":"b"}]'
two='{"id":1,"category_id":1},{"id":300,"category_id":7}'
all="$two,{\"id\":5,\"category_id\":1},{\"id\":257,\"category_id\":1},{\"id\":70000,\"category_id\":7}"

# sample NAME ANNOTATIONS [MEMBERS]: as in a release.
sample()
{
	printf '{"name":"%s",%s"attributes":{"image":{"url":"https://x.example/%s"}},' \
		"$1" "${3-\"metadata\":{\},}" "$1"
	printf '"labels":{"ground-truth":{"label_status":"LABELED","attributes":{'
	printf '"annotations":[%s],"segmentation_bitmap":{"url":"https://x.example/b.png"}}}}}' \
		"$2"
}

# release SAMPLES [CATEGORIES] > r.json
release()
{
	printf '{"name":"v1","created_at":"2024","dataset":{"name":"ds","task_type":"segmentation-bitmap","task_attributes":{"categories":%s},"labelsets":[{"name":"ground-truth"}],"samples":[%s]}}\n' \
		"${2-$categories}" "$1" > r.json
}

# Records as they are with the bitmap at hand.
at_hand()
{
	sed 's,"segmentation_bitmap":{"url":"https://x.example/\([^"]*\)"},"segmentation_bitmap":{"path":"\1"},g'
}

# Says what out.json has: images, and annotations by their category's name.
told()
{
	jq -c '(.categories | map({key: "\(.id)", value: .name}) | from_entries)
		as $names | [.images[].file_name],
		[.annotations[] | $names["\(.category_id)"]]' out.json
}

# r.json as a COCO file, out.json, and what it has.
coco()
{
	seg-samples r.json | at_hand | seg-coco "$@" > out.json &&
		cococheck out.json && told
}

good='["s.png"]
["a","b","a","a","b"]'
sample=$(sample s.png "$all")
tasks="{\"task_type\":\"segmentation-bitmap\",\"attributes\":{\"categories\":$categories}}"
list="[{\"name\":\"ground-truth\",${tasks#\{}]"
object="{\"ground-truth\":$tasks}"
printf '%s' "{\"name\":\"v1\",\"tasks\":$list,\"samples\":[$sample]}" > r.json
check 'D1: a release of July 2020, all at its root' -o "$good" coco
printf '%s' "{\"name\":\"v1\",\"dataset\":{\"name\":\"ds\",\"tasks\":$list,\"samples\":[$sample]}}" > r.json
check 'D1: one of 2020 with its data set, tasks a list' -o "$good" coco
printf '%s' "{\"name\":\"v1\",\"dataset\":{\"name\":\"ds\",\"tasks\":$object,\"samples\":[$sample]}}" > r.json
check 'D1: or an object' -o "$good" coco
printf '%s' "{\"name\":\"v1\",\"dataset\":{\"name\":\"ds\",\"task_type\":\"segmentation-bitmap\",\"labelsets\":$object,\"samples\":[$sample]}}" > r.json
check 'D1: one of February 2021, labelsets an object' -o "$good" coco

release "$(sample s.png "$all" '')"
check 'D2: a sample without metadata' -o "$good" coco
release "{\"name\":\"x\",\"labels\":{}},$sample"
check 'D3: a sample without the labelset is left out, and counted' \
	-o "$good" coco

frame="{\"annotations\":[$two],\"segmentation_bitmap\":{\"url\":\"https://x.example/b.png\"}}"
image='{"image":{"url":"https://x.example/f.png"}}'
printf '%s' "{\"name\":\"v\",\"dataset\":{\"name\":\"d\",\"task_type\":\"image-segmentation-sequence\",\"task_attributes\":{\"categories\":$categories},\"labelsets\":[{\"name\":\"ground-truth\"}],\"samples\":[{\"name\":\"q\",\"attributes\":{\"frames\":[$image,$image]},\"labels\":{\"ground-truth\":{\"attributes\":{\"frames\":[$frame,$frame]}}}}]}}" > r.json
check 'D5: frames of a segmentation sequence are images' \
	-o '["q/000000.png","q/000001.png"]
["a","b","a","b"]' \
	'seg-samples r.json | seg-frames 2> err | at_hand |
	seg-coco -q --unlisted ignore > out.json && cococheck out.json && told'
printf '%s' "{\"name\":\"v\",\"dataset\":{\"name\":\"d\",\"task_type\":\"keypoints\",\"task_attributes\":{\"categories\":$categories},\"labelsets\":[{\"name\":\"ground-truth\"}],\"samples\":[{\"name\":\"k.png\",\"attributes\":{\"image\":{\"url\":\"https://x.example/k.png\",\"width\":9,\"height\":9}},\"labels\":{\"ground-truth\":{\"attributes\":{\"annotations\":[{\"id\":1,\"category_id\":1,\"type\":\"point\",\"points\":[[4,3]]}]}}}}]}}" > r.json
check 'D6: the task type keypoints is written' -o '[[4,3,2]]' \
	'coco > got && jq -c "[.annotations[].keypoints]" out.json'

release "$sample" '[{"id":1,"name":"a","color":[0.5,1.25,3]},{"id":7,"name":"b","has_instances":null}]'
check 'D7, D8: odd colours and has_instances null are written as they are' \
	-o '[[0.5,1.25,3],null,null]' \
	'coco > got && jq -c "[.categories[0].color,
		(.categories[1] | .color, .has_instances)]" out.json'
release "${sample/https:\/\/x.example\/s.png/s3:\/\/bucket\/s.png}"
check 'D9, D17: the size is the bitmap'"'"'s, and no image is asked for' \
	-o '[["s.png",4,3]]' 'coco --offline > got &&
	jq -c "[.images[] | [.file_name, .width, .height]]" out.json'
release "$(for name in img.v1.png img.v2.png x/1.png; do
	sample $name "$all"
	printf ,
done)$(sample y/1.png "$all")"
check 'D21, D22, D23: names that differ are images that differ' \
	-o '["img.v1.png","img.v2.png","x/1.png","y/1.png"]' \
	'coco > got && head -n 1 got'
release "$(sample ../a.png "$all"),$(sample /b.png "$all")"
check 'D24: no name leads out of a directory' -o true \
	'coco > got && jq "[.images[].file_name] |
	all(startswith(\"/\") or startswith(\"../\") | not)" out.json'
release "$sample"
sed -i 's,"v1","v/1",' r.json
check 'D25: a release may be called with a slash' -o '"v/1"' \
	'coco > got && jq .info.version out.json'

release "$sample"
check 'D27: id 257 is not id 1' -o '[[1,3],[257,1]]' \
	'coco > got && jq -c "[.annotations[] | [.segments_id, .area] |
	select(.[0] % 256 == 1)]" out.json'
release "$(sample s.png '')"
check 'D31: no annotations is a negative, and ids that none lists are said' \
	-o '["s.png"]
[]' -E '*s.png: 5 ids in the bitmap that no annotation lists: 1, 5, 257, *' coco
absent=$(sample m.png "$all") null=$(sample n.png "$all")
release "${null/\"https:\/\/x.example\/b.png\"/null},${absent/b.png\"\}/no.png\"\}},$sample"
check 'D40: a bitmap that has no URL or is not there fails its record alone' \
	-s 1 -o '["s.png"]' -E '*: n.png: *: m.png: *No such file*' \
	'set -o pipefail
	seg-samples r.json | at_hand | seg-coco | jq -c "[.images[].file_name]"'

seq 1 40000 | xargs -n 200 | bitmap crowd.png
listed=$(seq 40000 | sed 's/.*/{"id":&,"category_id":1}/' | paste -sd ,)
release "$(sample c.png "$listed")"
sed -i 's,b.png,crowd.png,' r.json
check 'D42: the cost is not instances times pixels' -o 40000 \
	'seg-samples r.json | at_hand | bounded 60 seg-coco |
	jq ".annotations | length"'
release "$(sample NAME "$all")"
line=$(seg-samples r.json | at_hand | seg-decode)
for n in 200 60000; do
	awk -v n=$n '{ parts = split($0, part, "NAME")
		for (i = 0; i < n; i++) {
			printf "%s", part[1]
			for (k = 2; k <= parts; k++)
				printf "%d%s", i, part[k]
			print "" } }' <<< "$line" > many.ndjson
	peak_of_three kb$n seg-coco -j1 many.ndjson > out.json
done
if [ -n "${SEGTOOLS_SANITIZED-}" ]; then
	skip 'D43: memory hardly grows' 'the sanitizer keeps what is freed'
else
	check 'D43: memory hardly grows with the records' \
		'test $(($(cat kb60000) - $(cat kb200))) -lt 4000'
fi

# A release is no tree in memory, and its labelsets need one run.
release "$(sample s.png "$all")"
jq '.dataset.labelsets += [{name: "model"}] |
	.dataset.samples[].labels |= (.model = .["ground-truth"] |
	.model.attributes.annotations |= .[:1])' r.json > two.json
check 'D4: all labelsets in one run' -o '5
1' 'seg-samples --all-labelsets two.json | at_hand |
	seg-coco -q --duplicates keep 2> messages | jq ". as \$all |
	.images[].id as \$id | [\$all.annotations[] |
	select(.image_id == \$id)] | length"'
for n in 100 20000; do
	{
		printf '{"name":"v1","dataset":{"name":"ds","task_type":"vector","task_attributes":{"categories":%s},"labelsets":[{"name":"ground-truth"}],"samples":[' \
			"$categories"
		awk -v n=$n 'BEGIN { for (i = 0; i < n; i++)
			printf "%s{\"name\":\"%d\",\"attributes\":{\"image\":{\"url\":\"u\"}},\"labels\":{\"ground-truth\":null}}", i ? "," : "", i }'
		printf ']}}\n'
	} > long.json
	peak_of_three "kb$n" seg-samples long.json > out.json
done
check 'D4: a release of any size is read through a window' \
	'test $(($(cat kb20000) - $(cat kb100))) -lt 4000'

# Images whose Exif turns them: what is drawn is drawn on what a viewer shows.
for i in 1 2 3 4 5 6 7 8; do
	perl -e 'print "\xff\xd8\xff\xe1", pack("n", 34), "Exif\0\0MM\0*",
		pack("NnnnNnnN", 8, 1, 0x112, 3, 1, shift, 0, 0), "\xff\xc0",
		pack("nCnnC", 11, 8, 16, 24, 1), "\1\x11\0\xff\xd9"' "$i" > "$i.jpg"
	cp "$i.jpg" "$i.before"
	printf '{"index":%d,"name":"%d.jpg","attributes":{"image":{"path":"%d.jpg"}},"label":{"attributes":{"annotations":[{"id":1,"category_id":1,"type":"bbox","points":[[1,2],[3,4]]}]}},"release":{"name":"v1","categories":%s}}\n' \
		"$i" "$i" "$i" "$categories"
done > exif.ndjson
check 'D28: width and height are those of the turned image' \
	-o '[[24,16],[24,16],[24,16],[24,16],[16,24],[16,24],[16,24],[16,24]]' \
	'seg-coco -q exif.ndjson | jq -c "[.images[] | [.width, .height]]"'
check 'D29: and images are placed as they came, for readers that turn them' -o '' \
	'seg-coco -q -t exif --link copy exif.ndjson
	for i in 1 2 3 4 5 6 7 8; do cmp exif/$i.jpg $i.before; done'

release "$(sample s.png '{"id":1,"category_id":256},{"id":300,"category_id":70000}')" \
	'[{"id":256,"name":"a"},{"id":70000,"name":"b"}]'
check 'D30: category ids of 256 and more are whole' -o '["s.png"]
["a","b"]
[256,70000]' 'coco 2> messages; jq -c "[.annotations[].category_id]" out.json'
release "$(sample s.png "$all")"
check 'D36: nothing is left to chance' -o '' \
	'for i in 1 2; do seg-samples r.json | at_hand |
		seg-coco -q --panoptic -t chance$i; done; diff -r chance1 chance2'
check 'D44: what is written is read again and counted by another one' \
	'for form in rle counts polygon; do
		seg-samples r.json | at_hand |
			seg-coco -q --segmentation $form > $form.json &&
			cococheck $form.json
	done'

done_testing
