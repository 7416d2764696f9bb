/*
 * Options of a program, declared once in a table that makes the parsing, the
 * usage line and --help. -q/--quiet, --exit-zero, -h/--help and -V/--version
 * are in every program and not in its table.
 */
#ifndef OPTS_H
#define OPTS_H

#include "base/buf.h"
#include "base/outcome.h"

struct opt {
	int key;          /* the short letter, or above 255 where none */
	const char *name; /* long name */
	const char *arg;  /* name of its argument, NULL where it takes none */
	const char *help; /* one line */
};

/* A program's command line; tables end with a zeroed row. */
struct opts {
	const char *operands; /* as shown in the usage line, or NULL */
	const char *summary;  /* what the program does, one line */
	const struct opt *table;
	const struct opt *shared; /* rows it shares with others, or NULL */
	const struct opt *also;   /* more of them, or NULL */
	struct outcome *outcome;  /* gets what -q and --exit-zero say */
	/* Set by opts_next: */
	char *arg;         /* the argument of the option just returned */
	const char *given; /* that option, without its -- */
	char **rest;       /* operands, NULL-terminated, after the end */
};

/*
 * The key of the next option, or -1 after the last one, when o->rest is set.
 * Help and version print and exit with 0; wrong usage exits with 2. Operands
 * are refused where o->operands is NULL.
 */
int opts_next(struct opts *o, int argc, char **argv);

/* Says what is wrong with the command line, the usage line too; status 2. */
_Noreturn void opts_fail(const struct opts *o, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* The option's argument as a number within [min, max], else opts_fail. */
uint64_t opts_uint(const struct opts *o, uint64_t min, uint64_t max);
double opts_double(const struct opts *o, double min, double max);
/*
 * The place of the argument among some words, which end with NULL; else
 * opts_fail, which names the nearest one.
 */
size_t opts_choice(const struct opts *o, const char *const *words);
/* Likewise of a list, commas between: a bit for each place. */
unsigned opts_choices(const struct opts *o, const char *const *words);
/*
 * Bytes, 1 or more: with k, K, M, G or T, or KiB and so on, powers of 1024;
 * with kB, MB and so on, of 1000.
 */
uint64_t opts_bytes(const struct opts *o);

#endif
