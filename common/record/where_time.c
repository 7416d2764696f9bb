/* Times as ISO 8601 writes them. */
#include "record/where_parts.h"

/* Takes `digits` digits as a number within [min, max]. */
static bool
take_number(struct slice *text, size_t digits, unsigned min, unsigned max,
	    unsigned *number)
{
	size_t i;

	*number = 0;
	if (text->n < digits)
		return false;
	for (i = 0; i < digits; i++) {
		if (text->p[i] < '0' || text->p[i] > '9')
			return false;
		*number = 10 * *number + (unsigned)(text->p[i] - '0');
	}
	text->p += digits;
	text->n -= digits;
	return *number >= min && *number <= max;
}

static bool
take_char(struct slice *text, const char *any)
{
	if (!text->n || !strchr(any, text->p[0]) || !text->p[0])
		return false;
	text->p++;
	text->n--;
	return true;
}

/* Days since 1970 of a date of the Gregorian calendar (H. Hinnant's). */
static int64_t
count_days(int64_t year, unsigned month, unsigned day)
{
	int64_t era;
	unsigned year_of_era, day_of_year;

	year -= month <= 2;
	era = year / 400;
	year_of_era = (unsigned)(year - era * 400);
	day_of_year =
		(153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
	return era * 146097 + year_of_era * 365 + year_of_era / 4 -
	       year_of_era / 100 + day_of_year - 719468;
}

static void
take_fraction(struct slice *text, uint32_t *nanoseconds)
{
	uint32_t unit = 100000000;

	while (text->n && text->p[0] >= '0' && text->p[0] <= '9') {
		*nanoseconds += unit * (uint32_t)(text->p[0] - '0');
		unit /= 10;
		text->p++;
		text->n--;
	}
}

/* Z, or hours and minutes, east positive. */
static bool
take_offset(struct slice *text, int64_t *seconds)
{
	unsigned hours, minutes = 0;
	bool west;

	if (!text->n || take_char(text, "Zz"))
		return true;
	west = text->p[0] == '-';
	if (!take_char(text, "+-") || !take_number(text, 2, 0, 23, &hours))
		return false;
	take_char(text, ":");
	if (text->n && !take_number(text, 2, 0, 59, &minutes))
		return false;
	*seconds += (west ? 1 : -1) * (int64_t)(hours * 3600 + minutes * 60);
	return true;
}

static bool
take_clock(struct slice *text, struct instant *instant)
{
	unsigned hours, minutes, seconds = 0;

	if (!take_char(text, "Tt ") || !take_number(text, 2, 0, 24, &hours) ||
	    !take_char(text, ":") || !take_number(text, 2, 0, 59, &minutes))
		return false;
	if (take_char(text, ":") && !take_number(text, 2, 0, 60, &seconds))
		return false;
	if (take_char(text, ".,"))
		take_fraction(text, &instant->nanoseconds);
	instant->seconds += hours * 3600 + minutes * 60 + seconds;
	return take_offset(text, &instant->seconds);
}

bool
where_read_instant(struct slice text, struct instant *instant)
{
	unsigned year, month, day;

	*instant = (struct instant){0};
	if (!take_number(&text, 4, 0, 9999, &year) || !take_char(&text, "-") ||
	    !take_number(&text, 2, 1, 12, &month) || !take_char(&text, "-") ||
	    !take_number(&text, 2, 1, 31, &day))
		return false;
	instant->seconds = 86400 * count_days(year, month, day);
	return !text.n || (take_clock(&text, instant) && !text.n);
}
