#include "image/image_size.h"

#include "image/image_kind.h"
#include "image/image_size_parts.h"

bool
file_head_has(struct file_head *r, uint64_t at, uint64_t size)
{
	if (at <= r->n && size <= r->n - at)
		return true;
	if (__builtin_add_overflow(at, size, &r->need))
		r->need = UINT64_MAX;
	return false;
}

enum size_found
file_head_fault(struct file_head *r, const char *what)
{
	r->what = what;
	return FOUND_FAULT;
}

enum order { LITTLE, BIG };

/* An unsigned number of up to 4 bytes that are there. */
static uint32_t
number(const struct file_head *r, uint64_t at, size_t size, enum order order)
{
	uint32_t value = 0;
	size_t i;

	for (i = 0; i < size; i++)
		value = value << 8 | r->p[at + (order ? i : size - 1 - i)];
	return value;
}

static bool
is_at(const struct file_head *r, uint64_t at, const char *bytes, size_t size)
{
	return memcmp(r->p + at, bytes, size) == 0;
}

/* The tags of a TIFF directory that speak of its image. */
enum { TAG_WIDTH = 256, TAG_HEIGHT = 257, TAG_ORIENTATION = 274 };

struct tiff_tags {
	uint32_t width, height, orientation; /* 0: not there */
};

/* The value of a directory's entry of 12 bytes, where it is one number. */
static uint32_t
entry_value(const struct file_head *r, uint64_t at, enum order order)
{
	enum { BYTE = 1, SHORT = 3, LONG = 4 };

	if (number(r, at + 4, 4, order) != 1)
		return 0;
	switch (number(r, at + 2, 2, order)) {
	case BYTE:
		return r->p[at + 8];
	case SHORT:
		return number(r, at + 8, 2, order);
	case LONG:
		return number(r, at + 8, 4, order);
	default:
		return 0;
	}
}

static void
note_entry(const struct file_head *r, uint64_t at, enum order order,
	   struct tiff_tags *tags)
{
	uint32_t value = entry_value(r, at, order);

	switch (number(r, at, 2, order)) {
	case TAG_WIDTH:
		tags->width = value;
		break;
	case TAG_HEIGHT:
		tags->height = value;
		break;
	case TAG_ORIENTATION:
		tags->orientation = value <= 8 ? value : 0;
		break;
	}
}

/*
 * Reads the first directory of TIFF data that begin at `base` and end before
 * `end` (TIFF 6.0, section 2). Exif is the same; the second directory there is
 * the thumbnail's. What points outside is taken as not there.
 */
static enum size_found
read_tiff(struct file_head *r, uint64_t base, uint64_t end,
	  struct tiff_tags *tags)
{
	enum order order;
	uint64_t offset, at, count;

	if (end - base < 8)
		return FOUND_ALL;
	if (!file_head_has(r, base, 8))
		return FOUND_SHORT;
	order = r->p[base] == 'M' ? BIG : LITTLE;
	if (!is_at(r, base, order ? "MM\0*" : "II*\0", 4))
		return FOUND_ALL;
	offset = number(r, base + 4, 4, order);
	if (offset > end - base - 2)
		return FOUND_ALL;
	at = base + offset;
	if (!file_head_has(r, at, 2))
		return FOUND_SHORT;
	count = number(r, at, 2, order);
	for (at += 2; count-- && end - at >= 12; at += 12) {
		if (!file_head_has(r, at, 12))
			return FOUND_SHORT;
		note_entry(r, at, order, tags);
	}
	return FOUND_ALL;
}

/* Takes the orientation from Exif in [at, end), with or without its mark. */
static enum size_found
read_exif(struct file_head *r, uint64_t at, uint64_t end)
{
	struct tiff_tags tags = {0};
	enum size_found found;

	if (end - at >= 6) {
		if (!file_head_has(r, at, 6))
			return FOUND_SHORT;
		if (is_at(r, at, "Exif\0", 6))
			at += 6;
	}
	found = read_tiff(r, at, end, &tags);
	if (found == FOUND_ALL)
		r->orientation = tags.orientation;
	return found;
}

/*
 * BigTIFF: the same with offsets and counts of 8 bytes, of which the upper four
 * are 0 in any file that is read from its beginning.
 */
static enum size_found
read_big_tiff(struct file_head *r, enum order order, struct tiff_tags *tags)
{
	const size_t low = order == BIG ? 4 : 0;
	uint64_t at, count;

	if (!file_head_has(r, 8, 8))
		return FOUND_SHORT;
	if (number(r, 12 - low, 4, order))
		return FOUND_ALL;
	at = number(r, 8 + low, 4, order);
	if (!file_head_has(r, at, 8))
		return FOUND_SHORT;
	count = number(r, at + low, 4, order);
	for (at += 8; count--; at += 20) {
		unsigned char text[12];
		const struct file_head entry = {.p = text, .n = sizeof(text)};

		if (!file_head_has(r, at, 20))
			return FOUND_SHORT;
		/* As an entry of a plain TIFF: tag, type, count, value. */
		memcpy(text, r->p + at, 4);
		memcpy(text + 4, r->p + at + 4 + low, 4);
		memcpy(text + 8, r->p + at + 12, 4);
		note_entry(&entry, 0, order, tags);
	}
	return FOUND_ALL;
}

static enum size_found
read_tiff_file(struct file_head *r)
{
	struct tiff_tags tags = {0};
	const enum order order = r->p[0] == 'M' ? BIG : LITTLE;
	enum size_found found = number(r, 2, 2, order) == 43
					? read_big_tiff(r, order, &tags)
					: read_tiff(r, 0, UINT64_MAX, &tags);

	if (found == FOUND_ALL) {
		r->width = tags.width;
		r->height = tags.height;
		r->orientation = tags.orientation;
	}
	return found;
}

/*
 * PNG (third edition, 5.3 and 11.3.4.5): Exif may follow the pixels, too, but
 * no writer that is known puts it there, and the file would be read to its end.
 */
static enum size_found
read_png(struct file_head *r)
{
	uint64_t at, size;

	if (!file_head_has(r, 0, 24))
		return FOUND_SHORT;
	if (!is_at(r, 12, "IHDR", 4))
		return file_head_fault(r, "PNG does not begin with IHDR");
	r->width = number(r, 16, 4, BIG);
	r->height = number(r, 20, 4, BIG);
	for (at = 8;; at += size + 12) {
		if (!file_head_has(r, at, 8))
			return FOUND_SHORT;
		size = number(r, at, 4, BIG);
		if (size > INT32_MAX || is_at(r, at + 4, "IDAT", 4) ||
		    is_at(r, at + 4, "IEND", 4))
			return FOUND_ALL;
		if (is_at(r, at + 4, "eXIf", 4))
			return read_exif(r, at + 8, at + 8 + size);
	}
}

enum jpeg_marker {
	JPEG_TEM = 0x01,
	JPEG_SOF0 = 0xc0,
	JPEG_DHT = 0xc4,
	JPEG_JPG = 0xc8,
	JPEG_DAC = 0xcc,
	JPEG_SOF15 = 0xcf,
	JPEG_RST0 = 0xd0,
	JPEG_SOI = 0xd8,
	JPEG_EOI = 0xd9,
	JPEG_SOS = 0xda,
	JPEG_APP1 = 0xe1,
};

static bool
is_frame_header(unsigned marker)
{
	return marker >= JPEG_SOF0 && marker <= JPEG_SOF15 &&
	       marker != JPEG_DHT && marker != JPEG_JPG && marker != JPEG_DAC;
}

/* One segment's contents, [at, at + size). */
static enum size_found
read_segment(struct file_head *r, unsigned marker, uint64_t at, uint64_t size)
{
	if (is_frame_header(marker) && !r->width) {
		if (size < 5)
			return file_head_fault(
				r, "JPEG has a frame header too short");
		if (!file_head_has(r, at, 5))
			return FOUND_SHORT;
		r->height = number(r, at + 1, 2, BIG);
		r->width = number(r, at + 3, 2, BIG);
		if (!r->height)
			return file_head_fault(
				r, "JPEG tells its height after the scan");
	}
	if (marker == JPEG_APP1 && !r->orientation && size >= 6) {
		if (!file_head_has(r, at, 6))
			return FOUND_SHORT;
		if (is_at(r, at, "Exif\0", 6))
			return read_exif(r, at, at + size);
	}
	return FOUND_ALL;
}

/*
 * JPEG (ITU-T T.81, annex B): segments up to the scan, since Exif may follow
 * the frame header. Any number of 0xff may fill the space before a marker, and
 * like other readers this one steps over what stands between two segments.
 */
static enum size_found
read_jpeg(struct file_head *r)
{
	uint64_t at = 2, size;

	for (;;) {
		enum size_found found;
		unsigned marker;

		if (!file_head_has(r, at, 2))
			return FOUND_SHORT;
		marker = r->p[at + 1];
		if (r->p[at] != 0xff || marker == 0xff) {
			at++;
			continue;
		}
		at += 2;
		if (marker == JPEG_EOI || marker == JPEG_SOS)
			return r->width
				       ? FOUND_ALL
				       : file_head_fault(
						 r, "JPEG has no frame header");
		if (marker <= JPEG_TEM ||
		    (marker >= JPEG_RST0 && marker <= JPEG_SOI))
			continue;
		if (!file_head_has(r, at, 2))
			return FOUND_SHORT;
		size = number(r, at, 2, BIG);
		if (size < 2)
			return file_head_fault(
				r, "JPEG has a segment without length");
		found = read_segment(r, marker, at + 2, size - 2);
		if (found != FOUND_ALL)
			return found;
		at += size;
	}
}

/* The Exif chunk of an extended WebP, which follows the pixels. */
static enum size_found
read_webp_exif(struct file_head *r)
{
	uint64_t end = 8 + (uint64_t)number(r, 4, 4, LITTLE), at, size;

	for (at = 12; end > at && end - at >= 8; at += 8 + size + size % 2) {
		if (!file_head_has(r, at, 8))
			return FOUND_SHORT;
		size = number(r, at + 4, 4, LITTLE);
		if (is_at(r, at, "EXIF", 4))
			return read_exif(r, at + 8, at + 8 + size);
	}
	return FOUND_ALL;
}

/* WebP: RFC 9649, 2.5 to 2.7 and 3.4; RFC 6386, 9.1 for VP8. */
static enum size_found
read_webp(struct file_head *r)
{
	enum { HAS_EXIF = 0x08, SIDE_MAX = 0x3fff };
	uint32_t sides;

	if (!file_head_has(r, 0, 25))
		return FOUND_SHORT;
	if (!is_at(r, 12, "VP8L", 4) && !file_head_has(r, 0, 30))
		return FOUND_SHORT;
	if (is_at(r, 12, "VP8X", 4)) {
		r->width = number(r, 24, 3, LITTLE) + 1;
		r->height = number(r, 27, 3, LITTLE) + 1;
		return r->p[20] & HAS_EXIF ? read_webp_exif(r) : FOUND_ALL;
	}
	if (is_at(r, 12, "VP8L", 4) && r->p[20] == 0x2f) {
		sides = number(r, 21, 4, LITTLE);
		r->width = (sides & SIDE_MAX) + 1;
		r->height = (sides >> 14 & SIDE_MAX) + 1;
		return FOUND_ALL;
	}
	if (is_at(r, 12, "VP8 ", 4) && is_at(r, 23, "\x9d\x01\x2a", 3)) {
		r->width = number(r, 26, 2, LITTLE) & SIDE_MAX;
		r->height = number(r, 28, 2, LITTLE) & SIDE_MAX;
		return FOUND_ALL;
	}
	return file_head_fault(r, "WebP begins with no image");
}

/* GIF89a, section 18: the logical screen. */
static enum size_found
read_gif(struct file_head *r)
{
	if (!file_head_has(r, 0, 10))
		return FOUND_SHORT;
	if (!is_at(r, 3, "87a", 3) && !is_at(r, 3, "89a", 3))
		return file_head_fault(r, "GIF of an unknown version");
	r->width = number(r, 6, 2, LITTLE);
	r->height = number(r, 8, 2, LITTLE);
	return FOUND_ALL;
}

/*
 * BMP: the header's size tells its version, from OS/2's 12 bytes to Windows's
 * 124. A negative height stands for rows from the top.
 */
static enum size_found
read_bmp(struct file_head *r)
{
	enum { CORE = 12, OS2_SHORT = 16, V5 = 124 };
	uint32_t header;

	if (!file_head_has(r, 0, 26))
		return FOUND_SHORT;
	header = number(r, 14, 4, LITTLE);
	if (header == CORE) {
		r->width = number(r, 18, 2, LITTLE);
		r->height = number(r, 20, 2, LITTLE);
		return FOUND_ALL;
	}
	if (header < OS2_SHORT || header > V5)
		return file_head_fault(r, "BMP of an unknown version");
	r->width = number(r, 18, 4, LITTLE);
	r->height = number(r, 22, 4, LITTLE);
	if (r->width > INT32_MAX)
		return file_head_fault(r, "BMP has a negative width");
	if (r->height > INT32_MAX)
		r->height = -r->height;
	return FOUND_ALL;
}

static enum size_found (*const readers[IMAGE_KINDS])(struct file_head *) = {
	[IMAGE_PNG] = read_png,
	[IMAGE_JPEG] = read_jpeg,
	[IMAGE_WEBP] = read_webp,
	[IMAGE_GIF] = read_gif,
	[IMAGE_BMP] = read_bmp,
	[IMAGE_TIFF] = read_tiff_file,
	[IMAGE_AVIF] = image_size_read_heif,
	[IMAGE_HEIC] = image_size_read_heif,
	[IMAGE_JPEG_2000] = image_size_read_jpeg_2000,
	[IMAGE_JPEG_XL] = image_size_read_jpeg_xl,
};

/* Asks for what is needed, and no less than IMAGE_SIZE_FIRST at a time. */
static size_t
next_need(const struct file_head *r)
{
	uint64_t need = (uint64_t)r->n + IMAGE_SIZE_FIRST;

	if (need < r->need)
		need = r->need;
	return need < IMAGE_SIZE_MOST ? (size_t)need : IMAGE_SIZE_MOST;
}

static enum size_found
read_kind(struct file_head *r, enum image_kind kind)
{
	if (kind == IMAGE_KINDS)
		return file_head_fault(r, "not an image of a known format");
	if (!readers[kind])
		return file_head_fault(r,
				       "the size of images of this format "
				       "cannot be read; records may tell it, "
				       "as width and height");
	/* With fewer bytes it may be another one yet. */
	return file_head_has(r, 0, 4) ? readers[kind](r) : FOUND_SHORT;
}

enum image_size_result
image_size_read(struct slice head, bool whole, struct image_size *size)
{
	struct file_head r = {.p = (const unsigned char *)head.p, .n = head.n};
	const enum image_kind kind = image_kind_of(head);
	enum size_found found = read_kind(&r, kind);

	*size = (struct image_size){0};
	if (kind != IMAGE_KINDS)
		size->format = image_kind_name(kind);
	if (found == FOUND_SHORT && !whole && r.need <= IMAGE_SIZE_MOST) {
		size->need = next_need(&r);
		return IMAGE_SIZE_MORE;
	}
	if (found == FOUND_FAULT)
		size->what = r.what;
	else if (!r.width || !r.height)
		size->what = found == FOUND_ALL ? "image has no size"
			     : whole ? "file ends before the image's size"
				     : "size is not in the first 8 MiB";
	if (size->what)
		return IMAGE_SIZE_BAD;
	size->orientation = r.orientation ? r.orientation : 1;
	size->width = size->orientation > 4 ? r.height : r.width;
	size->height = size->orientation > 4 ? r.width : r.height;
	return IMAGE_SIZE_OK;
}
