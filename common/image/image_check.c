#include "image/image_check.h"

#include "base/diag.h"
#include "base/word.h"
#include "codec/checksum.h"
#include "image/image_kind.h"

/* Bytes of a page that is no image which a message quotes. */
enum { QUOTED = 80 };

static enum image_check
cut(struct buf *why, const char *text)
{
	buf_puts(why, text);
	return IMAGE_CHECK_CUT;
}

/* Chunks are length, type, data and CRC of the last two (PNG, 5.3). */
static enum image_check
check_png(struct slice file, struct buf *why)
{
	size_t at = 8;

	while (file.n - at >= 12) {
		const char *chunk = file.p + at;
		uint32_t size = word_be32(chunk);

		if (size > file.n - at - 12)
			break;
		if (crc32_of((const unsigned char *)chunk + 4, size + 4) !=
		    word_be32(chunk + 8 + size))
			return cut(why, "PNG has a wrong checksum");
		if (memcmp(chunk + 4, "IEND", 4) == 0)
			return IMAGE_CHECK_WHOLE;
		at += 12 + (size_t)size;
	}
	return cut(why, "PNG is cut short");
}

/*
 * Segments are 0xff, a marker, and for most markers a length and so many
 * bytes less two; behind SOS comes data in which 0xff is followed by 0 or a
 * restart marker (ITU T.81, B.1).
 */
static enum image_check
check_jpeg(struct slice file, struct buf *why)
{
	enum { EOI = 0xd9, SOS = 0xda };
	const char *p = file.p + 2, *end = file.p + file.n;
	bool in_data = false;

	while (p && end - p >= 2) {
		unsigned char marker = (unsigned char)p[1];
		size_t size;

		if ((unsigned char)*p != 0xff || marker == 0xff) {
			p = memchr(p + 1, 0xff, (size_t)(end - p - 1));
			continue;
		}
		if (marker == EOI)
			return IMAGE_CHECK_WHOLE;
		if (marker <= 1 || (marker >= 0xd0 && marker <= 0xd8)) {
			p += 2;
			if (in_data)
				p = memchr(p, 0xff, (size_t)(end - p));
			continue;
		}
		size = end - p < 4 ? 0 : word_be32(p) & 0xffff;
		if (size < 2 || size > (size_t)(end - p) - 2)
			break;
		p += 2 + size;
		in_data = marker == SOS;
	}
	/* To its end it is data, with at most half a marker behind it. */
	if (in_data && (!p || end - p < 2))
		return IMAGE_CHECK_UNENDED;
	return cut(why, "JPEG is cut short");
}

/* The length in the header counts what follows it (RIFF). */
static enum image_check
check_webp(struct slice file, struct buf *why)
{
	uint32_t size = __builtin_bswap32(word_be32(file.p + 4));

	if (size > file.n - 8)
		return cut(why, "WebP is cut short");
	return IMAGE_CHECK_WHOLE;
}

/* Says what a file is instead: its kind, or the bytes that it begins with. */
static enum image_check
foreign(struct slice file, const char *what, enum image_kind kind,
	struct buf *why)
{
	if (kind != IMAGE_KINDS) {
		buf_printf(why, "is %s, %s", image_kind_name(kind), what);
		return IMAGE_CHECK_FOREIGN;
	}
	buf_puts(why, what);
	buf_puts(why, ", begins with ");
	file.n = file.n < QUOTED ? file.n : QUOTED;
	diag_escape(why, file);
	return IMAGE_CHECK_FOREIGN;
}

enum image_check
image_check_check(struct slice file, bool png, struct buf *why)
{
	const enum image_kind kind = image_kind_of(file);

	if (file.n < IMAGE_KIND_MARK)
		return cut(why, file.n ? "file of a few bytes" : "empty file");
	if (png && kind != IMAGE_PNG)
		return foreign(file, "not a PNG", kind, why);
	switch (kind) {
	case IMAGE_PNG:
		return check_png(file, why);
	case IMAGE_JPEG:
		return check_jpeg(file, why);
	case IMAGE_WEBP:
		return check_webp(file, why);
	case IMAGE_KINDS:
		return foreign(file, "not an image", kind, why);
	default:
		return IMAGE_CHECK_UNKNOWN;
	}
}
