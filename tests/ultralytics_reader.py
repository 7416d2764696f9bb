"""Reads YOLO trees and NDJSON with ultralytics' own functions; prints TAP.

Those functions need no torch, but the modules they stand in do: so they are
taken out of ultralytics' source one by one.
"""

import ast
import asyncio
import glob
import hashlib
import importlib.util
import json
import math
import os
import random
import shutil
import sys
import types
import urllib.request
from pathlib import Path
from urllib.parse import unquote, urlsplit
from uuid import uuid4

import cv2
import numpy as np
import yaml
from PIL import Image, ImageOps
from pycocotools import mask as coco_mask

TESTS = 0
FAILED = 0


def ok(good, name, note=""):
    global TESTS, FAILED
    TESTS += 1
    FAILED += not good
    print(("ok" if good else "not ok"), TESTS, "-", name)
    for line in str(note).splitlines()[:20] if not good else []:
        print("#", line)


def source(path):
    """A file of ultralytics, without importing it."""
    root = importlib.util.find_spec("ultralytics").submodule_search_locations[0]
    return (Path(root) / path).read_text(encoding="utf-8")


def take(path, names, into):
    """Defines functions and constants of a file in a namespace."""
    for node in ast.parse(source(path)).body:
        targets = getattr(node, "targets", [node])
        found = {getattr(t, "name", getattr(t, "id", None)) for t in targets}
        if found & set(names):
            future = ast.parse("from __future__ import annotations").body
            code = ast.Module(future + [node], [])
            exec(compile(code, path, "exec"), into)


class Response:
    def __init__(self, url):
        self.url = url

    async def __aenter__(self):
        self.data = urllib.request.urlopen(self.url).read()
        return self

    async def __aexit__(self, *_):
        pass

    def raise_for_status(self):
        pass

    async def read(self):
        return self.data


class Session:
    """As much of aiohttp as the converter uses."""

    def __init__(self, **_):
        pass

    async def __aenter__(self):
        return self

    async def __aexit__(self, *_):
        pass

    def get(self, url, **_):
        return Response(url)


class Yaml:
    @staticmethod
    def load(path):
        return yaml.safe_load(Path(path).read_text(encoding="utf-8"))

    @staticmethod
    def save(path, data):
        Path(path).write_text(yaml.safe_dump(data), encoding="utf-8")


class Silent:
    def __getattr__(self, _):
        return lambda *a, **k: None


def ultralytics():
    aiohttp = types.ModuleType("aiohttp")
    aiohttp.ClientSession = Session
    aiohttp.ClientTimeout = lambda **_: None
    aiohttp.ClientError = aiohttp.ClientResponseError = OSError
    sys.modules["aiohttp"] = aiohttp
    space = {
        "os": os, "np": np, "cv2": cv2, "Image": Image, "math": math,
        "ImageOps": ImageOps, "Path": Path, "uuid4": uuid4, "json": json,
        "asyncio": asyncio, "hashlib": hashlib, "random": random,
        "shutil": shutil, "YAML": Yaml, "LOGGER": Silent(),
        "check_requirements": lambda *_: None, "TQDM": lambda **_: Silent(),
        "PLATFORM_URL": "none://", "clean_url": lambda u: str(u).split("?")[0],
        "get_split_fraction": lambda *_: 1.0, "__name__": "ultralytics",
        "VID_FORMATS": set(),
    }
    take("utils/ops.py", ["xyxy2xywh", "segments2boxes"], space)
    space.setdefault("empty_like", np.empty_like)
    take("data/utils.py", [
        "IMG_FORMATS", "FORMATS_HELP_MSG", "exif_size", "check_image",
        "_exif_jpeg", "_replace_image", "img2label_paths",
        "verify_image_label", "polygon2mask", "read_mask",
        "verify_image_mask"], space)
    take("data/converter.py", ["_convert_ndjson_to_yolo"], space)
    return space


def images_of(root, data, part):
    """The images that ultralytics finds in a part's folder."""
    if part not in data:
        return []
    found = glob.glob(str(Path(root) / data[part] / "**" / "*.*"),
                      recursive=True)
    return sorted(x for x in found if not os.path.isdir(x))


def verify(space, root, task):
    """Holds all images of a tree to verify_image_label."""
    data = Yaml.load(Path(root) / "data.yaml")
    ok(all(isinstance(x, str) for x in data["names"].values())
       and list(data["names"]) == list(range(len(data["names"]))),
       f"{root}: names are text, numbered from 0", data)
    shape = data.get("kpt_shape", [0, 0]) if task == "pose" else [0, 0]
    bad, missing, rows, segments = [], 0, 0, 0
    images = [x for p in ("train", "val", "test")
              for x in images_of(root, data, p)]
    labels = space["img2label_paths"](images)
    for image, label in zip(images, labels):
        got = space["verify_image_label"]((
            image, label, "", task == "pose", len(data["names"]), *shape,
            False))
        missing += got[5]
        if got[8] or got[9]:
            bad.append(got[9])
        else:
            rows += len(got[1])
            segments += len(got[3])
    ok(images and not bad, f"{root}: {len(images)} images are taken as they "
       "are", "\n".join(bad))
    ok(not missing, f"{root}: each has a label file")
    outlines = task in ("segment", "obb", "semantic")
    ok(rows and segments == (rows if outlines else 0),
       f"{root}: {rows} rows of one kind", segments)
    return data


def verify_poses(space):
    """Keypoints as verify_image_label reads them off rows of poses."""
    data = verify(space, "pose", "pose")
    ok(data["kpt_shape"] == [3, 3] and data["flip_idx"] == [2, 1, 0],
       "pose: kpt_shape, and flip_idx of left and right", data)
    ok(data["names"] == {0: "cat"}
       and data["kpt_names"] == {0: ["left ear", "tail", "right ear"]},
       "pose: keypoints have names and are no classes", data)
    found = {}
    for path in glob.glob("pose/images/*/*.png"):
        label = space["img2label_paths"]([path])[0]
        got = space["verify_image_label"]((path, label, "", True, 1, 3, 3,
                                           False))
        found[Path(path).stem] = (got[1][:, 1:] * 20, got[4])
    boxes, points = found["one"]
    ok(np.allclose(boxes, [[8.5, 8.5, 13, 13], [4, 18, 8, 4]], atol=1e-3)
       and np.allclose(points, [
           [[.2, .15, 2], [.75, .75, 2], [0, 0, 0]],
           [[0, 0, 0]] * 3], atol=1e-6),
       "pose: boxes and points are those drawn, 0 where there is none",
       points)
    ok(len(found["two"][0]) == 1 and not len(found["three"][0]),
       "pose: an object each, and none", found)
    data = verify(space, "lone", "pose")
    ok(data["kpt_shape"] == [1, 3] and data["flip_idx"] == [0],
       "lone: points by themselves have one keypoint", data)


def masks_of(root, space):
    """Each image of a tree with its mask, as SemanticDataset pairs them."""
    data = Yaml.load(Path(root) / "data.yaml")
    images = [x for p in ("train", "val", "test")
              for x in images_of(root, data, p)]
    masks = space["img2label_paths"](images, label_dir=data["masks_dir"],
                                     suffix=".png")
    return data, list(zip(images, masks))


def verify_masks(space, root):
    """Holds all images of a tree to verify_image_mask."""
    data, pairs = masks_of(root, space)
    ids = np.arange(256)
    invalid = ((ids > max(len(data["names"]) - 1, 1)) & (ids != 255))
    bad = []
    for image, mask in pairs:
        got = space["verify_image_mask"]((image, mask, "",
                                          invalid.astype(np.uint8)))
        if got[6] or got[7] or got[3] != "L":
            bad.append(f"{image}: {got[3]} {got[7]}")
    ok(pairs and not bad, f"{root}: {len(pairs)} images and masks are taken "
       "as they are", "\n".join(bad))
    return data


def compare_semantic(space):
    """Masks against the classes of the annotations they were drawn of."""
    _, pairs = masks_of("semantic", space)
    masks = {os.path.splitext(i.split("/images/")[1].split("/", 1)[1])[0]: m
             for i, m in ((("/" + i), m) for i, m in pairs)}
    count, bad = 0, []
    for line in open("decoded.ndjson"):
        record = json.loads(line)
        label = (record.get("label") or {}).get("attributes") or {}
        path = masks.get(record["name"].rsplit(".", 1)[0])
        annotations = label.get("annotations") or []
        if not path or not all(isinstance(a.get("segmentation"), dict)
                               for a in annotations):
            continue
        classes = {c["id"]: i for i, c in
                   enumerate(record["release"]["categories"])}
        mask = space["read_mask"](path, "L")
        wanted = np.full_like(mask, 255)
        for a in annotations:
            inside = coco_mask.decode(a["segmentation"]).astype(bool)
            wanted[inside] = classes[a["category_id"]]
        count += 1
        if (mask != wanted).any():
            bad.append(path)
    ok(count and not bad, f"semantic: {count} masks have the classes of "
       "their annotations, and 255", "\n".join(bad))
    mask = space["read_mask"]("binary/masks/train/two.png", "L")
    ok(mask[4, 9] == 1 and mask[0, 0] == 0 and mask.max() == 1,
       "binary: of one class, which is 1, and 0")


def rows_of(path):
    return [(int(line.split()[0]), np.array(line.split()[1:], np.float32))
            for line in open(path)]


def compare_masks(space):
    """Rows filled as for training, against the masks they were made of."""
    data = Yaml.load("segment/data.yaml")
    exact = near = count = 0
    note = []
    for line in open("decoded.ndjson"):
        record = json.loads(line)
        label = (record.get("label") or {}).get("attributes") or {}
        annotations = [a for a in label.get("annotations") or []
                       if isinstance(a.get("segmentation"), dict)
                       and not a["iscrowd"]]
        if not annotations:
            continue
        stem = record["name"].rsplit(".", 1)[0]
        paths = glob.glob("segment/labels/*/" + glob.escape(stem) + ".txt")
        if not paths:
            continue
        image = record["attributes"]["image"]
        size = np.array([image["width"], image["height"]], np.float32)
        for a, (_, row) in zip(annotations, rows_of(paths[0])):
            mask = coco_mask.decode(a["segmentation"])
            points = (row.reshape(-1, 2) * size).reshape(-1)
            filled = space["polygon2mask"](mask.shape, [points])
            iou = (mask & filled).sum() / (mask | filled).sum()
            count += 1
            exact += iou == 1
            near += iou > 0.97
            if (mask & ~filled & 1).any() or iou <= 0.97:
                note.append(f"{record['name']}: {a['id']}: {iou}")
    ok(count and not note, f"{count} rows, filled by fillPoly, are their "
       f"masks: {exact} bit for bit, the others but for bridges",
       "\n".join(note))
    ok(exact > count / 2, "most bit for bit")
    return data


def localize(path, url):
    """Points the URLs of an NDJSON file to where the images are served."""
    lines = open(path).read().splitlines()
    paths = {}
    for line in open("decoded.ndjson"):
        record = json.loads(line)
        found = record["attributes"].get("image", {}).get("path")
        name = record["name"]
        paths[name] = found or "segments/images/" + name
    with open(path, "w") as to:
        for line in lines:
            image = json.loads(line)
            if image["type"] == "image":
                where = urllib.request.quote(paths[image["name"]])
                image["url"] = f"{url}/{where}"
                if not os.path.exists(paths[image["name"]]):
                    continue
            to.write(json.dumps(image) + "\n")


def convert(space, task, url):
    """An NDJSON file through ultralytics' converter, and that verified."""
    localize(f"{task}.ndjson", url)
    result = asyncio.run(space["_convert_ndjson_to_yolo"](
        Path(f"{task}.ndjson"), Path("converted"), True, 1.0))
    data = Yaml.load(result)
    ok(data["task"] == task, f"{task}.ndjson: the converter takes it", data)
    return verify(space, str(result.parent), task)


def main():
    url = sys.argv[1]
    space = ultralytics()
    trees = {t: verify(space, t, t) for t in ("detect", "segment", "obb")}
    compare_masks(space)
    verify_poses(space)
    trees["semantic"] = verify_masks(space, "semantic")
    verify_masks(space, "binary")
    compare_semantic(space)
    trees["pose"] = Yaml.load("pose/data.yaml")
    for task in trees:
        data = convert(space, task, url)
        ok(data["names"] == trees[task]["names"],
           f"{task}: classes are the same in a tree and in NDJSON")
    print(f"1..{TESTS}")
    return FAILED != 0


if __name__ == "__main__":
    sys.exit(main())
