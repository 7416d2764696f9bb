#!/usr/bin/env bash
# tests/bench/view.sh [SAMPLES [TURNS]]: pages of SAMPLES (1000) labels of 40
# instances on photos of 2 megapixels, JPEG and PNG: how long seg-view takes,
# how much memory, and what an image adds to a page. Nothing here is a test.

SEGTOOLS_SECONDS=${SEGTOOLS_SECONDS-3000}
export SEGTOOLS_SECONDS
. "${0%/*}/../lib.sh"
. "$ROOT/tests/bench/bench.bash"
need jq perl base64

samples=${1-1000}
turns=${2-3}

# A picture of soft colours with some grain, and the JPEG that seg-view makes of
# it as a thumbnail of its whole size.
perl -e 'srand 7;
	for my $y (0 .. 1079) {
		print pack "V*", map {
			my @c = (128 + 90 * sin($_ / 190 + $y / 400),
				128 + 90 * sin($_ / 310 - $y / 170),
				128 + 90 * cos($_ / 230 + $y / 90));
			my $grain = rand 24;
			$c[0] + $grain | ($c[1] + $grain) << 8 |
				($c[2] + $grain) << 16;
		} 0 .. 1919;
	}' | mkpng -w 1920 > photo.png
draw 10 > label.png
ids=$(bitmap_masks '' label.png | cut -f 2 | jq -sc 'map({id: .,
	category_id: 1})')
seg-samples -q "$DEMO/release.json" | head -n 1 |
	jq -c --argjson ids "$ids" '.attributes.image = {path: "photo.png"} |
		.label.attributes.segmentation_bitmap = {path: "label.png"} |
		.label.attributes.annotations = $ids' > one
seg-view -q --thumbs 1920 one | grep -o 'base64,[^"]*' | cut -c 8- |
	base64 -d > photo.jpg

# Names of their own, so that each is read.
mkdir files
for i in $(seq "$samples"); do
	ln label.png "files/$i.label.png"
	ln photo.jpg "files/$i.jpg"
	ln photo.png "files/$i.png"
done
for kind in jpg png; do
	for i in $(seq "$samples"); do
		jq -c --arg i "$i" --arg image "files/$i.$kind" '.uuid = "u" + $i |
			.attributes.image.path = $image |
			.label.attributes.segmentation_bitmap.path =
				"files/\($i).label.png"' one
	done > $kind.ndjson
done

start=$(best seg-view -q --allow-empty /dev/null)
echo "seg-view, $samples samples, $(jq length <<< "$ids") instances:" \
	"$(unpng -i label.png | cut -d ' ' -f 1)," \
	"$(($(wc -c < photo.jpg) / 1024)) KiB of JPEG," \
	"$(($(wc -c < photo.png) / 1024)) of PNG"
for kind in jpg png; do
	for jobs in 1 2; do
		seconds=$(best seg-view -q -j $jobs -o page.html $kind.ndjson)
		echo "  $kind -j $jobs   $(of "$seconds - $start") s"
	done
done
seconds=$(best seg-view -q --link -o link.html jpg.ndjson)
echo "  --link   $(of "$seconds - $start") s"
peak memory seg-view -q -j 2 -o page.html jpg.ndjson
echo "  memory $(of "$(cat memory) / 1024") MiB"
echo "  an image adds $(($(cat page*.html | wc -c) / samples)) bytes," \
	"with --link $(($(cat link*.html | wc -c) / samples))"
