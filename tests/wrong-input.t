#!/usr/bin/env bash
# What is wrong with input is said once, with the way out, and never becomes a
# data set; what was done is told in one line.

. "${0%/*}/lib.sh"
need jq

cp -r "$DEMO/release.json" "$DEMO/segments" .
seg-samples -q release.json > records
head -n 2 records > two
jq -c . release.json > compact.json
jq . records > indented
jq -c -s . records > array
gzip -k records
echo '{"images":[],"annotations":[],"categories":[]}' > coco.json
echo '{"detail":"Not found."}' > answer.json
echo '{}' > empty.json
printf '<!DOCTYPE html>\n<html><body>Sign in</body></html>\n' > page.html
printf '<?xml version="1.0"?>\n<Error><Code>AccessDenied</Code></Error>\n' > x.xml
iconv -f UTF-8 -t UTF-16 records > utf16
seg-samples --info release.json > info
head -n 1 segments/manifest.ndjson > manifest 2> /dev/null ||
	echo '{"url":"http://h/a","path":"a","sha256":"b"}' > manifest
printf '\211PNG\r\n\032\n' > a.png
seg-coco -q two > kept.json

# tells FILE MESSAGE: each reader of records says it, once and alone.
tells()
{
	local program
	for program in seg-filter seg-decode seg-fetch seg-frames seg-coco; do
		check "$program: $1" -s 2 -e "$program: $1: ${2//PROGRAM/$program}" \
			"$program $1 > out"
	done
	check "$1 leaves a data set as it was" -s 2 -E '*' \
		"cp kept.json good.json; seg-coco -o good.json $1
		cmp kept.json good.json && exit 2"
	check "$1: so at the end of a pipe" -s 1 -E '*' \
		"seg-filter $1 | seg-coco -o good.json; status=\$?
		cmp kept.json good.json && exit \$status"
}

tells compact.json 'is a release, not records; try: seg-samples compact.json | PROGRAM'
tells coco.json 'is a COCO file, not records; they are made from the release by seg-samples'
tells kept.json 'is a COCO file, not records; they are made from the release by seg-samples'
tells answer.json 'is an answer of a server, not records: Not found.'
tells empty.json 'is an empty object, not a record'
tells page.html 'is an HTML page, not JSON; it begins: <!DOCTYPE html>'
tells x.xml 'is XML or HTML, not JSON; it begins: <?xml version="1.0"?>'
tells utf16 'is UTF-16; try: iconv -f UTF-16 -t UTF-8 utf16 | PROGRAM'
tells records.gz 'is gzip-compressed; try: zcat records.gz | PROGRAM'
tells a.png 'is a PNG image'
tells manifest 'is a manifest of files, not records; they are what seg-fetch writes to its output'
tells info 'is what seg-samples --info prints, not records; leave --info out'
tells array "is a JSON array; records are one line each; try: jq -c '.[]' array | PROGRAM"
tells indented 'is JSON over several lines; records are one line each: jq needs -c. A release is read by seg-samples'


# What else is taken for records; one program tells of each.
other()
{
	printf '%s\n' "$1" > other.json
	check "told: $2" -s 2 -e "seg-filter: other.json: $2" \
		'seg-filter other.json > out'
}

other '{"type":"FeatureCollection","features":[]}' 'is GeoJSON, not records'
other '{"release_type":"JSON","attributes":{"url":"http://h/r"}}' \
	'describes a release and is not its file, which attributes.url tells where to download'
other '{"name":"a","labels":{}}' \
	'is a sample of a release, not a record; try seg-samples on the release itself'
other '{"format_version":"0.1","annotations":[]}' \
	'is a label, not records; seg-samples makes records of a release'
other '{"a":1,"b":2,"c":3,"d":4,"e":5}' \
	'is no record: it has neither release nor index, but a, b, c, d, ...; records are what seg-samples writes'
other '{"a":1}' \
	'is no record: it has neither release nor index, but a; records are what seg-samples writes'
other '"text"' 'is no record, which is a JSON object; it begins: "text"'

jq -c 'del(.index, .release)' records > cut.json
tells cut.json 'is no record: its index and its release were taken out; leave them in'
jq -c 'del(.release)' two > bare.json
for program in seg-filter seg-decode seg-frames seg-fetch 'seg-fetch --dry-run'; do
	check "$program warns of a record without a release" -E "\
${program%% *}: bare.json:1: *.png: the record has no release, which tells its categories
${program%% *}: bare.json:2: *.png: the record has no release, which tells its categories*" \
		"$program -q bare.json > out"
done
check 'one with a release and no index is a record' -O noindex \
	"jq -c 'del(.index)' two | tee noindex | seg-filter"

check 'behind records too, with the line' -s 2 \
	-e 'seg-filter: <stdin>:3: is a COCO file, not records; they are made from the release by seg-samples' \
	-O <(cat two; echo '{"error":{"program":"seg-filter","message":"is a COCO file, not records; they are made from the release by seg-samples"}}') \
	'cat two coco.json two | seg-filter'
check 'the same with several jobs' -s 2 \
	-E 'seg-decode: <stdin>:3: is a COCO file*' \
	'cat two coco.json two | seg-decode -j3 | grep -c label_status | grep -qx 2
	exit "${PIPESTATUS[1]}"'

tar -cf records.tar two
head -c 1000 /dev/zero > zeros
tells records.tar 'is a tar archive; try: tar -xOf records.tar | PROGRAM'
tells zeros 'is no record, which is a JSON object; it is no text'

# finished FILE MESSAGE: each reader of COCO files says it, once and alone.
finished()
{
	local reader
	for reader in "seg-eval --coco $1 kept.json" \
		"seg-eval --coco kept.json $1" "seg-check --coco $1"; do
		check "$reader" -s 2 -E "${reader%% *}: $1: $2" "$reader > out"
	done
}
: > void
finished two 'is a stream of records, not a COCO file; try: seg-coco two'
finished records 'is a stream of records, not a COCO file; try: seg-coco records'
finished compact.json \
	'is a release, not a COCO file; try: seg-samples compact.json | seg-coco'
finished release.json \
	'is a release, not a COCO file; try: seg-samples release.json | seg-coco'
finished void 'is empty, not a COCO file'
finished zeros 'is no COCO file, which is a JSON object; it is no text'
finished records.gz 'is gzip-compressed; try: zcat records.gz | *'
finished page.html 'is an HTML page, not JSON; it begins: <!DOCTYPE html>'
for file in void records.gz page.html zeros missing; do
	check "seg-samples --names tells of $file once" -s 2 \
		-E "seg-samples: $file: +([!
])" "seg-samples --names categories $file"
done

for file in records coco.json utf16 page.html; do
	check "seg-samples refuses $file" -s 2 -E "seg-samples: $file: is *" \
		"seg-samples $file > out"
done
check 'NaN is told for what it is' -s 2 -i '{"samples":[{"score":NaN}]}' \
	-E 'seg-samples: *allow_nan=False' 'seg-samples > out'

# A member that stands twice is refused by whoever looks at it: readers take
# the first or the last.
one='{"index":0,"name":"a.png","attributes":{"image":{"url":"http://127.0.0.1:9/a.png","width":9,"height":9}},"label":{"label_status":"REVIEWED","attributes":{"annotations":[{"id":1,"category_id":1,"type":"bbox","points":[[1,1],[5,5]]}]}},"release":{"name":"v","task_type":"vector","categories":[{"id":1,"name":"c"}]}}'
# twice KEY ORIGINAL DOUBLED PROGRAM...: each program refuses the record.
twice()
{
	local key=$1 line=${one/"$2"/"$3"} program
	shift 3
	for program; do
		check "$program: $key twice" -s "${TWICE_STATUS-1}" -i "$line" \
			-E "${program%% *}: *duplicate key $key*" \
			"$program > out"
	done
}
echo "$one" > other
readers=(seg-decode seg-coco 'seg-mask -t T' 'seg-yolo --ndjson' seg-stat seg-check)
fetches=('seg-fetch -d D' 'seg-fetch -d D --dry-run')
twice url '{"url"' '{"url":"x","url"' "${readers[@]}" "${fetches[@]}"
twice image '{"image"' '{"image":{},"image"' "${readers[@]}" "${fetches[@]}"
twice annotations '"annotations"' '"annotations":[],"annotations"' \
	"${readers[@]}" "${fetches[@]}" 'seg-filter --min-annotations 1' \
	'seg-filter --keep-category c'
twice label_status '"label_status"' '"label_status":"SKIPPED","label_status"' \
	"${readers[@]}" 'seg-filter --status reviewed'
twice categories '"categories"' '"categories":[],"categories"' \
	seg-coco 'seg-mask -t T' 'seg-yolo --ndjson' seg-stat seg-check \
	'seg-filter --category c' 'seg-filter --keep-category c' \
	"seg-filter --where 'any(annotation.category = c)'" \
	'seg-filter --min-annotations c:1'
twice name '"name":"c"' '"name":"d","name":"c"' \
	seg-coco 'seg-mask -t T' 'seg-yolo --ndjson' seg-stat seg-check \
	'seg-filter --category c'
TWICE_STATUS=2 twice id '"id":1,"cat' '"id":1,"id":2,"cat' 'seg-diff other -'

# What should be an object and is none would pass for an image without a label.
whole='{"index":0,"name":"a.png","attributes":{"image":{"url":"","width":9,"height":9}},"label":{"attributes":{"annotations":[]}},"release":{"categories":[]}}'
# misshapen WHAT FROM TO: each program that looks refuses it.
misshapen()
{
	local program
	for program in seg-decode seg-coco 'seg-mask -t T' 'seg-yolo --ndjson' \
		seg-stat seg-check 'seg-fetch -d D'; do
		check "$program: $1 of another type: $3" -s 1 \
			-E "${program%% *}: <stdin>:1: a.png: $1 is no object*" \
			-i "${whole/"$2"/"$3"}" "$program > out"
	done
}
for value in 5 '"x"' '[{}]' true; do
	misshapen label '{"attributes":{"annotations":[]}}' "$value"
done
misshapen label.attributes '{"annotations":[]}' '[]'

# Annotations where nobody looks for them: refused by who looks for any.
# misplaced KEY MEMBERS: of the label.
misplaced()
{
	local program
	for program in seg-decode seg-coco 'seg-coco --panoptic -t T' \
		'seg-mask -t T' 'seg-yolo --ndjson' \
		'seg-yolo --task semantic -t T' seg-stat seg-check \
		'seg-view -o v.html' 'seg-fetch -d D' \
		'seg-filter --category c' 'seg-filter --min-annotations 1' \
		'seg-filter --max-annotations 0' 'seg-filter --attribute a=b' \
		'seg-filter --keep-category c' \
		"seg-filter --where 'not any(annotation.id > 0)'"; do
		check "$program: $1 beside label.attributes" -s 1 \
			-E "*${program%% *}: <stdin>:1: a.png: label.$1 belongs in label.attributes.$1*" \
			-i '{"index":0,"name":"a.png","attributes":{"image":{"url":"","width":9,"height":9}},"label":{"label_status":"REVIEWED",'"$2"'},"release":{"categories":[{"name":"c","id":1}]}}' \
			"$program > out"
	done
}
box='{"id":1,"category_id":1,"type":"bbox","points":[[1,1],[5,5]]}'
misplaced annotations "\"annotations\":[$box]"
misplaced annotations "\"annotations\":[$box],\"attributes\":{}"
misplaced frames "\"attributes\":null,\"frames\":[{\"annotations\":[$box]}]"
misplaced segmentation_bitmap '"segmentation_bitmap":{"url":"http://127.0.0.1:9/l.png"}'
check 'seg-frames: frames beside label.attributes' -s 1 \
	-E '*: s: label.frames belongs in label.attributes.frames*' \
	-i "{\"index\":0,\"name\":\"s\",\"attributes\":{\"frames\":[{\"image\":{\"url\":\"u\"}}]},\"label\":{\"frames\":[{\"annotations\":[$box]}]},\"release\":{\"task_type\":\"image-vector-sequence\",\"categories\":[]}}" \
	'seg-frames > out'

# Labels that may be no truth are told by each writer of data sets, those of a
# status that nobody knows too.
seg-samples -q release.json | jq -c 'select(.label) | .label.label_status =
	(["SKIPPED", "PRELABELED", "REVEIWED", "", "verified", "LABELED"][.index % 6])' > odd
for program in seg-coco 'seg-coco --panoptic -t odd.p' 'seg-mask -t odd.m' \
	'seg-yolo --ndjson' 'seg-yolo -t odd.y' 'seg-yolo --task semantic -t odd.s'; do
	check "$program tells what became of odd statuses" \
		-E "*${program%% *}: SKIPPED labels: images 3 (without annotations 0), left out 0; seg-filter --status chooses
${program%% *}: PRELABELED labels: images 2 (without annotations 0), left out 0; seg-filter --status chooses
${program%% *}: labels of no status that is known: images 3 (without annotations 0), left out 1; seg-filter --status chooses*" \
		"$program --offline odd > out"
	check "$program -q does not" "$program -q --offline odd 2>&1 > out |
		grep 'labels: \|status'; true"
done

# An image's pixels are written where there are bitmaps or not.
big='{"index":0,"name":"a.png","attributes":{"image":{"url":"","width":30000,"height":30000}},"label":{"label_status":"REVIEWED","attributes":{"annotations":[{"id":1,"category_id":1,"type":"bbox","points":[[1,1],[5,5]]}]}},"release":{"categories":[{"name":"c","id":1}]}}'
for program in 'seg-coco --panoptic -t T' 'seg-mask -t T' \
	'seg-mask --kind binary -t T' 'seg-yolo --task semantic -t T'; do
	for stage in cat seg-decode; do
		check "$program: --max-pixels is for drawn labels too, after $stage" \
			-s 1 -E "*image: 30000 x 30000 is more than 100000000 pixels; --max-pixels allows more*" \
			-i "$big" "$stage | $program > out"
	done
done
check 'one that is not drawn is not refused' -o 1 -i "$big" \
	'seg-coco | jq ".annotations | length"'
check '--max-pixels draws it' -o 63 \
	-i "${big//30000,\"height\":30000/9,\"height\":7}" \
	'seg-mask --max-pixels 63 -t small > out; unpng small/a.png | wc -w'
check 'and not one of more' -s 1 -E '*9 x 7 is more than 62 pixels*' \
	-i "${big//30000,\"height\":30000/9,\"height\":7}" \
	'seg-mask --max-pixels 62 -t small2 > out'

# What is to be kept together by, and no record has.
for program in 'seg-coco -t k.coco' 'seg-yolo -t k.yolo' 'seg-mask -t k.mask' \
	'seg-mask --kind hf-instance -t k.hf'; do
	check "$program --by what no record has" -s 2 \
		-E "*${program%% *}: no record has metadata.scnee to keep together by*" \
		"$program --offline --split train:0.5,val:0.5 \
		--by metadata.scnee records > out"
	ok "$program publishes nothing then" test -z "$(find "${program##* }" \
		-name '*.json*' -o -name data.yaml)"
	check "$program --by what some have not" \
		-E "*${program%% *}: records without metadata.table, each by itself: 3 of 1[23]*" "jq -c 'select(.label) | del(select(.index == 3 or .index == 0).metadata.table)' records |
		$program --offline --split train:0.5,val:0.5 \
		--by metadata.table > out"
done

head -n 6 records > six
# Lists, with white space around commas; and names that nothing has.
check '--split with spaces' -o 'train
val' 'seg-coco --offline -q -t spaced --split " train : 0.5 , val:0.5" six
	ls -I "*.*" spaced'
for program in 'seg-mask -t sp.mask' 'seg-yolo -t sp.yolo'; do
	check "$program --split with spaces" "$program --offline -q > out \
		--split ' train : 0.5 , val:0.5' six
		find \${program##* } -name '* *' -type d"
done
check '--part of a --split with spaces' -o 14 \
	'for part in train val; do seg-filter -q --split "train: 0.5, val: 0.5" \
		--part $part records; done | grep -c .'
check '--split without a name' -s 2 -E '*a part is NAME:FRACTION
usage: *' "seg-filter --split ' : 0.5,b:0.5' --part b records"
check '--stuff with spaces' -o '["donut",0]' \
	'seg-coco --offline -q --panoptic -t stuff --stuff "mug , donut " records \
		2> /dev/null
	jq -c ".categories[] | select(.name == \"donut\") | [.name, .isthing]" \
		$(find stuff -name "*.json")'
check '--stuff that is no category' -E '*seg-coco: --stuff: no category is called "donuut"; the nearest is donut
*' 'seg-coco --offline --panoptic -t stuff2 --stuff "mug,donuut" records'
for program in seg-coco 'seg-yolo --task pose --ndjson'; do
	check "$program --keypoints that is no category" \
		-E "*${program%% *}: --keypoints: no category is called \"mugg\"; the nearest is mug
*" "$program --offline --group-by box --keypoints 'donut , mugg' records > out"
done
check 'lists of rules' -o 'id-without-pixels
id-unlisted' "seg-check --offline -q --disable all \
	--enable ' id-unlisted , id-without-pixels ' \
	--fail-on never records | jq -r .rule | sort -ru"
check 'lists of readers' "seg-check --offline -q --disable all \
	--for 'coco, hf' records"
check 'lists of changes' "seg-diff -q --only 'label , status' records records"
check 'a list without a word' -s 2 -E 'seg-diff: --only: an empty list
usage: *' "seg-diff --only ' ,' records records"
for options in --enable --disable --explain; do
	check "$options of no rule" -s 2 \
		-E "seg-check: $options: no such rule: specks; did you mean speck?
usage: *" seg-check $options specks
done
check '--limit of no rule' -s 2 -E 'seg-check: --limit: no such rule: specks; did you mean speck?
usage: *' seg-check --limit specks=3

# A directory that is mistyped.
for program in seg-decode seg-coco 'seg-mask -t T' 'seg-yolo --ndjson' seg-stat \
	'seg-view -o v.html' seg-check; do
	check "$program -d that is not there" -s 1 \
		-E "*${program%% *}: -d segmnets: No such file or directory, so no file was found there*" \
		"$program --offline -d segmnets two > out"
done
check 'one that nothing was looked for in is not told' \
	"seg-coco -q -d segmnets > out <<< '$one'"
check 'nor one that is made meanwhile' -O whole \
	'seg-decode -q two > whole
	mkfifo slow; seg-decode -q -d made < slow & exec 3> slow
	cp -r segments made; cat two >&3; exec 3>&-; wait %1'

# A variable that is not set.
for option in 'seg-coco -o' 'seg-coco -t' 'seg-coco --release' 'seg-mask -t' \
	'seg-yolo -t' 'seg-view -o' 'seg-fetch -d' 'seg-fetch --base' \
	'seg-decode -d' 'seg-eval --coco' 'seg-check --baseline'; do
	check "$option without a name" -s 2 -E "${option% *}: --*: an empty name
usage: *" $option '' two
done
check '--link without a tree' -s 2 -E 'seg-yolo: --link goes with -t
usage: *' seg-yolo --ndjson --link copy two

# Nothing at all, or not as much as there should be.
check 'no record: nothing is published' -s 2 \
	-e 'seg-coco: good.json: not written: no record came; --allow-empty would' \
	'seg-coco -o good.json < /dev/null; status=$?
	cmp kept.json good.json && exit $status'
check '--allow-empty publishes' -o 0 \
	'seg-coco --allow-empty -o void.json < /dev/null; jq ".images | length" void.json'
check '--expect: as many as came' 'seg-coco --expect 2 -o e.json two'
check '--expect: fewer' -s 2 \
	-e 'seg-coco: f.json: not written: 2 records came, and 3 were expected' \
	seg-coco --expect 3 -o f.json two
check '--expect: more, and with --partial' -s 2 \
	-e 'seg-coco: f.json: not written: 2 records came, and 1 were expected' \
	seg-coco --expect 1 --partial -o f.json two

# A stream that ends before its input does says so.
check 'wrong usage in mid-pipe publishes nothing' -s 1 \
	-E '*did you mean --status?*not written*' \
	'seg-samples release.json | seg-filter --stauts x | seg-coco -o good.json
	status=$?; cmp kept.json good.json && exit $status'
mkfifo fifo
for name in TERM INT HUP; do
	for program in seg-filter 'seg-decode -j1' 'seg-decode -j3'; do
		check "$program ends its stream at SIG$name" \
			-o "{\"error\":{\"program\":\"${program%% *}\",\"message\":\"ended before its input did\"}}" \
			"trap - INT
			exec 3<> fifo
			env --default-signal $program < fifo > cut 3>&- & pid=\$!
			sleep 0.3; kill -$name \$pid; wait \$pid 2> /dev/null
			exec 3>&-; cat cut"
	done
done

# A data set is whole or as it was, also with --partial.
for options in '' --partial; do
	check "no room for temporary files $options" -s 2 \
		-E '*seg-coco: temporary file in /nonexistent: No such file*' \
		"cp kept.json good.json
		TMPDIR=/nonexistent seg-coco $options -o good.json records
		status=\$?; cmp kept.json good.json && exit \$status"
	check "a disk that is full $options" -s 2 -E '*: File too large*' \
		"cp kept.json good.json
		(ulimit -f 1; seg-coco $options -o good.json records)
		status=\$?; cmp kept.json good.json && exit \$status"
done

# A message is short and shows nothing that a terminal would obey.
{
	printf '{"index":0,"name":"'
	head -c 3000000 /dev/zero | tr '\0' a
	printf '","label":{"attributes":{"annotations":5}},"release":{}}\n'
} > long-name
for program in seg-decode seg-coco seg-stat; do
	check "$program: a name of 3 MB makes a short message" -o short \
		"$program -q long-name 2>&1 > out | awk 'length < 400 { n++ }
		END { print n == 1 && NR == 1 ? \"short\" : NR }'"
done
check 'tags that nobody sees are shown' -s 1 \
	-e 'seg-decode: <stdin>:1: a\u{e0041}\u{e007f}b: annotations is not a list' \
	-i '{"index":0,"name":"a\udb40\udc41\udb40\udc7fb","label":{"attributes":{"annotations":5}},"release":{}}' \
	'seg-decode -q > out'

# What every program tells at its end, and -q.
for program in seg-filter seg-decode seg-frames seg-fetch; do
	check "$program sums up" -E "$program: *2 records in, 2 records out, 0 failed" \
		"$program two > out"
	check "$program -q does not" "$program -q two > out"
done
check 'seg-samples sums up' \
	-e 'seg-samples: 14 samples in, 14 records out, 0 failed' \
	'seg-samples release.json > out'
check 'seg-coco sums up' -E 'seg-coco: 2 records in, 2 images, * annotations out, 0 failed' \
	'seg-coco two > out'
sed 's/REVIEWED/LABELED/' two > relabelled
check 'seg-diff sums up' -s 1 -e 'seg-diff: 4 samples in, 2 changes out, 0 failed' \
	'seg-diff two relabelled > out'
check 'seg-diff -q does not' -s 1 'seg-diff -q two relabelled > out'
check 'seg-check tells what judges a COCO file' -s 2 \
	-E 'seg-check: coco.json: is a COCO file*; --coco judges such a file' \
	seg-check coco.json
check 'seg-stat sums up nothing' -e 'seg-stat: 0 records in, 0 failed' \
	'seg-stat < /dev/null > out'
check 'seg-stat sums up' -e 'seg-stat: 2 records in, 0 failed' 'seg-stat two > out'
check 'seg-check sums up' \
	-E 'seg-check: 2 records in, * error*, * warning*, * remark* out, 0 failed' \
	'seg-check two > out'
check 'seg-eval sums up' -E '*seg-eval: 2 records in, 2 images out, 0 failed' \
	'seg-eval --predicted ground-truth two > out'
check 'seg-mask sums up' -e 'seg-mask: 2 records in, 2 maps out, 0 failed' \
	'seg-mask -t masks two > out'
check 'seg-yolo sums up' -E 'seg-yolo: 2 records in, 2 images out, 0 failed' \
	'seg-yolo --ndjson two > out'
for program in seg-stat seg-check 'seg-eval --predicted ground-truth' \
	'seg-mask -t quiet' 'seg-yolo --ndjson' 'seg-coco --duplicates keep'; do
	check "$program -q does not" "$program --exit-zero -q two > out"
done
check 'what does not match is left out' \
	-e 'seg-filter: 2 records in, 0 records out, 0 failed; left out: not matching 2' \
	seg-filter --min-annotations 99 two
check '--exit-zero makes 0 of 1' -E '* in, *1 failed' \
	'sed "1s/.*/{\"index\":0,\"label\":{\"attributes\":{\"annotations\":5}},\"release\":{}}/" two |
	seg-decode --exit-zero > out'
decoded='{"name":"a","attributes":{"image":{"url":"x","path":"a.png","width":9,"height":9}},"label":{"attributes":{"annotations":[{"id":1,"category_id":1}],"segmentation_bitmap":{"url":"x","path":"b.png"}}},"release":{}}'
echo '. 1' | bitmap b.png
mkdir -p bare && cp b.png bare/
for _ in {1..25}; do
	echo "${decoded/'"id":1,'/'"id":2,'}"
done > odd
for jobs in 1 3; do
	check "a warning is shown ten times, then counted (-j$jobs)" -o '10
1' "seg-decode -q -j$jobs odd 2>&1 > out | tee said |
		grep -c '^seg-decode: odd:.* without a pixel'
		grep -c '15 more warnings of this kind: .* without a pixel' said"
done

check 'what was odd of bitmaps is counted' -E '*grey bitmaps: 1*' \
	"printf '1 1\n' | mkpng -c grey > grey.png
	echo '${decoded/b.png/grey.png}' | seg-decode > out"
for i in 1 2 3; do
	echo '{"index":'$i',"name":"'$i'.png","attributes":{"image":{"url":"http://127.0.0.1:9/a'$i'.png","width":9,"height":9}},"label":{"attributes":{"annotations":[{"id":1,"category_id":1}],"segmentation_bitmap":{"url":"http://127.0.0.1:9/'$i'.png"}}},"release":{"categories":[{"id":1,"name":"c"}]}}'
done > unreachable
for program in seg-decode\ -j{1,3} seg-coco 'seg-mask -t nothing' seg-stat; do
	check "$program: a host that is down is said once" -s 1 -E "\
${program%% *}: unreachable:[123]: ?.png: bitmap: failed to connect to 127.0.0.1 port 9*
${program%% *}: http://127.0.0.1:9 cannot be reached: 2 more failed for that*" \
		"$program unreachable > out"
	check "$program: and then counted" -o 1 \
		"$program unreachable 2>&1 > out | grep -c 'failed to connect'"
done

# What one program writes is what the next one reads, with the same limit: each
# adds to a record that just fits.
room()
{
	printf '%s\n' "$1" | awk '{ print length }'
}
long='written, the record would be longer than * bytes; --max-record allows more, here and in the programs that read it'
one='{"index":7,"name":"a.png","attributes":{"image":{"url":"http://127.0.0.1:9/a.png","path":"a.png","width":9,"height":9}},"label":{"attributes":{"annotations":[{"id":1,"category_id":3,"type":"bbox","points":[[1,1],[5,5]]}]}},"release":{"categories":[{"id":3,"name":"c"}]}}'
cp "$DEMO"/segments/images/glazed.png a.png 2> /dev/null ||
	echo '1 1' | bitmap a.png
# grows NAME COMMAND [FURTHER]: it fails the record that does not fit, and the
# next program reads all.
grows()
{
	check "$1: a record that becomes too long fails" -s 1 \
		-E "${2%% *}: *$long*" "$2 --max-record $(room "${3-$one}") > grown"
	check "$1: the next program takes it" -o 'seg-filter: 1 record in, 1 record out, 0 failed, 1 failed before' \
		"seg-filter --max-record $(($(room "${3-$one}") + 60)) grown 2>&1 > out"
}
echo "$one" > fits
grows seg-decode 'seg-decode fits'
grows seg-mask 'seg-mask -t grown-masks --partial fits'
sed 's/"category_id":3/"category_id":4/' fits > unfit
check 'seg-check --pass leaves out findings that do not fit' -O unfit \
	-E 'seg-check: unfit:1: *with its findings, the record would be longer than 270 bytes: it is passed without them*' \
	'seg-check --pass --exit-zero --max-record 270 unfit'
short='{"index":7,"label":{"attributes":{"annotations":[{"category_id":3}]}},"release":{"categories":[{"id":3,"name":"c"}]}}'
echo "$short" > short
grows 'seg-filter --drop-category' 'seg-filter --drop-category c short' "$short"
sample='{"name":"'$(seq -s _ 120)'.png"}'
echo '{"categories":[{"id":1,"name":"a name of several words"}],"samples":['"$sample"']}' > long.json
grows seg-samples 'seg-samples long.json' "$sample"

# What a shell has emptied before it is read.
for how in 'same > same' '- < same > same' 'two same >> same'; do
	check "an input that is the output: $how" -s 2 \
		-E 'seg-filter: *: is the output, too, which a shell empties at once; write to another file' \
		"cp two same; seg-filter $how"
done
check 'so for a release' -s 2 -E 'seg-samples: same: is the output, too*' \
	'cp release.json same; seg-samples same > same'

# Options.
check 'who looks for -o is told where output goes' -s 2 \
	-E 'seg-filter: unknown option: -o; output goes to standard output: > FILE*' \
	'seg-filter -o x > out'
check 'or which option says it' -s 2 \
	-E 'seg-mask: unknown option: --output=x; -t DIR says where output goes*' \
	seg-mask --output=x
check 'a long option has two hyphens' -s 2 \
	-E 'seg-coco: unknown option: -s of -segmentation; is it --segmentation?*' \
	seg-coco --offline -segmentation polygon two
check 'letters together, one of them unknown' -s 2 \
	-E 'seg-coco: unknown option: -x
*' seg-coco --offline -qx two
check 'a word that is longer than the one meant' -s 2 \
	-E 'seg-yolo: --task: *: segmentation; did you mean segment[?]*' \
	seg-yolo --task segmentation
check 'an option is refused by name' -s 2 \
	-E 'seg-decode: --jobs: not a whole number from 1 to 1024: 0*' seg-decode --jobs 0
check 'a word is refused with the nearest' -s 2 \
	-E 'seg-decode: --segmentation: not one of *: polygn; did you mean polygon[?]*' \
	seg-decode --segmentation polygn
# Sizes and their units: a record of 1,000 bytes, one of 1,024, and one of
# 1,048,576 with the bounds just below and at them.
sized()
{
	local line='{"index":0,"name":"","release":{}}'
	printf '{"index":0,"name":"%*s","release":{}}\n' \
		"$(($1 - ${#line}))" '' | tr ' ' x
}
while read -r bytes size fits; do
	status=2
	[ "$fits" = no ] || status=0
	check "$bytes bytes are no more than $size: ${fits:-yes}" -s $status \
		-E '*' "sized $bytes | seg-filter --max-record $size > /dev/null"
done <<- END
	1000 1000
	1000 999 no
	1000 1000B
	1000 1kB
	1001 1kB no
	1024 1k
	1025 1k no
	1024 1K
	1024 1KiB
	1025 1KiB no
	1024 1kiB
	1000000 1MB
	1000001 1MB no
	1048576 1M
	1048576 1MiB
	1048577 1MiB no
	1048576 1G
	1048576 1GiB
	1048576 1GB
	1048576 1T
END
for size in 1KB 1kb 1m 1Mi 1MBs 1x 1ki 16777217T M '' -1k 1.5M; do
	check "no size: $size" -s 2 -E 'seg-filter: --max-record: not a size*' \
		seg-filter "--max-record=$size"
done
check 'a rule is refused with the nearest' -s 2 \
	-E 'seg-check: --disable: no such rule: url-missin; did you mean url-missing[?]*' \
	seg-check --disable all,url-missin two
check 'a size of 0 is none' -s 2 -E 'seg-filter: --max-record: not a size*' \
	seg-filter --max-record 0

done_testing
