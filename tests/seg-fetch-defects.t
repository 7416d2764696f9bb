#!/usr/bin/env bash
# What the vendor's exporter gets wrong in downloads, by the numbers of our list
# of its defects, and what we do.

. "${0%/*}/lib.sh"
need perl jq

serve_perl hostile.pl server
HOST=127.0.0.1:$PORT

# sample NAME URL [BITMAP]: as in a release; its one object is the pixel that the
# PNGs of the server have.
sample()
{
	local bitmap=null
	[ -z "${3-}" ] || bitmap='{"url":"'$3'"}'
	printf '{"name":"%s","metadata":{},"attributes":{"image":{"url":"%s"}},' \
		"$1" "$2"
	printf '"labels":{"ground-truth":{"label_status":"LABELED","attributes":{'
	printf '"annotations":[{"id":197121,"category_id":1}],"segmentation_bitmap":%s}}}}' \
		"$bitmap"
}

# release SAMPLE ...: into r.json.
release()
{
	local IFS=,
	printf '{"name":"v1","dataset":{"name":"ds","task_type":"segmentation-bitmap","task_attributes":{"categories":[{"id":1,"name":"a"}]},"labelsets":[{"name":"ground-truth"}],"samples":[%s]}}\n' \
		"$*" > r.json
}

# fetch [option ...]: the images of r.json into D, without waiting long between
# tries; tells which came, and what the others have for an error.
fetch()
{
	local status
	seg-samples -q r.json |
		bounded 100 seg-fetch -q -d D --only images --backoff 0.01 \
			--retries 2 "$@" > fetched 2> messages
	status=$?
	jq -r '"\(.name): \(.error.message // .attributes.image.path)"' fetched
	return $status
}

# asked: what the server was asked for since.
asked()
{
	cat server/log
	rm -f server/log
}

release "$(sample gone.png "http://$HOST/status-404")" \
	"$(sample a.png "http://$HOST/ok.png")" \
	"$(sample denied.png "http://$HOST/denied")" \
	"$(sample b.jpg "http://$HOST/ok.jpg")"
check 'D10: to read a release asks for nothing' -o 4 \
	'seg-samples -q r.json | wc -l; test ! -e server/log'
check 'D10: what cannot be had fails alone' -s 1 -o 'gone.png: HTTP status 404
a.png: D/images/a.png
denied.png: HTTP status 403 (AccessDenied)
b.jpg: D/images/b.jpg' fetch
leaves 'D11: the page of an error is no image' D manifest.ndjson \
	images/a.png images/b.jpg
release "$(sample page.png "http://$HOST/html")" \
	"$(sample text.png "http://$HOST/xml")"
check 'D11: not even one that is served as an image, with status 200' -s 1 \
	-o 'page.png: not an image, begins with <!DOCTYPE html><html><body>Please log in</body></html>
text.png: not an image, begins with <?xml version="1.0"?>\x0a<Error>\x1b[31m</Error>' \
	fetch
leaves 'D11: and none is left' D manifest.ndjson images/a.png images/b.jpg
asked > /dev/null

release "$(sample busy.png "http://$HOST/again.png")"
check 'D12: a server that is overloaded is asked again' \
	-o 'busy.png: D/images/busy.png' fetch
check 'D12: as often as it takes' -o 'again.png
again.png
again.png' asked
release "$(sample cut.png "http://$HOST/cut-once.png")"
check 'D12: and so is one whose answer was cut' \
	-o 'cut.png: D/images/cut.png' fetch
release "$(sample mute.png "http://$HOST/silence")"
check 'D12: one that says nothing is not waited for without end' -s 1 \
	-o 'mute.png: operation too slow. Less than 1000 bytes/sec transferred the last 1 seconds' \
	fetch --timeout 1 --retries 0
asked > /dev/null

# The bytes of a JPEG that no program would write again as they are.
mkdir web
{
	printf '\377\330\377\341\0\26Exif\0\0and what it says'
	printf '\377\332\0\4\1\2\22\377\0\064\126\377\331 and more behind its end'
} > web/photo
cp web/photo web/photo.xyz
serve web
release "$(sample photo "$URL/photo")" "$(sample photo2 "$URL/photo.xyz")"
check 'D13: a URL need not end like an image' -o 'photo: D/images/photo
photo2: D/images/photo2' fetch
ok 'D13: what lies there are the bytes that were sent' \
	cmp web/photo D/images/photo
ok 'D13: all of them' cmp web/photo D/images/photo2

# A run that is killed while a file comes, two of three megabytes being there.
rm -rf D
killed()
{
	local pid
	seg-samples -q r.json > records
	seg-fetch -q -d D --only images records > /dev/null &
	pid=$!
	until grep -qs 'sent' server/log; do
		kill -0 "$pid" || return
		sleep 0.02
	done
	kill -KILL "$pid"
	wait "$pid" 2> /dev/null
	rm -f server/log
	return 0
}
release "$(sample slow.png "http://$HOST/half-way.png")"
ok 'D14: a run is killed' killed
leaves 'D14: half a file has no name' D manifest.ndjson
mkdir -p D/images
printf '\211PNG\r\n\032\n' > D/images/a.png
release "$(sample a.png "http://$HOST/ok.png")"
check 'D14: a file is not trusted because it exists' \
	-o 'a.png: D/images/a.png' fetch
check 'D14: it is asked for' -o ok.png asked
check 'D14: and whole then' -o 70 'wc -c < D/images/a.png'

release "$(sample large.png "http://$HOST/resume.png")"
check 'D15: a file that was cut' -o 'large.png: D/images/large.png' fetch
check 'D15: is gone on with, if its ETag is the same' -o 'resume.png
resume.png bytes=2000000- "v1"' asked
check 'D15: its digest is kept' \
	-o "$(sha256sum D/images/large.png | cut -d ' ' -f 1)" \
	'jq -r "select(.path == \"images/large.png\") | .sha256" D/manifest.ndjson'
printf y | dd of=D/images/large.png bs=1 seek=999 conv=notrunc 2> /dev/null
check 'D15: and tells a byte that has changed' \
	-o 'large.png: D/images/large.png' fetch --verify
check 'D15: so that the file is asked for' -o 'resume.png' asked
release "$(sample same.png "http://$HOST/unchanged.png")"
check 'D15: one with an ETag' -o 'same.png: D/images/same.png' fetch
check 'D15: --refresh asks whether a file has changed' \
	-o 'same.png: D/images/same.png' fetch --refresh
check 'D15: by its ETag' -o 'unchanged.png
unchanged.png "v1"' asked
check 'D15: and a later run asks for nothing' -o 'same.png: D/images/same.png' \
	fetch
ok 'D15: of what is there' test ! -e server/log

# Buckets that are nobody's but the key's.
export AWS_ACCESS_KEY_ID=AKIDEXAMPLE AWS_REGION=eu-west-2
export AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY
export AWS_ENDPOINT_URL_S3=http://$HOST STORAGE_EMULATOR_HOST=http://$HOST
export GOOGLE_OAUTH_ACCESS_TOKEN=g00gle
rm -rf D
release "$(sample a.png s3://private/a.png s3://private/label.png)" \
	"$(sample b.png gs://google/b.png gs://google/label.png)"
read_labels()
{
	seg-decode -q "$@" | jq -c '[.name,
		.label.attributes.annotations[0].area, .error.message]'
}
labels='["a.png",1,null]
["b.png",1,null]'
check 'D16: labels that were not fetched are read' -o "$labels" \
	'seg-samples -q r.json | read_labels'
check 'D17: s3:// and gs:// are fetched' \
	-o 'a.png: D/images/a.png
b.png: D/images/b.png' fetch
check 'D19: label bitmaps as images are, with the same key' -o 'D/labels/a.png.png
D/labels/b.png.png' 'seg-samples -q r.json | seg-fetch -q -d D > both &&
	jq -r .label.attributes.segmentation_bitmap.path both'
check 'D16: and read alike once they are there' -o "$labels" \
	'read_labels --offline both'
asked > /dev/null
mkdir -p web/bucket/deep
cp web/photo web/bucket/deep/key.jpg
release "$(sample path.jpg "$URL/bucket/deep/key.jpg")" \
	"$(sample dots.png s3://private/d.o.t.s/a.png)"
check 'D18: a bucket need not stand in the name of the host' \
	-o 'path.jpg: D/images/path.jpg
dots.png: D/images/dots.png' fetch
release "$(sample none.png s3://UPPER_case/a.png)" \
	"$(sample nokey.png s3://private)" "$(sample c.png s3://private/c.png)"
release "$(sample nokey.png s3://private)" \
	"$(sample c.png s3://private/c.png)"
check 'D18: what names no object is said, and the others go on' -s 1 \
	-o 'nokey.png: neither bucket nor key
c.png: D/images/c.png' fetch

done_testing
