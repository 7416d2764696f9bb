/*
 * What programs share that may have to decode a label: the options, and what
 * the pump's workers do to a record.
 */
#ifndef LABEL_WORKER_H
#define LABEL_WORKER_H

#include "base/opts.h"
#include "flow/pump.h"
#include "label/label.h"
#include "store/asset.h"

/* The rows of the options, for struct opts' `shared`; keys from 400 are free.
 */
extern const struct opt decode_option_rows[];

struct decode {
	struct label_options label;
	struct asset_options assets;
	unsigned jobs;
	size_t max_record;
	bool form_given;             /* by --segmentation */
	bool anew;                   /* even what is decoded already */
	struct asset_source *source; /* between decode_open and decode_close */
};

/* The defaults, those from the environment among them. */
struct decode decode_default(void);
/*
 * Takes an option that is one of the rows, or -1 for the end of all options,
 * which must go together. Wrong use ends the program.
 */
void decode_take_option(struct decode *decode, const struct opts *o, int key);

/* 0, or -1 with the message said. */
int decode_open(struct decode *decode);
void decode_close(struct decode *decode);

/* For struct pump. A worker's context is the struct decode, which is shared. */
void *decode_open_worker(void *decode);
void decode_close_worker(void *worker);
/* Passes a record that has its geometry or needs none, and decodes others. */
enum verdict
decode_record(void *worker, const struct record *record, struct buf *to);

#endif
