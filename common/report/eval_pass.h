/*
 * Records that were compared, on their way on: with what is wrong with them in
 * `findings`, as seg-check passes records on, and with their `quality`.
 */
#ifndef EVAL_PASS_H
#define EVAL_PASS_H

#include "report/coco_input.h"
#include "report/eval_match.h"

/* The annotations of an image on one side: the count behind `from`. */
struct eval_label {
	const struct coco_input *file;
	size_t from, count;
};

/* What became of a record that is handed on. */
struct eval_passed {
	const struct eval_image *image; /* NULL: it was not compared */
	bool truth, predicted;          /* what the record has */
	struct eval_label truths, predictions;
	const struct coco_category *categories;
};

/* Each thread has its own. */
struct eval_pass;

struct eval_pass *eval_pass_open(void);
/* Takes NULL. */
void eval_pass_close(struct eval_pass *pass);

/*
 * Appends a record's line, a valid one, with what became of it; as it came
 * where it was not compared.
 */
void eval_pass_put(struct eval_pass *pass, struct slice line,
		   const struct eval_passed *what, struct buf *to);

#endif
