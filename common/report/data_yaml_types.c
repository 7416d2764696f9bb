/* What YAML 1.1 takes plain text for, as PyYAML does. */
#include "report/data_yaml.h"

static bool
is_word_of(struct slice text, const char *const *words)
{
	char lower[8] = {0};
	size_t i;
	bool first, rest = true, all = true;

	if (!text.n || text.n >= sizeof(lower))
		return false;
	first = text.p[0] >= 'A' && text.p[0] <= 'Z';
	for (i = 0; i < text.n; i++) {
		const bool upper = text.p[i] >= 'A' && text.p[i] <= 'Z';

		lower[i] = upper ? (char)(text.p[i] + 32) : text.p[i];
		all &= upper;
		rest &= i == 0 || !upper;
	}
	/* no, No and NO, but not nO. */
	if (!rest && !(first && all))
		return false;
	for (; *words; words++)
		if (strcmp(lower, *words) == 0)
			return true;
	return false;
}

/* Digits, signs, points and what numbers have besides, one digit at least. */
static bool
is_number(struct slice text)
{
	size_t i, digits = 0;
	const bool hex = text.n > 2 && text.p[0] == '0' && text.p[1] == 'x';

	for (i = 0; i < text.n; i++) {
		const char c = text.p[i];

		if ((c >= '0' && c <= '9') ||
		    (hex && i > 1 && strchr("abcdefABCDEF", c)))
			digits++;
		else if (!(hex && i == 1) && !strchr("._:", c) &&
			 !((c == '+' || c == '-') &&
			   (i == 0 || strchr("eE", text.p[i - 1]))) &&
			 !(i > 0 && i + 1 < text.n && strchr("eE", c) &&
			   memchr(text.p, '.', i)))
			return false;
	}
	return digits > 0 && !strchr("_:", text.p[0]);
}

static bool
is_date(struct slice text)
{
	static const char form[] = "dddd-dd-dd";
	size_t i;

	if (text.n < sizeof(form) - 1)
		return false;
	for (i = 0; form[i]; i++)
		if (form[i] == 'd' ? text.p[i] < '0' || text.p[i] > '9'
				   : text.p[i] != form[i])
			return false;
	return true;
}

enum yaml_type
yaml_type_of(struct slice text)
{
	static const char *const bools[] = {"yes",  "no",    "on", "off",
					    "true", "false", NULL};
	static const char *const nulls[] = {"null", "~", NULL};

	if (!text.n || is_word_of(text, nulls))
		return YAML_NULL;
	if (is_word_of(text, bools))
		return YAML_BOOL;
	if (is_number(text) || slice_is(text, ".nan") ||
	    slice_is(text, ".inf") || slice_is(text, "-.inf"))
		return YAML_NUMBER;
	return is_date(text) ? YAML_DATE : YAML_STRING;
}
