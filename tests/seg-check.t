#!/usr/bin/env bash
# seg-check: each rule on a fixture that trips it, and on one that just does
# not; and what becomes of findings.

. "${0%/*}/lib.sh"
need jq

categories='[{"name":"donut","id":1,"attributes":[{"name":"glaze","input_type":"select","values":["red","blue"],"is_mandatory":true}]},{"name":"mug","id":4}]'

# record N LABEL [MORE]
record()
{
	printf '{"index":%s,"uuid":"u%s","name":"%s.jpg","attributes":{"image":{"url":"https://x.example/%s.jpg","width":100,"height":50}},"label":%s%s,"release":{"labelset":"gt","categories":%s}}\n' \
		"$1" "$1" "$1" "$1" "$2" "${3-}" "$categories"
}

# label STATUS ANNOTATIONS [MORE]
label()
{
	printf '{"label_status":"%s","attributes":{"annotations":[%s]%s}}' \
		"$1" "$2" "${3-}"
}

mug='{"id":1,"category_id":4}'
tripped=()

# trips RULE INPUT [COUNT]: the rule finds so many things, 1 if not said, and no
# other rule is asked.
trips()
{
	tripped+=("$1")
	check "$1 is found" -o "${3-1}" -i "$2" \
		"seg-check --base . --disable all --enable $1 --fail-on never |
		jq -r .rule | grep -c ."
}

# spares RULE INPUT: it finds nothing.
spares()
{
	check "$1 is not found" -i "$2" \
		seg-check --base . --disable all --enable "$1"
}

trips failed "$(record 1 null ',"error":{"program":"seg-fetch","message":"404"}')"
spares failed "$(record 1 null)"
trips url-missing "$(record 1 null | sed 's/"url":"[^"]*"/"url":null/')"
spares url-missing "$(record 1 null)"
spares url-missing "$(record 1 null | sed 's/"url":"[^"]*"/"path":"x"/')"
trips url-missing "$(record 1 null | sed 's/"url":"[^"]*"/"url":""/')"
bitmap_of='"segmentation_bitmap":{"url"'
trips url-missing "$(record 1 "$(label LABELED "$mug" ",$bitmap_of:null}")")"
spares url-missing "$(record 1 "$(label LABELED "$mug" ",$bitmap_of:null,\"path\":\"x\"}")")"
spares url-missing "$(record 1 "$(label LABELED '' ",$bitmap_of:null}")")"
trips category-unknown "$(record 1 "$(label LABELED '{"id":1,"category_id":3}')")"
spares category-unknown "$(record 1 "$(label LABELED "$mug")")"
trips category-unused "$(record 1 "$(label LABELED "$mug")")"
spares category-unused "$(record 1 "$(label LABELED "$mug,{\"id\":2,\"category_id\":1}")")"
glaze='{"id":1,"category_id":1,"attributes":{"glaze":'
trips attribute-unknown "$(record 1 "$(label LABELED "$glaze\"red\",\"size\":1}}")")"
spares attribute-unknown "$(record 1 "$(label LABELED "$glaze\"red\"}}")")"
trips attribute-missing "$(record 1 "$(label LABELED "$glaze null}}")")"
spares attribute-missing "$(record 1 "$(label LABELED "$glaze\"red\"}}")")"
trips attribute-value "$(record 1 "$(label LABELED "$glaze\"green\"}}")")"
spares attribute-value "$(record 1 "$(label LABELED "$glaze\"blue\"}}")")"
# Of several values each; numbers are not chosen from a list.
trips attribute-value "$(record 1 "$(label LABELED "${glaze}[\"red\",\"green\"]}}")")"
spares attribute-value "$(record 1 "$(label LABELED "${glaze}[\"red\",\"blue\"]}}")")"
spares attribute-value "$(record 1 "$(label LABELED "$glaze 3}}")")"
spares attribute-value "$(record 1 "$(label LABELED "$glaze null}}")")"
trips attribute-missing "$(record 1 "$(label LABELED "$glaze\"\"}}")")"
trips attribute-missing "$(record 1 "$(label LABELED '{"id":1,"category_id":1}')")"
# defined DEFINITIONS: a donut without a glaze, of which this is defined.
defined()
{
	categories="[{\"name\":\"donut\",\"id\":1,\"attributes\":$1}]" \
		record 1 "$(label LABELED '{"id":1,"category_id":1,"attributes":{"size":2}}')"
}
for rule in unknown missing value; do
	spares attribute-$rule "$(defined '[]')"
	spares attribute-$rule "$(defined '{}')"
	spares attribute-$rule "$(defined '[{"name":"size"},{"name":3,"is_mandatory":true}]')"
done
spares attribute-missing "$(defined '[{"name":"glaze"}]')"
spares attribute-missing "$(defined '[{"name":"glaze","is_mandatory":false}]')"
trips attribute-missing "$(defined '[{"name":"gl\u0061ze","is_mandatory":true}]')"
trips status-unknown "$(record 1 "$(label REVEIWED "$mug")")"
trips status-unknown "$(record 1 "$(label '' "$mug")")"
spares status-unknown "$(record 1 "$(label verified "$mug")")"
spares status-unknown "$(record 1 null)"
trips status-empty "$(record 1 "$(label LABELED '')")"
spares status-empty "$(record 1 "$(label SKIPPED '')")"
check 'status-empty is information where it was reviewed' -o info \
	-i "$(record 1 "$(label REVIEWED '')")" \
	'seg-check --disable all --enable status-empty | jq -r .severity'
check 'and where it was verified' -o info -i "$(record 1 "$(label VERIFIED '')")" \
	'seg-check --disable all --enable status-empty | jq -r .severity'
trips stale-prelabel "$(record 1 "$(label PRELABELED "$mug")")"
spares stale-prelabel "$(record 1 "$(label LABELED "$mug")")"
trips id-duplicate "$(record 1 "$(label LABELED "$mug,$mug")")"
spares id-duplicate "$(record 1 "$(label LABELED "$mug,{\"id\":2,\"category_id\":4}")")"
# frames ANNOTATIONS ...: a sequence.
frames()
{
	local list
	printf -v list ',{"annotations":[%s]}' "$@"
	record 1 "{\"attributes\":{\"frames\":[${list#,}]}}"
}
spares id-duplicate "$(frames "$mug" "$mug")"
spares id-gap "$(frames '' '{"id":7,"category_id":4}')"
trips id-duplicate "$(frames "$mug" "$mug,$mug" '')"
trips category-unknown "$(frames "$mug" '{"track_id":1,"category_id":9}')"
check 'an annotation without an id is told by none' -o '[null,0]' \
	-i "$(record 1 "$(label LABELED '{"category_id":3}')")" \
	"seg-check --disable all --enable category-unknown --fail-on never |
	jq -c '[.annotation, .index - 1]'"
trips id-gap "$(record 1 "$(label LABELED "$mug,{\"id\":3,\"category_id\":4}")")"
spares id-gap "$(record 1 "$(label LABELED "$mug,{\"id\":2,\"category_id\":4}")")"
trips name-collides "$(record 1 null; record 2 null | sed 's/"2.jpg"/"1.PNG"/')"
spares name-collides "$(record 1 null; record 2 null; record 1 null)"
trips duplicate-image "$(record 1 null; record 2 null | sed 's/2.jpg"/1.jpg?X-Amz-Signature=7"/2')"
spares duplicate-image "$(record 1 null; record 2 null)"

# Among thousands, one comes again under another index and name.
for i in $(seq 3000); do
	echo "{\"index\":$i,\"name\":\"$i.jpg\",\"attributes\":{\"image\":{\"url\":\"https://x.example/$i.jpg\"}},\"release\":{}}"
done > thousands
{ cat thousands; sed '2999!d; s/jpg"/PNG"/; s/:2999,/:9999,/' thousands; } > again
for rule in name-collides duplicate-image; do
	check "$rule among thousands" -o '["2999.PNG",9999]' \
		"seg-check --disable all --enable $rule --fail-on never again |
		jq -c '[.name,.index]'"
done

# pixels ANNOTATIONS: a record of the bitmap on stdin.
pixels()
{
	bitmap b.png "${@:2}"
	record 1 "$(label LABELED "$1" ',"segmentation_bitmap":{"url":"b.png"}')" |
		sed 's/,"width":100,"height":50//'
}
two="$mug,{\"id\":2,\"category_id\":4}"

# grid W H: an awk program's frame: `v` of each x and y.
grid()
{
	awk -v w="$1" -v h="$2" "{ exit } END { for (y = 0; y < h; y++)
		for (x = 0; x < w; x++) {
			v = 0; $3
			printf \"%s%s\", v, x < w - 1 ? \" \" : \"\\n\" } }" \
		< /dev/null | sed 's/\b0\b/./g'
}
block='if (x > 1 && x < 48 && y > 1 && y < 48) v = 1;'
trips unreadable "$(record 1 "$(label LABELED "$mug" ',"segmentation_bitmap":{"url":"none.png"}')")"
good=$(grid 50 50 "$block" | pixels "$mug")
spares unreadable "$good"
trips size-differs "${good/\"1.jpg\",\"attributes\":\{\"image\":\{/\"1.jpg\",\"attributes\":\{\"image\":\{\"width\":50,\"height\":49,}"
spares size-differs "${good/\"1.jpg\",\"attributes\":\{\"image\":\{/\"1.jpg\",\"attributes\":\{\"image\":\{\"width\":50,\"height\":50,}"
for rule in speck hole sliver fragments fringe unlabelled touches-border alpha \
	id-unlisted id-without-pixels; do
	spares "$rule" "$good"
done
trips id-unlisted "$(record 1 "$(label LABELED '' ',"segmentation_bitmap":{"url":"b.png"}')")"
spares id-unlisted "$(grid 50 50 "$block if (x > 20 && x < 30) v = 2" | pixels "$mug" |
	sed 's/,"release"/,"left_out":{"annotations":1,"ids":[2]}&/')"
# Levels of grey where ids should be.
grey=$(grid 50 50 "$block if (v && x > 24) v = 2; if (x > 23 && x < 26 && y > 9 && y < 26) v = 0" |
	pixels "$two" -c grey -d 8)
spares id-unlisted "$grey"
spares id-without-pixels "$grey"
check 'grey levels are told as the ids that they mean' -o '1 32 px unlabelled, between it and id 2' -i "$grey" \
	"seg-check --base . --disable all --enable sliver --fail-on never |
	jq -r '\"\(.annotation) \(.message)\"'"
trips id-unlisted "$(grid 50 50 "$block if (v && x > 24) v = 3" | pixels "$two" -c grey -d 8)"
trips id-without-pixels "$(grid 50 50 "$block" | pixels "$two")"
trips speck "$(grid 60 60 "$block if (x == 55 && y > 10 && y < 27) v = 1" | pixels "$mug")"
spares speck "$(grid 60 60 "$block if (x == 55 && y > 10 && y < 28) v = 1" | pixels "$mug")"
trips hole "$(grid 50 50 "$block if (x > 9 && x < 14 && y > 9 && y < 14) v = 0" | pixels "$mug")"
spares hole "$(grid 50 50 "$block if (x > 9 && x < 14 && y > 9 && y < 15) v = 0" | pixels "$mug")"
spares hole "$(grid 50 50 "$block if (x > 9 && x < 14 && y > 9 && y < 14) v = 2" | pixels "$two")"
spares hole "$(grid 60 60 "$block if (x > 9 && x < 12 && y == 9 || x == 12 && y > 9 && y < 40 || x == 11 && y == 10) v = 0" | pixels "$mug")"
spares hole "$(grid 60 60 "$block if (x < 6 && y == 9) v = 0" | pixels "$mug")"
spares hole "$(grid 60 60 "$block if (y < 6 && x == 9) v = 0" | pixels "$mug")"
trips sliver "$(grid 50 50 "$block if (v && x > 24) v = 2; if (x > 23 && x < 26 && y > 9 && y < 26) v = 0" | pixels "$two")"
spares sliver "$(grid 50 50 "$block if (v && x > 24) v = 2; if (x > 23 && x < 26 && y > 9 && y < 27) v = 0" | pixels "$two")"
spares sliver "$(grid 50 50 "$block if (v && x > 24) v = 2; if (x > 22 && x < 26 && y > 9 && y < 13) v = 0" | pixels "$two")"
trips fragments "$(grid 90 9 'if (x % 10 < 5 && y < 5) v = 1' | pixels "$mug")"
spares fragments "$(grid 80 9 'if (x % 10 < 5 && y < 5) v = 1' | pixels "$mug")"
trips fringe "$(grid 20 20 'if (x < 4 && y < 4 || y == 2 && x < 9) v = 1' | pixels "$mug")"
spares fringe "$(grid 20 20 'if (x < 4 && y < 4 || y == 2 && x < 8) v = 1' | pixels "$mug")"
trips unlabelled "$(grid 20 20 'if (x < 19 && y < 1) v = 1' | pixels "$mug")"
spares unlabelled "$(grid 20 20 'if (x < 20 && y < 1) v = 1' | pixels "$mug")"
trips touches-border "$(grid 20 20 'if (x < 9 && y > 5 && y < 9) v = 1' | pixels "$mug")"
check '--limit moves a limit, and both are told' -o '[16,15]' \
	-i "$(grid 60 60 "$block if (x == 55 && y > 10 && y < 27) v = 1" | pixels "$mug" > /dev/null; echo "$good")" \
	"seg-check --base . --disable all --enable speck --limit speck=16 |
	jq -c '[.value,.limit - 1]'"
check 'a speck is told with its place and box' \
	-o '{"annotation":1,"category":"mug","at":[55.5,19],"bbox":[2,2,54,46]}' -i "$good" \
	"seg-check --base . --disable all --enable speck |
	jq -c '{annotation,category,at,bbox}'"

# areas N LAST: records of boxes, the last of another size.
areas()
{
	local i
	for ((i = 1; i < $1; i++)); do
		record "$i" "$(label LABELED "{\"id\":1,\"category_id\":4,\"type\":\"bbox\",\"points\":[[0,0],[$((10 + i % 3)),10]]}")"
	done
	record "$i" "$(label LABELED "{\"id\":1,\"category_id\":4,\"type\":\"bbox\",\"points\":[[0,0],[$2,40]]}")"
}
trips outlier-area "$(areas 40 90)"
spares outlier-area "$(areas 20 90)"

# shape TYPE POINTS [ID]
shape()
{
	printf '{"id":%s,"category_id":4,"type":"%s","points":%s}' "${3-1}" "$1" "$2"
}
vector()
{
	record 1 "$(label LABELED "$1")"
}
trips outside "$(vector "$(shape bbox '[[0,0],[101.5,9]]')")"
spares outside "$(vector "$(shape bbox '[[-1,0],[101,9]]')")"
trips degenerate "$(vector "$(shape polygon '[[0,0],[9,9],[18,18]]')")"
trips degenerate "$(vector "$(shape bbox '[[0,0],[9,0]]')")"
spares degenerate "$(vector "$(shape polygon '[[0,0],[9,9],[18,19]]')")"
trips self-crossing "$(vector "$(shape polygon '[[0,0],[9,9],[9,0],[0,8]]')")"
spares self-crossing "$(vector "$(shape polygon '[[0,0],[9,0],[9,9],[0,8]]')")"
trips duplicate-point "$(vector "$(shape polygon '[[0,0],[9,0],[9,9],[0,0]]')")"
spares duplicate-point "$(vector "$(shape polyline '[[0,0],[9,0],[9,9],[0,0]]')")"
trips duplicate-object "$(vector "$(shape bbox '[[0,0],[20,20]]'),$(shape bbox '[[0,0],[20,19.5]]' 2)")"
spares duplicate-object "$(vector "$(shape bbox '[[0,0],[20,20]]'),$(shape bbox '[[0,0],[20,19]]' 2)")"
trips overlap "$(vector "$(shape polygon '[[0,0],[20,0],[20,20],[0,20]]'),$(shape bbox '[[0,0],[20,17]]' 2)")"
spares overlap "$(vector "$(shape polygon '[[0,0],[20,0],[20,20],[0,20]]'),$(shape bbox '[[0,0],[20,16]]' 2)")"
trips covered "$(vector "$(shape bbox '[[0,0],[20,20]]'),$(shape bbox '[[5,5],[9,9]]' 2)")"
spares covered "$(vector "$(shape bbox '[[0,0],[20,20]]'),$(shape bbox '[[15,5],[25,9]]' 2)")"
trips tiny "$(vector "$(shape bbox '[[0,0],[20,3.9]]')")"
spares tiny "$(vector "$(shape bbox '[[0,0],[20,4]]')")"

# frame N X [CATEGORY]: one of a sequence, with a box at X.
frame()
{
	record 1 "$(label LABELED "{\"id\":1,\"category_id\":${3-4},\"type\":\"bbox\",\"points\":[[$2,0],[$(($2 + 6)),8]]}")" \
		",\"frame\":{\"index\":$1}"
}
nothing()
{
	record 1 "$(label LABELED '')" ",\"frame\":{\"index\":$1}"
}
trips frame-missing "$(frame 0 1; frame 2 1)"
spares frame-missing "$(frame 0 1; frame 1 1)"
trips track-gap "$(frame 0 1; nothing 1; frame 2 1)"
spares track-gap "$(frame 0 1; frame 1 1; frame 2 1)"
trips track-jump "$(frame 0 1; frame 1 12)"
spares track-jump "$(frame 0 1; frame 1 11)"
trips track-category "$(frame 0 1; frame 1 1 1)"
spares track-category "$(frame 0 1; frame 1 2)"

trips alpha "$(grid 20 20 'if (x > 4 && x < 9 && y > 5 && y < 9) v = 1' | pixels "$mug" -a 254)"

# The rules of finished files are tripped in seg-check-files.t.
ok 'each rule of records has been tripped' \
	diff <(seg-check --explain all | sed '/^file-missing /,$d; s/ .*//' | sort) \
	<(printf '%s\n' "${tripped[@]}" | sort -u)
ok 'the page has each rule with its severity, and no other' \
	diff <(seg-check --explain all | awk '{ print $1, $2 }') \
	<(sed -n '/^\.Sh RULES/,/^\.Sh ENV/s/^\.It Cm \([^ ]*\) Pq \(.*\)/\1 \2/p' \
		"$ROOT/man/seg-check.1")
check '--explain one' -o 'id-gap (info): ids are not 1, 2, 3, ...

Objects were deleted; harmless.' seg-check --explain id-gap
check '--explain none' -s 2 -E 'seg-check: --explain: no such rule: nope*' \
	seg-check --explain nope

# What becomes of findings.
record 1 "$(label LABELED '{"id":7,"category_id":3}')" > bad
check 'an error: 1' -s 1 -o '{"rule":"category-unknown","severity":"error","name":"1.jpg","uuid":"u1","index":1,"labelset":"gt","annotation":7,"message":"its category is not in the release","breaks":["coco","ultralytics","rfdetr","detectron2","mmdet","hf"]}' \
	seg-check --disable id-gap,category-unused bad
check '--fail-on never' -o 4 'seg-check --fail-on never bad | wc -l'
check '--fail-on warning' -s 1 -o 1 \
	"record() { :; }; sed 's/LABELED/PRELABELED/; s/\"category_id\":3/\"category_id\":4/' bad > warn
	seg-check --disable category-unused,id-gap --fail-on warning warn > out
	status=\$?; wc -l < out; exit \$status"
check 'a warning is no error' -o 1 \
	'seg-check --disable category-unused,id-gap warn | wc -l'
check '--for makes errors of what breaks a reader' -s 1 -o error \
	-i "$(record 1 null; record 2 null | sed 's/"2.jpg"/"1.PNG"/')" \
	'seg-check --for ultralytics --disable all --enable name-collides > out
	status=$?; jq -r .severity out; exit $status'
check '--format text' -s 1 \
	-o 'bad:1: 1.jpg: annotation 7: error: its category is not in the release [category-unknown]' \
	seg-check --format text --disable id-gap,category-unused bad
check '--format junit is XML with a case for each' -s 1 -o 1 \
	'seg-check --format junit --disable id-gap,category-unused bad > out.xml
	status=$?; grep -c "<failure type=\"error\"" out.xml; exit $status'
if command -v xmllint > /dev/null; then
	check 'which is well-formed' xmllint --noout out.xml
fi
check '--baseline: only what is new' -s 1 -o 8 \
	"seg-check --fail-on never bad > known
	sed 's/\"id\":7/\"id\":8/' bad > more
	seg-check --disable id-gap,category-unused --baseline known more > out
	status=\$?; jq .annotation out; exit \$status"
check '--baseline: nothing new' seg-check --baseline known bad
check '--baseline that is none' -s 2 \
	-e 'seg-check: bad:1: no finding of seg-check' seg-check --baseline bad bad
check '--pass: the record with its findings' -s 1 -o '["category-unknown"]' \
	'seg-check --pass --disable id-gap bad > out; status=$?
	jq -c "[.findings[].rule]" out; exit $status'
check '--pass: a record without any goes as it came' -O <(record 1 null) \
	-i "$(record 1 null)" seg-check --pass --disable all
{ cat bad && head -c -9 bad; } > cut.ndjson
check '--pass: a broken line has not the findings before it' -s 2 \
	-E 'seg-check: cut.ndjson:2: byte *' -o '[null,["category-unknown"]]
["seg-check",[]]' 'seg-check --pass --disable id-gap cut.ndjson > out; status=$?
	jq -c "[.error.program, [.findings[]?.rule]]" out; exit $status'
check 'the same for any number of threads' \
	"for i in 1 2 3 4 5 6 7 8 9; do cat bad warn; done > many
	seg-check -j1 --fail-on never many > one
	seg-check -j5 --fail-on never many | cmp - one"
check '--limit of a rule without one' -s 2 \
	-E 'seg-check: this rule has no limit: alpha*' seg-check --limit alpha=1

done_testing
