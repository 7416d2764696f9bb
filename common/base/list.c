#include "base/list.h"

static bool
is_white(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct slice
slice_trim(struct slice text)
{
	while (text.n && is_white(text.p[0])) {
		text.p++;
		text.n--;
	}
	while (text.n && is_white(text.p[text.n - 1]))
		text.n--;
	return text;
}

bool
list_next(const char **list, struct slice *word)
{
	while (**list) {
		size_t n = strcspn(*list, ",");

		*word = slice_trim((struct slice){*list, n});
		*list += n + ((*list)[n] == ',');
		if (word->n)
			return true;
	}
	return false;
}
