/* What the files of the tree module share. */
#ifndef TREE_PARTS_H
#define TREE_PARTS_H

#include <pthread.h>

#include "base/out.h"
#include "output/tree.h"

/* A path that records of this run want; the first of them has it. */
struct wanted_path {
	uint64_t key;    /* a hash of the path, folded; 0: no entry */
	uint64_t number; /* of the record that has it */
	uint64_t at;     /* in the spool once confirmed, else UNCONFIRMED */
};

#define UNCONFIRMED UINT64_MAX

/* All of them, a hash table; zeroed is empty. */
struct wanted_table {
	struct wanted_path *slots;
	size_t count, room;
};

/* Hashes of paths, a set; zeroed is empty. */
struct path_set {
	uint64_t *slots;
	size_t count, room;
};

/* Of a path as it stands, and as file systems may take it; never 0. */
uint64_t path_key(struct slice path);
uint64_t path_folded_key(struct slice path);

/* The entry of a key, or NULL. Borrowed until the next wanted_add. */
struct wanted_path *wanted_find(const struct wanted_table *table, uint64_t key);
/* The same, made where there is none (number UINT64_MAX, unconfirmed). */
struct wanted_path *wanted_add(struct wanted_table *table, uint64_t key);

bool path_set_has(const struct path_set *set, uint64_t key);
/* False where it is in already. */
bool path_set_add(struct path_set *set, uint64_t key);

/*
 * The list of a tree's files, DIR/.PROGRAM.files: a path a line. It is locked
 * while it is open, and grows until tree_list_replace.
 */
struct tree_list {
	int dirfd; /* DIR's, borrowed */
	char *name;
	int fd;
	off_t end; /* of its last whole line, when it was read */
};

/* 0; or -1 with errno, EWOULDBLOCK where another run has it. */
int tree_list_open(struct tree_list *list, int dirfd, const char *name);
void tree_list_close(struct tree_list *list);
/* Of tree_list_read, with errno; no `each` says so. */
#define TREE_LIST_UNREAD (-2)

/*
 * Calls `each` for every path that is safe; its result, where it is not 0, ends
 * it.
 */
int
tree_list_read(struct tree_list *list,
	       int (*each)(void *context, struct slice path), void *context);
/* Cuts off what a killed run left of a line, once all was read: 0, or -1. */
int tree_list_mend(struct tree_list *list);
/* Adds a path: 0, or -1 with errno. */
int tree_list_add(struct tree_list *list, struct slice path);

/*
 * What a symbolic link to `image` in a directory (with its last slash) says:
 * relative where they have more than the root in common. Both are absolute.
 */
void
tree_put_target(struct buf *to, struct slice directory, struct slice image);

/* A path that a record has put, until the record is settled. */
struct pending {
	struct pending *next;
	uint64_t number;
	size_t length;
	char path[];
};

enum { STRIPES = 64, INDEX_ROOM = 64, PENDING_LISTS = 256 };

struct tree {
	char *dir;
	char *real; /* DIR, absolute, without links */
	int dirfd, tempfd;
	enum tree_link link;
	bool syncs;
	struct tree_list list;
	char *list_name, *temp_name;
	/* Of the tables and the list. */
	pthread_mutex_t lock;
	/* Of giving a path its file; path_folded_key chooses. */
	pthread_mutex_t stripes[STRIPES];
	struct wanted_table wanted;
	struct path_set ours; /* in the list */
	/* By number; each list has the last one first. */
	struct pending *pending[PENDING_LISTS];
	/* Confirmed paths with their samples' names, by the writing thread. */
	int spool_fd;
	struct out *spool;
	uint64_t spooled;
	struct {
		char *path;
		struct file *file;
	} index[INDEX_ROOM];
	size_t indices;
};

void tree_free(struct tree *tree);
/* Says in *why what is wrong with a path, and returns -1. */
int tree_fail(const struct tree *tree, struct slice path, struct buf *why,
	      const char *format, ...) __attribute__((format(printf, 4, 5)));
/*
 * Reads back a confirmed path and its sample, each of which may be NULL: 0, or
 * -1 with errno.
 */
int tree_unspool(struct tree *tree, uint64_t at, struct buf *path,
		 struct buf *sample);
/* Gives an index file its name: 0, or -1 with *why. Takes the file. */
int tree_publish_index(struct tree *tree, const char *path, struct file *file,
		       struct buf *why);

#endif
