#!/usr/bin/env bash
# A few points of the torture of each program, without make torture.

. "${0%/*}/../lib.sh"
[ "$(uname -sm)" = 'Linux x86_64' ] || skip_all 'only for Linux on x86-64'

run="perl $ROOT/tests/torture/run.pl $BIN"

check 'hazard 40: a tree whose temporary file cannot be read loses no file' \
	-o '0 faults' "$run --only '^yolo -t\$' --kind 'read|open' |
	sed -n '\$s/.*, //p'; exit \${PIPESTATUS[0]}"
check 'hazards 39, 40, 42: a few points of all commands' -E '' \
	"$run --every 211 > found || { cat found; exit 1; }"

done_testing
