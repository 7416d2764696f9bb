#include "report/eval_jobs.h"

#include "base/crew.h"
#include "base/diag.h"

/*
 * So many shares there are, whatever the number of threads: sums of fractions
 * depend on where they are cut.
 */
enum { SHARES = 64 };

/* What all threads look at, and what comes of them. */
struct eval_run {
	const struct eval_coco *eval;
	void (*see)(const struct eval_coco *eval, size_t image,
		    const struct eval_image *what, struct buf *text);
	struct eval_totals *totals;
	struct eval_left_out *left_out;
	struct buf *lines;
};

/* A share of the images, and what came of it. */
struct share_of_images {
	const struct eval_run *run;
	size_t from, end;
	struct eval_totals totals;
	struct eval_left_out left_out;
	struct buf lines, messages;
};

static void
see_image(void *context, size_t image, const struct eval_image *what)
{
	struct share_of_images *share = context;

	share->run->see(share->run->eval, image, what, &share->lines);
}

static void
run_share(void *context, void *piece)
{
	const struct eval_run *run = context;
	struct share_of_images *share = piece;
	const struct eval_watch watch = {see_image, share};
	struct buf *said_in;

	said_in = diag_capture(&share->messages);
	eval_coco_run(run->eval, share->from, share->end, &share->totals,
		      &share->left_out, run->see ? &watch : NULL);
	diag_capture(said_in);
}

/* Takes in what came of a share. */
static void
take_share(void *context, void *piece)
{
	struct eval_run *run = context;
	struct share_of_images *share = piece;

	diag_show(buf_view(&share->messages));
	eval_totals_merge(run->totals, &share->totals);
	eval_left_out_add(run->left_out, &share->left_out);
	buf_slice(run->lines, buf_view(&share->lines));
	eval_totals_release(&share->totals);
	buf_reset(&share->lines);
	buf_reset(&share->messages);
}

static void
release_share(void *piece)
{
	struct share_of_images *share = piece;

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
	struct eval_run run = {eval, see, totals, left_out, lines};
	const struct crew_rules rules = {
		.jobs = jobs,
		.piece_size = sizeof(struct share_of_images),
		.release = release_share,
		.work = run_share,
		.take = take_share,
		.context = &run,
	};
	struct crew *crew = crew_open(&rules);

	eval_left_out_add(left_out, eval_coco_left_out(eval));
	for (size_t i = 0; i < SHARES; i++) {
		struct share_of_images *share = crew_piece(crew);

		share->run = &run;
		share->from = images * i / SHARES;
		share->end = images * (i + 1) / SHARES;
		share->totals = eval_totals_like(totals);
		share->left_out = (struct eval_left_out){0};
		crew_send(crew);
	}
	crew_close(crew);
}
