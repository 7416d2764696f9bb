"""What pycocotools and panopticapi find: run by seg-coco-judges.t."""

import contextlib
import io
import sys

import numpy as np
from panopticapi.evaluation import pq_compute
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval


def tell(good, name):
    print("good" if good else "bad", "-", name)


def keypoint_precision(coco, count):
    """The average precision of a file's keypoints against themselves."""
    found = [dict(a, score=1.0) for a in coco.anns.values()
             if a.get("num_keypoints")]
    evaluation = COCOeval(coco, coco.loadRes(found), "keypoints")
    evaluation.params.kpt_oks_sigmas = np.full(count, 0.1)
    evaluation.params.catIds = [c["id"] for c in coco.cats.values()
                                if "keypoints" in c]
    evaluation.evaluate()
    evaluation.accumulate()
    seen = evaluation.eval["precision"][..., 0, -1]
    return seen[seen > -1].mean(), len(found)


def main(keypoints, panoptic):
    with contextlib.redirect_stdout(io.StringIO()):
        coco = COCO(keypoints)
        precision, count = keypoint_precision(coco, 3)
        result = pq_compute(f"{panoptic}/panoptic.json",
                            f"{panoptic}/panoptic.json",
                            f"{panoptic}/panoptic", f"{panoptic}/panoptic")
    tell(precision == 1 and count > 100, "keypoint AP of itself is 1")
    tell(coco.cats[4]["keypoints"] == ["nose", "left_eye", "right_eye"],
         "a category has its keypoints")
    tell(result["All"]["pq"] == 1, "PQ of itself is 1")
    tell(result["Things"]["n"] > 0 and result["Stuff"]["n"] > 0,
         "there are things and stuff")


main(*sys.argv[1:])
