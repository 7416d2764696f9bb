#!/usr/bin/env bash
# tests/bench/cluster.sh [SAMPLES [TURNS]]: what more workers bring, as
# seg-cluster(7) tells it: SAMPLES (1000) label bitmaps of 2 megapixels, decoded
# in two shards by 1 and by 2 workers of one thread each, whole processes, best
# of TURNS (3). What comes before the shards and after them has one worker: by
# Amdahl's formula it bounds what a thousand could bring. Nothing here is a test.

SEGTOOLS_SECONDS=${SEGTOOLS_SECONDS-3000}
export SEGTOOLS_SECONDS
. "${0%/*}/../lib.sh"
. "$ROOT/tests/bench/bench.bash"
need perl

samples=${1-1000}
turns=${2-3}

split_release()
{
	seg-samples -q release.json > records.ndjson
}

# shard I/N
shard()
{
	seg-filter -q --shard "$1" records.ndjson |
		seg-decode -q -j1 --offline > "decoded.${1%/*}"
}

one_worker()
{
	shard 1/2 && shard 2/2
}

two_workers()
{
	shard 1/2 &
	shard 2/2
	wait $!
}

merge()
{
	LC_ALL=C sort -m -s -n -k1.10 decoded.1 decoded.2 |
		seg-coco -q -j1 --offline -o coco.json
}

# Files of their own, so that each is read.
mkdir labels
draw 10 > bitmap.png
for ((n = 0; n < samples; n++)); do
	cp bitmap.png labels/$n.png
done
perl -e '
my ($samples) = @ARGV;
my $ids = join ",", map {"{\"id\":$_,\"category_id\":1}"} 1 .. 40;
print "{\"dataset\":{\"name\":\"bench\",\"task_type\":\"segmentation-bitmap\",",
	"\"task_attributes\":{\"categories\":[{\"id\":1,\"name\":\"blob\"}]},",
	"\"labelsets\":[{\"name\":\"ground-truth\"}],\"samples\":[";
for my $n (0 .. $samples - 1) {
	print $n ? "," : "", "{\"uuid\":\"$n\",\"name\":\"$n.png\",",
		"\"attributes\":{\"image\":{\"url\":\"images/$n.png\"}},",
		"\"labels\":{\"ground-truth\":{\"label_status\":\"REVIEWED\",",
		"\"attributes\":{\"annotations\":[$ids],\"segmentation_bitmap\":",
		"{\"path\":\"labels/$n.png\"}}}}}";
}
print "]}}"' "$samples" > release.json

first=$(best split_release)
one=$(best one_worker)
two=$(best two_workers)
last=$(best merge)
tell()
{
	awk -v what="$1" -v seconds="$2" -v whole="$3" -v samples="$samples" \
		'BEGIN { printf("%-34s %.3f ms a sample, %.2f times as fast\n",
		what, 1000 * seconds / samples, whole / seconds) }'
}
sum()
{
	awk -v first="$first" -v last="$last" -v spread="$1" -v n="$2" \
		'BEGIN { print first + spread / n + last }'
}
whole=$(sum "$one" 1)
tell 'seg-samples, once:' "$first" "$first"
tell 'seg-decode -j1, 1 worker:' "$one" "$one"
tell 'seg-decode -j1, 2 workers:' "$two" "$one"
tell 'sort -m | seg-coco, once:' "$last" "$last"
tell 'all of it, 1 worker:' "$whole" "$whole"
tell 'all of it, 2 workers:' "$(sum "$two" 1)" "$whole"
for workers in 10 100 1000; do
	tell "by the formula, $workers workers:" "$(sum "$one" $workers)" "$whole"
done
