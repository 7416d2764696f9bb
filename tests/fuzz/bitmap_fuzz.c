/*
 * Any bytes as a PNG file: its runs are those of lodepng's pixels, and what
 * one refuses the other does, but for depths that hold no ids. The mutator
 * changes what is compressed, or the bytes, and mends the checksums, since
 * nothing else would come to be decoded.
 */
#include <string.h>
#include <zlib.h>

#include "codec/inflate.h"
#include "codec/png.h"
#include "fuzz_ids.h"

size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max);
size_t
LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned seed);

enum { PIXELS = 1 << 14, RAW = 1 << 15, HEAD = 8 + 25 };

/* Pixels that lodepng reads, to be freed; NULL where it refuses. */
static unsigned char *
by_lodepng(struct slice file, struct png *png)
{
	static struct inflate *inflate;
	unsigned char *pixels = NULL;

	if (!inflate)
		inflate = inflate_open();
	if (png_open(png, file.p, file.n) < 0 ||
	    (uint64_t)png->width * png->height > PIXELS ||
	    png_decode(png, inflate, &pixels) < 0)
		return NULL;
	return pixels;
}

static void
compare(const uint32_t *ids, const unsigned char *pixels, size_t n,
	unsigned depth)
{
	const size_t step = depth == 16 ? 2 : 1;

	for (size_t i = 0; i < n; i++) {
		const unsigned char *p = pixels + 4 * step * i;

		PROMISE(ids[i] == (uint32_t)(p[0] | p[step] << 8 |
					     p[2 * step] << 16),
			"lodepng's pixels");
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint32_t ids[PIXELS];
	static struct bitmap *bitmap;
	const struct slice file = {(const char *)data, size};
	struct bitmap_view view;
	struct png png;
	unsigned char *pixels = by_lodepng(file, &png);
	const char *why;

	if (!bitmap)
		bitmap = bitmap_open();
	why = bitmap_read(bitmap, file, PIXELS, &view);
	PROMISE(why || pixels, "lodepng takes what is taken");
	PROMISE(!why || !pixels || png.depth == 16,
		"what lodepng takes is taken");
	if (!why) {
		const size_t n = (size_t)view.width * view.height;

		memset(ids, 0, n * sizeof(*ids));
		fuzz_draw(&view, ids);
		compare(ids, pixels, n, png.depth);
	}
	free(pixels);
	return 0;
}

static uint32_t
get32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
	       (uint32_t)p[2] << 8 | p[3];
}

static void
put32(uint8_t *p, uint32_t value)
{
	for (int i = 0; i < 4; i++)
		p[i] = (uint8_t)(value >> (24 - 8 * i));
}

/* Mends the CRC of every chunk. */
static void
mend(uint8_t *data, size_t size)
{
	size_t at = 8;

	while (at + 12 <= size) {
		const size_t n = get32(data + at);

		if (n > size - at - 12)
			return;
		put32(data + at + 8 + n,
		      (uint32_t)crc32(0, data + at + 4, (uInt)n + 4));
		at += 12 + n;
	}
}

static size_t
put_chunk(uint8_t *to, const char *type, const uint8_t *data, size_t n)
{
	put32(to, (uint32_t)n);
	memcpy(to + 4, type, 4);
	if (n)
		memcpy(to + 8, data, n);
	return 12 + n;
}

/* What the IDAT chunks hold, inflated as far as it goes: its size. */
static size_t
unpack(const uint8_t *data, size_t size, uint8_t *raw)
{
	z_stream z = {.next_out = raw, .avail_out = RAW};
	size_t at = 8;

	if (inflateInit(&z) != Z_OK)
		abort();
	while (at + 12 <= size) {
		const size_t n = get32(data + at);

		if (n > size - at - 12)
			break;
		if (memcmp(data + at + 4, "IDAT", 4) == 0) {
			z.next_in = (Bytef *)(uintptr_t)(data + at + 8);
			z.avail_in = (uInt)n;
			if (inflate(&z, Z_SYNC_FLUSH) != Z_OK)
				break;
		}
		at += 12 + n;
	}
	inflateEnd(&z);
	return RAW - z.avail_out;
}

static size_t
pack(const uint8_t *raw, size_t n, uint8_t *to, size_t room, unsigned seed)
{
	z_stream z = {
		.next_in = (Bytef *)(uintptr_t)raw,
		.avail_in = (uInt)n,
		.next_out = to,
		.avail_out = (uInt)room,
	};
	int got;

	if (deflateInit2(&z, (int)(seed % 10), Z_DEFLATED, 15, 8,
			 (int)(seed / 10 % 5)) != Z_OK)
		abort();
	got = deflate(&z, Z_FINISH);
	deflateEnd(&z);
	return got == Z_STREAM_END ? room - z.avail_out : 0;
}

/* Another size, colour or interlacing. */
static void
change_head(uint8_t *head, unsigned seed)
{
	static const uint8_t kinds[][2] = {{8, 6},  {8, 6},  {8, 2}, {8, 2},
					   {8, 0},  {8, 3},  {4, 3}, {1, 0},
					   {16, 6}, {16, 0}, {8, 4}, {2, 3}};

	put32(head, 1 + seed % 97);
	put32(head + 4, 1 + seed / 97 % 61);
	memcpy(head + 8, kinds[seed / 8192 % 12], 2);
	head[12] = seed / 131072 % 8 == 0;
}

/* The file again, its rows changed, or its head: the new size, or 0. */
static size_t
rewrite(uint8_t *data, size_t size, size_t max, unsigned seed)
{
	static uint8_t raw[RAW], packed[2 * RAW], palette[256 * 3];
	size_t n = unpack(data, size, raw), at = HEAD, piece, from;

	if (n == 0)
		return 0;
	if (seed % 4)
		n = LLVMFuzzerMutate(raw, n, RAW);
	else
		change_head(data + 16, seed / 4);
	n = pack(raw, n, packed, sizeof(packed), seed / 16);
	if (!n || HEAD + n + n / 8 * 12 + 12 * 4 + sizeof(palette) > max)
		return 0;
	if (data[25] == 3) {
		for (size_t i = 0; i < sizeof(palette); i++)
			palette[i] = (uint8_t)(i * 7 ^ seed);
		at += put_chunk(data + at, "PLTE", palette,
				3 * ((size_t)1 << data[24] % 9));
	}
	piece = seed / 64 % 3 ? n : 8 + seed / 64 % 500;
	for (from = 0; from < n; from += piece)
		at += put_chunk(data + at, "IDAT", packed + from,
				piece < n - from ? piece : n - from);
	return at + put_chunk(data + at, "IEND", NULL, 0);
}

size_t
LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max, unsigned seed)
{
	size_t n = 0;

	if (size > HEAD && seed % 8)
		n = rewrite(data, size, max, seed / 8);
	if (!n)
		n = LLVMFuzzerMutate(data, size, max);
	mend(data, n);
	return n;
}
