#!/usr/bin/env bash
# seg-coco's keypoints and panoptic files, by those who defined the formats:
# pycocotools and panopticapi; see coco_judges.py. Each must find a file to be
# as good as itself.

. "${0%/*}/lib.sh"
need jq
need_judge numpy PIL pycocotools panopticapi

release='{"name":"v1","dataset":"d","categories":[{"id":4,"name":"person"},{"id":1,"name":"nose"},{"id":2,"name":"left_eye"},{"id":3,"name":"right_eye"}]}'
awk -v release="$release" 'BEGIN { srand(7)
for (i = 0; i < 30; i++) {
	printf "{\"name\":\"%d.png\",\"attributes\":{\"image\":{\"width\":400,", i
	printf "\"height\":300}},\"label\":{\"attributes\":{\"annotations\":["
	for (k = 0; k < 4; k++) {
		x = 90 * k; id = 10 * k + 1
		printf "%s{\"id\":%d,\"category_id\":4,\"type\":\"bbox\",", k ? "," : "", id
		printf "\"points\":[[%d,10],[%d,%d]]}", x, x + 80, 60 + rand() * 200
		for (p = 1; p < 4; p++)
			if (rand() < 0.8)
				printf ",{\"id\":%d,\"category_id\":%d,\"type\":\"point\",\"points\":[[%.2f,%.2f]]}", id + p, p, x + 80 * rand(), 10 + 50 * rand()
	}
	printf "]}},\"release\":%s}\n", release
}}' > people.ndjson
check 'keypoints are written' -I people.ndjson \
	'seg-coco --group-by box > keypoints.json && cococheck keypoints.json'

(cd "$DEMO" && seg-samples release.json |
	seg-coco --offline -q --panoptic -t "$scratch/work/panoptic" --stuff plate) \
	2> /dev/null
check 'panoptic files are written' \
	cococheck panoptic/panoptic.json panoptic/panoptic

"$PYTHON" "$ROOT/tests/coco_judges.py" keypoints.json panoptic > judged 2> err
while IFS= read -r line; do
	ok "${line#* - }" test "${line%% - *}" = good
done < judged
ok 'all have judged' test "$(wc -l < judged)" -eq 4 || note < err

done_testing
