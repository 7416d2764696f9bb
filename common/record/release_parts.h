/*
 * The parts of the release module, for its own files: a sample taken apart,
 * and what its records are made of.
 */
#ifndef RELEASE_PARTS_H
#define RELEASE_PARTS_H

#include "base/buf.h"
#include "json/json.h"
#include "json/source.h"

/* Members that a sample, or its labels, may have. */
enum { SAMPLE_MEMBERS = 256 };

/* A sample's members, taken apart once for all of its records. */
struct sample {
	uint64_t index;
	struct slice key; /* its name, where samples are kept in an object */
	bool spaced;      /* white space stands in it */
	bool named;       /* it has a name of its own */
	unsigned taken;   /* a bit for each member whose name is ours */
	struct json_member members[SAMPLE_MEMBERS]; /* that a record gets */
	size_t count;
	struct json_member labels[SAMPLE_MEMBERS]; /* keys: labelsets */
	size_t label_count;
	const char *trouble; /* why its records fail, or NULL */
	const char *trouble_at;
};

/*
 * Takes apart the value just taken from the source, and borrows from it. index,
 * key and spaced are the caller's to set. `only` tells that the release has one
 * labelset. What is no sample has trouble, and the members that could be found.
 */
void sample_open(struct sample *sample, const struct source *source,
		 struct slice text, bool only);
/* The member's name that a bit of `taken` stands for; NULL behind the last. */
const char *sample_taken(unsigned bit);

/*
 * Appends what is the same in all of its records: the index and the members,
 * from the bracket that opens the record on.
 */
void sample_put(const struct sample *sample, struct buf *to);
/* Appends the member `label`: that of a labelset, `null` where it has none. */
void sample_put_label(const struct sample *sample, struct slice labelset,
		      struct buf *to);

#endif
