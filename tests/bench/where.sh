#!/usr/bin/env bash
# tests/bench/where.sh [MEGABYTES [TURNS]]: expressions of seg-filter --where on
# records of MEGABYTES (100) beside jq, which selects the same ones; best of
# TURNS (3), and jq has a tenth of them. Nothing here is a test.

SEGTOOLS_SECONDS=${SEGTOOLS_SECONDS-3000}
export SEGTOOLS_SECONDS
. "${0%/*}/../lib.sh"
. "$ROOT/tests/bench/bench.bash"
need jq

megabytes=${1-100}
turns=${2-3}

mkrelease bitmap compact "$megabytes" | seg-samples -q > records
mkrelease bitmap compact $((megabytes / 10)) | seg-samples -q > piece

# beside EXPRESSION JQ: both, whose output on the piece has to be the same.
beside()
{
	local ours theirs filter="select($2)"
	seg-filter -q --where "$1" piece | jq .index > ours
	jq "$filter | .index" piece > theirs
	cmp -s ours theirs || { echo "$1: other records than jq's" >&2; exit 1; }
	ours=$(best seg-filter -q --where "$1" records)
	theirs=$(best jq -c "$filter" piece)
	ours="$(wc -c < records) / $ours"
	theirs="$(wc -c < piece) / $theirs"
	printf '%-58s %s GB/s, %s times jq\n' "$1" \
		"$(of "$ours / 1e9")" "$(of "($ours) / ($theirs)")"
}

annotations='.label.attributes.annotations[]?'
beside 'status = reviewed' '.label.label_status == "REVIEWED"'
beside 'metadata.scene = "scene 2"' '.metadata.scene == "scene 2"'
beside 'name =~ "^camera [1-5]/"' '.name | test("^camera [1-5]/")'
beside 'index >= 100 and index < 4000' '.index >= 100 and .index < 4000'
beside 'any(annotation.category_id = 3)' \
	"any($annotations; .category_id == 3)"
beside 'count(annotation.attributes.occluded = no) >= 2' \
	"[$annotations | select(.attributes.occluded == \"no\")] | length >= 2"
beside 'not metadata.place exists or label.label_status in (PRELABELED, SKIPPED)' \
	'(.metadata | has("place") | not) or (.label.label_status |
		. == "PRELABELED" or . == "SKIPPED")'
