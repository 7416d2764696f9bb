#!/usr/bin/env bash
# The test library itself: a test that should fail does, and nothing is left.

. "${0%/*}/lib.sh"

# Runs lines of a test file of their own, and shows its verdicts.
verdicts()
{
	printf '. "%s/tests/lib.sh"\n%s\ndone_testing\n' "$ROOT" "$1" > inner.t
	SEGTOOLS_BIN=$BIN bash inner.t | grep -v '^#'
}

says()
{
	check "$1" -o "$3" verdicts "$2"
}

says 'stated status, stdout and stderr hold' \
	"check a -s 3 -o out -e err 'echo out; echo err >&2; exit 3'" \
	'ok 1 - a
1..1'
says 'another status fails' "check a -s 1 true" 'not ok 1 - a
1..1'
says 'output that was not stated fails' "check a echo b" 'not ok 1 - a
1..1'
says 'a message that was not stated fails' "check a 'echo b >&2'" \
	'not ok 1 - a
1..1'
says 'output without its newline fails' "check a -o b printf b" \
	'not ok 1 - a
1..1'
says 'a pattern fits all of stderr or fails' \
	"check a -E 'x: *' 'echo x: y >&2'; check b -E 'x' 'echo xy >&2'" \
	'ok 1 - a
not ok 2 - b
1..2'
says 'stdin is what was stated, else empty' \
	"check a -i b -o b cat; check c cat" \
	'ok 1 - a
ok 2 - c
1..2'
says 'a file left over fails' 'touch a; leaves b .; leaves c . a' \
	'not ok 1 - b
ok 2 - c
1..2'
says 'ok takes the status of a command' 'ok a true; ok b false' \
	'ok 1 - a
not ok 2 - b
1..2'
says 'a missing program skips the file' 'need no-such-program' \
	'1..0 # SKIP no-such-program is not installed'
says 'and behind a test, the rest of it' \
	'check a true; need no-such-program; check b false' 'ok 1 - a
ok 2 - the rest of the file # SKIP no-such-program is not installed
1..2'

printf '. "%s/tests/lib.sh"\ncheck a true\ncheck b false\ndone_testing\n' \
	"$ROOT" > inner.t
check 'a file with a failure ends in 1' -s 1 \
	'SEGTOOLS_BIN=$BIN bash inner.t > out'
printf '. "%s/tests/lib.sh"\npwd\nsleep 9\n' "$ROOT" > inner.t
check 'a file that hangs is ended' -s 124 \
	'SEGTOOLS_BIN=$BIN SEGTOOLS_SECONDS=1 bash inner.t > dir 2> /dev/null'
ok 'and its directory is gone' test ! -e "$(cat dir)"
check 'a command that hangs is ended' -s 124 bounded 0.1 sleep 9

printf '1 1 .\n. 70000 70000\n' > grid
check 'mkpng draws a PNG of the ids' -o '1 1 .
. 70000 70000' 'mkpng < grid | unpng'

if command -v nginx > /dev/null || [ -x /usr/sbin/nginx ]; then
	mkdir web
	echo hello > web/a
	serve web 'location /gone { return 410; }'
	check 'nginx serves a directory' -o hello curl -s "$URL/a"
	check 'with the directives given' -o 410 \
		"curl -s -o body -w '%{http_code}\n' $URL/gone"
	check 'requests are told' -o 'GET /a 200
GET /gone 410' requests
	check 'and told once' requests
	stop "$SERVER"
	check 'stop ends it' -s 1 port_taken "$PORT"
else
	skip 'nginx serves a directory' 'nginx is not installed'
fi

done_testing
