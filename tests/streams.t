#!/usr/bin/env bash
# Streams as they come: non-blocking, in small pieces, closed, full.

. "${0%/*}/lib.sh"
need perl

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
