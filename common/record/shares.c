#include "record/shares.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static void
add_interval(struct shares *shares, const char *salt, double from, double to)
{
	shares->list[shares->count++] = (struct interval){salt, from, to};
}

/* What is wrong with an option, by its name and value. */
__attribute__((format(printf, 2, 3))) static const char *
refuse(struct shares *shares, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(shares->why, sizeof(shares->why), format, args);
	va_end(args);
	return shares->why;
}

static const char *
add_sample(struct shares *shares)
{
	double fraction;
	char *end;

	if (!shares->sample)
		return NULL;
	fraction = strtod(shares->sample, &end);
	if (end == shares->sample || *end || !(fraction >= 0 && fraction <= 1))
		return refuse(shares,
			      "--sample %s: a sample is a fraction from 0 to 1",
			      shares->sample);
	add_interval(shares, "sample", 0, fraction);
	return NULL;
}

static const char *
add_part(struct shares *shares)
{
	struct split *split;
	const char *why;
	double from, to;

	if (!shares->split && !shares->part)
		return NULL;
	if (!shares->split || !shares->part)
		return "--split and --part go together";
	split = split_parse(shares->split, &why);
	if (!split)
		return refuse(shares, "--split %s: %s", shares->split, why);
	if (!split_bounds(split, shares->part, &from, &to))
		why = refuse(shares, "--part %s: not in --split %s",
			     shares->part, shares->split);
	else
		add_interval(shares, SPLIT_SALT, from, to);
	split_close(split);
	return why;
}

/* Salts apart, so that samples and splits are drawn independently. */
const char *
shares_parse(struct shares *shares)
{
	const char *why = add_sample(shares);

	if (!why)
		why = add_part(shares);
	if (!why && shares->by && !shares->count)
		why = "--by goes with --sample or --split";
	return why;
}

bool
shares_hold(struct shares *shares, const struct record *record)
{
	const char *by = shares->by;
	size_t i;

	shares->key.by = by;
	split_key_count(&shares->key, record);
	for (i = 0; i < shares->count; i++) {
		const struct interval *share = &shares->list[i];
		double at = split_place(record, by, share->salt);

		if (at < share->from || at >= share->to)
			return false;
	}
	return true;
}
