/*
 * A tree of files that a trainer reads, below DIR.
 *
 * Each file is written beside its place and renamed; one that is there with
 * the same bytes is left untouched, since trainers key their caches by time.
 * What a former run wrote and this one did not is removed in the end, then the
 * index files are written, and last the list of the tree's files: the hidden
 * DIR/.PROGRAM.files. A path is in that list before its file is there, so that
 * a run after one that was killed knows what is ours; nothing else in DIR is
 * replaced or removed.
 *
 * Workers put files in any order, and the first record in input order has a
 * path: each record has its number (place.number), and tree_confirm, called in
 * input order, tells whether the record got its file. Two paths that some file
 * system takes for one are one.
 *
 * A path is relative and made by path_put. Some 50 bytes are kept for each.
 */
#ifndef TREE_H
#define TREE_H

#include "base/buf.h"
#include "base/file.h"

struct tree;

/* How images come into the tree. */
enum tree_link { TREE_SYMLINK, TREE_HARD, TREE_COPY, TREE_NONE };

/* Their names for opts_choice, in that order: symlink, hard, copy, none. */
extern const char *const tree_links[];

/*
 * Opens the tree in `dir`, which is made where it is missing and which the
 * sandbox will let be written. NULL with the message said: it cannot be, or
 * another run of this program writes there.
 */
struct tree *tree_open(const char *dir, enum tree_link link);

/*
 * From now on all files are on the disk before the index files have their
 * names, and these before the tree is closed.
 */
void tree_syncs(struct tree *tree);

/*
 * Puts a file for the record of this number. 0, though another record may have
 * the path; -1 with *why appended to. Any thread.
 */
int tree_put(struct tree *tree, uint64_t number, struct slice path,
	     struct slice bytes, struct buf *why);
/*
 * Likewise an image file, as the tree's link mode says; nothing for TREE_NONE.
 * A symbolic link is relative where DIR and the image have more than the root
 * directory in common, and absolute elsewhere.
 */
int tree_place(struct tree *tree, uint64_t number, struct slice path,
	       const char *image, struct buf *why);
/*
 * Tells, in input order and on one thread, whether the record has the path
 * that it put: 0, or -1 with *why naming the path and the sample that has it.
 * `sample` is the record's own name. What is not confirmed is gone in the end.
 */
int tree_confirm(struct tree *tree, uint64_t number, struct slice path,
		 struct slice sample, struct buf *why);

/*
 * The same for all that a record has put, by whatever worker: all, or none of
 * it. What is not settled is forgotten by tree_forget, and gone in the end.
 */
int tree_settle(struct tree *tree, uint64_t number, struct slice sample,
		struct buf *why);
/* True where a record has put something that is not settled. */
bool tree_holds(struct tree *tree, uint64_t number);
void tree_forget(struct tree *tree, uint64_t number);

/*
 * Index files are written by tree_close, in the order given; the first takes
 * bytes, the second a file that the caller got from tree_create and filled.
 */
void tree_index(struct tree *tree, const char *path, struct slice bytes);
void tree_index_file(struct tree *tree, const char *path, struct file *file);
/* A file without a name in the tree's file system; NULL with errno set. */
struct file *tree_create(struct tree *tree);

/*
 * Ends the tree and frees it: with `publish` as told above, else what was put
 * stays, index files are not written, nothing is removed, and the next run
 * finishes. 0, or -1 with the message said. Takes NULL.
 */
int tree_close(struct tree *tree, bool publish);

#endif
