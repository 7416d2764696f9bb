#include "codec/gunzip.h"

#include <stdlib.h>
#define ZLIB_CONST
#include <zlib.h>

enum {
	PIECE = 1 << 15,
	EITHER = 32 + MAX_WBITS /* gzip or zlib, told by its first bytes */
};

struct gunzip {
	z_stream stream;
	bool ended;
	unsigned char piece[PIECE];
};

bool
gunzip_begins(char first)
{
	/* gzip's magic; a zlib header's method (RFC 1950). */
	return first == 0x1f || (first & 0x0f) == 8;
}

struct gunzip *
gunzip_open(void)
{
	struct gunzip *gunzip = xcalloc(1, sizeof(*gunzip));

	if (inflateInit2(&gunzip->stream, EITHER) != Z_OK)
		mem_exhausted();
	return gunzip;
}

void
gunzip_close(struct gunzip *gunzip)
{
	if (!gunzip)
		return;
	inflateEnd(&gunzip->stream);
	free(gunzip);
}

/* One step: bytes decoded into the piece, or -1. */
static ssize_t
inflate_piece(struct gunzip *gunzip)
{
	z_stream *stream = &gunzip->stream;
	int got;

	stream->next_out = gunzip->piece;
	stream->avail_out = PIECE;
	got = inflate(stream, Z_NO_FLUSH);
	if (got == Z_STREAM_END)
		gunzip->ended = true;
	else if (got != Z_OK && got != Z_BUF_ERROR)
		return -1;
	return PIECE - (ssize_t)stream->avail_out;
}

int
gunzip_put(struct gunzip *gunzip, const char *p, size_t n,
	   bool (*sink)(void *context, const char *p, size_t n), void *context)
{
	z_stream *stream = &gunzip->stream;

	stream->next_in = (const Bytef *)p;
	stream->avail_in = (uInt)n;
	/* One stream may follow another (RFC 1952); all else is ignored. */
	do {
		ssize_t got;

		if (gunzip->ended && stream->avail_in &&
		    *stream->next_in == 0x1f) {
			inflateReset(stream);
			gunzip->ended = false;
		}
		if (gunzip->ended)
			return 1;
		got = inflate_piece(gunzip);
		if (got < 0)
			return -1;
		if (got &&
		    !sink(context, (const char *)gunzip->piece, (size_t)got))
			return 0;
	} while (stream->avail_in || stream->avail_out == 0);
	return 1;
}

bool
gunzip_ended(const struct gunzip *gunzip)
{
	return gunzip->ended;
}
