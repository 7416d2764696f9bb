#!/usr/bin/env bash
# seg-yolo: YOLO trees and NDJSON, by the rules of ultralytics.

. "${0%/*}/lib.sh"
need jq perl

yolocheck()
{
	perl "$ROOT/tests/tools/yolocheck.pl" "$@"
}

# record NAME WIDTH HEIGHT ANNOTATIONS [URL]: prints one of a vector label.
count=0
record()
{
	local url=${5-http://x/$1}
	printf '{"index":%d,"uuid":"u%d","name":"%s","attributes":{"image":{"url":"%s","path":"pictures/%s","width":%s,"height":%s}},"label":{"label_status":"REVIEWED","attributes":{"annotations":[%s]}},"release":{"name":"v1","dataset":"zoo","task_type":"vector","categories":[{"name":"cat","id":7},{"name":"dog","id":3},{"name":"no","id":12}]}}\n' \
		"$count" "$count" "$1" "$url" "$1" "$2" "$3" "$4"
	count=$((count + 1))
}

# The records on stdin without their URLs, so that images are where they lie.
here()
{
	sed 's/"url":"[^"]*",//'
}

# shape ID CATEGORY TYPE POINTS: prints an annotation.
shape()
{
	printf '{"id":%s,"category_id":%s,"type":"%s","points":%s}' "$@"
}

mkdir pictures
for name in a.jpg b.png c.jpg d.jpg a.png e.gif .hidden.jpg; do
	echo "$name" > "pictures/$name"
done

# labels TASK: the rows of the records on stdin, a line each.
labels()
{
	rm -rf tree
	here | seg-yolo -q -t tree --task "$1" --split train:1 2> messages &&
		yolocheck "$1" tree && cat tree/labels/train/*.txt
	grep -v 'no images are for validation\|beyond their image' messages >&2
	return 0
}

# --- Rows

box=$(shape 1 3 bbox '[[10,20],[40,60]]')
polygon=$(shape 2 12 polygon '[[0,0],[50,0],[50,50]]')
check 'detect: the box of a box' -o '1 0.25 0.4 0.3 0.4' \
	"record a.jpg 100 100 '$box' | labels detect"
check 'detect: the box of a polygon' -o '2 0.25 0.25 0.5 0.5' \
	"record a.jpg 100 100 '$polygon' | labels detect"
check 'detect: corners in any order' -o '1 0.25 0.4 0.3 0.4' \
	"record a.jpg 100 100 '$(shape 1 3 bbox '[[40,20],[10,60]]')' |
	labels detect"
check 'segment: a polygon, a box as four corners' \
	-o '2 0 0 0.5 0 0.5 0.5
1 0.1 0.2 0.4 0.2 0.4 0.6 0.1 0.6' \
	"record a.jpg 100 100 '$polygon,$box' | labels segment"
check 'obb: the box of a box' -o '1 0.1 0.2 0.4 0.2 0.4 0.6 0.1 0.6' \
	"record a.jpg 100 100 '$box' | labels obb"
diamond=$(shape 3 7 polygon '[[20,0],[40,20],[20,40],[0,20]]')
check 'obb: the smallest one, turned' \
	-o '0 0 0.2 0.2 0 0.4 0.2 0.2 0.4' \
	"record a.jpg 100 100 '$diamond' | labels obb"
check 'six decimals, without zeros at the end' \
	-o '1 0.083333 0.057143 0.1 0.057143' \
	"record a.jpg 300 700 '$(shape 1 3 bbox '[[10,20],[40,60]]')' |
	labels detect"

check 'D47: a box that reaches outside is cut' -o '1 0.05 0.95 0.1 0.1' \
	"record a.jpg 100 100 '$(shape 1 3 bbox '[[-50,90],[10,140]]')' |
	labels detect"
check 'D47: so is a polygon' -o '0 0 0.5 0 1 0.5 0.5 0.5 1' \
	"record a.jpg 100 100 '$(shape 1 7 polygon \
		'[[-9,50],[50,50],[50,109],[-9,109]]')' | labels segment |
	perl -ane 'my (\$c, @n) = @F; my @p = sort map \"\$n[2*\$_] \$n[2*\$_+1]\",
		0..\$#n/2; print join(\" \", \$c, @p), \"\n\"'"
check 'what is wholly outside is named and left out' -o '' -e \
'seg-yolo: <stdin>:1: a.jpg: annotation no. 1 (id 4): a bbox of 2 points, which is outside the image, is left without geometry' \
	"record a.jpg 100 100 '$(shape 4 3 bbox '[[200,90],[210,140]]')' |
	seg-yolo --ndjson | jq -r '.annotations.boxes[]?'"
check 'D48: classes are 0 to n - 1, in the order of the release' \
	-o '{"0":"cat","1":"dog","2":"no"}' \
	"record a.jpg 100 100 '' | seg-yolo --ndjson | jq -c '.class_names//empty'"
check 'points have no row, lines a box alone' -o '0 0.3 0.5 0.4 0.6' \
	"record a.jpg 100 100 '$(shape 1 7 point '[[5,5]]'),$(shape 2 7 \
		polyline '[[10,20],[50,80]]')' | labels detect"
check 'and that is counted' -s 0 -E '* in, *annotations that have no such shape 2' \
	"record a.jpg 100 100 '$(shape 1 7 point '[[5,5]]'),$(shape 2 7 \
		polyline '[[10,20],[50,80]]')' |
	seg-yolo --ndjson --task segment > out"
check 'crowds have no row' \
	"record a.jpg 100 100 '{\"id\":1,\"category_id\":3,\"type\":\"bbox\",\"points\":[[1,1],[9,9]],\"attributes\":{\"is_crowd\":\"1\"}}' |
	seg-yolo --ndjson > out"
check 'an object drawn twice has one row' -o '[[1,0.25,0.4,0.3,0.4]]' \
	\
	"record a.jpg 100 100 '$box,$polygon,$box,$polygon' |
	jq -c 'del(.label.attributes.annotations[1])' | cat - <(
	record a.jpg 100 100 '$box,$box') | seg-yolo --ndjson |
	jq -c 'select(.annotations) | .annotations.boxes | select(length == 1)'"
check 'an annotation of no category is named, left out and counted' -o '[[1,0.25,0.4,0.3,0.4]]' \
	-E 'seg-yolo: <stdin>:1: a.jpg: annotation 4 (no. 1): category_id 5 is not among the release'\''s: it is left out
seg-yolo: 1 record in, 1 image out, 0 failed; left out: annotations of no category 1' \
	"record a.jpg 100 100 '$(shape 4 5 bbox '[[1,1],[9,9]]'),$box' |
	seg-yolo --ndjson | jq -c '.annotations.boxes // empty'"

# --- Pixels

bitmap one.png <<'END2'
. 1 1 1 . . . . . . . .
. 1 . 1 . . . . . . . .
. 1 1 1 . . . 1 1 . . .
. . . . . . . 1 1 . . .
. . . . . . . . . . . .
. . . . . . . . . . . .
. . 2 2 2 2 2 2 2 2 2 2
. . 2 2 2 2 2 2 2 2 2 2
. . . . . . . . . . . .
3 . . . . . . . . . . .
END2
mask='{"index":0,"name":"m.png","attributes":{"image":{"url":"http://x/m.png"}},"label":{"attributes":{"annotations":[{"id":1,"category_id":1},{"id":2,"category_id":1},{"id":3,"category_id":2}],"segmentation_bitmap":{"path":"one.png"}}},"release":{"categories":[{"id":1,"name":"a"},{"id":2,"name":"b"}]}}'
echo "$mask" > mask
check 'D49: the rows of a bitmap, an object each' -o '[0,0,1]' \
	"seg-yolo --ndjson --task segment mask |
	jq -c 'select(.type == \"image\").annotations.segments | map(.[0])'"
check 'an outline is a tenth of a pixel inside, and so cut down its pixels' \
	-o '[[2,6],[11,6],[11,7],[2,7]]' \
	"seg-yolo --ndjson --task segment mask | jq -c 'select(.annotations) |
	.annotations.segments[1][1:] | [range(0; length; 2) as \$i |
	[.[\$i] * 12, .[\$i + 1] * 10 | floor]]'"
check 'one of a pixel is in that' -o '[[0,9]]' \
	"seg-yolo --ndjson --task segment mask | jq -c 'select(.annotations) |
	.annotations.segments[2][1:] | [range(0; length; 2) as \$i |
	[.[\$i] * 12, .[\$i + 1] * 10 | floor]] | unique'"
check 'detect: the box of its pixels' -o '1,0.041667,0.95,0.083333,0.1' \
	"seg-yolo --ndjson mask | jq -r 'select(.annotations) |
	.annotations.boxes[2] | join(\",\")'"
seg-decode mask > decoded
seg-decode --segmentation polygon mask > polygons
seg-decode --segmentation counts mask > numbers
for task in detect segment obb; do
	seg-yolo --ndjson --task $task mask > direct
	for stage in decoded polygons numbers; do
		check "$task of what is decoded, as $stage, is the same" \
			-O direct seg-yolo --ndjson --task $task $stage
	done
	check "$task is the same on any number of threads" -O direct \
		seg-yolo --ndjson --task $task -j 4 mask
done
seg-samples "$DEMO/release.json" | seg-filter --name glazed.png |
	seg-decode -d "$DEMO/segments" > glazed
check '--simplify thins what is decoded too' -o '[true,true]' \
	"seg-yolo --ndjson --task segment --simplify 2 -d '$DEMO/segments' glazed |
	jq -c 'select(.annotations) | [.annotations.segments[] | length < 100]'"
check '--min-area' -o 2 "seg-yolo -q --ndjson --task segment --min-area 5 mask |
	jq 'select(.annotations).annotations.segments | length'"

# --- Poses

# pose OPTION...: the rows of the records on stdin.
pose()
{
	rm -rf tree
	here | seg-yolo -q -t tree --task pose --split train:1 "$@" 2> messages &&
		yolocheck pose tree && cat tree/labels/train/*.txt
	grep -v 'no images are for validation\|beyond their image' messages >&2
	return 0
}
point()
{
	shape "$1" "$2" point "[[$3,$4]]"
}
kinds='[{"id":1,"name":"hen"},{"id":2,"name":"left_eye"},{"id":3,"name":"right_eye"},{"id":4,"name":"beak"}]'
hens()
{
	record "$@" | jq -c --argjson kinds "$kinds" '.release.categories = $kinds'
}
hen=$(shape 1 1 bbox '[[10,20],[40,60]]')
left=$(point 2 2 20 30)
right=$(point 3 3 30 30)
order='beak,left_eye,right_eye'
row='0 0.25 0.4 0.3 0.4 0 0 0 0.2 0.3 2 0.3 0.3 2'
check 'pose: an object has all keypoints, in order, 0 0 0 for the missing' \
	-o "$row" "hens a.jpg 100 100 '$hen,$left,$right' |
	pose --group-by box --keypoints $order"
check 'grouped by links, or by an attribute' -o "$row
$row" "hens a.jpg 100 100 '$hen,$left,$right' | tee plain |
	jq -c '.label.attributes.links = [{from_id:1,to_id:2},{from_id:3,to_id:1}]' |
	pose --group-by links --keypoints $order
	jq -c '.label.attributes.annotations[].attributes.nest = 3' plain |
	pose --group-by attribute:nest --keypoints $order"
check 'data.yaml has kpt_shape, flip_idx, and names: keypoints are no classes' \
	-o 'kpt_shape: [3, 3]
flip_idx: [0, 2, 1]
kpt_names:
  0: ["beak", "left_eye", "right_eye"]
nc: 1
names:
  0: "hen"  # category 1' "pose --group-by box --keypoints $order < plain > rows
	sed '/^#/d; /images/d' tree/data.yaml"
check 'an object without points, and one drawn otherwise, have such a row' \
	-o '0 0.25 0.4 0.3 0.4 0 0 0
0 0.9 0.9 0.2 0.2 0 0 0' \
	"hens a.jpg 100 100 '$hen,$(shape 2 1 polygon '[[80,80],[100,80],[100,100]]')' |
	pose --group-by box --keypoints beak"
check 'points that nothing is around are an object of a class of their own' \
	-o '1 0.25 0.305 0.1 0.01 0 0 0 0.2 0.3 2 0.3 0.3 2
  0: "hen"  # category 1
  1: "pair"  # points of one object' \
	"hens a.jpg 100 100 '$left,$right' |
	jq -c '.label.attributes.links = [{from_id:3,to_id:2}]' |
	pose --group-by links --keypoints $order --object-category pair
	grep '^  .*  #' tree/data.yaml"
check 'which may be a class of the release' -o '0 0.25 0.305 0.1 0.01 0 0 0 0.2 0.3 2 0.3 0.3 2' \
	"hens a.jpg 100 100 '$left,$right' |
	jq -c '.label.attributes.links = [{from_id:3,to_id:2}]' |
	pose --group-by links --keypoints $order --object-category hen"
check 'points of no object have no row, and a second one of a kind' -o 1 -E \
'seg-yolo: <stdin>:1: a.jpg: annotation no. 4 is a second "left_eye" of one object, and is left out
seg-yolo: * in, *points of no object 1, points of a kind that their object has already 1' \
	"hens a.jpg 100 100 '$hen,$left,$(point 7 4 90 90),$(point 8 2 21 31)' |
	seg-yolo --ndjson --task pose --group-by box --keypoints $order |
	jq '.annotations.pose // empty | length'"
check 'a point outside the image is not there' -o '0 0.25 0.4 0.3 0.4 0 0 0' \
	-E '*outside the image*' \
	"hens a.jpg 100 100 '$hen,$(point 4 4 -5 30)' |
	jq -c '.label.attributes.links = [{from_id:1,to_id:4}]' |
	pose --group-by links --keypoints beak"
check 'without --group-by each point is an object of one keypoint' \
	-o '1 0.205 0.305 0.01 0.01 0.2 0.3 2
0 0.25 0.4 0.3 0.4 0 0 0
kpt_shape: [1, 3]
flip_idx: [0]' "hens a.jpg 100 100 '$left,$hen' | pose; grep kpt_s -A 1 tree/data.yaml"
check 'NDJSON has kpt_shape and flip_idx too' \
	-o '["pose",[3,3],[0,2,1],{"0":["beak","left_eye","right_eye"]},{"0":"hen"}]
[[0,0.25,0.4,0.3,0.4,0,0,0,0.2,0.3,2,0.3,0.3,2]]' \
	"seg-yolo --ndjson --task pose --group-by box --keypoints $order plain |
	jq -c 'if .task then [.task, .kpt_shape, .flip_idx, .kpt_names,
		.class_names] else .annotations.pose end'"
check 'sides that names do not tell leave flip_idx out, and that is said' \
	-e 'seg-yolo: no flip_idx, as the names of the keypoints do not tell which are left and right: ultralytics will not mirror images; --flip tells it' \
	-o 'kpt_shape: [2, 3]' "pose --group-by box --keypoints beak,left_eye \
	< plain > rows; sed -n '/kpt_shape/,/kpt_names/{/names/d; p}' tree/data.yaml"
check '--flip tells it' -o 'flip_idx: [1, 0]' \
	"pose --group-by box --keypoints beak,left_eye --flip beak:left_eye \
	< plain > rows; grep flip tree/data.yaml"
check 'left and right may be a letter' -E '*no category is called "wing_L"*' -o '[1,0,2,4,3]' \
	"seg-yolo --ndjson --task pose --group-by box \
	--keypoints l_ear,r_ear,tail,wing_R,wing_L plain | jq -c '.flip_idx // empty'"
check 'a class of keypoints that is drawn as something else has no row' -o 1 \
	-E 'seg-yolo: * in, *that have no such shape 1' \
	"hens a.jpg 100 100 '$hen,$(shape 2 2 bbox '[[80,80],[99,99]]')' |
	seg-yolo --ndjson --task pose --group-by box --keypoints $order |
	jq '.annotations.pose // empty | length'"
check 'categories of several releases are united' -o '[[0,0,0,2],[3,0,0,2]]
[[3,0,0,2]]' "{ hens a.jpg 100 100 '$hen,$(shape 5 4 point '[[20,30]]')' |
		jq -c '.release.categories += [{id:9,name:\"cock\"}] |
		.label.attributes.annotations += [{id:9,category_id:9,type:\"bbox\",points:[[15,25],[25,35]]}]'
	hens b.png 100 100 '$hen,$(shape 5 4 point '[[20,30]]')' |
		jq -c '.release.categories[0].name = \"cock\"'; } |
	seg-yolo --ndjson --task pose --group-by box --keypoints beak |
	jq -c '.annotations.pose // empty | map([.[0], 0, 0, 2])'"
for options in '--group-by box' '--group-by box --keypoints a --flip a:b' \
	'--group-by box --keypoints a,a' '--keypoints a' '--flip a:b' \
	'--group-by box --keypoints a --object-category a'; do
	check "pose $options is wrong usage" -s 2 -E 'seg-yolo: *--*' \
		seg-yolo --ndjson --task pose $options plain
done
check '--group-by of another task is wrong usage' -s 2 \
	-E 'seg-yolo: --group-by goes with --task pose*' \
	seg-yolo --ndjson --group-by box --keypoints a plain

# --- Semantic

sed 's,"path":"one.png",&,' mask > sem
mkdir -p pictures && cp one.png pictures/m.png
jq -c '.attributes.image = {path:"pictures/m.png"}' mask > sem
check 'semantic: masks beside images, of classes and 255' -o \
'255 0 0 0 255 255 255 255 255 255 255 255
255 0 255 0 255 255 255 255 255 255 255 255
255 0 0 0 255 255 255 0 0 255 255 255
255 255 255 255 255 255 255 0 0 255 255 255
255 255 255 255 255 255 255 255 255 255 255 255
255 255 255 255 255 255 255 255 255 255 255 255
255 255 0 0 0 0 0 0 0 0 0 0
255 255 0 0 0 0 0 0 0 0 0 0
255 255 255 255 255 255 255 255 255 255 255 255
1 255 255 255 255 255 255 255 255 255 255 255' \
	"seg-yolo -q -t semantic --task semantic sem 2> /dev/null
	yolocheck semantic semantic && grid semantic/masks/train/m.png 12"
leaves 'and no label files' semantic .seg-yolo.files data.yaml \
	images/train/m.png masks/train/m.png
check 'data.yaml says where' -o 'masks_dir: masks' \
	'grep masks semantic/data.yaml'
check 'the same of a decoded record' -o '' \
	'seg-decode sem | seg-yolo -q -t semantic2 --task semantic 2> /dev/null
	cmp semantic/masks/train/m.png semantic2/masks/train/m.png'
check 'one class alone is 1, and 0 what is not' -o '0 0 1 1 1 1 1 1 1 1 1 1' \
	"jq -c 'del(.release.categories[1]) | del(.label.attributes.annotations[2])' sem |
	seg-yolo -q -t binary --task semantic 2> /dev/null
	grid binary/masks/train/m.png 12 | sed -n 7p"
check '--min-area holds for masks, even of what is decoded' -o '0 255' \
	"seg-decode sem | seg-yolo -q -t area --task semantic --min-area 5 2> /dev/null
	grid area/masks/train/m.png 12 | xargs -n 1 | sort -u | xargs"
check 'other categories than before fail' -s 1 -E '*sem:*other categories*' \
	"jq -c '.name = \"o.png\" | .release.categories |= reverse' sem |
	cat sem - > other-sem; sed s,x,x, other-sem > two-sem
	seg-yolo -q -t other --task semantic --partial two-sem 2>&1 |
	grep -v validation >&2; exit \${PIPESTATUS[0]}"
check 'what is unlabelled has neither image nor mask' -o data.yaml \
	"jq -c '.label = null' sem | seg-yolo -q -t nothing --task semantic \
	2> /dev/null; cd nothing && find * -type f"
check 'NDJSON has outlines for it, which ultralytics paints' -o '["semantic"]
["segments"]' "seg-yolo --ndjson --task semantic mask |
	jq -c 'if .task then [.task] else .annotations | keys end'"

# --- Trees

{
	record a.jpg 100 100 "$box"
	record b.png 100 100 ''
	record c.jpg 100 100 "$polygon"
	jq -c '.label = null' < <(record d.jpg 100 100 '')
} | here > four
check 'a tree' -E '*4 records in, 3 images out, 0 failed; left out: images without a label 1*no images are for validation*' \
	"seg-yolo -t tree --task segment four 2>&1 | sort >&2"
leaves 'has images and labels, none of what is unlabelled' tree \
	.seg-yolo.files data.yaml images/train/a.jpg images/train/b.png \
	images/train/c.jpg labels/train/a.txt labels/train/b.txt \
	labels/train/c.txt
check 'it keeps the rules' yolocheck segment tree
check 'a reviewed negative has an empty file' -o 0 'wc -c < tree/labels/train/b.txt'
check 'images are links' -o 'a.jpg' \
	'test -L tree/images/train/a.jpg && cat tree/images/train/a.jpg'
check 'data.yaml has no path, quoted names, and what they were' -o \
'# By seg-yolo, for segment, from data set "zoo", release "v1"
train: images/train
val: images/train
nc: 3
names:
  0: "cat"  # category 7
  1: "dog"  # category 3
  2: "no"  # category 12' cat tree/data.yaml
ls -l --time-style=full-iso tree/labels/train tree/data.yaml > before
sleep 0.05
seg-yolo -q -t tree --task segment four 2> /dev/null
ok 'what is the same stays untouched' diff before \
	<(ls -l --time-style=full-iso tree/labels/train tree/data.yaml)
touch tree/mine
head -n 1 four | seg-yolo -q -t tree --task segment 2> /dev/null
leaves 'what no longer belongs goes, what others put stays' tree mine \
	.seg-yolo.files data.yaml images/train/a.jpg labels/train/a.txt
check '--link copy' -o 'a.jpg' "seg-yolo -q -t copies --link copy four 2> /dev/null
	test ! -L copies/images/train/a.jpg && cat copies/images/train/a.jpg"
check '--link none' -o '' "seg-yolo -q -t none --link none four 2> /dev/null
	test -e none/data.yaml && test ! -e none/images"
for i in {0..39}; do
	jq -c ".uuid = \"$i\" | .name = \"$i.jpg\" | .metadata.n = \"$((i / 10))\"" \
		< <(record a.jpg 100 100 "$box")
done > many
check '--split: parts as seg-filter has them' -o '' \
	"here < many | seg-yolo -t parts --split train:0.5,valid:0.3,test:0.2
	for part in train valid test; do
		seg-filter --split train:0.5,valid:0.3,test:0.2 --part \$part many |
			jq -r .name | sort > wanted
		ls parts/images/\$part | sort | diff wanted -
	done"
check 'data.yaml names them by the words of ultralytics' -o \
'train: images/train
val: images/valid
test: images/test' "grep images/ parts/data.yaml"
check 'and keeps the rules' yolocheck detect parts
check '--by keeps records together' -o '' \
	"seg-yolo --ndjson --split train:0.5,val:0.5 --by metadata.n many |
	jq -r 'select(.split) | [(.uuid | tonumber / 10 | floor), .split] |
	join(\" \")' | sort -u | cut -d ' ' -f 1 | uniq -d"
check '--by of what no record has' -s 2 \
	-e 'seg-yolo: no record has metadata.m to keep together by' \
	"seg-yolo --ndjson --split train:0.5,val:0.5 --by metadata.m many > out"
for split in train:0.5,dev:0.5 val:0.5,valid:0.5 val:1; do
	check "--split $split is wrong usage" -s 2 -E 'seg-yolo: --split *' \
		seg-yolo --ndjson --split $split many
done
check 'a tree or a stream' -s 2 -E 'seg-yolo: either --tree DIR or --ndjson*' \
	seg-yolo four
check 'not both' -s 2 -E 'seg-yolo: either --tree DIR or --ndjson*' \
	seg-yolo --ndjson -t x four

# --- Names

{
	record a.jpg 100 100 "$box"
	record a.png 100 100 "$box"
} | here > twins
check 'two images of one label file: named, the first stays' -s 1 -e \
'seg-yolo: twins:2: a.png: twins/labels/train/a.txt: is already the file of sample a.jpg: rename one of the two, or leave one out' \
	"seg-yolo -t twins-tree --partial twins 2>&1 | grep -v validation |
	sed s,twins-tree/,twins/, >&2; exit \${PIPESTATUS[0]}"
leaves 'and is whole' twins-tree .seg-yolo.files data.yaml \
	images/train/a.jpg labels/train/a.txt
{
	record a.jpg 100 100 "$box"
	record gone.jpg 100 100 "$box"
} | here > gone
check 'an image that is not there fails its record' -s 1 -E '*gone.jpg: *No such file*' \
	seg-yolo -q -t gone-tree --partial gone
leaves 'of which no label file stays' gone-tree .seg-yolo.files data.yaml \
	images/train/a.jpg labels/train/a.txt
check 'without --partial the tree is not finished' -s 1 -E '*not written*' \
	seg-yolo -t unfinished twins
ok 'it has no data.yaml' test ! -e unfinished/data.yaml
for name in e.gif .hidden.jpg; do
	check "what ultralytics does not find fails: $name" -s 1 \
		-E 'seg-yolo: <stdin>:1: *ultralytics *' \
		"record $name 100 100 '$box' | here | seg-yolo -q -t odd"
done
check 'so does what is too small' -s 1 \
	-e 'seg-yolo: <stdin>:1: a.jpg: the image is 9 x 100 pixels, and ultralytics refuses sides of less than 10' \
	"record a.jpg 9 100 '$(shape 1 3 bbox '[[1,1],[5,5]]')' |
	seg-yolo -q --ndjson > out"
check '--file-name uuid' -o 'u9.jpg
u9.txt' "count=9; record a.jpg 100 100 '$box' | tee uuid | here |
	seg-yolo -q -t uuids --file-name uuid 2> /dev/null
	ls uuids/images/train uuids/labels/train | grep u9"
check '--file-name uuid, of a URL' -o u9.jpg \
	"seg-yolo --ndjson --file-name uuid uuid | jq -r '.file // empty'"
check 'a folder called images gets another spelling' -o \
'images/train/%69mages/x/%69mages/a.jpg' \
	"record a.jpg 100 100 '$box' | sed 's,\"name\":\"a,\"name\":\"images/x/images/a,' |
	here | seg-yolo -q -t spelt 2> /dev/null
	yolocheck detect spelt; cd spelt && find images -type l"
check 'names of classes are text, whatever is in them' -o \
'  0: "yes"  # category 1
  1: "a\"\\\n: #"  # category 2
  2: "\u0085\u2028"  # category 3' \
	"record a.jpg 100 100 '' | jq -c '.release.categories = [
	{id:1,name:\"yes\"},{id:2,name:\"a\\\"\\\\\\n: #\"},
	{id:3,name:\"\\u0085\\u2028\"}]' | here | seg-yolo -q -t names 2> /dev/null
	grep category names/data.yaml"
check 'a first class that ultralytics takes for ImageNet is told of' \
	-E '*called n01440764: ultralytics takes*' \
	"record a.jpg 100 100 '' |
	jq -c '.release.categories = [{id:1,name:\"n01440764\"}]' |
	seg-yolo --ndjson > out"

# --- Several releases

{
	record a.jpg 100 100 "$box"
	record b.png 100 100 "$box,$polygon" |
		jq -c '.release.categories = [{name:"dog",id:12},{name:"ox",id:3}]'
} > releases
check 'categories of one name are one class' -o \
'{"0":"cat","1":"dog","2":"no","3":"ox"}
[1]
[3,1]' "seg-yolo --ndjson releases |
	jq -c '.class_names // (.annotations.boxes | map(.[0]))'"
check 'in trees too' -o '3 0.25 0.4 0.3 0.4
1 0.25 0.25 0.5 0.5' "here < releases | seg-yolo -q -t both 2> /dev/null
	cat both/labels/train/b.txt"

# --- NDJSON

check 'the first line, and one of an image' -o \
'{"type":"dataset","task":"detect","name":"zoo","class_names":{"0":"cat","1":"dog","2":"no"},"version":1,"segments_release":"v1"}
{"type":"image","file":"a.jpg","url":"http://x/a.jpg","width":100,"height":100,"split":"train","annotations":{"boxes":[[1,0.25,0.4,0.3,0.4]]},"uuid":"u0","name":"a.jpg"}' \
	"count=0; record a.jpg 100 100 '$box' | seg-yolo --ndjson"
check 'a reviewed negative has no annotations; what is unlabelled is left out' \
	-o '["a.jpg",["boxes"]]
["b.png",[]]
["c.jpg",["boxes"]]' "jq -c '.attributes.image.url = \"http://x/y\"' four |
	seg-yolo -q --ndjson | jq -c 'select(.file) | [.file, (.annotations | keys)]'"
check 'valid is val' -o 'train
val' "seg-yolo --ndjson --split train:0.5,valid:0.5 many |
	jq -r '.split // empty' | sort -u"
check 'an image without an http URL fails' -s 1 \
	-e 'seg-yolo: <stdin>:1: a.jpg: the image has no http URL, by which ultralytics could read it' \
	"record a.jpg 100 100 '' s3://bucket/a.jpg | seg-yolo -q --ndjson > out"
check 'keys of the release are not those of the stream' -o \
'["type","task","name","class_names","version","segments_release"]' \
	"record a.jpg 100 100 '' | jq -c '.release.download = \"x\"' |
	seg-yolo --ndjson | jq -c 'select(.task) | keys_unsorted'"

# --- Sequences

film='{"index":0,"uuid":"f","name":"film","attributes":{"frames":[{"name":"1.jpg","image":{"url":"http://x/1.jpg","width":50,"height":50}},{"name":"2.jpg","image":{"url":"http://x/2.jpg","width":50,"height":50}}]},"label":{"attributes":{"frames":[{"annotations":[{"track_id":1,"category_id":1,"type":"bbox","points":[[5,5],[10,10]]}]}]}},"release":{"task_type":"image-vector-sequence","categories":[{"id":1,"name":"a"}]}}'
check 'D45: sequences, by way of seg-frames' -o 'film/1.jpg' \
	"echo '$film' | seg-frames -q 2> /dev/null | seg-yolo -q --ndjson |
	jq -r '.name // empty'"
check 'D46: labels are beside images, whatever the sample is called' -o \
'labels/train/film/1.txt' "echo '$film' | seg-frames -q 2> /dev/null |
	seg-yolo -q -t films --link none 2> /dev/null
	cd films && find labels -type f"
check 'a sequence as such fails' -s 1 -E '*such as a sequence'\''s*' \
	"echo '$film' | seg-yolo -q --ndjson > out"

# --- Memory

perl -ne '$line = $_; print $line for 1 .. 25000' mask > long
head -n 2000 long > short
if [ -n "${SEGTOOLS_SANITIZED-}" ]; then
	skip 'memory does not grow with records' 'the sanitizer needs more'
else
	check 'memory does not grow with the number of records' -o '' \
		"peak_of_three few seg-yolo -q -j 1 --ndjson short > out
		peak_of_three all seg-yolo -q -j 1 --ndjson long > out
		[ \$((\$(cat all) - \$(cat few))) -lt 4000 ] || cat few all"
fi

done_testing
