#!/usr/bin/env bash
# What can go wrong, by the numbers of the list of hazards, as far as no other
# test shows it; each number stands in the name of its tests, wherever they are.
# What takes long is in slow/.

. "${0%/*}/lib.sh"
need jq perl

odd()
{
	perl "$ROOT/tests/tools/oddpng.pl" "$1" > "$1.png"
}

# A record whose bitmap is a file.
record()
{
	printf '{"index":0,"name":"a.jpg","attributes":{"image":{}},"label":{"attributes":{"annotations":[{"id":1,"category_id":1},{"id":2,"category_id":1}],"segmentation_bitmap":{"path":"%s"}}},"release":{"name":"v1","categories":[{"name":"cat","id":1}]}}\n' "$1"
}

# Records of the names on stdin.
named()
{
	perl "$ROOT/tests/tools/named.pl" names
}
{
	cat "$ROOT/tests/hostile_names.txt"
	printf 'x%.0s' {1..300}
	printf '\n\n'
} | named > hostile
count=$(wc -l < hostile)
check 'hazard 21: a pattern fits all names, those with NUL, too' -o "$count" \
	"seg-filter -q --name '*' hostile | wc -l"

# --- Names and paths

# outside: prints what has been made that is not below cage/in.
outside()
{
	find cage -path cage/in -prune -o ! -type d -print
	find . /tmp/out /out "$HOME/out" -maxdepth 1 -name 'out*' \
		! -name out ! -name 'out.*' 2> /dev/null
	return 0
}

for tree in 'seg-mask -t in/mask --kind semantic' 'seg-yolo -t in/yolo --link none' \
	'seg-coco -t in/coco --link none' 'seg-coco --panoptic -t in/panoptic --link none'; do
	rm -rf cage
	mkdir -p cage/in
	(cd cage && bounded 60 ${tree%% *} -q --offline --partial \
		${tree#* } ../hostile > ../out.txt 2> ../err.txt)
	status=$?
	ok "hazard 1: ${tree%% *} ${tree#* } ends with 0 or 1" [ $status -le 1 ]
	check 'hazard 1: and writes nothing outside of it' outside
	ok 'hazard 2: its names are legal everywhere' \
		perl -e 'use File::Find; find({ no_chdir => 1, wanted => sub {
		($n) = m,([^/]*)$,; exit 1 if $n =~ /[\x00-\x1f<>:"|?*\\\x7f]/
		|| $n =~ /[. ]$/ && $n ne "." || length $n > 255
		|| $n =~ /^(con|nul|aux|prn|(com|lpt)[0-9])(\.|$)/i } }, "cage/in")'
done
# clash NAME NAME: two records, in both orders, of which the first has the file.
clash()
{
	local first second order
	for order in 1 2; do
		first=$order second=$((3 - order))
		printf '%s\n' "${!first}" "${!second}" | named > clash
		check "hazard 3: ${!first} before ${!second} is told of" -s 1 \
			-E "seg-mask: clash:2: *: clash.tree/*: is already the file of sample *" \
			'rm -rf clash.tree
			seg-mask -q -t clash.tree --partial clash > out'
		check 'hazard 3: and has the file' -o "1 $((first - 1))" \
			"printf '%s ' \$(find clash.tree -name '*.png' | wc -l)
			jq -r 'select(.error | not).index' out |
			sed 's/0/$((first - 1))/'"
	done
}
clash a.jpg A.jpg
clash caf\\u00e9.jpg cafe\\u0301.jpg
clash 'a b.jpg' 'A B.jpg'
mkdir victim planted
ln -s ../victim planted/images
ln -s ../victim/x planted/a.jpg.png
echo a.jpg | named > one
check 'hazard 4: a link in the place of a file is not followed' -s 1 -E '*' \
	'seg-mask -q -t planted one > out'
leaves 'hazard 4: so nothing is written where it leads' victim
check 'hazard 4: nor is one in the place of a directory' -s 1 -E '*' \
	'rm planted/a.jpg.png; echo images/b.jpg | named | seg-mask -q -t planted > out'
leaves 'hazard 4: where nothing is written, either' victim

# --- URLs

printf '%s\n' '{"index":0,"uuid":"u","name":"a.jpg","attributes":{"image":{"url":"http://127.0.0.1:9/a.png"}},"label":{"attributes":{"annotations":[{"id":1,"category_id":1}],"segmentation_bitmap":{"url":"http://127.0.0.1:9/b.png"}}},"release":{"name":"v","categories":[{"name":"c","id":1}]}}' > local
for program in $(programs); do
	help_options "$program" | grep -qE -- '--(offline|retries)' || continue
	ok "hazard 8: $program, which may fetch, has --public-only" \
		sh -c "$program --help | grep -q -- --public-only"
done
for run in seg-fetch seg-decode seg-coco 'seg-mask -t T' 'seg-yolo -t T' \
	seg-check seg-stat 'seg-eval --predicted ground-truth'; do
	# What cannot be read is no failure of seg-stat, and a finding of
	# seg-check.
	check "hazard 8: ${run%% *} --public-only refuses this machine" -o yes \
		"$run --public-only local 2>&1 |
		grep -qa 'loopback address refused' && echo yes"
done

# --- JSON

# refuses TEXT WHY: seg-samples, and a filter as far as it reads.
refuses()
{
	printf '%b' "{\"dataset\":{\"samples\":[{\"name\":\"a\",\"x\":$1}]}}" > bad.json
	check "hazard 21: $2" -s 2 -E 'seg-samples: bad.json:*: *' \
		'seg-samples bad.json > out'
}
refuses '"\0377"' 'invalid UTF-8'
refuses '"\0355\0240\0200"' 'a surrogate in UTF-8'
refuses '"\0300\0200"' 'UTF-8 longer than need be'
refuses '"a\tb"' 'a raw control in a string'
refuses '"\0"' 'a NUL'
refuses '\0' 'a NUL between values'
for text in NaN Infinity -Infinity 01 -01 1. .5 -.5 1e 1e+ 0x1 +1 "'a'" \
	'[1,]' '[,1]' '{"a":1,}' '{a:1}' '{1:1}' '/**/1' '1//' tru nul TRUE \
	'"\\x41"' '"\\u12"' '[1 2]' '{"a" 1}' '"a' '[' '{' ']' '1}'; do
	refuses "$text" "$text"
done
check 'hazard 21: a byte order mark is passed over' -o '"a"' \
	"printf '\357\273\277{\"dataset\":{\"samples\":[{\"name\":\"a\"}]}}' |
	seg-samples -q | jq -c .name"
check 'hazard 21: what stands for NUL in a value stays' \
	-o '"a\u0000b"' "printf '{\"dataset\":{\"samples\":[{\"name\":\"a\\\\u0000b\"}]}}' |
	seg-samples -q | jq -c .name"
check 'hazard 21: a byte that is no UTF-8 is refused in a record, too' -s 2 \
	-E 'seg-filter: <stdin>:1: byte *: *' \
	"printf '{\"index\":0,\"name\":\"\377\"}\n' | seg-filter > out"

# 4 GB without a line end: a file with a hole.
printf '{"index":0,"x":"' > hole
truncate -s 4G hole
limited 'hazard 27: a record of 4 GB is refused in 1 GB of memory' -s 2 \
	-E 'seg-filter: hole:1: record is longer than 268435456 bytes' \
	'(ulimit -v 1000000; seg-filter hole > out)'
rm hole

# --- Messages

# Every program whose work on these records says something of their names.
for run in 'seg-filter --status nonsense' 'seg-fetch -d F --retries 0 --base nowhere' \
	'seg-decode --offline' 'seg-coco --offline' 'seg-mask --offline -t M1 --partial' \
	'seg-yolo --offline -t Y1 --partial' 'seg-check --offline' \
	'seg-stat --offline' seg-frames; do
	sed 's/"type":"bbox","points":\[\[1,1\],\[8,8\]\]/"type":"polygon","points":[[1,"x"]]/; s/http:..x.invalid/ftp:\/\/x/' \
		hostile > wrong
	bounded 60 $run wrong > said.out 2> said
	ok "hazard 30: ${run%% *} shows no control of a name as it is" perl -ne '
		exit 1 if /[\x00-\x08\x0b-\x1f\x7f]/ || /\xc2[\x80-\x9f]/
		|| /\xe2\x80[\x8b-\x8f\xa8-\xae]/ || /\xe2\x81[\xa0-\xaf]/
		|| /\xef\xbb\xbf/' said
	ok "hazard 30: and only whole lines of its own" perl -ne '
		exit 1 if !/^seg-[a-z]+: / && !/^usage: /' said
done
check 'hazard 30: data are passed on as they are' -O hostile seg-filter -q hostile

# --- Streams that end

check 'hazard 31: a stage that fails says so at the end of the pipe' -s 1 -E '*' \
	"(head -n 2 hostile; echo '{\"index\":') | seg-filter | seg-frames |
		seg-coco -o whole.json"
ok 'hazard 31: and nothing is published' test ! -e whole.json

# --- PNG

for kind in plain idat-bomb ihdr-bomb ihdr-huge text-bomb icc-bomb apng gamma \
	icc crc adler trailing endless critical; do
	odd $kind
	record $kind.png > $kind.ndjson
done
decode='seg-decode -j1'
# decoded KIND: its segmentations.
decoded()
{
	$decode "$1.ndjson" |
		jq -c '.label.attributes.annotations[].segmentation.counts'
}
# bomb KIND MESSAGE
bomb()
{
	limited "hazard 32: $1 in 256 MB of memory" -s 1 -E "*: a.jpg: bitmap: $2" \
		"(ulimit -v 262144; $decode -q $1.ndjson > out)"
}
bomb idat-bomb 'more image data than pixels'
bomb ihdr-bomb '60000 x 60000 is more than 100000000 pixels; *'
bomb ihdr-huge '* is more than 100000000 pixels; *'
for kind in text-bomb icc-bomb; do
	limited "hazard 32: $kind is not looked into" -O <(decoded plain) \
		"(ulimit -v 262144; decoded $kind)"
done
echo 'a.jpg' | named | sed 's/"url":"[^"]*"/"path":"idat-bomb.png"/' > picture
limited 'hazard 32: nor does a picture burst' -s 1 -E '*' \
	'(ulimit -v 262144; seg-mask -j1 --kind overlay -t over picture > out)'
for kind in gamma icc; do
	check "hazard 36: $kind changes no id" -O <(decoded plain) "decoded $kind"
done
check 'hazard 36: of an animation the first image is read, and said' \
	-O <(decoded plain) -e 'seg-decode: animated bitmaps, of which the first image is read: 1' \
	decoded apng
printf '1 1 2 2\n1 . 2 2\n' | bitmap none.png
check 'hazard 37: bytes behind the end are told of' -O <(decoded plain) \
	-e 'seg-decode: bitmaps with bytes behind their end: 1' decoded trailing
# broken KIND MESSAGE
broken()
{
	check "hazard 37: $1" -s 1 -E "*: a.jpg: bitmap: $2" \
		"$decode -q $1.ndjson > out"
}
broken crc 'bad CRC in chunk IHDR'
broken adler 'bad Adler-32 checksum'
broken endless 'PNG ends early'
broken critical 'unknown critical chunk QrSt'

# --- Environment

cp -r "$DEMO/release.json" "$DEMO/segments" .
seg-samples -q release.json | head -n 4 > records
check 'hazard 39: -o on a full disk leaves what was there' -s 2 -o old \
	-E 'seg-coco: */full.json: File too large*' \
	'mkdir -p small; echo old > small/full.json
	(ulimit -f 1; trap "" XFSZ; seg-coco -q --offline -o small/full.json \
		records records) 2>&1 | sed "s/^.*seg-coco/seg-coco/" >&2
	status=${PIPESTATUS[0]}; cat small/full.json; exit $status'
leaves 'hazard 39: and nothing beside it' small full.json

limited 'hazard 42: too little memory is said' -s 2 \
	-e 'seg-filter: out of memory' \
	'head -c 100M /dev/zero | tr "\0" x |
	(ulimit -v 100000; seg-filter --max-record 1G) > out'

# Few descriptors: half of them are taken by the shell and the libraries.
for run in seg-samples:release.json seg-filter:records seg-decode:records \
	seg-coco:records seg-stat:records seg-check:records; do
	program=${run%:*} input=${run#*:}
	check "hazard 44: $program works with 16 descriptors" \
		-O <($program -q "$input" 2> /dev/null) -E '*' \
		"(ulimit -n 16; $program -q $input)"
done
mkdir -p web
cp segments/images/glazed.png web/1.png
for tree in 'seg-yolo -q -t' 'seg-mask -q -t' 'seg-coco -q --panoptic -t'; do
	check "hazard 44: ${tree%% -q*} makes its tree with 24" -E '*' \
		"$tree tree records > out && mv tree plenty
		(ulimit -n 24; $tree tree records) > out2
		cmp out out2 && diff -r plenty tree; rm -rf plenty tree"
	check "hazard 44: and says that it has too few with 7" -s 2 \
		-E "${tree%% -q*}: *Too many open files*" \
		"(ulimit -n 7; $tree tree records > out); status=\$?
		rm -rf tree; exit \$status"
done

seg-stat -q --offline records > stat
seg-coco -q --offline records > coco.json
for setting in LC_ALL=de_DE.UTF-8 LC_ALL=tr_TR.UTF-8 LC_ALL=C.UTF-8 \
	LC_NUMERIC=de_DE.UTF-8 TZ=Pacific/Kiritimati 'TZ=:/nowhere'; do
	check "hazard 45: $setting changes no data" -O coco.json \
		env "$setting" seg-coco -q --offline records
done
check 'hazard 45: nor does a missing environment' -O coco.json \
	env -i "$BIN/seg-coco" -q --offline records
check 'hazard 45: umask says who may read what is written' -o 600 \
	'(umask 077; seg-coco -q --offline -o mine.json records)
	stat -c %a mine.json'
mkdir gone
check 'hazard 45: a working directory that is gone' -O coco.json \
	"cd gone && rmdir ../gone && seg-coco -q --offline -d $PWD/segments $PWD/records"

mkdir -p web
cp segments/images/glazed.png web/a.png
if [ -n "${SEGTOOLS_SANITIZED-}" ]; then
	skip 'a clock that jumps' 'the sanitizer wants to be loaded first'
elif command -v nginx > /dev/null || [ -x /usr/sbin/nginx ]; then
	serve web
	printf '{"index":0,"uuid":"u","name":"a.png","attributes":{"image":{"url":"%s"}},"label":null,"release":{}}\n' \
		"$URL/a.png" "$URL/none.png" > served
	sed -i '2s/"a.png"/"b.png"/' served
	seg-fetch -q --retries 2 --backoff 0.01 -d D served > still 2> still.err
	rm -rf D
	check 'hazard 46: a clock that jumps changes nothing' -s 1 -O still \
		-e "$(cat still.err)" bounded 60 env \
		LD_PRELOAD="$BIN/tests/tools/jumping.so" \
		seg-fetch -q --retries 2 --backoff 0.01 -d D served
fi

# --- The list itself

for n in 1 3 4 8 21 27 28 29 30 31 32 36 37 39 40 42 43 44 45 46; do
	ok "hazard $n has a test" grep -rqE "hazards? ([0-9]+, )*$n\b[:,]" \
		--include='*.t' "$ROOT/tests"
done

done_testing
