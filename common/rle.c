#include "rle.h"

/*
 * The counts of an instance, one after the other: pixels of the bitmap in
 * column-major order, zeros first. Runs that touch across the foot of one
 * column and the head of the next are one.
 */
struct counts {
	const struct run *run, *end;
	uint64_t height, pixels;
	uint64_t at;   /* pixels counted so far */
	uint64_t owed; /* a run's length that follows the zeros, or 0 */
};

static struct counts
counts_of(const struct instance *instance, uint32_t width, uint32_t height)
{
	return (struct counts){.run = instance->runs,
			       .end = instance->runs + instance->count,
			       .height = height,
			       .pixels = (uint64_t)width * height};
}

/* False after the last. */
static bool
next_count(struct counts *counts, uint64_t *count)
{
	uint64_t start, stop;

	if (counts->owed) {
		*count = counts->owed;
		counts->owed = 0;
		return true;
	}
	if (counts->run == counts->end) {
		*count = counts->pixels - counts->at;
		counts->at = counts->pixels;
		return *count > 0;
	}
	start = counts->run->x * counts->height + counts->run->y0;
	do {
		stop = counts->run->x * counts->height + counts->run->y1;
		counts->run++;
	} while (counts->run < counts->end &&
		 counts->run->x * counts->height + counts->run->y0 == stop);
	*count = start - counts->at;
	counts->owed = stop - start;
	counts->at = stop;
	return true;
}

static void
put_head(struct buf *to, uint32_t width, uint32_t height)
{
	buf_puts(to, "{\"size\":[");
	buf_uint(to, height);
	buf_putc(to, ',');
	buf_uint(to, width);
	buf_puts(to, "],\"counts\":");
}

/* The most characters put_delta writes: 13 groups of 5 bits, each escaped. */
enum { DELTA_ROOM = 26 };

/* Five bits a character, the lowest first; sign-extended at the end. */
static char *
put_delta(char *p, int64_t delta)
{
	bool more;

	do {
		int64_t group = delta & 0x1f;

		delta >>= 5;
		more = group & 0x10 ? delta != -1 : delta != 0;
		if (more)
			group |= 0x20;
		group += '0';
		if (group == '\\')
			*p++ = '\\';
		*p++ = (char)group;
	} while (more);
	return p;
}

void
rle_put_compressed(struct buf *to, const struct instance *instance,
		   uint32_t width, uint32_t height)
{
	struct counts counts = counts_of(instance, width, height);
	uint64_t count, before[2] = {0, 0};
	size_t i;

	put_head(to, width, height);
	buf_putc(to, '"');
	for (i = 0; next_count(&counts, &count); i++) {
		char *start = buf_reserve(to, DELTA_ROOM);
		int64_t delta = (int64_t)count;

		/* From the fourth count on, less the one of its colour. */
		if (i > 2)
			delta -= (int64_t)before[i & 1];
		before[i & 1] = count;
		to->len += (size_t)(put_delta(start, delta) - start);
	}
	buf_puts(to, "\"}");
}

void
rle_put_counts(struct buf *to, const struct instance *instance, uint32_t width,
	       uint32_t height)
{
	struct counts counts = counts_of(instance, width, height);
	uint64_t count;
	bool more = next_count(&counts, &count);

	put_head(to, width, height);
	buf_putc(to, '[');
	while (more) {
		buf_uint(to, count);
		more = next_count(&counts, &count);
		if (more)
			buf_putc(to, ',');
	}
	buf_puts(to, "]}");
}
