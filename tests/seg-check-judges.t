#!/usr/bin/env bash
# seg-check on label files beside ultralytics' own function, which takes or
# rejects an image; see check_ultralytics.py.

. "${0%/*}/lib.sh"
need_judge numpy cv2 PIL yaml ultralytics

exec "$PYTHON" -B "$ROOT/tests/check_ultralytics.py"
