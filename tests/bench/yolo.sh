#!/usr/bin/env bash
# tests/bench/yolo.sh [BYTES [TURNS]]: megabytes of decoded records a second that
# seg-yolo turns into NDJSON, best of TURNS (5): with masks as RLE and as
# polygons, for each task, on one thread and on two; then its memory for a
# thousand records and for a million. Nothing here is a test.

SEGTOOLS_SECONDS=${SEGTOOLS_SECONDS-3000}
export SEGTOOLS_SECONDS
. "${0%/*}/../lib.sh"
. "$ROOT/tests/bench/bench.bash"
need jq perl

bytes=${1-100000000}
turns=${2-5}

draw 10 > ragged.png
RAGGED=0 draw 10 > smooth.png
for kind in ragged smooth; do
	ids=$(bitmap_masks '' $kind.png | cut -f 2 | jq -sc 'map({id: .,
		category_id: 1})')
	jq -cn --argjson ids "$ids" --arg kind $kind '{index: 0, name: "a.jpg",
		attributes: {image: {url: "https://x.example/a.jpg"}},
		label: {attributes: {annotations: $ids,
			segmentation_bitmap: {path: "\($kind).png"}}},
		release: {categories: [{id: 1, name: "a"}]}}' > one
	for form in rle polygon; do
		seg-decode -q --segmentation $form one > decoded
		perl -e 'local $/; $_ = <STDIN>; print $_ x (1 + $ARGV[0] / length)' \
			"$bytes" < decoded > records
		size=$(wc -c < records)
		for task in detect segment; do
			more=$(seg-yolo -q --ndjson --task $task records | wc -c)
			for jobs in 1 2; do
				seconds=$(best sh -c "seg-yolo -q --ndjson \
					-j $jobs --task $task records > /dev/null")
				echo "$kind, $form, $task, -j $jobs:" \
					"$(of "$size / $seconds / 1000000") MB/s," \
					"$(of "$more / $size") bytes for each"
			done
		done
	done
done
rm records

[ -x /usr/bin/time ] || exit 0
sed -n 1p decoded | jq -c '.label.attributes.annotations |= .[:2]' > one
for number in 1000 1000000; do
	perl -e 'my $line = <STDIN>; print $line for 1 .. $ARGV[0]' $number < one |
		/usr/bin/time -f '%M' -o memory seg-yolo -q -j 1 --ndjson > out
	echo "$number records: $(cat memory) KB"
done
