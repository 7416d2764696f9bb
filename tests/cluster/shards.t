#!/usr/bin/env bash
# The recipes of seg-cluster(7) that need no engine, and its pitfalls.

. "${0%/*}/cluster.sh"
need split gzip jq

bitmaps 200
ok 'the tests have all recipes of the page and no other' diff \
	<(sed -n 's/^\.\\" Recipe //p' "$PAGE" | grep -vx begin | sort) \
	<(sed -nE 's/.*[[:space:]]run_recipe ([a-z0-9 -]+)$/\1/p' \
		"$ROOT"/tests/cluster/*.t | tr ' ' '\n' | sort -u)

check 'shards are made and merged' run_recipe shards merge
ok 'into what one machine makes' cmp coco.json one/coco.json
check 'statistics of shards add up' run_recipe stat
ok 'to those of the whole' diff stat.txt <(seg-stat -q one/decoded.ndjson)
seg-check -q --offline -d segments --pass --exit-zero one/decoded.ndjson |
	seg-view -q --offline -d segments --sort findings -o one/page.html 2> said
check 'parts are checked' -E '*the page shows none*' run_recipe check
ok 'and seen on the page of the whole' cmp page.html one/page.html
jq -c '.dataset.samples |= (del(.[7]) | .[3].labels."ground-truth"
	.attributes.annotations[0].category_id = 2)' release.json > old.json
check 'only what has changed is decoded' run_recipe changed
ok 'which is two records of the whole' diff <(sed -n '4p;8p' one/decoded.ndjson) \
	<(cat decoded.[0-9]* | LC_ALL=C sort -n -k1.10)
check 'shards are made again' run_recipe shards
check 'COCO files cannot be joined: ids come again' -o 1 \
	'for n in 1 2 3; do seg-coco -q decoded.$n; done |
	jq .images[0].id | sort -u'

cp one/*.ndjson .
check 'a release is one line' -o $'0\n200' run_recipe one-line
check 'so GNU split leaves it whole' -o release.json-aa \
	'split -n l/4 -e release.json release.json- && ls release.json-*'
check 'parts are compressed each by itself' run_recipe gz
ok 'and are the whole together' cmp <(cat records-*.gz | gunzip) one/records.ndjson
check 'an empty part is no failure for a worker, but no data set' \
	-o 'a part is no data set' -E '*no record came*' run_recipe empty
ok 'nor is it a data set that has nothing' test ! -e part.json -a ! -s decoded.0
check 'records in any order are put in theirs' run_recipe order
ok 'numbers are others in another order' test "$(shuf --random-source=release.json \
	decoded.ndjson | seg-coco -q | cksum)" != "$(cksum < one/coco.json)"
rm coco.json
check 'a part that broke off is not published' -o 'not published' \
	-E '*' run_recipe status
ok 'at all' test ! -e coco.json
check 'without pipefail its status is lost' -E '*' \
	'head -c 2000 records.ndjson | seg-decode -q --offline -d segments | cat > cut'
check 'but not its error' -o true 'tail -n 1 cut | jq "has(\"error\")"'

# --exit-zero: a worker that did what it could is no broken worker.
sed '3s/3\.png/missing.png/g; 3s/2\.png/missing.png/g' records.ndjson > some
check 'a bitmap that cannot be had is status 1' -s 1 -E '*missing.png*' \
	'seg-decode -q --offline -d segments some > decoded'
check 'and 0 for an engine' -E '*missing.png*' \
	'seg-decode -q --offline --exit-zero -d segments some > decoded'
check 'its record tells' -o 1 seg-filter -q -c --failed decoded
check 'and is not published' -s 1 -E '*not written*' seg-coco -q -o some.json decoded
check 'unless it is left out' \
	'seg-filter -q --failed -v decoded | seg-coco -q -o some.json'
check 'broken input stays status 2' -s 2 -E '*' \
	'echo "{" | seg-decode -q --exit-zero > out'

done_testing
