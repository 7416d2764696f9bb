#include "output/yolo_worker.h"

#include <stdlib.h>

#include "label/shapes.h"
#include "output/mask.h"

struct yolo_worker {
	const struct yolo_work *work;
	/* Where rows are made: */
	void *decode;
	struct yolo_rows *rows;
	struct buf decoded, text;
	struct record record;
	/* Where masks are: */
	struct mask_options mask_options;
	struct shape_reader *shapes;
	struct mask *mask;
	const struct record *at; /* the record at hand */
	/* Of a tree: */
	struct asset_reader *assets;
	struct yolo_names *names;
	struct buf why;
};

static bool
makes_masks(const struct yolo_work *work)
{
	return work->options->task == YOLO_SEMANTIC && work->options->tree;
}

static void
open_mask(struct yolo_worker *worker)
{
	struct label_work *label = worker->work->label;

	worker->shapes = shape_reader_open(
		label_decoder_open(&label->label,
				   asset_reader_open(label->source)));
	shape_reader_limit(worker->shapes, label->label.max_pixels);
	if (label->anew)
		shape_reader_anew(worker->shapes);
	worker->mask_options = (struct mask_options){
		.kind = MASK_SEMANTIC,
		.silent = true,
		.most = UINT8_MAX - 1,
		.unlabeled = -1,
		.binary = true,
	};
	worker->mask = mask_open(&worker->mask_options);
}

void *
yolo_worker_open(void *context)
{
	const struct yolo_work *work = context;
	const struct yolo_options *options = work->options;
	struct yolo_worker *worker = xcalloc(1, sizeof(*worker));

	worker->work = work;
	if (options->tree) {
		worker->assets = asset_reader_open(work->label->source);
		worker->names = yolo_names_open(options->naming);
	}
	if (makes_masks(work)) {
		open_mask(worker);
		return worker;
	}
	worker->decode = label_worker_open(work->label);
	worker->rows = yolo_rows_open(options->task,
				      options->tree ? YOLO_TEXT : YOLO_JSON,
				      &options->points);
	return worker;
}

void
yolo_worker_close(void *context)
{
	struct yolo_worker *worker = context;

	if (worker->decode)
		label_worker_close(worker->decode);
	yolo_rows_close(worker->rows);
	shape_reader_close(worker->shapes);
	mask_close(worker->mask);
	asset_reader_close(worker->assets);
	yolo_names_close(worker->names);
	buf_release(&worker->decoded);
	buf_release(&worker->text);
	buf_release(&worker->why);
	record_release(&worker->record);
	free(worker);
}

/* For struct mask_sink. */
static int
put_mask(void *context, const char *ending, struct slice file)
{
	struct yolo_worker *worker = context;

	(void)ending;
	return yolo_put_mask(worker->work->options, worker->names, worker->at,
			     file, &worker->why);
}

/* Draws what was read and puts it: 0, or -1 with worker->why. */
static int
draw(struct yolo_worker *worker, const struct shapes *shapes, size_t *left_out)
{
	const struct mask_sink sink = {put_mask, worker};
	const char *why = mask_take_release(worker->mask, worker->at->release);

	if (!why && mask_draw(worker->mask, worker->at, shapes, slice_of(""),
			      &sink, left_out) < 0)
		why = mask_failure(worker->mask);
	if (!why)
		return 0;
	buf_puts(&worker->why, why);
	return -1;
}

/*
 * Ends a record with a label: puts its image into the tree, if there is one,
 * and gives the parcel, with `whole` as the record.
 */
static enum verdict
hand_on(struct yolo_worker *worker, const struct yolo_parcel *parcel,
	const struct record *record, const struct record *whole, struct buf *to)
{
	const struct yolo_options *options = worker->work->options;
	struct slice url = {0};

	buf_reset(&worker->why);
	if (options->tree &&
	    yolo_put_image(options, worker->names, worker->assets, record, &url,
			   &worker->why) < 0) {
		tree_forget(options->tree, record->place.number);
		return pump_fail(record, to, url, "%s", buf_cstr(&worker->why));
	}
	yolo_pack(parcel, whole, to);
	return PUMP_WRITE;
}

static enum verdict
make_mask(struct yolo_worker *worker, const struct record *record,
	  struct buf *to)
{
	struct yolo_parcel parcel = {0};
	struct shapes shapes;
	struct slice url = {0};
	const char *why;
	size_t left_out = 0;
	int got = shapes_read(worker->shapes, record, &shapes);

	if (got < 0) {
		why = shape_failure(worker->shapes, &url);
		return pump_fail(record, to, url, "%s", why);
	}
	worker->at = record;
	buf_reset(&worker->why);
	if (got == 0)
		return PUMP_PASS;
	if (draw(worker, &shapes, &left_out) < 0)
		return pump_fail(record, to, url, "%s", buf_cstr(&worker->why));
	parcel.without[YOLO_NO_CATEGORY] = left_out;
	parcel.without[YOLO_NO_SHAPE] = shapes.without_pixels;
	parcel.width = shapes.width;
	parcel.height = shapes.height;
	return hand_on(worker, &parcel, record, record, to);
}

/* Decodes the record where that is needed: the one to go on with, or NULL. */
static const struct record *
decode_record(struct yolo_worker *worker, const struct record *record,
	      enum verdict *verdict)
{
	struct buf *decoded = &worker->decoded;
	struct json_error error = {0};

	buf_reset(decoded);
	*verdict = label_worker_run(worker->decode, record, decoded);
	if (*verdict == PUMP_PASS)
		return record;
	if (*verdict != PUMP_WRITE)
		return NULL;
	worker->record.place = record->place;
	if (record_parse(&worker->record,
			 (struct slice){decoded->data, decoded->len - 1},
			 &error) < 0)
		return NULL;
	return &worker->record;
}

static enum verdict
make_rows(struct yolo_worker *worker, const struct record *record,
	  struct buf *to)
{
	struct yolo_parcel parcel = {0};
	enum verdict verdict;
	const struct record *whole = decode_record(worker, record, &verdict);
	int got;

	if (!whole) {
		buf_slice(to, buf_view(&worker->decoded));
		return verdict;
	}
	buf_reset(&worker->text);
	got = yolo_rows_put(worker->rows, whole, &worker->text, parcel.without);
	if (got < 0)
		return pump_fail(record, to, slice_of(""), "%s",
				 yolo_rows_failure(worker->rows));
	if (got == 0)
		return PUMP_PASS;
	parcel.rows = buf_view(&worker->text);
	return hand_on(worker, &parcel, record, whole, to);
}

enum verdict
yolo_worker_run(void *context, const struct record *record, struct buf *to)
{
	struct yolo_worker *worker = context;

	return worker->mask ? make_mask(worker, record, to)
			    : make_rows(worker, record, to);
}
