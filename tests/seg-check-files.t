#!/usr/bin/env bash
# seg-check on finished files, whoever wrote them: each rule on a fixture that
# trips it, and on one that just does not.

. "${0%/*}/lib.sh"
need jq

tripped=()

# finds RULE COUNT [option ...]: so many findings of the rule, and no other rule
# is asked.
finds()
{
	local rule=$1 count=$2
	shift 2
	seg-check --disable all --enable "$rule" --fail-on never "$@" > found ||
		return
	cat found
	[ "$(wc -l < found)" -eq "$count" ]
}

# trips RULE SED [COUNT]: the rule finds so many things, 1 if not said, in the
# good file after this change.
trips()
{
	tripped+=("$1")
	sed -E "$2" good.json > changed.json
	ok "$1 is found" finds "$1" "${3-1}" "${judged[@]}"
}

# spares RULE SED: it finds nothing.
spares()
{
	sed -E "$2" good.json > changed.json
	ok "$1 is not found" finds "$1" 0 "${judged[@]}"
}
judged=(--coco changed.json)

# COCO: instances of every form, and keypoints. The annotations stand first, as
# those of seg-coco do.
cat > good.json <<'END'
{"info":{},"annotations":[
{"id":1,"image_id":7,"category_id":1,"bbox":[2,2,4,4],"area":16,"iscrowd":0,"segmentation":[[2,2,6,2,6,6,2,6]]},
{"id":2,"image_id":7,"category_id":1,"bbox":[0,0,2,3],"area":6,"iscrowd":0,"segmentation":{"size":[30,40],"counts":[0,3,27,3,1167]}},
{"id":3,"image_id":7,"category_id":2,"bbox":[10,10,20,20],"area":400,"iscrowd":0,"keypoints":[10,10,2,30,30,1,0,0,0],"num_keypoints":2},
{"id":4,"image_id":8,"category_id":1,"bbox":[0,0,2,2],"area":4,"iscrowd":1,"segmentation":{"size":[12,12],"counts":"02:0h3"}}
],"images":[
{"id":7,"file_name":"a.png","width":40,"height":30},
{"id":8,"file_name":"b/a.png","width":12,"height":12}
],"categories":[
{"id":1,"name":"mug","supercategory":"thing"},
{"id":2,"name":"cat","supercategory":"","keypoints":["x","y","z"],"skeleton":[[1,2],[2,3]]}
]}
END
check 'a good file has no faults, compressed RLE is told of' \
	-o '["info","rle-compressed"]' \
	'seg-check --coco good.json | jq -c "[.severity, .rule]"'

trips member-missing 's/"id":3,"im/"im/'
trips member-missing 's/"image_id":8/"image_id":"8"/'
trips member-missing 's/"category_id":2,//'
trips member-missing '/file_name/s/"id":8,//'
trips member-missing 's/"file_name":"a.png"/"file_name":null/'
trips member-missing 's/"name":"cat",//'
trips member-missing '/^\],"images/{s/.*/]}/; q}' 2
spares member-missing ''
trips size-missing 's/"width":40,"height":30/"width":null,"height":null/'
trips size-missing 's/"width":12/"width":0/'
spares size-missing 's/"width":12/"width":1/'
trips image-small 's/"width":12/"width":9/'
spares image-small 's/"width":12/"width":10/'
trips name-duplicate 's,b/a.png,a.png,'
trips name-duplicate 's/"cat"/"mug"/'
spares name-duplicate 's,b/a.png,A.png,'
check 'two categories of one name are a warning' -o warning \
	"sed 's/\"cat\"/\"mug\"/' good.json > two.json
	seg-check --coco two.json | jq -r 'select(.rule == \"name-duplicate\").severity'"
trips name-collides 's,b/a.png,A.png,'
spares name-collides 's,b/a.png,a.jpg,'
trips path-unsafe 's,b/a.png,b/../../a.png,'
trips path-unsafe 's,b/a.png,/b/a.png,'
trips path-unsafe 's,b/a.png,b\\\\\\\\a.png,'
spares path-unsafe 's,b/a.png,..b/a..png,'
trips bbox-missing 's/"bbox":\[2,2,4,4\]/"points":[[2,2]]/'
trips bbox-missing 's/"bbox":\[2,2,4,4\]/"bbox":[2,2,4]/'
spares bbox-missing ''
trips area-missing 's/"area":16,//'
spares area-missing 's/"area":16,/"area":16.0,/'
trips iscrowd-missing 's/"iscrowd":1/"iscrowd":2/'
trips iscrowd-missing 's/"iscrowd":1,//'
spares iscrowd-missing 's/"iscrowd":1/"iscrowd":true/'
trips supercategory-missing 's/,"supercategory":""//'
spares supercategory-missing ''
trips info-missing 's/"info":\{\},//'
spares info-missing ''
trips image-unknown 's/"image_id":8/"image_id":9/'
spares image-unknown ''
trips category-unknown 's/"category_id":2/"category_id":3/'
spares category-unknown ''
trips id-zero 's/"id":1,"im/"id":0,"im/'
spares id-zero 's/"id":1,"im/"id":65537,"im/'
trips id-duplicate 's/"id":2,"im/"id":1,"im/'
trips id-duplicate 's/"id":2,"name/"id":1,"name/'
trips id-duplicate 's/"id":7,"file/"id":8,"file/'
spares id-duplicate 's/"id":2,"im/"id":65537,"im/'
trips category-zero 's/"id":2,"name/"id":0,"name/'
spares category-zero ''
trips category-unused 's/"category_id":2/"category_id":1/'
spares category-unused ''
trips category-dropped 's/"category_id":1/"category_id":2/; s/"supercategory":""/"supercategory":"mug"/'
spares category-dropped 's/"supercategory":""/"supercategory":"mug"/'
trips segmentation-empty 's/"segmentation":\[\[[^]]*\]\]/"segmentation":[]/'
spares segmentation-empty 's/,"segmentation":\[\[[^]]*\]\]//'
for wrong in '[[2,2,6,2,6]]' '[[2,2,6,2]]' '[[2,2,6,6,6,2,2]]' '[2,2,6,2,6,6]' \
	'null' '[[2,2,6,"2",6,6]]' '[[2,2,6,2,6,6],[1,1,2,2]]' '{"counts":[0]}'; do
	trips segmentation-broken "s/\[\[2,2,6[^]]*\]\]/$wrong/"
done
trips segmentation-broken 's/1167/1168/'
trips segmentation-broken 's/"02:0h3"/"02:0h"/'
spares segmentation-broken 's/\[\[2,2,6[^]]*\]\]/[[2,2,6,2,6,6]]/'
trips rle-compressed ''
spares rle-compressed 's/"02:0h3"/[0,2,10,2,130]/'
trips size-differs 's/"width":12,"height":12/"width":12,"height":13/'
spares size-differs ''
trips degenerate 's/\[2,2,4,4\]/[2,2,0,4]/'
trips degenerate 's/\[0,3,27,3,1167\]/[1200]/'
trips degenerate 's/\[\[2,2,6[^]]*\]\]/[[2,2,6,2,4,2]]/'
spares degenerate 's/\[2,2,4,4\]/[2,2,0.01,4]/'
trips outside 's/\[10,10,20,20\]/[10,10,31.1,20]/'
trips outside 's/30,30,1/30,31.5,1/'
trips outside 's/2,6,2,6,6/2,41.5,2,6,6/'
spares outside 's/\[10,10,20,20\]/[10,10,31,20]/'
trips area-differs 's/"area":16/"area":15.1/'
trips area-differs 's/"area":6,/"area":7,/'
spares area-differs 's/"area":16/"area":15.21/'
trips bbox-differs 's/\[2,2,4,4\]/[2,2,3,4]/'
trips bbox-differs 's/\[2,2,4,4\]/[2,2,6,6]/'
trips bbox-differs 's/\[0,0,2,3\]/[0,0,1,2]/'
spares bbox-differs 's/\[2,2,4,4\]/[2,2,3.1,4]/'
check 'a box that is off by one is a warning, by two an error' \
	-o '["warning",1,1]
["error",2,1]' \
	"sed 's/\[2,2,4,4\]/[2,2,3,4]/; s/\[0,0,2,3\]/[0,0,2,5]/' good.json > off.json
	seg-check --fail-on never --coco off.json --disable rle-compressed |
	jq -c '[.severity, .value, .limit]'"
trips all-crowd 's/"iscrowd":0/"iscrowd":1/'
spares all-crowd ''
trips ignore-set 's/"iscrowd":1/"iscrowd":1,"ignore":1/'
spares ignore-set 's/"iscrowd":1/"iscrowd":1,"ignore":0/'
trips duplicate-object '/"id":1,"im/{p; s/"id":1/"id":9/}'
spares duplicate-object '/"id":1,"im/{p; s/"id":1/"id":9/; s/"bbox":\[2/"bbox":[3/}'
for wrong in '[10,10,2]' '[10,10,2,30,30,3,0,0,0]' '[10,10,2,30,30,1,0,"0",0]' \
	'[10,10,2,30,30,0,0,0,0]'; do
	trips keypoints-broken "s/\[10,10,2,30[^]]*\]/$wrong/"
done
trips keypoints-broken 's/,"num_keypoints":2//'
trips keypoints-broken 's/"keypoints":\["x","y","z"\],//'
spares keypoints-broken 's/"num_keypoints":2/"num_keypoints":2.0/'
trips skeleton-range 's/\[1,2\]/[0,2]/'
trips skeleton-range 's/\[2,3\]/[2,4]/'
spares skeleton-range ''

# Its images.
mkdir -p images/b
awk 'BEGIN { for (y = 0; y < 30; y++) { for (x = 0; x < 40; x++)
	printf "1 "; print "" } }' | sed 's/ $//' | mkpng -c rgb > images/a.png
awk 'BEGIN { for (y = 0; y < 12; y++) print "1 1 1 1 1 1 1 1 1 1 1 1" }' |
	mkpng -c rgb > images/b/a.png
judged=(--coco changed.json --images images)
trips file-missing 's/"a.png"/"c.png"/'
spares file-missing ''
trips size-differs 's/"width":40,"height":30/"width":30,"height":40/' 2
spares size-differs ''
head -c 60 images/a.png > images/cut.png
trips file-broken 's/"a.png"/"cut.png"/'
spares file-broken ''
mkfifo images/fifo.png
trips file-missing 's/"a.png"/"fifo.png"/'
trips file-missing 's/"a.png"/"b"/'
check 'a name that leads elsewhere is not looked at' -o path-unsafe \
	"sed 's,b/a.png,../no.png,' good.json > elsewhere.json
	seg-check --coco elsewhere.json --images images --disable rle-compressed |
	jq -r .rule"
check '--images that is not there' -s 2 \
	-e 'seg-check: nowhere: No such file or directory' \
	seg-check --coco good.json --images nowhere
judged=(--coco changed.json)

# Results, which have neither ids nor areas.
cp good.json kept.json
cat > good.json <<'END'
[{"image_id":42,"category_id":18,"bbox":[258.15,41.29,348.26,243.78],"score":0.236},
{"image_id":42,"category_id":18,"segmentation":{"size":[12,12],"counts":"02:0h3"},"score":0.5}]
END
check 'results have no faults' seg-check --coco good.json --disable rle-compressed
trips score-missing 's/,"score":0.5//'
spares score-missing 's/"score":0.5/"score":-1e-9/'
trips segmentation-broken 's/02:0h3/02:0h4/'
spares segmentation-broken ''
check 'captions have nothing but images' -i '[{"image_id":3,"caption":"a mug"}]' \
	'seg-check --coco -'
cp kept.json good.json

# What the vendor's exporter writes, the faults of its code one by one: D17 of
# sizes and names, D26 of ids cut to 16 bits, vector labels without geometry.
cat > vendor.json <<'END'
{"info":{"description":"r","version":"v"},
"categories":[{"id":0,"name":"a","color":null,"attributes":null}],
"images":[{"id":1,"file_name":"x.jpg","height":null,"width":null},{"id":3,"file_name":null,"height":30,"width":40}],
"annotations":[
{"id":1,"image_id":1,"category_id":0,"bbox":[2,2,4,4]},
{"id":2,"image_id":1,"category_id":0,"keypoints":[5,5,1]},
{"id":3,"image_id":1,"category_id":0,"points":[[1,1],[4,1],[4,4]]},
{"id":4,"image_id":3,"category_id":0},
{"id":5,"image_id":3,"category_id":0,"bbox":[0,0,1,2],"segmentation":{"size":[30,40],"counts":"0:o0g:"},"area":40,"iscrowd":0}]}
END
check "the vendor's exporter is convicted" -s 1 -o '4 area-missing
3 bbox-missing
1 category-zero
4 iscrowd-missing
1 keypoints-broken
1 member-missing
1 rle-compressed
1 segmentation-broken
1 size-missing
1 supercategory-missing' \
	'seg-check --coco vendor.json > found; status=$?
	jq -r .rule found | sort | uniq -c | sed "s/^ *//"; exit $status'

# What becomes of findings.
sed 's/"area":16/"area":25/' good.json > bad.json
check 'a finding tells the file, the place in it, the image, the readers' -s 1 \
	-o '{"rule":"area-differs","severity":"error","file":"bad.json","element":"annotations[0]","image_id":7,"name":"a.png","annotation":1,"category":"mug","message":"area 25, its mask has 16","value":0.5625,"limit":0.05,"bbox":[2,2,4,4],"breaks":["coco","mmdet"]}' \
	seg-check --disable rle-compressed --coco bad.json
check 'as text, and the summary' -s 1 \
	-o 'bad.json: annotations[0]: a.png: annotation 1 (mug): error: area 25, its mask has 16 (limit 0.05 of the mask) [area-differs]' \
	-e 'seg-check: 4 annotations in, 1 error, 0 warnings, 0 remarks out, 0 failed' \
	seg-check --format text --disable rle-compressed --coco bad.json
check '-q: without the summary' -s 1 -e '' \
	'seg-check -q --coco bad.json > out'
check 'as JUnit' -s 1 -o 1 'seg-check --format junit --coco bad.json > out.xml
	status=$?; grep -c "annotation 1\"><failure type=\"error\"" out.xml; exit $status'
check '--for: compressed RLE breaks hf' -s 1 -o '["error",["hf"]]' \
	'seg-check --for hf --coco good.json > out; status=$?
	jq -c "[.severity, .breaks]" out; exit $status'
check '--baseline' 'seg-check --fail-on never --coco bad.json > known
	seg-check --coco bad.json --baseline known'
check '--limit' seg-check --limit area-differs=0.6 --disable rle-compressed \
	--coco bad.json
check 'from stdin, which is read twice' -I bad.json -s 1 -o area-differs \
	'cat | seg-check --disable rle-compressed --coco - > out; status=$?
	jq -r .rule out; exit $status'
check 'a file that is not JSON' -s 2 -i '{"images":[}' \
	-E 'seg-check: <stdin>: byte 12: *' seg-check --coco -
check 'a file that is not there' -s 2 \
	-e 'seg-check: no.json: No such file or directory' seg-check --coco no.json
check 'a panoptic file is for --panoptic' -s 2 \
	-i '{"images":[],"annotations":[{"id":1,"image_id":1,"segments_info":[]}]}' \
	-E '*--panoptic*' 'seg-check --coco - > out'
for wrong in '--pass --coco x' '--images x' '--coco x y'; do
	check "$wrong is wrong usage" -s 2 -E 'seg-check: *
usage: seg-check *' "seg-check $wrong"
done

# Panoptic: two images, things and stuff; the second PNG is RGBA.
mkdir -p pngs/b
mkpng -c rgb > pngs/a.png << 'END'
1 1 . .
70000 70000 70000 9
70000 70000 70000 9
END
printf '3 3 .\n' | mkpng -c rgb > pngs/b/a.png
cat > good.json <<'END'
{"info":{},"images":[
{"id":7,"file_name":"a.jpg","width":4,"height":3},
{"id":8,"file_name":"b/a.jpg","width":3,"height":1}
],"annotations":[
{"image_id":7,"file_name":"a.png","segments_info":[
{"id":1,"category_id":1,"area":2,"bbox":[0,0,2,1],"iscrowd":0},
{"id":70000,"category_id":1,"area":6,"bbox":[0,1,3,2],"iscrowd":0},
{"id":9,"category_id":2,"area":2,"bbox":[3,1,1,2],"iscrowd":0}]},
{"image_id":8,"file_name":"b/a.png","segments_info":[
{"id":3,"category_id":2,"area":2,"bbox":[0,0,2,1],"iscrowd":0}]}
],"categories":[
{"id":1,"name":"mug","supercategory":"","isthing":1},
{"id":2,"name":"sky","supercategory":"","isthing":0}
]}
END
judged=(--panoptic changed.json pngs)
check 'a good panoptic file has no faults but small images' \
	-e 'seg-check: 4 segments in, 0 errors, 0 warnings, 0 remarks out, 0 failed' \
	seg-check --disable image-small --panoptic good.json pngs
trips segment-id 's/"id":9,"c/"id":0,"c/'
trips segment-id 's/"id":9,"c/"id":16777216,"c/'
spares segment-id ''
# Ids cut to 16 bits, as the vendor's exporter does: 70000 & 65535.
trips segment-without-pixels 's/"id":70000/"id":4464/'
spares segment-without-pixels ''
trips id-unlisted 's/"id":70000/"id":4464/'
spares id-unlisted ''
trips id-duplicate 's/"id":70000/"id":1/'
spares id-duplicate ''
trips category-unknown 's/"id":9,"category_id":2/"id":9,"category_id":3/'
spares category-unknown ''
trips area-differs 's/"area":6/"area":7/'
spares area-differs ''
trips bbox-differs 's/\[0,1,3,2\]/[0,1,2,1]/'
spares bbox-differs ''
trips bbox-missing 's/"bbox":\[0,1,3,2\],//'
trips area-missing 's/"area":6,//'
trips iscrowd-missing '0,/,"iscrowd":0/s///'
trips isthing-missing 's/,"isthing":0//'
trips isthing-missing 's/"isthing":1/"isthing":null/'
spares isthing-missing ''
trips stuff-split 's/"id":1,"category_id":1/"id":1,"category_id":2/'
spares stuff-split ''
trips annotation-count '/"image_id":8/s/"image_id":8/"image_id":7/' 2
spares annotation-count ''
trips order-differs 's/"image_id":7/"image_id":0/; s/"image_id":8/"image_id":7/; s/"image_id":0/"image_id":8/'
trips order-differs 's/"id":7,/"id":9,/; s/"image_id":7/"image_id":9/'
spares order-differs 's/"id":7,/"id":6,/; s/"image_id":7/"image_id":6/'
trips image-unknown 's/"image_id":7/"image_id":9/'
trips stem-differs 's,"b/a.jpg","b/b.jpg",'
trips stem-differs 's,"b/a.jpg","b/a.v1.jpg",'
spares stem-differs 's,"b/a.jpg","b/a.jpeg",'
trips image-not-jpg 's,"b/a.jpg","b/a.jpeg",'
spares image-not-jpg ''
trips png-not-found 's,"b/a.jpg","b/a.jpeg",'
spares png-not-found 's,"b/a.jpg","b/a.png",'
spares png-not-found ''
trips file-missing 's,"b/a.png","b/b.png",'
trips path-unsafe 's,"b/a.png","../b.png",'
trips size-differs 's/"width":4/"width":5/'
trips member-missing 's/"image_id":7,//'
trips member-missing 's/"file_name":"a.png",//'
trips member-missing 's/"id":9,"c/"c/'
trips member-missing 's/"id":9,"category_id":2/"id":9/'
spares size-differs ''
printf '3 3 .\n' | mkpng -c grey > pngs/b/a.png
trips png-format ''
printf '3 3 .\n' | mkpng -c rgb -d 16 > pngs/b/a.png
trips png-format ''
printf '3 3 .\n' | mkpng > pngs/b/a.png
check 'RGBA is a warning' -o warning \
	'seg-check --disable image-small --panoptic good.json pngs > found
	jq -r "select(.rule == \"png-format\").severity" found'
printf '3 3 .\n' | mkpng -c rgb > pngs/b/a.png
spares png-format ''
sed 's/70000/4464/' good.json > bad.json
check 'where the pixels are that no segment has' -s 1 \
	-o '{"rule":"id-unlisted","severity":"error","file":"bad.json","element":"annotations[0]","image_id":7,"name":"a.jpg","message":"6 pixels of the id 70000, which no segment has","at":[0,1],"breaks":["coco","detectron2","mmdet","hf"]}' \
	seg-check --panoptic bad.json pngs --disable all --enable id-unlisted
for wrong in '--panoptic x' '--panoptic x y z' '--panoptic x --coco y z'; do
	check "$wrong is wrong usage" -s 2 -E 'seg-check: *
usage: seg-check *' "seg-check $wrong"
done
check 'a directory that is not there' -s 2 \
	-e 'seg-check: nowhere: No such file or directory' \
	seg-check --panoptic good.json nowhere

# Those of YOLO data sets are tripped in seg-check-yolo.t.
rules()
{
	seg-check --explain all | sed -n '/^file-missing /,/^stuff-split /s/ .*//p'
}
ok 'each rule of COCO files has been tripped' \
	diff <(rules | sort) \
	<(printf '%s\n' "${tripped[@]}" | sort -u | grep -Fxf <(rules))

# Ours is acquitted, whatever its form: of the demo, and of real releases, whose
# files lie where their URLs have a path.
cp "$DEMO/release.json" demo.json
releases=("demo.json -d $DEMO/segments")
if [ -e "${DATA:-/none}/real" ]; then
	for name in real/gummi_bears/gummi_bears-v0.1.json \
		real/field_road/Field_road-v0.field.json \
		real/emprise/emprise-feeding-infra-v0.2.json \
		real/arc_litter/arc_litter-v01.json panoptic-real/release.json \
		panoptic-real/release-wide.json vector/release.json \
		panoptic-seed2020/release-tasks-map.json \
		vector-sequence/release.json segmentation-sequence/release.json; do
		file=${name//\//_}
		sed -E 's,(http://127.0.0.1:PORT|https://segmentsai-prod[^/]*)/,,g' \
			"$DATA/$name" > "$file"
		case $name in
		*gummi*) releases+=("$file --base $DATA/${name%/*}") ;;
		*) releases+=("$file --base $DATA") ;;
		esac
	done
fi
for release in "${releases[@]}"; do
	read -r name where <<< "$release"
	seg-samples -q "$name" | seg-frames -q > records
	for form in rle counts polygon 'polygon --simplify 1'; do
		# shellcheck disable=SC2086
		seg-coco -q --partial --offline $where -o ours.json \
			--segmentation $form records 2> messages
		check "seg-coco --segmentation $form of $name is acquitted" \
			-o true 'seg-check --coco ours.json > found &&
			jq ".annotations | length > 0" ours.json'
	done
	# shellcheck disable=SC2086
	seg-coco -q --partial --offline $where --panoptic -t ours records \
		2> messages
	check "seg-coco --panoptic of $name is acquitted" -o true \
		'seg-check --panoptic ours/panoptic.json ours/panoptic > found &&
		jq ".annotations | length > 0" ours/panoptic.json'
done

done_testing
