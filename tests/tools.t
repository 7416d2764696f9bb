#!/usr/bin/env bash
# The tests' own tools, which everything else is held against.

. "${0%/*}/lib.sh"
need jq

cat > grid <<'END'
1 1 . 300 300
1 . . 300 16711680
7 7 7 . 16777215
END

for filter in none sub up average paeth each; do
	for colour in rgba rgb palette; do
		check "$colour with filter $filter gives the ids back" \
			-O grid "mkpng -f $filter -c $colour < grid | unpng"
	done
done
check 'the form of a PNG is told' \
	-o '5x3 colour 6 depth 8 filter sub idat 9' \
	'mkpng -z 9 < grid | unpng -i'
check '16 bits give the high byte' -O grid 'mkpng -d 16 -l 9 < grid | unpng'
check 'a palette of 4 bits' -O grid 'mkpng -c palette -d 4 < grid | unpng'
check 'a number is a square of pixels' -i '1 .' -o '1 1 . .
1 1 . .' 'mkpng -x 2 | unpng'
check 'ids as raw numbers' -o '1 300' "printf '\1\0\0\0\54\1\0\0' |
	mkpng -w 2 | unpng"
check 'alpha is of the labelled pixels' -i '5 .' -o '5 0 0 9 0 0 0 255' \
	'mkpng -a 9 | unpng -p | od -An -tu1 | xargs'
check 'each id has its area, box and checksum' -i '1 . 1
. 2 2' -o '1 2 0 0 3 1
2 2 1 1 2 1' "mkpng | unpng -m | tr '\t' ' ' | cut -d ' ' -f 1-6"
check 'a damaged PNG is refused' -s 2 \
	-e "test tool: a chunk's checksum is wrong" \
	'mkpng < grid | sed s,sRGB,sRGA, | unpng'

# Segmentations of a grid of 3 x 3; the compressed ones are those that
# pycocotools writes (formats.md 3.2).
fills()
{
	check "$1" -i "5	3	3	$2" -o "$3" cocomask -g
}
fills 'compressed RLE, a pixel' '{"size":[3,3],"counts":"018"}' '5 . .
. . .
. . .'
fills 'compressed RLE, all' '{"size":[3,3],"counts":"09"}' '5 5 5
5 5 5
5 5 5'
fills 'compressed RLE, none' '{"size":[3,3],"counts":"9"}' '. . .
. . .
. . .'
fills 'compressed RLE, smaller and smaller' \
	'{"size":[3,3],"counts":"143M"}' '. 5 .
5 5 .
5 . 5'
fills 'plain RLE goes down the columns' \
	'{"size":[3,3],"counts":[1,3,5]}' '. 5 .
5 . .
5 . .'
fills 'a polygon has the pixels whose middle it holds' \
	'[[0,0,2,0,2,2,0,2]]' '5 5 .
5 5 .
. . .'
fills 'parts are united' '[[0,0,1,0,1,1,0,1],[2,2,3,2,3,3,2,3]]' '5 . .
. . .
. . 5'
fills 'a part is even-odd: a keyhole leaves its hole' \
	'[[0,0,3,0,3,3,0,3,0,0,1,1,1,2,2,2,2,1,1,1]]' '5 5 5
5 . 5
5 5 5'
check 'RLE of another size is refused' -s 2 \
	-e 'test tool: RLE of another size' \
	-i '5	3	3	{"size":[3,4],"counts":"9"}' cocomask
check 'RLE that ends early is refused' -s 2 \
	-e 'test tool: RLE ends before its mask' \
	-i '5	3	3	{"size":[3,3],"counts":"8"}' cocomask
check 'RLE that runs over is refused' -s 2 \
	-e 'test tool: a run does not fit the mask' \
	-i '5	3	3	{"size":[3,3],"counts":"0:"}' cocomask

# One bitmap, as records and as COCO would have it.
bitmap b.png <<'END'
1 1 .
. 2 2
END
printf '%s\t%s\t%s\t%s\n' a.png 1 '2 0 0 2 1' '2 0 0 2 1 47fe5bb6' \
	a.png 2 '2 1 1 2 1' '2 1 1 2 1 dfdea074' > masks
check 'masks of a bitmap' -O masks bitmap_masks a.png b.png
check 'masks of a record' -O masks -i '{"name":"a.png",
	"attributes":{"image":{"width":3,"height":2}},
	"label":{"attributes":{"annotations":[
	{"id":1,"area":2,"bbox":[0,0,2,1],
	"segmentation":{"size":[2,3],"counts":[0,1,1,1,3]}},
	{"id":2,"area":2,"bbox":[1,1,2,1],
	"segmentation":{"size":[2,3],"counts":[3,1,1,1]}},
	{"id":3}]}}}' record_masks
check 'masks of a COCO file' -O masks -i '{
	"images":[{"id":7,"file_name":"a.png","width":3,"height":2}],
	"annotations":[{"id":1,"image_id":7,"area":2,"bbox":[0,0,2,1],
	"segmentation":[[0,0,2,0,2,1,0,1]]},
	{"id":2,"image_id":7,"area":2,"bbox":[1,1,2,1],
	"segmentation":[[1,1,3,1,3,2,1,2]]}]}' coco_masks

if [ -e "$DATA/panoptic-real/expected-coco.json" ]; then
	jq -c '.. | objects | select(.segmentation? | objects | has("counts"))' \
		"$DATA/panoptic-real/expected-coco.json" > real
	jq -r '["\(.area)", .segmentation.size[1], .segmentation.size[0],
		(.segmentation | tojson)] | join("\t")' real |
		cocomask | tr '\t' ' ' | awk '$1 != $2' > differ
	ok 'RLE of COCO has the area that COCO states' \
		test -s real -a ! -s differ
else
	skip 'RLE of COCO has the area that COCO states' 'no real data here'
fi

done_testing
