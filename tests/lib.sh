# Tests that print TAP, for bash; run them with prove. A test file begins with
#
#	. "${0%/*}/lib.sh"
#
# ends with done_testing, and has between them lines such as
#
#	check 'a missing file is said and ends in 2' \
#		-s 2 -e 'seg-samples: no.json: No such file or directory' \
#		seg-samples no.json
#
# It runs in an empty directory of its own that is removed in the end, with
# the programs in PATH, and is ended should it take too long. Variables:
# $ROOT the project, $DEMO its demo, $DATA the real data (see need_data).
# shellcheck shell=bash

# No file takes so long unless it hangs, which is a failure.
[ "${SEGTOOLS_BOUNDED-}" = "$0" ] ||
	SEGTOOLS_BOUNDED=$0 exec timeout -k 30 "${SEGTOOLS_SECONDS:-600}" \
		bash "$0" "$@"

ROOT=$(cd "${BASH_SOURCE[0]%/*}/.." && pwd) || exit
BIN=$(cd "${SEGTOOLS_BIN:-$ROOT/build}" && pwd) || exit
DATA=$(cd "${SEGTOOLS_DATA:-$ROOT/../shared/data}" 2>/dev/null && pwd)
export DEMO=$ROOT/tests/demo
PATH=$BIN:$BIN/tests/tools:$PATH
export PATH LC_ALL=C TZ=UTC
unset SEGMENTS_DIR http_proxy https_proxy all_proxy no_proxy
unset HTTP_PROXY HTTPS_PROXY ALL_PROXY NO_PROXY
umask 022

scratch=$(mktemp -d) || exit
mkdir "$scratch/work" && cd "$scratch/work" || exit

# A limit of file sizes would cut the counts of make coverage, too: those of
# what runs under one go elsewhere.
ulimit()
{
	[ "$1" != -f ] || export GCOV_PREFIX=$scratch/counts
	builtin ulimit "$@"
}

servers=()
tests=0
failures=0

trap 'stop_all; cd /; rm -rf "$scratch"' EXIT
trap 'exit 130' INT TERM

# report GOOD NAME: one line of TAP; GOOD is a status, 0 for a pass.
report()
{
	tests=$((tests + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $tests - $2"
	else
		failures=$((failures + 1))
		echo "not ok $tests - $2"
	fi
}

# Shows text from stdin beside a failed test.
note()
{
	head -n 40 | cut -c 1-400 | sed 's/^/# /'
}

# skip NAME REASON: a test that cannot be made here.
skip()
{
	tests=$((tests + 1))
	echo "ok $tests - $1 # SKIP $2"
}

# skip_all REASON: none of this file's tests can be made here, or no more of them.
skip_all()
{
	if [ "$tests" -eq 0 ]; then
		echo "1..0 # SKIP $1"
		exit 0
	fi
	# A plan of none would take back the tests before.
	skip 'the rest of the file' "$1"
	done_testing
}

done_testing()
{
	echo "1..$tests"
	exit $((failures != 0))
}

# Writes the text of an expectation, or input, as a file: with a newline at
# its end, but nothing for no text.
text_file()
{
	if [ -n "$2" ]; then
		printf '%s\n' "$2" > "$1"
	else
		: > "$1"
	fi
}

# check NAME [option ...] COMMAND: runs it; its status, stdout and stderr must
# be those stated: 0, empty and empty unless said.
#
#	-s STATUS   its exit status
#	-i TEXT     its stdin, a newline is added; or -I FILE. Else empty
#	-o TEXT     its stdout, a newline is added; or -O FILE. Where none
#	            is stated and the status is 2, one record that has only
#	            `error` may be there: a stream that ends early says so
#	-e TEXT     its stderr, a newline is added; or -E PATTERN, a pattern of
#	            the shell that all of stderr matches
#
# Lines that sum up at the end of a program are compared where a stated stderr
# has one; else they are left out.
#
# COMMAND of a single word is shell text (pipes, redirections), of more words
# is run as it stands.
#
# Tests spend much of their time here: no program is started for what bash can.
check()
{
	local name=$1 status=0 pattern='' stated='' got good=0
	local opt OPTARG OPTIND=1
	local in=/dev/null out=$scratch/out err=$scratch/err
	shift
	: > "$out"
	: > "$err"
	while getopts s:i:I:o:O:e:E: opt; do
		case $opt in
		s) status=$OPTARG ;;
		i) in=$scratch/in && text_file "$in" "$OPTARG" ;;
		I) in=$OPTARG ;;
		o) text_file "$out" "$OPTARG" ;;
		O) out=$OPTARG ;;
		e) stated=$OPTARG && text_file "$err" "$stated" ;;
		E) pattern=$OPTARG ;;
		*) echo "Bail out! check: wrong option in: $name" && exit 2 ;;
		esac
	done
	shift $((OPTIND - 1))
	(if [ $# -eq 1 ]; then eval "$1"; else "$@"; fi) \
		< "$in" > "$scratch/got.out" 2> "$scratch/got.err"
	got=$?
	[[ $pattern == *' in, '* || $stated == *' in, '*failed* ]] ||
		drop_summaries "$scratch/got.err"
	[ -s "$out" ] || [ "$status" != 2 ] || drop_last_word "$scratch/got.out"
	[ $got -eq "$status" ] || good=1
	same "$out" "$scratch/got.out" || good=1
	stderr_fits "$pattern" "$err" || good=1
	report $good "$name"
	[ $good -eq 0 ] || {
		echo "command: $*"
		[ $got -eq "$status" ] || echo "status: $got, not $status"
		diff -a -u --label stdout-stated --label stdout \
			"$out" "$scratch/got.out"
		stderr_fits "$pattern" "$err" ||
			show_stderr "$pattern" "$err"
	} | note
	return $good
}

# Empties a file that has nothing but the end of a stream that broke off.
drop_last_word()
{
	local said word='^\{"error":\{"program":"[^{}]*}}'$'\n$'
	if take_text said "$1" && [[ ${said%$'\n'} != *$'\n'* && $said =~ $word ]]
	then
		: > "$1"
	fi
}

# Takes the lines away by which programs sum up, and from that of seg-fetch
# what it has in common with others.
drop_summaries()
{
	local said line kept='' end=$'\n'
	local summary='^seg-[a-z]+: [0-9]+ (records?|samples?|annotations?|segments?|rows?|predictions?) in, .*failed'
	local fetched='^(seg-[a-z]+: .*); [0-9]+ records? in, '

	take_text said "$1" && [[ $said == *' in, '* ]] || return 0
	[[ $said == *$'\n' ]] || end=
	while IFS= read -r line; do
		[[ $line =~ $summary ]] && continue
		[[ $line =~ $fetched ]] && line=${BASH_REMATCH[1]}
		kept+=$line$'\n'
	done <<< "${said%$'\n'}"
	printf '%s' "${kept%$'\n'}${kept:+$end}" > "$1"
}

# take_text VARIABLE FILE: sets it to all of a file; false where that is none, or
# has a zero byte.
take_text()
{
	[ -f "$2" ] && ! IFS= read -r -d '' "$1" < "$2"
}

# Are two files the same?
same()
{
	local one other
	if take_text one "$1" && take_text other "$2"; then
		[ "$one" = "$other" ]
	else
		cmp -s "$1" "$2"
	fi
}

stderr_fits()
{
	if [ -n "$1" ]; then
		# shellcheck disable=SC2053
		[[ $(< "$scratch/got.err") == $1 ]]
	else
		same "$2" "$scratch/got.err"
	fi
}

show_stderr()
{
	if [ -n "$1" ]; then
		echo "stderr does not match: $1"
		cat "$scratch/got.err"
	else
		diff -a -u --label stderr-stated --label stderr \
			"$2" "$scratch/got.err"
	fi
}

# ok NAME COMMAND...: passes when the command's status is 0.
ok()
{
	local name=$1 got
	shift
	"$@" > "$scratch/got.out" 2>&1
	got=$?
	report $got "$name"
	[ $got -eq 0 ] || { echo "command: $*"; cat "$scratch/got.out"; } | note
	return $got
}

# leaves NAME DIR [FILE ...]: DIR holds these files (in any depth), no others.
leaves()
{
	local name=$1 dir=$2
	shift 2
	[ $# -eq 0 ] || printf '%s\n' "$@" | sort > "$scratch/out"
	[ $# -gt 0 ] || : > "$scratch/out"
	(cd "$dir" && find . ! -type d | sed 's,^\./,,' | sort) \
		> "$scratch/left"
	ok "$name" diff -u --label stated --label found \
		"$scratch/out" "$scratch/left"
}

# bounded SECONDS COMMAND...: ends it, with status 124, should it hang.
bounded()
{
	timeout -k 5 "$@"
}

# peak_of_three FILE COMMAND...: into a file the most memory it takes, in KiB. How
# much of the libraries the kernel holds, and counts, differs from run to run.
peak_of_three()
{
	local file=$1 _ most=0
	shift
	for _ in 1 2 3; do
		peak "$file" "$@" || return
		[ "$(< "$file")" -le "$most" ] || most=$(< "$file")
	done
	echo "$most" > "$file"
}

# need PROGRAM ...: skips the whole file where one is missing.
need()
{
	local program
	for program; do
		command -v "$program" > /dev/null ||
			skip_all "$program is not installed"
	done
}

# need_judge MODULE ...: $PYTHON is a Python that has them, of make judges or the
# one in PATH; else the whole file is skipped, or fails where SEGTOOLS_JUDGES is
# "required": a missing judge is no pass.
need_judge()
{
	local module
	PYTHON=${SEGTOOLS_PYTHON:-$ROOT/build/judges/bin/python3}
	[ -x "$PYTHON" ] || PYTHON=$(command -v python3) || PYTHON=false
	for module; do
		"$PYTHON" -c "import importlib.util as i, sys
sys.exit(not i.find_spec('$module'))" && continue
		[ "${SEGTOOLS_JUDGES-}" != required ] ||
			{ echo "Bail out! no $module for a judge" && exit 1; }
		skip_all "no Python with $module: make judges has one"
	done
}

# limited NAME [option ...] COMMAND: check, for a command that limits its own
# address space. AddressSanitizer needs all of it: then there is no test.
limited()
{
	if [ -n "${SEGTOOLS_SANITIZED-}" ]; then
		skip "$1" 'the sanitizer needs the address space'
	else
		check "$@"
	fi
}

# signalled NAME [option ...] COMMAND: check, for a command that a signal ends
# whose handler runs first. qemu 7.2 begins it on a stack that is not aligned as
# x86-64 has it: there is no such test.
signalled()
{
	case ${SEGTOOLS_EMULATOR-} in
	qemu-x86_64*) skip "$1" 'qemu has no right stack for handlers' ;;
	*) check "$@" ;;
	esac
}

# many_samples TIMES: a release with the samples of release.json so many times,
# behind one more.
many_samples()
{
	printf '{"dataset":{"samples":[{"name":"first"}'
	jq -c '.dataset.samples[]' release.json > samples
	for _ in $(seq "$1"); do
		sed 's/^/,/' samples
	done
	echo ']}}'
}

# points_release FILE: that release with other labels: the two ears of a cat,
# linked to its box, in each image that is reviewed.
points_release()
{
	jq '.dataset.task_type = "vector" |
	.dataset.task_attributes.categories = [{id: 1, name: "cat"},
		{id: 2, name: "left ear"}, {id: 3, name: "right ear"}] |
	.dataset.samples |= map(select(.labels."ground-truth".label_status ==
		"REVIEWED") | .labels."ground-truth".attributes = {annotations: [
		{id: 1, category_id: 1, type: "bbox",
			points: [[10, 10], [90, 80]]},
		{id: 2, category_id: 2, type: "point", points: [[20, 20]]},
		{id: 3, category_id: 3, type: "point", points: [[70.5, 30]]}],
		links: [{from_id: 1, to_id: 2, attributes: {}},
			{from_id: 1, to_id: 3, attributes: {}}]})' "$1"
}

# need_data [PATH]: skips the whole file where the real data is missing.
need_data()
{
	[ -e "${DATA:-/none}/${1-}" ] || skip_all 'no real data here'
}

# Prints the names of all programs, those of cmd/.
programs()
{
	(cd "$ROOT/cmd" && printf '%s\n' seg-*.c | sed 's/\.c$//')
}

# help_options PROGRAM: prints the options that --help tells of, a line each:
# "-l --labelset NAME", without what an option lacks.
help_options()
{
	"$1" --help | sed -nE 's/^  (-.), --/\1 --/; s/^      --/--/
		s/^((-. )?--[^ ]+( [^ ]+)?)(  .*)?$/\1/p'
}

# Prints the blocks of shell text of a page's EXAMPLES, each as a piece that
# ends with a zero byte, but for those with a comment that begins "Not run",
# unless $2 is "all".
examples()
{
	awk -v all="${2-}" '
	/^\.Sh / { on = $2 == "EXAMPLES" }
	/^\.\\" Not run/ { skip = all == "" }
	on && /^\.Bd -literal/ { block = ""; inside = 1; next }
	on && /^\.Ed/ {
		if (!skip)
			printf "%s%c", block, 0
		inside = skip = 0
	}
	inside { gsub(/\\e/, "\\"); gsub(/\\&/, ""); block = block $0 "\n" }
	' "$1"
}

# bitmap FILE [mkpng option ...]: draws a label bitmap, an RGBA PNG as the
# service writes them, from the grid of ids on stdin; see tests/tools/mkpng.c.
bitmap()
{
	local file=$1
	shift
	case $file in
	*/*) mkdir -p "${file%/*}" ;;
	esac
	mkpng "$@" > "$file" || exit
}

# Three ways to the same lines, for comparing masks: NAME, ID, "AREA X Y W H"
# and "AREA X Y W H CRC", tabs between. The third is as stated, the fourth
# counted from the mask itself by the tests' own tools.

# bitmap_masks NAME FILE: of each id in a label bitmap.
bitmap_masks()
{
	unpng -m "$2" | NAME=$1 awk -F '\t' -v OFS='\t' \
		'{ box = $2; sub(/ [^ ]*$/, "", box)
		print ENVIRON["NAME"], $1, box, $2 }'
}

# The same of each annotation that has a segmentation, in records on stdin.
record_masks()
{
	jq -r '.name as $name | .attributes.image as $image |
		.label.attributes.annotations[]? | select(.segmentation) |
		[$name, .id, ([.area] + .bbox | join(" ")), $image.width,
		$image.height, (.segmentation | tojson)] | join("\t")' | cocomask
}

# The same in a COCO file on stdin; NAME is the image's file name, ID the
# annotation's own.
coco_masks()
{
	jq -r '(.images | map({key: "\(.id)", value: .}) | from_entries) as
		$images | .annotations[] | select(.segmentation) |
		$images["\(.image_id)"] as $image |
		[$image.file_name, .id, ([.area] + .bbox | join(" ")),
		$image.width, $image.height, (.segmentation | tojson)] |
		join("\t")' | cocomask
}

# grid FILE WIDTH: the value of each pixel of a grey or RGB map, as a grid.
grid()
{
	unpng -p "$1" | od -An -v -tu1 -w"$((4 * $2))" | awk '{
		line = ""
		for (i = 1; i < NF; i += 4) {
			line = line " " $i
			if ($i != $(i + 1) || $i != $(i + 2))
				line = line "," $(i + 1) "," $(i + 2)
		}
		print substr(line, 2)
	}'
}

# cococheck FILE [DIR]: says what is wrong with a COCO file, by the rules of
# tests/tools/coco.jq and by the pixels: those of masks, or of the panoptic PNGs
# in DIR.
cococheck()
{
	local faults
	faults=$(jq -r -f "$ROOT/tests/tools/coco.jq" "$1" || echo 'no COCO file'
		if [ $# -gt 1 ]; then
			panoptic_faults "$1" "$2"
		else
			jq 'del(.annotations[] | select(.segmentation |
				type != "object"))' "$1" | coco_masks |
				awk -F '\t' '{ split($4, m, " ")
				if ($3 != m[1] " " m[2] " " m[3] " " m[4] " " m[5])
					print "mask of annotation " $2 " has " $4 }'
		fi)
	[ -z "$faults" ] || printf '%s: %s\n' "$1" "$faults"
	[ -z "$faults" ]
}

# Where the segments of a panoptic file are not its PNGs'.
panoptic_faults()
{
	local name
	jq -r '(.images | map({key: "\(.id)", value: .}) | from_entries) as
		$images | .annotations[] | $images["\(.image_id)"] as $image |
		[.file_name, "\($image.width)x\($image.height)"] | @tsv' "$1" |
	while IFS=$'\t' read -r name size; do
		[[ $(unpng -i "$2/$name") == "$size colour 2 depth 8 "* ]] ||
			echo "$name is no 8-bit RGB of $size"
		diff <(unpng -m "$2/$name" | sed 's/ [^ ]*$//' | sort) \
			<(NAME=$name jq -r '.annotations[] |
			select(.file_name == env.NAME) | .segments_info[] |
			"\(.id)\t\([.area] + .bbox | join(" "))"' "$1" | sort) ||
			echo "$name has other segments"
	done
}

# at_path RECORD PATH: prints a record of nothing but an image and a release,
# with the path where its image is.
at_path()
{
	printf '%s\n' "${1/'}},"release"'/",\"path\":\"$2\"}},\"release\""}"
}

# True where something listens on a port of 127.0.0.1.
port_taken()
{
	(exec 3<> "/dev/tcp/127.0.0.1/$1") 2> /dev/null
}

# Sets PORT to a port that nobody listens on.
free_port()
{
	PORT=$((20000 + RANDOM % 30000))
	while port_taken "$PORT"; do
		PORT=$((20000 + RANDOM % 30000))
	done
}

# serve_perl SCRIPT DIR [ARGUMENT ...]: makes DIR and starts a server of tests/
# there, which puts its port into DIR/port. Sets PORT.
serve_perl()
{
	local script=$1 dir=$2
	shift 2
	mkdir "$dir"
	perl "$ROOT/tests/$script" "$dir" "$@" &
	servers+=($!)
	until [ -s "$dir/port" ]; do
		kill -0 "${servers[-1]}" || exit
		sleep 0.02
	done
	PORT=$(< "$dir/port")
}

# serve DIR [DIRECTIVES]: starts nginx with DIR as its web root, and
# directives for its server block, which a function of that name may print to
# a file: it is called as FUNCTION FILE for each try, since a port that it
# chose may be taken by the time it is used. Sets PORT, URL (http://127.0.0.1:PORT) and
# SERVER (its pid, for stop). Skips the whole file where there is no nginx.
serve()
{
	local dir
	dir=$(cd "$1" && pwd) || exit
	command -v nginx > /dev/null || PATH=$PATH:/usr/sbin
	need nginx
	for _ in 1 2 3 4 5; do
		free_port
		SERVED=$scratch/nginx-$PORT
		mkdir -p "$SERVED"
		if declare -F "${2-}" > /dev/null; then
			"$2" "$SERVED/directives"
		else
			printf '%s\n' "${2-}" > "$SERVED/directives"
		fi
		nginx_conf "$dir" "$(cat "$SERVED/directives")" \
			> "$SERVED/conf"
		nginx -p "$SERVED" -c "$SERVED/conf" \
			2> "$SERVED/error.log" < /dev/null > /dev/null &
		SERVER=$!
		URL=http://127.0.0.1:$PORT
		if listens "$SERVER"; then
			servers+=("$SERVER")
			return
		fi
	done
	echo "Bail out! nginx does not start" >&2
	cat "$SERVED/error.log" >&2
	exit 2
}

# Waits until the server takes connections, or is gone.
listens()
{
	while kill -0 "$1" 2> /dev/null; do
		[ ! -s "$SERVED/pid" ] || ! port_taken "$PORT" || return 0
		sleep 0.02
	done
	return 1
}

nginx_conf()
{
	cat <<-END
	daemon off;
	master_process off;
	pid $SERVED/pid;
	error_log $SERVED/error.log;
	events { worker_connections 512; }
	http {
		log_format short '\$request_method \$request_uri \$status';
		access_log $SERVED/access.log short;
		client_body_temp_path $SERVED/body;
		proxy_temp_path $SERVED/proxy;
		fastcgi_temp_path $SERVED/fastcgi;
		uwsgi_temp_path $SERVED/uwsgi;
		scgi_temp_path $SERVED/scgi;
		types { image/png png; image/jpeg jpg jpeg; }
		server {
			listen 127.0.0.1:$PORT;
			root $1;
			$2
		}
	}
	END
}

# Prints what the server begun last was asked, a line "METHOD PATH STATUS" for
# each request. One process answers and logs in turn, so once it has answered
# this question all requests before it are in the log.
requests()
{
	curl -s -o "$SERVED/seen" "$URL/requests-seen-so-far"
	grep -v /requests-seen-so-far "$SERVED/access.log"
	: > "$SERVED/access.log"
}

# stop PID: ends a server.
stop()
{
	kill "$1" 2> /dev/null
	wait "$1" 2> /dev/null
}

stop_all()
{
	local pid
	for pid in "${servers[@]}"; do
		stop "$pid"
	done
}
