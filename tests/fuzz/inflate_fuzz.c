/*
 * Any bytes as a zlib stream: the verdict and the output are zlib's, with the
 * plain and with the fast decoder, in pieces of any size.
 */
#include <string.h>
#define ZLIB_CONST
#include <zlib.h>

#include "codec/inflate.h"
#include "fuzz.h"

enum { MOST = 1 << 20, AMPLE = INFLATE_AMPLE };

struct pieces {
	const uint8_t *data;
	size_t left, step;
};

static bool
next_piece(void *context, const unsigned char **piece, size_t *n)
{
	struct pieces *pieces = context;

	if (pieces->left == 0)
		return false;
	*n = pieces->left < pieces->step ? pieces->left : pieces->step;
	*piece = pieces->data;
	pieces->data += *n;
	pieces->left -= *n;
	return true;
}

/* zlib's output: its size, or -1 where it refuses or wants more than MOST. */
static long
by_zlib(const uint8_t *data, size_t size, unsigned char *to)
{
	z_stream z = {0};
	long n = -1;

	if (inflateInit(&z) != Z_OK)
		abort();
	z.next_in = data;
	z.avail_in = (unsigned)size;
	z.next_out = to;
	z.avail_out = MOST;
	if (inflate(&z, Z_FINISH) == Z_STREAM_END && z.avail_in == 0)
		n = (long)z.total_out;
	inflateEnd(&z);
	return n;
}

/* Ours, likewise. */
static long
by_ours(const uint8_t *data, size_t size, unsigned char *to, size_t step,
	bool plain)
{
	struct inflate *inflate = inflate_open();
	struct pieces pieces = {data, size, step};
	const char *why = NULL;
	size_t total = 0, n = 1;

	if (plain)
		inflate_use_plain(inflate);
	inflate_begin(inflate, next_piece, &pieces);
	while (!why && n && total < MOST) {
		const size_t want = 1 + step % 4096;

		why = inflate_read(inflate, to + total,
				   want < MOST - total ? want : MOST - total,
				   MOST - total + AMPLE, &n);
		if (!why)
			total += n;
		if (!why && n < want)
			break;
	}
	inflate_close(inflate);
	return why || total > MOST ? -1 : (long)total;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static unsigned char theirs[MOST], ours[MOST + 2 * AMPLE];
	size_t step;
	long n;

	if (size < 2)
		return 0;
	step = 1 + (size_t)data[0] * data[1];
	data += 2;
	size -= 2;
	n = by_zlib(data, size, theirs);
	for (int plain = 0; plain < 2; plain++) {
		const long got = by_ours(data, size, ours, step, plain);

		/* What fills MOST exactly may go on behind it. */
		if (n == MOST || got == MOST)
			continue;
		PROMISE(got == n, "zlib's verdict");
		PROMISE(n < 0 || memcmp(ours, theirs, (size_t)n) == 0,
			"zlib's bytes");
	}
	return 0;
}
