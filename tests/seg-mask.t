#!/usr/bin/env bash
# seg-mask: maps and pictures, where they lie, what they are refused for.

. "${0%/*}/lib.sh"

need jq

# release CATEGORIES ANNOTATIONS [NAME]: a record of a label whose bitmap is
# bitmap.png and whose image has a URL that ends in NAME.
record()
{
	jq -cn --argjson categories "$1" --argjson annotations "$2" \
		--arg name "${3-a.jpg}" '{index: 0, name: $name,
		attributes: {image: {url: "http://127.0.0.1:1/\($name)"}},
		label: {label_status: "REVIEWED", attributes: {
			annotations: $annotations,
			segmentation_bitmap: {path: "bitmap.png"}}},
		release: {name: "v", dataset: "d", categories: $categories}}'
}

bitmap bitmap.png << 'END'
0 0 7 7
0 3 7 7
9 3 3 0
END
two='[{"name": "donut", "id": 4, "color": [255, 0, 10]},
	{"name": "mug", "id": 2}]'
three='[{"id": 7, "category_id": 2}, {"id": 3, "category_id": 4},
	{"id": 9, "category_id": 2}]'
record "$two" "$three" > one

# Kinds.
check 'semantic: classes in the order of the list, 255 where nothing is' \
	-o '255 255 1 1
255 0 1 1
1 0 0 255' 'seg-mask -t semantic one > out && grid semantic/a.png 4'
check 'the record goes on with mask' \
	-o '{"path":"semantic/a.png","kind":"semantic"}' -I out jq -c .mask
check 'and is as it came but for that' -I one -o "$(jq -cS . one)" \
	'jq -cS "del(.mask)" out'
check 'names of the values lie beside' -o '{"0":"donut","1":"mug"}' \
	cat semantic/id2label.json
check '--labels keep: ids as they are; --unlabeled says what is not' \
	-o '0 0 2 2
0 4 2 2
2 4 4 0' 'seg-mask -t keep --labels keep --unlabeled 0 one > out &&
	grid keep/a.png 4'
check 'maps for training are grey' -o '4x3 colour 0 depth 8 filter up idat *' \
	"unpng -i keep/a.png | sed 's/idat .*/idat */'"
check 'instance: 16 bits of grey' \
	-o '4x3 colour 0 depth 16 filter up idat *' \
	"seg-mask -t instance --kind instance one > out &&
	unpng -i instance/a.png | sed 's/idat .*/idat */'"
check 'hf-instance: class, number, 0; images and rows beside' \
	-o '0 0 2,1,0 2,1,0
0 1,2,0 2,1,0 2,1,0
2,3,0 1,2,0 1,2,0 0
{"file_name":"images/a.jpg","annotation_file_name":"masks/a.png","semantic_class_to_id":{"donut":1,"mug":2}}' \
	'seg-mask -t hf --kind hf-instance --link none one > out &&
	grid hf/masks/a.png 4 && cat hf/metadata.jsonl'
check 'rgb: the ids of the bitmap' -o '0 0 7,0,0 7,0,0
0 3,0,0 7,0,0 7,0,0
9,0,0 3,0,0 3,0,0 0' 'seg-mask -t rgb --kind rgb one > out && grid rgb/a.png 4'
check 'cityscapes: labelIds, and instanceIds = class x 1000 + number' \
	-o '0 0 2 2
0 1 2 2
2 1 1 0
4x3 colour 0 depth 16 filter up' \
	"seg-mask -t city --kind cityscapes one > out &&
	grid city/a_gtFine_labelIds.png 4 &&
	unpng -i city/a_gtFine_instanceIds.png | sed 's/ idat.*//'"
check 'binary: a file for each annotation' -o 'a/3.png
a/7.png
a/9.png
0 0 0 0
0 255 0 0
0 255 255 0' 'seg-mask -t binary --kind binary one > out &&
	(cd binary && ls a/*) && grid binary/a/3.png 4'
check 'color: the colour of the release, or one of its own' \
	-o '0 0 230,25,75 230,25,75
0 255,0,10 230,25,75 230,25,75
230,25,75 255,0,10 255,0,10 0' \
	'seg-mask -t color --kind color one > out && grid color/a.png 4'
check 'instance-color: a colour for each' -o 4 \
	'seg-mask -t icolor --kind instance-color one > out &&
	grid icolor/a.png 4 | tr " " "\n" | sort -u | wc -l'

# What the vendor's exporter gets wrong (formats.md 2.1).
record "$two" '[{"id": 70001, "category_id": 4}]' > wide
echo '70001 0
0 257' | bitmap bitmap.png
check 'D26: an id above 65535 is refused where there are 16 bits' -s 1 \
	-E '*seg-mask: wide:1: a.jpg: annotation no. 1: id 70001 does not fit into 16 bits: --kind rgb has 24' \
	'seg-mask -q -t d26 --kind instance --partial wide > out'
check 'D26: and whole where there are 24' -o '113,17,1 0
0 0' 'seg-mask -q -t d26 --kind rgb wide > out 2> err; grid d26/a.png 2'
record "$two" '[{"id": 70001, "category_id": 4}, {"id": 257, "category_id": 2}]' \
	> both
check 'D27: id 257 is not id 1' -o '3' \
	'seg-mask -t d27 --kind instance-color both > out &&
	grid d27/a.png 2 | tr " " "\n" | sort -u | wc -l'
record '[{"name": "far", "id": 300}, {"name": "near", "id": 0}]' \
	'[{"id": 70001, "category_id": 300}, {"id": 257, "category_id": 0}]' \
	> far
check 'D30: category ids above 255 keep their classes' -o '0 255
255 1' 'seg-mask -t d30 far > out && grid d30/a.png 2'
check 'D30: kept, they make 16 bits, which is said' \
	-o '2x2 colour 0 depth 16 filter up' \
	-e 'seg-mask: maps have 16 bits: a value is above 255, which ultralytics refuses' \
	"seg-mask -t d30 --labels keep far > out &&
	unpng -i d30/a.png | sed 's/ idat.*//'"
record "$two" '[]' > none
check 'D31: a label without objects is a map without a class' -o '255 255
255 255' -E '*2 ids in the bitmap that no annotation lists*' \
	'seg-mask -t d31 none > out && grid d31/a.png 2'
check 'D31: --unlabeled must not be a class' -s 1 \
	-e 'seg-mask: far:1: a.jpg: category 300 is 0 in the map, and so are pixels without a label: --unlabeled tells them apart' \
	'seg-mask -q -t d31 --unlabeled 0 --partial far > out'
record '[{"name": "a", "id": 0, "color": [1, 2, 3]},
	{"name": "b", "id": 90, "color": [4.4, 5.6, 6]}]' \
	'[{"id": 70001, "category_id": 90}, {"id": 257, "category_id": 0}]' \
	> sparse
check 'D7, D32: colours are found by id, fractions rounded' -o '4,6,6 0
0 1,2,3' 'seg-mask -t d32 --kind color sparse > out && grid d32/a.png 2'
jq -cn '[range(60) | {name: "c\(.)", id: .}]' > many
check 'D34: sixty categories without colours have sixty' -o 60 \
	"for i in \$(seq 0 59); do
		record \"\$(cat many)\" \"[{\\\"id\\\": 70001,
			\\\"category_id\\\": \$i}]\" \$i.jpg
	done | seg-mask -t d34 --kind color > out 2> err
	for i in d34/*.png; do
		grid \$i 2 | head -n 1
	done | sort -u | wc -l"

# Where files are.
bitmap bitmap.png << 'END'
1 1
END
one='[{"id": 1, "category_id": 4}]'
{
	record "$two" "$one" a.jpg
	record "$two" "$one" a.png
} > twins
check 'D21: a.jpg and a.png do not share a map' -s 1 \
	-e 'seg-mask: twins:2: a.png: d21/a.png: is already the file of sample a.jpg: rename one of the two, or leave one out' \
	'seg-mask -q -t d21 --partial twins > out'
check 'and the first has it, for any number of workers' -o '
"a.jpg"' 'for i in 1 2 3 4 5; do
	seg-mask -q -t many$i -j 4 twins 2> err; done |
	jq -c "select(.mask).name" | sort -u | sed "1s/^/\n/"'
{
	record "$two" "$one" x/1.jpg
	record "$two" "$one" y/1.jpg
	record "$two" "$one" ../1.jpg
} > folders
check 'D22, D23, D24: folders are kept, and none is left' \
	'seg-mask -t d22 folders > out'
leaves 'each has its own map' d22 .seg-mask.files id2label.json x/1.png \
	y/1.png '.%2E/1.png'
seg-mask -t again folders > out
find again -type f -printf '%p %T@ %i\n' | grep -v files | sort > before
seg-mask -t again folders > out
check 'a second run changes nothing' -O before \
	"find again -type f -printf '%p %T@ %i\n' | grep -v files | sort"
echo mine > again/mine
check 'what no longer belongs goes, what is not ours stays' -o 'id2label.json
mine
x' 'head -n 1 folders | seg-mask -t again > out && ls again'

# More files than a list of them has room for at first.
for i in $(seq 600); do
	echo "{\"index\":$i,\"name\":\"$i.jpg\",${rest=$(record "$two" "$one" |
		sed 's/^{"index":0,"name":"a.jpg",//')}"
done > hundreds
seg-mask -q -t hundreds.d hundreds > out
check 'hundreds of files stay where they are wanted' -o '600
0' "find hundreds.d -name '*.png' | wc -l
	find hundreds.d -type f -printf '%p %T@ %i\n' | grep -v files | sort > before
	seg-mask -q -t hundreds.d hundreds > out
	find hundreds.d -type f -printf '%p %T@ %i\n' | grep -v files | sort |
		diff before - | wc -l"
check 'and go where they are not' -o 1 \
	"head -n 1 hundreds | seg-mask -q -t hundreds.d > out
	find hundreds.d -name '*.png' | wc -l"

# What is left out.
cd "$DEMO" || exit
check 'what is not labelled has no map; negatives have one' -o 12 \
	"seg-samples release.json | seg-mask -q --offline -t $scratch/demo \
	2> /dev/null | jq -c 'select(.mask)' | wc -l"
check 'and no image' -o 'images 12
masks 12' "seg-samples release.json | seg-mask -q --offline --link symlink \
	-t $scratch/placed > /dev/null 2>&1
	cd $scratch/placed; for i in images masks; do
	echo \$i \$(find \$i ! -type d | wc -l); done"
check 'links lead to the images' "! find $scratch/placed -xtype l | grep ."
check '--split: a folder for each part, all with the same classes' \
	-o 'images/train
images/val
masks/train
masks/val' \
	"seg-samples release.json | seg-mask -q --offline -t $scratch/split \
	--split train:0.6,val:0.4 > /dev/null 2>&1
	cd $scratch/split && printf '%s\n' */*"
check 'the parts are those of seg-filter' \
	-o "$(seg-samples release.json | seg-filter --split train:0.6,val:0.4 \
	--part val | jq -r 'select(.label.attributes.annotations).name' |
	sort)" "cd $scratch/split/images/val && find . ! -type d |
	sed 's,^\./,,' | sort"
for jobs in 1 4; do
	seg-samples release.json | seg-mask -q --offline --kind overlay \
		-j $jobs -t "$scratch/jobs/$jobs" > "$scratch/out$jobs" 2>&1
done
cd "$scratch/work" || exit
ok 'the same files for any number of workers' \
	diff -r "$scratch/jobs/1" "$scratch/jobs/4"
ok 'and the same output' \
	diff <(sed 's,jobs/1/,,' "$scratch/out1") \
	<(sed 's,jobs/4/,,' "$scratch/out4")
record "$two" '[{"id": 1, "category_id": 5}]' > unknown
check 'a category that is not there is named and left out' -o '255 255' \
	-E 'seg-mask: unknown:1: a.jpg: annotation 1 (no. 1): category_id 5 is not among the release'\''s: it is left out
seg-mask: * in, *annotations of no category 1*' \
	'seg-mask -t unknown.d unknown > out && grid unknown.d/a.png 2'
bitmap bitmap.png << 'END'
0 0 7 7
0 3 7 7
9 3 3 0
END
check '--min-area leaves out what is smaller' -o '255 255 1 1
255 255 1 1
255 255 255 255' \
	'seg-mask -q -t area --min-area 4 one > out && grid area/a.png 4'
check 'of what is decoded, too' -o '255 255 1 1
255 255 1 1
255 255 255 255' 'seg-decode one |
	seg-mask -q -t area2 --min-area 4 > out && grid area2/a.png 4'
jq -c 'del(.label.attributes.annotations[2])' one > claimed
check '--unlisted fail' -s 1 -E '*id in the bitmap that no annotation lists: 9*' \
	'seg-mask -q -t unlisted --unlisted fail claimed > out'
check '--unlisted ignore says nothing' \
	'seg-mask -q -t ignored --unlisted ignore claimed > out'
# Of 16 bits the upper 8: those of 2, 1000 and 2000.
check '--crowd-attribute tells what has no number of its own' -o '0 0 0 0
0 3 0 0
7 3 3 0' "jq -c '.label.attributes.annotations[0].attributes.herd = 1' one |
	seg-mask -q -t herd --kind cityscapes --crowd-attribute herd > out &&
	grid herd/a_gtFine_instanceIds.png 4"
record '[{"name": "cat", "id": 4}, {"name": "cat", "id": 2}]' "$three" > twice
check 'two categories of one name stay two, which is said once' \
	-e 'seg-mask: d v: categories 4 and 2 are both called "cat"' \
	-o '{"0":"cat","1":"cat"}
{"cat":1,"cat (2)":2}' 'seg-mask -j 2 -t cats twice > out 2> err
	grep -v "records in" err >&2; cat cats/id2label.json
	seg-mask -q -t hfcats --kind hf-instance --link none twice > out 2> err
	jq -c .semantic_class_to_id hfcats/metadata.jsonl'
echo 1 1 | bitmap bitmap.png
record "$two" "$one" a.jpg > same
record '[{"name": "other", "id": 4}]' "$one" b.jpg > other
check 'a tree has the categories of one release' -s 1 \
	-e 'seg-mask: other:1: b.jpg: its release has other categories than the first record'\''s: a tree has those of one, so give this one another -t' \
	'seg-mask -q -t mixed --partial same other > out'
leaves 'the other one leaves nothing' mixed .seg-mask.files a.png id2label.json
for kind in rgb binary instance-color; do
	check "but not where what it shows are annotations: $kind" -o '2' \
		"seg-mask -q -t mixed-$kind --kind $kind same other | wc -l"
done
check 'and where it shows colours, they are the same' -s 1 \
	-E '*:2: b.jpg: its release has other categories *' \
	"jq -c '.name = \"b.jpg\" | .release.categories[].color = [1, 2, 3]' same |
	cat same - | seg-mask -q -t colors --kind color --partial > out"

# boxes ID ...: a record that was drawn, with a box of each of these ids.
boxes()
{
	local id n=0
	for id; do
		echo "{\"id\": $id, \"category_id\": 0, \"type\": \"bbox\",
			\"points\": [[$n, 0], [$((n += 1)), 2]]}"
	done | jq -cs '{name: "a.jpg", attributes: {image: {width: 6,
		height: 2}}, label: {attributes: {annotations: .}},
		release: {categories: [{name: "a", id: 0},
			{name: "b", id: 1}]}}'
}
for kind in instance rgb binary; do
	check "two annotations of one id are not made one: $kind" -s 1 \
		-i "$(boxes 5 6 5)" \
		-e 'seg-mask: <stdin>:1: a.jpg: two annotations have the id 5' \
		"seg-mask -q -t same-$kind --kind $kind --partial > out"
	leaves "and nothing is there of them: $kind" same-$kind .seg-mask.files
done
check 'an id of 0 is no id' -s 1 -i "$(boxes 5 0)" \
	-e 'seg-mask: <stdin>:1: a.jpg: annotation no. 2 has no id above 0, which pixels without a label have' \
	'seg-mask -q -t zero --kind rgb --partial > out'
check 'one of more than 24 bits has no way out' -s 1 -i "$(boxes 16777216)" \
	-e 'seg-mask: <stdin>:1: a.jpg: annotation no. 1: id 16777216 does not fit into 16 bits' \
	'seg-mask -q -t zero --kind instance --partial > out'
check 'instances of a category that is 0 would be other categories' -s 1 \
	-i "$(boxes 5 6)" -e 'seg-mask: <stdin>:1: a.jpg: category 0 is 0, of which instanceIds cannot tell instances apart: leave --labels keep out' \
	'seg-mask -q -t zero --kind cityscapes --labels keep --unlabeled 255 \
	--partial > out'
check 'a label without objects is not unlabelled, and has no binary maps' \
	-i "$(boxes; boxes | jq -c '.name = "b.jpg" | .label = null')" \
	-e 'seg-mask: 2 records in, 0 maps out, 0 failed; left out: unlabelled 1, labels without objects 1' \
	'seg-mask -t empty --kind binary > out'

# What a kind cannot hold.
# many N W H CATEGORY: a record with N annotations, of a pixel each.
many()
{
	awk -v w="$2" -v h="$3" -v n="$1" 'BEGIN { for (y = 0; y < h; y++) {
		for (x = 0; x < w; x++) printf "%d ", i++ < n ? i : 0
		print "" } }' | bitmap bitmap.png
	record "$two" "$(jq -cn "[range($1) | {id: (. + 1), category_id: $4}]")"
}
check 'hf-instance: 255 instances, and no more' -s 1 -o '1' \
	-e 'seg-mask: <stdin>:1: a.jpg: more than 255 instances, which is all that hf-instance can tell apart' \
	'many 255 16 16 4 | seg-mask -q -t hf255 --link none \
		--kind hf-instance | grep -c mask
	many 256 16 16 4 | seg-mask -q -t hf256 --link none --partial \
		--kind hf-instance > out'
check 'cityscapes: 1000 of a category, and no more' -s 1 -o '1' \
	-e 'seg-mask: <stdin>:1: a.jpg: instance no. 1001 of category 2 is more than instanceIds can hold, 65535' \
	'many 1000 40 26 2 | seg-mask -q -t city1 --kind cityscapes | grep -c mask
	many 1001 40 26 2 | seg-mask -q -t city2 --kind cityscapes --partial > out'
check 'a label of an empty release has no class' -E '*it is left out' \
	"many 1 2 2 2 | jq -c '.release.categories = []' |
	seg-mask -q -t noclass --kind cityscapes > out"
# written ANNOTATION: a record whose label has its geometry, and no bitmap.
written()
{
	record "$two" "[$1]" | jq -c 'del(.label.attributes.segmentation_bitmap)
		| .attributes.image.width = 2 | .attributes.image.height = 2'
}
square='"category_id":4,"iscrowd":0,"bbox":[0,0,2,2],"segmentation"'
# refused NAME ANNOTATION MESSAGE [KIND]
refused()
{
	written "$2" > annotated
	check "$1" -s 1 -e "seg-mask: annotated:1: a.jpg: $3" \
		"seg-mask -q -t refused --partial --kind ${4-semantic} annotated > out"
}
refused 'an id of more than 24 bits' \
	"{\"id\":16777216,$square:[[0,0,2,0,2,2]]}" \
	'annotation no. 1: id 16777216 does not fit into 24 bits' rgb
refused 'an id that is none' "{\"id\":\"x\",$square:[[0,0,2,0,2,2]]}" \
	'annotation no. 1 has no id above 0, which pixels without a label have' \
	instance
refused 'has no file of its own' "{\"id\":0,$square:[[0,0,2,0,2,2]]}" \
	'annotation no. 1 has no id to name its file by' binary
refused 'an outline with half a point' "{\"id\":1,$square:[[0,0,2,0,2]]}" \
	'annotation no. 1: segmentation is no list of [x,y,x,y,...]'
refused 'one of words' "{\"id\":1,$square:[[0,0,2,0,2,\"2\"]]}" \
	'annotation no. 1: segmentation is no list of [x,y,x,y,...]'
refused 'a box of three numbers' \
	'{"id":1,"category_id":4,"iscrowd":0,"type":"bbox","bbox":[0,0,2]}' \
	'annotation no. 1: bbox is not [x,y,width,height]'
refused 'a box of words' \
	'{"id":1,"category_id":4,"iscrowd":0,"type":"bbox","bbox":[0,0,"2",2]}' \
	'annotation no. 1: bbox is not [x,y,width,height]'
for edit in 'del(.width)' 'del(.height)' '.width = "2"' '.height = 0.5' \
	'.width = 0' '.height = 0' '.width = 2147483648' '.height = 2147483648'; do
	check "an image without a size that is one: $edit" -s 1 \
		-e 'seg-mask: <stdin>:1: a.jpg: annotations without a bitmap, and without points' \
		"written '{\"id\":1,$square:[[0,0,2,0,2,2]]}' |
		jq -c '.attributes.image |= ($edit)' |
		seg-mask -q -t sizes --partial > out"
done
echo 1 1 | bitmap bitmap.png

# Overlays.
check 'an image that is no picture is named, and left out' -s 1 \
	-e 'seg-mask: <stdin>:1: a.jpg: image: neither JPEG nor PNG' \
	"echo none > text.jpg
	jq -c '.attributes.image = {path: \"text.jpg\"}' same |
	seg-mask -q -t over --kind overlay --partial > out"
leaves 'without a file' over .seg-mask.files
check 'one of another size is an error' -s 1 \
	-E '*a.jpg: image: 4 x 1 pixels, and the label 2 x 1' \
	"echo 0 0 0 0 | bitmap four.png
	jq -c '.attributes.image = {path: \"four.png\"}' same |
	seg-mask -q -t over --kind overlay --partial > out"

# JPEG images: six squares, W R B over B G R, as RGB and as CMYK.
base64 -d > rgb.jpg << 'END'
/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAMCAgMCAgMDAwMEAwMEBQgFBQQEBQoHBwYIDAoMDAsK
CwsNDhIQDQ4RDgsLEBYQERMUFRUVDA8XGBYUGBIUFRT/2wBDAQMEBAUEBQkFBQkUDQsNFBQUFBQU
FBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBT/wAARCAAQABgDAREA
AhEBAxEB/8QAFwAAAwEAAAAAAAAAAAAAAAAAAAcJCP/EABQQAQAAAAAAAAAAAAAAAAAAAAD/xAAX
AQEBAQEAAAAAAAAAAAAAAAAJAAcI/8QAFBEBAAAAAAAAAAAAAAAAAAAAAP/aAAwDAQACEQMRAD8A
qmkhYyQhZOFmGSEm3gqOYiEaKdN//9k=
END
base64 -d > cmyk.jpg << 'END'
/9j/7gAOQWRvYmUAZAAAAAAA/9sAQwADAgIDAgIDAwMDBAMDBAUIBQUEBAUKBwcGCAwKDAwLCgsL
DQ4SEA0OEQ4LCxAWEBETFBUVFQwPFxgWFBgSFBUU/8AAFAgAEAAYBEMRAE0RAFkRAEsRAP/EABcA
AQEBAQAAAAAAAAAAAAAAAAAJCgf/xAAUEAEAAAAAAAAAAAAAAAAAAAAA/9oADgRDAE0AWQBLAAA/
AKpqpqpqpuQsxjMYM9Q0KgALwM9Q0KoPg//Z
END

# squares FILE: the colours in the middles of a picture's squares of 8.
squares()
{
	local width
	width=$(unpng -i "$1" | sed 's/x.*//')
	unpng -p "$1" | od -An -v -tu1 -w"$((4 * width))" | awk 'NR % 8 == 4 {
		line = ""
		for (x = 4; x < NF / 4; x += 8) {
			r = $(4 * x + 1) > 128; g = $(4 * x + 2) > 128
			b = $(4 * x + 3) > 128
			line = line (r && g && b ? "W" : r ? "R" : g ? "G" : b ? "B" : "?")
		}
		print line
	}'
}

# drawn IMAGE WIDTH HEIGHT: the squares of an overlay of nothing over it.
drawn()
{
	awk -v w="$2" -v h="$3" 'BEGIN { for (y = 0; y < h; y++) {
		for (x = 0; x < w; x++) printf "0 "; print "" } }' |
		bitmap bitmap.png
	record "$two" '[]' | jq -c ".attributes.image = {path: \"$1\"}" |
		seg-mask -q -t drawn --kind overlay > out &&
		squares "$(jq -r .mask.path out)"
}

# turned N < JPEG: the same with an Exif orientation.
turned()
{
	perl -e 'binmode STDIN; local $/; $_ = <STDIN>;
	substr($_, 2, 0) = "\xff\xe1" . pack("n", 34) . "Exif\0\0MM\0*" .
		pack("NnnnNnnN", 8, 1, 0x112, 3, 1, shift, 0, 0);
	print' "$1"
}

check 'an overlay over a JPEG' -o 'WRB
BGR' drawn rgb.jpg 24 16
check 'over one in CMYK' -o 'WRB
BGR' drawn cmyk.jpg 24 16
i=0
for wanted in WRB,BGR BRW,RGB RGB,BRW BGR,WRB WB,RG,BR BW,GR,RB RB,GR,BW BR,RG,WB; do
	i=$((i + 1))
	turned $i < rgb.jpg > turned.jpg
	[ $i -gt 4 ] && size='16 24' || size='24 16'
	check "D28: an image is turned as Exif says, orientation $i" \
		-o "${wanted//,/$'\n'}" "drawn turned.jpg $size"
done
drawn rgb.jpg 24 16 > whole
for bytes in 2 100 250 280; do
	head -c $bytes rgb.jpg > broken.jpg
	check "a JPEG of $bytes bytes of 308 is named and left out" -s 1 \
		-E 'seg-mask: <stdin>:1: a.jpg: image: *' \
		-i "$(record "$two" '[]' |
		jq -c '.attributes.image = {path: "broken.jpg"}')" \
		'seg-mask -q -t broken --kind overlay --partial > out'
done
leaves 'without a file' broken .seg-mask.files
head -c 150 rgb.jpg | cat - /bin/sh | head -c 5000 > broken.jpg
check 'so is one of nonsense' -s 1 -E '*seg-mask: <stdin>:1: a.jpg: image: *' \
	-i "$(record "$two" '[]' |
	jq -c '.attributes.image = {path: "broken.jpg"}')" \
	'seg-mask -q -t broken --kind overlay --partial > out'

# Vector labels.
check 'vector labels are drawn as COCO draws them' -o '255 0 0
255 0 0' "echo '{\"index\":0,\"name\":\"v.jpg\",\"attributes\":{\"image\":{
	\"url\":\"u\",\"width\":3,\"height\":2}},\"label\":{\"attributes\":{
	\"annotations\":[{\"id\":1,\"category_id\":4,\"type\":\"polygon\",
	\"points\":[[1,0],[3,0],[3,2],[1,2]]},{\"id\":2,\"category_id\":2,
	\"type\":\"point\",\"points\":[[0,0]]}]}},\"release\":{
	\"categories\":[{\"id\":4,\"name\":\"d\"},{\"id\":2,\"name\":\"m\"}]
	}}' | tr -d '\n\t' | seg-mask -q -t vector > out && grid vector/v.png 3"

# Usage.
check 'a tree must be given' -s 2 -E 'seg-mask: -t DIR says where maps go*' \
	seg-mask one
check '--by alone means nothing' -s 2 -E 'seg-mask: --by goes with --split*' \
	seg-mask -t x --by name one
check 'a part that leads elsewhere is refused' -s 2 \
	-E 'seg-mask: --split: ../x cannot be a folder*' \
	seg-mask -t x --split ../x:1 one

done_testing
