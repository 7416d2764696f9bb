#include "output/yolo_fractions.h"

/* Writes two digits. */
static char *
write_pair(char *p, uint32_t pair)
{
	static const char digits[] = "00010203040506070809"
				     "10111213141516171819"
				     "20212223242526272829"
				     "30313233343536373839"
				     "40414243444546474849"
				     "50515253545556575859"
				     "60616263646566676869"
				     "70717273747576777879"
				     "80818283848586878889"
				     "90919293949596979899";

	memcpy(p, digits + 2 * (size_t)pair, 2);
	return p + 2;
}

/*
 * Writes a number of millionths, 1000000 at most, as a fraction of 1. A
 * millionth is a hundredth of a pixel in an image of 10,000.
 */
static char *
write_fraction(char *p, uint32_t millionths)
{
	if (millionths == 0 || millionths == 1000000) {
		*p = millionths ? '1' : '0';
		return p + 1;
	}
	*p++ = '0';
	*p++ = '.';
	p = write_pair(p, millionths / 10000);
	p = write_pair(p, millionths / 100 % 100);
	p = write_pair(p, millionths % 100);
	while (p[-1] == '0')
		p--;
	return p;
}

enum { FRACTION = 9 /* bytes of one, and what stands before it */ };

static uint32_t
to_millionths(double part, double unit)
{
	const double n = part * unit + 0.5;

	return n < 0 ? 0 : n > 1e6 ? 1000000 : (uint32_t)n;
}

void
yolo_fractions_put(const struct point *points, size_t n, struct point size,
		   char separator, struct buf *to)
{
	const double across = 1e6 / size.x, down = 1e6 / size.y;
	char *p = buf_reserve(to, n * 2 * FRACTION);
	size_t i;

	for (i = 0; i < n; i++) {
		*p++ = separator;
		p = write_fraction(p, to_millionths(points[i].x, across));
		*p++ = separator;
		p = write_fraction(p, to_millionths(points[i].y, down));
	}
	to->len = (size_t)(p - to->data);
}
