#!/usr/bin/env bash
# tests/bench/mask.sh [LABELS [TURNS]]: milliseconds a megapixel on one thread,
# decoding included, best of TURNS (5) less the time to start: seg-mask's maps
# and seg-coco --panoptic of LABELS (50) bitmaps of 2 megapixels, with smooth
# outlines and with ragged ones, beside what Pillow's PNG takes in bytes; then
# maps of small images, where files cost as much as pixels, into memory, as some
# file systems take half a millisecond to make a file; then overlays over JPEG
# images, and what two threads gain. Nothing here is a test.

SEGTOOLS_SECONDS=${SEGTOOLS_SECONDS-3000}
export SEGTOOLS_SECONDS
. "${0%/*}/../lib.sh"
. "$ROOT/tests/bench/bench.bash"
need jq perl

labels=${1-50}
turns=${2-5}
megapixels=$(of "$labels * 1920 * 1080 / 1000000")

# records KIND NUMBER: so many into KIND.ndjson, with the bitmap KIND.png.
records()
{
	local ids
	ids=$(bitmap_masks '' "$1.png" | cut -f 2 | jq -sc 'map({id: .,
		category_id: (1 + . % 5)})')
	jq -cn --argjson ids "$ids" --arg kind "$1" --argjson n "$2" '
		range(1; $n + 1) as $i | {
			index: $i, name: "\($i).jpg",
			attributes: {image: {path: "\($i).jpg"}},
			label: {attributes: {annotations: $ids,
				segmentation_bitmap: {path: "\($kind).png"}}},
			release: {categories: [range(1; 6) |
				{id: ., name: "\(.)"}]}}' > "$1.ndjson"
}

draw 10 > ragged.png
RAGGED=0 draw 10 > smooth.png
RAGGED=0 draw 4 > small.png
records ragged "$labels"
records smooth "$labels"
records small $((20 * labels))

# rate NAME COMMAND: what it takes a megapixel.
rate()
{
	local name=$1 seconds
	shift
	rm -rf tree
	seconds=$(best "$@")
	echo "  $name $(of "1000 * ($seconds - $start) / $megapixels") ms/MP"
}

start=$(best seg-mask -t tree /dev/null --allow-empty)
for kind in smooth ragged; do
	echo "$labels labels of 2 megapixels, $kind outlines:"
	for map in semantic instance color; do
		rate "$map" seg-mask -q -j 1 -t tree --kind $map $kind.ndjson
	done
	rate 'panoptic' seg-coco -q -j 1 --panoptic -t tree $kind.ndjson
	rate 'semantic, -j 2' seg-mask -q -j 2 -t tree $kind.ndjson
	if [ -x "$ROOT/build/judges/bin/python" ]; then
		seg-mask -q -t tree $kind.ndjson > out 2> err
		"$ROOT/build/judges/bin/python" -c '
import io, os, sys
from PIL import Image
to = io.BytesIO()
Image.open(sys.argv[1]).save(to, "PNG")
print(f"  {os.path.getsize(sys.argv[1])} bytes,",
      f"{os.path.getsize(sys.argv[1]) / len(to.getvalue()):.2f} of Pillow")' \
			tree/1.png
	fi
done

if memory=$(mktemp -d /dev/shm/bench.XXXXXX); then
	echo "$((20 * labels)) labels of a third of a megapixel:"
	two=$megapixels
	megapixels=$(of "20 * $labels * 768 * 432 / 1000000")
	rate 'semantic' sh -c "rm -rf '$memory/tree'
		exec seg-mask -q -j 1 -t '$memory/tree' small.ndjson"
	megapixels=$two
	rm -rf "$memory"
fi

python=$ROOT/build/judges/bin/python
[ -x "$python" ] || exit 0
"$python" -c '
import numpy as np
from PIL import Image
rng = np.random.default_rng(1)
# Light and texture of a photograph: noise of every size.
image = np.zeros((1080, 1920, 3))
for size in (8, 32, 128, 540):
    part = rng.normal(0, 60, (1080 // size + 2, 1920 // size + 2, 3))
    part = np.stack([np.asarray(Image.fromarray(part[..., k].astype("f"))
        .resize((1920, 1080), Image.BICUBIC)) for k in range(3)], -1)
    image += part / (3 if size < 100 else 1)
image += rng.normal(0, 3, image.shape)
Image.fromarray((128 + image).clip(0, 255).astype("u1")).save("photo.jpg",
    quality=90)'
for i in $(seq "$labels"); do ln photo.jpg "$i.jpg"; done
echo "overlays over a JPEG of $(wc -c < photo.jpg) bytes:"
for jobs in 1 2; do
	rate "-j $jobs" seg-mask -q -j $jobs -t tree --kind overlay smooth.ndjson
done
