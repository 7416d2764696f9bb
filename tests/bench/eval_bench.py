"""seg-eval beside pycocotools and faster-coco-eval, in one run: 2,000 images,
about 14,700 true masks and 36,700 found ones.

    eval_bench.py SEG_EVAL

Prints seconds of whole processes, the median of three, and their ratio to
seg-eval's.
"""
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time

import numpy as np
from pycocotools import mask as masks

REFERENCE = """
import sys
if sys.argv[1] == 'pycocotools':
    from pycocotools.coco import COCO
    from pycocotools.cocoeval import COCOeval
else:
    from faster_coco_eval import COCO, COCOeval_faster as COCOeval
t = COCO(sys.argv[2])
e = COCOeval(t, t.loadRes(sys.argv[3]), sys.argv[4])
e.evaluate(); e.accumulate(); e.summarize()
"""


def blob(r, h, w):
    y, x = np.ogrid[:h, :w]
    cy, cx = r.uniform(0, h), r.uniform(0, w)
    a, b, n = r.uniform(8, 90), r.uniform(8, 90), r.randint(2, 9)
    angle = np.arctan2(y - cy, x - cx)
    ripple = 1 + .2 * np.sin(n * angle)
    mask = ((x - cx) / a) ** 2 + ((y - cy) / b) ** 2 < ripple
    return mask.astype(np.uint8)


def encode(mask):
    rle = masks.encode(np.asfortranarray(mask))
    area = float(masks.area(rle))
    box = [float(v) for v in masks.toBbox(rle)]
    rle['counts'] = rle['counts'].decode()
    return rle, area, box


def make(directory):
    r = random.Random(1)
    h, w = 480, 640
    truth = {'images': [], 'annotations': [],
             'categories': [{'id': i, 'name': str(i)} for i in range(1, 81)]}
    found = []
    pool = [encode(blob(r, h, w)) for _ in range(4000)]
    pool = [p for p in pool if p[1] > 0]
    for image in range(1, 2001):
        truth['images'].append({'id': image, 'height': h, 'width': w})
        for _ in range(r.randint(3, 11)):
            rle, area, box = r.choice(pool)
            category = r.randint(1, 80)
            truth['annotations'].append(
                {'id': len(truth['annotations']) + 1, 'image_id': image,
                 'category_id': category, 'segmentation': rle, 'area': area,
                 'bbox': box, 'iscrowd': 0})
            for _ in range(r.randint(1, 4)):
                rle = rle if r.random() < .5 else r.choice(pool)[0]
                found.append({'image_id': image, 'category_id': category,
                              'segmentation': rle, 'score': r.random()})
    json.dump(truth, open(f'{directory}/truth.json', 'w'))
    json.dump(found, open(f'{directory}/found.json', 'w'))
    print(len(truth['annotations']), 'true masks,', len(found), 'found')


def seconds(*command):
    times = []
    for _ in range(3):
        start = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def main(program):
    with tempfile.TemporaryDirectory() as directory:
        make(directory)
        os.chdir(directory)
        for kind in ('segm', 'bbox'):
            ours = seconds(program, '-q', '--coco', 'truth.json', '--iou', kind,
                           'found.json')
            one = seconds(program, '-q', '-j1', '--coco', 'truth.json', '--iou',
                          kind, 'found.json')
            print(f'{kind}: seg-eval {ours:.3f} s; -j1 {one:.3f} s')
            for name in ('pycocotools', 'faster'):
                theirs = seconds(sys.executable, '-c', REFERENCE, name,
                                 'truth.json', 'found.json', kind)
                print(f'{kind}: {name} {theirs:.3f} s, {theirs / ours:.1f} times')


if __name__ == '__main__':
    main(os.path.abspath(sys.argv[1]))
