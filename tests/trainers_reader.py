"""Reads what the pipes of seg(7)'s table wrote as trainers do.

Prints `read` for each pipe, or what is wrong. Of readers that need torch the
steps are taken, by the libraries that they take them with.
"""

import contextlib
import glob
import io
import json
import os
import pathlib
import sys

os.environ["TRANSFORMERS_VERBOSITY"] = "error"

import numpy as np
import supervision
import yaml
from PIL import Image
from pycocotools import mask as coco_mask
from pycocotools.coco import COCO
from transformers import DetrImageProcessor


def open_coco(path):
    with contextlib.redirect_stdout(io.StringIO()):
        return COCO(path)


def need(good, *what):
    if not good:
        raise ValueError(" ".join(map(str, what)))


def find_image(folder, image):
    for path in (f"{folder}/segments/images/{image['file_name']}",
                 f"{folder}/{image['file_name']}"):
        if os.path.exists(path):
            return path
    raise ValueError("no image " + image["file_name"])


def read_instances(folder, reader):
    """pycocotools, and what the reader does with a segmentation beside it."""
    coco = open_coco(f"{folder}/train.json")
    need(coco.imgs and coco.anns, "nothing in it")
    for annotation in coco.anns.values():
        image = coco.imgs[annotation["image_id"]]
        shape = image["height"], image["width"]
        mask = coco.annToMask(annotation)
        need(mask.shape == shape, "a mask of another size")
        need(mask.sum() == annotation["area"], "mask and area differ")
        if reader:
            need((reader(annotation["segmentation"], shape) == mask).all(),
                 "another mask", annotation["id"])
        find_image(folder, image)
    return coco


def mask_of_polygons(segmentation, shape):
    """detectron2's: a list of lists of three points or more, united."""
    need(all(len(ring) >= 6 and len(ring) % 2 == 0 for ring in segmentation),
         "no polygons")
    runs = coco_mask.frPyObjects(segmentation, *shape)
    return coco_mask.decode(coco_mask.merge(runs))


def mask_of_counts(segmentation, shape):
    """That of torchvision's reference: convert_coco_poly_to_mask."""
    mask = coco_mask.decode(coco_mask.frPyObjects(segmentation, *shape))
    return mask if mask.ndim == 2 else mask.any(axis=2)


def detr_labels(path, annotations, **words):
    """What Hugging Face's image processor for DETR makes of an image."""
    processor = DetrImageProcessor(
        do_resize=False, do_pad=False,
        format="coco_panoptic" if words else "coco_detection")
    with Image.open(path) as image:
        found = processor(images=image.convert("RGB"), annotations=annotations,
                          return_segmentation_masks=True, return_tensors="np",
                          **words)
    return found["labels"][0]


def read_detr(folder, coco):
    for number, image in coco.imgs.items():
        annotations = coco.imgToAnns[number]
        found = detr_labels(
            find_image(folder, image),
            {"image_id": number, "annotations": annotations})
        wanted = [a for a in annotations if not a["iscrowd"]]
        need(len(found["boxes"]) == len(found["masks"]) == len(wanted),
             image["file_name"], "has other objects")
        for label, mask, annotation in zip(found["class_labels"],
                                           found["masks"], wanted):
            need(label == annotation["category_id"], annotation)
            need((mask == coco.annToMask(annotation)).all(), annotation)


def read_keypoints(folder):
    coco = open_coco(f"{folder}/train.json")
    (cat,) = [c for c in coco.cats.values() if c.get("keypoints")]
    need(set(cat["keypoints"]) == {"left ear", "right ear"}, cat)
    found = coco.loadAnns(coco.getAnnIds(catIds=[cat["id"]]))
    need(found, "no objects")
    for annotation in found:
        need(len(annotation["keypoints"]) == 3 * len(cat["keypoints"]),
             annotation)
        need(annotation["num_keypoints"] == 2, annotation)
        # torchvision's reference reads the masks of people, too.
        need(coco.annToMask(annotation).any(), "no mask", annotation)


def read_roboflow(folder):
    """The steps of RF-DETR's loader."""
    images = 0
    for part in ("train", "valid", "test"):
        coco = open_coco(f"{folder}/set/{part}/_annotations.coco.json")
        for image in coco.imgs.values():
            with Image.open(f"{folder}/set/{part}/{image['file_name']}") as it:
                need(it.size == (image["width"], image["height"]), image)
            images += 1
            for annotation in coco.imgToAnns[image["id"]]:
                mask = coco.annToMask(annotation)
                need(mask.sum() == annotation["area"], annotation)
    need(images, "no images")


def read_supervision(folder):
    images = 0
    for part in ("train", "valid", "test"):
        data = supervision.DetectionDataset.from_coco(
            f"{folder}/set/{part}",
            f"{folder}/set/{part}/_annotations.coco.json", force_masks=True)
        images += len(data)
        for path, image, found in data:
            need(image is not None and found.mask is not None or not found,
                 path)
    need(images, "no images")


def read_panoptic(folder):
    from panopticapi.utils import rgb2id
    found = [p for p in glob.glob(f"{folder}/set/**/*.json", recursive=True)
             if "segments_info" in open(p, encoding="utf-8").read()]
    need(found, "no panoptic file")
    for path in found:
        with open(path, encoding="utf-8") as file:
            data = json.load(file)
        need(data["annotations"], "nothing in it")
        for annotation in data["annotations"]:
            (png,) = glob.glob(f"{folder}/set/**/{annotation['file_name']}",
                               recursive=True)
            ids, areas = np.unique(rgb2id(np.array(Image.open(png))),
                                   return_counts=True)
            there = dict(zip(ids.tolist(), areas.tolist()))
            there.pop(0, None)
            segments = annotation["segments_info"]
            need(there == {s["id"]: s["area"] for s in segments}, png)
            (image,) = [image for image in data["images"]
                        if image["id"] == annotation["image_id"]]
            masks = detr_labels(find_image(folder, image), dict(annotation),
                                masks_path=pathlib.Path(path[:-5]))["masks"]
            need([int(mask.sum()) for mask in masks]
                 == [s["area"] for s in segments], png, "in DETR's hands")


def read_yolo(folder, task):
    with open(f"{folder}/set/data.yaml", encoding="utf-8") as file:
        data = yaml.safe_load(file)
    need(sorted(data["names"]) == list(range(len(data["names"]))), data)
    images = glob.glob(f"{folder}/set/images/*/**/*.*", recursive=True)
    need(images, "no images")
    rows = 0
    for image in images:
        with Image.open(image) as picture:
            picture.verify()
        label = image.replace("/images/", "/labels/").rsplit(".", 1)[0]
        with open(label + ".txt", encoding="utf-8") as file:
            for line in file:
                numbers = [float(word) for word in line.split()]
                need(numbers[0] in data["names"], line)
                need(all(0 <= n <= 2 for n in numbers[1:]), line)
                rows += 1
                if task == "pose":
                    count, each = data["kpt_shape"]
                    need(len(numbers) == 5 + count * each, line)
                else:
                    need(len(numbers) >= 7 and len(numbers) % 2, line)
    need(rows, "no objects")


def read_ndjson(folder):
    with open(f"{folder}/set.ndjson", encoding="utf-8") as file:
        head, *lines = map(json.loads, file)
    need(head["type"] == "dataset" and head["class_names"], head)
    need(lines and all(line["type"] == "image" and line["url"]
                       for line in lines), "no images")


def read_maps(folder, least):
    """Grey maps beside their images, under the same stem."""
    maps = [p for p in glob.glob(f"{folder}/set/**/*.png", recursive=True)
            if "/images/" not in p]
    need(len(maps) >= least, "no maps")
    for path in maps:
        image = Image.open(path)
        need(image.mode == "L", path, "is", image.mode)
        values = set(np.unique(np.array(image)).tolist())
        need(values <= {0, 1, 2, 3, 4, 255}, path, "has", values)


def read_hf(folder):
    (names,) = glob.glob(f"{folder}/set/**/id2label.json", recursive=True)
    with open(names, encoding="utf-8") as file:
        known = {int(key) for key in json.load(file)}
    maps = [p for p in glob.glob(f"{folder}/set/**/*.png", recursive=True)
            if "/images/" not in p]
    need(maps, "no maps")
    for path in maps:
        image = np.array(Image.open(path))
        need(image.ndim == 3 and not image[..., 2].any(), path)
        need(set(np.unique(image[..., 0]).tolist()) <= known | {0, 255}, path)


def read(folder, row):
    if "--group-by links" in row:
        read_keypoints(folder)
    elif "--panoptic" in row:
        read_panoptic(folder)
    elif "--link copy" in row:
        read_supervision(folder)
    elif "seg-coco -t" in row:
        read_roboflow(folder)
    elif "seg-coco" in row:
        if "counts" in row:
            read_detr(folder, read_instances(folder, mask_of_counts))
        elif "polygon" in row:
            read_instances(folder, mask_of_polygons)
        else:
            read_instances(folder, None)
    elif "--ndjson" in row:
        read_ndjson(folder)
    elif "--task semantic" in row:
        read_maps(folder, 1)
    elif "seg-yolo" in row:
        read_yolo(folder, "pose" if "--task pose" in row else "segment")
    elif "hf-instance" in row:
        read_hf(folder)
    else:
        read_maps(folder, 1)


for line in open(sys.argv[1], encoding="utf-8"):
    where, typed = line.rstrip("\n").split("\t")
    try:
        read(where, typed)
        print("read")
    except Exception as error:  # any: it is what the reader would say
        print(f"{typed}: {type(error).__name__}: {error}")
