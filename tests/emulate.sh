#!/usr/bin/env bash
# tests/emulate.sh BUILD EMULATOR TEST ...: runs tests and unit tests of a build
# for another processor: BUILD/emulated has scripts that start its programs by
# EMULATOR, such as 'qemu-aarch64-static -L root'. What tests limit or trace
# would be the emulator: they leave it out, as under sanitizers.

cd "${0%/*}/.." || exit
build=$(cd "$1" && pwd) || exit
emulator=$2
shift 2

rm -rf "$build/emulated"
mkdir -p "$build/emulated/tests/tools"
for program in "$build"/seg-* "$build"/tests/tools/*; do
	[ -f "$program" ] || continue
	[ -x "$program" ] || continue
	script=$build/emulated/${program#"$build"/}
	printf '#!/bin/sh\nexec %s -0 "$0" "%s" "$@"\n' "$emulator" \
		"$program" > "$script"
	chmod +x "$script"
done
for unit in "$build"/tests/unit/*/*_test; do
	script=$build/emulated/${unit#"$build"/}
	mkdir -p "${script%/*}"
	printf '#!/bin/sh\nexec %s "%s" "$@"\n' "$emulator" "$unit" > "$script"
	chmod +x "$script"
	set -- "$@" "$script"
done
export SEGTOOLS_SANITIZED=1 SEGTOOLS_EMULATOR=$emulator
export SEGTOOLS_SECONDS=${SEGTOOLS_SECONDS-1500} MAKEFLAGS=
SEGTOOLS_BIN=$build/emulated exec prove -j2 "$@"
