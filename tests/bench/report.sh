#!/usr/bin/env bash
# tests/bench/report.sh [MEGABYTES [TURNS]]: seg-diff on two releases of
# MEGABYTES (250) of which each thousandth sample differs, beside reading them;
# seg-stat and seg-check on bitmaps of 2 megapixels, beside seg-decode, which
# reads the bitmaps as they do but writes RLE instead. Best of TURNS (3). Nothing
# here is a test.

SEGTOOLS_SECONDS=${SEGTOOLS_SECONDS-3000}
export SEGTOOLS_SECONDS
. "${0%/*}/../lib.sh"
. "$ROOT/tests/bench/bench.bash"
need jq perl

megabytes=${1-250}
turns=${2-3}

mkrelease bitmap compact "$megabytes" > old.json
perl -pe 's/"label_status":"REVIEWED"/++$n % 1000 ? $& : "\"label_status\":\"REJECTED\""/ge' \
	old.json > new.json

# Of which differences are no failure.
compare()
{
	seg-diff -q --exit-zero old.json new.json
}
# Both releases read, one after the other.
read_both()
{
	seg-samples -q old.json > /dev/null && seg-samples -q new.json > /dev/null
}

reading=$(best read_both)
comparing=$(best compare)
printf 'seg-diff, 2 x %s MB, %s changes: %s s, reading both %s s: %s as fast\n' \
	"$megabytes" "$(compare | wc -l)" "$comparing" "$reading" \
	"$(of "$reading / $comparing")"
samples=$(seg-samples -q old.json | wc -l)
peak memory seg-diff -q --exit-zero old.json new.json > out
echo "seg-diff, memory of $samples samples: $(cat memory) KiB"

draw 10 > label.png
ids=$(bitmap_masks '' label.png | cut -f 2 | jq -sc 'map({id: .,
	category_id: 1})')
seg-samples -q "$DEMO/release.json" | head -n 1 |
	jq -c --argjson ids "$ids" '.attributes.image = {path: "label.png"} |
		.label.attributes.segmentation_bitmap = {path: "label.png"} |
		.label.attributes.annotations = $ids' > one
for i in {1..200}; do
	sed "s/^/{\"index\":$i,\"uuid\":\"u$i\",\"name\":\"n$i\",/; s/{\"index\":0,\"uuid\":\"[^\"]*\",\"name\":\"[^\"]*\",//" one
done > records
decoding=$(best seg-decode -q -j1 records)
for program in 'seg-stat -q -j1' 'seg-check -q -j1 --fail-on never'; do
	# shellcheck disable=SC2086 # it is a command with its options
	took=$(best $program records)
	printf '%s, 200 bitmaps: %s s, seg-decode %s s: %s as fast\n' \
		"${program%% *}" "$took" "$decoding" "$(of "$decoding / $took")"
done
