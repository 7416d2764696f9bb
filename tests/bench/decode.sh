#!/usr/bin/env bash
# tests/bench/decode.sh [BITMAPS [TURNS]]: whole processes, best of TURNS (5),
# less the time it takes to start one.
#
# seg-decode on BITMAPS (500) label bitmaps of 2 megapixels, on one thread and
# on two; on the same records with bitmaps of a hundredth of the pixels, which
# leaves hardly more than what JSON, files and RLE take; then seg-coco on
# decoded records, its speed and its memory. Nothing here is a test.

SEGTOOLS_SECONDS=${SEGTOOLS_SECONDS-3000}
export SEGTOOLS_SECONDS
. "${0%/*}/../lib.sh"
. "$ROOT/tests/bench/bench.bash"
need jq perl

bitmaps=${1-500}
turns=${2-5}

# Files of their own, so that each is read.
mkdir small large
draw 10 > large.png
draw 1 > small.png
ids=$(bitmap_masks '' large.png | cut -f 2 | jq -sc 'map({id: .,
	category_id: 1})')
sample=$(seg-samples "$DEMO/release.json" | head -n 1)
for size in small large; do
	for i in $(seq "$bitmaps"); do
		cp $size.png "$size/$i.png"
		jq -c --arg path "$size/$i.png" --argjson ids "$ids" '
			.label.attributes.segmentation_bitmap = {path: $path} |
			.label.attributes.annotations = $ids' <<< "$sample"
	done > $size.ndjson
done

start=$(best seg-decode /dev/null)
one=$(best seg-decode --offline -j 1 large.ndjson)
two=$(best seg-decode --offline -j 2 large.ndjson)
rest=$(best seg-decode --offline -j 1 small.ndjson)
echo "seg-decode, $(jq length <<< "$ids") instances: $(unpng -i large.png)"
echo "  -j 1   $(of "1000 * ($one - $start) / $bitmaps") ms a bitmap"
echo "  -j 2   $(of "1000 * ($two - $start) / $bitmaps") ms a bitmap," \
	"$(of "($one - $start) / ($two - $start)") times as fast"
echo "  JSON, files and RLE $(of "1000 * ($rest - $start) / $bitmaps") ms," \
	"$(of "100 * ($rest - $start) / ($one - $start)") %"

# Decoded records: with masks of real size, and with the demo's small ones.
seg-decode --offline large.ndjson > masks.some 2> err
(cd "$DEMO" && seg-samples release.json | seg-decode --offline) 2> err |
	jq -c '.attributes.image.path = "segments/images/" + .name' > demo.some
for kind in masks demo; do
	copies=$((150000000 / $(wc -c < $kind.some)))
	for _ in $(seq $copies); do cat $kind.some; done > records
	bytes=$(wc -c < records)
	echo "seg-coco, $kind: $((bytes / $(wc -l < records))) bytes a record"
	for jobs in 1 2; do
		seconds=$(best seg-coco -q --offline -j $jobs -o coco records)
		echo "  -j $jobs   $(of "$bytes / $seconds / 1000000") MB/s"
	done
done
rm records

# many NUMBER path|url: so many records that differ in their names.
many()
{
	perl -e 'open my $f, "<", "one"; my $line = <$f>;
		my ($head, $tail) = split /glazed/, $line, 2;
		my ($middle, $end) = $ARGV[1] eq "path"
			? split(/glazed/, $tail, 2) : ($tail, undef);
		print $head, $_, $middle, defined $end ? ($_, $end) : ()
			for 1 .. $ARGV[0]' "$1" "$2"
}
[ -x /usr/bin/time ] || exit 0
echo "seg-coco, memory:"
for kind in path url; do
	jq -c "if \"$kind\" == \"url\" then del(.attributes.image.path)
		else . end" demo.some | head -n 1 > one
	for number in 1000 1000000; do
		many $number $kind | /usr/bin/time -f '%M' -o memory \
			seg-coco -q --offline -j 1 -o coco
		echo "  $number records, image $kind: $(cat memory) KB"
	done
done
