#!/usr/bin/env bash
# Data sets as supervision and Hugging Face's datasets read them, and what they
# find in them, against the records; see readers.py.

. "${0%/*}/lib.sh"
need jq
need_judge numpy PIL cv2 pycocotools supervision datasets

mkdir data && cp -r "$DEMO/release.json" "$DEMO/segments" data && cd data || exit
export HF_HOME="$scratch/hf" HF_DATASETS_OFFLINE=1 HF_HUB_OFFLINE=1
export HF_DATASETS_DISABLE_PROGRESS_BARS=1

seg-samples -q release.json | seg-decode -q --offline 2> messages > records
for form in rle counts polygon; do
	seg-coco -q --partial --offline --segmentation $form \
		-o $form.json records 2>> messages
done
seg-coco -q --partial --offline -t coco --link copy --split train:0.6,valid:0.4 records \
	2>> messages
for task in detect segment obb; do
	seg-yolo -q --partial --offline -t yolo-$task --link copy --task $task \
		--split train:0.6,val:0.4 records 2>> messages
done
seg-mask -q --partial --offline -t hf --kind hf-instance --link copy \
	--split train:0.6,validation:0.4 records > masked 2>> messages

"$PYTHON" "$ROOT/tests/readers.py" > judged 2> err
while IFS= read -r line; do
	ok "${line#* - }" test "${line%% - *}" = good
done < judged
ok 'all have read' test "$(wc -l < judged)" -eq 10
note < err

done_testing
