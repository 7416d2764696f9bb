#!/usr/bin/env bash
# The kernels for each instruction set: forced by SEG_KERNEL, with one result.

. "${0%/*}/lib.sh"
need jq

unset SEG_KERNEL
pipe()
{
	seg-samples "$DEMO/release.json" |
		seg-decode -d "$DEMO/segments" --offline \
			--segmentation polygon 2> /dev/null
}
pipe > usual.ndjson
ok 'there is something to compare' test "$(wc -l < usual.ndjson)" -gt 5
for kernel in plain sse2 avx2 avx512 ''; do
	if [[ $(SEG_KERNEL=$kernel seg-samples --version 2>&1) == *'this machine has'* ]]; then
		skip "SEG_KERNEL=$kernel gives the same" 'not on this machine'
		check "SEG_KERNEL=$kernel, which this machine has not, is said" -s 2 \
			-E "seg-samples: SEG_KERNEL is $kernel, and this machine has *" \
			"SEG_KERNEL=$kernel seg-samples --version"
	else
		check "SEG_KERNEL=$kernel gives the same" -O usual.ndjson \
			"export SEG_KERNEL=$kernel; pipe"
	fi
done
for program in "$BIN"/seg-*; do
	check "${program##*/} names a kernel that there is none of" -s 2 \
		-E "${program##*/}: SEG_KERNEL is plain, sse2, avx2 or avx512, not AVX2
usage: *" "SEG_KERNEL=AVX2 $program < /dev/null"
done

done_testing
