#!/usr/bin/env bash
# seg-decode: the geometry of every annotation.

. "${0%/*}/lib.sh"
need jq

# record ANNOTATIONS [BITMAP [IMAGE]]: a record whose label has a bitmap, the
# two last as JSON objects.
record()
{
	printf '{"index":0,"name":"a.jpg","attributes":{"image":%s},' \
		"${3-"{\"url\":\"http://x.example/a.jpg\"}"}"
	printf '"label":{"label_status":"REVIEWED","attributes":%s},' \
		"{\"annotations\":$1,\"segmentation_bitmap\":${2-"{\"path\":\"a.png\"}"}}"
	printf '"release":{"name":"v1","dataset":"d","categories":[]}}\n'
}

# drawn ANNOTATIONS: one whose label is drawn with points, its image 40 x 30.
drawn()
{
	printf '{"name":"a.jpg","attributes":{"image":{"width":40,"height":30}},'
	printf '"label":{"attributes":{"annotations":%s}},"release":{}}\n' "$1"
}

# What becomes of the annotations of records on stdin.
annotations='.label.attributes.annotations[]'
# shellcheck disable=SC2120
decoded()
{
	seg-decode "$@" | jq -c "if .error then .error.message
		else $annotations end"
}

bitmap a.png <<'END'
1 1 . 5
1 . . 5
. 300 300 300
END
three='[{"id":5,"category_id":1},{"id":1,"category_id":1},{"id":300,"category_id":2}]'

# The record as a whole: what is not geometry stays as it came.
check 'every annotation gets its geometry, in COCO terms' \
	-i '{"index":0, "name":"\u0061.jpg","attributes":{"image":{"url":"http:\/\/x.example/a"},"n":1.50},"label":{"attributes":{"annotations":[{"id":5,"category_id":1},{"id":1.0,"category_id":1,"attributes":{"a":"\u00e9"}} , {"id":3e2}],"segmentation_bitmap":{"path":"a.png"}}},"release":{}}' \
	-o '{"index":0, "name":"\u0061.jpg","attributes":{"image":{"url":"http:\/\/x.example/a","width":4,"height":3},"n":1.50},"label":{"attributes":{"annotations":[{"id":5,"category_id":1,"bbox":[3,0,1,2],"area":2,"segmentation":{"size":[3,4],"counts":"921"},"iscrowd":0},{"id":1.0,"category_id":1,"attributes":{"a":"\u00e9"},"bbox":[0,0,2,2],"area":3,"segmentation":{"size":[3,4],"counts":"021O7"},"iscrowd":0} , {"id":3e2,"bbox":[1,2,3,1],"area":3,"segmentation":{"size":[3,4],"counts":"512000"},"iscrowd":0}],"segmentation_bitmap":{"path":"a.png"}}},"release":{}}' \
	seg-decode
record "$three" > three.ndjson
segmentations()
{
	seg-decode "$@" three.ndjson | jq -c "$annotations.segmentation"
}
check 'rle is the default' -o '{"size":[3,4],"counts":"921"}
{"size":[3,4],"counts":"021O7"}
{"size":[3,4],"counts":"512000"}' segmentations
check 'and can be asked for' -o '"921"
"021O7"
"512000"' 'segmentations --segmentation rle | jq -c .counts'
check 'counts are plain RLE' -o '[9,2,1]
[0,2,1,1,8]
[5,1,2,1,2,1]' 'segmentations --segmentation counts | jq -c .counts'
check 'polygons go along the edges of pixels' -o '[[3,0,4,0,4,2,3,2]]
[[0,0,2,0,2,1,1,1,1,2,0,2]]
[[1,2,4,2,4,3,1,3]]' segmentations --segmentation polygon
check 'none leaves the rest' \
	-o '{"id":5,"category_id":1,"bbox":[3,0,1,2],"area":2,"iscrowd":0}' \
	"seg-decode --segmentation none three.ndjson |
	jq -c '$annotations' | head -n 1"

# Numbers against naive counts: every instance of the demo.
for form in rle counts polygon; do
	(cd "$DEMO" && seg-samples release.json |
		seg-decode --offline --segmentation $form 2> /dev/null) \
		> "$form.ndjson"
	record_masks < $form.ndjson > $form.masks
	ok "$form: area, bbox and mask are those of the pixels" \
		diff <(jq -r .name $form.ndjson | while IFS= read -r name; do
			file="$DEMO/segments/labels/$name.png"
			[ ! -e "$file" ] || bitmap_masks "$name" "$file"
		done | grep -v '^uninvited.png	9	' | sort) <(sort $form.masks)
done
ok 'there are some' test "$(wc -l < rle.masks)" -gt 20

# Thinned polygons.
bitmap round.png -x 3 <<'END'
. . . 7 7 7 . . .
. . 7 7 7 7 7 . .
. 7 7 7 . 7 7 7 .
. 7 7 . . . 7 7 .
. . 7 7 . 7 7 . .
. . . 7 7 7 . . .
END
record '[{"id":7}]' '{"path":"round.png"}' > round.ndjson
# intersection_over_union RECORDS: counted pixel by pixel.
intersection_over_union()
{
	jq -r "(.attributes.image | \"1\t\\(.width)\t\\(.height)\t\") +
		($annotations.segmentation | tojson)" "$1" | cocomask -g |
		tr ' ' '\n' > filled
	unpng round.png | tr ' ' '\n' | paste -d ' ' - filled |
		awk '{ a += ($1 != ".") * ($2 != "."); b += $0 != ". ." }
		END { printf "%.9f\n", a / b }'
}
check '--simplify implies polygons, and thins them' -o '[68,36,22]' \
	"for px in 0 2 4; do seg-decode --simplify \$px round.ndjson; done |
	jq -c '$annotations.segmentation | flatten | length' | jq -sc ."
for px in 0 1 3 9; do
	seg-decode --simplify $px --report-iou round.ndjson > thin.ndjson
	check "--report-iou tells what --simplify $px costs" \
		-o "$(intersection_over_union thin.ndjson)" \
		"jq '$annotations.iou' thin.ndjson | xargs printf '%.9f\n'"
done
check 'bbox and area stay those of the mask' -o '[[3,0,21,18],225]' \
	"jq -c '$annotations | [.bbox, .area]' thin.ndjson"
usage='
usage: seg-decode *'
for options in '--simplify 1 --segmentation rle' \
	'--segmentation none --simplify 1'; do
	check "$options: a contradiction" -s 2 \
		-E "seg-decode: --simplify goes with --segmentation polygon$usage" \
		"seg-decode $options"
done
check '--report-iou needs polygons' -s 2 \
	-E "seg-decode: --report-iou goes with --segmentation polygon$usage" \
	seg-decode --report-iou

# Ids.
check 'an instance without a pixel has no geometry, and is named' \
	-o '{"id":5,"bbox":[3,0,1,2],"area":2,"iscrowd":0}
{"id":2,"iscrowd":0}
{"id":77,"iscrowd":0}' \
	-e 'seg-decode: <stdin>:1: a.jpg: 2 annotations without a pixel: 2, 77' \
	-i "$(record '[{"id":5},{"id":2},{"id":77}]')" \
	decoded --unlisted ignore --segmentation none
check 'ids that no annotation has are counted' \
	-o '{"id":5,"bbox":[3,0,1,2],"area":2,"iscrowd":0}' \
	-e 'seg-decode: <stdin>:1: a.jpg: 2 ids in the bitmap that no annotation lists: 1, 300 (6 pixels)' \
	-i "$(record '[{"id":5}]')" decoded --segmentation none
check 'also where there are no annotations (D31)' -o '' \
	-e 'seg-decode: <stdin>:1: a.jpg: 3 ids in the bitmap that no annotation lists: 1, 5, 300 (8 pixels)' \
	-i "$(record '[]')" decoded
check 'and shown up to a point' \
	-E '*: 6 ids * lists: 1, 2, 3, 4, 5, ... (21 pixels)' \
	-i "$(record '[]' '{"path":"six.png"}')" \
	"printf '1 2 2 3 3 3\n4 4 4 4 . .\n5 5 5 5 5 .\n6 6 6 6 6 6\n' |
	bitmap six.png; decoded"
check '--unlisted fail fails them' -s 1 \
	-e 'seg-decode: <stdin>:1: a.jpg: 2 ids in the bitmap that no annotation lists: 1, 300 (6 pixels)' \
	-o '{"program":"seg-decode","message":"2 ids in the bitmap that no annotation lists: 1, 300 (6 pixels)"}' \
	-i "$(record '[{"id":5}]')" \
	'set -o pipefail; seg-decode --unlisted fail | jq -c .error'
check 'of what seg-filter dropped nobody complains' -o '5' \
	-i "$(record "$three")" 'set -o pipefail
	seg-filter --keep-category 1 --drop-category 2 |
	seg-decode --unlisted fail | seg-filter --limit 1 |
	jq -c ".label.attributes.annotations[0].id"'
check 'of anything else they do' -s 1 -o 1 \
	-e 'seg-decode: <stdin>:1: a.jpg: 1 id in the bitmap that no annotation lists: 1 (3 pixels)' \
	-i "$(record '[{"id":5},{"id":300,"category_id":2}]')" 'set -o pipefail
	seg-filter --drop-category 2 | seg-decode --unlisted fail | grep -c error'
check 'a member twice in a label is refused by name' -s 1 -o 1 \
	-e 'seg-decode: <stdin>:1: not JSON inside: duplicate key annotations' \
	-i '{"label":{"attributes":{"annotations":[],"annotations":[{"id":1}]}},"release":{}}' \
	'set -o pipefail; seg-decode | grep -c error'
check 'so is one in an annotation' -s 1 -o 1 \
	-e 'seg-decode: <stdin>:1: not JSON inside: duplicate key id' \
	-i '{"label":{"attributes":{"annotations":[{"id":1,"id":2}]}},"release":{}}' \
	'set -o pipefail; seg-decode | grep -c error'
check '--unlisted warn is the default' -E '*no annotation lists*' \
	-i "$(record '[{"id":5}]')" 'seg-decode --unlisted warn > out'
check 'ids above 255 are ids of their own (D27)' \
	-i "$(record '[{"id":1},{"id":257},{"id":16777215}]' '{"path":"wide.png"}')" \
	-o '{"id":1,"bbox":[0,0,1,1],"area":1,"iscrowd":0}
{"id":257,"bbox":[1,0,2,1],"area":2,"iscrowd":0}
{"id":16777215,"bbox":[3,0,1,1],"area":1,"iscrowd":0}' \
	"echo 1 257 257 16777215 | bitmap wide.png
	decoded --segmentation none"
for id in 0 -1 1.5 '"1"' true null 16777216 99999999999999999999 '[1]'; do
	check "$id is no id" -s 1 -o "\"annotation id ${id//\"/\\\"} is no integer from 1 to 16777215\"" \
		-E '*no integer*' -i "$(record "[{\"id\":5},{\"id\":$id}]")" \
		'set -o pipefail; decoded'
done
check 'an annotation without an id fails' -s 1 \
	-o '"annotation no. 2 has no id"' -E '*has no id' \
	-i "$(record '[{"id":5},{}]')" 'set -o pipefail; decoded'
check 'a track_id stands for an id that is not there' -o '[2,3]
[3,3]' -i "$(record '[{"track_id":5},{"track_id":1,"id":null},{"id":300,"track_id":9}]')" \
	'decoded | jq .area | jq -sc ".[:2], [.[2], 3]"'
check 'an id given twice fails' -s 1 \
	-o '"two annotations have id 5"' -E '*two annotations have id 5' \
	-i "$(record '[{"id":5},{"id":1},{"id":5.0}]')" \
	'set -o pipefail; decoded'
check 'an annotation that is no object fails' -s 1 \
	-o '"annotation no. 1 is not an object"' -E '*not an object' \
	-i "$(record '[5]')" 'set -o pipefail; decoded'
check 'annotations that are no list fail' -s 1 \
	-o '"annotations is not a list"' -E '*not a list' \
	-i "$(record '{"id":5}')" 'set -o pipefail; decoded'
check '--min-area leaves out smaller ones' \
	-o '{"id":5,"category_id":1,"iscrowd":0}
{"id":1,"category_id":1,"bbox":[0,0,2,2],"area":3,"iscrowd":0}
{"id":300,"category_id":2,"bbox":[1,2,3,1],"area":3,"iscrowd":0}' \
	-I three.ndjson decoded --min-area 3 --segmentation none
check 'members that a model left are not taken for ours' \
	-o '{"id":5,"area":2,"bbox":[3,0,1,2],"iscrowd":0,"isthing":true}
{"id":2,"area":null,"bbox":null,"iscrowd":0}' -E '*without a pixel: 2' \
	-i "$(record '[{"id":5,"area":99,"bbox":[0,0,9,9],"iscrowd":1,"isthing":true},{"id":2,"area":9,"bbox":[1,1,3,3]}]')" \
	decoded --segmentation none --unlisted ignore

check 'keys spelt with escapes are keys' \
	-o '{"id":5,"\u0061rea":2,"bbox":[3,0,1,2],"iscrowd":0}' \
	-i "$(record '[{"id":5,"\u0061rea":9}]')" \
	"seg-decode --segmentation none --unlisted ignore |
	grep -o '{\"id\":5[^}]*}'"

# iscrowd.
crowds()
{
	record "[{\"id\":5,\"attributes\":$1}]" |
		seg-decode --unlisted ignore ${2+--crowd-attribute "$2"} |
		jq -c "$annotations.iscrowd"
}
for value in '"1"' 1 true '"true"'; do
	check "is_crowd $value is a crowd" -o 1 crowds "{\"is_crowd\":$value}"
done
for value in '"0"' 0 false '""' null '[1]' '"no"'; do
	check "is_crowd $value is none" -o 0 crowds "{\"is_crowd\":$value}"
done
check 'without attributes there is none' -o 0 crowds null
check '--crowd-attribute names another' -o 1 \
	crowds '{"is_crowd":0,"group of":"1"}' 'group of'
check 'one that no annotation has is said' -o 0 \
	-e 'seg-decode: no annotation has the attribute group_of' \
	crowds '{"is_crowd":1,"group of":"1"}' group_of

# Bitmaps.
check 'alpha below 255 is said, and ignored' \
	-o '{"id":5,"bbox":[0,0,2,1],"area":2,"iscrowd":0}' \
	-e 'seg-decode: <stdin>:1: a.jpg: bitmap has 2 pixels that are not opaque' \
	-i "$(record '[{"id":5}]' '{"path":"thin.png"}')" \
	"echo 5 5 . | bitmap thin.png -a 7; decoded --segmentation none"
for form in '-c rgb' '-c palette' '-c palette -d 4'; do
	case $form in
	*palette*) said='seg-decode: bitmaps with a palette, whose colours are read as ids: 1' ;;
	*) said='' ;;
	esac
	check "a bitmap made smaller by $form is the same" -e "$said" \
		-O <(seg-decode three.ndjson) \
		-i "$(record "$three" '{"path":"a.png"}')" \
		"mkdir -p small; cd small; unpng ../a.png | bitmap a.png $form
		seg-decode"
done

# Grey levels where ids should be: ids only where no annotation has the colour.
check 'grey levels are ids where annotations have them' -o '[1,2]
[2,3]' -i "$(record '[{"id":2},{"id":1}]' '{"path":"grey.png"}')" \
	-e 'seg-decode: grey bitmaps: 1
seg-decode: bitmaps with grey levels where ids should be, read as ids: 1' \
	"echo 1 2 2 2 1 | bitmap grey.png -c grey
	seg-decode | jq -c '$annotations | [.id, .area]' | sort"
check 'also in a palette, and as often as there are' -o '2' \
	-i "$(for _ in 1 2 3; do record '[{"id":2}]' '{"path":"grey.png"}'; done)" \
	-E 'seg-decode: *lists: 1 (1 pixels)
seg-decode: bitmaps with a palette, *: 3
seg-decode: bitmaps with grey levels*: 3' \
	"echo 65793 131586 131586 | bitmap grey.png -c palette
	seg-decode -j 2 | jq '$annotations.area' | sort -u"
check 'a colour that is listed stays an id' -o '[65793,1]' \
	-i "$(record '[{"id":2},{"id":65793}]' '{"path":"grey.png"}')" \
	-E '*1 annotation without a pixel: 2*1 id in the bitmap * 131586 (2 pixels)' \
	"echo 65793 131586 131586 | bitmap grey.png
	seg-decode | jq -c '$annotations | select(.area) | [.id, .area]'"
check 'grey levels that nobody has fail' -s 1 \
	-E '*a.jpg: ids of the bitmap look like grey levels, but annotations have neither the ids (65793, ...) nor the levels (1, ...)
seg-decode: grey bitmaps: 1' \
	-i "$(record '[{"id":7}]' '{"path":"grey.png"}')" \
	"echo 1 2 2 | bitmap grey.png -c grey; seg-decode > out"

# What is odd, said once a run.
for _ in 1 2; do record "$three" '{"path":"odd.png"}'; done > odd.ndjson
# shellcheck disable=SC2016
check 'of an animated PNG the first image is read' -o 2 \
	-e 'seg-decode: animated bitmaps, of which the first image is read: 2' \
	-I odd.ndjson \
	'perl -MCompress::Raw::Zlib -0777 -ne '\''$c = "acTL\0\0\0\1\0\0\0\0";
	print substr($_, 0, 33), pack("N", 8), $c, pack("N", crc32($c)),
	substr($_, 33)'\'' a.png > odd.png; seg-decode | grep -c \"921\"'
check 'bytes behind a PNG are said' -o 2 \
	-e 'seg-decode: bitmaps with bytes behind their end: 2' \
	-I odd.ndjson \
	'{ cat a.png; echo more; } > odd.png; seg-decode | grep -c \"921\"'

# A label's budget: a checkerboard has as many runs as it can have.
awk 'BEGIN { for (y = 0; y < 300; y++) { for (x = 0; x < 300; x++)
	printf "%s ", (x + y) % 2 ? "7" : "."; print "" } }' | bitmap check.png
{
	record '[{"id":7}]' '{"path":"check.png"}'
	cat three.ndjson
} > budget.ndjson
check 'a label beyond --max-label fails, the next is done' -s 1 -o '[null,2]' \
	-e 'seg-decode: <stdin>:1: a.jpg: bitmap: more than 16384 runs; --max-label allows more' \
	-I budget.ndjson \
	'set -o pipefail; seg-decode --max-label 1M | jq -c ".label.attributes.annotations[0].area" |
	jq -sc .'
check 'so does an outline' -s 1 \
	-e 'seg-decode: <stdin>:1: a.jpg: the outline of id 7 has too many corners; --max-label allows more' \
	-I budget.ndjson 'seg-decode --max-label 3M --segmentation polygon > out'
check 'a larger one is decoded' -I budget.ndjson \
	'seg-decode --segmentation polygon > out'
check 'a decoded record keeps to --max-record' -s 1 \
	-E '*a.jpg: decoded, the record has more than 9000 bytes; --max-record *' \
	-I budget.ndjson 'seg-decode --max-record 9000 > out'
check 'a drawing keeps to --max-label, too' -s 1 \
	-E '*annotation no. 1 has more than 4 points; --max-label allows more' \
	-i "$(drawn '[{"type":"polyline","points":[[1,1],[2,1],[3,1],[4,1],[5,1]]}]')" \
	'seg-decode --max-label 1k > out'
check 'up to as many points as it allows' \
	-i "$(drawn '[{"type":"polyline","points":[[1,1],[2,1],[3,1],[4,1]]}]')" \
	'seg-decode --max-label 1k > out'

check '16 bits are refused (D26)' -s 1 -E '*bitmap: *16*' \
	-i "$(record '[]' '{"path":"deep.png"}')" \
	"echo 5 | bitmap deep.png -d 16 -l 9; seg-decode > out"
check 'what a record before has asked for is not told of the next' -s 1 -E '*' \
	-o '{"program":"seg-decode","message":"bitmap: failed to connect to 127.0.0.1 port 1*","url":"http://127.0.0.1:1/a.png"}
{"program":"seg-decode","message":"annotations without a bitmap, and without points"}
{"program":"seg-decode","message":"bitmap: not a URL; for one that is relative use --base"}
{"program":"seg-decode","message":"bitmap: none.png: No such file or directory"}' \
	'(record "[]" "{\"url\":\"http://127.0.0.1:1/a.png\"}"
	record "[{\"id\":1}]" "{\"url\":null}"
	record "[{\"id\":1}]" "{\"url\":\" \"}"
	record "[{\"id\":1}]" "{\"path\":\"none.png\"}") | seg-decode -j1 | jq -c .error |
	sed "s/port 1 [^\"]*/port 1*/"; exit ${PIPESTATUS[1]}'
for _ in {1..300}; do
	record '[]' '{"url":"http://127.0.0.1:1/a.png"}'
done > failing
for jobs in 1 2 8; do
	check "-j$jobs: an operand that is not there is told in its place" -s 2 \
		-E "seg-decode: failing:1: *
seg-decode: failing:300: a.jpg: bitmap: not fetched yet, and --offline
seg-decode: none: No such file or directory
seg-decode: 300 records in, *" \
		"seg-decode -j$jobs --offline failing none failing > out"
done
check '--max-pixels refuses larger ones' -s 1 \
	-E '*bitmap: 4 x 3 is more than 11 pixels; --max-pixels allows more' \
	-I three.ndjson 'seg-decode --max-pixels 11 > out'
check 'and takes those of just as many' \
	-I three.ndjson 'seg-decode --max-pixels 12 > out'
check 'a file that is no PNG fails' -s 1 -E '*a.jpg: bitmap: *PNG*' \
	-i "$(record '[]' '{"path":"text.png"}')" \
	'echo hello > text.png; seg-decode > out'
check 'a kind of image that is known is named' -s 1 \
	-e 'seg-decode: <stdin>:1: a.jpg: bitmap: is WebP, not a PNG' \
	-i "$(record '[]' '{"path":"web.png"}')" \
	"printf 'RIFF\\4\\0\\0\\0WEBP' > web.png; seg-decode > out"
check 'a bitmap that is not there fails, in the record, too' -s 1 \
	-e 'seg-decode: <stdin>:1: a.jpg: bitmap: no.png: No such file or directory' \
	-o '"bitmap: no.png: No such file or directory"' \
	-i "$(record '[]' '{"path":"no.png"}')" 'set -o pipefail; decoded'
check 'a bitmap of another size than its image is said' \
	-e 'seg-decode: <stdin>:1: a.jpg: bitmap has 4 x 3 pixels, the image 6 x 4' \
	-o '[4,3]' -i "$(record "$three" '{"path":"a.png"}' '{"path":"six.png"}')" \
	"seg-decode | jq -c '.attributes.image | [.width, .height]'"
check 'also where the record tells the size' -E '*the image 3 x 4' \
	-i "$(record "$three" '{"path":"a.png"}' '{"width":3,"height":4}')" \
	'seg-decode > out'
check 'an image that cannot be measured is no matter here' \
	-i "$(record "$three" '{"path":"a.png"}' '{"path":"text.png"}')" \
	'seg-decode > out'
check 'a record without an image gets one' -o '{"width":4,"height":3}' \
	-i '{"name":"a","attributes":null,"label":{"attributes":{"annotations":[{"id":5}],"segmentation_bitmap":{"path":"a.png"}}},"release":{}}' \
	"seg-decode --unlisted ignore | jq -c .attributes.image"

# Where bitmaps come from.
for url in null '""'; do
	bitmap="{\"url\":$url}"
	check "bitmap url $url: annotations cannot be decoded (D40)" -s 1 \
		-e 'seg-decode: <stdin>:1: a.jpg: annotations without a bitmap, and without points' \
		-i "$(record '[{"id":1}]' "$bitmap")" 'seg-decode > out'
	check "bitmap url $url: no annotations, a negative" -o '[6,4]' \
		-i "$(record '[]' "$bitmap" '{"path":"six.png"}')" \
		"seg-decode | jq -c '.attributes.image | [.width, .height]'"
done
check 'so it is without segmentation_bitmap' -s 1 \
	-E '*annotations without a bitmap*' \
	-i '{"label":{"attributes":{"annotations":[{"id":1}]}},"release":{}}' \
	'seg-decode > out'
check 'a negative needs an image' -s 1 \
	-e 'seg-decode: <stdin>:1: no image to learn the size from' \
	-i '{"label":{"attributes":{"annotations":[]}},"release":{}}' 'seg-decode > out'
check 'a path for a URL is called so' -s 1 \
	-e 'seg-decode: <stdin>:1: a.jpg: bitmap: ./labels/1.png: not a URL; for one that is relative use --base' \
	-o '{"program":"seg-decode","message":"bitmap: ./labels/1.png: not a URL; for one that is relative use --base","url":"./labels/1.png"}' \
	-i "$(record '[]' '{"url":"./labels/1.png"}')" \
	'set -o pipefail; seg-decode | jq -c .error'
check '--offline asks nobody' -s 1 \
	-e 'seg-decode: <stdin>:1: a.jpg: bitmap: not fetched yet, and --offline' \
	-i "$(record '[]' '{"url":"http://127.0.0.1:1/a.png"}')" \
	'seg-decode --offline > out'
for way in '-d' '--directory'; do
	check "$way says where seg-fetch has put files" \
		"seg-samples '$DEMO/release.json' |
		seg-decode --offline $way '$DEMO/segments' 2> /dev/null |
		cmp - rle.ndjson"
done
check 'so does SEGMENTS_DIR' \
	"seg-samples '$DEMO/release.json' | SEGMENTS_DIR='$DEMO/segments' \
	seg-decode --offline 2> /dev/null | cmp - rle.ndjson"

# Nothing to decode.
for label in null '{}' '{"attributes":null}' '{"attributes":{}}'; do
	check "label $label passes as it came" \
		-i "{\"name\":\"a\", \"label\":$label,\"release\":{}}" \
		-o "{\"name\":\"a\", \"label\":$label,\"release\":{}}" seg-decode
done
check 'a sequence is not decoded' -s 1 \
	-E '*a label without annotations of its own, such as a sequence*' \
	-i '{"label":{"attributes":{"frames":[{"annotations":[]}]}},"release":{}}' \
	'seg-decode > out'

# Vector labels.
check 'a box: its corners in any order' \
	-i "$(drawn '[{"type":"bbox","points":[[30.5,4],[10,20.25]]}]')" \
	-o '{"type":"bbox","points":[[30.5,4],[10,20.25]],"bbox":[10,4,20.5,16.25],"area":333.125,"iscrowd":0}' \
	decoded
check 'a polygon: its area by the shoelace formula, its numbers as spelt' \
	-i "$(drawn '[{"type":"polygon","points":[[1.0,2],[11,2.50],[1e0,12]]}]')" \
	-o '"bbox":[1,2,10,10],"area":50,"segmentation":[[1.0,2,11,2.50,1e0,12]],"iscrowd":0' \
	"seg-decode | grep -o '\"bbox\":.*\"iscrowd\":0'"
check 'decimal fractions stay decimal' -o '[8.04,1,31.66,9.1]' \
	-i "$(drawn '[{"type":"bbox","points":[[8.04,1],[39.7,10.1]]}]')" \
	"decoded | jq -c .bbox"
check 'a line: its box, no segmentation' \
	-i "$(drawn '[{"type":"polyline","points":[[3,4],[9,1],[5,8]]}]')" \
	-o '[[3,1,6,7],42,null]' \
	"decoded | jq -c '[.bbox, .area, .segmentation]'"
check 'a straight line is a pixel wide' \
	-i "$(drawn '[{"type":"polyline","points":[[3,4.5],[9,4.5]]}]')" \
	-o '[[3,4,6,1],6]' "decoded | jq -c '[.bbox, .area]'"
check 'a point: a keypoint in its pixel' \
	-i "$(drawn '[{"type":"point","points":[[7.25,0]]}]')" \
	-o '[[7,0,1,1],1,[7.25,0,2],1,0]' \
	"decoded | jq -c '[.bbox, .area, .keypoints, .num_keypoints, .iscrowd]'"
for crowd in 1 1.0 10e-1 '"1"' '"1.0"' true '"true"' 0 0.0 '"0"' false null 2; do
	check "is_crowd $crowd" -o "$(case $crowd in *1*|*true*) echo 1 ;; *) echo 0 ;; esac)" \
		-i "$(drawn "[{\"type\":\"bbox\",\"points\":[[1,1],[2,2]],\"attributes\":{\"is_crowd\":$crowd}}]")" \
		'decoded | jq .iscrowd'
done
check 'a crowd may be drawn, too' -o 1 \
	-i "$(drawn '[{"type":"bbox","points":[[1,1],[2,2]],"attributes":{"is_crowd":"1"}}]')" \
	'decoded | jq .iscrowd'
check '--segmentation none leaves out polygons' -o null \
	-i "$(drawn '[{"type":"polygon","points":[[1,2],[11,2],[1,12]]}]')" \
	'decoded --segmentation none | jq -c .segmentation'
check '--min-area is for what has an area' -o '[null,4,1]' \
	-i "$(drawn '[{"type":"bbox","points":[[1,1],[2,2]]},{"type":"bbox","points":[[1,1],[3,3]]},{"type":"point","points":[[1,1]]}]')" \
	'decoded --min-area 4 | jq .area | jq -sc .'
for shape in '{"type":"polygon","points":[[1,1],[2,2]]}' \
	'{"type":"polygon","points":[[1,1],[2,2],[3,3]]}' \
	'{"type":"bbox","points":[[1,1],[1,9]]}' '{"type":"bbox","points":[]}' \
	'{"type":"polyline","points":[[1,1]]}' '{"type":"point","points":[]}'; do
	type=${shape#*:\"}
	check "$shape covers nothing, and is said" \
		-E "seg-decode: <stdin>:1: a.jpg: annotation no. 1: a ${type%%\"*} of * covers nothing, is left without geometry" \
		-o "${shape%\}},\"iscrowd\":0}" -i "$(drawn "[$shape]")" decoded
done
for points in null '{}' '[1,2]' '[[1]]' '[[1,2,3]]' '[["1",2]]' '[[1e400,2]]' \
	'[[1,1e10]]' '[[1e308,-1e308]]' '[{"x":1,"y":2}]'; do
	check "points $points: that annotation is left out, and said" \
		-E '*a.jpg: annotation no. 2 (id 7): a point whose points are no list of *, is left without geometry' \
		-o '[[1,1,1,1],null]' \
		-i "$(drawn "[{\"type\":\"point\",\"points\":[[1,1]]},{\"type\":\"point\",\"id\":7,\"points\":$points}]")" \
		'decoded | jq .bbox | jq -sc .'
done
check 'so is one of a type not known' -o '{"type":"cuboid","points":[[1,2]],"iscrowd":0}' \
	-e 'seg-decode: <stdin>:1: a.jpg: annotation no. 1: of type "cuboid", which is not bbox, polygon, polyline or point, is left without geometry' \
	-i "$(drawn '[{"type":"cuboid","points":[[1,2]]}]')" decoded
check 'of none' -E '*annotation no. 2: without a type, is left without*' \
	-o '[[1,2,1,1],null]' \
	-i "$(drawn '[{"type":"point","points":[[1,2]]},{"points":[[1,2]]}]')" \
	'decoded | jq .bbox | jq -sc .'
check 'and of nothing' -E '*annotation no. 1: without a type, is left without*' \
	-o '{"iscrowd":0}
[1,2,1,1]' \
	-i "$(drawn '[{},{"type":"point","points":[[1,2]]}]')" \
	'decoded | jq -c ".bbox // ."'
check 'a point of two points is said' -o '[null,null]' \
	-E '*annotation no. 1: a point of 2 points, where one is meant, is left without geometry' \
	-i "$(drawn '[{"type":"point","points":[[1,2],[3,4]]}]')" \
	'decoded | jq -c "[.bbox, .keypoints]"'
check 'annotations without points and bitmap fail' -s 1 \
	-E '*annotations without a bitmap, and without points' \
	-i "$(drawn '[{"type":"polygon"},{"id":1}]')" 'seg-decode > out'

# area POINTS: the area and box of a polygon.
area()
{
	# shellcheck disable=SC2119
	drawn "[{\"type\":\"polygon\",\"points\":$1}]" | decoded | jq -c '[.area, .bbox]'
}
check 'the area of a bow is that of both halves' \
	-o '[450,[0,0,30,30]]' area '[[0,0],[30,30],[30,0],[0,30]]'
check 'also where one is larger' \
	-o '[227.777778,[0,0,20,25]]' area '[[0,0],[20,20],[20,0],[0,25],[0,0]]'
check 'an outline drawn twice covers nothing' -o '[null,null]' \
	-E '*a polygon of 8 points, which covers nothing, is left without geometry' \
	area '[[1,1],[9,1],[9,7],[1,7],[1,1],[9,1],[9,7],[1,7]]'
check 'a ring in a ring is a hole' -o '[72,[0,0,9,9]]' \
	area '[[0,0],[9,0],[9,9],[0,9],[0,0],[3,3],[3,6],[6,6],[6,3],[3,3]]'

# What is drawn beyond the image, which is 40 x 30.
clipped()
{
	# shellcheck disable=SC2119
	drawn "[{\"id\":3,\"type\":\"$1\",\"points\":$2}]" | decoded |
		jq -c '[.bbox, .area, .segmentation, .keypoints, .num_keypoints]'
}
beyond='seg-decode: annotations reach beyond their image and are clipped: 1'
check 'a polygon is clipped to its image' \
	-e "$beyond" \
	-o '[[30,20,10,10],50,[[40,20,40,30,30,30]],null,null]' \
	clipped polygon '[[50,10],[50,30],[30,30]]'
check 'also one that crosses itself' \
	-e "$beyond" \
	-o '[[0,0,20,10],116.666667,[[10,0,0,0,0,10,20,0,20,10]],null,null]' \
	clipped polygon '[[0,-10],[0,10],[20,0],[20,10]]'
check 'one around the image is all of it' \
	-e "$beyond" \
	-o '[[0,0,40,30],1200,[[0,30,0,0,40,0,40,30]],null,null]' \
	clipped polygon '[[-1,-1],[99,-1],[99,99],[-1,99]]'
check 'what is within keeps its spelling' \
	-o '[[0,0,40,30],600,[[0,0.0,40,0,4e1,30]],null,null]' \
	"drawn '[{\"type\":\"polygon\",\"points\":[[0,0.0],[40,0],[4e1,30]]}]' |
	seg-decode | grep -o '\"segmentation\":[^}]*\]\]' | sed 's/.*:\(.*\)/[[0,0,40,30],600,\1,null,null]/'"
check 'a box is' -e "$beyond" -o '[[0,10,5,20],100,null,null,null]' \
	clipped bbox '[[-5,10],[5,1e6]]'
check 'a line is' -e "$beyond" -o '[[0,5,40,1],40,null,null,null]' \
	clipped polyline '[[-9,5],[99,5]]'
check 'where it comes back, too' -e "$beyond" -o '[[10,0,20,8],160,null,null,null]' \
	clipped polyline '[[10,8],[10,-5],[30,-5],[30,3]]'
check 'what is beyond by less than a pixel is not worth a word' \
	-o '[[0,0,40,30],600,[[0,0,40,0,40,30]],null,null]' \
	clipped polygon '[[-0.8,-0.6],[40,-0.6],[40,30]]'
check 'a point on the edge is in the last pixel' \
	-o '[[39,29,1,1],1,null,[40,30,2],1]' clipped point '[[40,30]]'
for points in polygon:'[[41,0],[50,0],[50,20]]' bbox:'[[-9,1],[-1,9]]' \
	bbox:'[[40,1],[50,9]]' polyline:'[[-1,1],[-1,50],[41,50]]' \
	polygon:'[[0,-1],[-1,-1],[-1,31],[0,31]]'; do
	check "$points is outside, and said" -o '[null,null,null,null,null]' \
		-E "seg-decode: <stdin>:1: a.jpg: annotation no. 1 (id 3): a ${points%%:*} of * points, which is outside the image, is left without geometry" \
		clipped "${points%%:*}" "${points#*:}"
done
check 'a point outside is not visible' -o '[null,null,null,[0,0,0],0]' \
	-E '*annotation no. 1 (id 3): a point of 1 point, which is outside the image, is left without geometry' \
	clipped point '[[-1,5]]'

# The image's size, for labels without a bitmap. The JPEG is turned: a viewer
# shows 300 x 200, its file has 200 x 300 (D28, D29).
printf '\377\330\377\341\0\042Exif\0\0MM\0\052\0\0\0\010\0\1\1\022\0\3\0\0\0\1\0\6\0\0\0\0\0\0\377\300\0\013\010\1\054\0\310\1\1\021\0\377\331' \
	> turned.jpg
size_of()
{
	printf '{"name":"a","attributes":{"image":%s},"label":{"attributes":%s},"release":{}}\n' \
		"$1" '{"annotations":[{"type":"point","points":[[1,1]]}]}' |
		seg-decode | jq -c '.attributes.image | [.width, .height]'
}
check "a PNG's size" -o '[6,4]' size_of '{"path":"six.png"}'
check "a JPEG's size is as it is shown" -o '[300,200]' \
	size_of '{"path":"turned.jpg"}'
check 'a size the record tells is taken' -o '[7,9]' \
	size_of '{"path":"six.png","width":7,"height":9}'
for size in '0,"height":9' '1.5,"height":9' '"7","height":9' '7'; do
	check "width $size is none" -o '[6,4]' \
		size_of "{\"path\":\"six.png\",\"width\":$size}"
done
check 'what is no image fails' -s 1 -E '*image: *' \
	-o '[null,null]' "set -o pipefail; size_of '{\"path\":\"text.png\"}'"

# Again: what is there stays, another form takes its place.
seg-decode three.ndjson > decoded.ndjson
check 'a second run changes nothing' -O decoded.ndjson \
	-I decoded.ndjson seg-decode
check 'and needs no bitmap' -O <(sed s/a.png/gone.png/ decoded.ndjson) \
	'sed s/a.png/gone.png/ decoded.ndjson | seg-decode'
record '[{"id":2},{"id":5}]' > empty.ndjson
check 'nor where annotations have no geometry' \
	-E '*without a pixel: 2' \
	'seg-decode --min-area 9 --unlisted ignore empty.ndjson |
	sed s/a.png/gone.png/ | seg-decode > out'
for form in 'rle' 'counts' 'polygon' 'polygon --report-iou' 'none'; do
	check "--segmentation $form twice changes nothing" \
		"seg-decode --segmentation $form three.ndjson > once
		seg-decode --segmentation $form once | cmp - once"
done
check 'another form takes its place' \
	-O <(seg-decode --segmentation counts three.ndjson) \
	-I decoded.ndjson seg-decode --segmentation counts
check 'what the new form has not is null' \
	-o '[null,null,2]' \
	"seg-decode --segmentation polygon --report-iou three.ndjson |
	seg-decode --segmentation none |
	jq -c '$annotations | [.segmentation, .iou, .area]' | head -n 1"

# Workers.
for _ in $(seq 1 40); do cat three.ndjson empty.ndjson; done > many.ndjson
for jobs in 1 2 5; do
	seg-decode -q -j $jobs many.ndjson > many.$jobs 2> many.$jobs.err
done
ok '-j 2 gives the same bytes as -j 1' cmp many.1 many.2
ok 'so does -j 5' cmp many.1 many.5
ok 'and messages in the same order' cmp many.1.err many.5.err
ok 'which are some' test "$(wc -l < many.1.err)" = 22
check '--jobs is -j' 'seg-decode --jobs 3 many.ndjson 2> /dev/null | cmp - many.1'

# Streams.
failed='{"name":"a","label":{"attributes":{"annotations":[{"id":1}]}},"error":{"program":"seg-fetch","message":"no"},"release":{}}'
check 'a record with an error passes as it came' -i "$failed" -o "$failed" \
	seg-decode
check 'no input, no output' seg-decode
check 'a last line without newline' -o '{"name":"a","label":null,"release":{}}' \
	"printf '{\"name\":\"a\",\"label\":null,\"release\":{}}' | seg-decode"
check 'a broken line ends in 2, the others are done' -s 2 \
	-e 'seg-decode: <stdin>:2: byte 1 of the line: '"'{' expected" \
	-o '{"label":null,"release":{}}
{"error":{"program":"seg-decode","message":"byte 1 of the line: '"'{' expected"'"}}
{"label":null,"release":{}}' -i '{"label":null,"release":{}}
hello
{"label":null,"release":{}}' seg-decode
check 'a label that is not JSON fails' -s 1 -E '*a: not JSON inside: *' \
	-i '{"name":"a","label":{"attributes":{"annotations":[tru]}},"release":{}}' \
	'seg-decode > out'
check 'a missing file ends in 2' \
	-o '{"error":{"program":"seg-decode","message":"input cannot be read"}}' -s 2 \
	-e 'seg-decode: no.ndjson: No such file or directory' \
	seg-decode no.ndjson
check 'a full disk ends in 2' -s 2 \
	-e 'seg-decode: <stdout>: No space left on device' \
	-I three.ndjson 'seg-decode > /dev/full'
check 'a closed stdout ends in 2' -s 2 -E 'seg-decode: <stdout>: *' \
	-I three.ndjson 'seg-decode >&-'
signalled 'a reader that goes away ends it' -o '141 0' \
	'for i in 1 2 3 4 5 6 7 8; do cat many.ndjson; done |
	seg-decode --unlisted ignore 2> /dev/null | true
	set -- "${PIPESTATUS[@]}"; echo "$2 $3"'
check '--max-record refuses longer lines' \
	-o '{"error":{"program":"seg-decode","message":"input cannot be read"}}' -s 2 -E 'seg-decode: *' \
	-I three.ndjson seg-decode --max-record 100
check 'an unknown option ends in 2' -s 2 \
	-E "seg-decode: unknown option: --no$usage" seg-decode --no
for option in '--jobs 0' '--segmentation png' '--simplify -1' '--min-area x' \
	'--unlisted no' '--max-pixels 0' '--max-record 1x'; do
	check "$option is wrong usage" -s 2 -E "seg-decode: --*: not *$usage" \
		"seg-decode $option"
done

# A ranged GET: no more than the first bytes of an image.
mkdir web
seq 100000 | cat six.png - > web/large.png
cp a.png web/a.png
serve web
check 'the size of an image is asked for by its first bytes' -o '[6,4]' \
	size_of "{\"url\":\"$URL/large.png\"}"
check 'of which no more are sent' -o 'GET /large.png 206' requests
check 'a bitmap that is not here is fetched' \
	-O <(seg-decode three.ndjson | jq -c "$annotations") \
	-i "$(record "$three" "{\"url\":\"$URL/a.png\"}")" decoded
check 'an error of the server is told' -s 1 -E '*bitmap: *404*' \
	-o "$URL/no.png" -i "$(record "$three" "{\"url\":\"$URL/no.png\"}")" \
	'set -o pipefail; seg-decode | jq -r .error.url'

done_testing
