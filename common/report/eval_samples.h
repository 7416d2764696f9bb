/*
 * The evaluation of records: the labels of two labelsets of one sample, which
 * stand in records one after the other (seg-samples --all-labelsets), are the
 * truth and the prediction. Samples are compared some at a time, by several
 * threads; what comes of it is the same for any number of them.
 */
#ifndef EVAL_SAMPLES_H
#define EVAL_SAMPLES_H

#include "record/record.h"
#include "report/eval_coco.h"

struct eval_samples_options {
	const char *truth, *predicted; /* labelsets */
	const char *by; /* a path whose values are apart, or NULL */
	bool labellers; /* who made the two labels, instead */
	struct eval_rules rules;
	const unsigned *most; /* EVAL_MOST limits of predictions an image */
	unsigned jobs;        /* threads */
	/*
	 * What is put: a line for each image that was compared, or the records,
	 * those of other labelsets and those with `error`, too; or nothing.
	 */
	bool per_image, pass;
	/* Takes whole lines in the order of the samples. */
	void (*put)(void *context, struct slice lines);
	void *context;
};

/* What is apart: a value of `by`, or all. */
struct eval_group {
	struct buf key; /* as text */
	struct eval_totals totals;
};

struct eval_samples;

/* The options are borrowed. */
struct eval_samples *
eval_samples_open(const struct eval_samples_options *options);
/* Takes NULL. */
void eval_samples_close(struct eval_samples *samples);

/*
 * Takes the next record, which is decoded, its label whole JSON. One with
 * `error` is no label. NULL, or why the record cannot be taken, borrowed.
 */
const char *
eval_samples_add(struct eval_samples *samples, const struct record *record);
/* Compares what has not been; what follows is asked after that. */
void eval_samples_end(struct eval_samples *samples);

/* What came of it: groups in the order they came, the first one all. */
size_t
eval_samples_groups(struct eval_samples *samples, struct eval_group **groups);
/* The categories, in the order they came. */
const struct coco_input *eval_samples_file(const struct eval_samples *samples);

/* The labelsets that came, as JSON writes them, with commas; not all of many.
 */
struct slice eval_samples_labelsets(const struct eval_samples *samples);

/* Samples that could not be compared, by what they lack. */
struct eval_unpaired {
	uint64_t without_truth, without_prediction, twice, other_size;
};

const struct eval_unpaired *
eval_samples_unpaired(const struct eval_samples *samples);
const struct eval_left_out *
eval_samples_left_out(const struct eval_samples *samples);

#endif
