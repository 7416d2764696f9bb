/*
 * What a run knows of each path below DIR, and of each URL: the line of the
 * manifest that tells of it, or who wants it. Two paths that the file system
 * takes for one are one here. 16 bytes each, so that two million files take
 * 40 MB.
 */
#ifndef FILE_INDEX_H
#define FILE_INDEX_H

#include "base/buf.h"

enum entry_kind {
	ENTRY_NONE,
	ENTRY_LINE,      /* of the manifest, at an offset */
	ENTRY_CLAIM,     /* a file of this run, which is not there yet */
	ENTRY_DIRECTORY, /* of other files */
};

/* Who wants a path: all text is the index's. */
struct file_claim {
	uint64_t url;        /* its key */
	char *name, *sample; /* of the sample */
};

struct file_entry {
	enum entry_kind kind;
	bool used;     /* a line that this run has handed out */
	uint64_t line; /* its offset */
	const struct file_claim *claim;
};

struct file_index;

/* `folds`: the file system takes a name for one in any case of letters. */
struct file_index *file_index_open(bool folds);
void file_index_close(struct file_index *index);
/* Makes room for so many entries at once. */
void file_index_reserve(struct file_index *index, size_t count);

/* The keys of paths, and of URLs without their signature. */
uint64_t file_index_path(const struct file_index *index, struct slice path);
uint64_t file_index_url(struct slice url);

/* Any thread may ask while no other one puts. */
struct file_entry file_index_get(const struct file_index *index, uint64_t key);
void file_index_put_line(struct file_index *index, uint64_t key, uint64_t line);
/* Marks the line of a key as handed out. */
void file_index_use(struct file_index *index, uint64_t key);
void file_index_put_directory(struct file_index *index, uint64_t key);
void file_index_put_claim(struct file_index *index, uint64_t key, uint64_t url,
			  struct slice name, struct slice sample);

#endif
