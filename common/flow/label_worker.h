/*
 * What programs share that may have to decode a label: the options, and what
 * the pump's workers do to a record.
 */
#ifndef LABEL_WORKER_H
#define LABEL_WORKER_H

#include <stdatomic.h>

#include "base/opts.h"
#include "flow/pump.h"
#include "label/label.h"
#include "store/asset.h"

/* The rows of the options, for struct opts' `shared`; keys from 400 are free.
 */
extern const struct opt label_option_rows[];
/* Those of programs that make something else of pixels, */
extern const struct opt label_pixel_rows[];
/* and of programs that take geometry as it is. */
extern const struct opt label_source_rows[];
/* The same of programs that do so one by one. */
extern const struct opt label_asset_rows[];

struct label_work {
	struct label_options label;
	struct asset_options assets;
	struct label_oddities oddities; /* of all workers */
	unsigned jobs;
	size_t max_record;
	bool form_given;      /* by --segmentation */
	bool directory_given; /* by --directory */
	bool anew;            /* even what is decoded already */
	atomic_bool decoded;  /* some label was */
	struct asset_source
		*source; /* between label_work_open and label_work_close */
};

/* The defaults, those from the environment among them. */
struct label_work label_work_default(void);
/*
 * Takes an option that is one of the rows, or -1 for the end of all options,
 * which must go together. Wrong use ends the program.
 */
void label_work_take_option(struct label_work *decode, const struct opts *o,
			    int key);

/* 0, or -1 with the message said. */
int label_work_open(struct label_work *decode);
/*
 * Says what was odd, unless quiet, and where no annotation had what was asked
 * for.
 */
void label_work_close(struct label_work *decode, bool quiet);

/* For struct pump. A worker's context is the struct label_work, which is
 * shared. */
void *label_worker_open(void *decode);
void label_worker_close(void *worker);
/* Passes a record that has its geometry or needs none, and decodes others. */
enum verdict
label_worker_run(void *worker, const struct record *record, struct buf *to);

#endif
