#!/usr/bin/env bash
# Runs each fuzz target for FUZZ_SECONDS (60) over the seeds in seeds/TARGET and
# what earlier runs found. Ends with 1 where one broke a promise; the input
# that did is then in FUZZ_DIR, to become a test.
#
#	run.sh DIRECTORY-OF-TARGETS [TARGET ...]

bin=$(cd "$1" && pwd) || exit 2
shift
cd "${0%/*}" || exit 2
seconds=${FUZZ_SECONDS:-60}
status=0
# A smaller quarantine than ASan's own: it stays in the cache.
export ASAN_OPTIONS=quarantine_size_mb=16:${ASAN_OPTIONS-}

# Longer inputs of these tell no more, and take longer.
declare -A longest=([file]=400 [pngwrite]=180 [shape]=900 [release]=1000
	[coco]=1000)

targets=("$@")
[ $# -gt 0 ] || mapfile -t targets < <(printf '%s\n' ./*_fuzz.c |
	sed 's,.*/,,; s/_fuzz\.c$//')
for target in "${targets[@]}"; do
	corpus=$bin/corpus/$target
	mkdir -p "$corpus" "$bin/found"
	seeds=()
	[ ! -d "seeds/$target" ] || seeds=("seeds/$target")
	echo "== $target"
	"$bin/${target}_fuzz" -max_total_time="$seconds" -timeout=20 \
		-rss_limit_mb=4096 -artifact_prefix="$bin/found/$target-" \
		-print_final_stats=1 -max_len="${longest[$target]:-4096}" \
		"$corpus" "${seeds[@]}" \
		> "$bin/$target.log" 2>&1 || {
		status=1
		grep -E 'broken:|ERROR|SUMMARY|Test unit' "$bin/$target.log"
	}
	sed -n 's/^stat::number_of_executed_units: */executions: /p' \
		"$bin/$target.log"
done
exit $status
