/*
 * The parts of the release module, for its own files: a sample taken apart,
 * what its records are made of, and a release while it is read.
 */
#ifndef RELEASE_PARTS_H
#define RELEASE_PARTS_H

#include "base/diag.h"
#include "record/release.h"
#include "record/release_facts.h"
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

/* A labelset chosen, and what comes behind a label in its records. */
struct context {
	struct buf labelset; /* its name, decoded */
	struct buf tail;     /* empty where it is made anew each time */
};

/* How far the walk through the file's outer levels has come. */
struct sample_walk {
	enum fact_level level;
	bool begun[LEVEL_COUNT]; /* a member has been taken there */
	bool samples_begun;      /* a sample has been taken */
	char close;              /* of the samples: ']' or '}' */
	uint64_t at;             /* of the sample taken last */
};

struct release {
	struct source *source;
	size_t max_record;
	struct facts facts;
	struct sample_walk walk;
	bool had_dataset, had_samples;
	bool read_ahead; /* all facts are known; the file is read again */
	bool again;      /* as are single samples */
	struct labelsets labelsets;
	struct context *contexts;
	size_t context_count;
	size_t tails; /* bytes kept */
	struct sample sample;
	struct buf key;
	unsigned warned; /* as `taken` of a sample */
	unsigned long long failed;
};

/* As messages call it. */
struct place release_place(const struct release *release);
/* Says what is wrong and where, and puts that in `text`. */
void release_say_where(const struct release *release, struct source_error error,
		       struct buf *text);
/* Appends what ends a record, from the comma before `release` on. */
void release_put_tail(const struct release *release,
		      const struct context *context, struct buf *to);
/* Appends the records of the sample just taken, its text given. */
void
release_put_sample(struct release *release, struct slice text, struct buf *to);

#endif
