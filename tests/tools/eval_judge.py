"""seg-eval against pycocotools, on random data with crowds, ties, empty images,
areas at the limits, more than 100 detections, duplicate scores; against
panopticapi and numpy on random maps with void and crowds.

    eval_judge.py DIR SEED ...

Prints TAP: for each seed and kind of IoU the summary figures, those of each
category, and the precision at each recall must be those of COCOeval to 1e-12.
"""
import contextlib
import io
import json
import random
import subprocess
import sys

import numpy as np
from panopticapi.evaluation import pq_compute_single_core
from PIL import Image
from pycocotools import mask as masks
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

NAMES = ['AP', 'AP50', 'AP75', 'APs', 'APm', 'APl',
         'AR1', 'AR10', 'AR100', 'ARs', 'ARm', 'ARl']
POINT_NAMES = ['AP', 'AP50', 'AP75', 'APm', 'APl',
               'AR', 'AR50', 'AR75', 'ARm', 'ARl']


def random_mask(r, h, w):
    mask = np.zeros((h, w), np.uint8, order='F')
    for _ in range(r.randint(1, 3)):
        x, y = r.randrange(w), r.randrange(h)
        s = r.choice([3, 8, 16, 32, 32, 40, 60, 96])
        mask[y:y + s, x:x + s] = 1
    if r.random() < .3:
        mask[r.randrange(h)::2] = 0
    if not mask.any():
        mask[0, 0] = 1
    return mask


def encode(r, mask, counts=True):
    """An RLE as a string or, if so allowed, as a list of counts."""
    rle = masks.encode(np.asfortranarray(mask))
    rle['counts'] = rle['counts'].decode()
    if not counts or r.random() < .5:
        return rle
    flat = mask.flatten(order='F')
    change = np.flatnonzero(np.diff(flat)) + 1
    edges = np.concatenate([[0], change, [flat.size]])
    counts = np.diff(edges).tolist()
    return {'size': rle['size'], 'counts': [0] + counts if flat[0] else counts}


def box_of(mask):
    ys, xs = np.nonzero(mask)
    return [float(xs.min()), float(ys.min()),
            float(xs.max() - xs.min() + 1), float(ys.max() - ys.min() + 1)]


def points(r, box):
    out = []
    for _ in range(17):
        v = r.choice([0, 1, 2, 2])
        out += [box[0] + r.random() * box[2], box[1] + r.random() * box[3], v] \
            if v else [0, 0, 0]
    return out


def make(seed):
    r = random.Random(seed)
    h, w = 120, 150
    truth = {'info': {}, 'images': [], 'annotations': [],
             'categories': [{'id': i, 'name': f'c{i}'} for i in (1, 3, 7, 90)]}
    found = []
    for image in r.sample(range(1, 1000), 30):
        truth['images'].append(
            {'id': image, 'width': w, 'height': h, 'file_name': f'{image}'})
        many = r.random() < .1
        for _ in range(r.choice([0, 1, 3, 6])):
            mask = random_mask(r, h, w)
            area = int(mask.sum())
            if r.random() < .2:
                area = r.choice([1024, 9216, 1023.5])
            box = box_of(mask)
            p = points(r, box)
            truth['annotations'].append(
                {'id': len(truth['annotations']) + 1, 'image_id': image,
                 'category_id': r.choice([1, 3, 7]), 'bbox': box, 'area': area,
                 'segmentation': encode(r, mask), 'keypoints': p,
                 'num_keypoints': sum(v > 0 for v in p[2::3]),
                 'iscrowd': int(r.random() < .15)})
            for _ in range(r.choice([0, 1, 1, 2])):
                near = np.roll(mask, r.randrange(-3, 4), r.randrange(2))
                found.append((image, truth['annotations'][-1]['category_id'],
                              near, p))
        for _ in range(130 if many else r.choice([0, 1, 4])):
            mask = random_mask(r, h, w)
            found.append((image, 1 if many else r.choice([1, 3, 7, 90]), mask,
                          points(r, box_of(mask))))
    r.shuffle(found)
    results = []
    for image, category, mask, p in found:
        p = [c + (r.random() * 4 - 2 if i % 3 < 2 else 0)
             for i, c in enumerate(p)]
        results.append({'image_id': image, 'category_id': category,
                        'segmentation': encode(r, mask, seed % 2 > 0),
                        'keypoints': p,
                        'score': r.choice([.1, .25, .5, r.random()])})
        if seed % 2:
            results[-1]['bbox'] = box_of(mask)
    return truth, results


def quiet(work, *args):
    with contextlib.redirect_stdout(io.StringIO()):
        return work(*args)


def reference(truth_file, results_file, kind):
    truth = quiet(COCO, truth_file)
    results = quiet(truth.loadRes, results_file)
    judge = COCOeval(truth, results, kind)
    quiet(judge.evaluate)
    quiet(judge.accumulate)
    quiet(judge.summarize)
    by_category, curves = {}, []
    for k, category in enumerate(judge.params.catIds):
        p = judge.eval['precision'][:, :, k, 0, -1]
        by_category[category] = p[p > -1].mean() if (p > -1).any() else None
        curves += [(f'c{category}', t, r, p[i, j])
                   for i, t in enumerate(judge.params.iouThrs)
                   for j, r in enumerate(judge.params.recThrs)
                   if p[i, j] > -1]
    return judge.stats, by_category, curves


def same(ours, theirs):
    if theirs is None or theirs == -1:
        return ours is None
    return ours is not None and abs(ours - theirs) < 1e-12


def curves_differ(path, theirs):
    """The first row in which a table of curves is not the reference's."""
    with open(path) as file:
        rows = [line.rstrip('\n').split('\t') for line in file][1:]
    if len(rows) != len(theirs):
        return [('rows', len(rows), len(theirs))]
    return [(row, wanted) for row, wanted in zip(rows, theirs)
            if row[0] != wanted[0]
            or any(abs(float(a) - float(b)) > 1e-12
                   for a, b in zip(row[1:], wanted[1:]))][:1]


def random_map(r, h, w, near=None):
    """Ids of segments, 0 is void, and the category of each."""
    labels = np.zeros((h, w), np.uint32) if near is None else near.copy()
    first = int(labels.max()) + 1
    for i in range(first, first + r.randint(1, 8)):
        x, y = r.randrange(w), r.randrange(h)
        labels[y:y + r.randint(5, 60), x:x + r.randint(5, 60)] = i
    if near is not None:
        labels = np.roll(labels, r.randrange(-2, 3), r.randrange(2))
    return labels


def segments(r, labels, category_of):
    out = []
    for i in np.unique(labels):
        if i == 0:
            continue
        category_of.setdefault(int(i), r.choice([1, 3, 7]))
        out.append({'id': int(i), 'category_id': category_of[int(i)],
                    'area': int((labels == i).sum()),
                    'iscrowd': int(r.random() < .15)})
    return out


def instances(sides, side):
    """A COCO file's annotations of the maps on one side: each mask goes on
    below those that come later, and so are on top."""
    random_pixels = np.random.default_rng(side)
    out = []
    for image, maps in enumerate(sides, 1):
        labels, infos = maps[side]
        for info in infos:
            hidden = (labels > info['id']) & \
                (random_pixels.random(labels.shape) < .3)
            rle = masks.encode(np.asfortranarray(
                (labels == info['id']) | hidden))
            rle['counts'] = rle['counts'].decode()
            out.append({**info, 'id': len(out) + 1, 'image_id': image,
                        'segmentation': rle, 'score': 1})
    return out


def make_maps(seed):
    r = random.Random(seed)
    h, w = 110, 90
    sides = []
    for _ in range(20):
        category_of = {}
        truth = random_map(r, h, w)
        found = random_map(r, h, w, truth)
        found_infos = segments(r, found, category_of)
        for info in found_infos:
            info['iscrowd'] = 0
        sides.append(((truth, segments(r, truth, category_of)),
                      (found, found_infos)))
    return h, w, sides


CATEGORIES = {i: {'id': i, 'name': f'c{i}', 'isthing': int(i < 7),
                  'supercategory': '', 'color': [i, i, i]} for i in (1, 3, 7)}


def reference_pq(directory, sides):
    pairs = []
    for image, maps in enumerate(sides, 1):
        for (labels, _), name in zip(maps, ('t', 'f')):
            rgb = np.stack([labels % 256, labels // 256, labels * 0], -1)
            Image.fromarray(rgb.astype(np.uint8)).save(
                f'{directory}/{name}{image}.png')
        pairs.append([{'image_id': image, 'file_name': f'{n}{image}.png',
                       'segments_info': infos}
                      for (_, infos), n in zip(maps, ('t', 'f'))])
    stat = quiet(pq_compute_single_core, 0, pairs, directory, directory,
                 CATEGORIES)
    return {name: quiet(lambda t=thing: stat.pq_average(CATEGORIES, isthing=t))
            for name, thing in (('all', None), ('things', True),
                                ('stuff', False))}


def reference_miou(sides):
    n = {1: 0, 3: 1, 7: 2}
    confusion = np.zeros((4, 4))
    for maps in sides:
        classes = []
        for labels, infos in maps:
            of = np.full(int(labels.max()) + 1, 3)
            for info in infos:
                of[info['id']] = n[info['category_id']]
            classes.append(of[labels])
        np.add.at(confusion, tuple(c.ravel() for c in classes), 1)
    inside = confusion[:3]
    union = inside.sum(1) + inside[:, :3].sum(0) - np.diag(inside)
    iou = np.diag(inside)[union > 0] / union[union > 0]
    return {'miou': iou.mean(), 'accuracy': np.trace(inside) / inside.sum()}


def run(*args):
    lines = subprocess.run(['seg-eval', *args], check=True,
                           capture_output=True).stdout.splitlines()
    return [json.loads(line) for line in lines]


def judge_maps(directory, seed):
    """What differs from panopticapi and numpy, for one seed."""
    h, w, sides = make_maps(seed)
    t, f = f'{directory}/truth.json', f'{directory}/results.json'
    json.dump({'images': [{'id': i + 1, 'width': w, 'height': h}
                          for i in range(len(sides))],
               'annotations': instances(sides, 0),
               'categories': list(CATEGORIES.values())}, open(t, 'w'))
    json.dump(instances(sides, 1), open(f, 'w'))
    ours = run('--coco', t, '--iou', 'panoptic', '--format', 'ndjson', f)
    wrong = []
    for of, (stat, _) in reference_pq(directory, sides).items():
        line = [x for x in ours if x.get('of') == of][0]
        wrong += [(of, k, line[k], float(stat[k])) for k in ('pq', 'sq', 'rq')
                  if not same(line[k], stat[k])]
    line = run('--coco', t, '--iou', 'semantic', '--format', 'ndjson', f)[0]
    wrong += [(k, line[k], float(v)) for k, v in reference_miou(sides).items()
              if not same(line[k], v)]
    return wrong


def main(directory, seeds):
    tests = failed = 0
    for seed in seeds:
        wrong = judge_maps(directory, seed)
        tests += 1
        failed += bool(wrong)
        print('not ok' if wrong else 'ok', tests,
              f'- seed {seed}: PQ is that of panopticapi, mIoU that of numpy')
        for row in wrong[:5]:
            print('#', *row)
    for seed in seeds:
        truth, results = make(seed)
        t, f = f'{directory}/truth.json', f'{directory}/results.json'
        json.dump(truth, open(t, 'w'))
        for kind in ('bbox', 'segm', 'keypoints'):
            if kind == 'keypoints':
                for one in results:
                    one.pop('segmentation', None)
                    one.pop('bbox', None)
            json.dump(results, open(f, 'w'))
            stats, by_category, curves = reference(t, f, kind)
            lines = run('--coco', t, '--iou', kind, '--format', 'ndjson',
                        '--curves', f'{directory}/curves', f)
            names = POINT_NAMES if kind == 'keypoints' else NAMES
            wrong = [(n, lines[0][n], float(v))
                     for n, v in zip(names, stats) if not same(lines[0][n], v)]
            for line in lines[1:]:
                if not same(line['AP'], by_category[line['id']]):
                    wrong.append((line['category'], line['AP'],
                                  by_category[line['id']]))
            wrong += curves_differ(f'{directory}/curves.tsv', curves)
            tests += 1
            failed += bool(wrong)
            print('not ok' if wrong else 'ok', tests,
                  f'- seed {seed}, {kind}: all figures are those of COCOeval')
            for row in wrong[:5]:
                print('#', *row)
    print(f'1..{tests}')
    return failed > 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1], [int(s) for s in sys.argv[2:]]))
