/*
 * The two files of precision by recall: a table and a picture. They are begun
 * before anything is read and appear when all is well.
 */
#ifndef EVAL_CURVES_H
#define EVAL_CURVES_H

#include "report/eval_print.h"

struct eval_curves;

/*
 * Begins NAME.tsv and NAME.svg: NULL with the message said where that cannot
 * be. The name is borrowed.
 */
struct eval_curves *eval_curves_open(const char *name);
/* Writes both: 0, or -1 with the message said. Once. */
int
eval_curves_write(struct eval_curves *curves, const struct eval_report *report);
/* What was not written is dropped. Takes NULL. */
void eval_curves_close(struct eval_curves *curves);

#endif
