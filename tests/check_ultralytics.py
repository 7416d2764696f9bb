"""Label files of one image, sound and broken: what ultralytics rejects,
seg-check calls an error, and nothing else, but for a box without a side, which
ultralytics takes. Prints TAP."""
import json
import random
import subprocess
from pathlib import Path

from PIL import Image

from ultralytics_reader import ok, ultralytics

ROWS = [
    "0 .5 .5 .5 .5", "0 .5 .5 .5", "0 .5 .5 .5 .5 .9", "",
    "0 .1 .1 .2 .1 .2 .2", "0 .1 .1 .2 .1 .2 .2 .1",
    "0 .5 .5 .5 .5\n0 .1 .1 .2 .1 .2 .2", "x .5 .5 .5 .5", "0 .5 .5 .5 nan",
    "0 .5 .5 .5 inf", "0 .5 .5 .5 0x1", "0.5 .5 .5 .5 .5", "-1 .5 .5 .5 .5",
    "2 .5 .5 .5 .5", "0 .5 .5 -.1 .5", "0 1.011 .5 .5 .5", "0 1.01 .5 .5 .5",
    "0 -0.011 .5 .5 .5", "0 -0.01 .5 .5 .5", "0 1.02 .5 .1 .1",
    "0 .1 .1 .2 .1 .2 1.02", "0 .5 .5 .5 .5\n0 .5 .5 .5 .5", "\n\n",
    "1.0 5e-1 .5 .5 .5\r", "1_0 .5 .5 .5 .5", "0 .5\t.5 .5 .5",
    "0 .5 .5 .5 .5,", "1e0 .5 .5 .5 .5", "0 .5 .5 1.5 .5",
    "0 .5 .5 .5 infinity", "+1 .5 .5 .5 .5",
]


def number(r, edge):
    return "%.7f" % r.choice([r.random(), r.uniform(-edge, 1 + edge)])


def rows(seed):
    r = random.Random(seed)
    yield from ROWS
    for _ in range(60):
        yield "1 " + " ".join(number(r, .015) for _ in range(4))
    for _ in range(150):
        points = r.choice([3, 4, 5])
        edge = r.choice([.05, .3])
        yield "0 " + " ".join(number(r, edge) for _ in range(2 * points))


def main():
    seed = random.randrange(1 << 32)
    print("# seed", seed)
    verify = ultralytics()["verify_image_label"]
    image, label = Path("images/train/a.png"), Path("labels/train/a.txt")
    for path in (image, label):
        path.parent.mkdir(parents=True)
    Image.new("RGB", (64, 64)).save(image)
    Path("data.yaml").write_text("train: images/train\nval: images/train\n"
                                 'nc: 2\nnames: ["a", "b"]\n')
    wrong = []
    for text in rows(seed):
        label.write_text(text)
        got = verify((str(image), str(label), "", False, 2, 0, 0, False))
        ours = subprocess.run(["seg-check", "-q", "--yolo", "data.yaml"],
                              capture_output=True, text=True, check=False)
        if (ours.returncode == 1) != (got[0] is None):
            rules = [json.loads(x)["rule"] for x in ours.stdout.splitlines()]
            wrong.append(f"{text!r}: {got[-1]}: {rules}")
    ok(not wrong, "errors are what ultralytics rejects", "\n".join(wrong))
    print("1..1")


if __name__ == "__main__":
    main()
