#!/usr/bin/env bash
# The demo in tests/demo is what its generator draws.

. "${0%/*}/lib.sh"
need jq sha256sum

# The pixels of every PNG below a directory, digested.
pixels()
{
	(cd "$1" && find . -name '*.png' | sort | while IFS= read -r file; do
		printf '%s %s\n' "$(unpng -p "$file" | sha256sum)" "$file"
	done)
}

mkdir demo
ok 'the generator draws it' "$DEMO/generate" demo
ok 'the release is the one committed' cmp demo/release.json "$DEMO/release.json"
ok 'the truth is the one committed' cmp demo/truth.tsv "$DEMO/truth.tsv"
pixels "$DEMO/segments" > committed
ok 'the pixels are those committed' diff <(pixels demo/segments) committed
if cmp -s demo/segments/labels/heap.png.png \
	"$DEMO/segments/labels/heap.png.png"; then
	ok 'all files are those committed' diff -r demo/segments "$DEMO/segments"
else
	skip 'all files are those committed' 'another zlib compresses otherwise'
fi
(cd "$DEMO/segments" && jq -r '"\(.sha256)  \(.path)"' manifest.ndjson |
	sha256sum -c --quiet) > sums 2>&1
ok 'the manifest has their digests' test ! -s sums
ok 'and their names, each once' diff \
	<(cd "$DEMO/segments" && find images labels -type f | sort) \
	<(jq -r .path "$DEMO/segments/manifest.ndjson" | sort)
check 'label bitmaps are written as the service does' \
	-o '160x120 colour 6 depth 8 filter sub' \
	"unpng -i '$DEMO/segments/labels/half done.png.png' | cut -d ' ' -f 1-7"

# The programs take the directory for one that seg-fetch filled, and count
# what was drawn.
cp -r "$DEMO/segments" .
check 'seg-fetch finds all files there, and whole' -o 26 \
	"seg-samples $DEMO/release.json | seg-fetch -q --verify |
	grep -o '\"path\":' | wc -l"
seg-samples "$DEMO/release.json" | seg-decode --offline 2> warnings |
	record_masks > masks
awk -F '\t' '!($1 == "uninvited.png" && $2 == 9) {
	print $1 "\t" $2 "\t" $3, $4, $5, $6, $7 }' "$DEMO/truth.tsv" > drawn
ok 'seg-decode states the areas and boxes that were drawn' \
	diff <(cut -f 1-3 masks) drawn
ok 'and masks of just these' \
	diff <(cut -f 1,2,4 masks | sed 's/ [^ ]*$//') drawn

# What a demo is for: every kind of sample is there.
release=$DEMO/release.json
check 'every status is there' -o 'LABELED
LABELING_IN_PROGRESS
PRELABELED
REJECTED
REVIEWED
REVIEWING_IN_PROGRESS
SKIPPED
VERIFIED
null' \
	"jq -r '.dataset.samples[].labels[] | .label_status?' $release | sort -u"
check 'and a reviewed sample with nothing on it' -o 'empty table.png' \
	"jq -r '.dataset.samples[] | select(.labels[] | .label_status? ==
	\"REVIEWED\" and .attributes.annotations == []) | .name' $release"
check 'and ids above 65535' -o 3 \
	"awk -F '\t' '\$2 > 65535' $DEMO/truth.tsv | wc -l"
size=$(find "$DEMO" -type f -exec cat {} + | wc -c)
ok 'it is small' test "$size" -lt 300000

done_testing
