#!/usr/bin/env bash
# Streams as they come: non-blocking, in small pieces, closed, full.

. "${0%/*}/lib.sh"
need perl script

seg-samples "$DEMO/release.json" > records

# Runs a command whose stdin and stdout are non-blocking pipes.
nonblocking()
{
	perl -MFcntl -e 'for (*STDIN, *STDOUT) {
		fcntl $_, F_SETFL, fcntl($_, F_GETFL, 0) | O_NONBLOCK or die }
		exec @ARGV or die' "$@"
}

# Sends stdin on a few bytes at a time.
drip()
{
	perl -e '$| = 1; while (sysread STDIN, $b, 4001) {
		print $b; select undef, undef, undef, 0.001 }'
}

for _ in 1 2 3 4 5 6 7 8 9; do cat records; done > many
check 'a non-blocking pipe is waited for' -O many \
	"drip < many | nonblocking seg-filter | cat"
check 'with a reader that is slow' -O many \
	"nonblocking seg-filter many | (sleep 0.2; cat)"
check 'with several jobs, too' -O <(seg-decode -d "$DEMO/segments" many \
	2> /dev/null) -E '*' \
	"drip < many | nonblocking seg-decode -d '$DEMO/segments' -j3 | cat"

# A line is passed on when it has come, not when a buffer is full.
mkfifo slow
exec 3<> slow
seg-filter < slow > passed 3>&- &
filter=$!
head -n 1 records >&3
for _ in $(seq 500); do
	[ ! -s passed ] || break
	sleep 0.01
done
check 'a record does not wait for the next one' -O <(head -n 1 records) \
	cat passed
exec 3>&-
kill "$filter"
wait "$filter" 2> /dev/null

# Someone who forgot the file is told what is waited for.
for program in $(programs); do
	operands=
	[ "$program" != seg-release ] || continue # it reads nothing
	case $program in
	seg-samples) what='a release' ;;
	seg-diff) what='a release or records' operands='- records' ;;
	*) what=records ;;
	esac
	case $program in
	seg-fetch) operands='-d D' ;;
	seg-mask) operands='-t T' ;;
	seg-eval) operands='--predicted x' ;;
	seg-yolo) operands=--ndjson ;;
	esac
	script -qec "$program $operands" typed < /dev/null > /dev/null
	ok "$program says that it reads a terminal" grep -aqF \
		"$program: reading $what from the terminal; ^D ends" typed
done

# A signal ends a program that waits for who writes into a FIFO, or for the
# rest of a line; the stream says that it is cut.
mkfifo fifo
for program in 'seg-fetch -d D' seg-filter seg-decode\ -j{1,3} seg-frames; do
	for input in fifo 'fifo fifo'; do
		check "$program $input: SIGTERM ends it" -s 143 -o \
			"{\"error\":{\"program\":\"${program%% *}\",\"message\":\"ended before its input did\"}}" \
			"env --default-signal $program -q $input > cut & pid=\$!
			exec 3<> fifo; sleep 0.3; kill \$pid; wait \$pid
			status=\$?; exec 3>&-; cat cut; exit \$status"
	done
	check "$program: so where a line has begun" -s 143 -o \
		"{\"error\":{\"program\":\"${program%% *}\",\"message\":\"ended before its input did\"}}" \
		"env --default-signal $program -q fifo > cut & pid=\$!
		exec 3<> fifo; printf '{\"index\"' >&3; sleep 0.3
		kill \$pid; wait \$pid
		status=\$?; exec 3>&-; cat cut; exit \$status"
done
check 'seg-fetch: so where nobody writes' -s 143 -o \
	'{"error":{"program":"seg-fetch","message":"ended before its input did"}}' \
	'env --default-signal seg-fetch -q -d D fifo > cut & pid=$!; sleep 0.3
	kill $pid; wait $pid; status=$?; cat cut; exit $status'
sed 's/"attributes":.*"release"/"attributes":{},"release"/' records |
	head -n 3 > three
check 'seg-fetch reads FIFOs among files' -O <(cat three three three) \
	'cat three > fifo & seg-fetch -q -d D three fifo three; wait'

if mkdir -p full && mount -t tmpfs -o size=64k none full 2> /dev/null; then
	cp many full/ 2> /dev/null
	check 'a full disk is said' -s 2 \
		-e 'seg-filter: <stdout>: No space left on device' \
		'cd full && seg-filter ../many > out'
	umount full
else
	skip 'a full disk is said' 'cannot mount a tmpfs here'
fi

done_testing
