#!/usr/bin/env bash
# seg-coco --panoptic: PNGs of segment ids, and what is known of each segment.

. "${0%/*}/lib.sh"
need jq

categories='[{"id":1,"name":"donut","has_instances":true,"color":[250,153,189]},{"id":2,"name":"table","has_instances":false},{"id":7,"name":"cup"}]'

# record NAME ANNOTATIONS BITMAP [CATEGORIES]
record()
{
	printf '{"name":"%s","uuid":"u-%s","attributes":{"image":{' "$1" "$1"
	printf '"url":"https://x.example/%s"}},"label":{"attributes":{' "$1"
	printf '"annotations":[%s],"segmentation_bitmap":{"path":"%s"}}},' \
		"$2" "$3"
	printf '"release":{"name":"v","dataset":"d","categories":%s}}\n' \
		"${4-$categories}"
}

# ID CATEGORY [MORE]
a()
{
	printf '{"id":%s,"category_id":%s%s}' "$1" "$2" "${3-}"
}

bitmap b.png <<'END'
1 1 . 5
1 9 . 5
. 300 300 70000
END
four="$(a 1 1),$(a 5 2),$(a 9 2),$(a 300 7),$(a 70000 1)"

check 'a tree of PNGs and their file' -i "$(record x/a.jpg "$four" b.png)" \
	seg-coco --panoptic -t tree
leaves 'called as the image, and in the directory that readers look in' tree \
	.seg-coco.files panoptic.json panoptic/x/a.png
check 'it is sound' cococheck tree/panoptic.json tree/panoptic
check 'D33: ids are the bitmap'"'"'s own, stuff is one segment' \
	-o '1 1 . 5
1 5 . 5
. 300 300 70000' unpng tree/panoptic/x/a.png
check 'areas and boxes are of the pixels' -o '[1,1,3,[0,0,2,2]]
[5,2,3,[1,0,3,2]]
[300,7,2,[1,2,2,1]]
[70000,1,1,[3,2,1,1]]' \
	jq -c '.annotations[0].segments_info[] | [.id, .category_id, .area, .bbox]' \
	tree/panoptic.json
check 'D33, D8: has_instances false is stuff, absent or null is thing' \
	-o '[1,0,1,1]' \
	-i "$(record a.jpg '' b.png "${categories%]},{\"id\":8,\"name\":\"n\",\"has_instances\":null}]" |
	sed 's/"segmentation_bitmap"/"x":1,&/')" \
	'seg-coco -q --unlisted ignore --panoptic -t things &&
	jq -c "[.categories[].isthing]" things/panoptic.json'
check '--stuff overrides' -o '[1,0,0]' -i "$(record a.jpg "$four" b.png)" \
	'seg-coco --panoptic -t stuff --stuff cup,table &&
	cococheck stuff/panoptic.json stuff/panoptic &&
	jq -c "[.categories[].isthing]" stuff/panoptic.json'
many=$(for i in $(seq 60); do
	printf '%s{"id":%s,"name":"c%s"}' "$([ "$i" = 1 ] || echo ,)" "$i" "$i"
done)
check 'D34: sixty categories without colours have sixty colours' -o 60 \
	-i "$(record a.jpg "$(a 1 60)" b.png "[$many]")" \
	'seg-coco -q --unlisted ignore --panoptic -t colors &&
	jq "[.categories[].color] | unique | length" colors/panoptic.json'
check 'D35, D7: a black or fractional colour changes no id' \
	-o '[[0,0,0],[255,3,0]]
[1]' -i "$(record a.jpg "$(a 1 1)" b.png '[{"id":1,"name":"a","color":[0,0,0]},{"id":2,"name":"b","color":[300,2.6,-1,255]}]')" \
	'seg-coco -q --unlisted ignore --panoptic -t black &&
	jq -c "[.categories[].color], [.annotations[].segments_info[].id]" \
	black/panoptic.json'
for i in $(seq 40); do
	record "$i.jpg" "$four" b.png
done > forty.ndjson
seg-coco --panoptic -t one -j1 < forty.ndjson
for jobs in 2 5; do
	check "D36: -j $jobs gives the same tree" -I forty.ndjson \
		"seg-coco --panoptic -t jobs$jobs -j $jobs && diff -r one jobs$jobs"
done
seq 1 30000 | paste -sd ' ' | fold -s -w 1100 | awk '{ n = n < NF ? NF : n; r[NR] = $0 }
	END { for (i in r) { k = split(r[i], w, " "); line = r[i]
	for (; k < n; k++) line = line " ."; print line } }' |
	bitmap crowd.png
check 'D37: an image may have 30000 instances of a colour' -o 30000 \
	-i "$(record a.jpg "$(seq 1 30000 |
		sed 's/.*/{"id":&,"category_id":1}/' | paste -sd ,)" crowd.png)" \
	'seg-coco --panoptic -t crowd &&
	jq ".annotations[0].segments_info | length" crowd/panoptic.json'
check 'D38, D40: a bitmap without URL fails its record, and no other' -s 1 \
	-E '*: a.jpg: *' -o '["b.jpg"]' \
	-i "$(record a.jpg "$four" '' | sed 's/"path":""/"url":null/'
	record b.jpg "$four" b.png)" \
	'seg-coco --panoptic -t null --partial; e=$?
	jq -c "[.images[].file_name]" null/panoptic.json; exit $e'
check 'D39: stems are the images'"'"', dots and all' -o 'a.b.png
c.d.png' -i "$(record a.b.jpg "$four" b.png; record c.d "$four" b.png |
	sed 's,"url":"https://x.example/c.d","url":"https://x.example/1.jpeg",')" \
	'seg-coco --panoptic -t stems && (cd stems/panoptic && printf "%s\n" *)
	cococheck stems/panoptic.json stems/panoptic'
check 'two images of one stem fail, and both are named' -s 1 \
	-E '*: a.png: *a.png*a.jpg*' \
	-i "$(record a.jpg "$four" b.png; record a.png "$four" b.png)" \
	'seg-coco -q --panoptic -t stem --partial'
check 'which leaves one' cococheck stem/panoptic.json stem/panoptic
check 'a negative is an image of VOID' -o '[]' \
	-E '*ids in the bitmap*' -i "$(record a.jpg '' b.png)" \
	'seg-coco --panoptic -t void && cococheck void/panoptic.json void/panoptic
	jq -c ".annotations[0].segments_info" void/panoptic.json'

# Vector labels.
vector()
{
	printf '{"name":"v.jpg","attributes":{"image":{"width":20,"height":10}},'
	printf '"label":{"attributes":{"annotations":[%s]}},' "$1"
	printf '"release":{"name":"v","dataset":"d","categories":%s}}\n' \
		"$categories"
}
check 'vector labels are drawn, the later over the earlier' \
	-o '[[3,[0,0,4,4],12],[8,[2,2,6,4],24]]' \
	-i "$(vector '{"id":3,"category_id":1,"type":"bbox","points":[[0,0],[4,4]]},{"id":8,"category_id":7,"type":"polygon","points":[[2,2],[8,2],[8,6],[2,6]]}')" \
	'seg-coco --panoptic -t vector &&
	cococheck vector/panoptic.json vector/panoptic &&
	jq -c "[.annotations[0].segments_info[] | [.id, .bbox, .area]]" \
	vector/panoptic.json'
check 'what is covered wholly, and points, are left out and counted' \
	-o '[8]' \
	-i "$(vector '{"id":3,"category_id":1,"type":"bbox","points":[[3,3],[4,4]]},{"id":8,"category_id":7,"type":"polygon","points":[[2,2],[8,2],[8,6],[2,6]]},{"id":9,"category_id":7,"type":"point","points":[[1,1]]}')" \
	'seg-coco --panoptic -t cover &&
	cococheck cover/panoptic.json cover/panoptic &&
	jq -c "[.annotations[0].segments_info[].id]" cover/panoptic.json'
for id in 0 16777216; do
	check "an id of $id is no segment's" -s 1 \
		-E '*v.jpg: annotation no. 1 has an id that is not 1 to 16777215*' \
		-i "$(vector '{"id":'$id',"category_id":1,"type":"bbox","points":[[0,0],[4,4]]}')" \
		seg-coco -q --panoptic -t wrong --partial
done
check 'nor is one that two have' -s 1 -E '*two annotations have the id 3*' \
	-i "$(vector '{"id":3,"category_id":1,"type":"bbox","points":[[0,0],[4,4]]},{"id":3,"category_id":1,"type":"bbox","points":[[5,5],[9,9]]}')" \
	seg-coco -q --panoptic -t wrong --partial
check 'a segment of no category of the list is named, left out and counted' \
	-E 'seg-coco: <stdin>:1: v.jpg: annotation 3 (no. 1): category_id 4 is not among the release'\''s: it is left out
seg-coco: * in, *1 image, 1 annotation out, 0 failed; left out: annotations of no category 1' \
	-o '[7]' \
	-i "$(vector '{"id":3,"category_id":4,"type":"bbox","points":[[0,0],[4,4]]},{"id":7,"category_id":1,"type":"bbox","points":[[5,5],[9,9]]}')" \
	'seg-coco --panoptic -t unlisted && cococheck unlisted/panoptic.json unlisted/panoptic &&
	jq -c "[.annotations[].segments_info[].id]" unlisted/panoptic.json'

# With parts, ids, images.
mkdir images
for i in $(seq 40); do
	echo "$i" > images/"$i".jpg
done
check 'parts, with images, categories numbered on' -I forty.ndjson \
	'sed "s,\"url\":\"https://x.example,\"path\":\"images," |
	seg-coco --panoptic -t parts --split train:0.6,val:0.4 --link copy \
	--used-categories --category-ids zero'
for part in train val; do
	check "$part is sound" \
		cococheck parts/panoptic_$part.json parts/panoptic_$part
	check "$part has its images" -O <(jq -r '.images[].file_name' \
		parts/panoptic_$part.json | sort) \
		"(cd parts/$part && find . -type f | sed 's,^./,,' | sort)"
done
check 'decoded records give the same PNGs' -I forty.ndjson \
	'seg-decode | seg-coco --panoptic -t decoded && diff -r one decoded'
check 'a second run with fewer takes away the others' -o 3 \
	'head -n 3 forty.ndjson | seg-coco --panoptic -t one &&
	find one -name "*.png" | wc -l'
check 'a run that fails leaves the file' -s 1 -E '*not written*' -o 3 \
	-i "$(record a.jpg "$four" no.png)" \
	'seg-coco -q --panoptic -t one; e=$?
	jq ".images | length" one/panoptic.json; exit $e'
for option in '--panoptic' '--panoptic -o x' '--stuff a' \
	'--panoptic -t x --group-by box'; do
	check "$option is wrong usage" -s 2 -E 'seg-coco: *
usage: seg-coco *' "seg-coco $option"
done

done_testing
