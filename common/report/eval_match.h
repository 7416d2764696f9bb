/*
 * Which predicted objects of an image are which of its true ones, by the rules
 * of COCO's detection challenge (cocodataset.org, "Detection Evaluation", as
 * pycocotools 2.0.11 has them), at ten thresholds of IoU and for up to four
 * ranges of area.
 *
 * Predictions of a category are taken by score, the best first, up to a number
 * an image. Each takes the true object that it overlaps most, at the threshold
 * or above, among those not taken; a crowd may be taken many times. True
 * objects that are ignored (a crowd, out of the range of area) are taken only
 * where no other one can be, and count neither way; nor does a prediction that
 * took such a one, or that took none and is out of the range itself.
 *
 * Unlike the reference, an annotation whose id is 0 counts as any other.
 */
#ifndef EVAL_MATCH_H
#define EVAL_MATCH_H

#include "base/buf.h"
#include "image/instance.h"

/* What is compared; from EVAL_PANOPTIC on it is pixels (eval_pixels.h). */
enum eval_iou {
	EVAL_BBOX,
	EVAL_SEGM,
	EVAL_KEYPOINTS,
	EVAL_PANOPTIC,
	EVAL_SEMANTIC,
};

enum {
	EVAL_THRESHOLDS = 10, /* 0.50, 0.55 to 0.95 */
	EVAL_RANGES = 4,      /* all, small, medium, large */
	EVAL_SIGMAS = 1024,   /* keypoints that an object may have */
	EVAL_PERSON = 17,     /* those of COCO's persons */
};

/* The IoU thresholds, as numpy's linspace gives them. */
extern const double eval_thresholds[EVAL_THRESHOLDS];

/* The standard deviations of the points of COCO's persons. */
extern const double eval_person_sigmas[EVAL_PERSON];

/* A true or a predicted object. */
struct eval_object {
	uint32_t category;           /* a number below the categories' count */
	bool crowd;                  /* of a true one */
	bool ignored;                /* of a true one, by its own flags */
	double area;                 /* pixels, as its file or label tells */
	double score;                /* of a prediction */
	double box[4];               /* x, y, w, h */
	const struct instance *mask; /* for EVAL_SEGM */
	const double *keypoints;     /* for EVAL_KEYPOINTS: x, y, v of each */
	int64_t id;                  /* for eval_pair */
};

struct eval_rules {
	enum eval_iou iou;
	unsigned most;        /* predictions a category and image */
	size_t keypoints;     /* points of an object */
	const double *sigmas; /* of each */
	bool void_counts;     /* see eval_quality.h */
};

/* A prediction that was among the best of its category and image. */
struct eval_hit {
	double score;
	uint32_t category;
	uint16_t rank;                 /* in its image, from 0 */
	uint16_t matched[EVAL_RANGES]; /* a bit for each threshold */
	uint16_t ignored[EVAL_RANGES];
};

/* True objects of a category in an image that count in each range. */
struct eval_truths {
	uint32_t category;
	uint32_t count[EVAL_RANGES];
};

/* A prediction (or NONE) and the true object that it took (or NONE) at 0.5. */
struct eval_pair {
	int64_t truth, prediction;
	bool has_truth, has_prediction;
	uint32_t category;
	double iou, score;
};

/* What came of an image. A zeroed one is empty; its memory is kept. */
struct eval_image {
	struct eval_hit *hits; /* by category, then rank */
	size_t hit_count, hit_room;
	struct eval_truths *truths;
	size_t truth_count, truth_room;
	struct eval_pair *pairs;
	size_t pair_count, pair_room;
};

void eval_image_release(struct eval_image *image);

/* Appends a pair. */
void eval_image_add(struct eval_image *image, struct eval_pair pair);

/* Each thread has its own. The rules are borrowed. */
struct eval_matcher;

struct eval_matcher *eval_matcher_open(const struct eval_rules *rules);
/* Takes NULL. */
void eval_matcher_close(struct eval_matcher *matcher);

/*
 * Matches the objects of one image, which it sorts by category, true ones in
 * the order they came in, and fills in what came of it.
 */
void eval_match(struct eval_matcher *matcher, struct eval_object *truths,
		size_t truth_count, struct eval_object *predictions,
		size_t prediction_count, struct eval_image *image);

#endif
