/*
 * Any bytes as deflate, with zlib's head and checksum around them: the verdict
 * and the output are zlib's, with the plain and with the fast decoder, in
 * pieces of random sizes. The checksum is the right one, but for every 16th
 * seed, so that all of what is decoded is compared.
 */
#include <string.h>
#define ZLIB_CONST
#include <zlib.h>

#include "codec/inflate.h"
#include "fuzz.h"

enum { MOST = 1 << 18, AMPLE = INFLATE_AMPLE, LONGEST = 1 << 14 };

struct pieces {
	const uint8_t *data;
	size_t left;
	uint64_t random, largest;
};

static size_t
next_random(uint64_t *state, uint64_t below)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return (size_t)(*state % below);
}

static bool
next_piece(void *context, const unsigned char **piece, size_t *n)
{
	struct pieces *pieces = context;

	if (pieces->left == 0)
		return false;
	*n = next_random(&pieces->random, pieces->largest);
	if (*n > pieces->left)
		*n = pieces->left;
	*piece = pieces->data;
	pieces->data += *n;
	pieces->left -= *n;
	return true;
}

/*
 * zlib's output of raw deflate, as far as it goes: 1 where it ends at the end
 * of the data, 0 where it wants more room than MOST, -1 where it refuses.
 */
static int
by_zlib(const uint8_t *data, size_t size, unsigned char *to, size_t *n)
{
	static z_stream z;
	static bool open;
	int got;

	if (!open && inflateInit2(&z, -15) != Z_OK)
		abort();
	open = true;
	inflateReset(&z);
	z.next_in = data;
	z.avail_in = (unsigned)size;
	z.next_out = to;
	z.avail_out = MOST;
	got = inflate(&z, Z_FINISH);
	*n = (size_t)z.total_out;
	if (got == Z_STREAM_END)
		return z.avail_in == 0 ? 1 : -1;
	return z.avail_out == 0 ? 0 : -1;
}

/* Ours, of the whole stream: true where it takes it. */
static bool
by_ours(struct inflate *inflate, const uint8_t *stream, size_t size,
	unsigned char *to, uint64_t seed, size_t *total)
{
	struct pieces pieces = {stream, size, seed, 0};
	const char *why = NULL;
	size_t n;

	pieces.largest = seed & 1 ? 1 + size : 1 + (seed >> 8) % 300;
	pieces.largest += pieces.largest == 1;
	*total = 0;
	inflate_begin(inflate, next_piece, &pieces);
	for (;;) {
		const size_t room = MOST - *total;
		size_t want = 1 + next_random(&pieces.random, 5000);
		size_t ample = seed & 2 ? room + AMPLE : want;

		if (want > room)
			want = room;
		if (want == 0)
			return false;
		why = inflate_read(inflate, to + *total, want,
				   ample > room + AMPLE ? room + AMPLE : ample,
				   &n);
		if (why)
			return false;
		*total += n;
		if (n < want)
			return true;
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static unsigned char theirs[MOST], ours[MOST + 2 * AMPLE];
	static unsigned char stream[LONGEST + 6] = {0x78, 0x9c};
	static struct inflate *fast, *plain;
	uint64_t seed = 0x9e3779b97f4a7c15;
	size_t n, got;
	uint32_t sum;
	int verdict;

	if (!fast) {
		fast = inflate_open();
		plain = inflate_open();
		inflate_use_plain(plain);
	}
	if (size < 4 || size > LONGEST)
		return 0;
	seed ^= (uint64_t)(data[0] | data[1] << 8 | data[2] << 16) << 8;
	data += 3;
	size -= 3;
	verdict = by_zlib(data, size, theirs, &n);
	sum = (uint32_t)adler32(1, theirs, (unsigned)n);
	memcpy(stream + 2, data, size);
	if ((seed >> 8 & 15) == 0 && verdict == 1) {
		sum ^= 1U << (seed >> 12 & 31);
		verdict = -1;
	}
	for (int i = 0; i < 4; i++)
		stream[2 + size + (size_t)i] = (uint8_t)(sum >> (24 - 8 * i));
	/* What fills MOST is not read to its end. */
	if (n >= MOST || verdict == 0)
		return 0;
	for (int way = 0; way < 2; way++) {
		const bool taken = by_ours(way ? plain : fast, stream, size + 6,
					   ours, seed, &got);

		PROMISE(taken == (verdict == 1), "zlib's verdict");
		PROMISE(!taken || got == n, "as many bytes");
		/* Of what is cut, the checksum is read on as data. */
		PROMISE(memcmp(ours, theirs, got < n ? got : n) == 0,
			"zlib's bytes, as far as it goes");
	}
	return 0;
}
