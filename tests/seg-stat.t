#!/usr/bin/env bash
# seg-stat: what records add up to, in every form.

. "${0%/*}/lib.sh"
need jq

release='{"name":"v1","created_at":"2024-06-07","dataset":"donuts","owner":"baker","labelset":"ground-truth","task_type":"vector","categories":[{"name":"donut","id":1},{"name":"mug","id":4},{"name":"spoon","id":5}]}'

# sample INDEX SPLIT LABEL: a record of a 100 x 50 image.
sample()
{
	printf '{"index":%s,"name":"%s.jpg","attributes":{"image":{"width":100,"height":50}},"metadata":{"split":%s},"label":%s,"release":%s}\n' \
		"$1" "$1" "$2" "$3" "$release"
}

# label STATUS ANNOTATIONS
label()
{
	printf '{"label_status":"%s","created_by":"ann","reviewed_by":"bob","attributes":{"annotations":%s}}' "$1" "$2"
}

{
	sample 0 '"train"' "$(label REVIEWED '[
		{"id":1,"category_id":1,"bbox":[0,0,10,10],"area":1023,"iscrowd":0},
		{"id":2,"category_id":1,"bbox":[90,40,10,10],"area":1024,"iscrowd":1},
		{"id":3,"category_id":4,"bbox":[45,20,10,10],"area":9215.9999,"iscrowd":0}]' | tr -d '\n\t')"
	sample 1 '"val"' "$(label rejected '[{"id":1,"category_id":1,"bbox":[0,0,9,9],"area":9216,"iscrowd":0},{"id":2,"category_id":7,"bbox":null,"area":null,"iscrowd":0}]')"
	sample 2 null "$(label LABELED '[]')"
	sample 3 null "$(label SKIPPED '[]')"
	sample 4 null null
} > records

# stat KIND [FILTER]: of the counts in stat.ndjson.
stat()
{
	jq -c "select(.stat == \"$1\") | ${2-del(.stat)}" stat.ndjson
}

check 'records are counted' 'seg-stat --by split --format ndjson records > stat.ndjson'
check 'samples, objects and pixels' \
	-o '{"samples":5,"positive":2,"negative":1,"skipped":1,"unlabelled":1,"failed":0,"objects":5,"crowds":1,"without_geometry":1,"pixels":20479}' \
	stat summary
check 'the release' \
	-o '{"name":"v1","dataset":"donuts","owner":"baker","created_at":"2024-06-07","task_type":"vector","labelset":"ground-truth","samples":5,"categories":3}' \
	stat release
check 'by status, in capitals, commonest first' \
	-o '["LABELED",1,0,0]
["REJECTED",1,2,9216]
["REVIEWED",1,3,11263]
["SKIPPED",1,0,0]
["UNLABELED",1,0,0]' stat status '[.key,.samples,.objects,.pixels]'
check 'by labelset' -o '["ground-truth",5]' stat labelset '[.key,.samples]'
check 'by category; one that is not there, and one that no release has' \
	-o '["donut",3,2,11263,1,1,1,1]
["#7",1,1,0,0,0,0,0]
["mug",1,1,9216,0,0,0,1]
["spoon",0,0,0,0,0,0,0]' \
	stat category '[.key,.objects,.images,.pixels,.crowds,.small,.medium,.large]'
check 'areas: extremes, bins and what these tell' \
	-o '[1023,9216,[0,0,0,0,0,0,0,0,0,1,1,0,0,1,0,0],1023]' stat category \
	'select(.key == "donut") | [.area_min,.area_max,.area_log2[:16],.area_p5]'
check 'no area, no extremes' -o '[null,0,0]' stat category \
	'select(.key == "spoon") | [.area_min,.area_max,.area_p50]'
check 'categories by status' -o '["REJECTED","#7",1]
["REJECTED","donut",1]
["REVIEWED","donut",2]
["REVIEWED","mug",1]' stat status_category '[.key,.category,.objects]'
check '--by split' -o '["split","train",1,3]
["split","val",1,2]
["split",null,3,0]' stat group '[.by,.key,.samples,.objects]'
check '--by split, by category' -o '["train","donut",2]
["train","mug",1]
["val","#7",1]
["val","donut",1]' stat group_category '[.key,.category,.objects]'
check 'categories in one image' -o '["donut","mug",1]
["#7","donut",1]' "stat cooccurrence '[.key,.with,.images]' | sort -r"
check 'objects per image' -o '[3,[2,0,1,1,0]]' stat objects_per_image \
	'[.max,.hist[:5]]'
check 'images: sizes and ratio' \
	-o '[5,25000,100,100,50,50,5,5,5]' stat image \
	'[.images,.pixels,.width_min,.width_max,.height_min,.height_max,.width_log2[6],.height_log2[5],.ratio[12]]'
check 'centres, by row and cell' -o '[[1,0,1],[2,1,1],[18,19,1]]' \
	stat heatmap 'select(.key == "donut") | [.grid | to_entries[] |
	.key as $row | .value | to_entries[] | select(.value > 0) |
	[$row, .key, .value]]'
check 'people' -o '["ann",4,1,0,0]
["bob",0,0,0,4]' stat person '[.key,.labelled,.rejected,.updated,.reviewed]'
check '--by a path' -o '["ann",4]
[null,1]' "seg-stat --format ndjson --by label.created_by records |
	jq -c 'select(.stat == \"group\") | [.key,.samples]'"
check '--by a path that no record has is said' \
	-e 'seg-stat: no record has label.creatd_by to group by' \
	"seg-stat --format ndjson --by label.creatd_by records > unmet"
check '--by category: images that have one of it' -o '["donut","#7",1]
["donut","donut",3]
["donut","mug",1]' "seg-stat --format ndjson --by category records |
	jq -c 'select(.stat == \"group_category\" and .key == \"donut\") |
	[.key,.category,.objects]'"
check '--by status is there anyway' -O stat.by 'seg-stat --format ndjson records > stat.by
	seg-stat --by status --format ndjson records'

# Parts add up.
for form in text ndjson tsv html; do
	check "--merge of parts is the whole: $form" \
		-O <(seg-stat --by split --format $form records) \
		"for line in {1..5}; do
			sed -n \${line}p records |
				seg-stat --by split --format ndjson \
					> part-\$line 2> told-\$line
		done; seg-stat --merge --format $form part-4 part-[1235]"
	check "any number of threads: $form" \
		-O <(seg-stat -j1 --format $form records) \
		"for i in {1..9}; do cat records; done > many
		seg-stat -j7 --format ndjson many > many.7
		seg-stat -j1 --format ndjson many | cmp - many.7
		seg-stat -j3 --format $form records"
done
check '--merge of nothing is that of no records' \
	-O <(seg-stat --format ndjson < /dev/null) \
	seg-stat --merge --format ndjson
check '--merge refuses records' -s 2 \
	-e 'seg-stat: records:1: no line that seg-stat --format ndjson writes' \
	'seg-stat --merge records > /dev/null'
check '--merge refuses numbers that are none' -s 2 \
	-e 'seg-stat: <stdin>:1: a number is missing or is none' \
	-i '{"stat":"status","key":"x","samples":-1,"positive":0,"objects":0,"pixels":0}' \
	'seg-stat --merge > /dev/null'
check '--merge refuses lists that are too long' -s 2 \
	-e 'seg-stat: <stdin>:1: a number is missing or is none' \
	-i '{"stat":"objects_per_image","max":1,"hist":[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21]}' \
	'seg-stat --merge > /dev/null'
check '--merge goes no further than numbers do' -o 18446744073709551615 \
	-i '{"stat":"cooccurrence","key":"a","with":"b","images":18446744073709551615}
{"stat":"cooccurrence","key":"a","with":"b","images":7}' \
	'seg-stat --merge --format ndjson | grep -o "[0-9]\{20\}"'
check '--merge and --by exclude each other' -s 2 \
	-E 'seg-stat: --by and --merge exclude each other*' \
	seg-stat --merge --by split

# What fails is counted, and nothing else of it.
check 'what failed is counted' -s 1 -o '[3,2,1]' \
	-e 'seg-stat: <stdin>:2: 9.jpg: no image to learn the size from' \
	"{ head -n 1 records
	echo '{\"index\":9,\"name\":\"9.jpg\",\"label\":{\"attributes\":{\"annotations\":[{\"points\":[]}]}},\"release\":{}}'
	echo '{\"index\":8,\"error\":{\"program\":\"x\"}}'; } |
	seg-stat --format ndjson > stat.ndjson; status=\$?
	stat summary '[.samples,.failed,.positive]'; exit \$status"
check '--no-decode counts what is not decoded' -o '[2,2,2]' \
	-i '{"index":0,"label":{"attributes":{"annotations":[{"id":1,"category_id":1},{"id":2,"category_id":1}],"segmentation_bitmap":{"url":"http://127.0.0.1:9/x.png"}}},"release":{}}' \
	"seg-stat --no-decode --format ndjson > stat.ndjson
	stat summary '[.objects,.without_geometry,.positive + 1]'"
check 'what is not JSON inside fails' -s 1 \
	-e 'seg-stat: <stdin>:1: not JSON: value expected' \
	-i '{"index":0,"label":{"a":[+1]},"release":{}}' \
	'seg-stat --no-decode > /dev/null'

# Text.
for width in 60 100; do
	check "bars end at column $width" -o $width \
		"COLUMNS=$width seg-stat records | awk '{ n = length(\$0) }
		/#\$/ && n > most { most = n } END { print most }'"
done
check 'bars are of blocks where the locale is UTF-8' -o 0 \
	"LC_ALL=C.UTF-8 seg-stat records | grep -c '#\$'; LC_ALL=C.UTF-8 seg-stat records |
	grep -q '█' || echo none"
check 'and of ASCII on a dumb terminal' -s 1 -o 0 \
	"LC_ALL=C.UTF-8 TERM=dumb seg-stat records | grep -c '█'"
check 'no colour in a pipe' -s 1 "seg-stat records | grep \$'\33'"
if command -v script > /dev/null; then
	shown='script -qec "seg-stat records" /dev/null < /dev/null'
	check 'colour on a terminal' -o 1 \
		"TERM=xterm $shown | grep -c -m 1 \$'\33'"
	check 'none with NO_COLOR' -s 1 \
		"NO_COLOR=1 TERM=xterm $shown | grep \$'\33'"
	check 'as wide as the terminal' -o 63 \
		"TERM=dumb script -qec 'stty cols 63; seg-stat records' /dev/null < /dev/null |
		tr -d '\r' | awk '/#\$/ && length(\$0) > most { most = length(\$0) } END { print most }'"
fi
check 'rare categories are marked' -o 'mug    *
spoon  *' "seg-stat --few 2 records | grep -oE '(donut|mug|spoon) +\*'"
check '--few 0 marks none' -s 1 "seg-stat --few 0 records | grep '\*'"

# Names that would be commands to a terminal or a browser.
evil='{"index":0,"label":{"label_status":"\u001b[31m<script>&\"\u202e","attributes":{"annotations":[{"category_id":1,"area":1,"bbox":[0,0,1,1],"iscrowd":0}]}},"attributes":{"image":{"width":9,"height":9}},"release":{"name":"a\tb\nc","categories":[{"id":1,"name":"<b>\u0000\u0007"}]}}'
check 'text has no escapes from names' -s 1 -i "$evil" \
	"LC_ALL=C.UTF-8 seg-stat | LC_ALL=C grep -a \$'[\33\a]\|\342\200\256'"
check 'a page has no markup from names' -s 1 -i "$evil" \
	"seg-stat --format html | LC_ALL=C grep -aiE \$'<script|<b>.*\a|[\33\a]|\342\200\256'"
check 'a page lets no script run, and asks for nothing' -o 1 \
	"seg-stat --format html records |
	grep -c \"Content-Security-Policy.*default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'\\\">\""
check 'tables have no tabs or lines from names' -o 'RE	a\x09b\x0ac' -i "$evil" \
	"seg-stat --format tsv | grep ^RE | cut -f 1-2"
if command -v xmllint > /dev/null; then
	check 'the page is HTML' 'seg-stat --by split --format html records |
		xmllint --html --noout - 2>&1 |
		grep -vE "Tag (section|svg|rect|text|title) invalid|^ *[<^]|^ *[0-9a-z]" | grep error || :'
fi
check 'each section of tables says its columns' -o '# CA	category	objects	images	pixels	crowds	without_geometry	small	medium	large	area_min	area_max
CA	donut	3	2	11263	1	0	1	1	1	1023	9216' \
	"seg-stat --format tsv records | grep -E '^(# )?CA	(category|donut)'"

# Against numbers that others counted.
if [ -e "${DATA:-/none}/panoptic-real" ]; then
	serve "$DATA"
	seg-samples "$DATA/panoptic-real/release.json" |
		sed "s,http://127.0.0.1:PORT/,$URL/,g" |
		grep '"name":"000000142238.jpg"' |
		seg-stat --format ndjson > stat.ndjson
	jq -c '[.samples[0].segments[]] | group_by(.category_id)[] |
		[length, (map(.area) | add)]' \
		"$DATA/panoptic-real/expected-coco.json" | sort > published
	ok "panoptic-real: COCO's own numbers for each category" diff published \
		<(stat category 'select(.objects > 0) | [.objects,.pixels]' | sort)
	seg-samples "$DATA/real/gummi_bears/gummi_bears-v0.1.json" |
		sed "s,\"\./images/,\"$URL/real/gummi_bears/images/,g" |
		seg-stat --format ndjson > stat.ndjson
	jq -c '[.samples[].segments[]] | group_by(.category_id)[] |
		[length, (map(.area) | add)]' \
		"$DATA/real/gummi_bears/expected-gummi_bears.json" | sort > counted
	ok 'gummi_bears: objects and pixels of each category' diff counted \
		<(stat category 'select(.objects > 0) | [.objects,.pixels]' | sort)
	check 'gummi_bears: unlabelled pixels' \
		-o "$(jq '[.samples[].unlabelled_area] | add' \
			"$DATA/real/gummi_bears/expected-gummi_bears.json")" \
		stat unlabelled .unlabelled
	check 'gummi_bears: small, medium and large' \
		-o "$(jq -c '[.samples[].segments[].area] |
			[map(select(. < 1024)), map(select(. >= 1024 and . < 9216)),
			map(select(. >= 9216))] | map(length)' \
			"$DATA/real/gummi_bears/expected-gummi_bears.json")" \
		"stat category '[.small,.medium,.large]' |
		jq -cs 'transpose | map(add)'"
else
	skip 'real data' 'there is none here'
fi

done_testing
