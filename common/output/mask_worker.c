#include "output/mask_worker.h"

#include <stdlib.h>

#include "label/shapes.h"
#include "record/edits.h"

enum { IMAGE_MAX = 1 << 30 /* bytes of an image's file */ };

struct mask_worker {
	struct mask_work *work;
	struct asset_reader *assets;
	struct shape_reader *reader;
	struct mask_options options;
	struct mask *mask;
	const struct record *record;
	struct mask_names names;
	struct buf name;  /* of the image */
	struct buf path;  /* of a file in the tree */
	struct buf first; /* of the files: what `mask` tells */
	struct buf image, text, why;
	struct edits edits;
};

void *
mask_worker_open(void *context)
{
	struct mask_work *work = context;
	struct mask_worker *worker = xcalloc(1, sizeof(*worker));
	struct asset_source *source = work->label->source;

	worker->work = work;
	worker->assets = asset_reader_open(source);
	worker->reader = shape_reader_open(
		label_decoder_open(&work->label->label,
				   asset_reader_open(source)));
	shape_reader_limit(worker->reader, work->label->label.max_pixels);
	if (work->label->anew)
		shape_reader_anew(worker->reader);
	worker->options = work->options->mask;
	worker->options.silent = true;
	worker->mask = mask_open(&worker->options);
	worker->names = mask_names_open();
	return worker;
}

void
mask_worker_close(void *context)
{
	struct mask_worker *worker = context;

	asset_reader_close(worker->assets);
	shape_reader_close(worker->reader);
	mask_close(worker->mask);
	mask_names_close(&worker->names);
	buf_release(&worker->name);
	buf_release(&worker->path);
	buf_release(&worker->first);
	buf_release(&worker->image);
	buf_release(&worker->text);
	buf_release(&worker->why);
	edits_release(&worker->edits);
	free(worker);
}

/* For struct mask_sink. */
static int
put_file(void *context, const char *ending, struct slice file)
{
	struct mask_worker *worker = context;
	const struct mask_file map = {buf_view(&worker->name), ending, file};
	struct buf *path = &worker->path;
	int result = mask_tree_put(worker->work->tree, worker->record, &map,
				   path, &worker->why);

	if (worker->first.len)
		return result;
	/* Of many files the folder is told. */
	buf_put(&worker->first, path->data,
		path->len - (*ending == '/' ? strlen(ending) : 0));
	return result;
}

/* Reads what an overlay is drawn over: 0, or -1 with worker->why. */
static int
read_image(struct mask_worker *worker, struct slice *url)
{
	const char *why;

	buf_reset(&worker->image);
	if (worker->work->options->mask.kind != MASK_OVERLAY)
		return 0;
	if (!asset_named(worker->record, ASSET_IMAGE)) {
		buf_puts(&worker->why, "no image to draw over");
		return -1;
	}
	why = asset_read(worker->assets, worker->record, ASSET_IMAGE, IMAGE_MAX,
			 &worker->image);
	if (!why)
		return 0;
	*url = asset_failed_url(worker->assets);
	buf_printf(&worker->why, "image: %s", why);
	return -1;
}

/* Draws and puts all files of a record: 0, or -1 with worker->why. */
static int
draw(struct mask_worker *worker, const struct shapes *shapes, struct slice *url)
{
	const struct mask_sink sink = {put_file, worker};
	const struct record *record = worker->record;
	const char *why = mask_take_release(worker->mask, record->release);
	size_t left_out = 0;

	if (why) {
		buf_puts(&worker->why, why);
		return -1;
	}
	mask_names_put(&worker->names, record, &worker->name);
	if (read_image(worker, url) < 0)
		return -1;
	if (mask_draw(worker->mask, record, shapes, buf_view(&worker->image),
		      &sink, &left_out) < 0) {
		if (!worker->why.len)
			buf_puts(&worker->why, mask_failure(worker->mask));
		return -1;
	}
	worker->work->uncategorized += left_out;
	worker->work->without_pixels += shapes->without_pixels;
	return mask_tree_place(worker->work->tree, worker->assets, record,
			       buf_view(&worker->name), url, &worker->why);
}

/* Writes the record with `mask`. */
static void
put_masked(struct mask_worker *worker, struct buf *to)
{
	struct buf *value = &worker->text;
	struct buf *path = &worker->path;

	buf_reset(path);
	buf_puts(path, worker->work->options->directory);
	if (path->data[path->len - 1] != '/')
		buf_putc(path, '/');
	buf_slice(path, buf_view(&worker->first));
	buf_reset(value);
	buf_puts(value, "{\"path\":");
	json_put_string(value, buf_view(path));
	buf_printf(value, ",\"kind\":\"%s\"}",
		   mask_kinds[worker->work->options->mask.kind]);
	edits_set(&worker->edits, worker->record->line, "mask",
		  buf_view(value));
	edits_apply(&worker->edits, worker->record->line, to);
	buf_putc(to, '\n');
}

enum verdict
mask_worker_run(void *context, const struct record *record, struct buf *to)
{
	struct mask_worker *worker = context;
	struct slice url = {0};
	struct shapes shapes;
	const char *why;
	int got = shapes_read(worker->reader, record, &shapes);

	if (got == 0)
		return PUMP_PASS;
	if (got < 0) {
		why = shape_failure(worker->reader, &url);
		return pump_fail(record, to, url, "%s", why);
	}
	worker->record = record;
	buf_reset(&worker->name);
	buf_reset(&worker->first);
	buf_reset(&worker->why);
	if (draw(worker, &shapes, &url) < 0)
		return pump_fail(record, to, url, "%s", buf_cstr(&worker->why));
	/* A label without objects has no files of the kind binary. */
	if (!worker->first.len) {
		worker->work->without_objects++;
		return PUMP_PASS;
	}
	put_masked(worker, to);
	return PUMP_WRITE;
}
