/*
 * Headers of image files, put together for the tests. None has pixels that
 * could be decoded.
 */
#ifndef IMGMAKE_H
#define IMGMAKE_H

#include "base/buf.h"

/* Bytes as they stand, NUL among them. */
#define PUT(file, literal) buf_put(file, literal, sizeof(literal) - 1)

/* A number of `size` bytes, the highest first or last. */
static inline void
put_big(struct buf *file, uint32_t value, unsigned size)
{
	while (size--)
		buf_putc(file, (char)(value >> 8 * size));
}

static inline void
put_little(struct buf *file, uint32_t value, unsigned size)
{
	for (; size--; value >>= 8)
		buf_putc(file, (char)value);
}

static inline void
put_order(struct buf *file, uint32_t value, unsigned size, char order)
{
	if (order == 'M')
		put_big(file, value, size);
	else
		put_little(file, value, size);
}

static inline void
put_filler(struct buf *file, size_t n)
{
	memset(buf_reserve(file, n), 0x55, n);
	file->len += n;
}

enum { BYTE = 1, ASCII = 2, SHORT = 3, LONG = 4 };

/* An entry of a TIFF directory with one value. */
static inline void
put_entry(struct buf *file, char order, unsigned tag, unsigned type,
	  uint32_t value)
{
	put_order(file, tag, 2, order);
	put_order(file, type, 2, order);
	put_order(file, 1, 4, order);
	put_order(file, value, type == SHORT ? 2 : type == BYTE ? 1 : 4, order);
	if (type == SHORT)
		put_order(file, 0, 2, order);
	if (type == BYTE)
		put_order(file, 0, 3, order);
}

/* 'I' is little-endian, 'M' big; the first directory is at byte 8. */
static inline void
put_tiff_start(struct buf *file, char order)
{
	buf_putc(file, order);
	buf_putc(file, order);
	put_order(file, 42, 2, order);
	put_order(file, 8, 4, order);
}

/*
 * Exif as cameras write it: the maker, the orientation, and a second directory
 * for a thumbnail with a size and an orientation of its own.
 */
static inline void
put_exif(struct buf *file, char order, unsigned orientation)
{
	put_tiff_start(file, order);
	put_order(file, 2, 2, order);
	put_entry(file, order, 271, ASCII, 0);
	put_entry(file, order, 274, SHORT, orientation);
	put_order(file, 8 + 2 + 24 + 4, 4, order);
	put_order(file, 3, 2, order);
	put_entry(file, order, 256, LONG, 160);
	put_entry(file, order, 257, LONG, 120);
	put_entry(file, order, 274, SHORT, 3);
	put_order(file, 0, 4, order);
}

static inline void
put_segment(struct buf *file, unsigned marker, const struct buf *contents)
{
	buf_putc(file, '\xff');
	buf_putc(file, (char)marker);
	put_big(file, (uint32_t)contents->len + 2, 2);
	buf_put(file, contents->data, contents->len);
}

static inline void
put_exif_segment(struct buf *file, char order, unsigned orientation)
{
	struct buf contents = {0};

	PUT(&contents, "Exif\0\0");
	put_exif(&contents, order, orientation);
	/* The thumbnail: a JPEG with a frame header of its own. */
	PUT(&contents, "\xff\xd8\xff\xc0\0\x0b\x08\0\x78\0\xa0\x01\x01\x11\0");
	put_segment(file, 0xe1, &contents);
	buf_release(&contents);
}

/* A frame header of one component, 300 wide and 200 high. */
static inline void
put_frame(struct buf *file, unsigned marker)
{
	struct buf contents = {0};

	buf_putc(&contents, 8);
	put_big(&contents, 200, 2);
	put_big(&contents, 300, 2);
	PUT(&contents, "\1\1\x11\0");
	put_segment(file, marker, &contents);
	buf_release(&contents);
}

static inline void
put_scan(struct buf *file)
{
	PUT(file, "\xff\xda\0\x08\1\1\0\0\x3f\0");
	put_filler(file, 100);
	PUT(file, "\xff\xd9");
}

static inline void
put_chunk(struct buf *file, const char *type, const struct buf *contents)
{
	put_big(file, (uint32_t)contents->len, 4);
	buf_puts(file, type);
	buf_put(file, contents->data, contents->len);
	put_big(file, 0x12345678, 4);
}

static inline void
put_png_start(struct buf *file, uint32_t width, uint32_t height)
{
	struct buf header = {0};

	PUT(file, "\x89PNG\r\n\x1a\n");
	put_big(&header, width, 4);
	put_big(&header, height, 4);
	PUT(&header, "\x08\x06\0\0\0");
	put_chunk(file, "IHDR", &header);
	buf_release(&header);
}

static inline void
put_webp_start(struct buf *file, uint32_t size)
{
	PUT(file, "RIFF");
	put_little(file, size, 4);
	PUT(file, "WEBP");
}

/* An extended WebP with a chunk of pixels of odd size before its Exif. */
static inline void
make_turned_webp(struct buf *file, bool marked, size_t pixels)
{
	struct buf exif = {0};

	if (marked)
		PUT(&exif, "Exif\0\0");
	put_exif(&exif, 'I', 5);
	put_webp_start(file, (uint32_t)(4 + 18 + 8 + pixels + pixels % 2 + 8 +
					exif.len));
	PUT(file, "VP8X\x0a\0\0\0\x08\0\0\0");
	put_little(file, 299, 3);
	put_little(file, 199, 3);
	PUT(file, "VP8 ");
	put_little(file, (uint32_t)pixels, 4);
	put_filler(file, pixels + pixels % 2);
	PUT(file, "EXIF");
	put_little(file, (uint32_t)exif.len, 4);
	buf_slice(file, buf_view(&exif));
	buf_release(&exif);
}

static inline void
put_bmp(struct buf *file, uint32_t header, int32_t width, int32_t height)
{
	unsigned size = header == 12 ? 2 : 4;

	PUT(file, "BM\0\1\0\0\0\0\0\0\x36\0\0\0");
	put_little(file, header, 4);
	put_little(file, (uint32_t)width, size);
	put_little(file, (uint32_t)height, size);
	put_filler(file, header - 4 - 2 * size);
}

#endif
