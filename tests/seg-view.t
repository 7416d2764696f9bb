#!/usr/bin/env bash
# seg-view: what a page shows, in which order, what it lets nobody do. How it
# behaves in a browser is in seg-view-browser.t.

. "${0%/*}/lib.sh"

need jq perl

# record INDEX NAME CATEGORIES ANNOTATIONS [MEMBERS]: a record whose label
# bitmap is bitmap.png and whose image is image.png; MEMBERS are put over it.
record()
{
	local more=${5-}
	jq -cn --argjson index "$1" --arg name "$2" --argjson categories "$3" \
		--argjson annotations "$4" --argjson more "${more:-null}" \
		'{$index, $name, uuid: "u\($index)",
		attributes: {image: {path: "image.png"}},
		label: {label_status: "REVIEWED", attributes: {$annotations,
			segmentation_bitmap: {path: "bitmap.png"}}}}
		* ($more // {}) + {release: {name: "v", dataset: "d",
			labelset: "l", $categories}}'
}

# Each of these prints what a page on stdin has of something, a line each.
paths()
{
	grep -o '<path [^>]*>' | sed 's/<path class="\(.*\)" d="\(.*\)">/\1: \2/'
}
images()
{
	grep -o '<img [^>]*>' | sed 's/.*src="\(.*\)">/\1/'
}

grid='0 0 7 7
0 3 7 7
9 3 3 0'
bitmap bitmap.png <<< "$grid"
bitmap image.png <<< '1 2 3 4
5 6 7 8
9 1 1 1'
two='[{"name": "donut", "id": 4, "color": [255, 0, 10]},
	{"name": "mug", "id": 2}]'
three='[{"id": 7, "category_id": 2}, {"id": 3, "category_id": 4},
	{"id": 9, "category_id": 2}]'
record 0 a.png "$two" "$three" > one

# Objects.
check 'objects are outlines, on 1200 units, the largest below' \
	-o 'o c0: M600 0h600v600h-600z
o c1: M300 300h300v300h300v300h-600z
o c0: M0 600h300v300h-300z' 'seg-view one | paths'
check 'pointed at, they tell category, id and pixels' -o 'mug #7, 4 px
donut #3, 3 px
mug #9, 1 px' "seg-view one | grep -o '<path.*</svg>' |
	grep -o '<title>[^<]*' | sed 's/.*>//'"
check 'colours are the release'\''s, else those of seg-mask' \
	-o '.c0{--c:#e6194b}
.c1{--c:#ff000a}' "seg-view one | grep -o '^[.]c.{--c:#......}'"
seg-view -q one > one.html
check 'a decoded record looks the same' -O one.html \
	'seg-decode one | seg-view'
bitmap bitmap.png <<< '5 5 5 5
5 0 0 5
5 5 5 5'
record 0 a.png "$two" '[{"id": 5, "category_id": 4}]' > hole
check 'a hole is a ring of its own: no line leads to it' \
	-o 'o c0: M0 0h1200v900h-1200zM300 300v300h600v-300z' \
	'seg-view hole | paths'
bitmap bitmap.png <<< "$grid"

drawn()
{
	jq -cn --argjson annotations "$1" '{index: 0, name: "v.png", uuid: "v",
		attributes: {image: {path: "image.png"}},
		label: {label_status: "LABELED", attributes: {$annotations}},
		release: {categories: [{id: 1, name: "thing"}]}}'
}
drawn '[{"id":1,"category_id":1,"type":"polygon","points":[[0,0],[4,0],[2,3]]},
	{"id":2,"category_id":1,"type":"bbox","points":[[3,2],[1,1]]},
	{"id":3,"category_id":1,"type":"polyline","points":[[0,0],[1,1],[2,0.5]]},
	{"id":4,"category_id":1,"type":"point","points":[[2,2]]}]' > vector
vector_paths='o c0: M0 0h1200l-600 900z
b c0: M300 300h600v300h-600z
l c0: M0 0l300 300 300-150
p c0: M600 600h0'
check 'labels drawn with points are shown as they were drawn' \
	-o "$vector_paths" 'seg-view vector | paths'
check 'also once they are decoded' -o "$vector_paths" \
	'seg-decode vector | seg-view | paths'

# Images.
check 'a thumbnail is in the page, as JPEG, of the image'\''s size' \
	-o '4x3' "seg-view vector | images |
	perl -MMIME::Base64 -ne 's/^data:image.jpeg;base64,// or die;
		decode_base64(\$_) =~
			/^\\xff\\xd8.*\\xff\\xc0\\0\\x11\\x08(..)(..)/s or die;
		print unpack(\"n\", \$2), \"x\", unpack(\"n\", \$1), \"\\n\"'"
(cd "$DEMO" && seg-samples -q release.json) > demo
check 'one of the wanted size, where the image is larger' -o '50' -E '*' \
	"seg-view -q --offline --base '$DEMO' -d '$DEMO/segments' --thumbs 50 \
		demo | images | perl -MMIME::Base64 -ne 's/.*base64,//;
		decode_base64(\$_) =~ /\\xff\\xc0\\0\\x11\\x08(..)(..)/s or die;
		print unpack(\"n\", \$2), \"\\n\"' | sort -u"
missing='seg-view: <stdin>:1: v.png: image: '
check 'an image that is missing is warned of, and the page has its objects' \
	-E "${missing}*gone.png: No such file*; the page shows none
seg-view: 1 record in, 1 sample, 1 page out, 0 failed; left out: images 1" \
	-o '4 <b>v.png</b> no image' "sed s/image.png/gone.png/ vector |
	seg-view --offline > page; echo \$(paths < page | wc -l) \
		\$(grep -o '<b>v.png</b> no image' page)"
check 'so is one that cannot be read' \
	-E "${missing}neither JPEG nor PNG; the page shows none" \
	"echo no image > bad; sed s/image.png/bad/ vector | seg-view > page"
check 'of an unlabelled one the image is shown, or its name' \
	-o '1 <b>v.png</b>' -E '*No such file*' \
	"{ jq -c '.label = null | .uuid = \"w\"' vector
	jq -c '.label = null | .attributes.image.path = \"gone\"' vector; } |
	seg-view -q --offline > page
	echo \$(images < page | wc -l) \$(grep -o '<b>v.png</b> ' page)"
mkdir -p 'some where/pages'
cp image.png 'some where/é &".png'
check '--link refers to images from where the page is' \
	-o '../%C3%A9%20&amp;%22.png' "jq -c '.attributes.image.path =
		\"some where/é &\\\".png\"' vector |
	seg-view -q --link -o 'some where/pages/page.html' &&
	images < 'some where/pages/page.html'"
check 'or to their URLs' -o 'https://a.b/c?d=e&amp;f=%22%3E' \
	"jq -c '.attributes.image = {url: \"https://a.b/c?d=e&f=\\\">\",
		width: 4, height: 3}' vector | seg-view -q --offline --link | images"
check 'but to none that leads elsewhere' -o 0 \
	-E '*its URL is no http; the page shows none' \
	"jq -c '.attributes.image = {url: \"javascript:alert(1)\", width: 4,
		height: 3}' vector | seg-view -q --offline --link | images | wc -l"

check 'nor to one whose URL is no end of text' -o 0 \
	-E '*its URL is too long; the page shows none' \
	"jq -c '.attributes.image = {url: (\"https://a.b/\" + \"c\" * 5000),
		width: 4, height: 3}' vector | seg-view -q --offline --link | images | wc -l"

# Many: what is shown is bounded.
perl -e 'for (1 .. 60) { print join(" ", map { ++$n } 1 .. 60), "\n" }' |
	bitmap bitmap.png
record 0 many.png "$two" "$(jq -nc '[range(1; 3601) |
	{id: ., category_id: 4}]')" > crowded
check 'of many objects 300 are drawn, and it is told' \
	-o '300 3600, <em>the largest 300 are drawn</em>' -E '*' \
	"seg-view crowded > page; echo \$(paths < page | wc -l) \
		\$(grep -o '3600, <em>[^/]*/em>' page)"
perl -e 'srand 1;
	for (1 .. 400) { print join(" ", map { int(rand 2) } 1 .. 400), "\n" }' |
	bitmap bitmap.png
record 0 noise.png "$two" '[{"id": 1, "category_id": 4}]' > noise
check 'an outline has its limit, too' -o '1' -E '*' \
	"seg-view noise | paths | awk 'length(\$0) < 12000' | wc -l"
bitmap bitmap.png <<< "$grid"

# Findings.
record 0 f.png "$two" "$three" '{"findings": [
	{"rule": "speck", "severity": "warning", "message": "2 px", "at": [1, 2]},
	{"rule": "covered", "severity": "error", "message": "by <it>",
		"bbox": [0, 0, 2, 1]},
	{"rule": "touches-border", "severity": "info", "message": "it does",
		"at": [0, 0]}]}' > found
check 'findings are counted, marked and listed' \
	-o '<b class="bad error" title="findings">3<
<circle class="f warning" cx="300" cy="600" r="24">
<li class="error">covered: by &lt;it&gt;
<li class="info">touches-border: it does
<li class="warning">speck: 2 px
<rect class="f error" x="-8" y="-8" width="616" height="316" rx="8">' \
	"seg-view found | grep -oE '<b class=\"bad[^>]*>3<|<(circle|rect) [^>]*>|<li [^>]*>[^<]*' |
	sort"
check 'they are those of seg-check' -o 'touches-border' \
	"seg-check -q --pass --fail-on never one | seg-view -q |
	grep -o 'touches-border' | sort -u"

check 'those of seg-eval are, and how good the labels are' -o 'missed: no prediction is this one
quality</dt><dd>0.5' "{ cat one
	jq -c '.release.labelset = \"model\" |
		del(.label.attributes.annotations[0, 1])' one
	} | seg-eval -q --truth l --predicted model --pass 2> told | seg-view -q 2> told |
	grep -oE 'missed: [^<]*|quality</dt><dd>[0-9.]*' | sort -u"

# Order.
for each in '0 c.png 7 REVIEWED' '1 a.png 3 LABELED' '2 b.png 9 REVIEWED'; do
	read -r index name id status <<< "$each"
	record "$index" "$name" "$two" "[{\"id\": $id, \"category_id\":
		$((id == 3 ? 4 : 2))}]" "{\"label\": {\"label_status\":
		\"$status\"}, \"findings\": $(jq -nc "[range($index) |
			{rule: \"r\", severity: \"warning\"}]")}"
done > three
order()
{
	seg-view -q "$@" three 2> told | grep -oE \
		'<div class="bar"><b>[^<]*|<h2 class="group">[^<]*' |
		sed 's/.*>//; s/ $/:/' | paste -sd ' '
}
check 'samples stand as they came' -o 'c.png a.png b.png' 'order'
check 'or by name' -o 'a.png b.png c.png' 'order --sort name'
check 'or by area' -o 'c.png a.png b.png' 'order --sort area'
check 'or by findings' -o 'b.png a.png c.png' 'order --sort findings'
check 'in groups of a status, the largest first' \
	-o 'REVIEWED: b.png c.png LABELED: a.png' 'order --group status --sort name'
check 'or of a category' -o 'mug: c.png b.png donut: a.png' \
	'order --group category'

# Pages.
mkdir pages
check 'pages are numbered and linked' -o 'page-2.html page-3.html page.html
./page-2.html ./page-3.html ./page-2.html
./page.html ./page.html ./page-3.html ./page-3.html
./page-2.html ./page.html ./page-2.html' \
	"seg-view -q -o pages/page.html --page 1 three 2> told
	cd pages && ls | paste -sd ' '
	for page in page.html page-2.html page-3.html; do
		sed '/^<footer/,\$d' \$page | grep -o 'href=\"[.]/[^\"]*' |
			cut -c 7- | paste -sd ' '
	done"
check 'a page counts what is on it, and in all' -o 'mug1 / 2' \
	"grep '>mug<' pages/page-3.html | sed 's/<[^>]*>//g'"
check 'pages of a former run are removed, what is no page of ours is not' \
	-o 'page-2.html page-4.html page.html' "echo mine > pages/page-4.html
	seg-view -q -o pages/page.html --page 2 three 2> told
	ls pages | paste -sd ' '"
check 'on stdout there is but one' -s 2 -E 'seg-view: --page goes with -o*' \
	seg-view --page 2 one

# Side by side.
jq -c '.release.labelset = "other" | .label.label_status = "PRELABELED"' three |
	tac > other
check 'records of a sample are side by side, wherever they stand' \
	-o 'u0: l other
u1: l other
u2: l other' "cat three other | seg-view -q 2> told | grep '<article' |
	perl -ne '/<article id=\"(.*?)\"/; print \"\$1:\";
		print \" \$1\" while /<figcaption>.*?<span title=\"(.*?)\"/g;
		print \"\\n\"'"
for each in '"good_1-A",{}' '"good_1-A",{"frame":{"index":7}}' \
	'"<b> x",{}' '5,{}'; do
	jq -c --argjson it "[$each]" '.uuid = $it[0] | . + $it[1] |
		.attributes.image.path = "gone" |
		.release as $r | del(.release) | .release = $r' vector
done > uuids
check 'ids are the uuids, or what can stand in an address; each once' \
	-o 'good_1-A
good_1-A.7' -E '*' "seg-view -q --offline uuids |
	grep -o 'article id=\"[^\"]*' | cut -c 13- > ids
	grep -vE '^x[0-9a-f]{16}\$' ids; sort ids | uniq -d
	[ \$(wc -l < ids) = 4 ]"

# What names may hold.
evil='"><script>alert(1)</script><img src=x onerror=alert(2)>&amp;'"'"
# shellcheck disable=SC2094
jq -c --arg evil "$evil" '.name = $evil | .uuid = $evil |
	.metadata = {($evil): $evil, "\u202e\u0000\u001b[31m": ["</details>", $evil]} |
	.findings = [{rule: $evil, severity: $evil, message: $evil, at: [1, 1]}] |
	.label.label_status = $evil | .label.created_by = $evil |
	.label.attributes.annotations[].category_id = 66 |
	.release = {name: $evil, dataset: $evil, labelset: $evil,
		categories: [{id: 66, name: ($evil + "\n\t\u0001\u2066")}]}' \
	vector > evil
for form in '' '--group category' '--group status --sort name' --link; do
	# shellcheck disable=SC2086
	seg-view -q $form evil > evil.html
	check "hostile names are text${form:+ with $form}" -s 1 \
		"LC_ALL=C grep -aiE \$'<script|<img src=x|[\\1-\\10\\33]|\\342\\200\\256|\\342\\201\\246' evil.html"
	check "no tag has what a name brought${form:+ with $form}" \
		"perl -0ne 's/<style>.*?<.style>//s; s/\"[^\"]*\"//g;
			print \"\$1\\n\" while /(<[^>]*(?:onerror|alert|&)[^>]*>)/g' evil.html"
done
check 'they are there, escaped' \
	"grep -q '&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;' evil.html"
check 'a page lets no script run, and asks for nothing' \
	-o "content=\"default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; img-src data:\"" \
	"grep -o 'content=\"default-src[^>]*\"' one.html"
check 'but for images with --link' -o "img-src 'self' file: data: https: http:" \
	"seg-view --link one | grep -o 'img-src [^\"]*'"
check 'there is no script, and nothing that would run one' -s 1 \
	"cat three other | seg-view -q 2> told |
	grep -iE '<script| on[a-z]+=|javascript:|<link|<iframe|<object|@import'"

# Switches.
check 'each status and category on a page has its switch and its rule' \
	-o 'c0 c1 s0 s1
c0 c1 s0 s1' "seg-view -q three 2> told > page
	grep -o 'type=\"checkbox\" name=\"[^\"]*' page | sed 's/.*\"//' | sort |
		paste -sd ' '
	grep -oE 'body:has\\(\\[name=..\\]:not\\(:checked' page |
		sed -E 's/.*=(..).*/\\1/' | sort | paste -sd ' '"
check 'what is not on a page has none' -o 'c0 s0' \
	"seg-view -q -o page.html --page 1 three 2> told
	grep -o 'type=\"checkbox\" name=\"[^\"]*' page.html | sed 's/.*\"//' |
		sort | paste -sd ' '"

# The data set's rules.
jq -c '.error = {program: "x", message: "y"}' one > failed
check 'where a record failed, nothing is written' -s 1 \
	-E '*seg-view: f.html: not written; --partial would*' \
	'cat one failed | seg-view -o f.html; s=$?; ls f.html 2> told; exit $s'
check 'but with --partial' -s 1 -o 1 \
	'cat one failed | seg-view -q -o f.html --partial; s=$?
	grep -c "<article" f.html; exit $s'
check 'a label that cannot be read fails' -s 1 \
	-E '*a.png: bitmap: *no.png: No such file*seg-view: no.html: not written*' \
	'sed s/bitmap.png/no.png/ one | seg-view -q -o no.html --offline'
check 'nothing in, no page' -s 2 \
	-E 'seg-view: e.html: not written: no record came; --allow-empty would' \
	'seg-view -o e.html < /dev/null'
check 'unless it is allowed' -o 'No samples.' \
	'seg-view -q --allow-empty -o e.html < /dev/null; grep -o "No samples." e.html'
check '--expect counts what came' -s 2 \
	-E 'seg-view: x.html: not written: 1 record* came, and 2 were expected*' \
	'seg-view -q --expect 2 -o x.html one'
check 'a page is not written over what is read' -s 2 \
	-E 'seg-view: -o one is the input, too*' seg-view -o one one
check 'a directory that is not there is said' -s 2 \
	-e 'seg-view: no/page.html: No such file or directory' \
	'seg-view -q -o no/page.html one'
mkdir full
check 'what could not be written is said, and leaves no part' -s 2 \
	-E 'seg-view: full/page.html: File too large' \
	'(trap "" XFSZ; ulimit -f 12; seg-view -q -o full/page.html one)
	s=$?; ls -A full; exit $s'
check '--fsync goes with a file' -s 2 -E 'seg-view: --fsync goes with -o*' \
	seg-view --fsync one
check 'which it waits for' 'seg-view -q --fsync -o synced.html one && cmp synced.html one.html'
check '--embed and --link exclude each other' -s 2 \
	-E 'seg-view: either --embed or --link*' seg-view --embed --link one

# For every number of workers.
for i in 1 2 3 4 5; do
	jq -c --arg i $i '.uuid += $i' demo
done > demos
for jobs in 1 2 7; do
	mkdir "jobs$jobs"
	seg-view -q --offline --base "$DEMO" -d "$DEMO/segments" -j $jobs \
		-o jobs$jobs/p.html --page 11 --group status --sort area demos \
		2> told
done
ok 'pages are the same for any number of workers' \
	sh -c 'diff -r jobs1 jobs2 && diff -r jobs1 jobs7 &&
	[ "$(ls jobs1 | wc -l)" = 7 ]'

# The form of the page.
if command -v tidy > /dev/null; then
	check 'the page is HTML' \
		"for page in jobs1/p.html jobs1/p-7.html evil.html; do
			tidy -q -e \$page 2>&1
		done | grep -vE 'attribute \"(loading|decoding|aria-current)|trimming empty <i>'; :"
else
	skip 'the page is HTML' 'tidy is not installed'
fi

# What others drew.
if [ -e "${DATA:-/none}/real/gummi_bears" ]; then
	check 'the real labels are shown' -o '8 articles, 8 images' \
		'seg-samples -q "$DATA/real/gummi_bears/gummi_bears-v0.1.json" |
		seg-view -q --offline --base "$DATA/real/gummi_bears" > real.html &&
		echo $(grep -c "<article" real.html) articles, \
			$(images < real.html | wc -l) images'
fi

done_testing
