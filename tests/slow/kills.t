#!/usr/bin/env bash
# Stages of whole pipes killed at any time: what is published is whole, or is
# what was there before, and a run after it leaves what a quiet run leaves. A
# stage ended by SIGTERM says so to the next one; for one that was killed without
# a word there is --expect.
#
# KILLS says how often each of the pipes is killed (25, of 8).

# Under load, too.
export SEGTOOLS_SECONDS=${SEGTOOLS_SECONDS:-1200}
. "${0%/*}/../lib.sh"
need jq perl

cp -r "$DEMO/release.json" "$DEMO/segments" .
kills=${KILLS:-25}
# Three times the demo, under other names, so that there is time to be killed.
jq -c '.dataset.samples |= [range(3) as $n | .[] | .name |= "\($n)/\(.)"
	| .uuid |= "\($n)\(.)"]' release.json > release3.json

# The pipes; each stage says in `pids` who it is, and `slow` lets time pass.
stage()
{
	echo "$BASHPID" >> pids
	exec "$@"
}
slow()
{
	perl -e '$| = 1; while (sysread STDIN, $b, 3000) { print $b;
		select undef, undef, undef, 0.004 }'
}
file()
{
	stage seg-samples -q release3.json | slow |
		stage seg-filter -q --status reviewed,labeled |
		stage seg-decode -q -j2 --offline |
		stage seg-coco -q --offline -j2 "${expect[@]}" -o out/coco.json
}
coco_tree()
{
	stage seg-samples -q release3.json | slow |
		stage seg-filter -q --status reviewed,labeled |
		stage seg-coco -q --offline --panoptic "${expect[@]}" \
			-t out/tree
}
yolo_tree()
{
	stage seg-samples -q release3.json | slow |
		stage seg-filter -q --status reviewed,labeled |
		stage seg-yolo -q --offline --link copy "${expect[@]}" \
			-t out/tree
}
mask_tree()
{
	stage seg-samples -q release3.json | slow |
		stage seg-filter -q --status reviewed,labeled |
		stage seg-mask -q --offline "${expect[@]}" -t out/tree |
		cat > masked
}

tree_of()
{
	(cd "$1" && find . -name '.seg-*.new' -prune -o ! -type d \
		-print0 | sort -z | xargs -0 sha256sum)
}

# before WHEN: what is there before a run.
before()
{
	rm -rf out
	mkdir out
	[ "$1" = old ] || return 0
	cp -r old/. out
}

# is_whole PIPE: each file is as it is to be, or as it was; an index file (COCO,
# data.yaml) that is new has all its files.
is_whole()
{
	local path
	(cd out && find . -type f ! -path '*/.seg-*') |
		while IFS= read -r path; do
			cmp -s "out/$path" "quiet-$1/$path" ||
				cmp -s "out/$path" "old/$path" ||
				{ echo "$path is neither old nor new"; return 1; }
		done || return
	for path in coco.json tree/panoptic.json tree/data.yaml; do
		[ -e "out/$path" ] || continue
		! cmp -s "out/$path" "old/$path" || continue
		diff <(cd quiet-$1 && find . -type f ! -path '*/.seg-*' | sort) \
			<(cd out && find . -type f ! -path '*/.seg-*' | sort) ||
			return
	done
}

# Kills one stage of a run by SIGNAL after some time; all are awaited.
kill_one()
{
	local pipe=$1 signal=$2 victim
	rm -f pids
	: > pids
	$pipe 2> /dev/null &
	sleep "0.$(printf '%03d' $((RANDOM % 250)))"
	victim=$(shuf -n 1 pids)
	[ -z "$victim" ] || kill "-$signal" "$victim" 2> /dev/null
	wait $!
	# A stage may outlive the last one.
	while read -r victim; do
		while kill -0 "$victim" 2> /dev/null; do
			sleep 0.01
		done
	done < pids
}

many_kills()
{
	local pipe=$1 when=$2 i signal
	for ((i = 0; i < kills; i++)); do
		before "$when"
		signal=KILL
		expect=(--expect "$count")
		[ $((i % 2)) -ne 0 ] || { signal=TERM && expect=(); }
		kill_one "$pipe" $signal
		is_whole "$pipe" || return
		# Nothing of a kill is in the way of the next run.
		[ $((i % 5)) -eq 0 ] || continue
		$pipe || return
		diff -r out "quiet-$pipe" || return
	done
}

# What is there before: the sets of another release.
mkdir old out
count=$(seg-samples -q release3.json |
	seg-filter -q -c --status reviewed,labeled)
expect=()
seg-samples -q release.json | seg-filter -q --name '[gh]*' > few
seg-coco -q --offline -o old/coco.json few
for pipe in file coco_tree yolo_tree mask_tree; do
	before none
	: > pids
	ok "$pipe: a quiet run" $pipe
	rm -rf "quiet-$pipe"
	mv out "quiet-$pipe"
	ok "$pipe killed $kills times, nothing there before" \
		many_kills $pipe none
	# For trees what was there is the set of another release.
	rm -rf old/tree out
	mkdir out
	case $pipe in
	coco_tree) seg-coco -q --offline --panoptic -t old/tree few ;;
	yolo_tree) seg-yolo -q --offline --link copy -t old/tree few ;;
	mask_tree) seg-mask -q --offline -t old/tree few > /dev/null ;;
	esac
	[ $pipe = file ] || rm -f old/coco.json
	before old
	: > pids
	ok "$pipe: over another set" $pipe
	ok 'leaves the same' diff -r out "quiet-$pipe"
	ok "hazards 31, 43: $pipe killed $kills times over another set" \
		many_kills $pipe old
done

done_testing
