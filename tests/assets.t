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
	printf '{"index":0,"name":"%s","attributes":{},"label":{"attributes":{"annotations":[{"id":1,"category_id":1},{"id":2,"category_id":1}],"segmentation_bitmap":%s}}}\n' \
		"${2-a.png}" "$1"
}

# areas: those of the annotations of each record on stdin, or its error.
areas()
{
	jq -r 'if .error then .error.message else
		[.label.attributes.annotations[].area] | join(" ") end'
}

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
