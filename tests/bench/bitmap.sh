#!/usr/bin/env bash
# tests/bench/bitmap.sh: decoding of label bitmaps in one process, beside
# libdeflate's inflate of the same data and lodepng with a walk over columns.

SEGTOOLS_SECONDS=${SEGTOOLS_SECONDS-3000}
export SEGTOOLS_SECONDS
. "${0%/*}/../lib.sh"

"$BIN/tests/bench/bitmap_bench"
