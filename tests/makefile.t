#!/usr/bin/env bash
# The makefile that seg(7) shows, which is tests/demo/Makefile: it makes what it
# says, and makes it anew when it must, however often it was stopped.

. "${0%/*}/lib.sh"
need make setsid
unset MAKEFLAGS MAKELEVEL

ok 'seg(7) shows tests/demo/Makefile' diff <(sed -n '
	/^cat > Makefile/,/^END$/{ /^cat/d; /^END$/d; s/\\&//g; s/\\e/\\/g; p; }
	' "$ROOT/man/seg.7") "$DEMO/Makefile"

# fresh DIR: a directory as it is after the release has been downloaded.
fresh()
{
	rm -rf "$1" && mkdir "$1" &&
		cp -r "$DEMO/Makefile" "$DEMO/release.json" \
			"$DEMO/segments" "$1"
}

# same DIR DIR: they hold the same files with the same bytes.
same()
{
	diff -r -x '*.part' -x segments -x stamp "$1" "$2"
}

# mk DIR [ARGUMENT ...]: make there, without a word of its own or of programs.
mk()
{
	make -s -C "$@" 2> messages
}

# idle DIR [ARGUMENT ...]: make has nothing to do there.
idle()
{
	[ -z "$(make --no-print-directory -C "$@" 2>&1)" ]
}

fresh whole
check 'it runs' mk whole
ok 'the COCO files have the samples of their parts, all and each once' diff \
	<(cd whole && jq -r '.images[].file_name' train.json val.json | sort) \
	<(cd whole && jq -r .name records.ndjson | sort)
ok 'so has the tree for YOLO' diff \
	<(cd whole/yolo/images && find . ! -type d | cut -d / -f 3- | sort) \
	<(cd whole && jq -r .name records.ndjson | sort)
ok 'and that of masks' diff <(cd whole/masks/masks && find . -type f | sort) \
	<(cd whole/yolo/images && find . ! -type d | sort)
ok 'the pages are' grep -c '</html>' whole/stat.html whole/page.html
check 'nothing has failed' cat whole/failed.ndjson

ok 'then nothing is left to be done' idle whole
check 'the release is no target' -o "make: Nothing to be done for 'release.json'." \
	make --no-print-directory -C whole release.json
ok 'and stays as it was' cmp whole/release.json "$DEMO/release.json"

fresh threads
check 'it runs with -j' mk threads -j4
ok 'and makes the same' same whole threads

# What changed is done again, and nothing else.
fresh labeled
mk labeled STATUS=reviewed,labeled
ok 'another status gives other files' test "$(cat labeled/*.json | wc -c)" -ne \
	"$(cat whole/*.json | wc -c)"
touch -d yesterday threads/*.* threads/segments/*
touch -d '2 days ago' threads/release.json threads/stamp/*
touch -d '1 hour ago' threads/good.ndjson threads/failed.ndjson
touch -d '1 minute ago' threads/*l.json threads/train.json threads/*.html \
	threads/yolo/data.yaml threads/masks/id2label.json
cp -r --preserve=timestamps threads parts
ok 'what is newer than its source is left' idle threads
ok 'a status that changes does all again' mk threads -j2 STATUS=reviewed,labeled
ok 'as if it had been so from the beginning' same labeled threads
ok 'once' idle threads STATUS=reviewed,labeled
check 'parts that change leave the records' mk parts SPLIT=train:0.6,val:0.4
check 'but not the files of parts' -o 'masks/id2label.json
train.json
val.json
yolo/data.yaml' "cd parts && find . -newermt '50 seconds ago' -type f \\( -name '*.json' \
	-o -name '*.yaml' -o -name '*.ndjson' -o -name stat.html \\) | sort | sed 's,./,,'"

# Each program stopped while it writes, by ^C and so that nobody can clean up.
# Its output is cut, as it is in the middle, and it hangs, as it does there.
mkdir before
cat > before/stopped <<'END_OF_SCRIPT'
#!/bin/bash
PATH=${PATH#*:}
name=${0##*/}
[ "$name" = "$HANG" ] || exec "$name" "$@"
case " $*" in
*' -o '* | *' -t '*) "$name" "$@" > /dev/null ;;
*) "$name" "$@" | head -c 500 ;;
esac
: > "$REACHED"
exec sleep 100
END_OF_SCRIPT
chmod +x before/stopped
for program in samples filter fetch decode coco yolo mask stat view; do
	ln -s stopped before/seg-$program
done

# stopped SIGNAL PROGRAM: a run that ends so, and then one that does not.
stopped()
{
	local pid
	fresh cut
	rm -f reached
	HANG=$2 REACHED=$PWD/reached PATH=$PWD/before:$PATH \
		setsid env --default-signal=INT make -s -C cut > hung 2>&1 &
	pid=$!
	until [ -e reached ]; do
		kill -0 "$pid" || return
		sleep 0.02
	done
	kill -s "$1" -- "-$pid"
	wait "$pid" && return 1
	mk cut && same whole cut
}

for program in samples filter fetch decode coco yolo mask stat view; do
	for signal in INT KILL; do
		ok "stopped in seg-$program by $signal, make goes on" \
			stopped $signal seg-$program
	done
done

# The last program's status is not the only one that counts.
fresh broken
head -c 20000 "$DEMO/release.json" > broken/release.json
check 'a release that is cut short is no success' -s 2 mk broken
ok 'and makes nothing' diff <(cd broken && find . -name '*.json' -o -name \
	'*.ndjson' -size +0 | grep -v -e release -e segments) /dev/null

# One file of many that cannot be had.
fresh missing
mkdir web
(cd missing/segments && jq -r '[.path, .url] | @tsv' manifest.ndjson |
	while IFS=$'\t' read -r path url; do
		cp "$path" "../../web/${url##*/}"
	done)
serve web
sed -i "s,https://donuts.example/assets,$URL," missing/release.json
fresh complete
cp missing/release.json complete
sed -i "s,https://donuts.example/assets,$URL," complete/segments/manifest.ndjson
mk complete
rm -r missing/segments
gone=$(jq -r 'select(.path == "labels/glazed.png.png").url | sub(".*/"; "")' \
	"$DEMO/segments/manifest.ndjson")
mv "web/$gone" kept.png
check 'one 404 among many is said and stops nothing' mk missing
ok 'by name and number' grep -q "glazed.png.*404" messages
ok 'and at the end' grep -qx '1 failed: see failed.ndjson' messages
check 'what failed is there' -o glazed.png jq -r .name missing/failed.ndjson
ok 'all others are, too' diff <(cd missing && jq -r '.images[].file_name' \
	train.json val.json | sort) \
	<(jq -r .name whole/records.ndjson | grep -v glazed | sort)
check 'the next run has nothing to do' mk missing
check 'but says it again' -o '1 failed: see failed.ndjson' cat messages
mv kept.png "web/$gone"
requests > /dev/null
check 'asked again, it is there' mk missing -W release.json
check 'and it alone was asked for' -o "GET /$gone 200" requests
ok 'then all is as if it had never failed' same complete missing

done_testing
