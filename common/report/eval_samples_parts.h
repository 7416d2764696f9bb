/* What the files of eval_samples share. */
#ifndef EVAL_SAMPLES_PARTS_H
#define EVAL_SAMPLES_PARTS_H

#include "report/eval_pass.h"
#include "report/eval_samples.h"

/* Groups in the order they came, the first one all; a zeroed one is empty. */
struct eval_groups {
	struct eval_group *list;
	size_t count;
};

/* The group of a key; made for so many categories where there is none. */
struct eval_group *
eval_groups_find(struct eval_groups *groups, struct slice key,
		 size_t categories, const unsigned *most);
void eval_groups_release(struct eval_groups *groups);

/* What all threads look at; it changes while none of them works. */
struct eval_setting {
	const struct eval_samples_options *options;
	struct coco_input *categories; /* those, and nothing else */
};

/* A record that is looked at, or is to be put, of a piece. */
struct sample_line {
	size_t end; /* in the text; without LF */
	bool truth, predicted;
};

/* The records of a sample. */
struct sample_lines {
	size_t end;  /* in the lines */
	bool failed; /* a record with `error` that is of no sample */
};

/* Samples that are compared together, and what came of them. */
struct sample_piece {
	struct buf text;
	struct sample_line *lines;
	size_t line_count, line_room;
	struct sample_lines *samples;
	size_t sample_count, sample_room;
	struct eval_groups groups;
	struct eval_unpaired unpaired;
	struct eval_left_out left_out;
	struct buf out, messages;
};

/* What each thread has. The setting is borrowed. */
void *sample_worker_open(const struct eval_setting *setting);
void sample_worker_close(void *context, void *worker);
/* Compares the samples of a piece. */
void sample_worker_run(void *worker, void *piece);

#endif
