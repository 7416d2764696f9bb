#!/usr/bin/env bash
# seg-coco: points gathered into the keypoints of their objects.

. "${0%/*}/lib.sh"
need jq

start='{"name":"v1","dataset":"d","categories":[{"id":1,"name":"person"},{"id":5,"name":"nose"},{"id":2,"name":"left_eye"},{"id":3,"name":"right_eye"}'
people="$start]}"
dogs="$start,{\"id\":4,\"name\":\"dog\"}]}"

# record ANNOTATIONS [LINKS] [NAME]: FROM-TO are links.
record()
{
	local link links=''
	for link in ${2-}; do
		links+=",{\"from_id\":${link%-*},\"to_id\":${link#*-}}"
	done
	printf '{"name":"%s","attributes":{"image":{"width":100,"height":80}},' \
		"${3-a.png}"
	printf '"label":{"attributes":{"annotations":[%s],"links":[%s]}},' \
		"$1" "${links#,}"
	printf '"release":%s}\n' "${RELEASE-$people}"
}

# point ID CATEGORY X Y [PERSON]
point()
{
	printf ',{"id":%s,"category_id":%s,"type":"point","points":[[%s,%s]],"attributes":{"person":"%s"}}' \
		"$1" "$2" "$3" "$4" "${5-}"
}

# box ID CATEGORY X0 Y0 X1 Y1 [PERSON]
box()
{
	printf ',{"id":%s,"category_id":%s,"type":"bbox","points":[[%s,%s],[%s,%s]],"attributes":{"person":%s}}' \
		"$1" "$2" "$3" "$4" "$5" "$6" "${7-null}"
}

all()
{
	local text
	text=$(cat)
	printf '%s' "${text#,}"
}

# Each annotation as [category, keypoints, num_keypoints, bbox, area].
told()
{
	jq -c '(.categories | map({key: "\(.id)", value: .name}) | from_entries)
		as $names | .annotations[] | [$names["\(.category_id)"],
		.keypoints, .num_keypoints, .bbox, .area]'
}

one=$({ box 1 1 10 10 60 60 1; point 2 2 20 20 1; point 3 3 30 20.5 1; } | all)
told='["person",[0,0,0,20,20,2,30,20.5,2],2,[10,10,50,50],2500]'
check 'links make points one object, in a fixed order, v 0 where missing' \
	-o "$told" -i "$(record "$one" '1-2 3-1')" \
	'seg-coco -q --group-by links | told'
check 'so does the box around them' -o "$told" -i "$(record "$one")" \
	'seg-coco -q --group-by box | told'
check 'so does an attribute, 1 and "1" alike' -o "$told" \
	-i "$(record "$one")" 'seg-coco -q --group-by attribute:person | told'
check 'which may be named with = or a space' -o "$told
$told" -i "$(record "$one")" 'tee in | seg-coco -q --group-by attribute=person |
	told; seg-coco -q --group-by "attribute person" < in | told'
check 'the category has the full list; the order is the release'"'"'s' \
	-o '[{"id":1,"name":"person","supercategory":"","keypoints":["nose","left_eye","right_eye"],"skeleton":[]},{"id":5,"name":"nose","supercategory":""}]' \
	-i "$(RELEASE=$dogs record "$one$(box 9 4 1 1 3 3)")" \
	'seg-coco -q --group-by box | jq -c ".categories[:2]"'
check '--keypoints chooses and orders them' \
	-o '["person",[30,20.5,2,20,20,2],2,[10,10,50,50],2500]
["right_eye","left_eye"]' -i "$(record "$one")" \
	'seg-coco -q --group-by box --keypoints right_eye,left_eye | tee out | told
	jq -c ".categories[0].keypoints" out'
check 'decoded records give the same' -o "$told" -i "$(record "$one")" \
	'seg-decode | seg-coco -q --group-by box | told'
check 'without --group-by each is an instance' \
	-o '["person",null,null,[10,10,50,50],2500]
["left_eye",[20,20,2],1,[20,20,1,1],1]
["right_eye",[30,20.5,2],1,[30,20,1,1],1]' -i "$(record "$one" 1-2)" \
	'seg-coco | told'

# What has no object, and objects without points.
check 'a point without a group stays an instance of one keypoint' \
	-e 'seg-coco: points of no object, each an instance of its own: 1' \
	-o '["person",[0,0,0,20,20,2,0,0,0],1,[10,10,50,50],2500]
["right_eye",[90,70,2],1,[90,70,1,1],1]' \
	-i "$(record "$({ box 1 1 10 10 60 60; point 2 2 20 20; point 3 3 90 70; } |
		all)")" 'seg-coco --group-by box --keypoints nose,left_eye,right_eye | told'
check 'an object without points has as many, none of them labelled' \
	-o '["person",[0,0,0,20,20,2,0,0,0],1,[10,10,50,50],2500]
["person",[0,0,0,0,0,0,0,0,0],0,[70,70,5,5],25]
["dog",null,null,[0,0,3,3],9]' \
	-i "$(RELEASE=$dogs record "$({ box 1 1 10 10 60 60; point 2 2 20 20
		box 4 1 70 70 75 75; box 5 4 0 0 3 3; } | all)")" \
	'seg-coco -q --group-by box | told'
check 'also in images before the first point' -o '[0,0,0,0,0,0,0,0,0]' \
	-i "$(record "$(box 4 1 70 70 75 75 | all)" '' b.png
	record "$one")" \
	'seg-coco -q --group-by box | jq -c ".annotations[0].keypoints"'
check 'points linked to each other alone make an object; limbs count from 1' \
	-o '["object",[5,6,2,20,20,2,30,20,2],3,[5,6,25,14],350]
["object",["nose","left_eye","right_eye"],[[1,2],[1,3]]]' \
	-i "$(RELEASE=$dogs record "$({ point 2 2 20 20; point 3 3 30 20; point 4 5 5 6
		box 7 1 1 1 2 2; box 8 4 1 1 2 2; } | all)" '4-2 3-4')" \
	'seg-coco -q --group-by links | tee out | told | grep object
	jq -c ".categories[] | select(.skeleton) | [.name, .keypoints, .skeleton]" out'
check 'points that are joined follow one that is linked to the object' \
	-o '["person",[5,6,2,20,20,2,30,20,2],3,[10,10,50,50],2500]' \
	-i "$(record "$({ point 2 2 20 20; point 3 3 30 20; point 4 5 5 6
		box 1 1 10 10 60 60; } | all)" '4-2 3-4 1-3')" \
	'seg-coco -q --group-by links | told'
check 'points of one value alone make an object, called as the attribute' \
	-o '["person",[0,0,0,20,20,2,20,30,2],2,[20,20,1,10],10]
{"person":"7"}' \
	-i "$(RELEASE=$dogs record "$({ point 2 2 20 20 7; point 3 3 20 30 7; box 8 4 1 1 2 2; } |
		all)")" \
	'seg-coco -q --group-by attribute:person | tee out | told | head -n 1
	jq -c ".annotations[0].attributes" out'
check 'a category that nothing is of is a keypoint, too, and that is said' \
	-e 'seg-coco: keypoints of "person": nose, left_eye, right_eye, dog; nothing is of nose, dog: --keypoints would choose' \
	-o '[0,0,0,20,20,2,30,20.5,2,0,0,0]' -i "$(RELEASE=$dogs record "$one")" \
	'seg-coco --group-by box | jq -c ".annotations[0].keypoints"'
check 'so is a name of --keypoints that no category has' \
	-e 'seg-coco: --keypoints: no category is called "tail"' -o '[20,20,2,0,0,0]' \
	-i "$(record "$({ box 1 1 10 10 60 60; point 2 2 20 20; } | all)")" \
	'seg-coco --group-by box --keypoints left_eye,tail |
	jq -c ".annotations[0].keypoints"'
check '--object-category names what is not drawn' \
	-o '["dog",[0,0,0,20,20,2,20,30,2],2,[20,20,1,10],10]
4' -i "$(RELEASE=$dogs record "$({ point 2 2 20 20 7; point 3 3 20 30 7; } | all)" 2-3)" \
	'seg-coco -q --group-by links --keypoints nose,left_eye,right_eye \
	--object-category dog | tee out | told
	jq ".annotations[0].category_id" out'
check 'it may be a category that no release has' -o '[6,"pet"]' \
	-i "$(record "$({ point 2 2 20 20 7; point 3 3 20 30 7; } | all)" 2-3)" \
	'seg-coco -q --group-by links --object-category pet |
	jq -c ".categories[] | select(.name == \"pet\") | [.id, .name]"'

# Overlapping objects, points twice, points outside.
check 'the smallest box around a point has it' \
	-o '["person",[0,0,0,0,0,0,0,0,0],0,[10,10,50,50],2500]
["person",[0,0,0,20,20,2,0,0,0],1,[15,15,10,10],100]' \
	-i "$(record "$({ box 1 1 10 10 60 60; box 4 1 15 15 25 25
		point 2 2 20 20; } | all)")" 'seg-coco -q --group-by box | told'
check 'unless it has such a point already and another box has not' \
	-o '["person",[0,0,0,21,21,2,0,0,0],1,[10,10,50,50],2500]
["person",[0,0,0,20,20,2,0,0,0],1,[15,15,10,10],100]' \
	-i "$(record "$({ box 1 1 10 10 60 60; box 4 1 15 15 25 25
		point 2 2 20 20; point 3 2 21 21; } | all)")" \
	'seg-coco -q --group-by box | told'
check 'a second point of a kind is named, left out and counted' \
	-e 'seg-coco: <stdin>:1: a.png: annotation no. 3 is a second "left_eye" of one object, and is left out
seg-coco: left out, points of a kind that their object has already: 1' \
	-o '["person",[0,0,0,20,20,2,0,0,0],1,[10,10,50,50],2500]' \
	-i "$(record "$({ box 1 1 10 10 60 60; point 2 2 20 20; point 3 2 21 21; } |
		all)" '1-2 1-3')" 'seg-coco --group-by links --keypoints nose,left_eye,right_eye | told'
check 'a point outside the image is not labelled' -E '*outside the image*' \
	-o '["person",[0,0,0,0,0,0,30,20,2],1,[10,10,50,50],2500]' \
	-i "$(record "$({ box 1 1 10 10 60 60; point 2 2 -5 20; point 3 3 30 20; } |
		all)" '1-2 1-3')" 'seg-coco -q --group-by links | told'
check 'objects of several categories have the points of their own' \
	-o '["nose","left_eye"]
["nose","right_eye"]' \
	-i "$(RELEASE=$dogs record "$({ box 1 1 0 0 30 30; point 2 2 9 9; box 4 4 50 50 79 79
		point 3 3 60 60; } | all)")" \
	'seg-coco -q --group-by box |
	jq -c ".categories[] | select(.skeleton) | .keypoints"'
check 'with --used-categories points are no categories of their own' \
	-o '[[1,"person",1]]
[1]' -i "$(record "$one")" \
	'seg-coco -q --group-by box --used-categories --category-ids contiguous |
	jq -c "[.categories[] | [.id, .name, .original_id // .id]],
		[.annotations[].category_id]"'
check 'ids that several parts number anew are in order' -o '[1,2,3,4]' \
	-i "$(record "$one"; record "$one$(point 8 5 70 70)" '' b.png
	record "$one" '' c.png)" \
	'seg-coco -q --group-by box | jq -c "[.annotations[].id]"'

# All of it, by the rules.
for by in links box attribute:person; do
	check "--group-by $by gives a sound file" \
		-i "$(record "$one" '1-2 3-1'
		record "$({ point 2 2 20 20 7; point 3 3 20 30 7; } | all)" 2-3 b
		record "$({ box 5 1 1 1 20 20; point 2 2 9 9; point 3 5 70 70
			} | all)" '' c
		RELEASE=$dogs record "$(box 5 4 1 1 20 20 | all)" '' d)" \
		"seg-coco -q --group-by $by > $by.json && cococheck $by.json"
done

# Options.
for option in '--group-by boxes' '--group-by attribute' '--group-by attribute:' \
	'--keypoints a' '--object-category a'; do
	check "$option is wrong usage" -s 2 -E 'seg-coco: *--*
usage: seg-coco *' "seg-coco $option"
done

done_testing
