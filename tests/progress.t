#!/usr/bin/env bash
# How far a run is, on the last line of a terminal: what is told, and that
# nothing is mixed into it. Runs take longer than the second in which nothing is
# shown, since who reads their output waits; none is held to any other time.

. "${0%/*}/lib.sh"
need perl jq script

export TERM=xterm
cp -r "$DEMO/release.json" "$DEMO/segments" .
seg-samples -q release.json > records
for _ in {1..300}; do
	grep -v 'crumbs.png\|uninvited.png' records
done > many
many_samples 500 > many.json

# on_terminal COMMAND: runs it with a terminal as its stderr; what that got is
# in `shown`.
on_terminal()
{
	COMMAND=$1 script -qec 'stty cols 100; bash -c "$COMMAND"' shown \
		< /dev/null > /dev/null
	# What script says of itself.
	sed -i '/^Script \(started\|done\) /d' shown
}

# screen: what is left to be seen of a terminal's text on stdin, line by line.
cat > "$scratch/screen" <<'END'
#!/usr/bin/perl
use strict; use warnings; local $/;
for (split /\n/, <STDIN>) {
	my ($line, $at) = ('', 0);
	while (/\G(\r|\e\[K|.)/gs) {
		if ($1 eq "\r") { $at = 0; next }
		if ($1 eq "\e[K") { $line = substr $line, 0, $at; next }
		$line .= ' ' while length $line < $at;
		substr($line, $at++, 1) = $1;
	}
	$line =~ s/ +$//;
	print "$line\n";
}
END
# drawn: each line that was shown and written over.
cat > "$scratch/drawn" <<'END'
#!/usr/bin/perl
use strict; use warnings; local $/;
my $all = <STDIN>;
print "$1\n" while $all =~ /\r([^\r\n\e]+)\e\[K\r/g;
END
chmod +x "$scratch/screen" "$scratch/drawn"
PATH=$PATH:$scratch

# A reader that lets the writer wait.
later='{ sleep 1.3; cat > /dev/null; }'
rate='[0-9.]+/s'
size='[0-9.]+ [kMG]?B'
left='[0-9]+ %, [0-9]+ (s|min|h) left'

# shows PROGRAM PATTERN COMMAND: lines of that form, and of no other.
shows()
{
	local program=$1 pattern=$2
	on_terminal "$3"
	ok "$program shows how far it is" \
		grep -qE "^$program: $pattern\$" <(drawn < shown)
	check "$program shows nothing else" -s 1 \
		"drawn < shown | grep -vE '^$program: $pattern\$'"
	check "$program leaves nothing of it" -s 1 \
		"screen < shown | grep -E '$rate|left\$'"
}

records="[0-9]+ records, $rate, $left"
shows seg-samples "$size of $size, $size/s, $left" \
	"seg-samples many.json | $later"
shows seg-samples "$size, $size/s" "cat many.json | seg-samples | $later"
shows seg-filter "$records" "seg-filter many | $later"
shows seg-filter "[0-9]+ records, $rate" "cat many | seg-filter | $later"
shows seg-decode "$records" "seg-decode --offline many | $later"
shows seg-decode "$records" "seg-decode -j1 --offline < many | $later"
shows seg-coco "$records" \
	"seg-coco --duplicates keep --offline many many many | $later"
# It writes at its end, and waits for its input here.
shows seg-yolo "[0-9]+ records, $rate" \
	"{ cat many; sleep 1.3; cat many; } | seg-yolo --ndjson --offline"
shows seg-check "$records" \
	"seg-check --pass --fail-on never --disable all --offline many | $later"
grep '"label":null' many > unlabelled
for _ in {1..15}; do
	cat unlabelled
done > unlabelled.many
shows seg-mask "$records" \
	"seg-mask -t tree --partial --allow-empty --offline unlabelled.many | $later"

# Downloads, which a limit of the rate keeps from being over at once.
mkdir web
for i in {1..30}; do
	seq 1 50 | sed 's/.*/1 2 3 4 5 6 7 8 9/' |
		bitmap "web/$i.png" 2> /dev/null
	head -c 60000 /dev/zero >> "web/$i.png"
done
serve web
for i in {1..30}; do
	printf '{"index":%d,"name":"%d","attributes":{"image":{"url":"%s"}}}\n' \
		"$i" "$i" "$URL/$i.png"
done > web.ndjson
shows seg-fetch "[0-9]+ fetched \($size\), 0 already there, 0 failed, $size/s(, $left)?" \
	'seg-fetch -d D --limit-rate 1M web.ndjson > /dev/null'

# Messages take it away first, whoever says them.
odd='{"index":99,"name":"odd","label":{"attributes":{"annotations":[]}},"release":{}}'
bad='{"index":98,"name":"bad","label":{"attributes":{"annotations":[],"segmentation_bitmap":{"url":"no"}}},"release":{}}'
{
	cat many
	for _ in {1..5}; do
		printf '%s\n' "$bad" "$odd"
		head -n 400 many
	done
} > mixed
said()
{
	sed -E 's/^(seg-[a-z]+: [0-9]+ records in).*/\1/'
}
for jobs in 1 3; do
	run="seg-decode -j$jobs --offline mixed"
	on_terminal "$run | $later"
	ok "messages are whole lines, -j$jobs" diff \
		<($run 2>&1 > /dev/null | said) \
		<(screen < shown | sed 's/\r$//' | said)
done
on_terminal "seg-samples many.json | seg-filter | seg-decode --offline |
	$later"
check 'programs of a pipe leave their messages, each a line' -o 'seg-decode
seg-filter
seg-samples' \
	"screen < shown | grep ' records in, \| samples in, ' |
	sed 's/:.*//' | sort"
check 'and nothing besides' -s 1 "screen < shown | grep -E '$rate|left\$'"
check 'one of them shows how far it is at a time' -s 1 \
	"drawn < shown | grep -E '.seg-|left.*left'"
on_terminal "{ head -n 2 records; sleep 1.3; head -n 4 records; } |
	tee fed | seg-filter"
check 'output on the terminal is whole lines, too' -O fed \
	"screen < shown | grep -v ' records in, '"

# Seldom enough.
started=$EPOCHREALTIME
on_terminal "seg-filter many many many | { sleep 1.2; while head -c 9999 |
	grep -q .; do sleep 0.001; done; }"
ok 'ten times a second at most' awk -v from="$started" -v to="$EPOCHREALTIME" \
	-v shown="$(drawn < shown | wc -l)" \
	'BEGIN { exit !(shown > 0 && shown <= 10 * (to - from)) }'

# Not where nobody sees it.
quiet()
{
	on_terminal "$2 | $later"
	check "$1" -s 1 "grep -a $'\\e' shown"
}
quiet 'TERM=dumb shows none' 'TERM=dumb seg-filter many'
quiet 'nor does a terminal without a name' 'TERM= seg-filter many'
quiet '-q shows none' 'seg-filter -q many'
quiet 'nor does seg-samples -q' 'seg-samples -q many.json'
check 'nor is any in a file' -s 1 \
	"seg-filter many 2> err | $later; grep -E \$'\\e|\\r' err"
script -qec \
	'stty cols 40; bash -c "seg-filter many | { sleep 1.3; cat >/dev/null; }"' \
	shown < /dev/null > /dev/null
check 'it is no wider than the terminal' -s 1 \
	"drawn < shown | grep -E '.{40}'"

done_testing
