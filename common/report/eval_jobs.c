#include "report/eval_jobs.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/diag.h"

/* A share of the images, and what came of it. */
struct share_of_images {
	const struct eval_coco *eval;
	size_t from, end;
	struct eval_totals totals;
	struct eval_left_out left_out;
	void (*see)(const struct eval_coco *eval, size_t image,
		    const struct eval_image *what, struct buf *text);
	struct buf lines, messages;
	pthread_t thread;
};

static void
see_image(void *context, size_t image, const struct eval_image *what)
{
	struct share_of_images *share = context;

	share->see(share->eval, image, what, &share->lines);
}

static void *
run_share(void *argument)
{
	struct share_of_images *share = argument;
	const struct eval_watch watch = {see_image, share};

	diag_capture(&share->messages);
	eval_coco_run(share->eval, share->from, share->end, &share->totals,
		      &share->left_out, share->see ? &watch : NULL);
	diag_capture(NULL);
	return NULL;
}

static void
add_left_out(struct eval_left_out *sum, const struct eval_left_out *more)
{
	sum->unknown_image += more->unknown_image;
	sum->unknown_category += more->unknown_category;
	sum->bad_mask += more->bad_mask;
	sum->no_geometry += more->no_geometry;
	sum->without_score += more->without_score;
}

/* Takes in what came of a share, and frees it. */
static void
end_share(struct share_of_images *share, struct eval_totals *totals,
	  struct eval_left_out *left_out, struct buf *lines)
{
	diag_show(buf_view(&share->messages));
	eval_totals_merge(totals, &share->totals);
	add_left_out(left_out, &share->left_out);
	buf_slice(lines, buf_view(&share->lines));
	eval_totals_release(&share->totals);
	buf_release(&share->lines);
	buf_release(&share->messages);
}

void
eval_jobs_run(const struct eval_coco *eval, unsigned jobs,
	      struct eval_totals *totals, struct eval_left_out *left_out,
	      void (*see)(const struct eval_coco *eval, size_t image,
			  const struct eval_image *what, struct buf *text),
	      struct buf *lines)
{
	const size_t images = eval_coco_images(eval);
	struct share_of_images *shares = xcalloc(jobs, sizeof(*shares));
	bool *threaded = xcalloc(jobs, sizeof(*threaded));
	unsigned i;

	add_left_out(left_out, eval_coco_left_out(eval));
	for (i = 0; i < jobs; i++) {
		shares[i] = (struct share_of_images){
			.eval = eval,
			.from = images * i / jobs,
			.end = images * (i + 1) / jobs,
			.totals = eval_totals_like(totals),
			.see = see,
		};
		threaded[i] = i + 1 < jobs &&
			      pthread_create(&shares[i].thread, NULL, run_share,
					     &shares[i]) == 0;
		if (!threaded[i])
			run_share(&shares[i]);
	}
	for (i = 0; i < jobs; i++) {
		if (threaded[i])
			pthread_join(shares[i].thread, NULL);
		end_share(&shares[i], totals, left_out, lines);
	}
	free(shares);
	free(threaded);
}
