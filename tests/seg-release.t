#!/usr/bin/env bash
# seg-release: what it asks the platform for, what it makes of each answer, and
# where the key goes.

. "${0%/*}/lib.sh"
need perl jq

# A release of a few megabytes, more than what is kept in memory.
jq -c '.dataset.samples[]' "$DEMO/release.json" > samples
{
	printf '{"dataset":{"samples":[{"name":"first"}'
	for _ in {1..400}; do
		sed 's/^/,/' samples
	done
	echo ']}}'
} > many.json
# platform DIR FILE: starts it; sets API and PORT.
platform()
{
	serve_perl platform.pl "$1" "$2"
	API=http://127.0.0.1:$PORT
}
platform server many.json
export SEGMENTS_API_KEY=k3y

# seg-release at that server, which does not wait long between tries.
get()
{
	bounded 60 seg-release -q --api "$API" --backoff 0.01 --retries 2 "$@"
}

# asked NAME LINE ...: what the server was asked, all of it; then anew.
asked()
{
	local name=$1
	shift
	touch server/log
	ok "$name" diff -u --label stated --label asked \
		<([ $# -eq 0 ] || printf '%s\n' "$@") server/log
	rm -f server/log
}

page='datasets/o/donuts/releases/?per_page=1000&page='
key='APIKey k3y'

# The file.
check 'the release of a name goes to stdout' -O many.json get o/donuts@v0.1
asked 'the API is asked with the key, the bucket without it' \
	"GET datasets/o/donuts/releases/v0.1/ $key" 'GET files/whole'
check 'without a name it is the newest that is ready' -O many.json \
	-e 'seg-release: o/donuts: release v1.0.1, made 2026-01-01T00:00:00.5Z' \
	bounded 60 seg-release --api "$API/" o/donuts
asked 'which a list tells, asked until it ends' \
	"GET ${page}1 $key" "GET ${page}2 $key" \
	"GET datasets/o/donuts/releases/v1.0.1/ $key" 'GET files/whole'
check '-o writes a file' get -o r.json o/donuts@v1.0
leaves 'and nothing beside it' . many.json r.json samples server/port \
	server/log
ok 'of the same bytes' cmp many.json r.json
rm -f server/log
check 'a name is written as a part of a path' -O many.json \
	get 'o/donuts@v0.9 beta/2'
asked 'so that it stays one' \
	"GET datasets/o/donuts/releases/v0.9%20beta%2F2/ $key" 'GET files/whole'
check 'a signed URL is what is asked, where there is one' -O many.json \
	get o/signed@v1
rm -f server/log
check 'one that is refused is asked for anew' -O many.json get o/renewed@v1
asked 'and the new one has the file' \
	"GET datasets/o/renewed/releases/v1/ $key" \
	'GET files/denied?X-Amz-Signature=s3cret' \
	"GET datasets/o/renewed/releases/v1/ $key" \
	'GET files/signed?X-Amz-Signature=s3cret'
check 'where that is the same, the one without a signature is tried' \
	-O many.json get o/unsigned@v1
asked 'last' "GET datasets/o/unsigned/releases/v1/ $key" \
	'GET files/denied?X-Amz-Signature=s3cret' \
	"GET datasets/o/unsigned/releases/v1/ $key" 'GET files/whole'
check 'a file is begun anew where a signature ends on the way' \
	get -o expired.json o/expiring@v1
ok 'and is whole' cmp many.json expired.json
check 'half a stream is not' -s 2 \
	-e "seg-release: o/expiring@v1: file of release v1: signed URL has expired: HTTP status 403 (AccessDenied): $API/files/expiring?..." \
	'get o/expiring@v1 > half.json'
ok 'and is left as it is' cmp half.json \
	<(head -c $(($(wc -c < many.json) / 2)) many.json)
check 'a body that is coded is decoded' -O many.json get o/coded@v1
check 'a pipe' -o 5601 'get o/donuts | seg-samples -q | wc -l'
rm server/log

# Transfers that are cut.
half=$(($(wc -c < many.json) / 2))
check 'a stream that is cut is gone on with' -O many.json get o/cut@v1
asked 'from where it was' "GET datasets/o/cut/releases/v1/ $key" \
	'GET files/cut' "GET files/cut \"one\" bytes=$half-"
check 'so is a file' get -o cut.json o/cut@v1
asked 'from there, too' "GET datasets/o/cut/releases/v1/ $key" \
	'GET files/cut' "GET files/cut \"one\" bytes=$half-"
ok 'and is the same' cmp many.json cut.json
check 'a stream that cannot be gone on with ends in 2' -s 2 \
	-E "seg-release: o/cut-untagged@v1: file of release v1: *: $API/files/cut-untagged" \
	'get o/cut-untagged@v1 > half.json'
ok 'with what came' cmp half.json <(head -c "$half" many.json)
check 'which the next program sees' -s 2 \
	-E "seg-release: *seg-samples: <stdin>:*" \
	'get o/cut-untagged@v1 | seg-samples -q > half'
check 'and the last one, which makes no file' -s 1 -o '' -E '*' \
	'get o/cut-untagged@v1 | seg-samples -q | seg-coco -q -o coco.json
	s=$?; ls coco.json; exit $s'
check 'a stream does not go on with another file' -s 2 \
	-e "seg-release: o/changed@v1: file of release v1: has changed while it was read: $API/files/changed" \
	'get o/changed@v1 > half.json'
echo old > kept.json
check 'a file that cannot be had leaves the old one' -s 2 -o old \
	-E 'seg-release: o/cut-untagged@v1: *' \
	'get -o kept.json o/cut-untagged@v1; s=$?; cat kept.json; exit $s'

# Files that are none.
check 'a file that is gone' -s 2 \
	-e "seg-release: o/gone@v1: file of release v1: HTTP status 404 (NoSuchKey): $API/files/gone" \
	get o/gone@v1
check 'a file that the bucket does not give' -s 2 \
	-e "seg-release: o/denied@v1: file of release v1: HTTP status 403 (AccessDenied): $API/files/denied" \
	get o/denied@v1
check 'a signature is not told' -s 2 \
	-e "seg-release: o/lapsed@v1: file of release v1: HTTP status 403 (AccessDenied): $API/files/denied?... and then HTTP status 404 (NoSuchKey): $API/files/gone" \
	get o/lapsed@v1
check 'a page instead of the file' -s 2 \
	-e 'seg-release: o/page@v1: what came is no release: not one JSON object' \
	get -o none.json o/page@v1
check 'nothing instead of the file' -s 2 \
	-e 'seg-release: o/nothing@v1: what came is no release: not one JSON object' \
	get -o none.json o/nothing@v1
check 'no URL' -s 2 \
	-e 'seg-release: o/fileless@v1: release v1 is ready, but has no file' \
	get o/fileless@v1
ok 'none of them leaves a file' test ! -e none.json
check 'a directory that is not there' -s 2 \
	-e 'seg-release: no/r.json: No such file or directory' \
	get -o no/r.json o/donuts
check 'a full disk' -s 2 \
	-e 'seg-release: <stdout>: No space left on device' \
	'get o/donuts > /dev/full'
check 'stdout that is closed' -s 2 \
	-e 'seg-release: <stdout>: Bad file descriptor' 'get o/donuts >&-'
check 'a reader that has enough' -s 141 -o '{' \
	'get o/donuts | head -c 1; s=$PIPESTATUS; echo; exit $s'

# Lists.
check '-l lists the releases' -o 'v0.1 SUCCEEDED
v1.0 SUCCEEDED
v1.0.1 SUCCEEDED
v0.9 beta/2 SUCCEEDED
v2.0 PENDING
broken FAILED' 'get -l o/donuts | jq -r "\"\(.name) \(.status)\""'
check 'as the platform tells of them' -o '{"attributes":{"url":null},"created_at":"2026-02-01T00:00:00Z","description":"","name":"v2.0","release_type":"JSON","samples_count":14,"status":"PENDING","uuid":"uuid-of-v2.0"}' \
	'get -l o/donuts@v2.0'
for set in paged linked enveloped astray endless; do
	check "a list in pages: $set" -o 'v1 v2 v3 v4 v5' \
		"get -l o/$set | jq -r .name | paste -sd ' '"
done
check 'the newest is on any page' -O many.json \
	-e 'seg-release: o/paged: release v5, made 2026-01-05T00:00:00Z' \
	bounded 60 seg-release --api "$API" o/paged
rm server/log
check 'a link to another host is not followed' -o 5 \
	'get -l o/astray | grep -c .'
asked 'and pages are counted instead' "GET datasets/o/astray/releases/?per_page=1000&page="{1..4}" $key"
check 'an empty list' \
	-e 'seg-release: o/empty: there is no release yet; --create makes one' \
	bounded 60 seg-release --api "$API" -l o/empty
check 'nothing to choose from' -s 2 \
	-e 'seg-release: o/empty: there is no release yet; --create makes one' \
	get o/empty
check 'nothing but what has failed' -s 2 \
	-e 'seg-release: o/failed: no release is ready: all have failed' \
	get o/failed
check 'a full disk for a list' -s 2 \
	-e 'seg-release: <stdout>: No space left on device' \
	'get -l o/donuts > /dev/full'

# Names.
check 'a name that is mistyped' -s 2 \
	-e 'seg-release: o/donuts@v1.01: no release is called v1.01; did you mean v1.0?' \
	get o/donuts@v1.01
check 'a name unlike any' -s 2 \
	-e 'seg-release: o/donuts@spring: no release is called spring; -l lists the 6 there are' \
	get o/donuts@spring
for target in o/doughnuts o/doughnuts@v1 someone/donuts; do
	check "no such dataset: $target" -s 2 \
		-e "seg-release: $target: no dataset ${target%@*}, or none that this key may see (HTTP status 404: Not found.)" \
		get "$target"
done
check 'one that has failed' -s 2 \
	-e 'seg-release: o/donuts@broken: release broken cannot be had, its status is FAILED; --create makes another' \
	get o/donuts@broken
check 'one that is not ready' -s 2 \
	-e 'seg-release: o/donuts@v2.0: release v2.0 is not ready yet; --wait waits until it is' \
	get o/donuts@v2.0
check 'none that is ready' -s 2 \
	-e 'seg-release: o/pending: release soon is not ready yet; --wait waits until it is' \
	get o/pending

# Making one.
made='"created_at":"2026-05-01T00:00:00Z","description":"of \"May\"","name":"may"'
rm server/log
check '--create makes a release and tells of it' \
	-o "{\"attributes\":{\"url\":null},$made,\"release_type\":\"JSON\",\"samples_count\":14,\"status\":\"PENDING\",\"uuid\":\"uuid-of-may\"}" \
	-e 'seg-release: o/new@may: release may is being made' \
	bounded 60 seg-release --api "$API" --create may \
	--description 'of "May"' o/new
asked 'by one call' "POST datasets/o/new/releases/ $key"
check '--wait waits, and gets the file' -O many.json \
	-e 'seg-release: o/new@june: release june is being made
seg-release: o/new@june: release june is pending; waiting
seg-release: o/new@june: release june, made 2026-05-01T00:00:00Z' \
	bounded 60 seg-release --api "$API" --create june --wait o/new
asked 'once it is ready' "POST datasets/o/new/releases/ $key" \
	"GET datasets/o/new/releases/june/ $key" \
	"GET datasets/o/new/releases/june/ $key" 'GET files/whole'
check '--wait without --create' -o 14 \
	'get -l --wait o/new@may | jq .samples_count'
check 'one that fails in the end' -s 2 \
	-e 'seg-release: o/new@doomed: release doomed cannot be had, its status is FAILED; --create makes another' \
	get --create doomed --wait -o doomed.json o/new
check 'a name that is taken' -s 2 \
	-e 'seg-release: o/donuts@v1.0: HTTP status 400: name: A release already has this name.' \
	get --create v1.0 o/donuts
rm server/log
check 'what a gateway says failed may be done' -o july \
	'get --create july o/gateway | jq -r .name'
asked 'and is not done twice' "POST datasets/o/gateway/releases/ $key" \
	"GET datasets/o/gateway/releases/july/ $key"
check 'or it is not' -s 2 -e 'seg-release: o/unmade@july: HTTP status 502' \
	get --create july o/unmade
rm server/log
check 'a call that is put off is made again' -o august \
	'get --create august o/busy | jq -r .name'
asked 'when the server says' "POST datasets/o/busy/releases/ $key" \
	"POST datasets/o/busy/releases/ $key" \
	"POST datasets/o/busy/releases/ $key"
check 'a call that changes things is not redirected' -s 2 \
	-e 'seg-release: o/elsewhere@x: redirected, where something is sent' \
	get --create x o/elsewhere

# Answers that are errors, or none.
wrong()
{
	check "$1" -s 2 -e "seg-release: o/$2: $3" get "o/$2"
}
wrong 'a platform that wants another version' old@v1 \
	'this version is too old for the platform: HTTP status 426: Please upgrade the SDK.'
wrong 'what the key may not do' forbidden \
	'the key in SEGMENTS_API_KEY is wrong, or may not do that: HTTP status 403: You do not have permission to perform this action.'
wrong 'a pause longer than we wait' throttled \
	'the platform is asked too often; try again later: HTTP status 429, come back in 3600 s: Request was throttled. Expected available in 3600 seconds.'
wrong 'an error of several fields' teapot \
	'HTTP status 418: name: Too short. Odd.; other: No.'
wrong 'an error that tells the key' leaky 'HTTP status 400'
wrong 'an error for the terminal' rude \
	'HTTP status 400: a\x1b[31m\x0ared'
wrong 'a page instead of JSON' html \
	'the answer is not JSON: byte 1: value expected'
wrong 'half an answer' half 'the answer is not JSON: byte 14: unexpected end of text'
wrong 'a list of something else' nameless \
	'the answer is no list of releases'
wrong 'no list' object 'the answer is no list of releases'
wrong 'something else than a release' object@v1 'the answer is no release'
rm server/log
wrong 'a server that stays down' down 'HTTP status 502'
asked 'is asked three times' \
	"GET datasets/o/down/releases/?per_page=1000&page=1"{,,}" $key"
check 'one that comes back' -s 2 \
	-e 'seg-release: o/shaky: no dataset o/shaky, or none that this key may see (HTTP status 404: Not found.)' \
	get o/shaky
port=$PORT
free_port
check 'nobody there' -s 2 -E 'seg-release: o/donuts: *onnect to *' \
	bounded 60 seg-release --api "http://127.0.0.1:$PORT" --retries 0 \
	o/donuts
PORT=$port

# The key.
rm -f server/log
check 'the key does not follow to another host' -s 2 \
	-e "seg-release: o/elsewhere@v1: redirected to another host: http://localhost:$PORT" \
	get o/elsewhere@v1
asked 'which is not asked' "GET datasets/o/elsewhere/releases/v1/ $key"
check 'it does to another path' -O many.json get o/moved@v1
check 'a file is fetched where it is redirected to' -O many.json get o/away@v1
check 'a wrong key' -s 2 \
	-e 'seg-release: o/donuts: the key in SEGMENTS_API_KEY is not accepted: HTTP status 401: Invalid API key.' \
	'SEGMENTS_API_KEY=other get o/donuts'
for set in 'unset SEGMENTS_API_KEY' 'SEGMENTS_API_KEY='; do
	check "no key: $set" -s 2 \
		-e 'seg-release: no key: set SEGMENTS_API_KEY to one that is made at https://segments.ai/account' \
		"$set; get o/donuts"
done
check 'a key with a newline' -s 2 \
	-e 'seg-release: SEGMENTS_API_KEY has a character that is in no key, such as a space or newline' \
	"SEGMENTS_API_KEY=\$'a\nHost: evil' get o/donuts"
for url in http://example.com http://127.0.0.1.example.com \
	http://localhost.example.com http://127.0.0.1@example.com; do
	check "the key does not go out in the clear: $url" -s 2 \
		-e "seg-release: the key would go over the network in the clear; use https: $url" \
		seg-release --api "$url" o/donuts
done
for url in ftp://example.com example.com ''; do
	check "no URL of an API: $url" -s 2 \
		-e "seg-release: not the URL of an API, https://...: $url" \
		seg-release --api "$url" o/donuts
done
check 'the key is in no message' -s 1 \
	"for set in old leaky elsewhere@v1 donuts@x forbidden; do
		seg-release --api $API o/\$set; done 2>&1 | grep k3y"

# The examples of the page, at a server with the demo.
platform demo "$DEMO/release.json"
mkdir examples bin home
cp -r "$DEMO/segments" examples
echo k3y > home/.segments-key
printf '#!/bin/sh\nexec %s --api %s "$@"\n' "$BIN/seg-release" "$API" \
	> bin/seg-release
chmod +x bin/seg-release
number=0
while IFS= read -r -d '' text; do
	number=$((number + 1))
	ok "example $number runs" env PATH="$PWD/bin:$PATH" HOME="$PWD/home" \
		bash -c 'cd examples && bounded() { timeout 60 "$@"; }
		bounded bash -euo pipefail -c "$1"' example "$text"
done < <(examples "$ROOT/man/seg-release.1" all)
ok 'all three of them' test $number = 3

# Usage.
usage()
{
	local name=$1 why=$2
	shift 2
	check "$name" -s 2 -e "seg-release: $why
usage: seg-release [options] OWNER/DATASET[@NAME]" seg-release "$@"
}
usage 'an unknown option' 'unknown option: --xyzzy' --xyzzy o/d
usage 'an option without its argument' 'option needs an argument: --api' --api
check 'help that cannot be written' -s 2 \
	-e 'seg-release: <stdout>: No space left on device' \
	'seg-release --help > /dev/full'
usage 'no dataset' 'which dataset? OWNER/DATASET is missing'
usage 'two datasets' 'one dataset at a time: o/b' o/a o/b
for target in donuts /donuts o/ o/donuts@ o/d/x @v1 o/d/@v1 \
	https://segments.ai/o/donuts; do
	usage "no dataset: $target" \
		"not OWNER/DATASET or OWNER/DATASET@NAME: $target" "$target"
done
usage 'a description of nothing' '--description goes with --create' \
	--description x o/d
usage 'two names' '--create NAME goes with OWNER/DATASET alone: o/d@a' \
	--create b o/d@a
usage 'an empty name' '--create: a name cannot be empty' --create '' o/d
usage 'a file of a list' '-o is for a release file, -l prints on stdout' \
	-l -o x o/d
usage 'a file of what is not ready' \
	'with --create, -o needs --wait: the file is there when the release is ready' \
	--create x -o x o/d

done_testing
