"""seg-yolo beside converters that people know, on release.json and images/ of
this folder. Prints the processor's seconds, the median of three of ours and
one of theirs, how many times ours that is, and the most memory."""
import importlib.util
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile

COCO = ('seg-samples -q release.json | seg-coco -q --base . '
        '--segmentation polygon -o coco.json')
OURS = ('seg-samples -q release.json | seg-yolo -q --base . --task {} '
        '-t out --link none')

# What each takes to write the labels of coco.json to out/; none is asked for
# more, such as copies of the images.
THEIRS = {
    ('supervision', 'detect'): """
import supervision
supervision.DetectionDataset.from_coco('images', 'coco.json'
    ).as_yolo(annotations_directory_path='out')
""",
    ('pylabel', 'segment'): """
from pylabel import importer
importer.ImportCoco('coco.json', path_to_images='images').export.ExportToYoloV5(
    output_path='out/labels', segmentation=True)
""",
    ('pylabel', 'detect'): """
from pylabel import importer
importer.ImportCoco('coco.json', path_to_images='images').export.ExportToYoloV5(
    output_path='out/labels')
""",
    ('globox', 'detect'): """
from pathlib import Path
from globox import AnnotationSet
found = AnnotationSet.from_coco('coco.json')
found.save_yolo_v5(Path('out'), label_to_id={
    name: i for i, name in enumerate(sorted(found._labels()))})
""",
    ('datumaro', 'segment'): """
from datumaro import Dataset
Dataset.import_from('in', 'coco').export('out', 'yolo_ultralytics')
""",
}


def once(command):
    """The processor's seconds and MB of one run, all it starts included."""
    shutil.rmtree('out', ignore_errors=True)
    with tempfile.NamedTemporaryFile() as said:
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL,
                                   stderr=said)
        _, status, usage = os.wait4(process.pid, 0)
        if status:
            sys.exit(open(said.name).read()[-2000:])
        return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def figures(command, runs):
    return [statistics.median(f) for f in zip(*(once(command)
                                                for _ in range(runs)))]


def lay_out():
    """The folders that datumaro looks for; it wants two parts."""
    os.makedirs('in/annotations')
    os.symlink('../images', 'in/images')
    os.symlink('../../coco.json', 'in/annotations/instances_train.json')
    with open('coco.json') as coco:
        none = {**json.load(coco), 'images': [], 'annotations': []}
    with open('in/annotations/instances_val.json', 'w') as part:
        json.dump(none, part)


def main():
    seconds, _ = figures(['sh', '-c', COCO], 3)
    print(f'the release to coco.json, which the others begin with: '
          f'{seconds:.2f} s')
    lay_out()
    for task in ('detect', 'segment'):
        ours = figures(['sh', '-c', OURS.format(task)], 3)
        print(f'{task}: seg-samples | seg-yolo {ours[0]:.2f} s')
        for (name, what), program in THEIRS.items():
            if what != task:
                continue
            if not importlib.util.find_spec(name):
                print(f'{task}: {name} is not installed')
                continue
            theirs = once([sys.executable, '-c', program])
            print(f'{task}: {name} {theirs[0]:.2f} s, {theirs[1]:.0f} MB, '
                  f'{theirs[0] / ours[0]:.0f} times')


if __name__ == '__main__':
    main()
