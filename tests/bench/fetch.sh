#!/usr/bin/env bash
# tests/bench/fetch.sh [FILES [TURNS]]: seconds to fetch FILES (5000) images of
# 50 to 200 KB from nginx on loopback, 16 at once: seg-fetch beside curl
# --parallel and aria2c on the same list, in turns, at once and with 20 ms
# before each answer; medians. Then a rerun with everything there. Nothing
# here is a test.

SEGTOOLS_SECONDS=${SEGTOOLS_SECONDS-3000}
export SEGTOOLS_SECONDS
. "${0%/*}/../lib.sh"

files=${1-5000}
turns=${2-5}
echo_module=/usr/lib/nginx/modules/ngx_http_echo_module.so

# Bytes that walk like a JPEG: segments, data without markers, an end.
draw()
{
	perl -e '
	srand 1;
	my $data = join "", map { pack "C", int rand 255 } 1 .. 200000;
	for my $i (1 .. $ARGV[0]) {
		open my $f, ">", "web/$i.jpg" or die;
		print $f pack("H*", "ffd8ffe000104a46494600010100000100010000"
			. "ffda0008010100003f00"),
			substr($data, int rand 1000, 50000 + int rand 149000),
			pack("H*", "ffd9");
	}' "$files"
}

# Prints the seconds that a command takes.
seconds()
{
	local from=$EPOCHREALTIME
	"$@" > /dev/null 2> "$scratch/bench.err" || cat "$scratch/bench.err" >&2
	awk -v from="$from" -v to="$EPOCHREALTIME" \
		'BEGIN { printf "%.3f\n", to - from }'
}

median()
{
	sort -n "$1" | awk '{ v[NR] = $1 }
		END { print v[int((NR + 1) / 2)], "(" v[1] " to " v[NR] ")" }'
}

run_seg_fetch()
{
	seg-fetch -q -d out records
}

run_curl()
{
	(cd out && curl -s --parallel --parallel-max 16 -K ../list.curl)
}

run_aria2c()
{
	aria2c -q -j16 -x1 -d out -i list --allow-overwrite=true \
		--auto-file-renaming=false --file-allocation=none
}

# compare NAME: all programs in turns.
compare()
{
	local turn program programs=(seg_fetch curl)
	! command -v aria2c > /dev/null || programs+=(aria2c)
	sed "s,URL,$URL," records.in > records
	sed "s,URL,$URL," list.in > list
	sed 's,.*/\(.*\),url="&"\noutput="\1",' list > list.curl
	rm -f "$scratch"/time.*
	for ((turn = 0; turn < turns; turn++)); do
		for program in "${programs[@]}"; do
			rm -rf out && mkdir out
			seconds "run_$program" >> "$scratch/time.$program"
		done
	done
	for program in "${programs[@]}"; do
		printf '%-28s %-10s %s\n' "$1" "${program//_/-}" \
			"$(median "$scratch/time.$program")"
	done
}

mkdir web
draw
printf '%s files, %s MB\n' "$files" "$(du -s --apparent-size web |
	awk '{ print int($1 / 1000) }')"
seq "$files" | sed 's,.*,URL/&.jpg,' > list.in
seq "$files" | sed 's|.*|{"name":"&","attributes":{"image":{"url":"URL/&.jpg"}}}|' \
	> records.in
serve web 'sendfile on; tcp_nopush on; keepalive_requests 1000000;'
compare 'loopback'
run_seg_fetch > /dev/null
printf '%-28s %-10s %s\n' 'all there' seg-fetch "$(seconds run_seg_fetch)"
if [ -e "$echo_module" ]; then
	stop "$SERVER"
	nginx_conf_plain=$(declare -f nginx_conf)
	eval "${nginx_conf_plain/daemon off;/daemon off; load_module $echo_module;}"
	serve web 'keepalive_requests 1000000; sendfile on;
		location / { echo_sleep 0.02; echo_exec @file; }
		location @file { root '"$PWD/web"'; }'
	compare '20 ms before each answer'
fi
