/*
 * What the files of download share.
 *
 *	download.c         records: read, and kept in order
 *	download_out.c     records written, and what is said of them
 *	download_file.c    one file of a record: looked up, fetched, stored
 *	download_writer.c  bodies on their way to disk
 */
#ifndef DOWNLOAD_PARTS_H
#define DOWNLOAD_PARTS_H

#include "base/lines.h"
#include "base/out.h"
#include "base/progress.h"
#include "base/stream.h"
#include "flow/download.h"
#include "record/edits.h"
#include "store/store.h"

enum file_state {
	FILE_NONE,     /* nothing to fetch */
	FILE_THERE,    /* at its path */
	FILE_FETCHING, /* its job is under way */
	FILE_FOLLOWS,  /* the same file is being fetched for another target */
	FILE_FAILED,
};

/* A file of a record. */
struct download_file {
	struct downloader *run;
	enum file_state state;
	struct download_file *leader; /* of one that follows */
	struct remote remote;
	struct buf text;        /* of `remote` */
	struct buf joined;      /* of it, too */
	int source;             /* which of its URLs is asked */
	struct buf path;        /* below DIR */
	struct store_line line; /* what is there already, to be refreshed */
	bool refreshes;
	struct fetch_job job;
	struct buf error;
	struct buf down;     /* the host that could not be reached; or empty */
	const char *warning; /* about what came; NULL: none */
	struct slice asked;  /* the URL that it is about */
	/* What came, from the end of the job until it has its name. */
	struct file *file;
	struct buf body; /* as long as it is not in the file */
	size_t size;
	unsigned char sum[DIGEST_SIZE];
	struct buf etag, modified;
	int error_number;           /* of writing it */
	struct download_file *next; /* in a line of the writer's */
};

/* A record under way. */
struct download_record {
	struct buf line;
	struct record record;
	bool broken;  /* no record: `message` says why */
	bool foreign; /* nor is what follows a record */
	struct buf message;
	struct download_file files[2]; /* by enum asset_kind */
};

/* A host that is down, and how many files it has cost. */
struct down_host {
	struct buf name;
	uint64_t count; /* of messages that were not said */
};

enum { DOWN_HOSTS = 16 /* told apart; those of others are all said */ };

struct downloader {
	const struct download *download;
	struct lines *lines;
	struct store *store;
	struct fetch *fetch;
	struct out *out;
	struct digest *digest;
	struct download_writer *writer;
	struct progress progress;
	struct {
		uint64_t fetched; /* files */
		uint64_t present; /* files that were there already */
		uint64_t failed;  /* files */
		uint64_t bytes;   /* of the files fetched */
		uint64_t records; /* written */
		uint64_t total;   /* records in all; 0: not known yet */
	} done;
	/* Items are numbered as they are read; i is at entries[i % room]. */
	struct download_record *entries;
	size_t room, first, end;
	struct record_memory memory; /* that they share */
	size_t bytes;                /* of the lines from first to end */
	bool ended;                  /* no more input */
	bool broken_off;             /* input cannot be read on */
	bool fatal;                  /* the run cannot go on; said already */
	int status;
	struct down_host down[DOWN_HOSTS];
	uint64_t sequences, strangers; /* records that have no image of ours */
	struct store_line line;
	struct edits edits;
	struct buf text, value;
};

/*
 * Writes bodies with a thread of its own. The target is the writer's from
 * download_writer_put until download_writer_take gives it back, with its file
 * and sum, or its error_number.
 */
struct download_writer *download_writer_open(struct store *store);
void download_writer_put(struct download_writer *writer,
			 struct download_file *target);
struct download_file *download_writer_take(struct download_writer *writer);
/* Parts put and not taken. */
size_t download_writer_pending(struct download_writer *writer);
/* Memory for the next body, empty. */
struct buf download_writer_spare(struct download_writer *writer);
/* Waits for all that was put, and for the thread to end. */
void download_writer_finish(struct download_writer *writer);
void download_writer_close(struct download_writer *writer);
/* Sets the target's size and sum. */
void download_writer_digest(struct digest *digest, struct download_file *target,
			    struct slice body);

/*
 * Reads what a record says of a file into the target, *has: it has a URL. NULL,
 * or why it cannot be read, borrowed.
 */
const char *
download_file_read(struct download_file *target, const struct record *record,
		   enum asset_kind kind, bool *has);
/*
 * Rebases what was read and looks it up in the store. NULL
 * with *state, which is STORE_PRESENT without a URL where a local file is
 * meant, or why it cannot be had.
 */
const char *
download_file_look(struct download_file *target, enum store_state *state);
/* Begins to get a file of a record whose line has been parsed. */
void download_file_begin(struct download_file *target,
			 const struct record *record, enum asset_kind kind);
/* Gives a target that the writer is done with its name. */
void download_file_store(struct download_file *target);
/* Nothing is left to be done for it. */
bool download_file_settled(const struct download_file *target);
/* Frees what it holds, under way or not. */
void download_file_release(struct download_file *target);

/* Whether all of a record's files are there, or failed. */
bool download_is_settled(const struct download_record *entry);
/* Says how much was not said one by one. */
void download_say_counted(const struct downloader *run);
/* Writes the records from the first on that are settled. */
void download_write_settled(struct downloader *run);
/* Writes a record, failed or not; it must be settled. */
void download_write(struct downloader *run, struct download_record *entry);
/* Says what is wrong with a line that is no record; its error is run->text. */
void download_put_broken(struct downloader *run, struct download_record *entry);
/* Takes the first record off; its memory is kept for the next, if small. */
void download_retire(struct downloader *run, struct download_record *entry);
/* Makes the status at least this one. */
void download_raise(struct downloader *run, int status);
/* Counts a record that has no image of ours. */
void
download_count_stranger(struct downloader *run, const struct record *record);

#endif
