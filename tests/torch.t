#!/usr/bin/env bash
# What is written, read by readers that need torch: mask by mask, keypoint by
# keypoint; see torch_reader.py. They are heavy: `make deps-torch torch` gets
# them, but for detectron2, which is read where it can be imported. What is not
# there is skipped.

. "${0%/*}/lib.sh"
need jq

TORCH=$ROOT/build/torch/bin/python3
[ -x "$TORCH" ] || TORCH=$(command -v python3) || skip_all 'there is no Python'
"$TORCH" -c 'import importlib.util as i, sys
sys.exit(not all(map(i.find_spec, ("torch", "torchvision", "pycocotools"))))' ||
	skip_all 'no Python with torch: make deps-torch torch has one'

cp -r "$DEMO/segments" "$DEMO/release.json" .
points_release release.json > points.json
seg-samples -q release.json |
	seg-filter -q --status reviewed,verified,labeled > records
for form in rle counts polygon; do
	seg-coco -q --segmentation $form -o $form.json records 2>> messages
done
seg-samples -q points.json | seg-filter -q --status reviewed |
	seg-coco -q --group-by links --boxes polygon -o keypoints.json
seg-coco -q --panoptic --stuff plate -t panoptic --link copy records \
	2>> messages
seg-mask -q -t semantic --link symlink records > /dev/null 2>> messages
# detectron2 looks for .jpg; what is in a file tells what it is.
cp -r panoptic/images jpg && find jpg -name '*.png' |
	while IFS= read -r file; do mv "$file" "${file%.png}.jpg"; done

# Two things on their way through two images.
thing()
{
	printf '{"id":%d,"track_id":%d,"category_id":1,"type":"bbox","points":[[%d,9],[90,80]]}' \
		"$1" "$1" "$2"
}
jq -c --argjson frames "[{\"annotations\":[$(thing 3 1),$(thing 7 5)]},
	{\"annotations\":[$(thing 3 11)]}]" '
	.dataset.task_type = "image-vector-sequence" |
	.dataset.samples |= [{name: "walk", attributes: {frames: .[:2] |
		map(.attributes)}, labels: {"ground-truth": {label_status:
		"REVIEWED", attributes: {frames: $frames}}}}]' release.json |
	seg-samples -q | seg-frames -q | seg-coco -q -o video.json

"$TORCH" -W ignore "$ROOT/tests/torch_reader.py" > judged 2> err
while IFS= read -r line; do
	case $line in
	'skip - '*)
		name=${line#skip - }
		skip "${name%%: *}" "${name#*: }"
		;;
	*) ok "${line#* - }" test "${line%% - *}" = good ;;
	esac
done < <(grep -E '^(good|bad|skip) - ' judged)
ok 'all have been asked' grep -qx 'all have been asked' judged
note < err

done_testing
