/*
 * Records that were compared, on their way on: with what is wrong with them in
 * `findings`, as seg-check passes records on, and with their `quality`.
 */
#ifndef EVAL_PASS_H
#define EVAL_PASS_H

#include "report/eval_samples.h"

struct eval_pass;

struct eval_pass *eval_pass_open(void);
/* Takes NULL. */
void eval_pass_close(struct eval_pass *pass);

/*
 * Appends a record's line, a valid one, with what became of it; as it came
 * where it was not compared.
 */
void eval_pass_put(struct eval_pass *pass, struct slice line,
		   const struct eval_passed *what, struct buf *to);

#endif
