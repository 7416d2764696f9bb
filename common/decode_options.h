/*
 * The options that every program has that may have to decode a label: the rows
 * of its table, and what they set.
 */
#ifndef DECODE_OPTIONS_H
#define DECODE_OPTIONS_H

#include "asset.h"
#include "label.h"
#include "opts.h"

/* Their rows, for struct opts' `shared`. Keys from 400 on are free. */
extern const struct opt decode_option_rows[];

struct decode_options {
	struct label_options label;
	struct asset_options assets;
	unsigned jobs;
	size_t max_record;
	bool form_given; /* an option that changes what geometry is written */
};

/* The defaults, those from the environment among them. */
struct decode_options decode_options_default(void);
/* Takes an option if it is one of the rows above; wrong use ends the program.
 */
bool decode_options_take(struct decode_options *options, const struct opts *o,
			 int key);

#endif
