#!/usr/bin/env bash
# seg-coco: records as a COCO instance file.

. "${0%/*}/lib.sh"
need jq

# release NAME CATEGORIES: what records carry of their release.
release()
{
	printf '{"name":"%s","created_at":"2024-06-07","dataset":"donuts",' "$1"
	printf '"categories":%s}' "$2"
}
categories='[{"name":"donut","id":1,"color":[250,153,189],"has_instances":true,"extra":{"a":[1.50]}},{"id":4,"name":"mug","supercategory":"ware"}]'
v1=$(release v1 "$categories")

# decoded NAME ANNOTATIONS [RELEASE]: a record that seg-decode has seen.
decoded()
{
	printf '{"name":"%s","uuid":"u-%s","attributes":{"image":{' "$1" "$1"
	printf '"url":"https://x.example/%s","width":40,"height":30}},' "$1"
	printf '"label":{"label_status":"REVIEWED","attributes":{'
	printf '"annotations":%s}},"release":%s}\n' "$2" "${3-$v1}"
}

# fresh NAME ANNOTATIONS BITMAP: one that it has not, with the bitmap's path.
fresh()
{
	printf '{"name":"%s","attributes":{"image":{"url":"https://x.example/%s"}},' \
		"$1" "$1"
	printf '"label":{"label_status":"LABELED","attributes":{'
	printf '"annotations":%s,"segmentation_bitmap":{"path":"%s"}}},' "$2" "$3"
	printf '"release":%s}\n' "$v1"
}

# box ID CATEGORY [MORE]: an annotation.
box()
{
	printf '{"id":%s,"category_id":%s,"bbox":[1,2,3,4],"area":12,"iscrowd":0%s}' \
		"$1" "$2" "${3-}"
}

# Fails unless stdin is a COCO file with all that its readers count on.
sound()
{
	jq -e '(.images | map(.id)) as $images |
		(.categories | map(.id)) as $categories |
		(.info | type == "object") and (.licenses == []) and
		($images == [range(1; ($images | length) + 1)]) and
		(.annotations | map(.id)) ==
			[range(1; (.annotations | length) + 1)] and
		($categories | unique | length) == ($categories | length) and
		all(.images[]; .width > 0 and .height > 0 and
			(.file_name | type == "string" and . != "")) and
		all(.annotations[]; .image_id as $i | .category_id as $c |
			($images | index($i)) != null and
			($categories | index($c)) != null and
			.area > 0 and (.bbox | length == 4 and .[2] > 0 and
			.[3] > 0) and (.iscrowd == 0 or .iscrowd == 1) and
			.segmentation != []) and
		all(.categories[]; (.name | type == "string") and
			(.supercategory | type == "string"))' > sound.out
}

bitmap bitmap.png <<'END'
1 1 . 5
1 . . 5
. 300 300 300
END

# A file as a whole.
{
	decoded 'a b.jpg' "[$(box 9 4 ',"segmentation":[[1,2,4,2,4,6]],"track_id":9,"attributes":{"glaze":"\u00e9"},"index":3'),$(box 3 1 ',"score":0.50,"attributes":null')]"
	echo '{"name":"b.jpg","label":null,"release":{}}'
	decoded c.jpg '[]'
	fresh d.jpg '[{"id":5,"category_id":1,"attributes":{"is_crowd":"1"}},{"id":2,"category_id":1}]' bitmap.png
} > all.ndjson
cat > all.json <<'END'
{"info":{"description":"donuts","version":"v1","date_created":"2024-06-07"},
"licenses":[],
"annotations":[
{"id":1,"image_id":1,"category_id":4,"bbox":[1,2,3,4],"area":12,"segmentation":[[1,2,4,2,4,6]],"iscrowd":0,"track_id":9,"attributes":{"glaze":"\u00e9"},"segments_id":9},
{"id":2,"image_id":1,"category_id":1,"bbox":[1,2,3,4],"area":12,"iscrowd":0,"score":0.50,"segments_id":3},
{"id":3,"image_id":3,"category_id":1,"bbox":[3,0,1,2],"area":2,"segmentation":{"size":[3,4],"counts":"921"},"iscrowd":1,"attributes":{"is_crowd":"1"},"segments_id":5}
],
"images":[
{"id":1,"file_name":"a b.jpg","width":40,"height":30,"uuid":"u-a b.jpg","coco_url":"https://x.example/a b.jpg","label_status":"REVIEWED"},
{"id":2,"file_name":"c.jpg","width":40,"height":30,"uuid":"u-c.jpg","coco_url":"https://x.example/c.jpg","label_status":"REVIEWED"},
{"id":3,"file_name":"d.jpg","width":4,"height":3,"coco_url":"https://x.example/d.jpg","label_status":"LABELED"}
],
"categories":[
{"id":1,"name":"donut","color":[250,153,189],"has_instances":true,"extra":{"a":[1.50]},"supercategory":""},
{"id":4,"name":"mug","supercategory":"ware"}
]}
END
check 'records of every stage become a COCO file' -O all.json -I all.ndjson \
	-e 'seg-coco: <stdin>:4: d.jpg: 1 annotation without a pixel: 2
seg-coco: <stdin>:4: d.jpg: 2 ids in the bitmap that no annotation lists: 1, 300 (6 pixels)' \
	seg-coco
check 'which is sound' 'sound < all.json'
check '-q does not count' -O all.json -I all.ndjson \
	seg-coco -q --unlisted ignore <(grep -v '"id":2,' all.ndjson) \
	<(grep '"id":2,' all.ndjson | sed 's/,{"id":2,[^}]*}//')
check 'no records, an empty file' -o '{"info":{"description":"","version":""},
"licenses":[],
"annotations":[
],
"images":[
],
"categories":[
]}' seg-coco
check 'which is sound, too' 'seg-coco | sound'
check 'unlabelled ones alone are counted' \
	-e 'seg-coco: SKIPPED labels: images 0 (without annotations 0), left out 1; seg-filter --status chooses
seg-coco: PRELABELED labels: images 0 (without annotations 0), left out 1; seg-filter --status chooses' \
	-i '{"label":null,"release":{}}
{"label":{"label_status":"SKIPPED","attributes":{}},"release":{}}
{"label":{"label_status":"PRELABELED","attributes":null},"release":{}}
{"name":"x","release":{}}' 'seg-coco | sound'

# The demo, against naive counts and the bitmaps.
demo()
{
	(cd "$DEMO" && seg-samples release.json | seg-coco --offline -q "$@" \
		2> /dev/null)
}
for form in rle counts polygon; do
	demo --segmentation $form > $form.json
	ok "$form: sound" sound < $form.json
	ok "$form: by the rules" cococheck $form.json
	coco_masks < $form.json | awk -F '\t' -v OFS='\t' '{ $2 = ""; print }' |
		sort > $form.masks
	ok "$form: every mask is the bitmap's" diff $form.masks <(
		jq -r '.images[].file_name' $form.json |
			while IFS= read -r name; do
			bitmap_masks "$name" "$DEMO/segments/labels/$name.png"
		done | grep -v '^uninvited.png	9	' |
			awk -F '\t' -v OFS='\t' '{ $2 = ""; print }' | sort)
done
ok 'there are some' test "$(wc -l < rle.masks)" -gt 20
check 'file names are those in DIR/images' \
	-o "$(cd "$DEMO/segments/images" && find . -type f | sed 's,^./,,' |
		grep -v -e '^new.png' -e '^dark.png' | sort)" \
	"jq -r '.images[].file_name' rle.json | sort"
demo --segmentation none > none.json
check 'none: boxes alone' -o '[null]' \
	"jq -c '[.annotations[].segmentation] | unique' none.json"
for px in 1 3; do
	demo --simplify $px --report-iou > thin.json
	ok "--simplify $px: sound" sound < thin.json
	check "--report-iou goes into the file" -o true \
		"jq 'all(.annotations[]; .iou > 0.8 and .iou <= 1)' thin.json"
done
check '--min-area leaves out annotations' -o 'true true' \
	"demo --min-area 4000 > large.json
	jq -r '\"\(all(.annotations[]; .area >= 4000)) \(.annotations != [])\"' \
	large.json"
check '--crowd-attribute and --unlisted reach the decoder' -s 1 \
	-E '*: d.jpg: 2 ids in the bitmap*' -I all.ndjson \
	'seg-coco --crowd-attribute x --unlisted fail > out'

# Records that were decoded before.
(cd "$DEMO" && seg-samples release.json | seg-decode --offline) \
	> decoded.ndjson 2> decode.err
check 'decoded records give the same file' -O rle.json -I decoded.ndjson \
	'seg-coco -q --offline -d "$DEMO/segments"'
check 'also without the bitmaps' -O rle.json -I decoded.ndjson \
	seg-coco -q --offline
check 'another form needs them' -O counts.json -I decoded.ndjson \
	'seg-coco -q --offline -d "$DEMO/segments" --segmentation counts \
	2> /dev/null'
check 'seg-coco twice gives the same bytes' \
	'demo | cmp - rle.json'
for jobs in 1 2 5; do
	check "-j $jobs gives the same bytes" "demo -j $jobs | cmp - rle.json"
done
check 'a model that left an area has not decoded' \
	-o '{"id":1,"image_id":1,"category_id":1,"bbox":[3,0,1,2],"area":2,"iscrowd":0,"score":1,"segments_id":5}' \
	-i "$(fresh a.jpg '[{"id":5,"category_id":1,"area":9,"bbox":[0,0,9,9],"isthing":1,"score":1}]' bitmap.png)" \
	'seg-coco -q --unlisted ignore --segmentation none | grep bbox'

# Categories.
zero=$(release v1 '[{"name":"zero","id":0},{"name":"minus","id":-3},{"name":"big","id":9007199254740993,"original_id":"x"}]')
ids()
{
	decoded a.jpg "[$(box 1 0),$(box 2 -3),$(box 3 9007199254740993)]" \
		"$zero" | seg-coco "$@" > ids.json
	sound < ids.json && grep -o -e '"category_id":[^,]*' \
		-e '^{"id":[^,]*,"name":.*' ids.json
}
check 'category ids are kept, 0 too' -o '"category_id":0
"category_id":-3
"category_id":9007199254740993
{"id":0,"name":"zero","supercategory":""},
{"id":-3,"name":"minus","supercategory":""},
{"id":9007199254740993,"name":"big","original_id":"x","supercategory":""}' \
	ids
check '--category-ids keep says so' 'ids > a; ids --category-ids keep | cmp - a'
check '--category-ids contiguous counts from 1 and remembers' \
	-o '"category_id":1
"category_id":2
"category_id":3
{"id":1,"name":"zero","supercategory":"","original_id":0},
{"id":2,"name":"minus","supercategory":"","original_id":-3},
{"id":3,"name":"big","supercategory":"","original_id":9007199254740993}' \
	ids --category-ids contiguous
check 'a supercategory that is no text becomes one' -o '"ware"
""' "decoded a.jpg '[]' '$(release v '[{"id":1,"name":"a","supercategory":"ware"},{"id":2,"name":"b","supercategory":null}]')' |
	seg-coco | jq '.categories[].supercategory'"
check 'an annotation of no category is named, left out and counted' \
	-E 'seg-coco: <stdin>:1: a.jpg: annotation 2 (no. 2): category_id 3 is not among the release'"'"'s: it is left out
seg-coco: 2 records in, 2 images, 2 annotations out, 0 failed; left out: annotations of no category 1' \
	-o '[[1,1],[2,1]]' -i "$(decoded a.jpg "[$(box 1 1),$(box 2 3)]"
	decoded b.jpg "[$(box 1 1)]")" \
	'seg-coco -o out && sound < out &&
	jq -c "[.annotations[] | [.image_id, .category_id]]" out'
check 'so is one whose category_id is no integer' -o 0 \
	-E '*a.jpg: annotation 1 (no. 1) has no integer category_id: it is left out
seg-coco: * in, *annotations of no category 1' \
	-i "$(decoded a.jpg "[$(box 1 '"one"')]")" \
	'seg-coco -o out && jq ".annotations | length" out'
check 'where points are grouped, too' -o '[[1,1]]' \
	-E '*annotation 2 (no. 2): category_id 3 is not*
seg-coco: * in, *annotations of no category 1' \
	-i "$(decoded a.jpg "[$(box 1 1),$(box 2 3)]")" \
	'seg-coco -o out --group-by box &&
	jq -c "[.annotations[] | [.image_id, .category_id]]" out'
check 'but one that spells an integer is it' -o 1 \
	-i "$(decoded a.jpg "[$(box 1 '"1"')]")" \
	'seg-coco | jq .annotations[].category_id'
two=$(release v2 '[{"name":"mug","id":4},{"name":"plate","id":2}]')
check 'several releases: their categories are united' -o '[1,4,2]
["donut","mug","plate"]
["v1"]' -i "$(decoded a.jpg "[$(box 1 1)]"
	decoded b.jpg "[$(box 1 2)]" "$two"
	decoded c.jpg "[$(box 1 4)]")" \
	'seg-coco > two.json; sound < two.json; jq -c "
	(.categories | map(.id)), (.categories | map(.name)), [.info.version]
	" two.json'
check 'and must not contradict each other' -s 1 \
	-E '*: b.jpg: category 4 has two names*' \
	-i "$(decoded a.jpg "[$(box 1 1)]"
	decoded b.jpg "[$(box 1 4)]" "$(release v2 '[{"name":"cup","id":4}]')")" \
	'seg-coco > out'
check 'a release without categories is fine for negatives' \
	-o '[]' -i "$(decoded a.jpg '[]' '{"name":"v"}')" \
	'seg-coco | jq -c .categories'
for wrong in '[{"id":1}]' '[{"name":"a"}]' '[{"id":"1","name":"a"}]' \
	'[{"id":1,"name":7}]' '{"id":1}' '[{"id":1,"name":"a"},{"id":1,"name":"b"}]'; do
	check "categories $wrong fail" -s 1 -E '*a.jpg: *categor*' \
		-i "$(decoded a.jpg '[]' "$(release v "$wrong")")" \
		'seg-coco > out'
done
check 'a thousand categories are found' -o 1000 \
	-i "$(decoded a.jpg "[$(for i in $(seq 1000); do
		box "$i" "$(((i * 7919) % 1009))"; [ "$i" = 1000 ] || printf ,
	done)]" "$(release v "[$(for i in $(seq 1000); do
		printf '{"id":%s,"name":"c%s"}' "$(((i * 7919) % 1009))" "$i"
		[ "$i" = 1000 ] || printf ,
	done)]")")" "seg-coco | tee c.json | sound && jq '[.annotations, .categories] |
	transpose | map(select(.[0].category_id == .[1].id)) | length' c.json"

# Points.
drawn='{"name":"p.png","attributes":{"image":{"width":9,"height":9}},"label":{"attributes":{"annotations":[{"id":1,"category_id":4,"type":"point","points":[[7.5,2]]},{"id":2,"category_id":1,"type":"bbox","points":[[1,1],[3,4]],"keypoints":[[0]]}]}},"release":'"$v1"'}'
check 'points are keypoints, of categories that have one' \
	-o '{"id":1,"image_id":1,"category_id":4,"bbox":[7,2,1,1],"area":1,"iscrowd":0,"keypoints":[7.5,2,2],"num_keypoints":1,"segments_id":1},
{"id":2,"image_id":1,"category_id":1,"bbox":[1,1,2,3],"area":6,"iscrowd":0,"segments_id":2}
{"id":1,"name":"donut","color":[250,153,189],"has_instances":true,"extra":{"a":[1.50]},"supercategory":""},
{"id":4,"name":"mug","supercategory":"ware","keypoints":["mug"],"skeleton":[]}' \
	-i "$drawn" "seg-coco | grep -e bbox -e '\"name\"'"
check 'each once, whatever the release says of them' -o 1 \
	-i "${drawn//\"ware\"/\"ware\",\"keypoints\":[1],\"skeleton\":[2]}" \
	"seg-coco | grep -o '\"keypoints\":\[\"mug\"\],\"skeleton\":\[\]' | wc -l"

# Images.
named()
{
	printf '{"name":%s,"attributes":{"image":%s},"label":{"attributes":{"annotations":[]}},"release":{"name":"v"}}\n' \
		"$1" "{$2\"width\":4,\"height\":3}"
}
names()
{
	seg-coco "$@" > names.json && sound < names.json &&
		jq -r '.images[].file_name' names.json
}
check 'names: the ending is that of the URL, names are made safe' \
	-o 'a.jpg
b.png
b.v2.jpg
x/c.jpg
.%2E/x%3Aé
plain
no path.jpg
7' -i "$(named '"a.jpg"' '"url":"https://x/1.jpg",'
	named '"b"' '"url":"https://x/1.png?a=b",'
	named '"b.v2"' '"url":"https://x/1.jpg",'
	named '"x/c.jpg"' '"url":"https://x/1.jpg",'
	named '"../x:\u00e9"' '"url":null,'
	named '"plain"' ''
	named '"no path"' '"path":"","url":"https://x/1.jpg",'
	printf '{"index":7,"name":"7","attributes":{"image":{"url":"","width":1,"height":1}},"label":{"attributes":{"annotations":[]}},"release":{}}')" \
	names
for names in 'A.jpg a.jpg' 'a.jpg A.jpg' a.jpg A.jpg; do
	check "a name is the same whatever else there is: $names" \
		-o "${names// /
}" -i "$(for name in $names; do
			named "\"$name\"" "\"url\":\"https://x/$name\","
		done)" names
done
for path in '' '"path":"my/dir/images/x/a.jpg",' '"path":"/b",'; do
	check "and wherever it was fetched: $path" -o 'x/a.jpg' \
		-i "$(named '"x/a"' '"url":"https://x/a.jpg",'"$path")" \
		names -d my/dir/
done
check 'an image without a URL is where it lies' -o '/photos/a b.jpg
b.jpg' -i "$(named '"x"' '"path":"/photos/a b.jpg",'
	named '"b"' '"path":"b.jpg",')" names
for size in '' '"width":0,"height":3,' '"width":4,' '"width":4,"height":"3",'; do
	image=${size%,}
	check "an image of size {$image} fails" -s 1 -E '*a: *' \
		-i "{\"name\":\"a\",\"attributes\":{\"image\":{$image}},\"label\":{\"attributes\":{\"annotations\":[]}},\"release\":{}}" \
		'seg-coco > out'
done

# Failures.
failed='{"name":"f","error":{"program":"seg-fetch","message":"404"},"release":{}}'
whole=$(decoded a.jpg "[$(box 1 1)]")
printf '%s\n' "$whole" "$failed" "$(decoded b.jpg "[$(box 1 1)]")" > some.ndjson
left='seg-coco: 3 records in, 2 images, 2 annotations out, 0 failed, 1 failed before'
check 'a record with an error is left out, and ends in 1' -s 1 -e "$left" \
	-o '2 2' -I some.ndjson \
	'set -o pipefail
	seg-coco | tee out | jq -r "\"\(.images | length) \(.annotations | length)\""'
echo old > old.json
check '-o then writes nothing' -s 1 -e "seg-coco: old.json: not written; --partial would
$left" \
	-I some.ndjson seg-coco -o old.json
check 'what was there stays' -o old cat old.json
check 'unless --partial' -s 1 -e "$left" -I some.ndjson \
	seg-coco -o old.json --partial
check 'which writes what stdout would have' cmp old.json out
check 'an undecodable one is such a record' -s 1 \
	-E "*: a.jpg: bitmap: no.png: No such file or directory
seg-coco: new.json: not written; --partial would" \
	-i "$(fresh a.jpg '[]' no.png)" seg-coco -o new.json
check 'so is one without a release' -s 1 -E '*a: the record has no release*' \
	-i '{"index":0,"name":"a","attributes":{"image":{"width":1,"height":1}},"label":{"attributes":{"annotations":[]}}}' \
	'seg-coco > out'
check 'a broken line ends in 2' -s 2 -E '*:2: byte 1 of the line: *' \
	-o 1 -i "$whole
hello" 'set -o pipefail; seg-coco -q | jq ".images | length"'
check '-o then writes nothing' -s 2 -E '*new.json: not written; --partial would' \
	-i "$whole
hello" seg-coco -q -o new.json
check 'unless --partial' -s 2 -E '*:2: byte 1 of the line*' -i "$whole
hello" 'seg-coco -q -o part.json --partial; e=$?; sound < part.json; exit $e'
check 'a release cut short shows at the end of the pipe' -s 1 \
	-E "seg-samples: *
seg-coco: new.json: not written; --partial would" \
	'head -c 9000 "$DEMO/release.json" | seg-samples |
	seg-coco --offline -d "$DEMO/segments" -o new.json'
ok 'nothing was left by all of these' test ! -e new.json
check '--partial needs a file' -s 2 \
	-E 'seg-coco: --partial goes with -o or -t
usage: seg-coco *' seg-coco --partial

# Output.
mkdir dir
check '-o writes what stdout would' -I decoded.ndjson \
	'seg-coco -q --offline -o dir/a.json && cmp dir/a.json rle.json'
check '--output is -o' -I decoded.ndjson \
	'seg-coco -q --offline --output dir/a.json && cmp dir/a.json rle.json'
leaves 'and nothing else' dir a.json
mkfifo fifo
seg-coco -q --duplicates keep -o dir/b.json < fifo 2> killed.err &
killed=$!
exec 9> fifo
for _ in $(seq 1 2000); do cat decoded.ndjson; done >&9
{ kill -9 $killed; wait $killed; } 2> killed.err
exec 9>&-
leaves 'a run that is killed leaves nothing' dir a.json
check 'a file that grows too large leaves nothing' \
	'(ulimit -f 8; for i in 1 2 3 4 5 6 7 8 9; do cat decoded.ndjson; done |
	exec seg-coco -q --duplicates keep --offline -o dir/c.json) 2> err; test $? -gt 1'
leaves 'so it is' dir a.json
check 'a full disk ends in 2' -s 2 \
	-e 'seg-coco: /dev/full: No space left on device' \
	-I decoded.ndjson seg-coco -q -o /dev/full
check 'stdout on a full disk does, too' -s 2 \
	-e 'seg-coco: <stdout>: No space left on device' \
	-I decoded.ndjson 'seg-coco -q > /dev/full'
check 'a closed stdout ends in 2' -s 2 -E 'seg-coco: <stdout>: *' \
	-I decoded.ndjson 'seg-coco -q >&-'
check 'a directory that is not there ends in 2' -s 2 \
	-e 'seg-coco: no/a.json: No such file or directory' \
	-I decoded.ndjson seg-coco -o no/a.json
check 'so does one for temporary files' -s 2 -E 'seg-coco: *No such file*' \
	-I decoded.ndjson env TMPDIR="$PWD/no" seg-coco
check 'a reader that goes away ends it' -o '141 0' \
	'for i in 1 2 3 4 5 6 7 8; do cat decoded.ndjson; done > many.ndjson
	for i in $(seq 200); do cat many.ndjson; done |
	seg-coco -q --duplicates keep 2> /dev/null | true
	set -- "${PIPESTATUS[@]}"; echo "$2 $3"'

# Streams.
check 'a last line without newline is a record' -o 1 \
	"printf %s '$whole' | seg-coco | jq '.images | length'"
check 'files are read one after the other, - is stdin' -o 3 -i "$whole" \
	'echo "$whole" > one.ndjson
	seg-coco --duplicates keep -q one.ndjson - one.ndjson | jq ".images | length"'
check 'a missing file ends in 2' -s 2 \
	-E 'seg-coco: no.ndjson: No such file or directory' \
	'seg-coco no.ndjson > out'
check '--max-record refuses longer lines' -s 2 -E 'seg-coco: *' \
	-I decoded.ndjson 'seg-coco --max-record 1k > out'
for option in --no '--category-ids' '--category-ids random' 'x --output'; do
	check "$option is wrong usage" -s 2 -E 'seg-coco: *
usage: seg-coco *' "seg-coco $option"
done
check 'a label that is not JSON fails' -s 1 -E '*: a.jpg: not JSON inside*' \
	-i "$(decoded a.jpg '[tru]')" 'seg-coco > out'
check 'a uuid that is no text is left out' -o null \
	-i "$(decoded a.jpg '[]' | sed 's/"u-a.jpg"/{"x":[tru]}/')" \
	"seg-coco | jq '.images[].uuid'"
check 'geometry that is none is left out' \
	-o 0 \
	-i "$(decoded a.jpg '[{"category_id":1,"iscrowd":0,"bbox":null,"area":1},{"category_id":1,"iscrowd":0,"bbox":[1,1,1,1],"area":"1"},{"category_id":1,"iscrowd":null,"bbox":[1,1,1,1],"area":1}]')" \
	'seg-coco | jq ".annotations | length"'

# The network.
mkdir web
cp bitmap.png web/
serve web
check 'a bitmap that is not here is fetched' -o '[5,1,2,1,2,1]' \
	-i "$(fresh a.jpg '[{"id":300,"category_id":1}]' bitmap.png |
	sed "s,\"path\":\",\"url\":\"$URL/,")" \
	'seg-coco --unlisted ignore --segmentation counts |
	jq -c ".annotations[].segmentation.counts"'
ok 'and not kept' test ! -e segments
check '--offline asks nobody' -s 1 -E '*not fetched yet, and --offline*' \
	-i "$(fresh a.jpg '[]' bitmap.png | sed "s,\"path\":\",\"url\":\"$URL/,")" \
	'seg-coco --offline > out'
check 'so it was asked once' -o 'GET /bitmap.png 200' requests

# Where -o leads.
seg-samples "$DEMO/release.json" 2> /dev/null | head -n 2 |
	seg-decode -d "$DEMO/segments" > two 2> /dev/null
seg-coco -q two > two.json
check '-o - is standard output' -O two.json seg-coco -q -o - two
check '-o /dev/stdout writes on what is open' -o 'first' \
	'{ echo first && seg-coco -q -o /dev/stdout two; } > both
	cmp <(tail -n +2 both) two.json; head -n 1 both'
ln -s later link.json
ok '-o on a link whose target is not there makes the target' eval \
	'seg-coco -q -o link.json two && test -L link.json &&
	cmp -s later two.json'
: > private.json
chmod 600 private.json
check '-o keeps the mode of what was there' -o 600 \
	'seg-coco -q -o private.json two && stat -c %a private.json'
cp two same
cp "$DEMO/release.json" release.json
check '-o that is a release is refused, wherever the records come from' -s 2 \
	-E '*-o release.json is a release, which would be lost*' \
	"seg-samples -q release.json | seg-coco -o release.json"
ok 'and stays as it was' cmp release.json "$DEMO/release.json"
check '-o that is an input is refused' -s 2 -E '*-o same is the input, too*' \
	seg-coco -q -o same two same
check 'that is standard input, too' -s 2 -E '*-o same is the input, too*' \
	'seg-coco -q -o same < same'
check 'among other operands, too' -s 2 -E '*-o same is the input, too*' \
	'seg-coco -q -o same two - < same'
ok 'and it is as it was' cmp two same
check '-o that is records is refused, wherever they come from' -s 2 \
	-E '*-o same is a stream of records, which would be lost*' \
	'cat same | seg-coco -q -o same'
ok 'and they are as they were' cmp two same
seg-samples --info release.json > info
check '-o that --release names is refused' -s 2 -E '*-o info is the input, too*' \
	seg-coco -q -o info --release info two

# What was spooled cannot be read back, or not be kept.
if ! strace -o /dev/null true 2> /dev/null; then
	skip 'a temporary file that cannot be read' 'strace does not work here'
	done_testing
fi
# Leaks cannot be looked for in what is traced.
export ASAN_OPTIONS=detect_leaks=0:${ASAN_OPTIONS-}
seg-samples -q "$DEMO/release.json" | head -n 3 > three
echo old > kept.json
for options in '' --partial; do
	out='-o kept.json'
	coco="seg-coco -j1 --offline -d '$DEMO/segments' $options"
	# The last time that something is read is from there.
	eval "strace -f -o strace.out -e trace=pread64 \
		$coco ${out/kept/other} three" > out 2>&1
	n=$(grep -c 'pread64(.*) *= [0-9]' strace.out)
	rm -rf tree
	check "a temporary file that cannot be read $options" -s 2 \
		-E '*seg-coco: temporary file: Input/output error*' \
		"strace -f -o strace.out -e trace=pread64 \
		-e inject=pread64:error=EIO:when=$n $coco $out three > out
		status=\$?; grep -q INJECTED strace.out && exit \$status"
	ok 'and nothing is published' grep -qx old kept.json
done

done_testing
