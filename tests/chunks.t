#!/usr/bin/env bash
# However input is cut into pieces on its way, with blank lines between and CR
# LF at the end of lines, from one operand or several: every program makes the
# same of it.

. "${0%/*}/lib.sh"
need jq

cp -r "$DEMO/release.json" "$DEMO/segments" .
seg-samples release.json > records

# Records of every length: shorter than the least that is lent to the output
# (32 KiB), longer, and longer than the window that is read through (1 MiB).
pads=(0 10 40000 200 33000 90 1500000 5 70000 3)
for i in {0..39}; do
	head -n $((i % 3 + 1)) records | tail -n 1 |
		jq -c --argjson i "$i" --argjson n "${pads[i % 10]}" \
			'.index = $i | .metadata = {pad: ("x" * $n)}'
done > plain
# The same with blank lines of every kind between.
awk '{ printf "%s%s\n", $0, NR % 3 ? "" : "\r" }
	NR % 2 { print "" } NR % 5 == 0 { print " \t\r"; print "" }' \
	plain > blanks
head -n 21 blanks > part1
tail -n +22 blanks > part2

for program in $(programs); do
	# It reads nothing.
	[ "$program" != seg-release ] || continue
	run=$program
	help_options "$program" | grep -q '^-q ' && run="$program -q"
	jobs=('')
	help_options "$program" | grep -q -- '--jobs' && jobs=('-j1' '-j3')
	input=blanks clean=plain
	[ $program != seg-samples ] || input=release.json clean=release.json
	$run $clean > wanted 2> said
	status=$?
	for job in "${jobs[@]}"; do
		for seed in 1 2 3 4; do
			check "$program $job: pieces of any size, seed $seed" \
				-s $status -O wanted -E '*' \
				"dribble $seed 9000 200 < $input | $run $job"
		done
		check "$program $job: large pieces" -s $status -O wanted -E '*' \
			"dribble 5 700000 < $input | $run $job"
		case $program in seg-samples | seg-diff) continue ;; esac
		check "$program $job: several operands" -s $status -O wanted -E '*' \
			"dribble 6 99000 100 < part1 |
			$run $job - <(dribble 7 99000 100 < part2)"
	done
done

# One record, a blank line, and the next record only later: what was taken by
# reference must have been written by then.
sed -n 3p plain > large
sed -n 4p plain > small
check 'a blank line behind a record that was lent' -O <(cat large small) \
	"(cat large; echo; sleep 0.2; cat small) | seg-filter"
check 'and behind a small one' -O <(cat small small large) \
	"(cat small; echo; cat small; echo; sleep 0.2; cat large) | seg-filter"

done_testing
