# What is wrong with a COCO file (instances, keypoints or panoptic), a line
# each; nothing where all is as its readers count on. cococheck in tests/lib.sh
# runs it, and looks at the pixels besides.

def is_int: type == "number" and . == floor;
def is_id: is_int and . >= 0;
def is_text: type == "string" and . != "";
def is_unique: length == (unique | length);
def index_by_id: map({key: "\(.id)", value: .}) | from_entries;
def stem: sub("\\.[^./]*$"; "");

def root_faults:
	(if (.info | type) != "object" then "no info" else empty end),
	(if .licenses != [] then "no licenses" else empty end),
	(("images", "annotations", "categories") as $key |
		if (.[$key] | type) != "array" then "no \($key)" else empty end);

def image_faults:
	(if (map(.id) | is_unique | not) then "image ids are not unique"
		else empty end),
	(if (map(.file_name) | is_unique | not) then
		"file names are not unique" else empty end),
	(.[] | select((.id | is_id | not) or (.file_name | is_text | not) or
		(.width | is_int | not) or (.height | is_int | not) or
		.width <= 0 or .height <= 0) | "image \(.id) is not whole");

def category_faults:
	(if (map(.id) | is_unique | not) then "category ids are not unique"
		else empty end),
	(if (map(.name) | is_unique | not) then
		"category names are not unique" else empty end),
	(.[] | select((.id | is_int | not) or (.name | is_text | not) or
		(.supercategory | type) != "string") |
		"category \(.id) is not whole"),
	(.[] | select(has("keypoints")) | (.keypoints | length) as $k |
		select((.keypoints | all(is_text) and is_unique | not) or
		$k == 0 or (.skeleton | type) != "array" or
		(.skeleton | all(length == 2 and
			all(. >= 1 and . <= $k)) | not)) |
		"keypoints of category \(.id) are not whole");

def box_faults($image):
	if (.bbox | type) != "array" or (.bbox | length) != 4 or
		(.bbox | all(type == "number") | not) then "no bbox"
	elif .bbox[2] <= 0 or .bbox[3] <= 0 then "an empty bbox"
	elif .bbox[0] < 0 or .bbox[1] < 0 or
		.bbox[0] + .bbox[2] > $image.width + 0.001 or
		.bbox[1] + .bbox[3] > $image.height + 0.001 then
		"a bbox outside the image"
	else empty end;

def keypoint_faults($category):
	if ($category.keypoints | not) then
		if has("keypoints") then "keypoints of no category" else empty end
	elif (.keypoints | length) != 3 * ($category.keypoints | length) then
		"not all keypoints of its category"
	elif ([.keypoints | _nwise(3) | select(.[2] > 0)] | length) !=
		.num_keypoints then "a wrong num_keypoints"
	elif [.keypoints | _nwise(3) | select(.[2] != 0 and .[2] != 1 and
		.[2] != 2 or .[2] == 0 and (.[0] != 0 or .[1] != 0))] != [] then
		"a wrong v"
	else empty end;

def segmentation_faults($image):
	if has("segmentation") | not then empty
	elif (.segmentation | type) == "array" then
		if .segmentation == [] then "an empty segmentation"
		elif (.segmentation | all(length >= 6 and length % 2 == 0 and
			all(type == "number")) | not) then
			"a polygon that is none"
		else empty end
	elif .segmentation.size != [$image.height, $image.width] then
		"an RLE of another size"
	else empty end;

def annotation_faults($images; $categories):
	$images["\(.image_id)"] as $image |
	$categories["\(.category_id)"] as $category |
	if (.id | is_int | not) or .id < 1 then "an id below 1"
	elif ($image | not) then "an unknown image"
	elif ($category | not) then "an unknown category"
	else
		box_faults($image), segmentation_faults($image),
		keypoint_faults($category),
		(if (.area | type) != "number" or .area <= 0 then "no area"
			else empty end),
		(if .iscrowd != 0 and .iscrowd != 1 then "no iscrowd"
			else empty end),
		(if has("ignore") then "ignore" else empty end)
	end;

def instance_faults:
	(.images | index_by_id) as $images |
	(.categories | index_by_id) as $categories |
	(if (.annotations | map(.id) | is_unique | not) then
		"annotation ids are not unique" else empty end),
	(.annotations[] | . as $annotation |
		annotation_faults($images; $categories) |
		"annotation \($annotation.id) has \(.)");

def segment_faults($image; $categories):
	(if (map(.id) | is_unique | not) then "segment ids are not unique"
		else empty end),
	(map(select($categories["\(.category_id)"].isthing == 0)) |
		if (map(.category_id) | is_unique | not) then
		"a stuff category in two segments" else empty end),
	(.[] | select((.id | is_int | not) or .id < 1 or .id > 16777215) |
		"a segment id that no pixel has: \(.id)"),
	(.[] | select($categories["\(.category_id)"] | not) |
		"an unknown category"),
	(.[] | select(.iscrowd != 0 and .iscrowd != 1) | "no iscrowd"),
	(.[] | select((.area | is_int | not) or .area <= 0) | "no area"),
	(.[] | box_faults($image));

def panoptic_faults:
	(.images | index_by_id) as $images |
	(.categories | index_by_id) as $categories |
	(if (.images | map(.id)) != (.annotations | map(.image_id)) then
		"annotations do not go along with images" else empty end),
	(if (.images | map(.id)) != (.images | map(.id) | sort) then
		"images are not in the order of their ids" else empty end),
	(.categories[] | select((.isthing != 0 and .isthing != 1) or
		(.color | type) != "array" or (.color | length) != 3 or
		(.color | all(is_int and . >= 0 and . <= 255) | not)) |
		"category \(.id) lacks isthing or color"),
	(.annotations[] | . as $annotation | $images["\(.image_id)"] as $image |
		(if ($image.file_name | stem) != (.file_name | stem) then
			"\(.file_name) is not called as its image" else empty end),
		(.segments_info | segment_faults($image; $categories) |
			"\($annotation.file_name) has \(.)"));

root_faults,
(.images | image_faults), (.categories | category_faults),
(if .annotations | any(has("segments_info")) then panoptic_faults
	else instance_faults end)
