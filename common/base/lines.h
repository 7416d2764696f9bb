/*
 * The lines of a program's operands, one after the other, with the place each
 * stands at. A line is a slice of the window that its file is read through.
 */
#ifndef LINES_H
#define LINES_H

#include "base/buf.h"
#include "base/diag.h"

/* Largest record accepted unless --max-record says otherwise, in bytes. */
#define RECORD_MAX ((size_t)256 << 20)

struct lines;

/* `operands` ends with NULL and is borrowed; none at all is stdin. */
struct lines *lines_open(char *const *operands, size_t max_record);
/*
 * The next line that is not blank, without LF or CR LF, a byte order mark at
 * the start of its file taken off; the last one may lack its LF. Borrowed
 * until the next call. Sets the place's stream and line. Returns 1, 0 at the
 * end of the last operand, or -1 when input cannot be read or a line is longer
 * than max_record; the message has been said.
 */
int lines_next(struct lines *lines, struct slice *line, struct place *place);
/*
 * True when the next line can be had without reading, which may block and puts
 * other bytes where the lines taken so far stand. Blank lines are passed over.
 */
bool lines_ready(struct lines *lines);
/*
 * For who has other things to wait for as well: reads what has come of the
 * next line. True where lines_next will not wait; else *fd is what it would
 * wait for. Files are opened without waiting, too.
 */
bool lines_come(struct lines *lines, int *fd);
/*
 * The line just returned with its LF, for passing on as it came; false where
 * it has none or more was taken off.
 */
bool lines_whole(const struct lines *lines, struct slice *whole);
/* Where the line just returned begins in its file, which is a regular one. */
uint64_t lines_at(const struct lines *lines);
/*
 * The line to return next is that which begins there, and has that number:
 * of the file last read or, where that has ended, of the next operand. 0, or -1
 * with the message said.
 */
int lines_seek(struct lines *lines, uint64_t at, unsigned long long number);
void lines_close(struct lines *lines);

#endif
