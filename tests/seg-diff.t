#!/usr/bin/env bash
# seg-diff: what has changed from one release to another.

. "${0%/*}/lib.sh"
need jq

categories='[{"name":"donut","id":1,"color":[1,2,3]},{"name":"mug","id":4}]'

# sample UUID LABEL [MORE]: a record.
sample()
{
	printf '{"index":%s,"uuid":"u%s","name":"%s.jpg","attributes":{"image":{"url":"https://x.example/%s.jpg"}},"metadata":{"scene":1},"label":%s%s,"release":{"name":"v1","dataset":"donuts","categories":%s}}\n' \
		"$1" "$1" "$1" "$1" "$2" "${3-}" "$categories"
}

# label STATUS ANNOTATIONS [MORE]
label()
{
	printf '{"label_status":"%s","attributes":{"annotations":[%s],"segmentation_bitmap":{"url":"https://x.example/%s.png"}}%s}' "$1" "$2" "${4-b}" "${3-}"
}

donut='{"id":1,"category_id":1,"attributes":{"glaze":"red"}}'
mug='{"id":2,"category_id":4}'
{
	sample 0 "$(label LABELED "$donut,$mug")"
	sample 1 "$(label LABELED "$donut")"
	sample 2 null
	sample 3 "$(label REVIEWED "$mug")"
} > old

# changed NAME EXPECTED EDIT [OPTION ...]: the diff after `sed EDIT`.
changed()
{
	local name=$1 expected=$2 edit=$3 status=1
	shift 3
	sed "$edit" old > new
	[ -n "$expected" ] || status=0
	check "$name" -s $status -o "$expected" seg-diff "$@" old new
}

changed 'nothing has changed' '' ''
changed 'a status' '{"change":"status","kinds":["status"],"name":"1.jpg","uuid":"u1","index":[1,1],"fields":["label.label_status"],"status":["LABELED","REVIEWED"]}' \
	'2s/LABELED/REVIEWED/'
changed 'a status in other letters is the same' '' '2s/LABELED/labeled/'
changed 'an annotation that came' '{"change":"label","kinds":["label"],"name":"1.jpg","uuid":"u1","index":[1,1],"fields":["label.attributes.annotations"],"annotations":{"added":[7]}}' \
	'2s/"annotations":\[/&{"id":7,"category_id":1},/'
changed 'one that went' '{"change":"label","kinds":["label"],"name":"1.jpg","uuid":"u1","index":[1,1],"fields":["label.attributes.annotations"],"annotations":{"removed":[1]}}' \
	'2s/"annotations":\[[^]]*/"annotations":[/'
changed 'one of another category' '{"change":"label","kinds":["label"],"name":"1.jpg","uuid":"u1","index":[1,1],"fields":["label.attributes.annotations"],"annotations":{"changed":[{"id":1,"category":["donut","mug"]}]}}' \
	'2s/"category_id":1/"category_id":4/'
changed 'one with another attribute' '{"change":"label","kinds":["label"],"name":"1.jpg","uuid":"u1","index":[1,1],"fields":["label.attributes.annotations"],"annotations":{"changed":[{"id":1,"fields":["attributes.glaze"]}]}}' \
	'2s/"red"/"blue"/'
changed 'annotations in another order' '' '1s/\({"id":1.*}}\),\({"id":2[^}]*}\)/\2,\1/'
changed 'members in another order' '' '2s/"category_id":1,\("attributes":{[^}]*}\)/\1,"category_id":1/; 3s/\("index":2\),\("uuid":"u2"\)/\2,\1/'
changed 'other spelling of a string and a number' '' '2s/"red"/"r\\u0065d"/; 2s/"scene":1/"scene":1.0/'
changed 'what programs add' '' 's/\.jpg"}/.jpg","path":"x","width":3,"height":4}/; s/"category_id":4/&,"bbox":[0,0,1,1],"area":1,"iscrowd":0/; s/,"release"/,"error":{"program":"x"}&/'
changed 'a signature in a URL' '' 's/\.png"/.png?X-Amz-Signature=1\&X-Amz-Date=2"/; s/\.jpg"}/.jpg?X-Amz-Signature=1"}/'
changed 'another bitmap' '{"change":"label","kinds":["label"],"name":"3.jpg","uuid":"u3","index":[3,3],"fields":["label.attributes.segmentation_bitmap.url"]}' \
	'4s/b\.png/c.png/'
changed 'another image' '{"change":"image","kinds":["image"],"name":"3.jpg","uuid":"u3","index":[3,3],"fields":["attributes.image.url"]}' \
	'4s,example/3,example/9,'
changed 'metadata' '{"change":"metadata","kinds":["metadata"],"name":"2.jpg","uuid":"u2","index":[2,2],"fields":["metadata.scene","metadata.sun"]}' \
	'3s/"scene":1/"scene":2,"sun":true/'
changed 'empty metadata are none' '' '3s/"label":null/"extra":{},"more":null,&/'
changed 'who and when' '{"change":"metadata","kinds":["metadata"],"name":"1.jpg","uuid":"u1","index":[1,1],"fields":["label.updated_by"]}' \
	'2s/"label_status"/"updated_by":"ann",&/'
changed 'a name' '{"change":"metadata","kinds":["metadata"],"name":"z.jpg","uuid":"u2","index":[2,2],"fields":["name"]}' \
	'3s/2\.jpg","attr/z.jpg","attr/'
changed 'a label where there was none' '{"change":"label","kinds":["label","status"],"name":"2.jpg","uuid":"u2","index":[2,2],"fields":["label.label_status","label.attributes.annotations","label.attributes"],"status":["UNLABELED","LABELED"],"annotations":{"added":[1]}}' \
	"3s|\"label\":null|\"label\":$(label LABELED "$donut")|"
changed 'a sample that went, and one that came' '{"change":"removed","kinds":["removed"],"name":"2.jpg","uuid":"u2","index":2,"status":"UNLABELED"}
{"change":"added","kinds":["added"],"name":"2.jpg","uuid":"uX","index":2,"status":"UNLABELED"}' \
	'3s/"u2"/"uX"/'
changed '--by name: the same sample' '' '3s/"u2"/"u2"/' --by name
changed '--by name: its uuid is another' '{"change":"metadata","kinds":["metadata"],"name":"2.jpg","uuid":"uX","index":[2,2],"fields":["uuid"]}' \
	'3s/"u2"/"uX"/' --by name
changed '--by url' '{"change":"metadata","kinds":["metadata"],"name":"y","uuid":"uX","index":[2,2],"fields":["uuid","name"]}' \
	'3s/"u2","name":"2.jpg"/"uX","name":"y"/' --by url
changed 'samples in another order' '' '1{h;d;};$G'
changed 'several kinds, --only one of them' '{"change":"label","kinds":["label","status","metadata"],"name":"1.jpg","uuid":"u1","index":[1,1],"fields":["metadata.scene","label.label_status","label.attributes.annotations"],"status":["LABELED","REVIEWED"],"annotations":{"removed":[1]}}' \
	'2s/LABELED/REVIEWED/; 2s/"annotations":\[[^]]*/"annotations":[/; 2s/"scene":1/"scene":2/' \
	--only status,added
changed '--only others: no difference' '' '2s/LABELED/REVIEWED/' \
	--only added,removed,label,image,metadata
check '--only takes kinds alone' -s 2 \
	-E 'seg-diff: --only: not one of added, removed, label, status, image, metadata: labels*' \
	seg-diff --only labels old old

# In whatever order either side has them.
for i in 0 1 2 3 4; do
	sample "$i" "$(label LABELED "$donut")"
done > five
for i in 5 4 2 6 0; do
	sample "$i" "$(label REVIEWED "$donut")"
done > other
check 'what went as OLD has it, then the others as NEW has them' -s 1 \
	-o 'removed u1
removed u3
added u5
status u4
status u2
added u6
status u0' "seg-diff five other > out; status=\$?
	jq -r '.change + \" \" + .uuid' out; exit \$status"
check 'a release whose samples are an object, some of them none' -s 1 \
	-o '{"change":"added","kinds":["added"],"name":"d","index":1,"status":"UNLABELED"}
{"change":"status","kinds":["status"],"name":"b","index":[1,2],"fields":["label.label_status"],"status":["LABELED","REVIEWED"]}
{"change":"label","kinds":["label","status"],"name":"a","index":[0,3],"fields":["label.label_status","label.attributes"],"status":["LABELED","UNLABELED"]}' \
	-e 'seg-diff: object.new:1: byte 73, column 73: not an object
seg-diff: object.new:1: byte 79, column 79: not an object
seg-diff: object.json:1: byte 212, column 212: not an object' \
	"echo '{\"name\":\"r\",\"dataset\":{\"task_type\":\"segmentation-bitmap\",\"samples\":{\"a\":{\"labels\":{\"ground-truth\":{\"label_status\":\"LABELED\",\"attributes\":{\"x\":1}}}},\"b\":{\"labels\":{\"ground-truth\":{\"label_status\":\"LABELED\"}}},\"c\":1}}}' > object.json
	jq -c '.dataset.samples |= {c, d: 2, b, a: {}} |
		.dataset.samples.b.labels.\"ground-truth\".label_status = \"REVIEWED\"' object.json > object.new
	seg-diff object.json object.new"

# Categories.
changed 'categories' '{"change":"categories","added":[{"id":5,"name":"spoon"}],"removed":[{"id":4,"name":"mug"}],"renamed":[{"id":1,"name":["donut","ring"]}],"recoloured":[{"id":1,"color":[[1,2,3],[1,2,4]]}]}' \
	's/"name":"donut"/"name":"ring"/; s/\[1,2,3\]/[1,2,4]/; s/{"name":"mug","id":4}/{"name":"spoon","id":5}/'
changed 'something else of a category' '{"change":"categories","changed":[{"id":4,"name":"mug"}]}' \
	's/"name":"mug"/&,"has_instances":true/'
changed 'categories that got other ids: no sample has changed' '{"change":"categories","renamed":[{"id":4,"name":["mug","donut"]},{"id":1,"name":["donut","mug"]}],"recoloured":[{"id":4,"color":[null,[1,2,3]]},{"id":1,"color":[[1,2,3],null]}]}' \
	's/"id":1,"color"/"id":9,"color"/; s/"mug","id":4/"mug","id":1/; s/"id":9,/"id":4,/; s/"category_id":4/"category_id":9/g; s/"category_id":1/"category_id":4/g; s/"category_id":9/"category_id":1/g'

# Samples that are called alike.
sed '2p' old > twice
check 'samples called alike are compared in their order' -s 1 \
	-o '{"change":"added","kinds":["added"],"name":"1.jpg","uuid":"u1","index":1,"status":"LABELED"}' \
	-e 'seg-diff: samples called as one before them: 1; they are compared in their order' \
	seg-diff old twice
check 'and against themselves are the same' \
	-e 'seg-diff: samples called as one before them: 1; they are compared in their order' \
	seg-diff twice twice
check 'frames of one sample are told apart' -s 1 -o '[1,"label"]' \
	"for i in 0 1 2; do
		sample 0 \"\$(label LABELED \"\$donut\")\" \",\\\"frame\\\":{\\\"index\\\":\$i}\"
	done > frames
	sed '2s/red/blue/' frames > frames.new
	seg-diff frames frames.new > frames.diff; status=\$?
	jq -c '[.frame.index, .change]' frames.diff; exit \$status"
sequence='{"attributes":{"frames":[{"annotations":[{"id":1,"category_id":1},{"id":2,"category_id":1}],"timestamp":1},{"annotations":[{"id":1,"category_id":1}]}]}}'
sample 0 "$sequence" > old.seq
check 'frames of a sequence' -s 1 \
	-o '{"fields":["label.attributes.annotations","label.attributes.frames.0.timestamp"],"annotations":{"removed":[{"id":2,"frame":0}],"changed":[{"id":1,"frame":1,"category":["donut","mug"]}]}}' \
	"sed 's/,{\"id\":2,\"category_id\":1}//; s/\"timestamp\":1/\"timestamp\":2/; s/\[{\"id\":1,\"category_id\":1}\]}\]/[{\"id\":1,\"category_id\":4}]}]/' old.seq > new.seq
	seg-diff old.seq new.seq > seq.diff; status=\$?
	jq -c '{fields,annotations}' seq.diff; exit \$status"

# annotated NAME EXPECTED OLD NEW: what is told of annotations.
annotated()
{
	sample 0 "$(label LABELED "$3")" > one.old
	sample 0 "$(label LABELED "$4")" > one.new
	check "$1" -s 1 -o "$2" "seg-diff one.old one.new > found; status=\$?
		jq -c .annotations found; exit \$status"
}
annotated 'annotations without an id are matched in their order' \
	'{"added":[{"id":null}]}' '{"category_id":1}' \
	'{"category_id":1},{"category_id":4}'
annotated 'so are those whose id is none' \
	'{"changed":[{"id":null,"category":["donut","mug"],"fields":["id"]}]}' \
	'{"id":-3,"category_id":1}' '{"id":"x","category_id":4}'
annotated 'annotations of a sequence are known by their track' \
	'{"changed":[{"id":5,"category":["donut","mug"]}]}' \
	'{"track_id":5,"category_id":1}' '{"track_id":5,"category_id":4}'
annotated 'a category that the release lacks is told by its id' \
	'{"changed":[{"id":1,"category":["donut",7]}]}' \
	'{"id":1,"category_id":1}' '{"id":1,"category_id":7}'
annotated 'one that is no id, as it stands there' \
	'{"changed":[{"id":1,"category":["donut","mug"]}]}' \
	'{"id":1,"category_id":1}' '{"id":1,"category_id":"mug"}'
annotated 'an annotation that lost its category' \
	'{"changed":[{"id":1,"category":["donut",null]}]}' \
	'{"id":1,"category_id":1}' '{"id":1}'
annotated 'an annotation that got one' \
	'{"changed":[{"id":1,"category":[null,"mug"]}]}' \
	'{"id":1}' '{"id":1,"category_id":4}'
annotated 'geometry is compared where both sides have it' \
	'{"changed":[{"id":1,"fields":["area"]}]}' \
	'{"id":1,"category_id":1,"area":4}' \
	'{"id":1,"category_id":1,"area":5,"bbox":[1]}'
categories=3 annotated 'a release whose categories are none' \
	'{"changed":[{"id":1,"category":[1,4]}]}' \
	'{"id":1,"category_id":1}' '{"id":1,"category_id":4}'
sample 0 '{"attributes":{"frames":[{"annotations":[]},{"annotations":[]}]}}' \
	> frames.old
check 'an annotation that came in a frame' -s 1 \
	-o '{"added":[{"id":1,"frame":1}]}' \
	"sed 's/\\[\\]}\\]/[{\"id\":1,\"category_id\":1}]}]/' frames.old > frames.new
	seg-diff frames.old frames.new > found; status=\$?
	jq -c .annotations found; exit \$status"

# Records, summary.
sed '1d; 2s/LABELED/REVIEWED/; 4s/"category_id":4/"category_id":1/; 4s/"label_status"/"updated_by":"a|b*",&/' old > new
sample 9 "$(label LABELED "$donut")" >> new
check '--records new: what to do again' -s 1 -O <(sed -n '1p;3,4p' new) \
	seg-diff --records new old new
check '--records old' -s 1 -O <(sed -n '1,2p;4p' old) \
	seg-diff --records old old new
check '--records new --only added,label' -s 1 -O <(sed -n '3,4p' new) \
	seg-diff --records new --only added,label old new
check '--summary' -s 1 -o '### donuts v1 -> v1

Samples: 4 -> 4. Added 1, removed 1, changed 2, as they were 1.

| what changed | samples |
|---|---:|
| label | 1 |
| status | 1 |
| metadata | 1 |

| status | samples |
|---|---:|
| LABELED -> REVIEWED | 1 |

| objects | added | removed | changed |
|---|---:|---:|---:|
| donut | 1 | 1 | 1 |
| mug | 0 | 1 | 0 |

| labels changed by | samples |
|---|---:|
| a\|b\* | 1 |' seg-diff --summary old new
check '--summary of the same' -o '### donuts v1 -> v1

Samples: 4 -> 4. Added 0, removed 0, changed 0, as they were 4.' \
	seg-diff --summary old old
check '--summary tells of categories' -s 1 -o 'Categories removed: mug.
Categories renamed: donut -> ring.' \
	"sed 's/\"name\":\"donut\"/\"name\":\"ring\"/; s/,{\"name\":\"mug\",\"id\":4}//' old > new2
	seg-diff --summary old new2 > summary; status=\$?
	grep ^Categories summary; exit \$status"

# Pixels.
bitmap one.png <<'END'
1 1 1 1 . 2 2
1 1 1 1 . 2 2
END
bitmap other.png <<'END'
1 1 1 . . 2 2
1 1 1 . . 2 2
END
cp one.png copy.png
pixels()
{
	sample 0 "$(label LABELED "$donut,$mug" '' "$1")" |
		sed 's,https://x.example/\([a-z]\),\1,'
}
for name in one other copy; do
	pixels $name > $name.ndjson
done
check '--pixels: which objects, how far, how large' -s 1 \
	-o '{"iou":0.75,"area":[8,6]}' \
	"seg-diff --base . --pixels one.ndjson other.ndjson > pixels
	status=\$?
	jq -c '.annotations.changed[] | select(.id == 1) | {iou,area}' pixels
	exit \$status"
check '--pixels: another file of the same pixels' \
	seg-diff --base . --pixels one.ndjson copy.ndjson
check 'which is a change unseen' -s 1 \
	-o '["label.attributes.segmentation_bitmap.url"]' \
	"seg-diff one.ndjson copy.ndjson > unseen; status=\$?
	jq -c .fields unseen; exit \$status"
bitmap none.png <<'END'
. . . . . 2 2
. . . . . 2 2
END
pixels none > none.ndjson
check '--pixels: an object that has none any more' -s 1 \
	-o '{"iou":0,"area":[8,0]}' \
	"seg-diff --base . --pixels one.ndjson none.ndjson > pixels 2> said
	status=\$?
	jq -c '.annotations.changed[] | select(.id == 1) | {iou,area}' pixels
	exit \$status"
check '--pixels that cannot be had' -s 2 \
	-E 'seg-diff: other.ndjson:1: 0.jpg: bitmap: *' \
	"rm other.png
	seg-diff --base . --pixels one.ndjson other.ndjson > /dev/null"

# What is compared.
check 'a pipe, and standard input' 'seg-diff <(cat old) - < old'
check 'a release and its records' \
	"seg-samples $DEMO/release.json | seg-diff $DEMO/release.json -"
check 'a release through a pipe' \
	"seg-diff <(cat $DEMO/release.json) $DEMO/release.json"
check 'a release, indented otherwise, in ASCII' \
	"jq -ac . $DEMO/release.json > ascii.json
	seg-diff $DEMO/release.json ascii.json"
check 'decoded records and fresh ones' \
	"(cd $DEMO && seg-samples release.json |
		seg-decode --offline 2> /dev/null) |
	seg-diff $DEMO/release.json -"
check 'nothing against nothing' seg-diff /dev/null /dev/null
check 'nothing against something' -s 1 -o 4 \
	'seg-diff /dev/null old > all; status=$?
	grep -c added all; exit $status'
check 'something against nothing' -s 1 -o 4 \
	'seg-diff old /dev/null > all; status=$?
	grep -c removed all; exit $status'
check 'a file that is missing' -s 2 \
	-e 'seg-diff: no: No such file or directory' seg-diff old no
check 'a line that is broken' -s 2 -E 'seg-diff: broken:2: byte *' \
	'sed "2s/}$//" old > broken; seg-diff old broken'
check 'a stream that broke off' -s 2 \
	-e 'seg-diff: broken:2: the input broke off here' \
	"{ head -n 1 old; echo '{\"error\":{\"program\":\"x\"}}'; } > broken
	seg-diff old broken"
check 'one operand' -s 2 \
	-E 'seg-diff: two operands are needed: OLD NEW*' seg-diff old
check 'three operands' -s 2 \
	-E 'seg-diff: two operands are needed: OLD NEW*' seg-diff old old old
check '--summary is no stream of records' -s 2 \
	-E 'seg-diff: --summary and --records exclude each other*' \
	seg-diff --summary --records new old old
check 'a labelset that a release lacks' -s 2 \
	-e "seg-diff: $DEMO/release.json: no labelset no, only: ground-truth" \
	seg-diff -l no "$DEMO/release.json" old
check 'a disk that is full' -s 2 \
	-e 'seg-diff: <stdout>: No space left on device' \
	'seg-diff old /dev/null > /dev/full'
awk 'BEGIN { for (i = 0; i < 20000; i++) printf "{\"index\":%d,\"uuid\":" \
	"\"%d\",\"label\":null,\"note\":\"%0100d\"}\n", i, i, i }' > many
check 'many changed samples, through a temporary file' -s 1 -o 20000 \
	"sed 's/note/other/' many > many.new
	seg-diff many many.new > out; status=\$?
	grep -c '\"fields\":\\[\"note\",\"other\"\\]' out; exit \$status"

# Real releases.
if [ -e "${DATA:-/none}/real" ]; then
	find "$DATA" -name '*.json' ! -name '*expected*' \
		! -name 'not-shipped*' ! -path '*conformance*' |
		grep -v '/expected-' | sort > releases
	while read -r file; do
		check "${file#"$DATA"/} against itself" \
			seg-diff "$file" "$file"
	done < releases
	check 'one reformatted' seg-diff \
		"$DATA"/real/releases-only/masques_de_plantes-arggagas{,.reformatted-utf8}.json
	check 'one on a line' seg-diff "$DATA"/panoptic-real/release{,.min}.json
	check 'tasks as a list and as an object' seg-diff \
		"$DATA"/panoptic-seed2020/release-tasks-{list,map}.json
	release=$DATA/panoptic-real/release.json
	check 'two labelsets of one' -s 1 -o '9 label status
1 status' "seg-diff <(seg-samples -l ground-truth $release) \
		<(seg-samples -l osvos $release) > labelsets; status=\$?
		jq -r '.kinds | join(\" \")' labelsets | uniq -c |
			sed 's/^ *//'; exit \$status"
else
	skip 'real releases' 'there are none here'
fi

done_testing
