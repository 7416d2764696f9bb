/*
 * When a program publishes the data set that it wrote: the options that decide
 * and the decision, with what is said of it. A data set is a file or a tree.
 */
#ifndef DATASET_H
#define DATASET_H

#include "base/opts.h"
#include "base/outcome.h"

/* Rows for struct opts' `also`; their keys are from 600. */
extern const struct opt dataset_option_rows[];

struct dataset {
	const char *output; /* what -o or -t names, NULL for stdout */
	bool partial;       /* --partial */
	bool allow_empty;   /* --allow-empty */
	bool syncs;         /* --fsync */
	bool expects;       /* --expect */
	uint64_t expected;
};

/* Takes an option that is one of the rows; false for others. */
bool
dataset_take_option(struct dataset *dataset, const struct opts *o, int key);

/*
 * After the options: wrong usage where the file that is to be written is one
 * that is read (`also`: by an option; or NULL), or a release or records: from
 * those it is made, further up the pipe.
 */
void dataset_check_inputs(const struct opts *o, const char *output,
			  const char *also);

/*
 * After the run: true where the data set may be published, else the reason has
 * been said. `status` is raised to 2 where no record came or not as many as
 * were expected. What is not a whole document is the program's to hold back.
 */
bool dataset_publishes(const struct dataset *dataset,
		       const struct outcome *outcome, int *status);

#endif
