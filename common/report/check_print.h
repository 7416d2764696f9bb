/* Findings on their way to who reads them. */
#ifndef CHECK_PRINT_H
#define CHECK_PRINT_H

#include "base/diag.h"
#include "base/out.h"
#include "report/check_rules.h"

enum check_format { CHECK_TEXT, CHECK_NDJSON, CHECK_JUNIT };

struct check_printer;

/* Borrows `out`, which it begins to write to. */
struct check_printer *
check_printer_open(struct out *out, enum check_format format);
/* Ends what has been written. */
void check_printer_close(struct check_printer *printer);

/*
 * Takes in the findings of a run before, which are not told again: 0, or -1
 * with the message said.
 */
int
check_printer_take_baseline(struct check_printer *printer, const char *path);
/* Counts a finding's line by its severity, unless it is in the baseline: then
 * it is not wanted. */
bool check_printer_wants(struct check_printer *printer, struct slice line);
/* Writes it. */
void check_printer_put(struct check_printer *printer, struct slice line,
		       const struct place *place);
/* How many there were of this severity or more. */
uint64_t check_printer_count(const struct check_printer *printer,
			     enum severity severity);

/* Appends what a rule is: a line, or with `whole` all there is to say. */
void check_put_rule(struct buf *to, enum check_rule rule, bool whole);

#endif
