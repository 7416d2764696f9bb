#!/usr/bin/env bash
# Where programs find the files of a record: its path, DIR, the network.

. "${0%/*}/lib.sh"

mkdir web
printf '1 1\n. 2\n' | bitmap web/1.png
printf '2 2\n2 2\n' | bitmap web/2.png
serve web

# label BITMAP [NAME]: a record whose bitmap is this object.
label()
{
	printf '{"index":0,"name":"%s","attributes":{},"label":{"attributes":{"annotations":[{"id":1,"category_id":1},{"id":2,"category_id":1}],"segmentation_bitmap":%s}},"release":{}}\n' \
		"${2-a.png}" "$1"
}

# areas: those of the annotations of each record on stdin, or its error.
areas()
{
	jq -r 'if .error then .error.message else
		[.label.attributes.annotations[].area] | join(" ") end'
}

# A path holds while the manifest says that it came from this URL.
one=$(label '{"url":"'$URL'/1.png"}')
two=$(label '{"url":"'$URL'/2.png"}')
seg-fetch -q -d D <<< "$one" > one.ndjson
check 'a path that holds is read' -I one.ndjson -o '2 1' \
	'seg-decode --offline | areas'
mv one.ndjson moved.ndjson
cp -a D copy && mv D gone
check 'a directory that was moved is found by -d' -I moved.ndjson -o '2 1' \
	'seg-decode --offline -d copy | areas'
check 'without it the cause is said, and where was searched' -s 1 \
	-I moved.ndjson -E "seg-decode: <stdin>:1: a.png: bitmap: D/labels/a.png.png: neither its directory's manifest.ndjson says that it is of its URL, nor has segments a file of it" \
	'seg-decode --offline > out'
check 'the network is asked, and that is said' -I moved.ndjson -o '2 1' \
	-E 'seg-decode: D/labels/a.png.png: neither its directory*; the network is asked' \
	'seg-decode | areas'
mv gone D
seg-fetch -q --refresh -d D <<< "$two" > two.ndjson
check 'a file that gave way to another URL is not taken for it' \
	-I moved.ndjson -o '2 1' -E '*; the network is asked' \
	'seg-decode -d D | areas'
check 'not even if nobody may be asked' -s 1 -I moved.ndjson \
	-E '*D/labels/a.png.png: neither its directory*' \
	'seg-decode --offline -d D > out'
check 'the new one has its path' -I two.ndjson -o ' 4' -E '*' \
	'seg-decode --offline -d D | areas'
check 'an older copy of the directory is found' -I moved.ndjson -o '2 1' \
	'seg-decode --offline -d copy | areas'
cat one.ndjson two.ndjson moved.ndjson 2> /dev/null |
	sed '2s,D/labels,copy/labels,' > joined.ndjson
check 'each path is held to the manifest of its own directory' \
	-I joined.ndjson -o ' 4
2 1' -E '*' 'seg-decode --offline | areas'
rm copy/manifest.ndjson
check 'files without a manifest are named as such' -s 1 -i "$one" \
	-e 'seg-decode: <stdin>:1: a.png: bitmap: copy/labels/a.png.png: is there, but no manifest.ndjson says of which URL' \
	'seg-decode --offline -d copy > out'
check 'a path without a URL has nothing to contradict it' \
	-i "$(label '{"path":"web/1.png"}')" -o '2 1' \
	'seg-decode --offline | areas'
check 'no matter where the manifest came from: it is read on' -i "$one" \
	-o '2 1' 'seg-fetch -q -d fresh | seg-decode --offline -d fresh | areas'
check 'by uuid or by name, the manifest tells where' \
	-i "${one/\{/\{\"uuid\":\"u1\",}" -o '2 1' \
	'tee in | seg-fetch -q --names uuid -d U > /dev/null
	seg-decode --offline -d U in | areas'
ok 'which is where it was put' test -e U/labels/u1.png

# Relative URLs.
below=$(label '{"url":"sub/1.png"}')
mkdir -p web/sub && cp web/1.png web/sub/
check 'a relative URL needs --base' -s 1 -i "$below" \
	-e 'seg-decode: <stdin>:1: a.png: bitmap: sub/1.png: not a URL; for one that is relative use --base' \
	'seg-decode > out'
check '--base of a directory' -i "$below" -o '2 1' \
	'seg-decode --offline --base web | areas'
check '--base of a URL' -i "$below" -o '2 1' \
	"seg-decode --base $URL/ | areas"
check 'in seg-fetch, of a directory: nothing is fetched' -i "$below" \
	-o 'web/sub/1.png' -e 'seg-fetch: 0 fetched (0 B), 1 already there, 0 failed' \
	'seg-fetch --base web -d B | tee below.ndjson |
	jq -r .label.attributes.segmentation_bitmap.path'
check 'later programs read the path' -I below.ndjson -o '2 1' \
	'seg-decode --offline | areas'
check 'in seg-fetch, of a URL' -i "$below" -o 'B/labels/a.png.png' \
	"seg-fetch -q --base $URL/ -d B |
	jq -r .label.attributes.segmentation_bitmap.path"
check 'which is found by it again' -i "$below" -o '2 1' \
	"seg-decode --offline -d B --base $URL/ | areas"
check 'what is not there' -s 1 -i "$(label '{"url":"sub/none.png"}')" \
	-e 'seg-fetch: <stdin>:1: a.png: web/sub/none.png: No such file or directory: sub/none.png' \
	'seg-fetch -q --base web -d B > out'
for url in ../web/1.png /etc/passwd sub/../../web/1.png; do
	check "$url leads out of --base" -s 1 -i "$(label '{"url":"'$url'"}')" \
		-e "seg-decode: <stdin>:1: a.png: bitmap: $url: leads out of --base" \
		'seg-decode --offline --base web > out'
done

# A record may have two URLs.
check 'the second URL is asked when the first is refused' \
	-i "$(label '{"signed_url":"'$URL'/none.png","url":"'$URL'/1.png"}')" \
	-o '2 1' 'seg-decode | areas'
check 'in seg-fetch, too' \
	-i "$(label '{"signed_url":"'$URL'/none.png","url":"'$URL'/1.png"}')" \
	-o 'S/labels/a.png.png' 'seg-fetch -q -d S |
	jq -r .label.attributes.segmentation_bitmap.path'
for program in 'seg-decode' 'seg-fetch -q -d S2'; do
	check "$program: which of them failed is said" -s 1 \
		-i "$(label '{"signed_url":"'$URL'/none.png?X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400","url":"'$URL'/no.png"}')" \
		-E '*signed_url: signed URL expired at 2013-05-25 00:00:00 UTC; url: HTTP status 404*' \
		"$program > out"
done
check 'a space in front of a URL is none of it' \
	-i "$(label '{"url":" '$URL'/1.png\n"}')" -o '2 1' 'seg-decode | areas'
check 'in seg-fetch, too' -i "$(label '{"url":" '$URL'/1.png"}')" \
	-o 'T/labels/a.png.png' 'seg-fetch -q -d T |
	jq -r .label.attributes.segmentation_bitmap.path'
check '--public-only refuses this machine' -s 1 -i "$one" \
	-E '*loopback address refused: 127.0.0.1' 'seg-decode --public-only > out'

# What is no file is not read as one.
mkfifo fifo
ln -s fifo link
for path in fifo link /dev/zero /dev/tty; do
	check "$path is no file" -s 1 -i "$(label '{"path":"'$path'"}')" \
		-o "bitmap: $path: not a regular file" -E '*: not a regular file' \
		'bounded 20 seg-decode --offline | areas; exit "${PIPESTATUS[0]}"'
done
check '/dev/stdin does not take the records' -s 1 -o 3 -E '*' \
	'for i in 1 2 3; do label "{\"path\":\"/dev/stdin\"}"; done |
	bounded 20 seg-decode --offline > got; status=$?; wc -l < got; exit $status'
check 'a directory is none' -s 1 -i "$(label '{"path":"web"}')" \
	-o 'bitmap: web: Is a directory' -E '*' \
	'seg-decode --offline | areas; exit "${PIPESTATUS[0]}"'
check 'a path with a NUL is not read as what is before it' -s 1 \
	-i "$(label '{"path":"web/1.png\u0000x"}')" \
	-o 'bitmap: web/1.png: path has a NUL in it' -E '*' \
	'seg-decode --offline | areas; exit "${PIPESTATUS[0]}"'
mkdir queue && mkfifo queue/manifest.ndjson
for program in seg-fetch 'seg-decode --offline' 'seg-coco --offline'; do
	check "$program: a manifest that is a FIFO" -s 2 \
		-i "$(label '{"path":"web/1.png"}')" \
		-e "${program%% *}: queue/manifest.ndjson: not a regular file" \
		"bounded 20 $program -d queue > /dev/null"
done

done_testing
