#!/usr/bin/env bash
# seg-fetch: what it fetches, where it puts it, what it asks for again.

. "${0%/*}/lib.sh"

# The web: three images (PNG will do) and a label bitmap.
mkdir -p web/sub
printf '1 1\n. 2\n' | bitmap web/1.png
printf '3 .\n. 3\n' | bitmap web/2.png
printf '4 4\n4 4\n' | bitmap web/sub/3.png
printf '5 6\n7 8\n' | bitmap web/label.png
serve web

# record NAME [IMAGE [LABEL]]: a record with these files of the web.
record()
{
	local image='' label=null
	[ -z "${2-}" ] || image='"image":{"url":"'$URL/$2'"}'
	[ -z "${3-}" ] || label='{"attributes":{"annotations":[],"segmentation_bitmap":{"url":"'$URL/$3'"}}}'
	printf '{"name":"%s","attributes":{%s},"label":%s,"release":{}}\n' \
		"$1" "$image" "$label"
}

# added RECORD IMAGE [LABEL]: the record with the paths that are added.
added()
{
	printf '%s\n' "$1" | sed -e "s|\(image\":{\"url\":\"[^\"]*\"\)|\1${2:+,\"path\":\"$2\"}|" \
		-e "s|\(bitmap\":{\"url\":\"[^\"]*\"\)|\1${3:+,\"path\":\"$3\"}|"
}

# What is fetched, and where it goes.
a=$(record a.png 1.png label.png)
b=$(record sub/b 2.png)
c=$(record c.jpg sub/3.png)
bare=$(record bare)
printf '%s\n' "$a" "$b" "$bare" "$c" > records
{
	added "$a" D/images/a.png D/labels/a.png.png
	added "$b" D/images/sub/b.png
	added "$bare" ''
	added "$c" D/images/c.jpg.png
} > fetched
check 'images and labels are fetched, records keep their order' -O fetched \
	-e 'seg-fetch: 4 fetched (364 B), 0 already there, 0 failed' \
	seg-fetch -d D records
leaves 'the files lie where the records say' D manifest.ndjson images/a.png \
	images/sub/b.png images/c.jpg.png labels/a.png.png
ok 'an image is what the server sent' cmp web/1.png D/images/a.png
ok 'so is a label' cmp web/label.png D/labels/a.png.png
check 'each is asked for once' -o 'GET /1.png 200
GET /2.png 200
GET /label.png 200
GET /sub/3.png 200' 'requests | sort'
check 'a manifest tells of each' -o 'images/a.png
images/c.jpg.png
images/sub/b.png
labels/a.png.png' "sed 's/.*\"path\":\"\([^\"]*\)\".*/\1/' D/manifest.ndjson |
	sort"

# Again.
check 'the second run has the same result' -O fetched \
	-e 'seg-fetch: 0 fetched (0 B), 4 already there, 0 failed' \
	seg-fetch -d D records
check 'and asks for nothing' requests
check '-q says nothing' -O fetched seg-fetch -q -d D records
check 'what it has fetched it can be given again' -O fetched \
	seg-fetch -q -d D fetched
check 'a slash behind DIR is not doubled' -O fetched \
	"seg-fetch -q -d D/ records"
rm D/images/a.png
printf x >> D/labels/a.png.png
check 'what is gone or of another size is fetched again' -O fetched \
	seg-fetch -q -d D records
check 'and no more' -o 'GET /1.png 200
GET /label.png 200' 'requests | sort'
printf y | dd of=D/images/a.png bs=1 seek=40 conv=notrunc 2> /dev/null
check '--verify finds a byte that has changed' -O fetched \
	-e 'seg-fetch: 1 fetched (92 B), 3 already there, 0 failed' \
	seg-fetch --verify -d D records
ok 'and fetches the file' cmp web/1.png D/images/a.png
requests > /dev/null
check '--refresh asks whether files have changed' -O fetched \
	seg-fetch -q --refresh -d D records
check 'and transfers none that have not' -o 'GET /1.png 304
GET /2.png 304
GET /label.png 304
GET /sub/3.png 304' 'requests | sort'
touch -d '1 hour ago' web/2.png
printf '9 9\n' | bitmap web/1.png
check '--refresh fetches what has changed' -O fetched \
	seg-fetch -q --refresh -d D records
ok 'so that it is as on the server' cmp web/1.png D/images/a.png
requests > /dev/null
sed 's,/1.png,/2.png,' records > newer
clash='images/a.png is the file of a.png at another URL: use another -d'
check 'another URL for the same sample is a clash' -s 1 \
	-e "seg-fetch: newer:1: a.png: $clash, or --refresh to replace it: $URL/2.png" \
	'seg-fetch -q -d D newer > out'
check 'of that record alone' -o "a.png: $clash, or --refresh to replace it
sub/b: null" "head -n 2 out | jq -r '.name + \": \" + (.error.message | tostring)'"
ok 'nothing is lost' cmp web/1.png D/images/a.png
check '--refresh replaces it' \
	-O <(sed 's,/1.png,/2.png,' fetched) seg-fetch -q --refresh -d D newer
ok 'by what is there now' cmp web/2.png D/images/a.png
check 'but not twice in a run' -s 1 -i "$(record a.png 2.png; record a.png 1.png)" \
	-e "seg-fetch: <stdin>:2: a.png: $clash: $URL/1.png" \
	'seg-fetch -q --refresh -d D > /dev/null'
requests > /dev/null

# Which, and where to.
check '--only images' -o "$(added "$a" E/images/a.png)" -i "$a" \
	seg-fetch -q --only images -d E
check '--only labels' -o "$(added "$a" '' E/labels/a.png.png)" -i "$a" \
	seg-fetch -q --only labels -d E
check '--only of something else' -s 2 -e 'seg-fetch: --only: not one of images, labels: cats
usage: seg-fetch [options] [record-file ...]' seg-fetch --only cats
check '$SEGMENTS_DIR is where files go' -i "$b" \
	-o "$(added "$b" env/images/sub/b.png)" env SEGMENTS_DIR=env seg-fetch -q
check 'without it, segments' -i "$b" \
	-o "$(added "$b" segments/images/sub/b.png)" seg-fetch -q
check '-d goes before it' -i "$b" -o "$(added "$b" F/images/sub/b.png)" \
	env SEGMENTS_DIR=env seg-fetch -q -d F
ok 'deep directories are made' \
	seg-fetch -q -d "$PWD/new/deep/dir" records
check 'a directory that cannot be made is said' -s 2 -i "$b" \
	-e 'seg-fetch: records/x: Not a directory' seg-fetch -q -d records/x
requests > /dev/null

# --dry-run.
check '-n prints what would be fetched' -o '{"url":"'$URL'/1.png","path":"N/images/a.png"}
{"url":"'$URL'/label.png","path":"N/labels/a.png.png"}
{"url":"'$URL'/2.png","path":"N/images/sub/b.png"}
{"url":"'$URL'/sub/3.png","path":"N/images/c.jpg.png"}' \
	seg-fetch -n -d N records
check 'and fetches nothing' requests
ok 'and makes no directory' test ! -e N
check 'nor names what is there' seg-fetch -n -d D newer

# Failures travel with the data.
lost=$(record lost.png lost.png)
error='"error":{"program":"seg-fetch","message":"HTTP status 404","url":"'$URL'/lost.png"}'
printf '%s\n' "$a" "$lost" "$c" > some
check 'one that is missing fails alone' -s 1 \
	-O <(added "$a" G/images/a.png G/labels/a.png.png
		echo "${lost%\}},$error}"
		added "$c" G/images/c.jpg.png) \
	-e "seg-fetch: some:2: lost.png: HTTP status 404: $URL/lost.png
seg-fetch: 3 fetched (264 B), 0 already there, 1 failed" \
	seg-fetch -d G some
seg-fetch -q -d G some > partly 2> /dev/null
requests > /dev/null
check 'a record that failed passes as it came' -O partly \
	seg-fetch -q -d G partly
check 'without being asked for' requests
cp web/2.png web/lost.png
check 'seg-filter --failed makes it ready to be tried again' \
	-o "$(added "$lost" G/images/lost.png)" \
	"seg-filter --failed partly | seg-fetch -q -d G"
mixed=$(record mixed.png no.png label.png)
check 'one file of two fails the record, which stays as it came' -s 1 \
	-i "$mixed" -o "${mixed%\}},${error//lost/no}}" \
	-e "seg-fetch: <stdin>:1: mixed.png: HTTP status 404: $URL/no.png" \
	seg-fetch -q -d G
ok 'but the other is there for the next try' test -e G/labels/mixed.png.png

# URLs that are not there.
for url in null '""' '{}'; do
	line='{"name":"x","attributes":{"image":{"url":'$url'}},"label":null,"release":{}}'
	check "a url that is $url is nothing to fetch" -i "$line" -o "$line" \
		seg-fetch -q -d G
done
line='{"name":"x","label":{"attributes":{"segmentation_bitmap":null}},"release":{}}'
check 'nor is a bitmap that is null' -i "$line" -o "$line" \
	seg-fetch -q -d G
line='{"name":"s","attributes":{"image":{"url":"s3://private/1.png","signed_url":"'$URL'/1.png"}},"release":{}}'
check 'signed_url is where to ask' -i "$line" \
	-o "$(at_path "$line" "G/images/s.png")" seg-fetch -q -d G
requests > /dev/null
line2=${line/1.png\"\}/1.png?X-Amz-Signature=2\"\}}
check 'signed anew it is the same file' -i "$line2" \
	-o "$(at_path "$line2" "G/images/s.png")" seg-fetch -q -d G
check 'which is not asked for' requests
old='http://h/1.png?X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-Signature=1'
line='{"name":"old","attributes":{"image":{"url":"'$old'"}},"release":{}}'
check 'a signature that has expired is told before asking' -s 1 -i "$line" \
	-o "${line%\}},\"error\":{\"program\":\"seg-fetch\",\"message\":\"signed URL expired at 2013-05-25 00:00:00 UTC\",\"url\":\"$old\"}}" \
	-e 'seg-fetch: <stdin>:1: old: signed URL expired at 2013-05-25 00:00:00 UTC: http://h/1.png?...' \
	seg-fetch -q -d G

# Names.
two=$(record a.png 1.png; record a.png 2.png | sed 's/^{/{"uuid":"u2",/')
clash='images/a.png is the file of a.png, and not of a.png (u2): use another -d, or --names uuid'
check 'two samples of one name are a clash of the second' -s 1 -i "$two" \
	-o 'H/images/a.png
null' -e "seg-fetch: <stdin>:2: a.png: $clash: $URL/2.png" \
	"seg-fetch -q -d H > out; status=\$?; jq -r .attributes.image.path out; exit \$status"
check 'in a later run, too' -s 1 -i "${two#*
}" -e "seg-fetch: <stdin>:1: a.png: $clash: $URL/2.png" \
	'seg-fetch -q -d H > /dev/null'
check 'and if the first cannot be had' -s 1 -i "$(record a.png lost
	echo "${two#*
}")" -E "*:2: a.png: $clash: $URL/2.png" 'seg-fetch -q -j 1 -d H2 > /dev/null'
two=${two/\{\"name/\{\"uuid\":\"u1\",\"name}
check '--names uuid has no clash' -i "$two" -o 'H/images/u1.png
H/images/u2.png' \
	"seg-fetch -q --names uuid -d H | jq -r .attributes.image.path"
check 'and wants a uuid' -s 1 -i "$a" \
	-e "seg-fetch: <stdin>:1: a.png: no uuid for --names uuid to go by: $URL/1.png
seg-fetch: <stdin>:1: a.png: no uuid for --names uuid to go by: $URL/label.png" \
	'seg-fetch -q --names uuid -d H > /dev/null'
check 'names that differ in case are two, where the file system has both' \
	-i "$(record I.png 1.png; record i.png 2.png)" -o 'H/images/I.png
H/images/i.png' 'seg-fetch -q -d H | jq -r .attributes.image.path'
line=$(record ../../out.png 1.png)
check 'a name leads nowhere else' -i "$line" \
	-o "$(added "$line" H/images/.%2E/.%2E/out.png)" seg-fetch -q -d H
line=$(record /etc/out.png 1.png)
check 'an absolute one neither' -i "$line" \
	-o "$(added "$line" H/images/%2Fetc/out.png)" seg-fetch -q -d H
ok 'so nothing is outside' test -z "$(find . -name '*out.png' ! -path './H/*')"
mkdir elsewhere
rm -rf H/images/sub && ln -s "$PWD/elsewhere" H/images/sub
check 'a symbolic link in DIR is not followed' -s 1 -i "$b" \
	-e "seg-fetch: <stdin>:1: sub/b: Not a directory: $URL/2.png" \
	"seg-fetch -q -d H > /dev/null"
leaves 'so nothing came out there' elsewhere
ln -s "$PWD/elsewhere/x" H/images/c.jpg.png
check 'one in the place of a file gives way' -i "$c" \
	-o "$(added "$c" H/images/c.jpg.png)" seg-fetch -q -d H
leaves 'and nothing came out there, either' elsewhere
sets=$(for set in ground-truth model; do
	record a.png 1.png label.png | sed 's/"release":{}/"release":{"labelset":"'$set'"}/'
done)
check 'each labelset has its own files, the image is one' -i "$sets" \
	-o 'images/a.png labels/a.png.png
images/a.png labels-model/a.png.png' \
	"seg-fetch -q -d L | sed 's/.*path\":\"L.\([^\"]*\)\".*path\":\"L.\([^\"]*\)\".*/\1 \2/'"
check 'a file that two records want at once is asked for once' -o 1 \
	"requests | grep -c '^GET /1.png 200\$' > /dev/null
	for i in 1 2 3 4 5; do record one 1.png; done |
	seg-fetch -q -d M | grep -c . > /dev/null; requests | grep -c /1.png"

# What cannot be fetched at all is said, not passed over.
free_port
down=http://127.0.0.1:$PORT
for n in 1 2 3 4; do
	record "$n" | sed 's,{},{"image":{"url":"'"$down/$n.png"'"}},'
done > down.ndjson
check 'a host that is down is said once, and counted' -s 1 -o 4 \
	-E "seg-fetch: down.ndjson:1: 1: [Ff]ailed to connect*: $down/1.png
seg-fetch: $down cannot be reached: 3 more files failed for that" \
	'seg-fetch -q -j 1 --retries 1 --backoff 0.01 -d D down.ndjson > out
	status=$?; jq -r .error.message out | grep -c "ailed to connect"
	exit $status'
check 'sequences are for seg-frames' -O <(echo '{"name":"s","attributes":{"frames":[{"image":{"url":"http://x/1.png"}}]},"release":{}}'
	echo '{"name":"p","attributes":{"pcd":{"url":"http://x/1.pcd"}},"release":{}}') \
	-i '{"name":"s","attributes":{"frames":[{"image":{"url":"http://x/1.png"}}]},"release":{}}
{"name":"p","attributes":{"pcd":{"url":"http://x/1.pcd"}},"release":{}}' \
	-e 'seg-fetch: sequences, of which nothing is fetched: 1; seg-frames makes images of them
seg-fetch: records without an image to fetch: 1' seg-fetch -q -d D

# Input, beside what programs.t has for all programs.
printf %s "$b" > unended
check 'a last line may lack its newline' -o "$(added "$b" D/images/sub/b.png)" \
	seg-fetch -q -d D unended
check 'a broken line is an error and the rest goes on' -s 2 \
	-O <(echo '{"error":{"program":"seg-fetch","message":"byte 6 of the line: unexpected end of text"}}'
		added "$b" D/images/sub/b.png) \
	-i "{\"a\":
$b" -E 'seg-fetch: <stdin>:1: byte 6 of the line: *' seg-fetch -q -d D
check '--max-record refuses a longer one' -s 2 -i "$a" \
	-o '{"error":{"program":"seg-fetch","message":"input cannot be read"}}' \
	-e "seg-fetch: <stdin>:1: record is longer than 100 bytes" \
	seg-fetch -q -d D --max-record 100
check 'several operands are read in turn' -O <(cat fetched fetched) \
	seg-fetch -q --refresh -d D records records
check 'a name that is no UTF-8 cannot go into a record' -s 2 -E '*UTF-8*' \
	"seg-fetch -d \$'\\377' records"

# A body that does not fit in memory goes to its file as it comes.
{
	cat web/1.png
	head -c 3000000 /dev/zero
} > web/large.png
line=$(record large 'large.png')
check 'a large file' -i "$line" -o "$(added "$line" D/images/large.png)" \
	seg-fetch -q -d D
ok 'is what the server sent' cmp web/large.png D/images/large.png
check '--max-size refuses it' -s 1 -i "$line" \
	-e "seg-fetch: <stdin>:1: large: larger than the size limit: $URL/large.png" \
	'seg-fetch -q -d N --max-size 1M > /dev/null'
leaves 'and keeps nothing of it' N manifest.ndjson

# The rate is shared out among the transfers that run; no less time than this.
slowly()
{
	local from=$EPOCHREALTIME
	seg-fetch -q -d R --limit-rate 1M <<< "$line" > /dev/null || return
	awk -v from="$from" -v to="$EPOCHREALTIME" \
		'BEGIN { exit !(to - from > 1.5) }'
}
ok "--limit-rate takes its time" slowly
ok 'and changes nothing' cmp web/large.png R/images/large.png

# Signals.
interrupt()
{
	local pid tries=0
	{ echo "$a"; sleep 10; } | seg-fetch -q -d I &
	pid=$!
	until [ "$(grep -c . I/manifest.ndjson 2> /dev/null)" = 2 ]; do
		[ $((tries += 1)) -lt 500 ] || break
		sleep 0.02
	done
	kill -INT "$pid"
	wait "$pid"
}
check 'SIGINT ends it with 130, finished records are written' -s 130 \
	-o "$(added "$a" I/images/a.png I/labels/a.png.png)
{\"error\":{\"program\":\"seg-fetch\",\"message\":\"ended before its input did\"}}" \
	interrupt
check 'a rate of 0 is none' -s 2 -E 'seg-fetch: --limit-rate: not a size *: 0
usage: *' seg-fetch -d D --limit-rate 0
check 'few descriptors mean fewer transfers, not failure' -O fetched \
	'ulimit -n 40; seg-fetch -q -j 100 --refresh -d D newer | sed s,2.png,1.png, |
	sed "2s,1.png,2.png,"'

done_testing
