#include "image/rle_read.h"

#include <stdlib.h>

#include "json/lookup.h"

/* The pixels of a bitmap, handed out in column-major order. */
struct painter {
	struct run_list *runs;
	size_t first; /* of its own runs */
	uint32_t id;
	uint64_t height, at, total;
};

void
run_list_release(struct run_list *runs)
{
	free(runs->list);
	*runs = (struct run_list){0};
}

void
run_list_add(struct run_list *runs, struct run run)
{
	if (runs->count == runs->room) {
		runs->room = runs->room ? 2 * runs->room : 256;
		runs->list = xreallocarray(runs->list, runs->room,
					   sizeof(*runs->list));
	}
	runs->list[runs->count++] = run;
}

/* Appends a run, or lengthens the one that it goes on. */
static void
append_run(struct run_list *runs, size_t first, struct run run)
{
	struct run *last =
		runs->count > first ? &runs->list[runs->count - 1] : NULL;

	if (last && last->x == run.x && last->y1 == run.y0)
		last->y1 = run.y1;
	else
		run_list_add(runs, run);
}

/* Takes pixels that are not set, or are: false where there are no more. */
static bool
skip(struct painter *painter, uint64_t count)
{
	if (count > painter->total - painter->at)
		return false;
	painter->at += count;
	return true;
}

static bool
paint(struct painter *painter, uint64_t count)
{
	uint64_t x, y, n;

	if (count > painter->total - painter->at)
		return false;
	x = count ? painter->at / painter->height : 0;
	y = count ? painter->at % painter->height : 0;
	painter->at += count;
	for (; count; count -= n, x++, y = 0) {
		n = painter->height - y;
		n = n < count ? n : count;
		append_run(painter->runs, painter->first,
			   (struct run){painter->id, (uint32_t)x, (uint32_t)y,
					(uint32_t)(y + n)});
	}
	return true;
}

/*
 * The next number in COCO's characters: five bits each, the lowest first, bit
 * 5 says that more follow, bit 4 of the last one is the sign. False at the end
 * and for what is no such number.
 */
static bool
take_number(const char **p, const char *end, int64_t *number)
{
	uint64_t value = 0;
	unsigned shift = 0, bits;

	do {
		if (*p == end || shift > 55)
			return false;
		bits = (unsigned)(unsigned char)*(*p)++ - 48;
		if (bits > 63)
			return false;
		value |= (uint64_t)(bits & 31) << shift;
		shift += 5;
	} while (bits & 32);
	if (bits & 16)
		value |= ~(uint64_t)0 << shift;
	*number = (int64_t)value;
	return true;
}

/* From the third count on, what is written is more than two counts before. */
static const char *
read_compressed(struct painter *painter, struct slice text)
{
	const char *p = text.p, *end = text.p + text.n;
	int64_t before[2] = {0, 0}, count;
	size_t i;

	for (i = 0; p < end; i++) {
		if (!take_number(&p, end, &count))
			return "counts that are no compressed RLE";
		if (i > 2)
			count += before[i % 2];
		before[i % 2] = count;
		if (count < 0 || !(i % 2 ? paint(painter, (uint64_t)count)
					 : skip(painter, (uint64_t)count)))
			return "counts of more pixels than the bitmap has";
	}
	return NULL;
}

static const char *
read_plain(struct painter *painter, struct slice list)
{
	struct json_iter iter = json_iterate(list);
	struct json_member element;
	bool ones = false;
	int64_t count;

	while (json_next(&iter, &element) > 0) {
		if (!json_int(element.value, &count) || count < 0)
			return "counts that are no whole numbers";
		if (!(ones ? paint(painter, (uint64_t)count)
			   : skip(painter, (uint64_t)count)))
			return "counts of more pixels than the bitmap has";
		ones = !ones;
	}
	return NULL;
}

static bool
read_size(struct slice list, uint32_t *width, uint32_t *height)
{
	struct json_iter iter = json_iterate(list);
	struct json_member element;
	int64_t sides[2];
	int n = 0;

	if (json_type(list) != JSON_ARRAY)
		return false;
	while (json_next(&iter, &element) > 0) {
		if (n == 2 || !json_int(element.value, &sides[n]) ||
		    sides[n] < 0 || sides[n] > UINT32_MAX)
			return false;
		n++;
	}
	if (n != 2)
		return false;
	*height = (uint32_t)sides[0];
	*width = (uint32_t)sides[1];
	return true;
}

static void
find(struct slice rle, struct slice *size, struct slice *counts)
{
	static const struct slice keys[] = {{"size", 4}, {"counts", 6}};
	struct slice values[2];

	members_find(rle, keys, 2, values);
	*size = values[0];
	*counts = values[1];
}

bool
rle_read_size(struct slice rle, uint32_t *width, uint32_t *height)
{
	struct slice size, counts;

	find(rle, &size, &counts);
	return read_size(size, width, height);
}

/* The string of counts, decoded only where it has a backslash. */
static const char *
read_string(struct painter *painter, struct slice string)
{
	struct slice body = {string.p + 1, string.n - 2};
	struct buf text = {0};
	const char *why;

	if (!memchr(body.p, '\\', body.n))
		return read_compressed(painter, body);
	json_string(string, &text);
	why = read_compressed(painter, buf_view(&text));
	buf_release(&text);
	return why;
}

const char *
rle_read(struct slice rle, uint32_t width, uint32_t height, uint32_t id,
	 struct run_list *runs)
{
	struct painter painter = {.runs = runs,
				  .first = runs->count,
				  .id = id,
				  .height = height,
				  .total = (uint64_t)width * height};
	struct slice size, counts;
	uint32_t w, h;
	const char *why;

	find(rle, &size, &counts);
	if (!read_size(size, &w, &h))
		return "an RLE without its size";
	if (w != width || h != height)
		return "an RLE for a bitmap of another size";
	if (json_type(counts) == JSON_STRING)
		why = read_string(&painter, counts);
	else if (json_type(counts) == JSON_ARRAY)
		why = read_plain(&painter, counts);
	else
		why = "an RLE without counts";
	if (!why && painter.at != painter.total)
		why = "counts of fewer pixels than the bitmap has";
	return why;
}
