/*
 * Buffered output to a descriptor. A write that fails is said once and
 * remembered; what is put after it goes nowhere.
 */
#ifndef OUT_H
#define OUT_H

#include "base/buf.h"

struct out;

/* `name` is for messages and borrowed; the descriptor is not closed. */
struct out *out_open(int fd, const char *name);
void out_put(struct out *out, struct slice bytes);
/*
 * Like out_put, for bytes that stay where they are until the next out_flush:
 * neighbouring ones are written from there, in one piece.
 */
void out_borrow(struct out *out, struct slice bytes);
/* 0, or -1 when this or an earlier write failed; the message has been said. */
int out_flush(struct out *out);
bool out_failed(const struct out *out);
/* Flushes and frees; as out_flush. */
int out_close(struct out *out);
/*
 * True where what stdout has got so far may not end with a whole line.
 * Async-signal-safe.
 */
bool out_stdout_torn(void);
/* Nothing more goes to stdout: what it has is whole. */
void out_stdout_done(void);
bool out_stdout_is_done(void);
/* Closes stdout and checks it (NFS reports a full disk no sooner). */
int out_close_stdout(struct out *out);

#endif
