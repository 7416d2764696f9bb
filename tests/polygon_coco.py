"""Polygons against pycocotools, the library that reads them."""

import itertools
import json
import os
import subprocess
import sys

try:
    import numpy as np
    from pycocotools import mask as coco
except ImportError as missing:
    print("1..0 # SKIP", missing)
    sys.exit()

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
BIN = os.environ.get("SEGTOOLS_BIN", os.path.join(ROOT, "build"))
OUTLINE = os.path.join(BIN, "tests", "tools", "outline")
SEED = 20091
verdicts = []


def ok(good, name):
    verdicts.append(good)
    print(f"{'ok' if good else 'not ok'} {len(verdicts)} - {name}")


def outline(masks, tolerance):
    """What our polygons of the masks are, and say of themselves."""
    lines = []
    for mask in masks:
        digits = (mask.ravel() + ord("0")).astype(np.uint8).tobytes().decode()
        lines.append(f"{mask.shape[1]} {mask.shape[0]} {tolerance}\n{digits}\n")
    run = subprocess.run([OUTLINE], input="".join(lines), text=True,
                         stdout=subprocess.PIPE, check=True)
    return [json.loads(line) for line in run.stdout.splitlines()]


def rasterise(segmentation, mask):
    """The pixels that pycocotools sees in a polygon."""
    parts = coco.frPyObjects(segmentation, *mask.shape)
    return coco.decode(coco.merge(parts))


def differing(masks):
    """How many masks do not come back from their exact polygon."""
    found = outline(masks, 0)
    wrong = abs(len(found) - len(masks))
    for ours, mask in zip(found, masks):
        back = rasterise(ours["segmentation"], mask)
        wrong += ours["iou"] != 1 or not np.array_equal(back, mask)
    return wrong


def disagreeing(masks, tolerance):
    """How many thinned polygons have another IoU than we say."""
    found = outline(masks, tolerance)
    wrong = abs(len(found) - len(masks))
    for ours, mask in zip(found, masks):
        back = rasterise(ours["segmentation"], mask)
        iou = (back & mask).sum() / (back | mask).sum()
        wrong += ours["iou"] != iou or ours["area"] != back.sum()
    return wrong


def scribbles(count, largest, random):
    """Noise of all densities in lumps of all sizes, and checkerboards."""
    for i in range(count):
        height, width = random.integers(1, largest + 1, 2)
        mask = random.random((height, width)) < random.random() * 1.1
        if i % 10 == 0:
            mask = np.indices((height, width)).sum(0) % 2 == 0
        if i % 3 == 0:
            lump = random.integers(1, 9, 2)
            mask = np.kron(mask, np.ones(lump))[:height, :width] > 0
        if not mask.any():
            mask[0, 0] = True
        yield mask.astype(np.uint8)


random = np.random.default_rng(SEED)
tiny = [np.array(bits, np.uint8).reshape(3, 4)
        for bits in itertools.product((0, 1), repeat=12) if any(bits)]
ok(differing(tiny) == 0, "every mask of 4 x 3 pixels comes back")
small = list(scribbles(8000, 40, random))
ok(differing(small) == 0, f"so do masks of up to 40 x 40 (seed {SEED})")
large = list(scribbles(60, 300, random))
ok(differing(large) == 0, f"and of up to 300 x 300 (seed {SEED})")
for pixels in (0.8, 1, 2.5):
    ok(disagreeing(small[:2000] + large[:10], pixels) == 0,
       f"the IoU we report for --simplify {pixels} is the one it sees")
print(f"1..{len(verdicts)}")
sys.exit(not all(verdicts))
