#include "base/opts.h"

#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/cpu.h"
#include "base/diag.h"

#ifndef SEGTOOLS_VERSION
#define SEGTOOLS_VERSION "unknown"
#endif

/* Columns of --help where the text begins. */
enum { HELP_COLUMN = 28 };

static const struct opt common_rows[] = {
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
	for (; row->key; row++) {
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
	if (o->shared)
		print_rows(o->shared);
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

int
opts_next(struct opts *o, int argc, char **argv)
{
	const struct opt *const tables[] = {o->table, o->shared, common_rows};
	size_t rows = count_rows(o->table) + count_rows(o->shared) +
		      count_rows(common_rows);
	struct option *longs = xcalloc(rows + 1, sizeof(*longs));
	struct option *next = longs;
	char *letters = xcalloc(2 * rows + 2, 1), *at = letters;
	size_t i;
	int key;

	check_environment(o);
	*at++ = ':';
	for (i = 0; i < sizeof(tables) / sizeof(*tables); i++)
		fill_getopt(tables[i], &next, &at);
	opterr = 0;
	key = getopt_long(argc, argv, letters, longs, NULL);
	free(longs);
	free(letters);
	o->arg = optarg;
	if (key == 'h')
		print_help(o);
	if (key == 'V')
		print_version();
	if (key == '?' && optopt && optopt < 256 && argv[optind - 1][1] != '-')
		opts_fail(o, "unknown option: -%c", optopt);
	if (key == '?')
		opts_fail(o, "%s: %s",
			  optopt ? "option takes no argument"
				 : "unknown option",
			  argv[optind - 1]);
	if (key == ':')
		opts_fail(o, "option needs an argument: %s", argv[optind - 1]);
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
		opts_fail(o, "not a whole number from %llu to %llu: %s",
			  (unsigned long long)min, (unsigned long long)max,
			  o->arg);
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
		opts_fail(o, "not a number from %g to %g: %s", min, max,
			  o->arg);
	return value;
}

uint64_t
opts_bytes(const struct opts *o)
{
	static const char suffixes[] = "kMG";
	const char *found;
	char *end;
	unsigned long long value;
	unsigned shift = 0;

	errno = 0;
	value = strtoull(o->arg, &end, 10);
	if (*end && (found = strchr(suffixes, *end)) != NULL) {
		shift = 10 * (unsigned)(found - suffixes + 1);
		end++;
	}
	if (errno || *end || o->arg[0] < '0' || o->arg[0] > '9' ||
	    value > (UINT64_MAX >> shift))
		opts_fail(o, "not a size (such as 500k, 64M or 2G): %s",
			  o->arg);
	return (uint64_t)value << shift;
}

size_t
opts_choice(const struct opts *o, const char *const *words)
{
	struct buf all = {0};
	size_t i;

	for (i = 0; words[i]; i++)
		if (strcmp(words[i], o->arg) == 0)
			return i;
	for (i = 0; words[i]; i++) {
		buf_puts(&all, i ? ", " : "");
		buf_puts(&all, words[i]);
	}
	opts_fail(o, "not one of %s: %s", buf_cstr(&all), o->arg);
}
