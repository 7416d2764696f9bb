/*
 * Records on their way to having their files: read, looked up in the store,
 * fetched where missing, and written in input order with the paths added. As
 * many records under way as keep the transfers busy; one thread for these, and
 * one for the disk.
 */
#ifndef DOWNLOAD_H
#define DOWNLOAD_H

#include "base/outcome.h"
#include "net/fetch.h"
#include "store/file_name.h"

struct download {
	const char *directory;
	bool images, labels; /* which files */
	bool verify;         /* digest what is there */
	bool refresh;        /* ask whether what is there has changed */
	bool dry_run;        /* tell what would be fetched instead */
	bool syncs;          /* files are on the disk, whatever comes */
	const char *base;    /* of relative URLs; NULL: none */
	enum file_naming naming;
	size_t max_record;
	struct outcome *outcome; /* quiet is set; gets what was done */
	struct fetch_options fetch;
};

/*
 * Runs the records of all operands through. Returns an exit status, or 128 and
 * the number of the signal that ended it early.
 */
int download_run(const struct download *download, char *const *operands);

#endif
