/*
 * The size of images in boxes: HEIC and AVIF (ISO/IEC 23008-12), JPEG 2000
 * (ISO/IEC 15444-1) and JPEG XL (ISO/IEC 18181).
 */
#include "base/word.h"
#include "image/image_size_parts.h"

/* A box (ISO/IEC 14496-12, 4.2): its contents are [at, end) of the file. */
struct media_box {
	char type[4];
	uint64_t at, end;
};

static bool
is_type(const struct media_box *box, const char *type)
{
	return memcmp(box->type, type, 4) == 0;
}

/*
 * The box at `at`, in one that ends at `end`. A size of 1 stands before one of
 * 64 bits, a size of 0 for all the rest. FOUND_FAULT, with nothing said, where
 * there is none.
 */
static enum size_found
read_box(struct file_head *r, uint64_t at, uint64_t end, struct media_box *box)
{
	uint64_t size, header = 8;

	if (end - at < header)
		return FOUND_FAULT;
	if (!file_head_has(r, at, header))
		return FOUND_SHORT;
	size = word_be32(r->p + at);
	memcpy(box->type, r->p + at + 4, 4);
	if (size == 1) {
		header = 16;
		if (end - at < header)
			return FOUND_FAULT;
		if (!file_head_has(r, at, header))
			return FOUND_SHORT;
		size = (uint64_t)word_be32(r->p + at + 8) << 32 |
		       word_be32(r->p + at + 12);
	}
	if (size == 0)
		size = end - at;
	if (size < header || size > end - at)
		return FOUND_FAULT;
	box->at = at + header;
	box->end = at + size;
	return FOUND_ALL;
}

/* The first box of a type in [at, end). */
static enum size_found
find_box(struct file_head *r, uint64_t at, uint64_t end, const char *type,
	 struct media_box *box)
{
	enum size_found found;

	while ((found = read_box(r, at, end, box)) == FOUND_ALL &&
	       !is_type(box, type))
		at = box->end;
	return found;
}

/* A box of a type in another one, whose contents are wanted as a whole. */
static enum size_found
find_whole(struct file_head *r, const struct media_box *in, uint64_t skipped,
	   const char *type, struct media_box *box)
{
	enum size_found found = FOUND_FAULT;

	if (in->end - in->at >= skipped)
		found = find_box(r, in->at + skipped, in->end, type, box);
	if (found == FOUND_ALL &&
	    !file_head_has(r, box->at, box->end - box->at))
		return FOUND_SHORT;
	return found;
}

/* Version and flags, which come first in some boxes. */
enum { FULL_BOX = 4 };

/* The item that is the picture (pitm), or 0. */
static uint32_t
primary_item(const struct file_head *r, const struct media_box *pitm)
{
	const unsigned char *p = r->p + pitm->at;
	uint64_t n = pitm->end - pitm->at;

	if (n >= 8 && p[0])
		return word_be32(p + 4);
	return n >= 6 ? (uint32_t)p[4] << 8 | p[5] : 0;
}

/* Rounds a fraction of two numbers of 32 bits. */
static uint32_t
read_ratio(const unsigned char *p)
{
	uint64_t up = word_be32(p), down = word_be32(p + 4);

	return down ? (uint32_t)((up + down / 2) / down) : 0;
}

/* What a property does to the size. */
static void
apply_property(struct file_head *r, const struct media_box *box)
{
	const unsigned char *p = r->p + box->at;
	uint64_t n = box->end - box->at;

	if (is_type(box, "ispe") && n >= 12) {
		r->width = word_be32(p + 4);
		r->height = word_be32(p + 8);
	} else if (is_type(box, "clap") && n >= 32) {
		r->width = read_ratio(p);
		r->height = read_ratio(p + 8);
	} else if (is_type(box, "irot") && n >= 1 && p[0] & 1) {
		uint32_t width = r->width;

		r->width = r->height;
		r->height = width;
	}
}

/* Applies property number `index`, counted from 1, of the list in ipco. */
static void
apply_numbered(struct file_head *r, const struct media_box *ipco,
	       uint32_t index)
{
	struct media_box box;
	uint64_t at = ipco->at;

	for (; read_box(r, at, ipco->end, &box) == FOUND_ALL; at = box.end)
		if (--index == 0) {
			apply_property(r, &box);
			return;
		}
}

/*
 * Applies the properties of an item in their order (ipma). An entry is the
 * item's number, of 2 bytes or 4, a count, and as many indexes, of 1 byte or 2.
 */
static void
apply_properties(struct file_head *r, const struct media_box *ipma,
		 const struct media_box *ipco, uint32_t item)
{
	const unsigned char *p = r->p + ipma->at, *end = r->p + ipma->end;
	uint32_t entries, number, index;
	size_t id_size, index_size;
	unsigned count;

	if (end - p < 8)
		return;
	id_size = p[0] ? 4 : 2;
	index_size = p[3] & 1 ? 2 : 1;
	entries = word_be32(p + 4);
	for (p += 8; entries && (size_t)(end - p) > id_size; entries--) {
		number = id_size == 4 ? word_be32(p)
				      : (uint32_t)p[0] << 8 | p[1];
		count = p[id_size];
		p += id_size + 1;
		if ((size_t)(end - p) < count * index_size)
			return;
		for (; count; count--, p += index_size) {
			index = index_size == 2 ? (p[0] & 0x7fU) << 8 | p[1]
						: p[0] & 0x7fU;
			if (number == item && index)
				apply_numbered(r, ipco, index);
		}
		if (number == item)
			return;
	}
}

/*
 * HEIC and AVIF: the picture is an item; its size, the part of it that is to be
 * seen and its turn are properties. Exif says nothing here (23008-12, 6.5.10).
 */
enum size_found
image_size_read_heif(struct file_head *r)
{
	static const char missing[] =
		"image file without a size of its picture";
	struct media_box meta, iprp, ipco, ipma, pitm;
	enum size_found found = find_box(r, 0, UINT64_MAX, "meta", &meta);

	if (found == FOUND_ALL)
		found = find_whole(r, &meta, FULL_BOX, "pitm", &pitm);
	if (found == FOUND_ALL)
		found = find_whole(r, &meta, FULL_BOX, "iprp", &iprp);
	if (found == FOUND_ALL)
		found = find_whole(r, &iprp, 0, "ipco", &ipco);
	if (found == FOUND_ALL)
		found = find_whole(r, &iprp, 0, "ipma", &ipma);
	if (found != FOUND_ALL)
		return found == FOUND_FAULT ? file_head_fault(r, missing)
					    : found;
	apply_properties(r, &ipma, &ipco, primary_item(r, &pitm));
	return r->width ? FOUND_ALL : file_head_fault(r, missing);
}

/* The codestream's SIZ: the reference grid, less the image's offset in it. */
static enum size_found
read_siz(struct file_head *r)
{
	enum { XSIZ = 8, YSIZ = 12, XOSIZ = 16, YOSIZ = 20 };

	if (!file_head_has(r, 0, 24))
		return FOUND_SHORT;
	r->width = word_be32(r->p + XSIZ) - word_be32(r->p + XOSIZ);
	r->height = word_be32(r->p + YSIZ) - word_be32(r->p + YOSIZ);
	return FOUND_ALL;
}

enum size_found
image_size_read_jpeg_2000(struct file_head *r)
{
	struct media_box jp2h, ihdr;
	enum size_found found;

	if (r->p[0] == 0xff)
		return read_siz(r);
	found = find_box(r, 0, UINT64_MAX, "jp2h", &jp2h);
	if (found == FOUND_ALL)
		found = find_whole(r, &jp2h, 0, "ihdr", &ihdr);
	if (found == FOUND_FAULT ||
	    (found == FOUND_ALL && ihdr.end - ihdr.at < 8))
		return file_head_fault(r, "JPEG 2000 file without a header");
	if (found == FOUND_ALL) {
		r->height = word_be32(r->p + ihdr.at);
		r->width = word_be32(r->p + ihdr.at + 4);
	}
	return found;
}

/* Bits of a JPEG XL codestream, from the lowest of each byte on. */
struct jxl_bits {
	const unsigned char *p;
	unsigned at;
};

/* The longest header up to the orientation takes less than this, in bytes. */
enum { JXL_HEADER = 2 + 12 };
_Static_assert(2 * (2 + 30) + 1 + 3 + 2 + 3 <= 8 * (JXL_HEADER - 2),
	       "two sides, a ratio and what leads to the orientation fit");

static uint32_t
get_bits(struct jxl_bits *bits, unsigned count)
{
	uint32_t value = 0;
	unsigned i;

	for (i = 0; i < count; i++, bits->at++)
		value |= (uint32_t)(bits->p[bits->at / 8] >> bits->at % 8 & 1)
			 << i;
	return value;
}

static uint32_t
get_side(struct jxl_bits *bits, bool small)
{
	static const unsigned char sizes[] = {9, 13, 18, 30};

	if (small)
		return 8 * (get_bits(bits, 5) + 1);
	return get_bits(bits, sizes[get_bits(bits, 2)]) + 1;
}

static void
read_jxl_header(struct file_head *r, uint64_t at)
{
	static const unsigned char ratios[][2] = {
		{1, 1}, {12, 10}, {4, 3}, {3, 2}, {16, 9}, {5, 4}, {2, 1},
	};
	struct jxl_bits bits = {r->p + at + 2, 0};
	const bool small = get_bits(&bits, 1);
	uint32_t ratio;

	r->height = get_side(&bits, small);
	ratio = get_bits(&bits, 3);
	if (ratio)
		r->width =
			(uint32_t)((uint64_t)r->height * ratios[ratio - 1][0] /
				   ratios[ratio - 1][1]);
	else
		r->width = get_side(&bits, small);
	/* Unless all is as usual, what is not may begin with a turn. */
	if (!get_bits(&bits, 1) && get_bits(&bits, 1))
		r->orientation = get_bits(&bits, 3) + 1;
}

enum size_found
image_size_read_jpeg_xl(struct file_head *r)
{
	uint64_t at = 0;

	if (r->p[0] != 0xff) {
		struct media_box box = {0};
		enum size_found found;

		/* The codestream is in one box, or in numbered parts. */
		do {
			found = read_box(r, at, UINT64_MAX, &box);
			at = box.end;
		} while (found == FOUND_ALL && !is_type(&box, "jxlc") &&
			 !is_type(&box, "jxlp"));
		if (found != FOUND_ALL)
			return found == FOUND_SHORT
				       ? found
				       : file_head_fault(
						 r, "JPEG XL without an image");
		at = box.at + (is_type(&box, "jxlp") ? 4 : 0);
	}
	if (!file_head_has(r, at, JXL_HEADER))
		return FOUND_SHORT;
	if (memcmp(r->p + at, "\377\012", 2) != 0)
		return file_head_fault(r, "JPEG XL without an image");
	read_jxl_header(r, at);
	return FOUND_ALL;
}
