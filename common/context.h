/*
 * What a release says of itself besides its samples: names, task type,
 * labelsets and categories. Where each stands has changed over the years
 * (releases R0 to R3); only this module knows the places.
 */
#ifndef CONTEXT_H
#define CONTEXT_H

#include "json.h"
#include "mem.h"

enum fact {
	FACT_NAME,
	FACT_DESCRIPTION,
	FACT_CREATED_AT,
	FACT_DATASET,
	FACT_OWNER,
	FACT_TASK_TYPE,
	FACT_TASK_ATTRIBUTES,
	FACT_TASKS,
	FACT_LABELSETS,
	FACT_COUNT
};

/* The facts found so far, as compact JSON values; empty where absent. */
struct facts {
	struct buf of[FACT_COUNT];
};

void facts_release(struct facts *facts);
/*
 * The fact that a member of the release's root, or of its `dataset`, holds:
 * true and *fact set, or false for a member that matters to no record.
 */
bool facts_find(struct slice key, bool in_dataset, enum fact *fact);
/* The key by which a fact is written. */
const char *facts_key(enum fact fact);
/*
 * True when the facts known make whole records, so that nothing need be read
 * before the samples are.
 */
bool facts_complete(const struct facts *facts);

/* Names of labelsets, decoded, in the order they came; zeroed is empty. */
struct labelsets {
	struct buf *list;
	size_t count;
};

/* Adds a name that is not in it yet. */
void labelsets_add(struct labelsets *sets, struct slice name);
bool labelsets_have(const struct labelsets *sets, struct slice name);
/* Appends them as a message shows them: a, b, c. */
void labelsets_show(const struct labelsets *sets, struct buf *to);
void labelsets_release(struct labelsets *sets);

/* Adds the names of the labelsets (in 2020: tasks) that the facts list. */
void facts_labelsets(const struct facts *facts, struct labelsets *sets);
/*
 * Appends the object that records of one labelset carry as `release`, as
 * seg-record(5) tells; what the release lacks is absent.
 */
void facts_put_release(const struct facts *facts, struct slice labelset,
		       struct buf *to);

#endif
