/*
 * The last word of a stream of records that ends before its input does: a
 * record that has only `error`, so that the next program knows, even where
 * the shell does not tell it how this one ended.
 */
#ifndef BROKEN_OFF_H
#define BROKEN_OFF_H

#include "base/buf.h"

/*
 * For programs that write records, in main behind stream_start: until
 * out_close_stdout, wrong usage, exit(3), lack of memory and signals write
 * that record to stdout, unless it is a terminal.
 */
void broken_off_watch(void);
/* Appends it, with LF, for who ends early but in order. */
void broken_off_put(struct buf *to);

#endif
