#!/usr/bin/env bash
# The whole pipe, on real releases, against numbers that others computed.

SEGTOOLS_SECONDS=600
. "${0%/*}/lib.sh"
need jq
need_data README.md
serve "$DATA"
set -o pipefail # a pipe has the status of the last program that failed

# local_release PATH: one of the real data's releases, its files served here.
local_release()
{
	sed -e "s,http://127.0.0.1:PORT/,$URL/,g" \
		-e "s,https://segmentsai-prod.s3.eu-west-2.amazonaws.com/,$URL/,g" \
		-e "s,\"\./images/,\"$URL/real/gummi_bears/images/,g" \
		"$DATA/$1"
}

# The long pipe of the README: records in NAME.ndjson, COCO in NAME.json.
# long NAME [seg-filter option ...], the release on stdin
long()
{
	local name=$1
	shift
	seg-samples - | seg-filter "$@" | seg-fetch -q -d "$name" |
		seg-decode -d "$name" -j 2 | tee "$name.ndjson" |
		seg-coco -d "$name" -q -o "$name.json"
}

short()
{
	seg-samples - | seg-filter "$@" | seg-coco -q -d none
}

# Decodes records anew, from what they were before.
again()
{
	jq -c 'del(.label.attributes.annotations[]? |
		.bbox, .area, .segmentation, .iscrowd,
		.keypoints, .num_keypoints)' | seg-decode "$@"
}

# all_of PATH NAME [seg-filter option ...]: the whole pipe does it all, without
# a word, and again with the same bytes and not a question to the server.
all_of()
{
	local path=$1 name=$2 jobs
	shift 2
	local_release "$path" > release.json
	check "$name: the pipe runs" -I release.json long "$name" "$@"
	cp "$name.ndjson" first.ndjson
	cp "$name.json" first.json
	requests > asked
	ok "$name: files were fetched" test -s asked
	check "$name: and again" -I release.json long "$name" "$@"
	ok "$name: the same records" cmp first.ndjson "$name.ndjson"
	ok "$name: the same file" cmp first.json "$name.json"
	check "$name: and nothing is asked for" requests
	check "$name: the short pipe gives it, too" -I release.json \
		-O first.json short "$@"
	ok "$name: and leaves no files" test ! -e none
	jq -c . first.ndjson > compact.ndjson
	for jobs in 1 2 5; do
		check "$name: seg-decode -j $jobs gives the same bytes" \
			-I first.ndjson -O compact.ndjson again -j $jobs
		check "$name: seg-coco -j $jobs, too" -I first.ndjson \
			-O first.json seg-coco -q -d "$name" -j $jobs
	done
}

# same NAME EXPECTED GOT: two JSON texts say the same.
same()
{
	jq -S . <<< "$2" > stated
	jq -S . <<< "$3" > found
	ok "$1" diff stated found
}

# Bitmaps with ids, boxes and areas counted by numpy.
all_of real/gummi_bears/gummi_bears-v0.1.json gummi
expected=$DATA/real/gummi_bears/expected-gummi_bears.json
same 'gummi: every box and area, in the records' "$(jq '.samples' "$expected")" \
	"$(jq -s 'map(.attributes.image as $image |
	.label.attributes.annotations as $list | {name, width: $image.width,
	height: $image.height, unlabelled_area:
	($image.width * $image.height - ($list | map(.area) | add // 0)),
	segments: $list | map({id, category_id, area, bbox})})' gummi.ndjson)"
same 'gummi: and in the COCO file' \
	"$(jq '.samples | map({name, width, height,
	segments: .segments | map({category_id, area, bbox})})' "$expected")" \
	"$(jq '.annotations as $all | .images | map(.id as $id |
	{name: .file_name, width, height, segments: $all |
	map(select(.image_id == $id) | {category_id, area, bbox})})' gummi.json)"

# The vendor's own export, as pixels of each category.
areas='.attributes.image as $image | {name, width: $image.width,
	height: $image.height, category_areas: (.label.attributes.annotations |
	group_by(.category_id) | map({key: "\(.[0].category_id)",
	value: map(.area // 0) | add}) | map(select(.value > 0)) | from_entries)} |
	.unlabelled_area = .width * .height - ([.category_areas[]] | add // 0)'
all_of real/field_road/Field_road-v0.field.json field_road
same 'field_road: the pixels of each category' \
	"$(jq .samples "$DATA/real/field_road/expected-Field_road-v0.field.json")" \
	"$(jq -s "map($areas)" field_road.ndjson)"

# What the SDK of the vendor made of a release; its images are not all here.
check 'emprise: labels alone' 'local_release real/emprise/emprise-feeding-infra-v0.2.json |
	seg-samples - | seg-fetch -q -d emprise --only labels |
	seg-decode -d emprise > emprise.ndjson'
expected=$DATA/real/emprise/expected-emprise.json
same 'emprise: the pixels of each category' "$(jq .samples "$expected")" \
	"$(jq -s "map(.label.label_status as \$status | $areas |
	.label_status = \$status)" emprise.ndjson)"
check 'emprise: missing images fail their records' -s 1 \
	-O <(jq -r '.images_not_shipped[]' "$expected" | sort) \
	'local_release real/emprise/emprise-feeding-infra-v0.2.json |
	seg-samples - | seg-fetch -q -d emprise 2> err |
	jq -r "select(.error) | .name" | sort'

# The vendor's own COCO file of 2020: ids, order, every RLE string.
all_of real/arc_litter/arc_litter-v01.json arc_litter \
	--status reviewed,labeled
expected=$DATA/real/arc_litter/expected-arc_litter-v01_coco.json
theirs='{info: .info | {description, version}, images: .images |
	map({id, file_name, width, height}), categories: .categories |
	map({id, name}), annotations: .annotations | map({id, image_id,
	category_id, bbox, segmentation, area, iscrowd})}'
same 'arc_litter: all that the vendor wrote' "$(jq "$theirs" "$expected")" \
	"$(jq "$theirs" arc_litter.json)"
check 'arc_litter: 39 RLE strings of it' -o 39 \
	"jq -r '.annotations[].segmentation.counts' arc_litter.json | wc -l"
check 'arc_litter: what is missing fails its record, and is told' -s 1 \
	-O <(jq -r '.[][]' "$DATA/real/arc_litter/not-shipped-v01.json" | sort) \
	'local_release real/arc_litter/arc_litter-v01.json | seg-samples - |
	seg-fetch -q -d arc_litter 2> err | seg-decode -d arc_litter |
	tee arc_all.ndjson | jq -r "select(.error) | .name" | sort'
check 'arc_litter: -o writes nothing then' -s 1 \
	-e 'seg-coco: arc_all.json: not written; --partial would' \
	seg-coco -d arc_litter -o arc_all.json arc_all.ndjson
check 'arc_litter: unless --partial' -s 1 \
	'seg-coco -q -d arc_litter -o arc_all.json --partial arc_all.ndjson; e=$?
	cmp arc_all.json arc_litter.json; exit $e'

# COCO's own panoptic truth, VOC, and every status. One segment of COCO's is a
# crowd; the release has no attribute that would tell.
truth=$DATA/panoptic-real
own='{id, category_id, area, bbox, segmentation}'
coco_truth()
{
	jq --arg id "$1" '.samples[] | {name, width, height,
		segments: .segments | map({id: .[$id], category_id, area, bbox,
		segmentation}) | sort_by(.id)}' \
		"$truth/expected-coco.json"
}
coco_found()
{
	jq 'select(.name == "000000142238.jpg") | .attributes.image as $image |
		{name, width: $image.width, height: $image.height,
		segments: .label.attributes.annotations | map('"$own"') |
		sort_by(.id)}' "$1"
}
voc_truth=$(jq '.samples | map({name, segments: .segments |
	map({id, category_id, area: .mask_area_computed_here})})' \
	"$truth/expected-voc.json")
voc_found()
{
	jq -s 'map(select(.name | startswith("2011_")) | {name, segments:
		.label.attributes.annotations | map({id, category_id, area})})' "$1"
}
for form in panoptic-real/release panoptic-real/release.min \
	panoptic-seed2020/release-tasks-list panoptic-seed2020/release-tasks-map; do
	name=${form//\//-}
	all_of "$form.json" "$name"
	same "$name: COCO's own RLE, areas and boxes" "$(coco_truth id)" \
		"$(coco_found "$name.ndjson")"
	same "$name: VOC's areas" "$voc_truth" "$(voc_found "$name.ndjson")"
done
all_of panoptic-real/release-wide.json wide
same "wide: COCO's own numbers, with its ids to 16.7 million" \
	"$(coco_truth original_id)" "$(coco_found wide.ndjson)"
check 'on one line or many, the same file' \
	cmp panoptic-real-release.json panoptic-real-release.min.json
geometry='[.annotations[] | {image_id, category_id, bbox, area, segmentation}]'
same 'of 2020 or today, the same masks' \
	"$(jq "$geometry" panoptic-real-release.json)" \
	"$(jq "$geometry" panoptic-seed2020-release-tasks-map.json)"

# Drawn labels: polygons and boxes with COCO's, CrowdPose's and VOC's numbers.
# What a data set has as one object of several parts is several annotations.
all_of vector/release.json vector
of='[.label.attributes.annotations[]? | select(.type == $type) |
	select(.attributes.source_annotation_id)]'
objects()
{
	jq -s --arg type "$1" --arg name "$2" "map(select(.name | test(\$name)) |
		$of | group_by(.attributes.source_annotation_id)[] |
		{id: .[0].attributes.source_annotation_id | tonumber,
		value: $3}) | sort_by(.id)" vector.ndjson
}
truth()
{
	jq "[.annotations[] | $2] | sort_by(.id)" "$DATA/vector/expected-$1.json"
}
same 'vector: areas of COCO polygons, parts added up' \
	"$(truth coco '{id, value: .area}')" \
	"$(objects polygon '^0000' 'map(.area) | add')"
same 'vector: boxes of COCO' "$(truth coco '{id, value: .bbox}')" \
	"$(objects bbox '^0000' '.[0].bbox')"
same 'vector: boxes around its polygons' \
	"$(truth coco 'select(.id == 442619 or .id == 198196) |
		{id, value: .bbox}')" \
	"$(objects polygon '^0000' '.[0].bbox' |
		jq 'map(select(.id == 442619 or .id == 198196))')"
same 'vector: the polygons themselves' \
	"$(truth coco '{id, value: .segmentation}')" \
	"$(objects polygon '^0000' 'map(.segmentation[])')"
same 'vector: boxes of CrowdPose' "$(truth crowdpose '{id, value: .bbox}')" \
	"$(objects bbox '^1068' '.[0].bbox')"
# COCO tells the hidden ones from the visible; a point of a release is one that
# somebody saw.
for set in coco:0000 crowdpose:1068; do
	same "vector: labelled keypoints of ${set%:*}" \
		"$(truth "${set%:*}" '{id, value: [.keypoints as $k | range(0; $k | length; 3) | $k[.:. + 3] |
			select(.[2] > 0) | .[:2] + [2]]} | select(.value != [])')" \
		"$(objects point "^${set#*:}" 'map(.keypoints)')"
done
# VOC's numbers are those of masks that labelme painted: corners cut to whole
# pixels, the outline painted, too, and the image's edge. So a box is one pixel
# wider than the corners are apart, and an area larger by the outline's pixels;
# ours are the polygon's, as COCO has them.
same "vector: VOC's boxes, from our corners as labelme paints them" \
	"$(truth voc '{id, value: .bbox}')" \
	"$(jq -s --arg type polygon "map(.attributes.image as \$image |
		select(.name | startswith(\"2011_\")) | $of |
		group_by(.attributes.source_annotation_id)[] |
		{id: .[0].attributes.source_annotation_id | tonumber, value:
		(map(.bbox) | [(map(.[0]) | min | floor), (map(.[1]) | min | floor),
		(map(.[0] + .[2]) | max | floor), (map(.[1] + .[3]) | max | floor)] |
		[.[0], .[1], ([.[2], \$image.width - 1] | min) - .[0] + 1,
		([.[3], \$image.height - 1] | min) - .[1] + 1])}) | sort_by(.id)" \
		vector.ndjson)"
objects polygon '^2011' '{area: map(.area) | add,
	outline: map(2 * (.bbox[2] + .bbox[3])) | add}' > voc.json
check "vector: VOC's areas are larger by an outline" -o true \
	"jq -s '[.[0].annotations, .[1]] | transpose | all(
	.[0].area > .[1].value.area and
	.[0].area < .[1].value.area + .[1].value.outline)' \
	'$DATA/vector/expected-voc.json' voc.json"
check 'vector: a category of points has its keypoint' -o '["keypoint"]
[]' "jq -c '.categories[] | select(.name == \"keypoint\") |
	.keypoints, .skeleton' vector.json"

# Sequences are not for these programs alone: each record says so.
for name in segmentation-sequence vector-sequence; do
	local_release "$name/release.json" > release.json
	check "$name: fails its records, and no more" -s 1 -I release.json \
		-E "*such as a sequence's, cannot be decoded; seg-frames takes a sequence apart
seg-coco: $name.json: not written; --partial would" long $name
	check "$name: each with the reason" -o 2 \
		"grep -c \"such as a sequence's, cannot be decoded; seg-frames takes\" $name.ndjson"
done

# Releases without their files: every record comes out, with its error. Where
# nothing is labelled it is the image that fails.
without_files()
{
	seg-fetch -q -d none 2> err | seg-decode -d none | tee out.ndjson |
		seg-coco -q --partial -o out.json
}
for file in "$DATA"/real/releases-only/*; do
	name=${file##*/}
	name=${name%.json}
	case $name in
	school*) status=labeled,reviewed,skipped ;;
	*) status=labeled,reviewed ;;
	esac
	local_release "${file#"$DATA"/}" | seg-samples -l "$(
		jq -r '.dataset.labelsets[0].name' "$file")" - |
		seg-filter --status $status > "$name.in"
	check "$name: each record fails" -s 1 -I "$name.in" without_files
	check "$name: and is there with its error" -O "$name.in" \
		seg-filter --failed out.ndjson
	check "$name: the file is one without images" -o '[]' \
		jq -c .images out.json
done

# The recipe for releases whose URLs were rewritten to paths.
check 'paths in place of URLs: by jq' \
	'cd "$DATA/real/gummi_bears" && seg-samples gummi_bears-v0.1.json |
	jq -c "(.. | objects | select(.url? | strings | startswith(\"./\"))) |=
	(.path = .url)" | seg-coco --offline -q > "$scratch/work/paths.json" &&
	cd "$scratch/work" &&
	jq -S ".annotations" gummi.json > a && jq -S ".annotations" paths.json |
	cmp - a'

done_testing
