/* What the files that count records for statistics share. */
#ifndef STAT_COUNTS_H
#define STAT_COUNTS_H

#include "report/stat.h"

/* A category of the release at hand. */
struct stat_category {
	int64_t id;
	struct slice name;
	char *name_text;
	uint64_t *values;
	uint64_t *heatmap; /* NULL until an object is placed */
	size_t seen;       /* of the record: 1 + its place in the list */
};

/* What a record has of one category. */
struct category_counts {
	struct stat_category *kind;
	uint64_t objects, pixels;
};

/* The record at hand. */
struct sample_facts {
	struct slice status;
	int64_t width, height; /* 0: unknown */
	uint64_t objects, pixels, crowds, without_geometry;
	bool labelled, bitmap;
};

struct stat {
	struct tally *tally;
	const char *by;
	struct buf release; /* that of the last record */
	struct stat_category *
		*kinds; /* its categories, by id, and those met besides */
	size_t kind_count;
	struct buf labelset;
	uint64_t *release_values, *summary;
	struct category_counts *shares;
	size_t share_count, share_room;
	struct sample_facts sample;
	struct buf status, group, text;
};

/* Takes the release of a record: 0, or -1 with *why set. */
int stat_take_release(struct stat *stat, const struct record *record,
		      const char **why);
/* The category of that id, which need not be in the release's list. */
struct stat_category *stat_find_kind(struct stat *stat, int64_t id);
void stat_forget_kinds(struct stat *stat);

/* The last bin whose lower bound, in powers of two, is not above a number. */
unsigned stat_log2_bin(uint64_t number, unsigned bins);

/* Counts an annotation of the record at hand. */
void stat_count_annotation(struct stat *stat, struct slice annotation);
/* Counts the record at hand among those that it is grouped with. */
void stat_count_groups(struct stat *stat, const struct record *record);

#endif
