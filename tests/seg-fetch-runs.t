#!/usr/bin/env bash
# seg-fetch killed and run again, and several runs in one directory: no file is
# ever wrong, and what is there in the end is what one quiet run leaves.
#
# KILLS says how often a run is killed (20); more is for patience.

. "${0%/*}/lib.sh"

kills=${KILLS:-20}

# Files of several sizes, some large enough to be spilled to disk as they come.
mkdir web
for n in {1..40}; do
	printf '%s 1\n2 %s\n' "$n" "$n" | bitmap web/$n.png
	head -c $((n % 10 * 150000)) /dev/zero >> web/$n.png
done
serve web 'limit_rate 4m;'
for n in {1..40}; do
	printf '{"name":"%s","uuid":"%s","attributes":{"image":{"url":"%s"}},"release":{}}\n' \
		"d$((n % 3))/s$n.png" "u$n" "$URL/$n.png"
done > records
check 'a quiet run' -O <(sed 's|"name":"\([^"]*\)"\(.*\)}},|"name":"\1"\2,"path":"quiet/images/\1"}},|' records) \
	seg-fetch -q -d quiet records

# tree DIR: what is there, without what tells when it came.
tree()
{
	(cd "$1" && find images -type f -exec sha256sum {} + | sort -k 2)
	sed -n 's/.*"path":"\([^"]*\)".*"sha256":"\([^"]*\)".*/\1 \2/p' \
		"$1/manifest.ndjson" | sort -u
}

# right DIR: each file that is there is one of the quiet run.
right()
{
	(cd "$1" && find images -type f 2> /dev/null) |
		while IFS= read -r file; do
			cmp "$1/$file" "quiet/$file" || return
		done
}

# Kills a run after a while, again and again; there is a rerun in the end.
kill_often()
{
	local i pid
	for ((i = 0; i < kills; i++)); do
		seg-fetch -q -j 4 -d killed records > /dev/null &
		pid=$!
		sleep "0.$((RANDOM % 10))$((RANDOM % 10))"
		kill -KILL $pid 2> /dev/null
		wait $pid 2> /dev/null
		right killed || return
		# Else nothing is left to be interrupted.
		[ $((i % 5)) -ne 0 ] || rm -rf killed/images/d1
		[ $((i % 7)) -ne 0 ] || rm -rf killed
	done
	return 0
}

ok "no file is wrong after any of $kills kills" kill_often
check 'the run after them' -O <(sed 's|"name":"\([^"]*\)"\(.*\)}},|"name":"\1"\2,"path":"killed/images/\1"}},|' records) \
	seg-fetch -q -d killed records
ok 'leaves what a quiet run leaves' diff <(tree quiet) <(tree killed)
mapfile -t files < <(cd quiet && find . -type f | sed 's,^\./,,')
leaves 'and nothing else' killed "${files[@]}"

# Eight runs at once, all of them with all records.
together()
{
	local i pids=() status=0
	for i in {1..8}; do
		seg-fetch -q -d many records > many.$i &
		pids+=($!)
	done
	for i in "${pids[@]}"; do
		wait "$i" || status=1
	done
	for i in {2..8}; do
		cmp many.1 many.$i || status=1
	done
	return $status
}
ok 'eight runs at once succeed, with the same output' together
ok 'they leave what a quiet run leaves' diff <(tree quiet) <(tree many)
requests > /dev/null
check 'and ask for nothing more' -O many.1 seg-fetch -q -d many records
check 'as the server sees' requests

# Runs at once that have other samples under the same names.
for n in {1..40}; do
	printf '{"name":"%s","uuid":"%s","attributes":{"image":{"url":"%s"}},"release":{}}\n' \
		"d$((n % 3))/s$n.png" "other$n" "$URL/$((41 - n)).png"
done > others
apart()
{
	local i pids=()
	for i in {1..4}; do
		seg-fetch -q -d apart records > mine.$i 2> /dev/null &
		pids+=($!)
		seg-fetch -q -d apart others > other.$i 2> /dev/null &
		pids+=($!)
	done
	for i in "${pids[@]}"; do
		wait "$i"
		[ $? -le 1 ] || return
	done
}
# Each record's path has the file of its URL.
own()
{
	sed -n 's|.*"url":"[^"]*/\([0-9]*.png\)","path":"\([^"]*\)".*|\1 \2|p' "$@" |
		while read -r url path; do
			cmp "web/$url" "$path" || return
		done
}
ok 'runs at once with other samples of the same names come to an end' apart
ok 'no sample has the file of another' own mine.* other.*
check 'each name has one file' -o 40 'find apart/images -type f | wc -l'
check 'of one sample in all runs' -o 40 'cat mine.* other.* |
	jq -r "select(.attributes.image.path) |
	.uuid + .attributes.image.path" | sort -u | wc -l'
check 'and the other one is told of it' -o 40 'cat mine.1 other.1 |
	jq -r .error.message | grep -c "is the file of .* and not of"'

# Each system call that writes fails in turn, as on a full or broken disk: the
# run says so, no file is wrong, and no record has the path of a missing one.
failing()
{
	local call=$1 error=$2 n status
	for n in {1..12}; do
		rm -rf failing
		strace -f -o strace.out -e trace="$call" \
			-e inject="$call:error=$error:when=$n" \
			seg-fetch -q -j 1 --retries 0 -d failing few \
			> failing.out 2> failing.err
		status=$?
		# Fewer such calls than that: nothing failed.
		grep -q INJECTED strace.out || return 0
		[ $status -ne 0 ] || return
		# What is said to stderr may be what failed.
		[ -s failing.err ] || grep -q 'write(2,' strace.out || return
		right failing || return
		sed -n 's/.*"path":"\([^"]*\)".*/\1/p' failing.out |
			while read -r path; do
				[ -e "$path" ] || return
			done || return
		seg-fetch -q -d failing few > /dev/null || return
		diff -r <(tree few-quiet) <(tree failing) || return
	done
}
head -n 4 records > few
seg-fetch -q -d few-quiet few > /dev/null
for call in write linkat mkdirat ftruncate; do
	if ! strace -o /dev/null true 2> /dev/null; then
		skip "$call fails" 'strace does not work here'
		continue
	fi
	ok "$call fails for want of space" failing $call ENOSPC
	ok "$call fails for a broken disk" failing $call EIO
done

done_testing
