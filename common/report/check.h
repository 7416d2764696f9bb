/*
 * What is wrong with a record, or looks so, as lines of findings. What is found
 * on one record is a judge's, of which each worker has one; what only shows
 * among many, such as names that collide, is for one watcher after them, who
 * sees them in order.
 */
#ifndef CHECK_H
#define CHECK_H

#include "record/record.h"
#include "report/check_rules.h"
#include "store/asset.h"

struct check_options {
	bool disabled[RULE_COUNT];
	double limits[RULE_COUNT];
	unsigned readers;    /* what breaks one of these is an error */
	unsigned read_by;    /* who reads what is judged; 0: any of them */
	uint64_t max_pixels; /* of a bitmap */
	uint64_t max_label;  /* bytes of memory for its runs */
};

/* Without readers, all rules, their own limits. */
struct check_options check_options_default(void);

/*
 * Which record findings are of, or what of a finished file, as members of JSON;
 * empty where unknown.
 */
struct check_subject {
	struct slice name, uuid, index, labelset, frame;
	struct slice file, line, element, image_id;
};

struct judge;

/* The options are borrowed; the reader becomes the judge's. */
struct judge *
judge_open(const struct check_options *options, struct asset_reader *assets);
/* Takes NULL. */
void judge_close(struct judge *judge);

/*
 * Appends a line of facts for the watcher, and a line for each finding. 0, or
 * -1 and *why where the record is not JSON.
 */
int judge_record(struct judge *judge, const struct record *record,
		 struct buf *to, const char **why);

struct watcher;

struct watcher *watcher_open(const struct check_options *options);
void watcher_close(struct watcher *watcher);
/*
 * Takes a line of facts, in the order of the records. Appends findings, a line
 * each; sets how many of the record's own follow it.
 */
void watcher_take(struct watcher *watcher, struct slice facts, struct buf *to,
		  uint64_t *findings);
/* Appends findings of all together. */
void watcher_end(struct watcher *watcher, struct buf *to);

#endif
