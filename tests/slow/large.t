#!/usr/bin/env bash
# Input that is large, or made to cost more than its size: the time grows as the
# input does, the memory is bounded, or a limit is said. Each run takes a second
# or two; one that has squares in it would take hours.

# Under load, too.
export SEGTOOLS_SECONDS=${SEGTOOLS_SECONDS:-1200}
. "${0%/*}/../lib.sh"
need perl jq

# --- A million records

million()
{
	perl -e 'for (0 .. 999999) { print qq({"index":$_,"uuid":"u$_",)
		. qq("name":"s$_.jpg","attributes":{"image":{"width":9,)
		. qq("height":9,"url":"http://x.invalid/$_"}},"label":null,)
		. qq("release":{"name":"v1","categories":[]}}\n) }'
}
million > records
for run in '64 seg-filter --status reviewed' '64 seg-filter --min-annotations 0' \
	'64 seg-frames' '64 seg-decode -j1 --offline' '256 seg-fetch -n -d D' \
	'256 seg-coco --offline' '256 seg-yolo --ndjson --offline' \
	'64 seg-stat --no-decode'; do
	program=${run#* }
	# shellcheck disable=SC2086
	bounded 120 peak peak $program records > out 2> err
	ok "hazard 28: $program reads a million records" [ $? -le 1 ]
	ok "hazard 28: in less than ${run%% *} MB" \
		[ "$(cat peak)" -lt $((${run%% *} * 1024)) ]
done
{
	printf '{"dataset":{"task_attributes":{"categories":[]},"samples":['
	perl -e 'for (0 .. 999999) { print $_ ? "," : "", qq({"uuid":"u$_",)
		. qq("name":"s$_.jpg","labels":{}}) }'
	printf ']}}'
} > release.json
check 'hazard 28: seg-samples reads a million samples' -o 1000000 \
	'bounded 120 peak peak seg-samples -q release.json | wc -l'
ok 'hazard 28: in less than 64 MB' [ "$(cat peak)" -lt 65536 ]
check 'hazard 28: and from a pipe' -o 1000000 \
	'cat release.json | bounded 120 peak peak seg-samples -q | wc -l'
ok 'hazard 28: in less than 64 MB, too' [ "$(cat peak)" -lt 65536 ]
rm -f release.json records out

# --- Many of what there are few of

# label ANNOTATIONS [MORE]: a record with a drawn label, image 100 x 100.
label()
{
	printf '{"index":0,"uuid":"u","name":"a.jpg","attributes":{"image":{"width":100,"height":100,"url":"http://x.invalid/a"}}%s,"label":{"label_status":"REVIEWED","attributes":{"annotations":[' "${2-}"
	cat "$1"
	printf ']}},"release":{"name":"v1","labelset":"l","categories":[{"name":"cat","id":1}]}}\n'
}
# all_end NAME FILE: every program that reads records comes to an end, in bounded
# memory, with a status that it may have.
all_end()
{
	local run
	for run in 'seg-filter --min-annotations 1' seg-frames \
		'seg-decode --offline' 'seg-coco --offline --duplicates keep' \
		'seg-coco --offline --segmentation polygon --duplicates keep' \
		'seg-yolo --ndjson --offline' 'seg-mask --offline -t M --partial' \
		'seg-stat --offline' 'seg-check --offline' \
		'seg-eval --truth l --predicted l --offline'; do
		# shellcheck disable=SC2086
		(ulimit -v 4000000; bounded 120 $run "$2" > out 2> err)
		status=$?
		ok "hazard 29: ${run%% -*} ends: $1" [ $status -le 2 ] ||
			{ echo "status $status" && head -n 3 err; } | note
		rm -rf M
	done
}
perl -e 'print join ",", map { qq({"id":$_,"category_id":1,"type":"bbox",)
	. q("points":[[1,1],[9,9]]}) } 1 .. 100000' > many
label many > annotations
all_end '100,000 annotations' annotations
perl -e 'print join ",", map { q({"id":1,"category_id":1,"type":"bbox",)
	. q("points":[[1,1],[9,9]]}) } 1 .. 100000' > many
label many > same
all_end '100,000 annotations of one id' same
echo '{"id":1,"category_id":1,"type":"bbox","points":[[1,1],[9,9]]}' > one
label one ",\"metadata\":{$(perl -e 'print join ",", map { qq("k$_":$_) }
	1 .. 100000')}" > members
all_end '100,000 members' members
label one ",\"metadata\":{$(perl -e 'print join ",", map { q("k":1) }
	1 .. 100000')}" > repeated
all_end '100,000 times one member' repeated
perl -pe 's/\{"name":"cat","id":1\}/join ",", map { qq({"name":"c$_","id":$_}) }
	1 .. 100000/e' <(label one) > categories
all_end '100,000 categories' categories
cat annotations annotations annotations > three
all_end 'and again' three
label one > alike
perl -e '$_ = <>; for $n (1 .. 100000) { print s/"uuid":"u"/"uuid":"u$n"/r }' \
	alike > names
all_end '100,000 samples of one name' names
label one ",\"metadata\":{\"x\":\"$(perl -e 'print "\\\\" x 1500000')\"}" \
	> escapes
all_end 'three million escapes' escapes
perl -e 'print "{\"index\":0,\"x\":", "[" x 1000000, "\n"' > deep
all_end 'a million arrays in each other' deep

# --- Shapes

perl -e 'print q({"id":1,"category_id":1,"type":"polygon","points":[),
	join(",", map { "[" . (50 + 49 * cos $_) . "," . (50 + 49 * sin $_ * 7)
	. "]" } map { $_ / 1000 } 1 .. 1000000), "]}"' > many
label many > polygon
all_end 'a polygon of a million points' polygon
echo '{"id":1,"category_id":1,"type":"polygon","points":[[1e308,-1e308],[-1e308,1e308],[1e308,1e308],[5,5]]},{"id":2,"category_id":1,"type":"bbox","points":[[-1e308,-1e308],[1e308,1e308]]},{"id":3,"category_id":1,"type":"point","points":[[1e308,1]]},{"id":4,"category_id":1,"type":"polyline","points":[[1e308,1],[-1e308,1e-308]]}' > odd
label odd > far
all_end 'coordinates of 1e308' far
# An image of 10 gigapixels, with a zigzag over all of it.
perl -e 'print q({"id":1,"category_id":1,"type":"polygon","points":[),
	join(",", map { "[$_," . ($_ % 2 ? 99999 : 0) . "]" } 1 .. 99999), "]}"' \
	> many
label many | sed 's/"width":100,"height":100/"width":100000,"height":100000/' > zigzag
all_end 'a zigzag over 10 gigapixels' zigzag
perl -e 'print join ",", map { qq({"id":$_,"category_id":1,"type":"bbox",)
	. q("points":[[0,0],[20000,20000]]}) } 1 .. 100' > many
label many | sed 's/"width":100,"height":100/"width":20000,"height":20000/' > boxes
all_end 'a hundred boxes of 400 megapixels' boxes

# --- Bitmaps

bitmap_record()
{
	printf '{"index":0,"uuid":"u","name":"a.jpg","attributes":{"image":{}},"label":{"attributes":{"annotations":[{"id":1,"category_id":1}],"segmentation_bitmap":{"path":"%s"}}},"release":{"name":"v1","labelset":"l","categories":[{"name":"cat","id":1}]}}\n' "$1"
}
perl -e 'print pack("V", 1) x 100 for 1 .. 100' | bitmap flat.png -w 100 -x 100
bitmap_record flat.png > flat
limited 'hazard 32: 100 megapixels of one colour in 256 MB of memory' \
	-o 100000000 '(ulimit -v 262144; bounded 120 seg-decode -j1 -q flat) |
	jq .label.attributes.annotations[].area'
# Each pixel has another id than its neighbours.
perl -e 'for $y (1 .. 4000) { print pack("V2", 1 + $y % 2, 2 - $y % 2) x 2000 }' |
	bitmap board.png -w 4000
bitmap_record board.png > board
limited 'hazard 32: a chessboard of 16 megapixels has a limit' -s 1 \
	-E '*: a.jpg: *--max-label*' \
	'(ulimit -v 1000000; bounded 120 seg-decode -j1 -q --max-label 64M board) > out'

done_testing
