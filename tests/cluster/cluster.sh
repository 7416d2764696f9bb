# What the tests of seg-cluster(7) share. They run what the page shows, as it
# stands there, on engines that make engines and make deps-cluster install.
# shellcheck shell=bash

. "${BASH_SOURCE[0]%/*}/../lib.sh"

ENGINES=$ROOT/build/engines
PATH=$PATH:/usr/sbin:$ENGINES/bin
PAGE=$ROOT/man/seg-cluster.7

# engine PROGRAM ...: what this file's tests need. Nothing is skipped where
# SEGTOOLS_ENGINES is "required".
engine()
{
	local program
	for program; do
		! command -v "$program" > /dev/null || continue
		[ "${SEGTOOLS_ENGINES-}" != required ] ||
			{ echo "Bail out! no $program" && exit 1; }
		skip_all "no $program: make deps-cluster engines installs it"
	done
}

# recipe NAME: what the page shows after the comment `Recipe NAME`.
recipe()
{
	awk -v name="$1" '
	/^\.\\" Recipe / { on = $3 == name }
	on && /^\.Bd/ { inside = 1; next }
	/^\.Ed/ { inside = on = 0 }
	inside { gsub(/\\e/, "\\"); gsub(/\\&/, ""); print }
	' "$PAGE"
}

# run_recipe NAME ...: types them in, behind what the page begins with, where
# this directory is the one that all machines share.
run_recipe()
{
	local name
	recipe begin | sed "s,/shared,$PWD," > "$scratch/recipe"
	for name; do
		recipe "$name" > "$scratch/part"
		[ -s "$scratch/part" ] || { echo "no recipe $name" && return 9; }
		cat "$scratch/part" >> "$scratch/recipe"
	done
	bounded 150 bash -eu "$scratch/recipe"
}

uuid()
{
	printf '00000000-0000-4000-8000-%012d' "$1"
}

# shape N: two discs, which stand elsewhere for another N.
shape()
{
	awk -v n="$1" 'function disc(x, y, r) {
		return x * x + y * y < r * r
	}
	BEGIN {
		for (y = 0; y < 24; y++) {
			for (x = 0; x < 32; x++)
				printf("%s ", disc(x - 8 - n, y - 9, 7) ? 1 : \
					disc(x - 22, y - 6 - n, 6) ? 2 : ".")
			print ""
		}
	}'
}

# release N URL: N samples on one line; their label bitmaps are URL/0.png, ...
release()
{
	local n
	printf '{"name":"v1","dataset":{"name":"shapes","task_type":'
	printf '"segmentation-bitmap","task_attributes":{"categories":'
	printf '[{"id":1,"name":"disc"},{"id":2,"name":"coin"}]},'
	printf '"labelsets":[{"name":"ground-truth"}],"samples":['
	for ((n = 0; n < $1; n++)); do
		[ $n -eq 0 ] || printf ,
		printf '{"uuid":"%s","name":"%d.png","attributes":' \
			"$(uuid $n)" $n
		printf '{"image":{"url":"%s/image%d.png"}},' "$2" $n
		printf '"labels":{"ground-truth":{"label_status":"REVIEWED",'
		printf '"attributes":{"annotations":[{"id":1,"category_id":1},'
		printf '{"id":2,"category_id":2}],"segmentation_bitmap":'
		printf '{"url":"%s/%d.png"}}}}}' "$2" $n
	done
	printf ']}}'
}

# bitmaps N [URL]: a release of N samples in release.json, whose label bitmaps are
# at URL and in segments/, as seg-fetch leaves them. What one machine makes of
# it is in one/: records.ndjson, decoded.ndjson, coco.json.
bitmaps()
{
	local n sum url=${2-http://bitmaps.example}
	mkdir -p segments/labels one
	for n in 0 1 2 3 4 5 6; do
		shape $n | bitmap shape$n.png
		sha256sum shape$n.png > shape$n.sum
	done
	release "$1" "$url" > release.json
	for ((n = 0; n < $1; n++)); do
		ln shape$((n % 7)).png segments/labels/$n.png.png
		read -r sum _ < shape$((n % 7)).sum
		printf '{"path":"labels/%d.png.png","sample":"%s",' $n \
			"$(uuid $n)"
		printf '"url":"%s/%d.png","size":%d,"sha256":"%s"}\n' "$url" \
			$n "$(stat -c %s shape$((n % 7)).png)" "$sum"
	done > segments/manifest.ndjson
	seg-samples -q release.json > one/records.ndjson
	seg-decode -q --offline -d segments one/records.ndjson \
		> one/decoded.ndjson &&
		seg-coco -q -o one/coco.json one/decoded.ndjson
}
