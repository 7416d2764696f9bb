"""COCO files through pycocotools: run by pycocotools.t, prints TAP."""

import contextlib
import copy
import io
import json
import os
import shutil
import subprocess
import sys

import numpy as np
from PIL import Image
from pycocotools import mask as rle
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

SEED = 20091
DEMO, SCRATCH = sys.argv[1:]
verdicts = []


def ok(good, name):
    verdicts.append(bool(good))
    print(f"{'ok' if good else 'not ok'} {len(verdicts)} - {name}", flush=True)


def run(*command, records=b""):
    return subprocess.run(command, input=records, check=True,
                          stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL).stdout


def load(text):
    """COCO's own class on a file's text."""
    path = os.path.join(SCRATCH, "coco.json")
    with open(path, "wb") as file:
        file.write(text)
    with contextlib.redirect_stdout(io.StringIO()):
        return COCO(path)


def read_ids(path):
    """A label bitmap's ids, by another decoder than ours."""
    with Image.open(path) as image:
        pixels = np.asarray(image.convert("RGBA"), np.uint32)
    return pixels[..., 0] + (pixels[..., 1] << 8) + (pixels[..., 2] << 16)


def masks_of(records, path_of):
    """The masks of all annotations that have pixels, in the file's order."""
    for line in records.splitlines():
        record = json.loads(line)
        attributes = (record.get("label") or {}).get("attributes") or {}
        if "annotations" not in attributes:
            continue
        ids = read_ids(path_of(record))
        for annotation in attributes["annotations"]:
            mask = ids == annotation["id"]
            if mask.any():
                yield mask


def differing(coco, masks):
    """How many annotations are not their mask, to its last pixel."""
    annotations = [coco.anns[i] for i in sorted(coco.anns)]
    masks = list(masks)
    wrong = abs(len(annotations) - len(masks))
    for annotation, mask in zip(annotations, masks):
        encoded = rle.encode(np.asfortranarray(mask.astype(np.uint8)))
        wrong += not (np.array_equal(coco.annToMask(annotation), mask)
                      and annotation["area"] == rle.area(encoded)
                      and annotation["bbox"] == list(rle.toBbox(encoded)))
    return wrong if masks else -1


def precision(coco, kind, sigmas=None):
    """The average precision of a file's annotations against themselves."""
    coco = copy.deepcopy(coco)  # the evaluation changes it
    found = [dict(a, score=1.0) for a in coco.anns.values()
             if not a["iscrowd"] and (kind != "keypoints" or "keypoints" in a)]
    for annotation in found:
        if kind == "segm":
            annotation["segmentation"] = coco.annToRLE(annotation)
    with contextlib.redirect_stdout(io.StringIO()):
        evaluation = COCOeval(coco, coco.loadRes(found), kind)
        if sigmas is not None:
            evaluation.params.kpt_oks_sigmas = np.array(sigmas)
            evaluation.params.catIds = [
                c["id"] for c in coco.cats.values() if "keypoints" in c]
        evaluation.params.areaRng = [[0, 1e10]]
        evaluation.params.areaRngLbl = ["all"]
        evaluation.evaluate()
        evaluation.accumulate()
    seen = evaluation.eval["precision"][..., -1]
    return seen[seen > -1].mean()


def test_demo():
    os.chdir(DEMO)
    samples = run("seg-samples", "release.json")

    def path_of(record):
        return f"segments/labels/{record['name']}.png"

    for form in ("rle", "counts", "polygon"):
        text = run("seg-coco", "--offline", "--segmentation", form,
                   records=samples)
        coco = load(text)
        ok(differing(coco, masks_of(samples, path_of)) == 0,
           f"{form}: annToMask is the bitmap, area and bbox are its")
        for kind in ("segm", "bbox"):
            ok(precision(coco, kind) == 1, f"{form}: {kind} AP of itself is 1")
        objects = [(a["segmentation"], coco.imgs[a["image_id"]])
                   for a in coco.anns.values()]
        ok(all(rle.area(rle.frPyObjects(s, i["height"], i["width"])).sum() > 0
               for s, i in objects if not isinstance(s, dict)
               or not isinstance(s["counts"], str)),
           f"{form}: frPyObjects takes it, where it is for such")
    crowds = [a["iscrowd"] for a in coco.anns.values()]
    ok(sum(crowds) == 1, "the crowd is one")
    with contextlib.redirect_stdout(io.StringIO()) as shown:
        coco.info()
    ok("description: donuts" in shown.getvalue(), "info() has its members")
    ok(len(coco.getCatIds(supNms=[""])) == 3, "getCatIds takes supercategories")
    none = load(run("seg-coco", "--offline", "--segmentation", "none",
                    records=samples))
    ok(precision(none, "bbox") == 1, "none: bbox AP of itself is 1")
    ok(load(run("seg-coco")).getImgIds() == [], "a file of no records loads")
    zero = samples.replace(b'"id":4,"name"', b'"id":0,"name"').replace(
        b'"category_id":4', b'"category_id":0')
    for ids in ("keep", "contiguous"):
        coco = load(run("seg-coco", "--offline", "--category-ids", ids,
                        records=zero))
        ok(precision(coco, "segm") == 1 and
           (0 in coco.cats) == (ids == "keep"),
           f"category ids {ids}: AP of itself is 1")


def test_drawn():
    shapes = [
        {"category_id": 1, "type": "point", "points": [[7.5, 2]]},
        {"category_id": 1, "type": "point", "points": [[30, 20]]},
        {"category_id": 2, "type": "bbox", "points": [[9, 9], [3, 4]]},
        {"category_id": 3, "type": "polygon",
         "points": [[1, 1], [20.5, 3], [8, 17.25]]},
        {"category_id": 2, "type": "polyline", "points": [[1, 1], [5, 1]]},
    ]
    names = ("nose", "box", "leaf")
    record = {
        "name": "a.png",
        "attributes": {"image": {"width": 40, "height": 30}},
        "label": {"attributes": {"annotations": shapes}},
        "release": {"name": "v1", "dataset": "d", "categories": [
            {"id": i + 1, "name": name} for i, name in enumerate(names)]},
    }
    coco = load(run("seg-coco", records=json.dumps(record).encode()))
    ok(precision(coco, "bbox") == 1, "drawn: bbox AP of itself is 1")
    ok(precision(coco, "keypoints", [0.1]) == 1,
       "drawn: keypoint AP of itself is 1")
    leaf = next(a for a in coco.anns.values() if a["category_id"] == 3)
    encoded = coco.annToRLE(leaf)
    ok(abs(rle.area(encoded) - leaf["area"]) < 10,
       "drawn: a polygon covers what we say it does")


def scribble(i, random):
    """A bitmap of up to three instances, in one of five manners."""
    manner = i % 5
    large = i % 101 == 0 and manner in (1, 2)
    height, width = random.integers(1, 301 if large else 41, 2)
    if i % 9 < 3:
        height, width = ((1, width), (height, 1), (1, 1))[i % 9]
    ids = random.choice([0, 1, 2, 70000], size=(height, width))
    if manner == 0:
        ids = np.indices((height, width)).sum(0) % 2 + 1
    elif manner == 1:
        ids[:] = 1
    elif manner == 2:
        lump = random.integers(3, 19, 2)
        ids = np.kron(ids, np.ones(lump, int))[:height, :width]
    else:
        ids[random.random(ids.shape) < random.random()] = 0
    return ids.astype(np.uint32)


def write_bitmap(path, ids):
    pixels = np.stack([ids & 255, ids >> 8 & 255, ids >> 16,
                       np.full_like(ids, 255)], -1).astype(np.uint8)
    Image.fromarray(pixels, "RGBA").save(path, compress_level=1)


def write_scribbles(count):
    """Records whose bitmaps are scribbles, and the bitmaps."""
    random = np.random.default_rng(SEED)
    lines, bitmaps = [], []
    for i in range(count):
        ids = scribble(i, random)
        path = os.path.join(SCRATCH, "scribbles", f"{i}.png")
        write_bitmap(path, ids)
        bitmaps.append(ids)
        annotations = [{"id": int(n)} for n in np.unique(ids) if n]
        lines.append(json.dumps({"index": i, "label": {"attributes": {
            "annotations": annotations,
            "segmentation_bitmap": {"path": path}}}, "release": {}}))
    return "\n".join(lines).encode(), bitmaps


def test_scribbles():
    os.mkdir(os.path.join(SCRATCH, "scribbles"))
    records, bitmaps = write_scribbles(5500)
    forms = [run("seg-decode", "--segmentation", form, records=records)
             for form in ("rle", "counts", "polygon")]
    masks, wrong = 0, [0, 0, 0, 0]
    for ids, *lines in zip(bitmaps, *(form.splitlines() for form in forms)):
        found = [json.loads(line)["label"]["attributes"]["annotations"]
                 for line in lines]
        for ours, counts, polygon in zip(*found):
            mask = ids == ours["id"]
            theirs = rle.encode(np.asfortranarray(mask.astype(np.uint8)))
            size = theirs["size"]
            masks += 1
            wrong[0] += ours["segmentation"] != {
                "size": size, "counts": theirs["counts"].decode()}
            wrong[1] += rle.frPyObjects(
                counts["segmentation"], *size) != theirs
            wrong[2] += rle.merge(rle.frPyObjects(
                polygon["segmentation"], *size)) != theirs
            wrong[3] += (ours["area"] != rle.area(theirs) or
                         ours["bbox"] != list(rle.toBbox(theirs)))
    ok(masks >= 10000, f"{masks} masks at random (seed {SEED})")
    ok(wrong[0] == 0, "rle: every string is pycocotools' own")
    ok(wrong[1] == 0, "counts: it reads the same mask")
    ok(wrong[2] == 0, "polygon: it fills the same mask")
    ok(wrong[3] == 0, "area and bbox are what it computes")


try:
    test_demo()
    test_drawn()
    test_scribbles()
finally:
    shutil.rmtree(SCRATCH)
print(f"1..{len(verdicts)}")
sys.exit(not all(verdicts))
