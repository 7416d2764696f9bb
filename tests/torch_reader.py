"""Reads data sets as torchvision's reference, detectron2 and mmdetection do.

Each line is "good - NAME", "bad - NAME", or "skip - NAME: REASON". What is
found is held to what pycocotools finds; see torch.t.
"""

import contextlib
import importlib
import io
import json
import logging
import sys
import traceback
import types

import numpy as np
import torchvision
from PIL import Image
from pycocotools import mask as coco_mask
from pycocotools.coco import COCO

IMAGES = "segments/images"


def need(good, *what):
    if not good:
        raise ValueError(" ".join(map(str, what)))


def open_coco(path):
    with contextlib.redirect_stdout(io.StringIO()):
        return COCO(path)


def masks_alike(coco, annotations, masks):
    need(len(masks) == len(annotations), len(masks), "masks for",
         len(annotations))
    for annotation, mask in zip(annotations, masks):
        need((np.asarray(mask).astype(bool)
              == coco.annToMask(annotation).astype(bool)).all(),
             "another mask:", annotation["id"])


def not_crowds(coco, image):
    return [a for a in coco.imgToAnns[image] if not a["iscrowd"]]


def reference_mask(segmentation, height, width):
    """The steps of references/detection/coco_utils.py for one object."""
    mask = coco_mask.decode(coco_mask.frPyObjects(segmentation, height, width))
    return mask if mask.ndim == 2 else mask.any(axis=2)


def read_torchvision(path):
    coco = open_coco(path)
    with contextlib.redirect_stdout(io.StringIO()):
        data = torchvision.datasets.CocoDetection(IMAGES, path)
    need(len(data) == len(coco.imgs), "other images")
    for number, (image, found) in zip(data.ids, data):
        found = [a for a in found if not a["iscrowd"]]
        masks_alike(coco, not_crowds(coco, number),
                    [reference_mask(a["segmentation"], image.height,
                                    image.width) for a in found])
        need(all(len(a["bbox"]) == 4 and a["area"] > 0 for a in found),
             "an object of no size")
        need(len({len(a.get("keypoints", ())) for a in found}) <= 1,
             "objects of different keypoints")


def detectron2_instances(path, masks):
    """Yields the number of an image, and the Instances that it trains with."""
    from detectron2.data import detection_utils, transforms
    from detectron2.data.datasets import load_coco_json

    logging.getLogger("detectron2").setLevel(logging.ERROR)
    keep = transforms.TransformList([transforms.NoOpTransform()])
    for entry in load_coco_json(path, IMAGES, path + masks):
        image = detection_utils.read_image(entry["file_name"], "BGR")
        detection_utils.check_image_size(entry, image)
        found = [
            detection_utils.transform_instance_annotations(
                annotation, keep, image.shape[:2])
            for annotation in entry["annotations"] if not annotation["iscrowd"]]
        yield entry["image_id"], image.shape, \
            detection_utils.annotations_to_instances(
                found, image.shape[:2], mask_format=masks)


def read_detectron2(path, masks):
    from detectron2.structures.masks import polygons_to_bitmask

    coco = open_coco(path)
    images = 0
    for number, shape, found in detectron2_instances(path, masks):
        images += 1
        wanted = not_crowds(coco, number)
        drawn = []
        if found.has("gt_masks"):
            drawn = found.gt_masks.tensor.numpy() if masks == "bitmask" else [
                polygons_to_bitmask(p, *shape[:2])
                for p in found.gt_masks.polygons]
        masks_alike(coco, wanted, drawn)
        if wanted and "keypoints" in wanted[0]:
            points = np.array([a["keypoints"] for a in wanted], float)
            points = points.reshape(len(wanted), -1, 3)
            # It takes coordinates for the indices of pixels.
            points[..., :2] += 0.5
            need(np.allclose(found.gt_keypoints.tensor.numpy(), points),
                 "other keypoints")
    need(images == len(coco.imgs), images, "images")


def read_detectron2_panoptic():
    from detectron2.data import detection_utils
    from detectron2.data.datasets.coco_panoptic import load_coco_panoptic_json

    with open("panoptic/panoptic.json", encoding="utf-8") as file:
        data = json.load(file)
    ids = {kind: {c["id"]: i for i, c in enumerate(data["categories"])
                  if c["isthing"] == kind} for kind in (0, 1)}
    found = load_coco_panoptic_json(
        "panoptic/panoptic.json", "jpg", "panoptic/panoptic",
        {"thing_dataset_id_to_contiguous_id": ids[1],
         "stuff_dataset_id_to_contiguous_id": ids[0]})
    need(len(found) == len(data["images"]), "other images")
    for entry in found:
        image = detection_utils.read_image(entry["file_name"], "RGB")
        drawn = detection_utils.read_image(entry["pan_seg_file_name"], "RGB")
        need(image.shape == drawn.shape, entry["file_name"])


def read_detectron2_semantic():
    from detectron2.data import detection_utils
    from detectron2.data.datasets import load_sem_seg

    found = load_sem_seg("semantic/masks", "semantic/images", "png", "png")
    need(len(found) > 4, len(found), "images")
    for entry in found:
        image = detection_utils.read_image(entry["file_name"], "RGB")
        drawn = detection_utils.read_image(entry["sem_seg_file_name"])
        need(image.shape[:2] == drawn.shape and drawn.dtype == np.uint8,
             entry["file_name"])


def import_mmdet():
    """mmdet wants mmcv's kernels, which the loaders do not use."""
    kernels = types.ModuleType("mmcv._ext")

    def kernel(name):
        if name.startswith("__"):
            raise AttributeError(name)
        return lambda *_: None

    kernels.__getattr__ = kernel
    sys.modules.setdefault("mmcv._ext", kernels)
    with contextlib.redirect_stdout(io.StringIO()):
        importlib.import_module("mmdet.datasets")
    importlib.import_module("mmengine.registry").init_default_scope("mmdet")


def mmdet_data(kind, path, prefix, **classes):
    from mmdet import datasets

    with contextlib.redirect_stdout(io.StringIO()):
        return getattr(datasets, kind)(
            ann_file=path, data_prefix=prefix, metainfo=classes, pipeline=[],
            serialize_data=False, test_mode=True)


def mmdet_loaded(entry, transform):
    shape = entry["height"], entry["width"]
    return transform.transform(dict(entry, img_shape=shape, ori_shape=shape))


def read_mmdet(path, as_pixels):
    from mmdet.datasets.transforms import LoadAnnotations

    coco = open_coco(path)
    names = [c["name"] for c in coco.cats.values()]
    data = mmdet_data("CocoDataset", path, {"img": IMAGES},
                      classes=tuple(names))
    need(len(data) == len(coco.imgs), "other images")
    loader = LoadAnnotations(with_mask=True, poly2mask=as_pixels)
    for entry in data.data_list:
        found = mmdet_loaded(entry, loader)
        wanted = coco.imgToAnns[entry["img_id"]]
        masks = found["gt_masks"]
        masks_alike(coco, wanted,
                    masks.masks if as_pixels else masks.to_ndarray())
        need([names[i] for i in found["gt_bboxes_labels"]]
             == [coco.cats[a["category_id"]]["name"] for a in wanted],
             "other categories")


def read_mmdet_panoptic():
    from mmdet.datasets.transforms import LoadPanopticAnnotations

    path = "panoptic/panoptic.json"
    with open(path, encoding="utf-8") as file:
        told = json.load(file)
    things = {c["id"]: c["isthing"] for c in told["categories"]}
    kinds = {kind: tuple(c["name"] for c in told["categories"]
                         if c["isthing"] == kind) for kind in (0, 1)}
    need(kinds[0] == ("plate",), kinds)
    data = mmdet_data(
        "CocoPanopticDataset", path,
        {"img": "panoptic/images", "seg": "panoptic/panoptic"},
        classes=kinds[1] + kinds[0], thing_classes=kinds[1],
        stuff_classes=kinds[0])
    need(len(data) == len(told["images"]), "other images")
    wanted = {a["image_id"]: a["segments_info"] for a in told["annotations"]}
    for entry in data.data_list:
        found = mmdet_loaded(entry, LoadPanopticAnnotations())
        need(sorted(int(m.sum()) for m in found["gt_masks"].masks)
             == sorted(s["area"] for s in wanted[entry["img_id"]]
                       if things[s["category_id"]] and not s["iscrowd"]),
             entry["img_path"])


def read_mmdet_video():
    from mmdet.datasets.base_video_dataset import BaseVideoDataset
    from mmdet.registry import DATASETS

    need(DATASETS.get("BaseVideoDataset") in (None, BaseVideoDataset))
    with contextlib.redirect_stdout(io.StringIO()):
        data = BaseVideoDataset(
            ann_file="video.json", data_prefix={"img_path": IMAGES},
            metainfo={"classes": ("donut", "mug", "plate")}, pipeline=[],
            serialize_data=False, test_mode=True)
    tracks = [[(image["frame_id"], thing["instance_id"])
               for image in video["images"] for thing in image["instances"]]
              for video in data.data_list]
    need(tracks == [[(0, 3), (0, 7), (1, 3)]], tracks)


def judge(name, why_not, read, *words):
    """Prints whether a reader reads; why_not is why it cannot be asked."""
    if why_not:
        print(f"skip - {name}: {why_not}", flush=True)
        return
    try:
        read(*words)
        print("good -", name, flush=True)
    except Exception:  # any: it is what the reader would say
        traceback.print_exc()
        print("bad -", name, flush=True)


def missing(reader, load):
    """Why a reader is not there, in a line, or nothing."""
    try:
        load()
        return ""
    except ImportError as error:
        return f"no {reader} ({error})".replace("\n", " ")


def main():
    why_not = missing("detectron2", lambda: importlib.import_module(
        "detectron2.data.datasets"))
    for form in ("counts", "polygon", "keypoints"):
        judge(f"torchvision's reference reads {form}", "", read_torchvision,
              f"{form}.json")
    for form, masks in (("polygon", "polygon"), ("rle", "bitmask"),
                        ("counts", "bitmask"), ("keypoints", "polygon")):
        judge(f"detectron2 reads {form} as {masks}", why_not,
              read_detectron2, f"{form}.json", masks)
    judge("detectron2 reads what is panoptic", why_not,
          read_detectron2_panoptic)
    judge("detectron2 reads semantic maps", why_not, read_detectron2_semantic)
    why_not = missing("mmdetection", import_mmdet)
    for form, as_pixels in (("rle", True), ("counts", True), ("polygon", True),
                            ("polygon", False)):
        judge(f"mmdetection reads {form} as "
              f"{'pixels' if as_pixels else 'polygons'}", why_not,
              read_mmdet, f"{form}.json", as_pixels)
    judge("mmdetection reads what is panoptic", why_not, read_mmdet_panoptic)
    judge("mmdetection reads tracks of a video", why_not, read_mmdet_video)
    print("all have been asked")


if __name__ == "__main__":
    main()
