"""seg-eval beside pycocotools and faster-coco-eval, in one run: 2,000 images,
about 14,700 true masks and 36,700 found ones.

    eval_bench.py SEG_EVAL

Prints seconds of whole processes, the median of three, their ratio to
seg-eval's, the processor's seconds and the most memory; what threads gain, of
files and of records; and of pixels, the memory that a stream of many images
takes.
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


STREAM = """
import json, sys
box = lambda i, x: {'id': i, 'category_id': 1 + i % 3, 'area': 30,
                    'bbox': [x, 3, 5, 6], 'segmentation':
                    [[x, 3, x + 5, 3, x + 5, 9, x, 9]], 'iscrowd': 0}
head = {'attributes': {'image': {'width': 64, 'height': 48}}}
release = {'categories': [{'id': i, 'name': str(i)} for i in (1, 2, 3)]}
labels = [json.dumps({**head, 'label': {'attributes': {'annotations':
          [box(i, 9 * i + d) for i in range(6)]}},
          'release': {'labelset': s, **release}})[1:]
          for s, d in (('a', 0), ('b', 1))]
for i in range(int(sys.argv[1])):
    print(f'{{"index":{i},"name":"{i}.png",{labels[0]}')
    print(f'{{"index":{i},"name":"{i}.png",{labels[1]}')
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


def once(command, stdin=None):
    """Seconds, the processor's seconds, and MB of one run. Python would count
    its own memory as that of what it starts; the tool of the tests does not."""
    with tempfile.NamedTemporaryFile() as peak:
        start = time.perf_counter()
        process = subprocess.Popen([PEAK, peak.name, *command], stdin=stdin,
                                   stdout=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        spent = time.perf_counter() - start
        if status:
            sys.exit(f'{command[0]}: status {status}')
        return (spent, usage.ru_utime + usage.ru_stime,
                int(open(peak.name).read()) / 1024)


def figures(*command):
    return [statistics.median(f) for f in zip(*(once(command)
                                                for _ in range(3)))]


def told(f):
    return f'{f[0]:.3f} s, {f[1]:.3f} of a processor, {f[2]:.0f} MB'


def stream(program, count):
    """The two records of `count` images, 6 objects each."""
    maker = subprocess.Popen([sys.executable, '-c', STREAM, str(count)],
                             stdout=subprocess.PIPE)
    got = once([program, '-q', '--predicted', 'b', '--truth', 'a', '--iou',
                'panoptic'], maker.stdout)
    maker.stdout.close()
    maker.wait()
    print(f'panoptic, {count} images in a stream: {told(got)}')


def scale(program, count):
    """Records from a file, with one thread and with all."""
    with open('records', 'w') as records:
        subprocess.run([sys.executable, '-c', STREAM, str(count)],
                       stdout=records, check=True)
    for kind in ('segm', 'panoptic', 'semantic'):
        command = [program, '-q', '--predicted', 'b', '--truth', 'a', '--iou',
                   kind, 'records']
        print_threads(f'{kind}, records of {count} images',
                      figures(*command), figures(*command, '-j1'))


def print_threads(what, ours, one):
    print(f'{what}: seg-eval {told(ours)}')
    print(f'{what}: seg-eval -j1 {told(one)}: all of '
          f'{len(os.sched_getaffinity(0))} processors are '
          f'{one[0] / ours[0]:.2f} times as fast')


def main(program):
    with tempfile.TemporaryDirectory() as directory:
        make(directory)
        os.chdir(directory)
        for kind in ('segm', 'bbox'):
            ours = figures(program, '-q', '--coco', 'truth.json', '--iou',
                           kind, 'found.json')
            one = figures(program, '-q', '-j1', '--coco', 'truth.json',
                          '--iou', kind, 'found.json')
            print_threads(kind, ours, one)
            for name in ('pycocotools', 'faster'):
                theirs = figures(sys.executable, '-c', REFERENCE, name,
                                 'truth.json', 'found.json', kind)
                print(f'{kind}: {name} {told(theirs)}, '
                      f'{theirs[0] / ours[0]:.1f} times')
        scale(program, 20000)
        for count in (1000, 100000):
            stream(program, count)


if __name__ == '__main__':
    PEAK = os.path.join(os.path.dirname(os.path.abspath(sys.argv[1])),
                        'tests/tools/peak')
    main(os.path.abspath(sys.argv[1]))
