#include "report/tally.h"

#include <stdlib.h>

#include "json/json.h"

/* Parts of a key: UTF-8 has neither of these bytes. */
enum { SEPARATOR = 0xff, ABSENT = 0xfe };

struct tally {
	const struct tally_table *tables;
	struct tally_row **slots; /* open addressing; a power of two */
	size_t room, count;
	struct buf key;
};

struct tally *
tally_open(const struct tally_table *tables)
{
	struct tally *tally = xcalloc(1, sizeof(*tally));

	tally->tables = tables;
	tally->room = 64;
	tally->slots = xcalloc(tally->room, sizeof(struct tally_row *));
	return tally;
}

void
tally_close(struct tally *tally)
{
	size_t i;

	if (!tally)
		return;
	for (i = 0; i < tally->room; i++)
		free(tally->slots[i]);
	free(tally->slots);
	buf_release(&tally->key);
	free(tally);
}

static size_t
numbers_of(const struct tally_column *column)
{
	return column->count ? column->count : 1;
}

static size_t
row_size(const struct tally_table *table)
{
	const struct tally_column *column;
	size_t n = 0;

	for (column = table->columns; column->name; column++)
		n += numbers_of(column);
	return n;
}

/* FNV-1a: keys are few, and chosen by nobody who would gain by slowness. */
static uint64_t
hash(const struct tally_table *table, struct slice key)
{
	uint64_t sum = 0xcbf29ce484222325 ^ (uint64_t)(uintptr_t)table;
	size_t i;

	for (i = 0; i < key.n; i++)
		sum = (sum ^ (unsigned char)key.p[i]) * 0x100000001b3;
	return sum ^ sum >> 29;
}

/* Where a row is, or would be. */
static struct tally_row **
find_slot(const struct tally *tally, const struct tally_table *table,
	  struct slice key)
{
	size_t at = hash(table, key) & (tally->room - 1);
	struct tally_row *row;

	while ((row = tally->slots[at]) != NULL) {
		if (row->table == table && slice_equal(row->key, key))
			break;
		at = (at + 1) & (tally->room - 1);
	}
	return &tally->slots[at];
}

static void
widen(struct tally *tally)
{
	struct tally_row **old = tally->slots;
	size_t i, n = tally->room;

	tally->room *= 2;
	tally->slots = xcalloc(tally->room, sizeof(struct tally_row *));
	for (i = 0; i < n; i++)
		if (old[i])
			*find_slot(tally, old[i]->table, old[i]->key) = old[i];
	free(old);
}

/* The parts of a row's key, which stand in it. */
static void
split_key(struct tally_row *row)
{
	struct slice rest = row->key;
	size_t i;

	for (i = 0; row->table->parts[i]; i++) {
		const char *end = memchr(rest.p, SEPARATOR, rest.n);
		size_t n = end ? (size_t)(end - rest.p) : rest.n;

		if (n != 1 || (unsigned char)rest.p[0] != ABSENT)
			row->parts[i] = (struct slice){rest.p, n};
		rest.p += n + (end != NULL);
		rest.n -= n + (end != NULL);
	}
}

/* A row, its numbers and its key are one piece of memory. */
static struct tally_row *
make_row(const struct tally_table *table, struct slice key)
{
	size_t n = row_size(table), head = sizeof(struct tally_row);
	struct tally_row *row =
		xcalloc(1, head + n * sizeof(uint64_t) + key.n + 1);
	const struct tally_column *column;
	uint64_t *value = (uint64_t *)(row + 1);
	size_t i;

	row->table = table;
	row->values = value;
	if (key.n)
		memcpy(value + n, key.p, key.n);
	row->key = (struct slice){(char *)(value + n), key.n};
	split_key(row);
	for (column = table->columns; column->name; column++)
		for (i = 0; i < numbers_of(column); i++)
			*value++ = column->rule == TALLY_LEAST ? UINT64_MAX : 0;
	return row;
}

static uint64_t *
values_at(struct tally *tally, const struct tally_table *table,
	  struct slice key)
{
	struct tally_row **slot = find_slot(tally, table, key);

	if (*slot)
		return (*slot)->values;
	if (2 * ++tally->count > tally->room) {
		widen(tally);
		slot = find_slot(tally, table, key);
	}
	*slot = make_row(table, key);
	return (*slot)->values;
}

uint64_t *
tally_at(struct tally *tally, unsigned table, const struct slice *parts)
{
	size_t i;

	buf_reset(&tally->key);
	for (i = 0; tally->tables[table].parts[i]; i++) {
		if (i)
			buf_putc(&tally->key, (char)SEPARATOR);
		if (parts[i].p)
			buf_slice(&tally->key, parts[i]);
		else
			buf_putc(&tally->key, (char)ABSENT);
	}
	return values_at(tally, &tally->tables[table], buf_view(&tally->key));
}

void
tally_add(uint64_t *sum, uint64_t number)
{
	if (__builtin_add_overflow(*sum, number, sum))
		*sum = UINT64_MAX;
}

static void
join_value(enum tally_rule rule, uint64_t *value, uint64_t number)
{
	if (rule == TALLY_SUM)
		tally_add(value, number);
	else if (rule == TALLY_LEAST ? number < *value : number > *value)
		*value = number;
}

static void
merge_row(struct tally *tally, const struct tally_row *row)
{
	uint64_t *value = values_at(tally, row->table, row->key);
	const uint64_t *from = row->values;
	const struct tally_column *column;
	size_t i;

	for (column = row->table->columns; column->name; column++)
		for (i = 0; i < numbers_of(column); i++)
			join_value(column->rule, value++, *from++);
}

void
tally_merge(struct tally *tally, const struct tally *other)
{
	size_t i;

	for (i = 0; i < other->room; i++)
		if (other->slots[i])
			merge_row(tally, other->slots[i]);
}

static int
compare_rows(const void *left, const void *right)
{
	const struct tally_row *a = *(const struct tally_row *const *)left;
	const struct tally_row *b = *(const struct tally_row *const *)right;
	size_t n = a->key.n < b->key.n ? a->key.n : b->key.n;
	int order = a->table->order;

	if (order >= 0 && a->values[order] != b->values[order])
		return a->values[order] > b->values[order] ? -1 : 1;
	order = memcmp(a->key.p, b->key.p, n);
	return order ? order : (a->key.n > b->key.n) - (a->key.n < b->key.n);
}

const struct tally_row **
tally_rows(const struct tally *tally, unsigned table, size_t *count)
{
	const struct tally_row **rows =
		xcalloc(tally->count + 1, sizeof(*rows));
	size_t i, n = 0;

	for (i = 0; i < tally->room; i++)
		if (tally->slots[i] &&
		    tally->slots[i]->table == &tally->tables[table])
			rows[n++] = tally->slots[i];
	qsort(rows, n, sizeof(*rows), compare_rows);
	*count = n;
	return rows;
}

void
tally_put_milli(struct buf *to, uint64_t number)
{
	unsigned rest = (unsigned)(number % 1000);

	buf_uint(to, number / 1000);
	if (rest == 0)
		return;
	buf_printf(to, ".%03u", rest);
	while (to->data[to->len - 1] == '0')
		to->len--;
}

static void
put_number(struct buf *to, const struct tally_column *column, uint64_t number)
{
	if (number == UINT64_MAX && column->rule == TALLY_LEAST)
		buf_puts(to, "null");
	else if (column->milli)
		tally_put_milli(to, number);
	else
		buf_uint(to, number);
}

static void
put_list(struct buf *to, const struct tally_column *column,
	 const uint64_t *values)
{
	unsigned across = column->across, i;

	buf_putc(to, '[');
	for (i = 0; i < column->count; i++) {
		if (across && i % across == 0)
			buf_puts(to, i ? "],[" : "[");
		else if (i)
			buf_putc(to, ',');
		put_number(to, column, values[i]);
	}
	buf_puts(to, across ? "]]" : "]");
}

static void
put_key(struct buf *to, const char *key)
{
	buf_puts(to, ",\"");
	buf_puts(to, key);
	buf_puts(to, "\":");
}

void
tally_put_row(struct buf *to, const struct tally_row *row)
{
	const uint64_t *value = row->values;
	const struct tally_column *column;
	size_t i;

	buf_puts(to, "{\"stat\":\"");
	buf_puts(to, row->table->name);
	buf_putc(to, '"');
	for (i = 0; row->table->parts[i]; i++) {
		if (!row->parts[i].p)
			continue;
		put_key(to, row->table->parts[i]);
		json_put_string(to, row->parts[i]);
	}
	for (column = row->table->columns; column->name; column++) {
		put_key(to, column->name);
		if (column->count)
			put_list(to, column, value);
		else
			put_number(to, column, *value);
		value += numbers_of(column);
	}
	buf_putc(to, '}');
}

/* Reads digits, and in thousandths up to three more behind a point. */
static bool
read_number(struct slice text, bool milli, uint64_t *number)
{
	uint64_t value = 0;
	size_t i, digits = 0;
	bool point = false;

	for (i = 0; i < text.n; i++) {
		if (text.p[i] == '.' && milli && !point) {
			point = true;
			continue;
		}
		if (text.p[i] < '0' || text.p[i] > '9' || digits == 3 ||
		    __builtin_mul_overflow(value, 10, &value) ||
		    __builtin_add_overflow(value, (uint64_t)(text.p[i] - '0'),
					   &value))
			return false;
		digits += point;
	}
	for (; milli && digits < 3; digits++)
		if (__builtin_mul_overflow(value, 10, &value))
			return false;
	*number = value;
	return text.n > 0;
}

/* Takes in numbers, one or lists of them: how many, or -1. */
static ptrdiff_t
take_numbers(const struct tally_column *column, struct slice text,
	     uint64_t *values, size_t room)
{
	struct json_iter iter = json_iterate(text);
	struct json_member element;
	ptrdiff_t got;
	uint64_t number;
	size_t n = 0;

	if (json_type(text) == JSON_NULL && column->rule == TALLY_LEAST)
		return 1;
	if (json_type(text) != JSON_ARRAY) {
		if (room < 1 || !read_number(text, column->milli, &number))
			return -1;
		join_value(column->rule, values, number);
		return 1;
	}
	while (json_next(&iter, &element) > 0) {
		got = take_numbers(column, element.value, values + n, room - n);
		if (got < 0)
			return -1;
		n += (size_t)got;
	}
	return (ptrdiff_t)n;
}

static const struct tally_table *
find_table(const struct tally *tally, struct slice line)
{
	const struct tally_table *table;
	struct slice name;

	if (!json_find(line, "stat", &name))
		return NULL;
	for (table = tally->tables; table->name; table++)
		if (json_string_is(name, slice_of(table->name)))
			return table;
	return NULL;
}

/* Builds the key of a line's row; false where a part is no text. */
static bool
read_key(struct tally *tally, const struct tally_table *table,
	 struct slice line)
{
	struct slice value;
	size_t i;

	buf_reset(&tally->key);
	for (i = 0; table->parts[i]; i++) {
		if (i)
			buf_putc(&tally->key, (char)SEPARATOR);
		if (!json_find(line, table->parts[i], &value))
			buf_putc(&tally->key, (char)ABSENT);
		else if (!json_string(value, &tally->key))
			return false;
	}
	return true;
}

const char *
tally_take(struct tally *tally, struct slice line)
{
	const struct tally_table *table = find_table(tally, line);
	const struct tally_column *column;
	struct slice numbers;
	uint64_t *value;

	if (!table)
		return "no line that seg-stat --format ndjson writes";
	if (!read_key(tally, table, line))
		return "a key is no text";
	value = values_at(tally, table, buf_view(&tally->key));
	for (column = table->columns; column->name; column++) {
		size_t n = numbers_of(column);

		if (!json_find(line, column->name, &numbers) ||
		    take_numbers(column, numbers, value, n) != (ptrdiff_t)n)
			return "a number is missing or is none";
		value += n;
	}
	return NULL;
}
