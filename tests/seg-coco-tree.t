#!/usr/bin/env bash
# seg-coco -t: parts of a data set with their images, as RF-DETR reads them.

. "${0%/*}/lib.sh"
need jq

mkdir -p images/x
for i in 1 2 3 4 5 6 7 8 9 10 11 12; do
	echo "bytes of $i" > images/$i.png
	echo "bytes of x/$i" > images/x/$i.png
done

# record NAME [MEMBERS]: one whose image is images/NAME.
record()
{
	printf '{"name":"%s","uuid":"u-%s","attributes":{"image":{' "$1" "$1"
	printf '"path":"%s/images/%s","width":40,"height":30}},%s' \
		"$PWD" "$1" "${2-}"
	printf '"label":{"attributes":{"annotations":['
	printf '{"id":7,"category_id":1,"type":"bbox","points":[[1,1],[9,9]]},'
	printf '{"id":9,"category_id":2,"type":"bbox","points":[[1,1],[9,9]]}'
	printf ']}},"release":{"name":"v","dataset":"d","categories":['
	printf '{"id":1,"name":"a"},{"id":2,"name":"b"},{"id":3,"name":"c"}]}}\n'
}
for i in 1 2 3 4 5 6 7 8 9 10 11 12; do
	record $i.png "\"metadata\":{\"scene\":\"s$((i % 3))\"},"
	record x/$i.png '"metadata":{"scene":"x"},'
done > all.ndjson

# Says what of a tree is not as it should be.
sound()
{
	local json
	for json in "$@"; do
		cococheck "$json" || return
		jq -r '.images[].file_name' "$json" | while IFS= read -r name; do
			[ -f "${json%/*}/$name" ] || echo "no $name"
		done
	done
}

parts=train:0.5,valid:0.3,test:0.2
check 'a tree of parts' -I all.ndjson seg-coco -t tree --split $parts
check 'of which each is sound, with its images beside' \
	sound tree/{train,valid,test}/_annotations.coco.json
check 'which together are all' -o '[24,48]' \
	"jq -sc '[([.[].images[]] | length), ([.[].annotations[]] | length)]' \
	tree/*/_annotations.coco.json"
check 'ids are unique over the parts' -o '[24,48]' \
	"jq -sc '[([.[].images[].id] | unique | length),
		([.[].annotations[].id] | unique | length)]' \
	tree/*/_annotations.coco.json"
check 'all have the same categories' -o 1 \
	"jq -sc '[.[].categories] | unique | length' \
	tree/*/_annotations.coco.json"
for part in train valid test; do
	check "$part has the samples that seg-filter gives it" \
		-O <(seg-filter --split $parts --part $part all.ndjson |
			jq -r .name) \
		"jq -r '.images[].file_name' tree/$part/_annotations.coco.json"
done
check 'images are links, with their bytes' -o 24 \
	'find tree -type l | wc -l; for name in train valid test; do
	jq -r ".images[].file_name" tree/$name/_annotations.coco.json |
	while read -r image; do cmp "tree/$name/$image" "images/$image"; done; done'
cp -a tree before
check 'a second run changes nothing' -I all.ndjson \
	'touch -d "1 hour ago" tree/*/*.json && cp -a tree/train/*.json then
	seg-coco -t tree --split $parts; diff -r tree before &&
	find tree -newer then -name "*.json"'
check 'with --used-categories too, the same in all parts' -o '[[1,2]]' \
	-I all.ndjson "seg-coco -t used --split $parts --used-categories \
	--category-ids contiguous
	jq -sc '[.[].categories | map(.id)] | unique' \
	used/*/_annotations.coco.json"

check '--by keeps records alike together' -o 4 -I all.ndjson \
	'seg-coco -t scenes --split train:0.5,valid:0.5 --by metadata.scene \
	--image-extra -q 2> err
	jq -c "[.images[].metadata.scene] | unique[]" scenes/*/*.json | sort | uniq -u | wc -l'
check 'a key that no record has ends in 2, and writes no file' -s 2 \
	-E '*no record has metadata.scnee to keep together by' \
	-I all.ndjson seg-coco -t none --split $parts --by metadata.scnee
ok 'so it is' test ! -e none/train/_annotations.coco.json
check 'records that lack it are counted' \
	-E 'seg-coco: records without metadata.night, each by itself: 1 of 2*' \
	-i "$(record 1.png '"metadata":{"night":1},'; record 2.png)" \
	seg-coco -t part --split $parts --by metadata.night

for link in hard copy; do
	check "--link $link" -o 24 -I all.ndjson \
		"seg-coco -t $link --split $parts --link $link &&
		find $link -name '*.png' -type f | wc -l"
done
check '--link none has no images' -o 3 -I all.ndjson \
	"seg-coco -t bare --split $parts --link none && find bare -name '*.*' \
	-type f ! -name '.seg*' | wc -l"
check 'without --split all is in the tree itself' -o 24 -I all.ndjson \
	'seg-coco -t one && jq ".images | length" one/_annotations.coco.json'
check 'with its images' sound one/_annotations.coco.json
check 'a part without a sample has its categories, and that is said' \
	-o '[0,3]' -e 'seg-coco: part b has no image' -i "$(record 1.png)" \
	'seg-coco -t empty --split a:0.999999,b:0.000001
	jq -c "[(.images | length), (.categories | length)]" \
	empty/b/_annotations.coco.json'

# Failures.
check 'an image that is not there fails its record' -s 1 -o '["1.png"]' \
	-E '*: 13.png: *No such file*' \
	-i "$(record 1.png; record 13.png)" \
	'seg-coco -t gone --partial; e=$?
	jq -c "[.images[].file_name]" gone/_annotations.coco.json; exit $e'
check 'without --partial there is no file then' -s 1 \
	-E '*seg-coco: gone2: not written; --partial would' \
	-i "$(record 1.png; record 13.png)" seg-coco -t gone2
ok 'so it is' test ! -e gone2/_annotations.coco.json
check 'two samples of one name fail, and both are named (D22)' -s 1 \
	-E '*: 1.png: *1.png*' \
	-i "$(record 1.png; record 1.png | sed 's/u-1/u-2/')" seg-coco -t two
check 'D23, D24: a name may have directories, and leads nowhere else' \
	-o '[".%2E/up.png","x/1.png"]' \
	-i "$(record x/1.png; record 2.png |
	sed 's/"name":"2.png"/"name":"..\/up.png"/; s,/images/2,/other/2,')" \
	'mkdir -p other; cp images/2.png other/
	seg-coco -t out && jq -c "[.images[].file_name] | sort" \
	out/_annotations.coco.json'

for option in '-t a -o b' '--split a:1' '--by x -t a' '--link copy' \
	'-t a --split a:0.5' '-t a --split a/b:1' '-t a --split .:1'; do
	check "$option is wrong usage" -s 2 -E 'seg-coco: *
usage: seg-coco *' "seg-coco $option"
done

done_testing
