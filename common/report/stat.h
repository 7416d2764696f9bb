/*
 * What is in a set of records: counts by status, category and the like, sizes,
 * places, people. All of it is sums over records and counts in bins that never
 * change, so parts merge to the whole (see tally.h), and memory grows with
 * categories, statuses and people only.
 */
#ifndef STAT_H
#define STAT_H

#include "base/buf.h"
#include "record/record.h"
#include "report/tally.h"
#include "report/text_table.h"

/* The tables, and where the numbers of their rows stand. */
enum stat_table {
	STAT_SUMMARY,
	STAT_RELEASE,
	STAT_STATUS,
	STAT_LABELSET,
	STAT_GROUP, /* by what was asked for */
	STAT_CATEGORY,
	STAT_STATUS_CATEGORY,
	STAT_GROUP_CATEGORY,
	STAT_COOCCURRENCE,
	STAT_OBJECTS,
	STAT_IMAGE,
	STAT_UNLABELLED,
	STAT_HEATMAP,
	STAT_PERSON,
	STAT_TABLES
};

enum {
	STAT_AREA_BINS = 32, /* bin i: pixels from 2^i to below 2^(i+1) */
	STAT_COUNT_BINS = 20,
	STAT_SIDE_BINS = 18, /* bin i: pixels from 2^i to below 2^(i+1) */
	STAT_RATIO_BINS = 13,
	STAT_SHARE_BINS = 20,
	STAT_GRID = 20 /* cells of the heat map across, and down */
};

/* STAT_SUMMARY. The first is the sum of those up to FAILED. */
enum {
	SUMMARY_SAMPLES,
	SUMMARY_POSITIVE,   /* labelled, with objects */
	SUMMARY_NEGATIVE,   /* labelled, without any */
	SUMMARY_SKIPPED,    /* status SKIPPED, without any */
	SUMMARY_UNLABELLED, /* no label */
	SUMMARY_FAILED,     /* with an error, and nothing else is counted */
	SUMMARY_OBJECTS,
	SUMMARY_CROWDS,
	SUMMARY_WITHOUT_GEOMETRY,
	SUMMARY_PIXELS /* thousandths, as pixels are everywhere */
};

/* STAT_RELEASE: name, dataset, owner, created_at, task_type, labelset. */
enum { RELEASE_SAMPLES, RELEASE_CATEGORIES };

/* STAT_STATUS, STAT_LABELSET, STAT_GROUP. */
enum { GROUP_SAMPLES, GROUP_POSITIVE, GROUP_OBJECTS, GROUP_PIXELS };

/* STAT_CATEGORY. */
enum {
	CATEGORY_OBJECTS,
	CATEGORY_IMAGES,
	CATEGORY_PIXELS,
	CATEGORY_CROWDS,
	CATEGORY_WITHOUT_GEOMETRY,
	CATEGORY_SMALL, /* below 32 x 32 pixels */
	CATEGORY_MEDIUM,
	CATEGORY_LARGE, /* from 96 x 96 pixels on */
	CATEGORY_LEAST,
	CATEGORY_MOST,
	CATEGORY_BINS
};

/* STAT_STATUS_CATEGORY, STAT_GROUP_CATEGORY. */
enum { CROSS_OBJECTS, CROSS_IMAGES, CROSS_PIXELS };

/* STAT_COOCCURRENCE. */
enum { COOCCURRENCE_IMAGES };

/* STAT_OBJECTS: the images by how many objects they have. */
enum { OBJECTS_MOST, OBJECTS_BINS };

/* STAT_IMAGE. */
enum {
	IMAGE_COUNT,
	IMAGE_PIXELS,
	IMAGE_WIDTH_LEAST,
	IMAGE_WIDTH_MOST,
	IMAGE_HEIGHT_LEAST,
	IMAGE_HEIGHT_MOST,
	IMAGE_WIDTH_BINS,
	IMAGE_HEIGHT_BINS = IMAGE_WIDTH_BINS + STAT_SIDE_BINS,
	IMAGE_RATIO_BINS = IMAGE_HEIGHT_BINS + STAT_SIDE_BINS
};

/* STAT_UNLABELLED: of images whose label is a bitmap. */
enum { UNLABELLED_IMAGES, UNLABELLED_ALL, UNLABELLED_PIXELS, UNLABELLED_BINS };

/* STAT_HEATMAP: rows from above, cells from the left. */
enum { HEATMAP_GRID };

/* STAT_PERSON. */
enum { PERSON_LABELLED, PERSON_REJECTED, PERSON_UPDATED, PERSON_REVIEWED };

extern const struct tally_table stat_tables[];

/* The first number of a bin of STAT_OBJECTS; its last is below the next's. */
unsigned stat_count_bin(unsigned bin);
/* The least width / height of a bin of ratios, in hundredths. */
unsigned stat_ratio_bin(unsigned bin);
/*
 * The area, in pixels, that a share of a category's objects do not exceed: as
 * near as the bins tell, which is to a factor of two at worst. 0 for none.
 */
double stat_quantile(const struct tally_row *category, double share);

/* Takes in records, and parts of what they add up to. */
struct stat;

/*
 * `by` is `category`, `labelset`, `split` (metadata.split) or a dotted path in
 * the record, whose values make the groups of STAT_GROUP; or NULL.
 */
struct stat *stat_open(const char *by);
void stat_close(struct stat *stat);
/* Takes in a record, decoded as far as it will be: 0, or -1 and *why set. */
int stat_add(struct stat *stat, const struct record *record, const char **why);
/* Takes in a number of records that failed. */
void stat_add_failed(struct stat *stat, uint64_t count);
/* Says, after the last record, where none had what they are grouped by. */
void stat_say_ungrouped(const struct stat *stat);
/* What has been taken in; the caller may add to it. */
struct tally *stat_tally(struct stat *stat);

/* Append all that a tally holds, in one of the forms. */
void stat_put_ndjson(struct buf *to, const struct tally *tally);
void stat_put_tsv(struct buf *to, const struct tally *tally);
/* For a terminal; a category of fewer than `few` objects is marked. */
void stat_put_text(struct buf *to, const struct tally *tally,
		   const struct text_style *style, uint64_t few);
/* A page of its own, without script. */
void stat_put_html(struct buf *to, const struct tally *tally, uint64_t few);

#endif
