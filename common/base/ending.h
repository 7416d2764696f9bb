/*
 * What is done at last, however a program ends: at exit, at a signal that ends
 * it, or for lack of memory.
 */
#ifndef ENDING_H
#define ENDING_H

#include <signal.h>
#include <stdbool.h>

/*
 * Lets a function be called at last, in the order added; async-signal-safe
 * where `early` is true, which tells that exit(3) was not reached. Four at
 * most. Signals that the program handles itself, or ignores, stay so.
 */
void ending_add(void (*function)(bool early));
/* Calls them, once; for ends that neither exit nor come from a signal. */
void ending_run(void);
/* Keeps signals that end a program from threads begun until the next call. */
void ending_block(sigset_t *before);
void ending_unblock(const sigset_t *before);

#endif
