/* What the files share that judge YOLO data sets. */
#ifndef CHECK_YOLO_PARTS_H
#define CHECK_YOLO_PARTS_H

#include "report/check_files_parts.h"
#include "report/data_yaml.h"

/* The parts of a data set, and what its rows are. */
enum { YOLO_TRAIN, YOLO_VAL, YOLO_TEST, YOLO_PARTS };
enum yolo_kind { YOLO_UNKNOWN, YOLO_BOXES, YOLO_POLYGONS };

extern const char *const yolo_part_keys[YOLO_PARTS];

struct yolo_judge {
	struct file_judge file;
	struct data_yaml yaml;
	struct buf base; /* the directory of data.yaml, with its slash */
	struct buf root; /* where parts begin, likewise */
	struct image_files *files;
	struct bitmap *bitmap; /* for masks */
	size_t classes;
	size_t points, numbers; /* of kpt_shape; 0: there is none */
	struct slice masks;     /* masks_dir, or empty */
	size_t part;
	uint64_t images; /* of the part */
	enum yolo_kind kind;
	bool mixed; /* it has been told of */
	struct hash_set labels, digests[YOLO_PARTS];
	struct buf path; /* of data.yaml */
	struct buf label, text, shown;
};

/* Makes a file at hand, and the image it is of, which may be empty. */
void yolo_show(struct yolo_judge *judge, struct slice file, struct slice image);
/* Judges the images of a part and their labels; `path` is a directory. */
void yolo_judge_directory(struct yolo_judge *judge, struct slice path);
/* Likewise of a file that lists images. */
void yolo_judge_list(struct yolo_judge *judge, struct slice path);
/* Judges the label file in judge->label, of an image. */
void yolo_judge_label(struct yolo_judge *judge, struct slice image);
/* Likewise a mask. */
void yolo_judge_mask(struct yolo_judge *judge, struct slice image,
		     const struct image_facts *facts);

#endif
