/* Numbers as integers and doubles, and back. */
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "json/json_c.h"
#include "json/json_parts.h"

/* A number as digits * 10^exponent; digits has no zero at its end. */
struct decimal {
	bool negative;
	bool cut; /* more digits than fit */
	uint64_t digits;
	int64_t exponent;
};

/* Nineteen digits fit any uint64_t. */
static const uint64_t digits_max = UINT64_C(1000000000000000000);

/* Takes one more digit. Zeros are kept back until another digit comes. */
static void
add_digit(struct decimal *d, unsigned digit, int64_t *zeros)
{
	if (!digit) {
		*zeros += d->digits != 0;
		return;
	}
	for (; *zeros >= 0; --*zeros) {
		if (d->digits >= digits_max) {
			d->cut = true;
			return;
		}
		d->digits *= 10;
	}
	*zeros = 0;
	d->digits += digit;
}

/* The digits after 'e'; far beyond any size of text they stand still. */
static int64_t
read_exponent(const char *p, const char *end)
{
	const int64_t most = INT64_MAX / 100;
	bool negative = *p == '-';
	int64_t value = 0;

	p += *p == '-' || *p == '+';
	for (; p != end; p++)
		if (value < most)
			value = value * 10 + (*p - '0');
	return negative ? -value : value;
}

/* False for what is not a number by the grammar. */
static bool
read_decimal(struct slice value, struct decimal *d)
{
	const char *p = value.p, *end;
	struct json_fault fault;
	bool fraction = false;
	int64_t zeros = 0;

	*d = (struct decimal){0};
	if (json_type(value) != JSON_NUMBER)
		return false;
	end = p + value.n;
	if (json_number_end(p, end, &fault) != end)
		return false;
	d->negative = *p == '-';
	for (p += d->negative; p != end; p++) {
		if (*p == '.') {
			fraction = true;
			continue;
		}
		if (!json_is_digit(*p)) {
			d->exponent += read_exponent(p + 1, end);
			break;
		}
		add_digit(d, (unsigned)(*p - '0'), &zeros);
		d->exponent -= fraction;
	}
	d->exponent += zeros;
	return true;
}

bool
json_int(struct slice value, int64_t *number)
{
	const uint64_t most = INT64_MAX;
	struct decimal d;
	uint64_t size;

	if (!read_decimal(value, &d) || d.cut)
		return false;
	size = d.digits;
	if (size && (d.exponent < 0 || d.exponent > 18))
		return false;
	for (; size && d.exponent > 0; d.exponent--)
		if (__builtin_mul_overflow(size, 10, &size))
			return false;
	if (size > most + d.negative)
		return false;
	*number = d.negative ? (int64_t)(0 - size) : (int64_t)size;
	return true;
}

bool
json_id(struct slice value, int64_t *number)
{
	if (json_type(value) == JSON_STRING && value.n > 2)
		value = (struct slice){value.p + 1, value.n - 2};
	return json_type(value) == JSON_NUMBER && json_int(value, number);
}

/*
 * Powers of ten that a double holds exactly: one multiplication or division
 * of an exact integer by one is rounded once, so correctly.
 */
static const double powers[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
				1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
				1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

static const double exact_max = 9007199254740992; /* 2^53 */

bool
json_double(struct slice value, double *number)
{
	struct decimal d;
	double size;

	if (!read_decimal(value, &d))
		return false;
	size = (double)d.digits;
	if (d.cut || size > exact_max || d.exponent < -22 || d.exponent > 22)
		return json_decode_number(value, number);
	if (d.exponent < 0)
		size /= powers[-d.exponent];
	else
		size *= powers[d.exponent];
	*number = d.negative ? -size : size;
	return true;
}

/* A number's digits as they stand, from the first that is not 0 on. */
struct digits {
	const char *p, *end; /* digits, maybe a point among them */
	bool negative;
	int64_t exponent; /* the number is 0.DIGITS * 10^exponent */
};

/* The text is a number by the grammar. Zero has no digits. */
static struct digits
read_digits(struct slice value)
{
	const char *p = value.p, *end = p + value.n;
	struct digits d = {.negative = *p == '-'};
	bool fraction = false;

	for (p += d.negative; p != end && strchr("0.", *p); p++) {
		d.exponent -= fraction;
		fraction |= *p == '.';
	}
	d.p = p;
	for (; p != end && (json_is_digit(*p) || *p == '.'); p++) {
		fraction |= *p == '.';
		d.exponent += !fraction;
	}
	d.end = p;
	if (p != end && d.p != d.end)
		d.exponent += read_exponent(p + 1, end);
	return d;
}

/* The next digit; zeros behind the last. */
static int
next_digit(struct digits *d)
{
	if (d->p != d->end && *d->p == '.')
		d->p++;
	return d->p != d->end ? *d->p++ - '0' : 0;
}

static int
compare_sizes(struct digits a, struct digits b)
{
	if (a.p == a.end || b.p == b.end)
		return (a.p != a.end) - (b.p != b.end);
	if (a.exponent != b.exponent)
		return a.exponent < b.exponent ? -1 : 1;
	while (a.p != a.end || b.p != b.end) {
		int x = next_digit(&a), y = next_digit(&b);

		if (x != y)
			return x - y;
	}
	return 0;
}

bool
json_is_number(struct slice text)
{
	struct json_fault fault;

	return json_type(text) == JSON_NUMBER &&
	       json_number_end(text.p, text.p + text.n, &fault) ==
		       text.p + text.n;
}

int
json_compare_numbers(struct slice left, struct slice right)
{
	struct digits a = read_digits(left), b = read_digits(right);

	/* There is but one zero. */
	a.negative &= a.p != a.end;
	b.negative &= b.p != b.end;
	if (a.negative != b.negative)
		return a.negative ? -1 : 1;
	return a.negative ? compare_sizes(b, a) : compare_sizes(a, b);
}

/* Appends size = whole / 10^decimals. */
static void
put_fixed(struct buf *to, uint64_t whole, unsigned decimals)
{
	uint64_t unit = (uint64_t)powers[decimals];

	buf_uint(to, whole / unit);
	buf_putc(to, '.');
	for (unit /= 10; unit; unit /= 10)
		buf_putc(to, (char)('0' + whole / unit % 10));
}

/*
 * True where the number has at most six decimals, as coordinates do: then it
 * is the quotient of two exact doubles.
 */
static bool
put_short(struct buf *to, double size)
{
	for (unsigned decimals = 1; decimals <= 6; decimals++) {
		double whole = round(size * powers[decimals]);

		if (whole > exact_max)
			return false;
		if (whole / powers[decimals] == size) {
			put_fixed(to, (uint64_t)whole, decimals);
			return true;
		}
	}
	return false;
}

/*
 * Fifteen digits are kept by every normal double, and %g drops the zeros at
 * their end; a subnormal one may need fewer.
 */
static void
put_general(struct buf *to, double number)
{
	char text[32];
	int digits = fabs(number) < DBL_MIN ? 1 : 15;

	do
		snprintf(text, sizeof(text), "%.*g", digits, number);
	while (digits++ < 17 && strtod(text, NULL) != number);
	for (char *p = text; *p; p++)
		if (!json_is_digit(*p) && !strchr("+-e", *p))
			*p = '.';
	buf_puts(to, text);
}

void
json_put_double(struct buf *to, double number)
{
	double size = fabs(number);

	if (!isfinite(number)) {
		buf_puts(to, "null");
		return;
	}
	if (size > exact_max || (size < 1e-3 && number != 0)) {
		put_general(to, number);
		return;
	}
	if (number < 0)
		buf_putc(to, '-');
	if (size == floor(size))
		buf_uint(to, (uint64_t)size);
	else if (!put_short(to, size))
		put_general(to, size);
}
