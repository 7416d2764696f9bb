#!/usr/bin/env bash
# seg-eval: labels against labels, and COCO files against each other.

. "${0%/*}/lib.sh"
need jq

# label SET ANNOTATIONS: a record of the sample of this number and image size.
record()
{
	printf '{"index":%s,"uuid":"u%s","name":"%s.jpg","attributes":{"image":{"width":100,"height":100}},"metadata":{"city":%s},"label":%s,"release":{"labelset":"%s","categories":[{"name":"cat","id":1},{"name":"road","id":2,"has_instances":false}]}}\n' \
		"$1" "$1" "$1" "$2" "$4" "$3"
}

# label LABELLER ANNOTATION ...: a label; an annotation is "ID CATEGORY X Y W H".
label()
{
	local list='' id category x y w h
	for annotation in "${@:2}"; do
		read -r id category x y w h <<< "$annotation"
		list+=${list:+,}"{\"id\":$id,\"category_id\":$category,\"bbox\":[$x,$y,$w,$h],\"area\":$((w * h)),\"segmentation\":[[$x,$y,$((x + w)),$y,$((x + w)),$((y + h)),$x,$((y + h))]],\"iscrowd\":0}"
	done
	printf '{"label_status":"REVIEWED","created_by":"%s","attributes":{"annotations":[%s]}}' "$1" "$list"
}

{
	record 0 '"Ghent"' ground-truth "$(label ann '1 1 0 0 20 20' '2 2 50 50 40 40')"
	record 0 '"Ghent"' model "$(label net '7 1 0 0 20 20' '8 1 60 0 10 10')"
	record 1 '"Bruges"' ground-truth "$(label ann '1 1 10 10 40 40')"
	record 1 '"Bruges"' model "$(label net '3 1 10 10 40 30')"
	record 2 '"Ghent"' ground-truth null
	record 2 '"Ghent"' model "$(label net '3 1 10 10 40 30')"
	record 3 '"Ghent"' ground-truth "$(label ann '1 1 10 10 40 40')"
} > records

left_out='seg-eval: predictions without a score, taken as 1: 3
seg-eval: 7 records in, 2 images out, 0 failed; left out: samples without truth 1, without prediction 1'

check 'labels of two labelsets are compared' -e "$left_out" \
	-o '[null,2,2,0.5]' "seg-eval --predicted model --iou panoptic \
		--format ndjson records | jq -c '
		if .of == \"all\" then [null, .images, .categories, .rq]
		else empty end'"
check 'panoptic quality, by category and kind' -e "$left_out" -o '["things",0.875]
["stuff",0]
["cat",2,0,0]
["road",0,0,1]' "seg-eval --predicted model --iou panoptic --format ndjson \
	records | jq -c 'if .of == \"all\" then empty
	elif .of then [.of, .pq] else [.category, .tp, .fp, .fn] end'"
check '--count-void: what is predicted on unlabelled pixels is wrong' \
	-e "$left_out" -o '[2,1,0]' "seg-eval --predicted model --iou panoptic \
	--count-void --format ndjson records | jq -c '
	select(.category == \"cat\") | [.tp, .fp, .fn]'"
check 'each image' -e "$left_out" \
	-o '{"eval":"image","name":"0.jpg","uuid":"u0","index":0,"quality":0.5,"pairs":[[1,7,1]],"fp":[8],"fn":[2]}
{"eval":"image","name":"1.jpg","uuid":"u1","index":1,"quality":0.75,"pairs":[[1,3,0.75]],"fp":[],"fn":[]}' \
	seg-eval --predicted model --per-image records
check 'average precision, for people' -e "$left_out" \
	-o ' Average Precision  (AP) @[ IoU=0.50      | area=   all | maxDets=100 ] = 0.417
      AP     AP50     AP75     true    found  category
   0.703    0.835    0.835        2        3  cat
   0.000    0.000    0.000        1        0  road' \
	"seg-eval --predicted model records |
	sed -n '/IoU=0.50 .*Precision\|Precision.*IoU=0.50 /p; /AP50/,\$p'"
check 'semantic: pixels of categories' -e "$left_out" -o '[0.4,0.4444444444444444]' \
	"seg-eval --predicted model --iou semantic --format ndjson records |
	jq -c 'select(.eval == \"semantic\") | [.miou, .accuracy]'"
check '--by gives figures for each value, too' -e "$left_out" -o 'null 2
Ghent 1
Bruges 1' "seg-eval --predicted model --by metadata.city --format ndjson records |
	jq -r 'select(.eval == \"coco\") | \"\(.group) \(.images)\"'"
check '--agree: by pair of labellers' -e "$left_out" \
	-o '[null,2,0.6666666666666666,0.875]
["ann / net",2,0.6666666666666666,0.875]' "seg-eval --predicted model --agree \
	--format ndjson records | jq -c '[.group, .images, .matched, .iou]'"
check 'against itself all is found' -E '*' -o '1 1 1' "seg-eval --predicted \
	ground-truth --format ndjson records |
	jq -r 'select(.eval == \"coco\") | \"\(.AP) \(.AP50) \(.AR100)\"'"

# Records on their way on.
check '--pass: records with what is wrong with them' -e "$left_out" \
	-o '["0.jpg","ground-truth",0.5,[["missed","error",2,"road",[50,50,40,40]]]]
["0.jpg","model",0.5,[["false-positive","error",8,"cat",[60,0,10,10]]]]
["1.jpg","ground-truth",0.75,[]]
["1.jpg","model",0.75,[]]
["2.jpg","ground-truth",null,[]]
["2.jpg","model",null,[]]
["3.jpg","ground-truth",null,[]]' \
	"seg-eval --predicted model --pass records | jq -c '[.name,
	.release.labelset, .quality, [.findings[]? | [.rule, .severity,
	.annotation, .category, .bbox]]]'"
check 'a finding as seg-check has it' -e "$left_out" \
	-o '{"rule":"missed","severity":"error","name":"0.jpg","uuid":"u0","index":0,"labelset":"ground-truth","annotation":2,"category":"road","message":"no prediction is this one","bbox":[50,50,40,40]}' \
	"seg-eval --predicted model --pass records |
	jq -c 'select(.findings)[\"findings\"][]' | head -n 1"
check 'one that is found by little, and one just not' -e '' -o '["inexact",0.7]' \
	"{ record 0 1 ground-truth \"\$(label a '1 1 0 0 100 70' '2 1 0 80 100 15')\"
	record 0 1 model \"\$(label b '1 1 0 0 70 70' '2 1 0 80 75 15')\"
	} | seg-eval -q --predicted model --pass 2> err |
	jq -c '.findings[]? | [.rule, .value]'"
check 'what was not compared goes on as it came' \
	-O <(tail -n 3 records) -e "$left_out" \
	'seg-eval --predicted model --pass records | tail -n 3'
check 'other labelsets and what failed before go on in their place' -e '' -o '0 ground-truth true
0 other false
0 null false
0 model true
1 null false' \
	"{ record 0 1 ground-truth \"\$(label a '1 1 0 0 9 9')\"
	record 0 1 other \"\$(label a '1 1 0 0 9 9')\"
	record 0 1 model null | sed 's/\"release\".*/\"error\":{\"program\":\"x\",\"message\":\"y\"}}/'
	record 0 1 model \"\$(label a '1 1 0 0 9 9')\"
	record 1 1 model null | sed 's/\"release\".*/\"error\":{\"program\":\"x\",\"message\":\"y\"}}/'
	} | seg-eval -q --predicted model --pass 2> err |
	jq -r '\"\(.index) \(.release.labelset) \(has(\"quality\"))\"'"
check 'the worst first' -e "$left_out" -o '0.jpg
0.jpg
1.jpg
1.jpg' "seg-eval --predicted model --pass records |
	seg-filter -q --where 'quality >= 0' | jq -s -c 'sort_by(.quality)[]' |
	jq -r .name"
for wrong in '--pass --coco x y' '--pass --per-image' '--pass --iou semantic' \
	'--coco x y' '--iou keypoints' '--iou semantic --curves c' \
	'--agree --by metadata.city' '--by size --iou panoptic' '--sigmas 0.1,x' '--sigmas ,' \
	'--sigmas 0.1,-1' '--sigmas 0.1;'; do
	check "$wrong is wrong usage" -s 2 -E 'seg-eval: *
usage: seg-eval *' "seg-eval --predicted m ${wrong/;/\\\\;}"
done
check 'more sigmas than any skeleton has points' -s 2 \
	-E 'seg-eval: more than * sigmas*' \
	seg-eval --coco x --sigmas "$(seq -s, 1 2000)" y
check '--coco needs a file of results' -s 2 -E 'seg-eval: *
usage: seg-eval *' seg-eval --coco x
check '--coco takes one file of results' -s 2 -E 'seg-eval: *
usage: seg-eval *' seg-eval --coco x y z

# Records that do not fit.
head -n 2 records > two
# unfit NAME EDIT STATUS MESSAGE [OPTION ...]: after `sed EDIT` of them.
unfit()
{
	sed "$2" two > changed
	check "$1" -s "$3" -E "$4" \
		"seg-eval --predicted model $5 changed > out"
}
none="*seg-eval: no sample has labels of both 'ground-truth' and 'model'*"
unfit 'a category without an id' '1s/"name":"cat","id":1/"name":"cat"/' 2 \
	'seg-eval: changed:1: 0.jpg: a category of the release has no integer id*'
unfit 'one whose id is no number' '1s/"id":1}/"id":"1"}/; 1s/"id":1,"has/"id":"a","has/; 1s/"cat","id":1/"cat","id":"1"/' 2 \
	'seg-eval: changed:1: 0.jpg: a category of the release has no integer id*'
unfit 'images of two sizes are not compared' '2s/"width":100/"width":90/' 2 \
	"$none*records in, *left out: of two sizes 1"
unfit 'a labelset that a sample has twice: the first counts' 2p 1 \
	'*records in, *left out: with a labelset twice 1'
unfit 'without the size of its image a label is none' \
	'1s/"width":100,/"width":0,/' 2 '*without points*records in, 1 failed*'
unfit 'a broken outline is left out' '2s/\[\[0,0/[["x",0/' 1 \
	'seg-eval: 0.jpg: result 7: a segmentation that is no list of polygons
*records in, *left out: with broken masks 1'
unfit 'curves that cannot be written' '' 2 \
	'seg-eval: no/curve.tsv: No such file or directory*' '--curves no/curve'
check 'a category with another name than before' -s 2 \
	-E 'seg-eval: changed:3: 1.jpg: category 1 has another name than before*' \
	"head -n 4 records | sed '3,\$s/\"name\":\"cat\"/\"name\":\"dog\"/' > changed
	seg-eval --predicted model changed > out"
check 'so has one of the predictions' -s 2 \
	-E 'seg-eval: changed:2: 0.jpg: category 1 has another name than before*' \
	"sed '2s/\"name\":\"cat\"/\"name\":\"dog\"/' two > changed
	seg-eval --predicted model changed > out"
check 'one that the predictions alone have' -E '*' -o '["cat","road","sky"]' \
	"sed '2s/category_id\":1/category_id\":7/' two |
	sed '2s/\"categories\":\[/&{\"name\":\"sky\",\"id\":7},/' > changed
	seg-eval --predicted model --format ndjson changed |
	jq -sc 'map(select(.eval == \"category\") | .category)'"
check 'one that a later release has, too' -E '*' -o '["cat","road","sky"]' \
	"head -n 4 records | sed '3s/category_id\":1/category_id\":7/' |
	sed '3,\$s/\"categories\":\[/&{\"name\":\"sky\",\"id\":7},/' > changed
	seg-eval --predicted model --format ndjson changed |
	jq -sc 'map(select(.eval == \"category\") | .category)'"
check 'the score of an annotation, and of none' -o '[0.25,2]' \
	-E 'seg-eval: predictions without a score, taken as 1: 1*' \
	"sed '2s/\"area\":400/\"attributes\":{\"score\":0.25},&/' two > changed
	seg-eval --predicted model --format ndjson changed |
	jq -c 'select(.category == \"cat\") // .AP' | jq -sc '[.[0], .[1].found]'"
check 'images without a uuid, and without a name' -E '*' \
	-o '{"name":"0.jpg","uuid":null,"index":0}
{"name":null,"uuid":null,"index":0}' \
	"sed 's/\"uuid\":\"[^\"]*\",//' two > changed
	{ seg-eval --predicted model --per-image changed
	sed 's/\"name\":\"0.jpg\",//' changed |
		seg-eval --predicted model --per-image
	} | jq -c '{name,uuid,index}'"

# Objects that lie over each other: a pixel is the later one's. Of 20 x 20
# pixels of the first 10 x 10 go to the second; of what is half outside of the
# image and predicted where there is no label, 10 x 10 are left.
{
	record 0 1 ground-truth "$(label a '1 1 0 0 20 20' '2 2 10 10 20 20')"
	record 0 1 model "$(label b '1 1 0 0 20 20' '2 2 10 10 20 20' '3 1 90 90 40 40')"
} > over
check 'pixels of objects over each other are the later one'"'"'s' -E '*' \
	-o '[null,[100,0,9200]]
["cat",[300,0,0]]
["road",[0,400,0]]' "seg-eval --predicted model --iou semantic --format ndjson over |
	jq -c '[.category, .pixels]'"
# The first shows half of its pixels, the second none.
{
	record 0 1 ground-truth "$(label a '1 1 0 0 20 20' '2 1 50 50 20 20' '3 2 0 10 20 20' '4 2 40 40 40 40')"
	record 0 1 model "$(label b '1 1 0 0 20 20' '2 1 50 50 20 20' '3 2 0 10 20 20' '4 2 40 40 40 40')"
} > hidden
check 'objects over each other are found in themselves' -E '*' -o '1 1 1
2' "seg-eval --predicted model --iou panoptic --format ndjson hidden |
	jq -r 'if .of == \"all\" then \"\(.pq) \(.sq) \(.rq)\"
	elif .category == \"road\" then .tp else empty end'"

# A stream of any length in the memory of a sample: so many samples of two
# labelsets, then the KiB that they took.
stream_takes()
{
	local pair
	pair=$(record 0 1 ground-truth "$(label ann '1 1 0 0 20 20')"
		record 0 1 model "$(label net '7 1 0 0 20 20')")
	yes "$pair" | awk -v n="$1" 'NR > 2 * n { exit }
		{ k = int((NR - 1) / 2); sub("u0", "u" k); print }' > long
	peak_of_three taken seg-eval -q -j1 --predicted model --iou "$2" \
		long > /dev/null 2>&1
	cat taken
}
for iou in panoptic semantic; do
	if [ -n "${SEGTOOLS_SANITIZED-}" ]; then
		skip "$iou: constant memory" 'the sanitizer keeps what is freed'
		continue
	fi
	few=$(stream_takes 100 "$iou")
	many=$(stream_takes 20000 "$iou")
	ok "$iou: 20,000 samples take what 100 do, but for 1 MB" \
		[ "$many" -le $((few + 1024)) ]
done

# COCO files.
cat > truth.json <<'END'
{"images":[{"id":5,"width":10,"height":10,"file_name":"a"},{"id":2,"width":10,"height":10,"file_name":"b"}],
"categories":[{"id":3,"name":"c"}],
"annotations":[{"id":0,"image_id":5,"category_id":3,"bbox":[0,0,4,4],"area":16,"iscrowd":0,"segmentation":[[0,0,4,0,4,4,0,4]]}]}
END
echo '[{"image_id":5,"category_id":3,"score":0.5,"bbox":[0,0,4,4]}]' > good.json
check 'an annotation whose id is 0 counts as any other' -o 1 \
	"seg-eval --coco truth.json --iou bbox --format ndjson good.json |
	jq -s '.[0].AP | . * 1e9 | round / 1e9'"
check 'a COCO file is taken for results, too' -o 1 \
	-e 'seg-eval: predictions without a score, taken as 1: 1' \
	"seg-eval --coco truth.json --format ndjson truth.json |
	jq -s '.[0].AP | . * 1e9 | round / 1e9'"
check 'the order of images is that of their ids' -o 'b a' \
	"seg-eval --coco truth.json --per-image good.json | jq -r .name |
	paste -sd ' '"

cat > odd.json <<'END'
[{"image_id":9,"category_id":3,"score":0.5,"bbox":[0,0,4,4]},
{"image_id":5,"category_id":4,"score":0.5,"bbox":[0,0,4,4]},
{"image_id":5,"category_id":3,"score":0.9,"segmentation":{"size":[9,10],"counts":[90]}},
{"image_id":5,"category_id":3,"score":0.9}]
END
check 'what cannot be compared is named and counted' -s 1 -o 0 \
	-e 'seg-eval: a: result 3: an RLE for a bitmap of another size
seg-eval: image ids that the truth has not, such as 9
seg-eval: category ids that are unknown, such as 4
seg-eval: 4 predictions in, 2 images out, 0 failed; left out: annotations of unknown images 1, of unknown categories 1, with broken masks 1, without what is compared 1' \
	"seg-eval --coco truth.json --format ndjson odd.json > out; status=\$?
	jq -s '.[0].AP' out; exit \$status"
check '-q: without the summary' -s 1 -e 'seg-eval: a: result 3: an RLE for a bitmap of another size
seg-eval: image ids that the truth has not, such as 9
seg-eval: category ids that are unknown, such as 4' \
	'seg-eval -q --coco truth.json odd.json > out'
jq -c '[range(30) as $i | .[2]]' odd.json > many.json
check 'of many broken masks ten are shown' -s 1 -o '10
1' "seg-eval --coco truth.json many.json -j2 > out 2> err; status=\$?
	head -n 10 err | grep -c 'an RLE for'; grep -c '20 more' err; exit \$status"
echo '[{"image_id":5,"category_id":3,"score":NaN,"bbox":[0,0,4,4]}]' > nan.json
# masked NAME IMAGE SEGMENTATION [MESSAGE]: a result of an image with a size (5) or
# without one (2), and what is wrong with it.
sed 's/"id":2,"width":10,"height":10/"id":2/' truth.json > sizeless.json
masked()
{
	echo "[{\"image_id\":$2,\"category_id\":3,\"score\":0.5,\"segmentation\":$3}]" \
		> masked.json
	check "$1" -s $((${#4} > 0)) -e "${4:+seg-eval: $4}" \
		'seg-eval -q --coco sizeless.json masked.json > out'
}
broken='a: result 1: a segmentation that is no list of polygons'
masked 'a list of numbers is no polygon' 5 '[3]' "$broken"
masked 'nor is one of words' 5 '[[1,"2"]]' "$broken"
masked 'no polygons' 5 '[]' 'a: result 1: no segmentation'
masked 'an RLE without counts' 5 '{"size":[10,10]}' \
	'a: result 1: an RLE without counts'
masked 'a polygon in an image without a size' 2 '[[0,0,4,0,4,4]]' \
	'b: result 1: a polygon in an image without width and height'
masked 'an RLE without a size in one' 2 '{"counts":[16]}' \
	'b: result 1: an RLE without its size'
masked 'with half of one' 2 '{"counts":[16],"size":[4]}' \
	'b: result 1: an RLE without its size'
masked 'and with its own' 2 '{"counts":[0,16],"size":[4,4]}'
masked 'a part of a polygon without an area' 5 '[[0,0,9,0,9,9],[1,1]]'
# A point that is 1 pixel off, for an object of 100: exp(-1 / (8 * 100 * sigma^2)).
cat > points.json <<'END'
{"images":[{"id":1,"width":20,"height":20,"file_name":"a"}],"categories":[{"id":1,"name":"c","keypoints":["p"],"skeleton":[]}],
"annotations":[{"id":1,"image_id":1,"category_id":1,"bbox":[0,0,10,10],"area":100,"iscrowd":0,"num_keypoints":1,"keypoints":[5,5,2]}]}
END
echo '[{"image_id":1,"category_id":1,"score":0.5,"keypoints":[6,5,2]}]' > off.json
check '--sigmas tells how far a point may be off' -o '0.8
0.3' 'for sigma in 0.1 0.05; do
		seg-eval --coco points.json --iou keypoints --sigmas $sigma \
			--format ndjson off.json
	done | jq "select(.eval == \"coco\") | .AP * 10 | round / 10"'
echo '{"images":[],"categories":[{"id":3,"name":"c"}],"annotations":[]}' > empty.json
check 'a truth without images' -s 2 \
	-e 'seg-eval: empty.json: the truth has no images' \
	seg-eval --coco empty.json good.json
check 'a score that is no number is no JSON' -s 2 \
	-E 'seg-eval: nan.json: byte *' seg-eval --coco truth.json nan.json
sed 's/"id":2,/"id":5,/' truth.json > twice.json
check 'an image id that occurs twice is no truth' -s 2 \
	-e 'seg-eval: image id 5 occurs twice in the truth' \
	seg-eval --coco twice.json good.json
jq -c '[.[0] | .attributes = {"score":0.1} | del(.score)] +
	[.[0] | .bbox = [6,6,4,4]]' good.json > attribute.json
check 'a score may be an attribute of the annotation' -o '0.5' \
	"seg-eval -q --coco truth.json --iou bbox --format ndjson attribute.json |
	jq -s '.[0].AP | . * 1e9 | round / 1e9'"
check 'objects of another number of keypoints are left out' -s 1 -o null \
	-e 'seg-eval: compared are objects of 17 keypoints (try: --sigmas with one for each)' \
	"jq -c '.annotations[0].keypoints = [1,1,2]' truth.json > point.json
	seg-eval -q --coco point.json --iou keypoints --format ndjson point.json > out
	status=\$?; jq -s '.[0].AP' out; exit \$status"
check '--sigmas tells how many there are' -o 1 \
	"jq -c '.annotations[0].num_keypoints = 1' point.json > points.json
	seg-eval -q --coco points.json --iou keypoints --sigmas 0.1 \
		--format ndjson points.json | jq -s '.[0].AP | round'"
check 'ids that occur twice are told of' -o 2 \
	-e 'seg-eval: ids.json: 2 annotations have the id of another one, such as 0' \
	"jq -c '.annotations[0] as \$a | .annotations += [\$a, \$a]' truth.json > ids.json
	seg-eval -q --coco ids.json --iou bbox --per-image good.json |
	jq -c 'select(.name == \"a\").fn | length'"
check 'nothing to compare is no result' -s 2 \
	-E "*no sample has labels of both 'ground-truth' and 'modle' but of \"ground-truth\", \"model\" (*" \
	seg-eval --predicted modle records
check 'the labelset to judge must be named' -s 2 \
	-E 'seg-eval: --predicted names the labelset*' seg-eval records

# Large files for threads: 700 images of a few boxes each, 30,000 results of
# which some are of unknown images or categories, have masks of another size,
# or no score.
cat > many.pl <<'END'
use strict;
use warnings;
srand 5;

sub annotation {
	my ($i, $w) = @_;
	my ($x, $y, $r, $b) = (int rand 70, int rand 60);
	($r, $b) = ($x + $w, $y + 20);
	return qq("bbox":[$x,$y,$w,20],"segmentation":[[$x,$y,$r,$y,$x,$b]]);
}

sub truth {
	my ($i) = @_;
	return sprintf '{"id":%d,"image_id":%d,"category_id":%d,"area":200,' .
	    '"iscrowd":%d,%s,"note":"],[{\""}', $i, $i % 690, 1 + $i % 9,
	    $i % 50 == 0, annotation($i, 20);
}

sub result {
	my ($i) = @_;
	return sprintf '{"image_id":%d,"category_id":%d%s,%s}',
	    $i % 5000 == 77 ? 9999 : $i % 690,
	    $i % 6000 == 88 ? 10 : 1 + $i % 9,
	    $i % 7000 == 99 ? '' : sprintf(',"score":%.2f', rand),
	    $i % 6007 == 66 ? '"segmentation":{"size":[9,9],"counts":[81]}'
	    : annotation($i, 10 + $i % 17);
}

sub make {
	open my $truth, '>', 'many-truth.json';
	print $truth '{"images":[', join(',', map {
		'{"id":' . $_ * 7 % 701 . ',"width":97,"height":89}' } 0 .. 699),
	    "],\n\"annotations\":[", join(",\n", map { truth($_) } 0 .. 5999),
	    "],\n\"categories\":[", join(',', map { qq({"id":$_,"name":"n$_"}) } 1 .. 9),
	    "]}\n";
	open my $results, '>', 'many-results.json';
	print $results '[', join(',', map { result($_) } 0 .. 29999), "]\n";
}

1;
END
perl -e 'require "./many.pl"; make()'

# Runs it with several numbers of threads: the most important of what is said,
# and the status, once where all is the same.
each_jobs()
{
	local j
	for j in 1 2 8; do
		seg-eval -j"$j" "$@" > "out.$j" 2>&1
		echo "status $?" >> "out.$j"
	done
	cmp out.1 out.2 && cmp out.1 out.8 &&
		grep '^seg-eval: \(pred\|[0-9].*in,\|.*byte\|.*ids that\)\|^status' out.1
}
counted='seg-eval: image ids that the truth has not, such as 9999
seg-eval: category ids that are unknown, such as 10
seg-eval: predictions without a score, taken as 1: 5
seg-eval: 30000 predictions in, 700 images out, 0 failed; left out: annotations of unknown images 6, of unknown categories 5, with broken masks 5
status 1'
for iou in bbox segm panoptic semantic; do
	check "--iou $iou: the same for any number of threads" -o "$counted" \
		each_jobs --iou "$iou" --format ndjson \
		--coco many-truth.json many-results.json
done
cp out.1 semantic
check 'also from a pipe' -O semantic 'cat many-results.json |
	seg-eval -j8 --iou semantic --format ndjson --coco many-truth.json - 2>&1
	echo status 1'
check 'each image in order for any number of threads' -o "$counted" \
	each_jobs --per-image --coco many-truth.json many-results.json
perl -pe 's/(?:,\{.*?){20000}\K,/,,/' many-results.json > comma.json
perl -pe 's/"image_id":689,//g' many-results.json > lacking.json
head -c 2000000 many-results.json > cut.json
for wrong in comma lacking cut; do
	check "$wrong.json: the same message for any number of threads" \
		-O <(seg-eval -j1 --coco many-truth.json "$wrong.json" 2>&1
			echo 'status 2') \
		each_jobs --coco many-truth.json "$wrong.json"
done
lacks=$(perl -0777 -ne '/\{"category_id".*?\}/ && print $+[0] + 1' lacking.json)
check 'the first annotation that lacks an id is told of, by its place' -s 2 \
	-e "seg-eval: lacking.json: byte $lacks: an annotation without an integer image_id" \
	seg-eval --coco many-truth.json lacking.json
# Records of 500 samples, the model's or the truth first; among them labels of
# others, records that failed before, labels that are lacking, of another size
# or given twice, unknown categories, and from the middle on a category more.
cat > stream.pl <<'END'
use strict;
use warnings;
require './many.pl';

sub record {
	my ($i, $set, $annotations, $w) = @_;
	my $categories = join ',', map { qq({"id":$_,"name":"n$_"}) }
	    $i < 250 ? (1 .. 8) : (1 .. 9);
	printf '{"index":%d,"name":"%d.png","attributes":{"image":' .
	    '{"width":%d,"height":89}},"label":{"label_status":"%s",' .
	    '"created_by":"%s","attributes":{"annotations":[%s]}},"release":' .
	    '{"labelset":"%s","categories":[%s]}}' . "\n", $i, $i, $w || 97,
	    $set eq 'model' ? 'PRELABELED' : $i % 3 ? 'REVIEWED' : 'LABELED',
	    "$set@" . $i % 2, $annotations, $set, $categories;
}

sub annotations {
	my ($i, $n) = @_;
	return join ',', map {
	    my $category = $_ % 40 ? ($i + $_) % 8 + 1 : 'null';
	    $category = 9 if $i >= 240 && $_ % 5 == 1;
	    qq({"id":$_,"category_id":$category,"iscrowd":0,) .
	    annotation($_, 14 + $_ % 9) . '}' } map { $i * 7 + $_ } 1 .. $n;
}

for my $i (0 .. 499) {
	my @sides = $i % 2 ? qw(ground-truth model) : qw(model ground-truth);
	pop @sides if $i % 50 == 49;
	push @sides, $sides[0] if $i % 60 == 7;
	for my $side (@sides) {
		record($i, 'other', '', 0) if $i % 31 == 0;
		record($i, $side, annotations($i, 3 + $i % 5),
		    $i % 70 == 8 && $side eq 'model' ? 96 : 0);
	}
	print qq({"index":$i,"error":{"program":"x","message":"y"}}\n)
	    if $i % 90 == 3;
}
END
perl stream.pl > stream
counted='seg-eval: category ids that are unknown, such as 9
seg-eval: predictions without a score, taken as 1: 2315
seg-eval: 1039 records in, 482 images out, 0 failed, 6 failed before; left out: of unknown categories 134, without prediction 10, of two sizes 8, with a labelset twice 9
status 1'
for how in segm panoptic semantic 'panoptic --by status' 'segm --by index' \
	'segm --per-image' 'segm --pass' 'panoptic --agree'; do
	# shellcheck disable=SC2086 # --iou and an option
	check "records, $how: the same for any number of threads" -o "$counted" \
		each_jobs --format ndjson --predicted model --iou $how stream
done
check '--by category and size give what is given' \
	-O <(seg-eval -q --predicted model --format ndjson stream 2>&1) -s 1 \
	'seg-eval -q --predicted model --by size --format ndjson stream > size 2>&1
	seg-eval -q --predicted model --by category --format ndjson stream \
		> category 2>&1; status=$?
	cmp size category && cat size; exit $status'
check 'the value of --by is that of the record that is right' -E '*' -o 'LABELED
REVIEWED' "seg-eval --predicted model --by status --format ndjson stream |
	jq -r 'select(.eval == \"coco\" and .group).group' | sort"
check 'an empty value of --by is a group, too' -E '*' -o 'null
""' "{ record 0 '\"\"' ground-truth \"\$(label a '1 1 0 0 9 9')\"
	record 0 '\"\"' model \"\$(label a '1 1 0 0 9 9')\"
	} | seg-eval --predicted model --by metadata.city --format ndjson |
	jq -r 'select(.eval == \"coco\").group'"
check 'records on their way are in order' \
	-O <(jq -c '[.index, .release.labelset]' stream) -E '*' \
	"seg-eval -j8 --pass --predicted model stream |
	jq -c '[.index, .release.labelset]'"
sed '900s/"id":3,"name":"n3"/"id":3,"name":"x"/' stream > renamed
check 'a category of two names ends it for any number of threads' -E '*' -o same \
	'for j in 1 2 8; do
		seg-eval -j$j -q --pass --predicted model renamed > out.$j 2> err.$j
		grep -q "renamed:900: .*category 3 has another name" err.$j || echo none
	done
	cmp out.1 out.2 && cmp out.1 out.8 && echo same'
ok 'curves as a table and as a picture' eval \
	"seg-eval --coco truth.json --curves curve good.json > /dev/null &&
	grep -q '^c	0.50	1.00	0.9999999999999998$' curve.tsv &&
	grep -q '<svg' curve.svg"

# The references.
need_judge numpy PIL pycocotools panopticapi
mkdir judge
"$PYTHON" "$ROOT/tests/tools/eval_judge.py" judge 1 2 3 4 > judged
while IFS= read -r line; do
	case $line in
	'ok '*) report 0 "${line#ok * - }" ;;
	'not ok '*) report 1 "${line#not ok * - }" ;;
	*) [ "$line" = "1..16" ] || echo "$line" ;;
	esac
done < judged
check 'all of them were judged' -o 16 "grep -c '^ok' judged"

done_testing
