#!/usr/bin/env bash
# tests/bench/converters.sh [SAMPLES]: a release of SAMPLES (2,000) images with
# some 15,000 polygons becomes a YOLO data set, boxes and outlines: by seg-yolo
# from the release itself, and by converters that begin with the COCO file that
# seg-coco makes of it. Each needs its package in a Python, PYTHON or that of
# the judges; those that are missing are named (pip install supervision globox
# pylabel datumaro). Nothing here is a test.

SEGTOOLS_SECONDS=${SEGTOOLS_SECONDS-3000}
export SEGTOOLS_SECONDS
. "${0%/*}/../lib.sh"
need perl

samples=${1-2000}
python=${PYTHON-$ROOT/build/judges/bin/python3}
[ -x "$python" ] || python=python3

# One image under many names, and a release with wavy outlines upon them.
mkdir images
perl -e 'print pack "V*", (1) x (640 * 480)' | mkpng -w 640 > image.png
for i in $(seq "$samples"); do
	ln image.png "images/$i.png"
done
perl -e '
	srand 5;
	my $id = 0;
	my @samples = map {
		my $image = $_;
		my @shapes = map {
			my ($cx, $cy) = (100 + rand 440, 100 + rand 280);
			my ($r, $waves) = (20 + rand 70, 3 + int rand 6);
			my @points = map {
				my $angle = 6.2831853 * $_ / 60;
				my $far = $r * (1 + 0.1 * sin($waves * $angle));
				sprintf "[%.2f,%.2f]", $cx + $far * cos $angle,
					$cy + $far * sin $angle
			} 0 .. 59;
			sprintf q({"id":%d,"category_id":%d,"type":"polygon","points":[%s]}),
				++$id, 1 + int rand 80, join ",", @points
		} 1 .. 4 + int rand 8;
		sprintf q({"uuid":"u%d","name":"%d.png","attributes":{"image":{"url":)
			. q("images/%d.png"}},"labels":{"ground-truth":{"label_status":)
			. q("REVIEWED","attributes":{"annotations":[%s]}}}}),
			$image, $image, $image, join ",", @shapes
	} 1 .. $ARGV[0];
	printf q({"name":"v1","dataset":{"name":"waves","task_type":"vector",)
		. q("task_attributes":{"format_version":"0.1","categories":[%s]},)
		. q("labelsets":[{"name":"ground-truth"}],"samples":[%s]}}),
		join(",", map qq({"id":$_,"name":"c$_"}), 1 .. 80),
		join ",\n", @samples' "$samples" > release.json

export PATH
exec "$python" "$ROOT/tests/bench/converters_bench.py"
