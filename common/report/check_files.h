/*
 * Finished data sets judged, whoever wrote them. What is wrong leaves as
 * findings, in the order in which it stands in the files.
 */
#ifndef CHECK_FILES_H
#define CHECK_FILES_H

#include "report/check.h"

/* Who takes findings. */
struct check_sink {
	const struct check_options *options;
	struct buf *findings;        /* lines, behind one another */
	void (*take)(void *context); /* empties these, now and then */
	void *context;
	uint64_t judged; /* annotations, segments or rows that were looked at */
};

/*
 * A COCO file of instances or keypoints, or a list of results ("-": stdin);
 * `images` is the directory that has the images, or NULL: then these are not
 * looked at. The file is read twice, and what is kept of it is 40 bytes and
 * the name of each image, and 22 to 42 bytes of an annotation. 0, or -1 with
 * the message said where it cannot be read or is not JSON.
 */
int check_coco(struct check_sink *sink, const char *path, const char *images);
/*
 * Likewise a panoptic file, whose PNGs are in the directory `pngs`; each is
 * read once, as seg-decode reads a bitmap.
 */
int check_panoptic(struct check_sink *sink, const char *path, const char *pngs,
		   const char *images);
/*
 * A YOLO data set by its data.yaml: its parts, each image, each label file or
 * mask. What is kept are some 40 bytes of an image, and the names in one
 * directory.
 */
int check_yolo(struct check_sink *sink, const char *path);

#endif
