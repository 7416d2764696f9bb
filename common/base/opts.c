#include "base/opts.h"

#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/cpu.h"
#include "base/diag.h"
#include "base/list.h"
#include "base/nearest.h"
#include "base/out.h"

#ifndef SEGTOOLS_VERSION
#define SEGTOOLS_VERSION "unknown"
#endif

/* Columns of --help where the text begins. */
enum { HELP_COLUMN = 28 };

/* The key of --exit-zero, out of the way of programs' own. */
enum { EXIT_ZERO = 9000 };

static const struct opt common_rows[] = {
	{'q', "quiet", NULL, "no progress, no summary at the end"},
	{EXIT_ZERO, "exit-zero", NULL,
	 "end with 0, not 1, where records failed"},
	{'h', "help", NULL, "show this help and exit"},
	{'V', "version", NULL, "show the version and exit"},
	{0},
};

static void
print_usage(const struct opts *o, FILE *to)
{
	fprintf(to, "usage: %s [options]%s%s\n", diag_program(),
		o->operands ? " " : "", o->operands ? o->operands : "");
}

static void
print_rows(const struct opt *row)
{
	for (; row && row->key; row++) {
		int n = row->key < 256 ? printf("  -%c, ", row->key)
				       : printf("      ");

		n += printf("--%s", row->name);
		if (row->arg)
			n += printf(" %s", row->arg);
		if (n > HELP_COLUMN - 2)
			n = printf("\n") - 1;
		printf("%*s%s\n", HELP_COLUMN - n, "", row->help);
	}
}

static _Noreturn void
end_after_output(void)
{
	out_stdout_done();
	if (fflush(stdout) != 0 || ferror(stdout))
		diag_die(NULL, "<stdout>: %s", strerror(errno));
	exit(STATUS_OK);
}

static _Noreturn void
print_help(const struct opts *o)
{
	print_usage(o, stdout);
	printf("\n%s\n\n", o->summary);
	print_rows(o->table);
	print_rows(o->shared);
	print_rows(o->also);
	print_rows(common_rows);
	printf("\nManual: man %s\n", diag_program());
	end_after_output();
}

static _Noreturn void
print_version(void)
{
	printf("%s (segtools) %s\n", diag_program(), SEGTOOLS_VERSION);
	end_after_output();
}

void
opts_fail(const struct opts *o, const char *format, ...)
{
	struct buf text = {0};
	va_list args;

	va_start(args, format);
	buf_vprintf(&text, format, args);
	va_end(args);
	diag_say(NULL, "%s", buf_cstr(&text));
	buf_release(&text);
	print_usage(o, stderr);
	exit(STATUS_FATAL);
}

/* The table in getopt's terms: `longs` and `letters` have room for all. */
static void
fill_getopt(const struct opt *row, struct option **longs, char **letters)
{
	for (; row && row->key; row++) {
		*(*longs)++ = (struct option){
			row->name,
			row->arg ? required_argument : no_argument,
			NULL,
			row->key,
		};
		if (row->key > 255)
			continue;
		*(*letters)++ = (char)row->key;
		if (row->arg)
			*(*letters)++ = ':';
	}
}

static size_t
count_rows(const struct opt *row)
{
	size_t n = 0;

	while (row && row[n].key)
		n++;
	return n;
}

/* Every program comes by here: what is set for all of them is checked. */
static void
check_environment(const struct opts *o)
{
	struct buf why = {0};

	if (!cpu_check(&why))
		opts_fail(o, "%s", buf_cstr(&why));
	buf_release(&why);
}

/* All rows of a program, as one table: `tables` has room for four. */
static void
list_tables(const struct opts *o, const struct opt **tables)
{
	tables[0] = o->table;
	tables[1] = o->shared;
	tables[2] = o->also;
	tables[3] = common_rows;
}

enum { TABLES = 4 };

/* Where output goes, for who looks for another program's -o or --output. */
static const char *
tell_output(const struct opts *o)
{
	for (const struct opt *row = o->table; row->key; row++)
		if (strcmp(row->name, "tree") == 0)
			return "; -t DIR says where output goes";
	return "; output goes to standard output: > FILE";
}

/* Wrong usage: a long option that is not there, --word or --word=value. */
static _Noreturn void
fail_unknown(const struct opts *o, const char *given)
{
	const struct opt *tables[TABLES];
	size_t room = 1, n = 0, i, j;
	const char **names, *nearest;
	char *word =
		slice_dup((struct slice){given + 2, strcspn(given, "=") - 2});

	list_tables(o, tables);
	for (i = 0; i < TABLES; i++)
		room += count_rows(tables[i]);
	names = xcalloc(room, sizeof(*names));
	for (i = 0; i < TABLES; i++)
		for (j = 0; tables[i] && tables[i][j].key; j++)
			names[n++] = tables[i][j].name;
	nearest = nearest_word(word, names);
	free(word);
	free(names);
	if (nearest)
		opts_fail(o, "unknown option: %s; did you mean --%s?", given,
			  nearest);
	opts_fail(o, "unknown option: %s%s", given,
		  strncmp(given, "--output", 8) == 0 ? tell_output(o) : "");
}

/* The word -xyz whose letter getopt has refused; NULL where it was none. */
static const char *
word_of_letter(char **argv, int letter)
{
	const char *last = argv[optind - 1], *next = argv[optind];

	/* getopt goes on to the next word behind the last letter. */
	if (last[0] == '-' && last[1] != '-' &&
	    last[strlen(last) - 1] == letter)
		return last;
	return next && next[0] == '-' && next[1] != '-' && strchr(next, letter)
		       ? next
		       : NULL;
}

/* Wrong usage: a letter that is no option. */
static _Noreturn void
fail_letter(const struct opts *o, int letter, const char *word)
{
	if (word[1] == letter && word[2])
		opts_fail(o, "unknown option: -%c of %s; is it -%s?", letter,
			  word, word);
	opts_fail(o, "unknown option: -%c%s", letter,
		  letter == 'o' ? tell_output(o) : "");
}

/* getopt's key; `longs` and `letters` are its terms. */
static int
next_key(struct opts *o, int argc, char **argv, const struct option *longs,
	 const char *letters)
{
	const char *word;
	int which = -1, key;

	opterr = 0;
	key = getopt_long(argc, argv, letters, longs, &which);
	o->arg = optarg;
	if (key == '?' && optopt && optopt < 256 &&
	    (word = word_of_letter(argv, optopt)))
		fail_letter(o, optopt, word);
	if (key == '?' && optopt)
		opts_fail(o, "option takes no argument: %s", argv[optind - 1]);
	if (key == '?')
		fail_unknown(o, argv[optind - 1]);
	if (key == ':')
		opts_fail(o, "option needs an argument: %s", argv[optind - 1]);
	return key;
}

/* A variable that is not set, mostly: -o "$OUT". */
static void
refuse_empty(const struct opts *o, const struct opt *row)
{
	if (row->arg && o->arg && !*o->arg &&
	    (strstr(row->arg, "FILE") || strstr(row->arg, "DIR")))
		opts_fail(o, "--%s: an empty name", row->name);
}

/* The option of a key, as messages call it: --name. */
static void
name_given(struct opts *o, int key)
{
	const struct opt *tables[TABLES];
	size_t i, j;

	list_tables(o, tables);
	o->given = "";
	for (i = 0; i < TABLES; i++)
		for (j = 0; tables[i] && tables[i][j].key; j++)
			if (tables[i][j].key == key) {
				o->given = tables[i][j].name;
				refuse_empty(o, &tables[i][j]);
			}
}

/* One option, those that every program has among them. */
static int
take_next(struct opts *o, int argc, char **argv)
{
	const struct opt *tables[TABLES];
	size_t rows = 0, i;
	struct option *longs, *next;
	char *letters, *at;
	int key;

	list_tables(o, tables);
	for (i = 0; i < TABLES; i++)
		rows += count_rows(tables[i]);
	next = longs = xcalloc(rows + 1, sizeof(*longs));
	at = letters = xcalloc(2 * rows + 2, 1);
	*at++ = ':';
	for (i = 0; i < TABLES; i++)
		fill_getopt(tables[i], &next, &at);
	key = next_key(o, argc, argv, longs, letters);
	free(longs);
	free(letters);
	name_given(o, key);
	return key;
}

int
opts_next(struct opts *o, int argc, char **argv)
{
	int key;

	check_environment(o);
	while ((key = take_next(o, argc, argv)) == 'q' || key == EXIT_ZERO) {
		if (o->outcome && key == 'q')
			o->outcome->quiet = true;
		else if (o->outcome)
			o->outcome->exit_zero = true;
	}
	if (key == 'h')
		print_help(o);
	if (key == 'V')
		print_version();
	o->rest = argv + optind;
	if (key == -1 && !o->operands && *o->rest)
		opts_fail(o, "unexpected operand: %s", *o->rest);
	return key;
}

uint64_t
opts_uint(const struct opts *o, uint64_t min, uint64_t max)
{
	char *end;
	unsigned long long value;

	errno = 0;
	value = strtoull(o->arg, &end, 10);
	if (errno || *end || o->arg[0] < '0' || o->arg[0] > '9' ||
	    value < min || value > max)
		opts_fail(o, "--%s: not a whole number from %llu to %llu: %s",
			  o->given, (unsigned long long)min,
			  (unsigned long long)max, o->arg);
	return value;
}

double
opts_double(const struct opts *o, double min, double max)
{
	char *end;
	double value;

	errno = 0;
	value = strtod(o->arg, &end);
	if (errno || *end || end == o->arg || !(value >= min && value <= max))
		opts_fail(o, "--%s: not a number from %g to %g: %s", o->given,
			  min, max, o->arg);
	return value;
}

/* Bytes in a unit: of 1000 where it says so, as in kB; 0 for no unit. */
static uint64_t
bytes_in(const char *unit)
{
	static const char prefixes[] = "kMGT";
	const char prefix = *unit == 'K' ? 'k' : *unit;
	const char *found = prefix ? strchr(prefixes, prefix) : NULL;
	uint64_t step = 1024, bytes = 1;

	if (!prefix || strcmp(unit, "B") == 0)
		return 1;
	if (!found)
		return 0;
	if (strcmp(unit + 1, "B") == 0 && *unit != 'K')
		step = 1000;
	else if (unit[1] && strcmp(unit + 1, "iB") != 0)
		return 0;
	for (; found >= prefixes; found--)
		bytes *= step;
	return bytes;
}

uint64_t
opts_bytes(const struct opts *o)
{
	char *end;
	unsigned long long value;
	uint64_t unit;

	errno = 0;
	value = strtoull(o->arg, &end, 10);
	unit = bytes_in(end);
	if (errno || !unit || o->arg[0] < '0' || o->arg[0] > '9' ||
	    value == 0 || value > UINT64_MAX / unit)
		opts_fail(o, "--%s: not a size (such as 500k, 64MiB or 2G): %s",
			  o->given, o->arg);
	return value * unit;
}

size_t
opts_choice(const struct opts *o, const char *const *words)
{
	struct buf all = {0};
	const char *nearest;
	size_t i;

	for (i = 0; words[i]; i++)
		if (strcmp(words[i], o->arg) == 0)
			return i;
	for (i = 0; words[i]; i++) {
		buf_puts(&all, i ? ", " : "");
		buf_puts(&all, words[i]);
	}
	nearest = nearest_word(o->arg, words);
	if (nearest)
		opts_fail(o, "--%s: not one of %s: %s; did you mean %s?",
			  o->given, buf_cstr(&all), o->arg, nearest);
	opts_fail(o, "--%s: not one of %s: %s", o->given, buf_cstr(&all),
		  o->arg);
}

unsigned
opts_choices(const struct opts *o, const char *const *words)
{
	struct opts one = *o;
	const char *list = o->arg;
	struct slice word;
	unsigned all = 0;

	while (list_next(&list, &word)) {
		one.arg = slice_dup(word);
		all |= 1u << opts_choice(&one, words);
		free(one.arg);
	}
	if (!all)
		opts_fail(o, "--%s: an empty list", o->given);
	return all;
}
