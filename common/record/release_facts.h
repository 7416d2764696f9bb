/*
 * What a release says of itself besides its samples: names, task type,
 * labelsets and categories. Where each stands has changed over the years
 * (releases R0 to R3); only this module knows the places.
 */
#ifndef RELEASE_FACTS_H
#define RELEASE_FACTS_H

#include "base/buf.h"
#include "json/json.h"

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

/* The two objects of a release that hold facts. */
enum fact_level { LEVEL_ROOT, LEVEL_DATASET, LEVEL_COUNT };

/* The facts found so far, as compact JSON values; empty where absent. */
struct facts {
	struct buf of[FACT_COUNT];
	unsigned seen[LEVEL_COUNT]; /* a bit for each fact that stands there */
};

void facts_release(struct facts *facts);
/*
 * The fact that a member of one of the two objects holds: true and *fact set,
 * or false for a member that matters to no record.
 */
bool facts_find(struct slice key, enum fact_level level, enum fact *fact);
/* False where one that goes before it has been taken: the dataset's does. */
bool
facts_wants(const struct facts *facts, enum fact fact, enum fact_level level);
/* Takes a fact's value. NULL, or what is wrong: a key that comes twice. */
const char *facts_take(struct facts *facts, enum fact fact,
		       enum fact_level level, struct slice value);
/* The key by which a fact is written. */
const char *facts_key(enum fact fact);

/* Names of labelsets, decoded, in the order they came; zeroed is empty. */
struct labelsets {
	struct buf *list;
	size_t count;
};

/* More of them are no labelsets: each sample has other keys. */
enum { LABELSETS_MOST = 1000 };

/*
 * Adds the keys of an object that are not in it yet, but for those that are
 * empty or have a NUL; other values have none. False where that would make
 * more than LABELSETS_MOST.
 */
bool labelsets_add_keys(struct labelsets *sets, struct slice object);
bool labelsets_have(const struct labelsets *sets, struct slice name);
/* Appends them as a message shows them: a, b, c. */
void labelsets_show(const struct labelsets *sets, struct buf *to);
void labelsets_release(struct labelsets *sets);

/*
 * Adds the names of the labelsets (in 2020: tasks) that the facts list. False
 * where there are more than LABELSETS_MOST.
 */
bool facts_labelsets(const struct facts *facts, struct labelsets *sets);
/*
 * True when the facts known make whole records, so that nothing need be read
 * before samples that stand at this level are.
 */
bool facts_complete(const struct facts *facts, enum fact_level level);
/*
 * Appends the object that records of one labelset carry as `release`, as
 * seg-record(5) tells; what the release lacks is absent.
 */
void facts_put_release(const struct facts *facts, struct slice labelset,
		       struct buf *to);

#endif
