/*
 * The last line of the terminal that stderr is, on which one program of a pipe
 * at a time shows how far it is. What else is written there takes the line away
 * first, so that nothing is mixed into it.
 */
#ifndef TERMINAL_H
#define TERMINAL_H

#include "base/buf.h"

/*
 * stderr is a terminal where a line can be written over: TERM is set, and not
 * "dumb".
 */
bool terminal_is_smart(void);
/*
 * Shows a text, cut to the terminal's width. Of no effect where another
 * program of the terminal has the line, where this one is in the background,
 * or where stdout has begun a line on the terminal.
 */
void terminal_show(struct slice text);
/*
 * What must be written before anything else is written to stderr: takes away
 * what is shown there, by us or by another program; "" where nothing is. After
 * it, nothing of ours is shown.
 */
const char *terminal_eraser(void);
/* The same where stdout is a terminal, and is written to. */
void terminal_clear_for_stdout(void);
/* Takes away what we show; the line is free for others. */
void terminal_leave(void);

#endif
