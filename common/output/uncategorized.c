#include "output/uncategorized.h"

#include "json/json.h"

enum { SHOWN = 40 /* bytes of an id */ };

void
uncategorized_say(const struct place *place, size_t n, struct slice id,
		  struct slice category_id)
{
	const int shown = (int)(id.n < SHOWN ? id.n : SHOWN);
	const char *spelt = id.p ? id.p : "";
	int64_t number;

	if (json_id(category_id, &number))
		diag_warn(place,
			  "annotation %.*s%s(no. %zu): category_id %lld is not "
			  "among the release's: it is left out",
			  shown, spelt, shown ? " " : "", n, (long long)number);
	else
		diag_warn(place,
			  "annotation %.*s%s(no. %zu) has no integer "
			  "category_id: it is left out",
			  shown, spelt, shown ? " " : "", n);
}

void
uncategorized_say_numbers(const struct place *place, size_t n, int64_t id,
			  const int64_t *category_id)
{
	struct buf text = {0};
	size_t middle;

	buf_int(&text, id);
	middle = text.len;
	if (category_id)
		buf_int(&text, *category_id);
	uncategorized_say(place, n, (struct slice){text.data, middle},
			  (struct slice){text.data + middle,
					 text.len - middle});
	buf_release(&text);
}
