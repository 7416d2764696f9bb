#!/usr/bin/env bash
# What a program may still do once it works on input: a preloaded intruder
# tries the rest.
. "${0%/*}/lib.sh"

export INTRUDER=$scratch/house

# intruded NAME WHAT COMMAND...: it does its work as ever, and the intruder
# within could do WHAT alone.
intruded()
{
	local name=$1 what=$2
	shift 2
	mkdir -p "$INTRUDER"
	rm -f "$INTRUDER"/*
	echo text | (cd "$INTRUDER" && tee kept cut there one > /dev/null)
	env ASAN_OPTIONS="verify_asan_link_order=0:${ASAN_OPTIONS-}" \
		LD_PRELOAD="$BIN/tests/tools/intruder.so" "$@" \
		> out 2> err < /dev/null
	if [ $? -lt 2 ] && grep -qx "intruder: $what" err; then
		report 0 "$name"
	else
		report 1 "$name"
		note < err
	fi
}

all='make write cut remove rename run connect'
landlock=1
"$BIN/tests/unit/base/sandbox_test" | grep -q '# SKIP.*Landlock' && landlock=0

cp "$DEMO/release.json" .
seg-samples -q release.json > records.ndjson
seg-decode -q --offline -d "$DEMO/segments" records.ndjson > decoded.ndjson \
	2> /dev/null
seg-coco -q --offline decoded.ndjson > coco.json
seg-stat -q --format ndjson --offline decoded.ndjson > stat.ndjson

intruded 'left alone it does what it wants' "$all" \
	env SEG_NO_SANDBOX=1 seg-decode --offline decoded.ndjson
intruded 'where the kernel has no Landlock, all works unrestricted' "$all" \
	landless seg-decode --offline decoded.ndjson
intruded 'nor do files for the output need it' "$all" \
	landless seg-coco --offline -o fine.json decoded.ndjson
check 'what that wrote is whole' cmp fine.json coco.json

if [ $landlock = 0 ]; then
	skip 'programs are held' 'this kernel has no Landlock'
	done_testing
fi

for program in samples filter frames; do
	input=records.ndjson
	[ $program != samples ] || input=release.json
	intruded "seg-$program may do nothing but read" nothing \
		seg-$program $input
done
for program in decode coco check stat; do
	intruded "seg-$program --offline may do nothing but read" nothing \
		seg-$program --offline -d "$DEMO/segments" records.ndjson
	intruded "seg-$program may read and ask the network" connect \
		seg-$program -d "$DEMO/segments" records.ndjson
done
intruded 'seg-yolo --ndjson --offline may do nothing but read' nothing \
	seg-yolo --ndjson --offline -d "$DEMO/segments" records.ndjson
intruded 'seg-diff may do nothing but read' nothing \
	seg-diff records.ndjson records.ndjson
intruded 'seg-diff of pipes keeps its temporary files' nothing \
	bash -c 'exec seg-diff <(seg-filter -q --limit 9 records.ndjson) \
		<(seg-filter -q --split a:0.5,b:0.5 --part a records.ndjson)'
intruded 'seg-stat --merge may do nothing but read' nothing \
	seg-stat --merge stat.ndjson
intruded 'seg-eval may do nothing but read' nothing \
	seg-eval --coco coco.json coco.json
intruded 'so does seg-check of a finished file' nothing \
	seg-check --coco coco.json
intruded 'seg-check of finished files may do nothing but read' nothing \
	seg-check --coco coco.json
intruded 'seg-samples of a pipe keeps its temporary file' nothing \
	bash -c 'exec seg-samples <(cat release.json)'

# What is written is written, and there alone.
mkdir -p here
for program in coco yolo mask; do
	intruded "seg-$program -t writes below its tree" nothing seg-$program \
		--offline -d "$DEMO/segments" -t here/$program --link copy \
		records.ndjson
	intruded "seg-$program -t again, over what is there" nothing \
		seg-$program --offline -d "$DEMO/segments" -t here/$program \
		--link symlink records.ndjson
	check "the tree of seg-$program is there" -o 1 \
		"find here/$program -name '.seg-$program.files' | wc -l"
done
intruded 'hard links take the right to write with them' \
	'make write cut remove rename' seg-yolo --offline \
	-d "$DEMO/segments" -t here/hard --link hard records.ndjson
intruded 'seg-coco -o writes its file' nothing \
	seg-coco --offline -o here/coco.json decoded.ndjson
intruded 'over the file that was there' nothing \
	seg-coco --offline -o here/coco.json decoded.ndjson
check 'it is the same as ever' cmp here/coco.json coco.json
ln -s ../coco.json here/link.json
intruded 'through a link' nothing \
	seg-coco --offline -o here/link.json decoded.ndjson
intruded 'seg-view -o writes below its directory' nothing seg-view --offline \
	-d "$DEMO/segments" -o here/page.html --page 5 records.ndjson
intruded 'seg-view of one page writes its file' nothing seg-view --offline \
	-d "$DEMO/segments" -o here/one.html --page 0 records.ndjson
check 'the pages are there' -o $'here/one.html\nhere/page-2.html\nhere/page-3.html\nhere/page.html' \
	'ls here/one.html here/page*.html'
intruded 'seg-eval --curves writes its files' nothing \
	seg-eval --coco coco.json --curves here/curves coco.json
check 'both are there' -o $'here/curves.svg\nhere/curves.tsv' \
	'ls here/curves.*'
INTRUDER=$PWD/house
intruded 'beside a file of -o others can be gone, never written on' \
	'remove rename' seg-coco --offline -o coco2.json decoded.ndjson

INTRUDER=$scratch/house
cp -r "$DEMO/segments/images" web
serve web
printf '{"index":0,"name":"%s","attributes":{"image":{"url":"%s"}}}\n' \
	a.png "$URL/crumbs.png" b.png "$URL/no.png" > web.ndjson
intruded 'seg-fetch writes in its directory, and asks the network' connect \
	seg-fetch -d here/store web.ndjson
check 'what it fetched is whole' cmp here/store/images/a.png web/crumbs.png
intruded 'and once more, where it is' connect \
	seg-fetch -d here/store --refresh web.ndjson
intruded 'seg-fetch --dry-run writes nothing' connect \
	seg-fetch -d here/none --dry-run web.ndjson
check 'nothing' test ! -e here/none

serve_perl platform.pl platform release.json
export SEGMENTS_API_KEY=k3y
intruded 'seg-release writes its file, and asks the network' connect \
	seg-release --api "http://127.0.0.1:$PORT" \
	-o here/release.json o/donuts
check 'it is whole' cmp here/release.json release.json
done_testing
