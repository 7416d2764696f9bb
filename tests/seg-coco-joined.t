#!/usr/bin/env bash
# seg-coco: data sets joined from several releases, shards and labelsets, and
# those that no record reaches.

. "${0%/*}/lib.sh"
need jq

# release DATASET NAME CATEGORIES: what records carry of their release.
release()
{
	printf '{"name":"%s","dataset":"%s","owner":"o","categories":%s}' \
		"$2" "$1" "$3"
}

# record NAME RELEASE [CATEGORY ...]: one with a box of each category.
record()
{
	local name=$1 release=$2 n=0
	shift 2
	printf '{"index":%s,"name":"%s","uuid":"u-%s","attributes":{"image":{' \
		"${INDEX-0}" "$name" "$name"
	printf '"url":"https://x.example/%s","width":40,"height":30}},' "$name"
	printf '"label":{"label_status":"%s","attributes":{"annotations":[' \
		"${STATUS-REVIEWED}"
	for category; do
		n=$((n + 1))
		[ $n -eq 1 ] || printf ,
		printf '{"id":%s,"category_id":%s,"type":"bbox","points":[[1,1],[3,4]]}' \
			$n "$category"
	done
	printf ']}},"release":%s}\n' "$release"
}

# As pairs: each annotation's category by name, then all categories.
named()
{
	jq -rc '(.categories | map({key: "\(.id)", value: .name}) | from_entries)
		as $names | [.annotations[] | $names["\(.category_id)"]],
		[.categories[] | [.id, .name]]'
}

pets=$(release pets v1 '[{"id":1,"name":"cat"},{"id":2,"name":"dog"}]')
farm=$(release farm v7 '[{"id":3,"name":"cat"},{"id":1,"name":"cow"}]')

# Keys spelt with escapes.
check '"\u0069d" in a category writes no second id' \
	-o '{"id":1,"name":"cat","supercategory":"pet"}' \
	-i "$(record a.png "$(release d v '[{"\u0069d":1,"n\u0061me":"cat","superc\u0061tegory":"pet"}]' |
		sed 's/"n.u0061me"/"name"/')" 1)" \
	'seg-coco | grep -A1 "categories" | tail -n 1'
check 'nor do escapes write a second supercategory, original_id or skeleton' \
	-o '["id","name","supercategory","original_id"]' \
	-i "$(record a.png "$(release d v '[{"id":7,"name":"cat","\u006friginal_id":1,"supercategor\u0079":null}]')" 7)" \
	'seg-coco --category-ids contiguous |
	jq --stream -c "select(.[0][0] == \"categories\" and length == 2) | .[0][2]" |
	jq -sc .'

# Several releases.
check 'two names of one id: both are named, and their data sets' -s 1 \
	-e 'seg-coco: <stdin>:2: b.png: category 1 has two names: "cat" in o/pets v1 and "cow" in o/barn v2; --category-ids by-name tells them apart' \
	-i "$(record a.png "$pets" 1
	record b.png "$(release barn v2 '[{"id":1,"name":"cow"}]')" 1)" \
	'seg-coco > out'
check 'two names of one id in one release, too' -s 1 \
	-E '*: a.png: category 1 has two names: "a" in o/d v and "b" in o/d v*' \
	-i "$(record a.png "$(release d v '[{"id":1,"name":"a"},{"id":1,"name":"b"}]')" 1)" \
	'seg-coco > out'
check 'two ids of one name: both data sets are named, and the way out' -s 1 \
	-e 'seg-coco: <stdin>:2: b.png: category "cat" has two ids: 1 in o/pets v1 and 3 in o/farm2 v7; --category-ids by-name unites them' \
	-o '["cat"]
[[1,"cat"],[2,"dog"]]' \
	-i "$(record a.png "$pets" 1
	record b.png "$(release farm2 v7 '[{"id":3,"name":"cat"}]')" 3)" \
	'set -o pipefail; seg-coco | named'
check 'contiguous ids do not hide it' -s 1 -E '*two ids: 1 in o/pets v1 and 3 in*' \
	-i "$(record a.png "$pets" 1
	record b.png "$(release farm2 v7 '[{"id":3,"name":"cat"}]')" 3)" \
	'seg-coco --category-ids contiguous > out'
check 'a record that fails leaves none of its categories behind' -s 1 \
	-E '*has two ids*' -o '[]
[[1,"cat"],[2,"dog"]]' \
	-i "$(record a.png "$pets"
	record b.png "$(release x v '[{"id":8,"name":"new"},{"id":3,"name":"cat"}]')" 8)" \
	'set -o pipefail; seg-coco | named'
check '--category-ids by-name unites them, numbered from 1' \
	-o '["cat","dog","cat","cow","cat"]
[[1,"cat"],[2,"dog"],[3,"cow"]]' \
	-i "$(record a.png "$pets" 1 2
	record b.png "$farm" 3 1
	record c.png "$pets" 1)" \
	'seg-coco --category-ids by-name | named'
check 'where they differ in what is written, it says so' \
	-e 'seg-coco: category "cat": has_instances differs between o/a v and o/b v; the first is written' \
	-o '["cat","cat"]
[[1,"cat"]]' \
	-i "$(record a.png "$(release a v '[{"id":4,"name":"cat","has_instances":false}]')" 4
	record b.png "$(release b v '[{"id":4,"name":"cat","has_instances":true}]')" 4)" \
	'seg-coco --category-ids by-name | named'
check 'two categories of one name in a release are said, and kept' \
	-e 'seg-coco: o/d v: categories 1 and 2 are both called "cat"' \
	-o '["cat","cat"]
[[1,"cat"],[2,"cat"]]' \
	-i "$(record a.png "$(release d v '[{"id":1,"name":"cat"},{"id":2,"name":"cat"}]')" 1 2)" \
	'seg-coco | named'
check 'or united' \
	-e 'seg-coco: o/d v: categories 1 and 2 are both called "cat"; they are united' \
	-o '["cat","cat"]
[[1,"cat"]]' \
	-i "$(record a.png "$(release d v '[{"id":1,"name":"cat"},{"id":2,"name":"cat"}]')" 1 2)" \
	'seg-coco --category-ids by-name | named'

# Ids.
check '--category-ids zero counts from 0 and remembers' \
	-o '[{"id":0,"name":"cat","supercategory":"","original_id":1},{"id":1,"name":"dog","supercategory":"","original_id":2}]' \
	-i "$(record a.png "$pets" 1)" \
	'seg-coco --category-ids zero | jq -c .categories'
check '--used-categories leaves out the others' -o '["dog"]
[[2,"dog"]]' -i "$(record a.png "$pets" 2)" \
	'seg-coco --used-categories | named'
four=$(release d v '[{"id":9,"name":"a"},{"id":7,"name":"b"},{"id":5,"name":"c"},{"id":3,"name":"d"}]')
for ids in 'contiguous 1 2' 'zero 0 1' 'by-name 1 2'; do
	read -r ids first second <<< "$ids"
	check "with --category-ids $ids they are numbered on in the list's order" \
		-o "[\"d\",\"b\",\"d\"]
[[$first,\"b\"],[$second,\"d\"]]" \
		-i "$(record a.png "$four" 3 7
		record b.png "$four" 3)" \
		"seg-coco --used-categories --category-ids $ids | named"
done
check 'what filters dropped is no category then' -o '["dog"]
[[1,"dog"]]' -i "$(record a.png "$pets" 1 2)" \
	'seg-filter --keep-category dog |
	seg-coco --used-categories --category-ids contiguous | named'
echo b > b.png
check 'a record that fails uses none' -s 1 -E '*:1: a.png: image: *' \
	-o '["cat"]
[[1,"cat"]]' -i "$(record a.png "$pets" 2
	record b.png "$pets" 1 | sed 's|"url":"[^"]*"|"path":"b.png"|')" \
	'seg-coco -t used --offline --partial --used-categories
	status=$?; named < used/_annotations.coco.json; exit $status'
check 'thousands of annotations that wait are all written' -o '3000 3000' \
	"for i in \$(seq 1000); do record \"\$i\" '$four' 3 7 5; done |
	seg-coco --used-categories --category-ids contiguous |
	jq -r '\"\\([.annotations[].id] | unique | length) \\([.annotations[] |
		select(.category_id == 4 - .segments_id or
		.category_id < 4)] | length)\"'"
check '--image-ids index takes the index of the record' -o '[5,2]
[5,2]' -i "$(INDEX=5 record a.png "$pets" 1
	INDEX=2 record b.png "$pets" 1)" \
	'seg-coco --image-ids index |
	jq -c "[.images[].id], [.annotations[].image_id]"'
check 'which a record must have' -s 1 -E '*a.png: the record has no index*' \
	-i "$(INDEX='"x"' record a.png "$pets" 1)" \
	'seg-coco --image-ids index > out'
check 'and no other image' -s 1 -E '*b.png: index 5 is that of another image already; *' \
	-i "$(INDEX=5 record a.png "$pets" 1
	INDEX=5 record b.png "$pets" 1)" \
	'seg-coco --image-ids index > out'

# The same sample twice.
twice="$(record a.png "$pets" 1
record b.png "$pets" 1
record a.png "$(release pets v2 '[{"id":1,"name":"cat"}]')" 1 1)"
check 'a sample that comes again fails, and is counted' -s 1 \
	-e 'seg-coco: <stdin>:3: a.png: the sample is written already; --duplicates keep writes it again
seg-coco: of these, samples written already: 1' -o '[2,2]' -i "$twice" \
	'set -o pipefail
	seg-coco | jq -c "[(.images | length), (.annotations | length)]"'
check '--duplicates fail says so' -s 1 -E '*is written already*' -i "$twice" \
	'seg-coco --duplicates fail > out'
check 'two images of one name are named up to the hundredth, then counted' -s 1 \
	-E '*:101: a.png: a.png is the image of sample a.png*:102: a.png: a.png is the image of another sample*102 records in, *101 failed' \
	"for i in \$(seq 102); do record a.png '$pets' | sed s/u-a/u-\$i/; done |
	seg-coco > out"
check '--duplicates keep writes it again, and counts' -o '[3,4]' \
	-e 'seg-coco: samples written more than once: 1' -i "$twice" \
	'seg-coco --duplicates keep |
	jq -c "[(.images | length), (.annotations | length)]"'
check 'without a uuid it is the same by data set and name' -s 1 -o 1 \
	-E '*:2: a.png: the sample is written already*:3: a.png: a.png is the image of sample a.png already*' \
	-i "$(record a.png "$pets"
	record a.png "$pets"
	record a.png "$(release zoo v1 '[]')")" \
	"set -o pipefail; sed 's/\"uuid\":\"[^\"]*\",//' |
	seg-coco | jq '.images | length'"
check 'a record that failed is no such sample' -s 1 -o 1 \
	-E '*:1: a.png: *' \
	-i "$(record a.png "$pets" 1
	record a.png "$pets" 1 | sed 's|"width"|"path":"a.png",&|')" \
	'set -o pipefail; seg-coco --file-name path | jq ".images | length"'
check 'the labelsets of a release in one file are such samples' -s 1 \
	-E '*is written already*' \
	'jq ".dataset.labelsets += [{name: \"model\"}] | .dataset.samples[].labels.model =
		{attributes: {annotations: []}}" "$DEMO/release.json" > two.json
	seg-samples --all-labelsets two.json |
	seg-coco --offline -q -d "$DEMO/segments" > out'
check 'ten thousand samples are told apart' -o 10000 \
	"record NAME '$pets' | awk '{ for (i = 0; i < 10000; i++) {
		line = \$0; gsub(/NAME/, i, line); print line } }' |
	seg-coco | jq '.images | length'"

# Labels that may be no truth.
check 'what became of skipped, rejected and prelabeled ones is said once' \
	-e 'seg-coco: SKIPPED labels: images 2 (without annotations 1), left out 1; seg-filter --status chooses
seg-coco: REJECTED labels: images 1 (without annotations 0), left out 0; seg-filter --status chooses
seg-coco: PRELABELED labels: images 1 (without annotations 1), left out 0; seg-filter --status chooses' \
	-i "$(STATUS=SKIPPED record a "$pets" 1
	STATUS=skipped record b "$pets"
	STATUS=REJECTED record c "$pets" 1
	STATUS=PRELABELED record d "$pets"
	STATUS=LABELED record e "$pets"
	echo '{"index":1,"name":"x","label":{"label_status":"SKIPPED","attributes":{}},"release":{}}')" \
	'seg-coco > out'
check 'but not with -q' -i "$(STATUS=SKIPPED record a "$pets" 1)" \
	'seg-coco -q > out'

# A release without records.
printf '%s\n' '{"name":"v9","description":"","created_at":"2024-01-02","dataset":{"name":"ds","owner":"o","task_type":"vector","task_attributes":{"categories":[{"name":"a","id":1},{"name":"b","id":2}]},"labelsets":[{"name":"ground-truth"}],"samples":[]}}' > r.json
empty='{"info":{"description":"ds","version":"v9","date_created":"2024-01-02"},
"licenses":[],
"annotations":[
],
"images":[
],
"categories":[
{"id":1,"name":"a","supercategory":""},
{"id":2,"name":"b","supercategory":""}
]}'
check '--release FILE: info and categories without a record' -o "$empty" \
	seg-coco --release r.json
seg-samples --info r.json > info.json
check 'or with what seg-samples --info writes' -o "$empty" \
	seg-coco --release info.json
check 'either from a pipe' -o "$empty" \
	'seg-coco --release <(cat r.json) > a && seg-coco --release <(cat info.json) |
	cmp - a && cat a'
check 'a release of many lines' -o "$empty" \
	'jq . r.json > lines.json; seg-coco --release lines.json'
check 'the categories are those of the records, too' -o '["b"]
[[1,"a"],[2,"b"]]' \
	-i "$(record a.png "$(release ds v8 '[{"id":2,"name":"b"}]')" 2)" \
	'seg-coco --release r.json | named'
check 'a file that is not there ends in 2' -s 2 \
	-e 'seg-coco: no.json: No such file or directory' \
	seg-coco --release no.json
check 'one that is neither ends in 2' -s 2 -E 'seg-coco: x.json:*' \
	'echo "[]" > x.json; seg-coco --release x.json'
check 'an error leaves -o alone' -s 2 -E 'seg-coco: no.json: *' -o old \
	'echo old > out.json; seg-coco --release no.json -o out.json; e=$?
	cat out.json; exit $e'

done_testing
