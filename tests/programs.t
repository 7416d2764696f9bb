#!/usr/bin/env bash
# What every program does alike, whatever it is for: empty and broken input,
# wrong usage, output that cannot be written, readers that have enough.

. "${0%/*}/lib.sh"
need jq

cp -r "$DEMO/release.json" "$DEMO/segments" .
# Two samples have labels that programs rightly speak of; not here.
seg-samples release.json | grep -v 'crumbs.png\|uninvited.png' > records
head -n 2 records > two
{
	head -n 1 two
	echo '{"index":7,'
	tail -n 1 two
} > broken
{
	head -n 1 two
	echo '{"index":7,"name":"a","odd":1e400,"error":{"program":"x"}}'
	tail -n 1 two
} > failed
for _ in {1..400}; do
	cat records
done > many
many_samples 400 > many.json
sed '/half a dozen/q' release.json > broken.json

# Prints the output of a program as its records' indices, errors told as
# PROGRAM!, or for a data set as the number of its images, for counts and pages as that
# of samples.
told()
{
	case $program in
	seg-coco)
		jq -r '.images | length'
		;;
	seg-eval)
		jq -r 'select(.eval == "coco") | .images'
		;;
	seg-yolo)
		grep -c '"type":"image"'
		return 0
		;;
	seg-stat)
		jq -r 'select(.stat == "summary") | .samples'
		;;
	seg-view)
		grep -c '<article '
		return 0
		;;
	*)
		jq -r 'if keys == ["error"] then "\(.error.program)!"
			else .index end' | paste -sd ' ' | sed '/^$/d'
		;;
	esac
}

for program in $(programs); do
	# One takes two inputs, one none: see seg-diff.t, seg-release.t.
	[ "$program" != seg-diff ] || continue
	[ "$program" != seg-release ] || continue
	# Progress and counts are no concern here.
	run=$program
	help_options "$program" | grep -q '^-q ' && run="$program -q"

	# What it reads, and what it makes of that: of two samples; of none; of
	# two lines with a broken one between; of two with one that failed.
	input=two many=many bad=broken all='0 1' none='' some="0 $program! 1"
	enough=141
	message="$program: <stdin>:2: byte 12 of the line: *"
	case $program in
	seg-samples)
		input=release.json many=many.json bad=broken.json
		all=$(seq -s ' ' 0 13) some="0 $program!"
		message="$program: <stdin>:$(($(wc -l < broken.json) + 1)): byte *"
		;;
	seg-coco)
		all=2 none=0 some=2
		run="$run --duplicates keep"
		;;
	seg-eval)
		run="$run --predicted ground-truth --format ndjson" all=2
		some='' enough=0
		;;
	seg-yolo)
		run="$run --ndjson" all=2 none=0 some=2
		;;
	seg-check)
		# It passes records on; what it finds in them is no concern.
		run="$run --pass --fail-on never --disable all"
		;;
	seg-mask)
		run="$run --partial --allow-empty -t tree"
		# What comes again would be in one place. As many as no pipe
		# holds, or it could be done before its reader has enough.
		for _ in {1..8}; do
			grep '"label":null' many
		done > unlabelled
		many=unlabelled
		;;
	seg-view)
		run="$run --offline" all=2 none=0 some=2
		;;
	seg-stat)
		# One write, of what is less than a pipe holds.
		run="$run --format ndjson" all=2 none=0 some=3 enough=0
		;;
	esac

	# Input.
	check "$program reads a file" -o "$all" \
		"$run $input > out && told < out"
	check "$program reads standard input" -O out -I $input \
		$run
	check "$program reads it where an operand is -" -O out -I $input \
		$run -
	check "$program takes what follows -- for files" -O out $run -- $input
	check "$program does not miss a newline at the end" -O out \
		"perl -pe 'chomp if eof' $input | $run"
	if [ $program != seg-samples ]; then
		[ $program = seg-eval ] || # whose test is in seg-eval.t
			check "$program makes nothing of nothing" -o "$none" \
				"$run < /dev/null > none && told < none"
		check "$program passes over blank lines" -O out \
			"sed 'G;G' $input | $run"
		check "$program reads lines that end in CR LF" -O out \
			"sed 's/\$/\r/' $input | $run"
	else
		check "$program refuses nothing" -s 2 -o "$program!" -E \
			"$program: <stdin>: is empty, not a release" \
			"$run < /dev/null > none; status=\$?
			told < none; exit \$status"
	fi
	check "$program says where input is broken" -s 2 \
		-E "$message" "$run < $bad > bad.out"
	check "$program goes on as far as can be" -o "$some" -I bad.out told
	check "$program says that a file is missing" -s 2 \
		-e "$program: no.file: No such file or directory" \
		"$run no.file > missing.out"
	check "$program says that a directory is no file" -s 2 \
		-e "$program: segments: Is a directory" \
		"$run segments > missing.out"
	check "$program says that standard input is closed" -s 2 \
		-e "$program: <stdin>: Bad file descriptor" \
		"$run <&- > missing.out"

	# What failed before.
	case $program in
	seg-samples) ;;
	seg-coco | seg-eval | seg-view | seg-yolo)
		check "$program leaves out what failed before" -s 1 \
			-O out "$run failed"
		;;
	seg-stat)
		check "$program counts what failed before" -s 1 \
			-o 3 "$run failed > failed.out; status=\$?
			told < failed.out; exit \$status"
		;;
	seg-filter | seg-fetch | seg-decode | *)
		check "$program passes what failed before as it is" \
			-o "$(sed -n 2p failed)" "$run failed | sed -n 2p"
		;;
	esac

	# Output.
	check "$program says that a disk is full" -s 2 \
		-e "$program: <stdout>: No space left on device" \
		"$run $input > /dev/full"
	check "$program says that its help could not be written" -s 2 \
		-e "$program: <stdout>: No space left on device" \
		"$run --help > /dev/full"
	check "$program says that standard output is closed" -s 2 \
		-e "$program: <stdout>: Bad file descriptor" \
		"$run $input >&-"
	check "$program writes no message into its output" -s 2 -O bad.out \
		"$run < $bad 2>&-"
	check "$program ends silently when its reader has enough" -s $enough \
		-o 1 "$run $many | head -n 1 | wc -l
		exit \${PIPESTATUS[0]}"
	check "$program reads pieces of any size" -O out \
		"perl -e '\$| = 1; while (sysread STDIN, \$b, 7001) { print \$b }
		' < $input | cat | $run"

	# Usage.
	check "$program refuses an option it does not know" -s 2 \
		-E "$program: unknown option: --xyzzy
usage: $program *" $program --xyzzy
	check "$program refuses a letter it does not know" -s 2 \
		-E "$program: unknown option: -0
usage: $program *" $program -0
	check "$program refuses an argument where there is none" -s 2 \
		-E "$program: *--help=now
usage: $program *" $program --help=now
	check "$program misses the argument of an option" -s 2 \
		-E "$program: option needs an argument: --max-record
usage: $program *" $program --max-record
	check "$program refuses a size that is none" -s 2 \
		-E "$program: --max-record: not a size *: 12x
usage: $program *" $program --max-record 12x
	check "$program refuses a size of 0" -s 2 \
		-E "$program: --max-record: not a size *: 0
usage: $program *" $program --max-record 0
	check "$program refuses what is larger than --max-record" -s 2 \
		-E "$program: $input:* longer than *" \
		"$run --max-record 100 $input > /dev/null"
done

ok 'no program changes the files it reads' diff -r segments "$DEMO/segments"

# libcurl brings thirty libraries along, which take longer to load than all else.
for program in seg-samples seg-filter seg-frames; do
	check "$program, which fetches nothing, starts without libcurl" \
		-o libc.so "ldd $BIN/$program | grep -oE 'libc\.so|libcurl' | sort -u"
done

done_testing
