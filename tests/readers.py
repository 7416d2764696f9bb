"""Reads data sets with supervision and datasets; says what was found.

Each line is "good - NAME" or "bad - NAME".
"""

import json
import os
import sys

import datasets
import numpy as np
import supervision as sv
from pycocotools import mask as coco_mask


def tell(good, name, note=""):
    print("good" if good else "bad", "-", name, flush=True)
    if not good:
        print(name, note, file=sys.stderr)


def read_records():
    """The objects of each labelled image: category and mask."""
    found = {}
    for line in open("records"):
        record = json.loads(line)
        label = (record.get("label") or {}).get("attributes")
        if not label or "annotations" not in label or record.get("error"):
            continue
        names = {c["id"]: c["name"] for c in record["release"]["categories"]}
        found[record["name"]] = [
            (names[a["category_id"]], coco_mask.decode(a["segmentation"]),
             a["iscrowd"])
            for a in label["annotations"] if a.get("segmentation")]
    return found


def close(mask, wanted, least):
    both = (mask & wanted).sum()
    return both >= least * (mask | wanted).sum()


def check_coco(records, path, images, least):
    """True where supervision finds every object, mask by mask."""
    data = sv.DetectionDataset.from_coco(images, path, force_masks=True)
    names = {}
    for image, _, found in data:
        name = os.path.relpath(image, images)
        wanted = records[name]
        if len(found) != len(wanted):
            return f"{name}: {len(found)} objects, not {len(wanted)}"
        for i, (category, mask, _) in enumerate(wanted):
            if data.classes[found.class_id[i]] != category:
                return f"{name}: {data.classes} {found.class_id[i]}"
            if not close(found.mask[i], mask.astype(bool), least):
                return f"{name}: {i} has other pixels"
        names[name] = True
    return "" if names else "nothing"


def check_yolo(records, root, part, masks):
    data = sv.DetectionDataset.from_yolo(
        f"{root}/images/{part}", f"{root}/labels/{part}", f"{root}/data.yaml",
        force_masks=masks, is_obb="obb" in root)
    seen = 0
    for image, _, found in data:
        name = os.path.relpath(image, f"{root}/images/{part}")
        # YOLO knows no crowds.
        wanted = [x for x in records[name] if not x[2]]
        classes = [data.classes[i] for i in found.class_id]
        if classes != [category for category, _, _ in wanted]:
            return f"{image}: {classes}"
        if masks and not all(close(found.mask[i], m.astype(bool), .9)
                             for i, (_, m, _) in enumerate(wanted)):
            return f"{image}: other pixels"
        seen += 1
    return "" if seen else "nothing"


def check_folder(records):
    """Rows of datasets' imagefolder, as examples for Mask2Former use them."""
    data = datasets.load_dataset("imagefolder", data_dir="hf")
    if set(data) != {"train", "validation"}:
        return str(data)
    seen = 0
    for part in data.values():
        if set(part.column_names) != {"image", "annotation",
                                      "semantic_class_to_id"}:
            return str(part.column_names)
        for row in part:
            ids = row["semantic_class_to_id"]
            name = row["image"].filename.split("/images/", 1)[1]
            pixels = np.asarray(row["annotation"])
            if pixels.shape[2] != 3 or row["image"].size != \
                    pixels.shape[1::-1] or pixels[..., 2].any():
                return f"{name}: {pixels.shape}"
            wanted = records.get(name)
            if wanted is None:
                return f"{name}: no such image"
            for number, (category, mask, _) in enumerate(wanted, 1):
                inside = pixels[mask.astype(bool)]
                if (inside != [ids[category], number, 0]).any():
                    return f"{name}: object {number}"
            seen += 1
    return "" if seen == len(records) else f"{seen} of {len(records)}"


def main():
    records = read_records()
    for form, least in (("rle", 1), ("counts", 1), ("polygon", .9)):
        why = check_coco(records, f"{form}.json", "segments/images", least)
        tell(not why, f"supervision reads COCO's {form}, mask by mask", why)
    for part in ("train", "valid"):
        root = f"coco/{part}"
        why = check_coco(records, f"{root}/_annotations.coco.json", root, 1)
        tell(not why, f"supervision reads the tree's part {part}", why)
    for task, part, masks in (("detect", "train", False),
                              ("segment", "train", True),
                              ("segment", "val", True),
                              ("obb", "train", False)):
        why = check_yolo(records, f"yolo-{task}", part, masks)
        tell(not why, f"supervision reads YOLO's {task}, part {part}", why)
    why = check_folder(records)
    tell(not why, "datasets reads hf-instance as an imagefolder, pixel by "
         "pixel", why)


if __name__ == "__main__":
    main()
