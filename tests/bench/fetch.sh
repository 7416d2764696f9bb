#!/usr/bin/env bash
# tests/bench/fetch.sh [FILES [TURNS [RECORDS]]]: seconds to fetch FILES (5000)
# images of 50 to 200 KB from nginx on loopback, 16 at once: seg-fetch beside
# curl --parallel and aria2c on the same list, in TURNS (5), at once and with
# 20 ms before each answer; medians. Then time and memory of seg-fetch for
# RECORDS (1000000) whose images and labels are all there. Nothing here is a
# test.

SEGTOOLS_SECONDS=${SEGTOOLS_SECONDS-3000}
export SEGTOOLS_SECONDS
. "${0%/*}/../lib.sh"

files=${1-5000}
turns=${2-5}
records=${3-1000000}
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
	seg-fetch -q -d "$out" records
}

run_curl()
{
	(cd "$out" && curl -s --parallel --parallel-max 16 -K ../list.curl)
}

run_aria2c()
{
	aria2c -q -j16 -x1 -d "$out" -i list --allow-overwrite=true \
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
			# Some file systems take long to give out again what
			# was just deleted, so nothing is deleted before the end.
			out=$PWD/out-$((count += 1)) && mkdir "$out"
			seconds "run_$program" >> "$scratch/time.$program"
		done
	done
	for program in "${programs[@]}"; do
		printf '%-28s %-10s %s\n' "$1" "${program//_/-}" \
			"$(median "$scratch/time.$program")"
	done
}

# Records with image and label, files for them (links to a few, for they are
# not read), and the manifest that seg-fetch would have written.
draw_present()
{
	perl -e '
	my ($n, $base) = (shift, "");
	my $url = "https://bucket.s3.eu-west-2.amazonaws.com/assets/user";
	my $sum = "0123456789abcdef" x 4;
	mkdir $_ for qw(there there/images there/labels);
	open my $records, ">", "records" or die;
	open my $manifest, ">", "there/manifest.ndjson" or die;
	sub file
	{
		my ($path, $uuid, $file) = @_;
		link $base, "there/$path" or do {
			$base = "there/$path";
			open my $f, ">", $base or die;
			print $f "abc";
		};
		print $manifest qq({"path":"$path","sample":"$uuid",),
			qq("url":"$url/$file","size":3,"sha256":"$sum",),
			qq("etag":"\\"$uuid\\""}\n);
	}
	for my $i (0 .. $n - 1) {
		my $uuid = sprintf "%08x-1234-4000-8000-%012x", $i, $i * 7;
		my $dir = sprintf "part %03d", $i / 10000;
		my $name = sprintf "%s/image_%07d.jpg", $dir, $i;
		$i % 10000 or mkdir "there/$_/$dir" for qw(images labels);
		print $records qq({"index":$i,"uuid":"$uuid","name":"$name",),
			qq("attributes":{"image":{"url":"$url/$uuid.jpg"}},),
			qq("label":{"label_status":"REVIEWED","attributes":),
			qq({"annotations":[{"id":1,"category_id":1}],),
			qq("segmentation_bitmap":{"url":"$url/$uuid.png"}}}}\n);
		file("images/$name", $uuid, "$uuid.jpg");
		file("labels/$name.png", $uuid, "$uuid.png");
	}' "$records"
}

# Seconds and the most memory of a run over what is there.
present()
{
	local pid peak=0 now from=$EPOCHREALTIME
	draw_present
	from=$EPOCHREALTIME
	seg-fetch -q -d there records > there.out &
	pid=$!
	while now=$(sed -n 's/VmHWM:[[:space:]]*\([0-9]*\).*/\1/p' \
		/proc/$pid/status 2> /dev/null) && [ -n "$now" ]; do
		peak=$now
		sleep 0.05
	done
	wait $pid || return
	awk -v n="$records" -v peak="$peak" -v from="$from" \
		-v to="$EPOCHREALTIME" 'BEGIN {
		printf "%d records, two files each, all there: %.1f s, %.0f MB\n",
			n, to - from, peak / 1024 }'
}

present
mkdir web
draw
printf '%s files, %s MB\n' "$files" "$(du -s --apparent-size web |
	awk '{ print int($1 / 1000) }')"
seq "$files" | sed 's,.*,URL/&.jpg,' > list.in
seq "$files" | sed 's|.*|{"name":"&","attributes":{"image":{"url":"URL/&.jpg"}}}|' \
	> records.in
serve web 'sendfile on; tcp_nopush on; keepalive_requests 1000000;'
compare 'loopback'
out=$PWD/out-1
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
