#include "image/rle.h"

#include "base/inline.h"

/* What is written between two reservations: pairs of counts, their room. */
enum { PAIRS = 64, COUNT_ROOM = 26 };

/*
 * The counts of an instance: pixels of the bitmap in column-major order, zeros
 * and ones in turn. A run that ends at the foot of a column and one that
 * begins at the head of the next are one.
 */
struct counts {
	const struct run *run, *end;
	uint64_t height;
	uint64_t at;    /* pixels counted so far */
	uint64_t total; /* pixels */
};

static struct counts
counts_begin(const struct instance *instance, uint32_t width, uint32_t height)
{
	const struct run *end = instance->runs;

	if (instance->count)
		end += instance->count;
	return (struct counts){.run = instance->runs,
			       .end = end,
			       .height = height,
			       .total = (uint64_t)width * height};
}

/* The next zeros and the ones behind them; false after the last ones. */
static inline bool
counts_next(struct counts *counts, uint64_t *zeros, uint64_t *ones)
{
	const struct run *run = counts->run;
	uint64_t start, stop;

	if (run == counts->end)
		return false;
	start = run->x * counts->height + run->y0;
	do {
		stop = run->x * counts->height + run->y1;
		run++;
	} while (run < counts->end &&
		 run->x * counts->height + run->y0 == stop);
	*zeros = start - counts->at;
	*ones = stop - start;
	counts->run = run;
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

/*
 * A number in COCO's characters: five bits each, the lowest first, from '0'
 * on; bit 5 says that more follow, and bit 4 of the last one is the sign. The
 * backslash is escaped for JSON.
 */
static inline char *
put_number(char *p, int64_t number)
{
	bool more;

	do {
		int64_t bits = number & 31;

		number >>= 5;
		more = number != (bits & 16 ? -1 : 0);
		bits += more ? '0' + 32 : '0';
		if (bits == '\\')
			*p++ = '\\';
		*p++ = (char)bits;
	} while (more);
	return p;
}

/* Decimal digits. */
static inline char *
put_digits(char *p, uint64_t number)
{
	char digits[20];
	unsigned n = 0;

	do {
		digits[n++] = (char)('0' + number % 10);
		number /= 10;
	} while (number);
	while (n)
		*p++ = digits[--n];
	return p;
}

/* Puts zeros and the ones behind them; `before` are those that were put last.
 */
typedef char *
put_pair(char *p, uint64_t zeros, uint64_t ones, uint64_t before[2]);

/* From the third count on a number is the difference to the one two before. */
INLINE char *
put_differences(char *p, uint64_t zeros, uint64_t ones, uint64_t before[2])
{
	p = put_number(p, (int64_t)(zeros - before[0]));
	p = put_number(p, (int64_t)(ones - before[1]));
	/* Only the fourth count is less the one two before. */
	before[0] = before[1] ? zeros : 0;
	before[1] = ones;
	return p;
}

/* NOLINTBEGIN(readability-non-const-parameter): the other form sets it */
INLINE char *
put_plain(char *p, uint64_t zeros, uint64_t ones, uint64_t before[2])
{
	(void)before;
	p = put_digits(p, zeros);
	*p++ = ',';
	p = put_digits(p, ones);
	*p++ = ',';
	return p;
}
/* NOLINTEND(readability-non-const-parameter) */

INLINE void
put_pairs(struct buf *to, struct counts *counts, put_pair *put,
	  uint64_t before[2])
{
	uint64_t zeros, ones;
	bool more = true;

	while (more) {
		char *p = buf_reserve(to, (size_t)PAIRS * 2 * COUNT_ROOM);
		unsigned i;

		for (i = 0; i < PAIRS; i++) {
			more = counts_next(counts, &zeros, &ones);
			if (!more)
				break;
			p = put(p, zeros, ones, before);
		}
		to->len = (size_t)(p - to->data);
	}
}

void
rle_put_compressed(struct buf *to, const struct instance *instance,
		   uint32_t width, uint32_t height)
{
	struct counts counts = counts_begin(instance, width, height);
	uint64_t before[2] = {0, 0};

	put_head(to, width, height);
	buf_putc(to, '"');
	put_pairs(to, &counts, put_differences, before);
	if (counts.at < counts.total) {
		char *p = buf_reserve(to, COUNT_ROOM);

		p = put_number(p,
			       (int64_t)(counts.total - counts.at - before[0]));
		to->len = (size_t)(p - to->data);
	}
	buf_puts(to, "\"}");
}

void
rle_put_counts(struct buf *to, const struct instance *instance, uint32_t width,
	       uint32_t height)
{
	struct counts counts = counts_begin(instance, width, height);
	uint64_t before[2] = {0, 0};

	put_head(to, width, height);
	buf_putc(to, '[');
	put_pairs(to, &counts, put_plain, before);
	if (counts.at < counts.total)
		buf_uint(to, counts.total - counts.at);
	else
		to->len--; /* the comma behind the last ones */
	buf_puts(to, "]}");
}
