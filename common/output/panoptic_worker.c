#include "output/panoptic_worker.h"

#include <stdlib.h>

#include "output/panoptic.h"

struct panoptic_worker {
	const struct panoptic_work *work;
	struct shape_reader *shapes;
	struct panoptic *panoptic;
	struct image_names *names;
	struct buf name, why;
};

void *
panoptic_worker_open(void *context)
{
	const struct panoptic_work *work = context;
	struct panoptic_worker *worker = xcalloc(1, sizeof(*worker));
	struct label_work *label = work->label;

	worker->work = work;
	worker->shapes = shape_reader_open(
		label_decoder_open(&label->label,
				   asset_reader_open(label->source)));
	shape_reader_limit(worker->shapes, label->label.max_pixels);
	if (label->anew)
		shape_reader_anew(worker->shapes);
	worker->panoptic = panoptic_open(work->coco->stuff);
	worker->names = image_names_open(work->coco->file_name);
	return worker;
}

void
panoptic_worker_close(void *context)
{
	struct panoptic_worker *worker = context;

	shape_reader_close(worker->shapes);
	panoptic_close(worker->panoptic);
	image_names_close(worker->names);
	buf_release(&worker->name);
	buf_release(&worker->why);
	free(worker);
}

/* Draws the label and puts the PNG, the facts into `to`: 0, or -1. */
static int
draw(struct panoptic_worker *worker, const struct record *record,
     const struct shapes *shapes, struct buf *to)
{
	struct slice png = panoptic_draw(worker->panoptic, record, shapes, to);

	buf_reset(&worker->why);
	buf_reset(&worker->name);
	if (!png.n) {
		buf_puts(&worker->why, panoptic_failure(worker->panoptic));
		return -1;
	}
	if (image_names_put_below(worker->names, record, &worker->name))
		return coco_tree_put_png(worker->work->tree, record,
					 buf_view(&worker->name), png,
					 &worker->why);
	buf_puts(&worker->why, "the image has nothing to be called by");
	return -1;
}

enum verdict
panoptic_worker_run(void *context, const struct record *record, struct buf *to)
{
	struct panoptic_worker *worker = context;
	struct shapes shapes;
	struct slice url;
	const char *why;
	int got = shapes_read(worker->shapes, record, &shapes);

	if (got == 0)
		return PUMP_PASS;
	if (got < 0) {
		why = shape_failure(worker->shapes, &url);
		return pump_fail(record, to, url, "%s", why);
	}
	buf_putc(to, '\t');
	if (draw(worker, record, &shapes, to) < 0) {
		buf_reset(to);
		return pump_fail(record, to, slice_of(""), "%s",
				 buf_cstr(&worker->why));
	}
	buf_putc(to, '\t');
	buf_slice(to, record->line);
	buf_putc(to, '\n');
	return PUMP_WRITE;
}

struct slice
panoptic_line(struct slice *line)
{
	struct slice facts = {0};
	const char *tab;

	if (!line->n || line->p[0] != '\t')
		return facts;
	facts.p = line->p + 1;
	tab = memchr(facts.p, '\t', line->n - 1);
	facts.n = (size_t)(tab - facts.p);
	line->n -= facts.n + 2;
	line->p = tab + 1;
	return facts;
}
