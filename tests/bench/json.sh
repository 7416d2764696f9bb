#!/usr/bin/env bash
# tests/bench/json.sh [MEGABYTES [TURNS]]: releases of MEGABYTES (250), of
# bitmap and of polygon labels, compact and with indents, through seg-samples
# and seg-filter; beside `cat | cat` of the same bytes and jq on a piece of
# them. Medians of TURNS (5); a ratio is of speeds in one run, so 0.5 is half
# as fast. Then the most memory that each has on these and on ten times as
# much. Nothing here is a test.

SEGTOOLS_SECONDS=${SEGTOOLS_SECONDS-3000}
export SEGTOOLS_SECONDS
. "${0%/*}/../lib.sh"
need jq

megabytes=${1-250}
turns=${2-5}
small=$((megabytes < 5 ? megabytes : 5))

# seconds NAME COMMAND: one more time that the command took, in times.NAME.
seconds()
{
	local from=$EPOCHREALTIME
	eval "$2" || exit
	awk -v from="$from" -v to="$EPOCHREALTIME" \
		'BEGIN { print to - from }' >> "times.$1"
}

# median NAME: of the times taken.
median()
{
	sort -g "times.$1" | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'
}

# of EXPRESSION: its value, to two places.
of()
{
	awk "BEGIN { printf \"%.2f\", ($1) }"
}

# The same work by jq.
jq_split='.dataset as $d | {name, description, created_at, dataset: $d.name,
	owner: $d.owner, labelset: "ground-truth", task_type: $d.task_type,
	categories: $d.task_attributes.categories} as $release |
	$d.samples | to_entries[] | {index: .key} + (.value | del(.labels)) +
	{label: .value.labels["ground-truth"], release: $release}'
jq_select='select(.label.label_status == "REVIEWED")'

take_times()
{
	local _
	rm -f times.*
	for _ in $(seq "$turns"); do
		seconds cat 'cat release | cat > /dev/null'
		seconds samples 'seg-samples release > /dev/null'
		seconds samples_cat 'seg-samples release | cat > /dev/null'
		seconds cat_records 'cat records | cat > /dev/null'
		seconds filter 'seg-filter --status reviewed records > /dev/null'
		seconds filter_cat \
			'seg-filter --status reviewed records | cat > /dev/null'
		seconds pipe 'seg-samples release |
			seg-filter --status reviewed > /dev/null'
	done
	for _ in 1 2 3; do
		seconds jq_split "jq -c '$jq_split' piece > /dev/null"
		seconds jq_select \
			"jq -c '$jq_select' piece.records > /dev/null"
	done
}

# report NAME: what the times say.
report()
{
	local bytes records piece piece_records slower
	local cat samples filter pipe split select
	bytes=$(wc -c < release)
	records=$(wc -c < records)
	piece=$(wc -c < piece)
	piece_records=$(wc -c < piece.records)
	cat=$(median cat)
	samples=$(median samples)
	filter=$(median filter)
	pipe=$(median pipe)
	split=$(median jq_split)
	select=$(median jq_select)
	slower=$(printf '%s\n' "$samples" "$filter" | sort -g | tail -n 1)
	echo "$1: $((bytes / 1000000)) MB, records $((records / 1000000)) MB"
	echo "  cat | cat             $(of "$bytes / $cat / 1e9") GB/s"
	echo "  seg-samples           $(of "$bytes / $samples / 1e9") GB/s," \
		"$(of "$cat / $samples") of cat | cat" \
		"($(of "$cat / $(median samples_cat)") into a pipe)," \
		"$(of "$split / $piece / ($samples / $bytes)") times jq"
	echo "  seg-filter --status   $(of "$records / $filter / 1e9") GB/s," \
		"$(of "$(median cat_records) / $filter") of cat | cat" \
		"($(of "$(median cat_records) / $(median filter_cat)") into a pipe)," \
		"$(of "$select / $piece_records / ($filter / $records)") times jq"
	echo "  both, as one pipe     $(of "$pipe / $slower") times the slower alone"
}

# peaks KIND LAYOUT MEGABYTES
peaks()
{
	mkrelease "$@" | peak samples.peak seg-samples |
		peak filter.peak seg-filter --status reviewed > /dev/null
	echo "  memory for $3 MB: seg-samples" \
		"$(of "$(cat samples.peak) / 1024") MiB, seg-filter" \
		"$(of "$(cat filter.peak) / 1024") MiB"
}

for kind in bitmap polygon; do
	for layout in compact pretty; do
		mkrelease $kind $layout "$megabytes" > release
		seg-samples release > records
		mkrelease $kind $layout "$small" > piece
		seg-samples piece > piece.records
		take_times
		report "$kind, $layout"
		rm release records
		peaks $kind $layout "$megabytes"
		peaks $kind $layout $((megabytes * 10))
	done
done
