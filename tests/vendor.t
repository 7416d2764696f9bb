#!/usr/bin/env bash
# What the vendor's own exporter gets right is what we write: maps pixel for
# pixel, masks byte for byte. It is read where it can be imported, as `make
# deps-torch torch` has it, and skipped elsewhere.

. "${0%/*}/lib.sh"
need jq

PYTHON=$ROOT/build/torch/bin/python3
[ -x "$PYTHON" ] || PYTHON=$(command -v python3) || skip_all 'there is no Python'
"$PYTHON" -c 'import importlib.util as i, sys
sys.exit(not all(map(i.find_spec, ("segments", "pycocotools"))))' ||
	skip_all 'no Python with segments-ai: make deps-torch torch has one'

# Samples of the demo that it does not stumble over, and where their files are.
serve "$DEMO/segments"
jq -c --slurpfile files "$DEMO/segments/manifest.ndjson" --arg at "$URL" '
	($files | map({key: .url, value: "\($at)/\(.path | gsub(" "; "%20"))"})
	| from_entries) as $where |
	.dataset.samples |= map(select(.name | IN("glazed.png",
		"half a dozen.png", "heap.png"))) |
	walk(if type == "object" and has("url") and $where[.url] then
		.url = $where[.url] else . end)' "$DEMO/release.json" > r.json
for form in semantic coco-instance; do
	mkdir -p "$form"
	(cd "$form" && "$PYTHON" -W ignore - "$form" <<'END'
import sys
from segments import SegmentsDataset
from segments.utils import export_dataset
data = SegmentsDataset("../r.json", labelset="ground-truth", preload=False)
export_dataset(data, export_format=sys.argv[1], export_folder=".")
END
	) > "$form.out" 2> "$form.err" || note < "$form.err"
done

seg-samples -q r.json | seg-fetch -q > records
seg-mask -q --labels keep --unlabeled 0 -t maps records > out
# same_pixels MAP NAME: as the vendor's map of that image, which lies in its cache.
same_pixels()
{
	unpng -p "$1" > ours && unpng -p "$(find semantic -name \
		"$2_label_ground-truth_semantic.png")" > theirs &&
		cmp ours theirs
}
for name in glazed 'half a dozen' heap; do
	ok "the semantic map of $name" same_pixels "maps/$name.png" "$name"
done
# masks: the area, box and RLE of each annotation, by its image.
masks()
{
	jq -c '(.images | map({key: "\(.id)", value: .file_name}) |
		from_entries) as $names | .annotations[] |
		[$names["\(.image_id)"], .category_id, .area, .bbox,
		.segmentation.counts]' "$@" | sort
}
ok 'its masks, areas and boxes' \
	diff <(masks coco-instance/export_*.json) <(seg-coco -q records | masks)
check 'of all objects' -o 11 'seg-coco -q records | masks | wc -l'

done_testing
