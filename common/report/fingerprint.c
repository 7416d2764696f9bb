#include "report/fingerprint.h"

#include "net/url.h"
#include "json/json.h"

__extension__ typedef unsigned __int128 wide;

/* Odd numbers without a pattern, of wyhash (W. Yi, public domain). */
#define ODD_0 UINT64_C(0xa0761d6478bd642f)
#define ODD_1 UINT64_C(0xe7037ed1a0b428db)
#define ODD_2 UINT64_C(0x8ebc6af09c88c6e3)
#define ODD_3 UINT64_C(0x589965cc75374cc3)

/* Both halves of the product, folded: every bit goes into every other. */
static uint64_t
fold(uint64_t a, uint64_t b)
{
	wide product = (wide)a * b;

	return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static uint64_t
load(const char *p)
{
	uint64_t word;

	memcpy(&word, p, sizeof(word));
	return word;
}

/* The last bytes, fewer than 16, as two words. */
static void
load_tail(const char *p, size_t n, uint64_t words[2])
{
	words[0] = words[1] = 0;
	if (n)
		memcpy(words, p, n);
}

uint64_t
fingerprint_bytes(uint64_t seed, struct slice bytes)
{
	const char *p = bytes.p;
	size_t n = bytes.n;
	uint64_t other = seed ^ ODD_2, tail[2];

	seed ^= ODD_0;
	for (; n >= 32; n -= 32, p += 32) {
		seed = fold(load(p) ^ ODD_1, load(p + 8) ^ seed);
		other = fold(load(p + 16) ^ ODD_2, load(p + 24) ^ other);
	}
	if (n >= 16) {
		seed = fold(load(p) ^ ODD_1, load(p + 8) ^ seed);
		p += 16;
		n -= 16;
	}
	load_tail(p, n, tail);
	return fold(fold(tail[0] ^ ODD_3, tail[1] ^ seed) ^ other,
		    (uint64_t)bytes.n ^ ODD_1);
}

struct fingerprint
fingerprint_text(struct slice bytes)
{
	return (struct fingerprint){fingerprint_bytes(1, bytes),
				    fingerprint_bytes(2, bytes)};
}

static struct fingerprint
scalar(char kind, struct slice text)
{
	return (struct fingerprint){
		fingerprint_bytes((unsigned char)kind, text),
		fingerprint_bytes((unsigned char)kind + UINT64_C(256), text)};
}

/* 1.0, 1 and 1e0 are one number; integers beyond double are their digits. */
static struct fingerprint
of_number(struct slice value, struct buf *scratch)
{
	double number;
	int64_t whole;
	size_t i;

	for (i = 0; i < value.n; i++)
		if (value.p[i] == '.' || value.p[i] == 'e' || value.p[i] == 'E')
			break;
	buf_reset(scratch);
	if (i == value.n && !slice_is(value, "-0"))
		return scalar('0', value);
	if (json_int(value, &whole))
		buf_int(scratch, whole);
	else if (json_double(value, &number))
		json_put_double(scratch, number);
	else
		buf_slice(scratch, value);
	return scalar('0', buf_view(scratch));
}

static bool
is_signed(struct slice text)
{
	static const char *const schemes[] = {"http://", "https://", "s3://",
					      "gs://"};
	size_t i;

	if (!memchr(text.p, '?', text.n))
		return false;
	for (i = 0; i < sizeof(schemes) / sizeof(*schemes); i++)
		if (text.n > strlen(schemes[i]) &&
		    memcmp(text.p, schemes[i], strlen(schemes[i])) == 0)
			return true;
	return false;
}

static struct fingerprint
of_string(struct slice value, struct buf *scratch)
{
	struct slice text = {value.p + 1, value.n - 2};
	size_t start;

	buf_reset(scratch);
	if (text.n && memchr(text.p, '\\', text.n)) {
		json_string(value, scratch);
		text = buf_view(scratch);
	}
	if (!text.n || !is_signed(text))
		return scalar('"', text);
	if (!scratch->len)
		buf_slice(scratch, text);
	start = scratch->len;
	buf_reserve(scratch, start + 1);
	url_put_stable(scratch, (struct slice){scratch->data, start});
	return scalar('"', (struct slice){scratch->data + start,
					  scratch->len - start});
}

static struct fingerprint
join(struct fingerprint left, struct fingerprint right)
{
	return (struct fingerprint){fold(left.a ^ ODD_0, right.a ^ ODD_1),
				    fold(left.b ^ ODD_2, right.b ^ ODD_3)};
}

/* Members add up, in whatever order; elements follow each other. */
static struct fingerprint
of_list(struct slice value, struct buf *scratch)
{
	const bool object = value.p[0] == '{';
	struct json_iter iter = json_iterate(value);
	struct json_member member;
	struct fingerprint sum = {object ? ODD_0 : ODD_1, ODD_2}, one;

	while (json_next(&iter, &member) > 0) {
		one = fingerprint_value(member.value, scratch);
		if (!object) {
			sum = join(sum, one);
			continue;
		}
		one = join(of_string((struct slice){member.key.p - 1,
						    member.key.n + 2},
				     scratch),
			   one);
		sum.a += one.a;
		sum.b += one.b;
	}
	return sum;
}

/* Nesting is bounded by JSON_DEPTH. */
struct fingerprint
fingerprint_value(struct slice value, struct buf *scratch)
{
	switch (json_type(value)) {
	case JSON_OBJECT:
	case JSON_ARRAY:
		return of_list(value, scratch);
	case JSON_STRING:
		return of_string(value, scratch);
	case JSON_NUMBER:
		return of_number(value, scratch);
	default:
		return scalar('n', value);
	}
}

bool
fingerprint_same(struct slice a, struct slice b, struct buf *scratch)
{
	struct fingerprint left, right;

	if (slice_equal(a, b))
		return true;
	left = fingerprint_value(a, scratch);
	right = fingerprint_value(b, scratch);
	return left.a == right.a && left.b == right.b;
}
