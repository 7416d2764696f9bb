"""Bitmaps that Pillow wrote, and their masks as pycocotools has them."""

import json
import os
import subprocess
import sys

import numpy as np
from PIL import Image
from pycocotools import mask as coco

SEED = 4711
verdicts = []


def ok(good, name):
    verdicts.append(good)
    print(f"{'ok' if good else 'not ok'} {len(verdicts)} - {name}")


def ids_of(i, random):
    """A map: sparse, full, checkered, a row, a column, or lumps of noise."""
    height, width = random.integers(1, 301 if i % 10 == 0 else 40, 2)
    if i % 11 == 0:
        height = 1
    if i % 13 == 0:
        width = 1
    most = random.integers(2, 20)
    ids = random.integers(0, most, (height, width))
    if i % 5 == 1:
        ids *= random.random((height, width)) < 0.05
    if i % 5 == 2:
        ids[:] = most
    if i % 5 == 3:
        ids = np.indices((height, width)).sum(0) % 2
    if i % 3 == 0:
        lump = random.integers(1, 30, 2)
        ids = np.kron(ids, np.ones(lump, int))[:height, :width]
    return ids


def write(path, ids, i):
    """As RGBA, RGB or grey, with the filters that Pillow finds best."""
    if i % 4 == 0:
        Image.fromarray(ids.astype(np.uint8)).save(path)
        return ids * 0x010101
    ids = ids * (1, 100, 65537 + 256)[i % 3]
    channels = [ids & 255, ids >> 8 & 255, ids >> 16]
    if i % 4 != 1:
        channels.append(np.full_like(ids, 255))
    pixels = np.dstack(channels).astype(np.uint8)
    Image.fromarray(pixels).save(path, optimize=i % 2 == 0)
    return ids


def is_right(ours, mask):
    """Whether all that is said of an instance is what pycocotools says."""
    theirs = coco.encode(np.asfortranarray(mask.astype(np.uint8)))
    theirs["counts"] = theirs["counts"].decode()
    plain = coco.frPyObjects(ours["counts"], *ours["counts"]["size"])
    plain["counts"] = plain["counts"].decode()
    return (ours["rle"] == theirs and plain == theirs and
            ours["area"] == mask.sum() and
            ours["bbox"] == coco.toBbox(theirs).tolist())


def read_instances(paths):
    """For each file what our reader finds in it."""
    run = subprocess.run(["instances"] + paths, text=True, check=True,
                         stdout=subprocess.PIPE)
    found = []
    for line in run.stdout.splitlines():
        if line:
            found.append(json.loads(line))
        else:
            yield found
            found = []


def main(folder):
    random = np.random.default_rng(SEED)
    maps, paths = [], []
    for i in range(2500):
        paths.append(os.path.join(folder, f"{i}.png"))
        maps.append(write(paths[-1], ids_of(i, random), i))
    masks, wrong, files = 0, 0, 0
    for ids, found in zip(maps, read_instances(paths)):
        present = [v for v in np.unique(ids) if v]
        wrong += [ours["id"] for ours in found] != present
        files += 1
        for ours in found:
            wrong += not is_right(ours, ids == ours["id"])
            masks += 1
    ok(files == len(maps) and masks >= 10000, "10000 masks are found")
    ok(wrong == 0, f"{masks} masks are pycocotools' own (seed {SEED})")


main(sys.argv[1])
print(f"1..{len(verdicts)}")
sys.exit(not all(verdicts))
