/*
 * A file, read by several threads: the calling one finds where the elements of
 * the file end, and what is no JSON; the others find what stands in its
 * annotations, some at a time.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "base/crew.h"
#include "base/diag.h"
#include "report/coco_input_parts.h"
#include "report/coco_walk.h"

/* An annotation of more bytes is not copied for another thread. */
enum { BATCH_BYTES = 1 << 16 };

/* Annotations one after the other, of one block. */
struct annotation_batch {
	struct coco_annotation *to;
	size_t count;
	struct buf text;
	size_t ends[COCO_BLOCK];      /* of each in the text */
	uint64_t offsets[COCO_BLOCK]; /* in the file, behind each */
	const char *wrong;            /* NULL, or what is with one of them */
	uint64_t offset;              /* of that one */
};

/* What a file is read with. */
struct reading {
	struct coco_input *file;
	struct source *source;
	struct crew *crew; /* NULL: one thread */
	struct annotation_batch *batch;
	bool found; /* a list of annotations */
	/* The first annotation that was refused by another thread. */
	const char *wrong;
	uint64_t offset;
};

static void *
open_text(void *context)
{
	(void)context;
	return xcalloc(1, sizeof(struct arena));
}

static void
close_text(void *context, void *text)
{
	arena_join(&((struct reading *)context)->file->text, text);
	free(text);
}

static void
release_batch(void *batch)
{
	buf_release(&((struct annotation_batch *)batch)->text);
}

static void
read_batch(void *text, void *piece)
{
	struct annotation_batch *batch = piece;
	size_t i, begin = 0;

	for (i = 0; i < batch->count && !batch->wrong; i++) {
		const struct slice object = {batch->text.data + begin,
					     batch->ends[i] - begin};

		batch->wrong =
			coco_annotation_read(&batch->to[i], object, NULL, text);
		batch->offset = batch->offsets[i];
		begin = batch->ends[i];
	}
}

/* They come in the order of the file. */
static void
take_batch(void *context, void *piece)
{
	struct annotation_batch *batch = piece;
	struct reading *reading = context;

	if (batch->wrong && !reading->wrong) {
		reading->wrong = batch->wrong;
		reading->offset = batch->offset;
	}
}

static void
send_batch(struct reading *reading)
{
	if (reading->batch)
		crew_send(reading->crew);
	reading->batch = NULL;
}

static void
begin_batch(struct reading *reading)
{
	struct annotation_batch *batch = crew_piece(reading->crew);

	batch->to = coco_input_room(reading->file);
	batch->count = 0;
	batch->wrong = NULL;
	buf_reset(&batch->text);
	reading->batch = batch;
}

static const char *
take_annotation(struct reading *reading, struct slice object)
{
	struct coco_input *file = reading->file;
	struct annotation_batch *batch;

	/* What ends the walk; it is said where the walk was begun. */
	if (reading->wrong)
		return reading->wrong;
	if (!reading->crew || object.n > BATCH_BYTES) {
		send_batch(reading);
		return coco_input_add_annotation(file, object, NULL);
	}
	if (!reading->batch)
		begin_batch(reading);
	batch = reading->batch;
	buf_slice(&batch->text, object);
	batch->ends[batch->count] = batch->text.len;
	batch->offsets[batch->count++] = source_at(reading->source);
	if (++file->annotation_count % COCO_BLOCK == 0 ||
	    batch->text.len >= BATCH_BYTES)
		send_batch(reading);
	return NULL;
}

static const char *
take_element(void *context, enum coco_list list, size_t n, struct slice value)
{
	struct reading *reading = context;

	(void)n;
	switch (list) {
	case COCO_IMAGES:
		return coco_input_add_image(reading->file, value);
	case COCO_CATEGORIES:
		return coco_input_add_category(reading->file, value);
	default:
		return take_annotation(reading, value);
	}
}

static void
begin_list(void *context, enum coco_list list)
{
	if (list == COCO_ANNOTATIONS)
		((struct reading *)context)->found = true;
}

/*
 * Walks through the file: 0, or -1 with the message said. What a thread
 * refused stands before all that the walk found wrong: the walk was there
 * before.
 */
static int
walk(struct reading *reading, unsigned jobs)
{
	const struct coco_visitor visitor = {
		.element = take_element,
		.begin = begin_list,
		.context = reading,
	};
	const struct crew_rules rules = {
		.jobs = jobs,
		.piece_size = sizeof(struct annotation_batch),
		.worker_open = open_text,
		.worker_close = close_text,
		.release = release_batch,
		.work = read_batch,
		.take = take_batch,
		.context = reading,
	};
	struct buf said = {0}, *said_in;
	int result;

	if (jobs > 1)
		reading->crew = crew_open(&rules);
	said_in = diag_capture(&said);
	result = coco_walk(reading->source, &visitor, &reading->file->is_list);
	diag_capture(said_in);
	send_batch(reading);
	crew_close(reading->crew);
	if (reading->wrong) {
		diag_say(NULL, "%s: byte %" PRIu64 ": %s",
			 source_name(reading->source), reading->offset + 1,
			 reading->wrong);
		result = -1;
	} else {
		diag_show(buf_view(&said));
	}
	buf_release(&said);
	return result;
}

struct coco_input *
coco_input_read(const char *path, unsigned jobs)
{
	struct reading reading = {.source = source_open(path, SIZE_MAX >> 1)};
	int result;

	if (!reading.source)
		return NULL;
	reading.file = xcalloc(1, sizeof(*reading.file));
	result = walk(&reading, jobs);
	if (result == 0 && !reading.found) {
		diag_say(NULL, "%s: no COCO file: it has no annotations",
			 source_name(reading.source));
		result = -1;
	}
	source_close(reading.source);
	if (result == 0)
		return reading.file;
	coco_input_close(reading.file);
	return NULL;
}
