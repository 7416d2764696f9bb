/* An evaluation of two COCO files with several threads. */
#ifndef EVAL_JOBS_H
#define EVAL_JOBS_H

#include "report/eval_coco.h"

/*
 * Runs all images with so many threads and adds them to `totals` in their
 * order, whatever the number. `see` puts what is to be said of an image into
 * `text` (NULL: nothing); all of it is appended to `lines` in the order of
 * images. The counts of what was left out are added to *left_out.
 */
void eval_jobs_run(const struct eval_coco *eval, unsigned jobs,
		   struct eval_totals *totals, struct eval_left_out *left_out,
		   void (*see)(const struct eval_coco *eval, size_t image,
			       const struct eval_image *what, struct buf *text),
		   struct buf *lines);

#endif
