/*
 * Any text as an expression of --where: it is told what is wrong, at a column
 * of it, or it can be asked of a record, where its negation says the opposite.
 */
#include <string.h>

#include "fuzz.h"
#include "record/where.h"

static const char *const lines[] = {
	"{\"index\":1,\"name\":\"a.png\",\"uuid\":\"u\",\"metadata\":{\"iso\":"
	"400,\"at\":\"2024-06-07T08:30:00Z\",\"l\":[1,\"x\",null,{\"k\":-0.5}]}"
	",\"attributes\":{\"image\":{\"url\":\"http://x/y.png\",\"width\":9}},"
	"\"label\":{\"label_status\":\"REVIEWED\",\"attributes\":{\"annotations"
	"\":[{\"id\":1,\"category_id\":2,\"attributes\":{\"ripe\":true}},{\"id"
	"\":2,\"category_id\":1,\"area\":1e3}]}},\"release\":{\"name\":\"v1\","
	"\"categories\":[{\"id\":1,\"name\":\"a\"},{\"id\":2,\"name\":\"donut\""
	"}]},\"frame\":{\"index\":3}}",
	"{\"index\":2,\"name\":\"b\",\"label\":null,\"release\":{}}",
};

static struct record *
records(void)
{
	static struct record list[2];
	struct json_error error;

	for (size_t i = 0; i < 2 && !list[i].line.p; i++)
		if (record_parse(&list[i], slice_of(lines[i]), &error) < 0)
			abort();
	return list;
}

/* The same in parentheses, with "not" before it. */
static void
compare_negation(struct where *where, const char *text)
{
	struct record *list = records();
	struct buf other = {0}, why = {0};
	struct where *negated;
	const char *what;

	buf_printf(&other, "not (%s)", text);
	negated = where_parse(buf_cstr(&other), &why);
	PROMISE(negated || strlen(text) > 100, "an expression in parentheses");
	for (size_t i = 0; negated && i < 2; i++) {
		const int is = where_match(where, &list[i], &what);

		PROMISE(is == 0 || is == 1, "these records are JSON");
		PROMISE(where_match(negated, &list[i], &what) == !is,
			"what is not true is false");
	}
	where_close(negated);
	buf_release(&other);
	buf_release(&why);
}

/*
 * How much memory the C library takes for a{9}{9}{9}, or ((a+)+)+ and so on,
 * is its own affair: it doubles with each.
 */
static bool
asks_much(const uint8_t *data, size_t size)
{
	size_t repetitions = 0;

	for (size_t i = 0; i < size; i++)
		repetitions += strchr("+*?", data[i]) != NULL;
	return memchr(data, '~', size) &&
	       (repetitions > 6 || memchr(data, '{', size));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf text = {0}, why = {0};
	struct where *where;

	if (size > 300 || memchr(data, 0, size) || asks_much(data, size))
		return 0;
	buf_put(&text, (const char *)data, size);
	where = where_parse(buf_cstr(&text), &why);
	if (where)
		compare_negation(where, buf_cstr(&text));
	else
		PROMISE(why.len, "what is wrong is told");
	where_close(where);
	buf_release(&text);
	buf_release(&why);
	return 0;
}
