#!/usr/bin/env bash
# seg-fetch against a server that misbehaves: every answer becomes a whole
# file or an error, within a bounded time, and leaves nothing else.

. "${0%/*}/lib.sh"

need perl
serve_perl hostile.pl server
HOST=127.0.0.1:$PORT

# record PATH [URL]: a record whose image is at that path of the server.
record()
{
	printf '{"name":"%s","attributes":{"image":{"url":"%s"}},"release":{}}' \
		"$1" "${2-http://$HOST/$1}"
}

# Records through seg-fetch, which does not wait long between tries.
fetch()
{
	bounded 100 seg-fetch -q -d D --backoff 0.01 --retries 2 --timeout 20 \
		"$@"
}

# asked_and_left NAME TIMES [FILE ...]: how often the server was asked, and
# what is in D besides the manifest; both are for a new start then.
asked_and_left()
{
	local name=$1 times=$2
	shift 2
	[ "$times" -eq 0 ] || seq "$times" | sed 's/.*/x/' > "$scratch/out"
	[ "$times" -ne 0 ] || : > "$scratch/out"
	touch server/log
	ok "$name: asked $times times" \
		diff "$scratch/out" <(sed 's/.*/x/' server/log)
	leaves "$name: leaves no more" D manifest.ndjson "$@"
	rm -rf D server/log
}

# gives PATH NAME [option ...]: the file comes, in one try unless TIMES says.
gives()
{
	local path=$1 name=$2 line
	shift 2
	line=$(record "$path")
	check "$name" -i "$line" \
		-o "$(at_path "$line" "D/images/$path")" fetch "$@"
	asked_and_left "$path" "${TIMES-1}" "images/$path"
}

# fails PATH TIMES MESSAGE NAME [option ...]: it ends in an error, which is
# said and travels in the record.
fails()
{
	local path=$1 times=$2 message=$3 name=$4 line json
	shift 4
	line=$(record "$path")
	json=${message//\\/\\\\}
	json=${json//\"/\\\"}
	check "$name" -s 1 -i "$line" \
		-e "seg-fetch: <stdin>:1: $path: $message: http://$HOST/$path" \
		-o "${line%\}},\"error\":{\"program\":\"seg-fetch\",\"message\":\"$json\",\"url\":\"http://$HOST/$path\"}}" \
		fetch "$@"
	asked_and_left "$path" "$times"
}

# refuses URL MESSAGE NAME [option ...]: nobody is asked for such a URL.
refuses()
{
	local url=$1 message=$2 name=$3 line
	shift 3
	line=$(record x.png "$url")
	check "$name" -s 1 -i "$line" \
		-e "seg-fetch: <stdin>:1: x.png: $message: $url" \
		-o "${line%\}},\"error\":{\"program\":\"seg-fetch\",\"message\":\"$message\",\"url\":\"$url\"}}" \
		fetch "$@"
	asked_and_left "$url" 0
}

# Whole files, however they are sent.
gives ok.png 'a PNG of stated length'
gives ok.jpg 'a JPEG'
gives ok.gif 'a GIF, whose end cannot be told, of stated length'
gives chunked.png 'a PNG in chunks of a byte'
gives chunked.gif 'a GIF in chunks'
gives close.png 'a PNG that ends with the connection'
gives trailing.png 'a PNG with something behind it'
gives continue.png 'a PNG after twenty interim answers'
gives aws-chunked.png 'an encoding that changes nothing'
gives gzip.png 'a coding that is not there'
gives brotli.png 'one that is not understood, and not there'
gives gzipped.png 'gzip'
gives gzipped.gif 'two streams of gzip'
gives deflated.png 'zlib'
gives gzipped-chunked.png 'gzip a byte at a time'
TIMES=2 gives gzipped-again.png 'gzip that was cut is taken from its beginning'
TIMES=2 gives drop-once.png 'a connection that was dropped is tried again'
TIMES=2 gives cut-once.png 'a body that was cut is replaced by the whole one'
TIMES=3 gives again.png 'an overloaded server is asked again'
TIMES=2 gives wait.png 'after the time it asks for' --backoff 0

# A large file that was cut is gone on with, if it is still the same one.
TIMES=2 gives resume.png 'the rest of a file is asked for'
TIMES=2 gives resume-new.png 'another file is taken from its beginning'
TIMES=2 gives resume-weak.png 'a weak ETag does not tell which file it is'
TIMES=3 gives resume-lie.png 'another part than the rest is refused'
TIMES=3 gives resume-gone.png 'a file that is shorter now is asked for anew'
for name in '' -new -weak -lie -gone; do
	rm -f server/count-*
	record resume$name.png | fetch -j 1 > /dev/null
	check "it is what the server has, resume$name" -o 3000000 \
		"wc -c < D/images/resume$name.png"
	[ -n "$name" ] || check 'asked for by its end and ETag' \
		-o 'resume.png
resume.png bytes=2000000- "v1"' cat server/log
	rm -rf D server/log
done

# An image whose end cannot be told has no more to show that it is whole than
# what the answers say. rest NAME RANGES: what the server was asked for.
rest()
{
	local name=$1 ranges=$2
	rm -f server/count-*
	record "$name" | fetch > /dev/null
	check "$name: it is what the server has" -o 3000000 \
		"wc -c < D/images/$name"
	check "$name: and was asked for so" -o "$ranges" \
		"sed 's/[^ ]* *//; s/-.*//; s/^\$/all/' server/log | paste -sd' '"
	rm -rf D server/log
}
rest rest-in-parts.gif 'all bytes=2000000 bytes=2500000'
rest rest-shrunk.gif 'all bytes=2000000 all'
rest rest-long.gif 'all bytes=2000000 all'
rest rest-unsaid.gif 'all bytes=2000000'
rest rest-other.gif 'all bytes=2000000 all'
rest rest-empty.gif 'all bytes=2000000 all'
rest rest-silence.gif 'all bytes=2000000 bytes=2000000'
rest rest-overload.gif 'all bytes=2000000 bytes=2000000'
for i in 0 1 2 3 4 5 6 7 8 9 10 11 12; do
	rest no-range-$i.gif 'all bytes=2000000 all'
done

# Bodies that are not all there, or more than that.
fails cut-length 3 'transfer closed with 50 bytes remaining to read' \
	'fewer bytes than stated'
fails cut-chunked 3 \
	'transfer closed with outstanding read data remaining' \
	'a chunk short'
fails cut-close.png 3 'PNG is cut short' 'a PNG cut with the connection'
fails cut-close.gif 1 \
	'no telling whether it is whole: neither a length nor an end' \
	'a GIF that ends with the connection may have been cut'
fails cut-reset 3 'recv failure: Connection reset by peer' \
	'a connection that is reset'
fails short-length.png 3 'PNG is cut short' 'fewer bytes stated than sent'
fails empty 3 'empty file' 'nothing'
fails no-iend.png 3 'PNG is cut short' 'a PNG without its end'
fails bad-crc.png 3 'PNG has a wrong checksum' 'a PNG with a byte changed'
fails no-eoi-close.jpg 3 'JPEG is cut short' \
	'a JPEG without its end, perhaps cut'
fails no-data.jpg 3 'JPEG is cut short' 'a JPEG without its data'
line=$(record no-eoi.jpg)
check 'a JPEG without its end marker, of the length stated' -i "$line" \
	-o "$(at_path "$line" "D/images/no-eoi.jpg")" \
	-e 'seg-fetch: <stdin>:1: no-eoi.jpg: JPEG lacks its end marker; it is as long as the server says' \
	fetch
asked_and_left no-eoi.jpg 1 images/no-eoi.jpg
fails cut.webp 3 'WebP is cut short' 'a WebP without its end'
fails endless 1 'larger than the size limit' 'a body without end' \
	--max-size 1M
fails endless-404 1 'HTTP status 404' 'an error page without end'
fails huge-length 1 'larger than the size limit' 'a length of 100 GB'

# What is no file, or not the one asked for.
fails html 1 'not an image, begins with <!DOCTYPE html><html><body>Please log in</body></html>' \
	'a page called an image'
fails xml 1 'not an image, begins with <?xml version="1.0"?>\x0a<Error>\x1b[31m</Error>' \
	'a message with an escape in it'
fails brotli 1 'not an image, begins with \x8b\x1f\x80brotli, not image, content encoding br' \
	'a coding that is not understood'
fails gzipped-cut.gif 3 'gzip of the body is cut short' 'gzip that is cut'
fails gzipped-broken.gif 1 'gzip of the body is broken' 'broken gzip'
fails gzip-bomb 1 'larger than the size limit' 'gzip of what is too large' \
	--max-size 1M
fails part.png 1 'part of a file, not asked for' 'part of a file'
fails not-asked 1 'HTTP status 304' '"unchanged" without a condition'
label='{"name":"a","label":{"attributes":{"segmentation_bitmap":{"url":"http://'$HOST'/ok.jpg"}}},"release":{}}'
check 'a JPEG is no label bitmap' -s 1 -i "$label" -E '*: is JPEG, not a PNG*' \
	"fetch > /dev/null"
asked_and_left ok.jpg 1

# Time: a try ends after so many seconds without progress.
fails stall 1 "operation too slow. Less than 1000 bytes/sec transferred the last 1 seconds" \
	'a body that stops' --timeout 1 --retries 0
fails trickle 1 "operation too slow. Less than 1000 bytes/sec transferred the last 1 seconds" \
	'a body a byte at a time' --timeout 1 --retries 0
fails silence 1 "operation too slow. Less than 1000 bytes/sec transferred the last 1 seconds" \
	'a server that says nothing' --timeout 1 --retries 0
fails trickle-header 1 "operation too slow. Less than 1000 bytes/sec transferred the last 1 seconds" \
	'a header a line at a time' --timeout 1 --retries 0

# The protocol.
check 'headers without end' -s 1 -i "$(record header-flood)" \
	-E '*: too large response headers: * > 307200: *' 'fetch > /dev/null'
asked_and_left header-flood 3
fails http09 1 'received HTTP/0.9 when not allowed' 'an answer of 1991'
fails garbage 1 'received HTTP/0.9 when not allowed' 'an answer of garbage'
fails two-lengths 3 'PNG is cut short' 'two lengths'
fails bad-length 1 'invalid Content-Length: value' 'a length below zero'
fails drop 3 'empty reply from server' 'no answer'

# Statuses: what will not pass is not asked again.
for status in 400 401 402 403 404 405 406 410 418 451 501 505; do
	fails status-$status 1 "HTTP status $status" "status $status"
done
for status in 204 205 226 300; do
	fails status-$status 1 "HTTP status $status" "status $status"
done
for status in 408 425 429 500 502 503 504 522; do
	fails status-$status 3 "HTTP status $status" \
		"status $status is tried again"
done
fails status-503 1 'HTTP status 503' 'no retries, no second try' --retries 0
fails wait-long 1 'HTTP status 429, come back in 4000 s' \
	'a server that wants an hour is not waited for'
fails expired 1 'signed URL has expired: HTTP status 403 (AccessDenied)' \
	'a signature that has expired is told apart'
fails denied 1 'HTTP status 403 (AccessDenied)' "the server's own reason"

# How many at once.
for n in 1 2 3 4 5 6; do
	record alone$n.png "http://$HOST/alone.png?$n"
	echo
done > several
check '--per-host limits the transfers from one host' -o 6 \
	'fetch --per-host 1 several | grep -c path'
rm -rf D server/log
check '-j those from all' -o 6 'fetch -j 1 several | grep -c path'
rm -rf D server/log

# Redirects.
line=$(record hop-5)
check 'five redirects are followed' -i "$line" \
	-o "$(at_path "$line" "D/images/hop-5")" fetch
asked_and_left hop-5 6 images/hop-5
fails hop-6 6 'more than 5 redirects' 'six are not'
fails loop 6 'more than 5 redirects' 'a loop'
fails nowhere 1 'redirect without a target' 'a redirect to nowhere'
fails to-file 1 'scheme not allowed: file' 'a redirect to a file'
fails to-ftp 1 'scheme not allowed: ftp' 'a redirect to FTP'
fails to-gopher 1 'scheme not allowed: gopher' 'a redirect to Gopher'
fails to-s3 1 'scheme not allowed: s3' 'a redirect to S3'
fails to-user 1 'user name in a URL' 'a redirect with a password'
fails to-metadata 1 'link-local address refused: 169.254.169.254' \
	'a redirect to the metadata service'
fails to-mapped 1 'link-local address refused: ::ffff:169.254.169.254' \
	'in the guise of IPv6'
line=$(record to-relative)
check 'a relative redirect' -i "$line" \
	-o "$(at_path "$line" "D/images/to-relative")" fetch
asked_and_left to-relative 2 images/to-relative

# URLs that nobody is asked for.
refuses ftp://$HOST/ok.png 'scheme not allowed: ftp' 'FTP'
refuses file:///etc/passwd 'scheme not allowed: file' 'a file'
refuses gopher://$HOST/x 'scheme not allowed: gopher' 'Gopher'
refuses dict://$HOST/x 'scheme not allowed: dict' 'DICT'
refuses javascript:alert \
	'not a URL; for one that is relative use --base' 'JavaScript'
refuses ./images/8.jpg \
	'not a URL; for one that is relative use --base' 'a relative URL'
refuses //$HOST/ok.png \
	'not a URL; for one that is relative use --base' 'a URL without a scheme'
refuses http://user:word@$HOST/ok.png 'user name in a URL' 'a password'
refuses http://169.254.169.254/latest/meta-data/ \
	'link-local address refused: 169.254.169.254' 'cloud metadata'
refuses http://0xa9fea9fe/x 'link-local address refused: 169.254.169.254' \
	'in hexadecimal'
refuses http://2852039166/x 'link-local address refused: 169.254.169.254' \
	'in decimal'
refuses http://0251.0376.0251.0376/x \
	'link-local address refused: 169.254.169.254' 'in octal'
refuses http://$HOST/ok.png 'loopback address refused: 127.0.0.1' \
	'this machine, with --public-only' --public-only
check 'a control character in a URL is refused and shown escaped' -s 1 \
	-i "$(record x.png "http://$HOST/a\\r\\nX: y")" -E \
	"seg-fetch: <stdin>:1: x.png: control character in a URL: http://$HOST/a\\\\x0d\\\\x0aX: y" \
	'fetch > /dev/null'
asked_and_left 'a control character' 0
check 'a URL of 100 KB is refused' -s 1 -E '*: URL is too long: http://*00...' \
	"record x.png http://$HOST/\$(printf %0100000d 1) | fetch > /dev/null"
asked_and_left 'a long URL' 0
line=$(record 'two words' "http://$HOST/two words.png?é")
check 'spaces and letters of a path are encoded' -s 1 -i "$line" \
	-E '*: HTTP status 404: *' 'fetch > /dev/null'
check 'and asked for so' -o 'two%20words.png?%C3%A9' cat server/log
rm -rf D server/log

# Cookies are not kept, what follows an answer is not taken for the next one.
check 'cookies and surplus answers are dropped' \
	-I <(record cookie.png; echo; record extra.png; echo; record ok.png) \
	-O <(for name in cookie extra ok; do
		line=$(record $name.png)
		at_path "$line" "D/images/$name.png"
	done) fetch -j 1
check 'so the server sees none' -o 'cookie.png
extra.png
ok.png' sort -u server/log
ok 'each file is what was asked for' cmp D/images/extra.png D/images/ok.png
rm -rf D server/log

# --refresh: the server says whether the file is still the same.
line=$(record unchanged.png)
out=$(at_path "$line" "D/images/unchanged.png")
check 'a file to be refreshed' -i "$line" -o "$out" fetch
check 'is kept where it has not changed' -i "$line" -o "$out" fetch --refresh
check 'the server is asked with the ETag' -o 'unchanged.png
unchanged.png "v1"' cat server/log
rm -rf D server/log
for i in {1..40}; do
	record "$i.gif" "http://$HOST/recanted.gif?$i"
	echo
done > recanted
fetch recanted > recanted.first
check 'files that begin to come, and have not changed' -O recanted.first \
	'(ulimit -n 40; fetch --refresh recanted)'
ok 'each is left as it was' bash -c 'cmp D/images/1.gif D/images/40.gif &&
	[ "$(wc -c < D/images/1.gif)" = 107 ]'
leaves 'and nothing else is' D manifest.ndjson images/{1..40}.gif
check 'all were asked twice more' -o 120 'wc -l < server/log'
rm -rf D server/log
line=$(record changed.png)
out=$(at_path "$line" "D/images/changed.png")
check 'another file to be refreshed' -i "$line" -o "$out" fetch
check 'is replaced where it has changed' -i "$line" -o "$out" fetch --refresh
check 'by what the server has now' -o new tail -n 1 D/images/changed.png
check 'and the manifest knows it' -i "$line" -o "$out" fetch --verify
asked_and_left changed.png 2 images/changed.png

# Credentials go to the host they are for, and to no other.
printf 'http://%s\nAuthorization: Bearer s3cret\n' "$HOST" > headers
gives secret.png 'a header of --header-file' --header-file headers
check 'is not sent elsewhere by a redirect' -s 1 \
	-i "$(record to-localhost)" -E '*: HTTP status 401: *' \
	'fetch --header-file headers > /dev/null'
check 'not even to another name of the host' -o 'to-localhost Bearer s3cret
secret.png' cat server/log
rm -rf D server/log
check 'a header that is for no host is refused' -s 2 \
	-e 'seg-fetch: bare:1: header without a URL before it' \
	"echo 'Authorization: x' > bare; seg-fetch --header-file bare -d D"
fails secret.png 1 'HTTP status 401' \
	'no password is made up for who asks for one'
printf 'machine 127.0.0.1 login me password word\n' > .netrc
check '--netrc sends the password of that host' -s 1 \
	-i "$(record secret.png)" -E '*: HTTP status 401: *' \
	'HOME=$PWD fetch --netrc > /dev/null'
check 'as the server sees' -o "secret.png Basic $(printf me:word | base64)" \
	cat server/log
rm -rf D server/log

# s3:// is signed with the variables' key, gs:// carries the variable's token.
s3()
{
	env AWS_ACCESS_KEY_ID=AKIDEXAMPLE \
		AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY \
		AWS_REGION=eu-west-2 "$@"
}
for key in a.png 'deep/er/a b+c.png' "~(1)!'*&=?#%41;:@,\$é.png" '//a/../b.png'; do
	line=$(record x.png "s3://private/$key")
	check "s3://private/$key is signed" -i "$line" \
		-o "$(at_path "$line" "D/images/x.png")" \
		s3 seg-fetch -q -d D --refresh --s3-endpoint "http://$HOST"
	rm -rf D
done
for how in moved malformed; do
	line=$(record x.png "s3://far/$how.png")
	check "a bucket of another region is asked there: $how" -i "$line" \
		-o "$(at_path "$line" "D/images/x.png")" \
		s3 seg-fetch -q -d D --refresh --s3-endpoint "http://$HOST"
	rm -rf D
done
check 'if its name is one' -s 1 -i "$(record x.png s3://far/nowhere.png)" \
	-E '*: redirect without a target: s3://far/nowhere.png' \
	"s3 seg-fetch -q -d D --s3-endpoint http://$HOST > /dev/null"
line=$(record x.png s3://private/a.png)
check 'a session has its token signed, too' -i "$line" \
	-o "$(at_path "$line" "D/images/x.png")" \
	s3 env AWS_SESSION_TOKEN=t0ken AWS_ENDPOINT_URL_S3="http://$HOST/" \
	seg-fetch -q -d D
check 'a wrong key is told apart' -s 1 -i "$line" \
	-E '*: HTTP status 403 (SignatureDoesNotMatch): s3://private/a.png' \
	"s3 env AWS_SECRET_ACCESS_KEY=x seg-fetch -q -d E \
	--s3-endpoint http://$HOST > /dev/null"
check 'without a key the object is asked as public' -s 1 -i "$line" \
	-E '*: HTTP status 403 (NoSignature): s3://private/a.png' \
	"seg-fetch -q -d E --s3-endpoint http://$HOST > /dev/null"
rm -rf D
line=$(record x.png 'gs://google/a b.png')
check 'gs:// has the token' -i "$line" \
	-o "$(at_path "$line" "D/images/x.png")" \
	env STORAGE_EMULATOR_HOST="http://$HOST" \
	GOOGLE_OAUTH_ACCESS_TOKEN=g00gle seg-fetch -q -d D
for bucket in '' ab 'evil.com@x' 'a/' 'a b' 'x?y'; do
	check "s3://$bucket/key has no bucket" -s 1 \
		-i "$(record x.png "s3://$bucket/key")" -E '*bucket*' \
		"seg-fetch -q -d E --s3-endpoint http://$HOST > /dev/null"
done

done_testing
