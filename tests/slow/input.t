#!/usr/bin/env bash
# Input that was cut at any byte, or in which a bit or a byte is another.

# Under load, too.
export SEGTOOLS_SECONDS=${SEGTOOLS_SECONDS:-1200}
. "${0%/*}/../lib.sh"
need jq perl
[ -z "${SEGTOOLS_SANITIZED-}" ] || skip_all 'the sanitizer has an allocator of its own'
[ "$(uname -sm)" = 'Linux x86_64' ] || skip_all 'only for Linux on x86-64'

# mutated NAME HOW FILE [N SEED]
mutated()
{
	local name=$1
	shift
	ok "$name" perl "$ROOT/tests/slow/mutate.pl" "$BIN" "$@"
	note < "$scratch/got.out"
}

jq -c '.dataset.samples |= .[:2]' "$DEMO/release.json" > release.json
mutated "hazard 20: a release cut at each of $(wc -c < release.json) bytes" \
	release-cuts release.json
{
	echo ' '
	echo '  '
} >> release.json
mutated 'hazard 20: and in the white space behind it' release-cuts release.json
seed=$RANDOM
mutated "hazard 21: 20000 other bytes in a release, seed $seed" \
	release-flips release.json 20000 $seed
cp -r "$DEMO/segments" .
jq -c '.dataset.samples |= .[:3]' "$DEMO/release.json" | seg-samples -q |
	seg-decode -q --offline > stream
mutated "hazard 20: records cut at each of $(wc -c < stream) bytes" \
	stream-cuts stream

# Of about a kilobyte, with rows of every filter.
perl -e 'srand 7; for (1 .. 35) { print join(" ", map { int(rand 4)
	? $x //= 1 : ($x = 1 + int rand 9) } 1 .. 42), "\n" }' |
	bitmap kilo.png -f each
size=$(wc -c < kilo.png)
ok "a PNG of 1 KB ($size bytes)" test "$size" -ge 1024 -a "$size" -lt 1400
mutated "hazard 37: a PNG cut at each of $size bytes" png-cuts kilo.png
mutated "hazard 37: each of its $((8 * size)) bits" png-flips kilo.png

done_testing
