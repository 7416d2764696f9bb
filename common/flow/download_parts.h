/*
 * What the files of gather share.
 *
 *	gather.c         records: read, kept in order, written
 *	gather_part.c    one file of a record: looked up, fetched, stored
 *	gather_writer.c  bodies on their way to disk
 */
#ifndef DOWNLOAD_PARTS_H
#define DOWNLOAD_PARTS_H

#include "base/lines.h"
#include "base/progress.h"
#include "base/stream.h"
#include "flow/download.h"
#include "store/store.h"

enum part_state {
	PART_NONE,     /* nothing to fetch */
	PART_THERE,    /* at its path */
	PART_FETCHING, /* its job is under way */
	PART_FOLLOWS,  /* the same file is being fetched for another part */
	PART_FAILED,
};

/* A file of a record. */
struct part {
	struct run *run;
	enum part_state state;
	struct part *leader; /* of one that follows */
	struct wanted wanted;
	struct buf text;        /* of `wanted` */
	struct buf path;        /* below DIR */
	struct store_line line; /* what is there already, to be refreshed */
	bool refreshes;
	struct fetch_job job;
	struct buf error;
	/* What came, from the end of the job until it has its name. */
	struct file *file;
	struct buf body; /* as long as it is not in the file */
	size_t size;
	unsigned char sum[DIGEST_SIZE];
	struct buf etag, modified;
	int error_number;  /* of writing it */
	struct part *next; /* in a line of the writer's */
};

/* A record under way. */
struct item {
	struct buf line;
	struct record record;
	bool broken; /* no record: `message` says why */
	struct buf message;
	struct part parts[2]; /* by enum asset_kind */
};

struct run {
	const struct gather *gather;
	struct lines *lines;
	struct store *store;
	struct fetch *fetch;
	struct out *out;
	struct digest *digest;
	struct writer *writer;
	struct progress progress;
	/* Items are numbered as they are read; i is at items[i % room]. */
	struct item *items;
	size_t room, first, end;
	size_t bytes;    /* of the lines from first to end */
	bool ended;      /* no more input */
	bool broken_off; /* input cannot be read on */
	bool fatal;      /* the run cannot go on; said already */
	int status;
	struct store_line line;
	struct edits edits;
	struct buf text, value;
};

/*
 * Writes bodies with a thread of its own. The part is the writer's from
 * writer_put until writer_take gives it back, with its file and sum, or its
 * error_number.
 */
struct writer *writer_open(struct store *store);
void writer_put(struct writer *writer, struct part *part);
struct part *writer_take(struct writer *writer);
/* Parts put and not taken. */
size_t writer_pending(struct writer *writer);
/* Memory for the next body, empty. */
struct buf writer_spare(struct writer *writer);
/* Waits for all that was put, and for the thread to end. */
void writer_finish(struct writer *writer);
void writer_close(struct writer *writer);
/* Sets the part's size and sum. */
void writer_digest(struct digest *digest, struct part *part, struct slice body);

/* Begins to get a file of a record whose line has been parsed. */
void part_begin(struct part *part, const struct record *record,
		enum asset_kind kind);
/* Gives a part that the writer is done with its name. */
void part_store(struct part *part);
/* Nothing is left to be done for it. */
bool part_settled(const struct part *part);
/* Frees what it holds, under way or not. */
void part_release(struct part *part);

#endif
