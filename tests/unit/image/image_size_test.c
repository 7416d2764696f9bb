/* Image headers of every format, whole, cut at every byte, and untrue. */
#include "image/image_size.h"

#include <stdio.h>
#include <stdlib.h>

#include "imgmake.h"
#include "tap.h"

/* Reads a copy that ends where the bytes end, so that tools see overruns. */
static enum image_size_result
read_prefix(const struct buf *file, size_t n, bool whole,
	    struct image_size *size)
{
	char *copy = xmalloc(n);
	enum image_size_result result;

	if (n)
		memcpy(copy, file->data, n);
	result = image_size_read((struct slice){copy, n}, whole, size);
	free(copy);
	return result;
}

static bool
same(const struct image_size *a, const struct image_size *b)
{
	return a->width == b->width && a->height == b->height &&
	       a->orientation == b->orientation &&
	       strcmp(a->format, b->format) == 0;
}

/*
 * Whether every beginning of a file gives its size or a request for more, and
 * once there is a size it stays.
 */
static bool
holds_when_cut(const struct buf *file, const struct image_size *expected)
{
	struct image_size size;
	bool known = false;
	size_t n;

	for (n = 0; n <= file->len; n++) {
		enum image_size_result result =
			read_prefix(file, n, false, &size);

		if (result == IMAGE_SIZE_BAD ||
		    (known && result != IMAGE_SIZE_OK))
			return false;
		if (result == IMAGE_SIZE_MORE && size.need <= n)
			return false;
		known = result == IMAGE_SIZE_OK;
		if (known && !same(&size, expected))
			return false;
		if (read_prefix(file, n, true, &size) == IMAGE_SIZE_MORE)
			return false;
	}
	return known;
}

/* Tests a file and empties it. */
static void
expect(struct buf *file, const char *name, struct image_size expected)
{
	struct image_size size;

	ok(read_prefix(file, file->len, true, &size) == IMAGE_SIZE_OK &&
		   same(&size, &expected) && holds_when_cut(file, &expected),
	   "%s", name);
	buf_reset(file);
}

static void
expect_bad(struct buf *file, const char *name, const char *what)
{
	struct image_size size;

	if (!ok(read_prefix(file, file->len, true, &size) == IMAGE_SIZE_BAD &&
			strcmp(size.what, what) == 0,
		"%s", name))
		printf("# %s\n", size.what ? size.what : "no fault");
	buf_reset(file);
}

static struct image_size
upright(const char *format, uint32_t width, uint32_t height)
{
	return (struct image_size){width, height, 1, format, 0, NULL};
}

static struct image_size
turned(const char *format, uint32_t width, uint32_t height,
       unsigned orientation)
{
	return (struct image_size){width, height, orientation, format, 0, NULL};
}

static void
test_png(void)
{
	struct buf file = {0}, empty = {0}, contents = {0};

	put_png_start(&file, 70000, 3);
	put_chunk(&file, "IDAT", &empty);
	put_chunk(&file, "IEND", &empty);
	expect(&file, "PNG", upright("PNG", 70000, 3));

	put_exif(&contents, 'M', 6);
	put_png_start(&file, 30, 20);
	put_chunk(&file, "sRGB", &empty);
	put_chunk(&file, "eXIf", &contents);
	put_chunk(&file, "IDAT", &empty);
	expect(&file, "PNG with Exif", turned("PNG", 20, 30, 6));

	put_png_start(&file, 30, 20);
	put_chunk(&file, "tEXt", &contents);
	put_chunk(&file, "IDAT", &empty);
	put_chunk(&file, "eXIf", &contents);
	expect(&file, "PNG with Exif elsewhere than before the pixels",
	       upright("PNG", 30, 20));

	/* The directory's second entry is outside of the chunk. */
	contents.len = 8 + 2 + 12 + 11;
	put_png_start(&file, 30, 20);
	put_chunk(&file, "eXIf", &contents);
	put_chunk(&file, "IDAT", &empty);
	expect(&file, "PNG with Exif cut off", upright("PNG", 30, 20));

	put_png_start(&file, 30, 20);
	put_chunk(&file, "IEND", &empty);
	expect(&file, "PNG without pixels", upright("PNG", 30, 20));

	put_png_start(&file, 30, 20);
	put_big(&file, 0x80000000, 4);
	PUT(&file, "teXt");
	expect(&file, "PNG with a chunk of 2 GiB", upright("PNG", 30, 20));

	put_png_start(&file, 30, 0);
	put_chunk(&file, "IDAT", &empty);
	expect_bad(&file, "PNG of height 0", "image has no size");

	PUT(&file, "\x89PNG\r\n\x1a\n\0\0\0\0CgBI\0\0\0\0\0\0\0\0");
	expect_bad(&file, "PNG without IHDR", "PNG does not begin with IHDR");
	buf_release(&contents);
	buf_release(&file);
}

static void
test_jpeg_frames(void)
{
	struct buf file = {0}, contents = {0};
	unsigned marker;
	char name[40];

	PUT(&contents, "JFIF\0\1\1\0\0\1\0\1\0\0");
	for (marker = 0xc0; marker <= 0xcf; marker++) {
		if (marker == 0xc4 || marker == 0xc8 || marker == 0xcc)
			continue;
		PUT(&file, "\xff\xd8");
		put_segment(&file, 0xe0, &contents);
		put_frame(&file, marker);
		put_scan(&file);
		snprintf(name, sizeof(name), "JPEG, SOF%u", marker - 0xc0);
		expect(&file, name, upright("JPEG", 300, 200));
	}

	PUT(&file, "\xff\xd8");
	put_segment(&file, 0xc4, &contents);
	put_segment(&file, 0xc8, &contents);
	put_segment(&file, 0xcc, &contents);
	PUT(&file, "\xff\xff\xff\xff");
	put_segment(&file, 0xfe, &contents);
	PUT(&file, "\xff\x01\xff\xd0\xff\xd8junk\xff\0\xff\xfe\0\2");
	put_frame(&file, 0xc2);
	put_scan(&file);
	expect(&file, "JPEG with tables, fill bytes and junk",
	       upright("JPEG", 300, 200));
	buf_release(&contents);
	buf_release(&file);
}

static void
test_jpeg_turned(void)
{
	struct buf file = {0}, contents = {0};
	unsigned orientation;
	char name[60];

	for (orientation = 1; orientation <= 8; orientation++) {
		bool lies = orientation >= 5;
		char order = orientation % 2 ? 'I' : 'M';

		PUT(&file, "\xff\xd8");
		put_exif_segment(&file, order, orientation);
		put_frame(&file, 0xc0);
		put_scan(&file);
		snprintf(name, sizeof(name), "JPEG, orientation %u",
			 orientation);
		expect(&file, name,
		       turned("JPEG", lies ? 200 : 300, lies ? 300 : 200,
			      orientation));

		PUT(&file, "\xff\xd8");
		put_frame(&file, 0xc0);
		put_exif_segment(&file, order == 'I' ? 'M' : 'I', orientation);
		put_scan(&file);
		snprintf(name, sizeof(name),
			 "the same behind the frame header");
		expect(&file, name,
		       turned("JPEG", lies ? 200 : 300, lies ? 300 : 200,
			      orientation));
	}

	PUT(&contents, "http://ns.adobe.com/xap/1.0/\0<x:xmpmeta/>");
	PUT(&file, "\xff\xd8");
	put_segment(&file, 0xe1, &contents);
	put_exif_segment(&file, 'M', 8);
	put_exif_segment(&file, 'M', 2);
	put_frame(&file, 0xc0);
	put_scan(&file);
	expect(&file, "Exif in a later APP1; the first Exif holds",
	       turned("JPEG", 200, 300, 8));

	buf_reset(&contents);
	PUT(&contents, "Exif\0\0");
	put_tiff_start(&contents, 'M');
	put_big(&contents, 1, 2);
	put_entry(&contents, 'M', 274, LONG, 6);
	PUT(&file, "\xff\xd8");
	put_segment(&file, 0xe1, &contents);
	put_frame(&file, 0xc0);
	put_scan(&file);
	expect(&file, "a directory of one long number that just fits",
	       turned("JPEG", 200, 300, 6));

	PUT(&file, "\xff\xd8");
	put_exif_segment(&file, 'I', 9);
	put_frame(&file, 0xc0);
	put_scan(&file);
	expect(&file, "an orientation that is none", upright("JPEG", 300, 200));
	buf_release(&contents);
	buf_release(&file);
}

static void
test_jpeg_faults(void)
{
	struct buf file = {0};

	PUT(&file, "\xff\xd8");
	put_scan(&file);
	expect_bad(&file, "JPEG without frame", "JPEG has no frame header");

	PUT(&file, "\xff\xd8\xff\xe0\0\1");
	expect_bad(&file, "JPEG segment of no length",
		   "JPEG has a segment without length");

	PUT(&file, "\xff\xd8\xff\xc0\0\6\x08\0\1\0");
	expect_bad(&file, "JPEG frame header cut short",
		   "JPEG has a frame header too short");

	PUT(&file, "\xff\xd8\xff\xc0\0\x0b\x08\0\0\1\1\1\1\x11\0");
	expect_bad(&file, "JPEG with DNL",
		   "JPEG tells its height after the scan");

	PUT(&file, "\xff\xd8\xff\xe0\xff\xff");
	expect_bad(&file, "JPEG that ends early",
		   "file ends before the image's size");
	buf_release(&file);
}

/* Directories that point outside of their segment or claim too much. */
static void
test_untrue_exif(void)
{
	struct buf file = {0}, contents = {0};

	PUT(&contents, "Exif\0\0MM\0*\xff\xff\xff\xf0");
	PUT(&file, "\xff\xd8");
	put_segment(&file, 0xe1, &contents);
	put_frame(&file, 0xc0);
	put_scan(&file);
	expect(&file, "a directory far outside", upright("JPEG", 300, 200));

	buf_reset(&contents);
	PUT(&contents, "Exif\0\0II*\0\x08\0\0\0\xff\xff");
	PUT(&file, "\xff\xd8");
	put_segment(&file, 0xe1, &contents);
	/* Were it read on, this would be the entry of an orientation. */
	put_entry(&file, 'I', 274, SHORT, 6);
	put_frame(&file, 0xc0);
	put_scan(&file);
	expect(&file, "more entries than fit", upright("JPEG", 300, 200));

	buf_reset(&contents);
	PUT(&contents, "Exif\0\0");
	PUT(&file, "\xff\xd8");
	put_segment(&file, 0xe1, &contents);
	put_frame(&file, 0xc0);
	put_scan(&file);
	expect(&file, "Exif of no bytes", upright("JPEG", 300, 200));
	buf_release(&contents);
	buf_release(&file);
}

static void
test_webp(void)
{
	struct buf file = {0};

	put_webp_start(&file, 200);
	PUT(&file, "VP8 \x64\0\0\0\x30\1\0\x9d\1\x2a");
	put_little(&file, 300 | 1 << 14, 2);
	put_little(&file, 200, 2);
	expect(&file, "WebP, lossy; scale bits left out",
	       upright("WebP", 300, 200));

	put_webp_start(&file, 17);
	PUT(&file, "VP8L\5\0\0\0\x2f");
	put_little(&file, 299 | 199 << 14 | 1 << 28, 4);
	expect(&file, "WebP, lossless", upright("WebP", 300, 200));

	put_webp_start(&file, 200);
	PUT(&file, "VP8X\x0a\0\0\0\x10\0\0\0");
	put_little(&file, 99999, 3);
	put_little(&file, 199, 3);
	expect(&file, "WebP, extended", upright("WebP", 100000, 200));

	put_webp_start(&file, 200);
	PUT(&file, "VP8 \x64\0\0\0\x30\1\0\x9d\1\x2b\x2c\1\xc8\0");
	expect_bad(&file, "WebP whose frame has no start code",
		   "WebP begins with no image");
	put_webp_start(&file, 200);
	PUT(&file, "VP8L\5\0\0\0\x2e\0\0\0\0\0\0\0\0\0");
	expect_bad(&file, "WebP, lossless, without its mark",
		   "WebP begins with no image");

	put_webp_start(&file, 0);
	PUT(&file, "WAVEfmt nothing here that is known");
	expect_bad(&file, "WebP without image", "WebP begins with no image");
	PUT(&file, "RIFF\x80\0\0\0WAVEfmt \x10\0\0\0\1\0\2\0\x44\xac\0\0");
	expect_bad(&file, "another RIFF", "not an image of a known format");
	buf_release(&file);
}

static void
test_turned_webp(void)
{
	struct buf file = {0};
	struct image_size size;

	make_turned_webp(&file, false, 101);
	expect(&file, "WebP with Exif", turned("WebP", 200, 300, 5));
	make_turned_webp(&file, true, 100);
	expect(&file, "WebP with marked Exif", turned("WebP", 200, 300, 5));

	make_turned_webp(&file, false, 100);
	/* As if the file ended before the Exif. */
	file.data[4] = 100;
	expect(&file, "WebP with Exif behind its end",
	       upright("WebP", 300, 200));

	make_turned_webp(&file, false, 3 << 20);
	ok(read_prefix(&file, 1000, false, &size) == IMAGE_SIZE_MORE &&
		   size.need > 3 << 20 && size.need < (3 << 20) + 1000,
	   "the bytes in between are not asked for piece by piece");
	ok(read_prefix(&file, 1000, true, &size) == IMAGE_SIZE_OK &&
		   size.width == 300 && size.orientation == 1,
	   "without the Exif, the size as stored");
	buf_reset(&file);

	make_turned_webp(&file, false, 9 << 20);
	ok(read_prefix(&file, 1000, false, &size) == IMAGE_SIZE_OK &&
		   size.width == 300 && size.orientation == 1,
	   "Exif behind 9 MiB is given up");
	buf_release(&file);
}

static void
test_gif(void)
{
	struct buf file = {0};

	PUT(&file, "GIF89a\x2c\1\xc8\0\xf7\0\0");
	expect(&file, "GIF", upright("GIF", 300, 200));
	PUT(&file, "GIF87a\x2c\1\xc8\0\xf7\0\0");
	expect(&file, "GIF of 1987", upright("GIF", 300, 200));
	PUT(&file, "GIF88a\x2c\1\xc8\0\xf7\0\0");
	expect_bad(&file, "GIF of 1988", "GIF of an unknown version");
	buf_release(&file);
}

static void
test_bmp(void)
{
	static const uint32_t headers[] = {12, 16, 40, 52, 56, 64, 108, 124};
	struct buf file = {0};
	char name[40];
	size_t i;

	for (i = 0; i < sizeof(headers) / sizeof(headers[0]); i++) {
		put_bmp(&file, headers[i], 300, 200);
		snprintf(name, sizeof(name), "BMP, header of %u bytes",
			 headers[i]);
		expect(&file, name, upright("BMP", 300, 200));
	}
	put_bmp(&file, 40, 300, -200);
	expect(&file, "BMP from the top", upright("BMP", 300, 200));
	put_bmp(&file, 40, -300, 200);
	expect_bad(&file, "BMP of negative width", "BMP has a negative width");
	put_bmp(&file, 125, 300, 200);
	expect_bad(&file, "BMP of a later version",
		   "BMP of an unknown version");
	buf_release(&file);
}

static void
test_tiff(void)
{
	struct buf file = {0};

	put_tiff_start(&file, 'M');
	put_big(&file, 3, 2);
	put_entry(&file, 'M', 256, SHORT, 300);
	put_entry(&file, 'M', 257, LONG, 200);
	put_entry(&file, 'M', 274, SHORT, 7);
	expect(&file, "TIFF, big-endian", turned("TIFF", 200, 300, 7));

	PUT(&file, "II*\0");
	put_little(&file, 1008, 4);
	put_filler(&file, 1000);
	put_little(&file, 2, 2);
	put_entry(&file, 'I', 256, BYTE, 30);
	put_entry(&file, 'I', 257, SHORT, 200);
	expect(&file, "TIFF, little-endian, directory at the end",
	       upright("TIFF", 30, 200));

	PUT(&file, "II*\0");
	put_little(&file, 0xfffffff0, 4);
	expect_bad(&file, "TIFF that points outside",
		   "file ends before the image's size");
	buf_release(&file);
}

/* Begins a box: what end_box wants. */
static size_t
begin_box(struct buf *file, const char *type)
{
	put_big(file, 0, 4);
	buf_puts(file, type);
	return file->len - 8;
}

static void
end_box(struct buf *file, size_t at)
{
	size_t size = file->len - at, i;

	for (i = 0; i < 4; i++)
		file->data[at + i] = (char)(size >> (24 - 8 * i));
}

static void
put_ispe(struct buf *file, unsigned width, unsigned height)
{
	size_t at = begin_box(file, "ispe");

	put_big(file, 0, 4);
	put_big(file, width, 4);
	put_big(file, height, 4);
	end_box(file, at);
}

/*
 * A HEIF file up to its properties: number 1 is 300 x 200, 2 a turn by 90
 * degrees, 3 a thumbnail's 30 x 20, 4 a clean aperture of 240.4 x 180, 5 a
 * mirror. `ipma` is what it says of which item has which.
 */
static void
put_heif(struct buf *file, const char *brand, struct slice ipma)
{
	static const char clap[] =
		"\0\0\4\262\0\0\0\5\0\0\0\264\0\0\0\1\0\0\0\0\0\0\0\1"
		"\0\0\0\0\0\0\0\1";
	size_t at, meta, iprp, ipco;

	at = begin_box(file, "ftyp");
	buf_puts(file, brand);
	PUT(file, "\0\0\0\0mif1");
	end_box(file, at);
	meta = begin_box(file, "meta");
	put_big(file, 0, 4);
	at = begin_box(file, "pitm");
	PUT(file, "\0\0\0\0\0\7");
	end_box(file, at);
	iprp = begin_box(file, "iprp");
	ipco = begin_box(file, "ipco");
	put_ispe(file, 300, 200);
	at = begin_box(file, "irot");
	PUT(file, "\1");
	end_box(file, at);
	put_ispe(file, 30, 20);
	at = begin_box(file, "clap");
	buf_put(file, clap, sizeof(clap) - 1);
	end_box(file, at);
	at = begin_box(file, "imir");
	PUT(file, "\0");
	end_box(file, at);
	end_box(file, ipco);
	at = begin_box(file, "ipma");
	buf_slice(file, ipma);
	end_box(file, at);
	end_box(file, iprp);
	end_box(file, meta);
	at = begin_box(file, "mdat");
	PUT(file, "pixels");
	end_box(file, at);
}

static void
test_heif(void)
{
	struct buf file = {0};

	put_heif(&file, "heic",
		 (struct slice){"\0\0\0\0\0\0\0\2\0\1\1\3\0\7\1\201", 16});
	expect(&file, "HEIC, beside a thumbnail", upright("HEIC", 300, 200));
	put_heif(&file, "heix",
		 (struct slice){"\0\0\0\0\0\0\0\2\0\1\1\3\0\7\2\201\202", 17});
	expect(&file, "HEIC, turned", upright("HEIC", 200, 300));
	put_heif(&file, "avif",
		 (struct slice){"\0\0\0\0\0\0\0\1\0\7\4\1\204\202\205", 15});
	expect(&file, "AVIF, cut out, turned and mirrored",
	       upright("AVIF", 180, 240));
	put_heif(&file, "avif",
		 (struct slice){"\1\0\0\1\0\0\0\1\0\0\0\7\1\200\1", 15});
	expect(&file, "AVIF, with long numbers", upright("AVIF", 300, 200));
	put_heif(&file, "mif1", (struct slice){"\0\0\0\0\0\0\0\1\0\1\1\1", 12});
	expect_bad(&file, "HEIF whose picture has no size",
		   "image file without a size of its picture");
	PUT(&file, "\0\0\0\020ftypheic\0\0\0\0\0\0\0\7meta");
	expect_bad(&file, "HEIF with a box too short",
		   "image file without a size of its picture");
	PUT(&file, "\0\0\0\020ftypheic\0\0\0\0\0\0\0\1mdat\377\377\377\377"
		   "\377\377\377\377");
	expect_bad(&file, "HEIF with a box that ends nowhere",
		   "image file without a size of its picture");
	buf_release(&file);
}

static void
put_box(struct buf *file, const char *type, struct slice content)
{
	size_t at = begin_box(file, type);

	buf_slice(file, content);
	end_box(file, at);
}

/* A HEIF file of these boxes' contents; of none, the box is not there. */
struct heif_boxes {
	struct slice pitm, ipco, ipma;
};

static void
put_heif_of(struct buf *file, const struct heif_boxes *boxes)
{
	size_t meta, iprp;

	PUT(file, "\0\0\0\020ftypheic\0\0\0\0");
	meta = begin_box(file, "meta");
	put_big(file, 0, 4);
	if (boxes->pitm.p)
		put_box(file, "pitm", boxes->pitm);
	iprp = begin_box(file, "iprp");
	if (boxes->ipco.p)
		put_box(file, "ipco", boxes->ipco);
	if (boxes->ipma.p)
		put_box(file, "ipma", boxes->ipma);
	end_box(file, iprp);
	end_box(file, meta);
}

#define BYTES(text)                    \
	{                              \
		text, sizeof(text) - 1 \
	}
#define PITM BYTES("\0\0\0\0\0\7")
#define ISPE "\0\0\0\024ispe\0\0\0\0\0\0\1\54\0\0\0\310" /* 300 x 200 */
#define IPMA BYTES("\0\0\0\0\0\0\0\1\0\7\2\1\2")         /* its first two */

static void
test_odd_heif(void)
{
	static const struct {
		const char *name;
		struct heif_boxes boxes;
		unsigned width; /* 0: the file is refused */
	} rows[] = {
		{"a picture's number of 4 bytes",
		 {BYTES("\1\0\0\0\0\0\0\7"), BYTES(ISPE), IPMA},
		 300},
		{"a picture without a number",
		 {BYTES("\0\0\0\0"), BYTES(ISPE), IPMA},
		 0},
		{"no picture", {{NULL, 0}, BYTES(ISPE), IPMA}, 0},
		{"no properties", {PITM, {NULL, 0}, IPMA}, 0},
		{"properties that are nobody's",
		 {PITM, BYTES(ISPE), {NULL, 0}},
		 0},
		{"an empty list of whose they are",
		 {PITM, BYTES(ISPE), BYTES("")},
		 0},
		{"one that ends within its numbers",
		 {PITM, BYTES(ISPE), BYTES("\0\0\0\0\0\0\0\1\0\7\5\1\2")},
		 0},
		{"one with fewer entries than it says",
		 {PITM, BYTES(ISPE), BYTES("\0\0\0\0\0\0\0\7\0\1\1\1")},
		 0},
		{"the property of no number",
		 {PITM, BYTES(ISPE), BYTES("\0\0\0\0\0\0\0\1\0\7\1\0")},
		 0},
		{"a property that is not there",
		 {PITM, BYTES(ISPE), BYTES("\0\0\0\0\0\0\0\1\0\7\1\3")},
		 0},
		{"a size cut short",
		 {PITM, BYTES("\0\0\0\020ispe\0\0\0\0\0\0\1\54"), IPMA},
		 0},
		{"an aperture cut short",
		 {PITM, BYTES(ISPE "\0\0\0\020clap\0\0\0\5\0\0\0\1"), IPMA},
		 300},
		{"an aperture divided by nothing",
		 {PITM,
		  BYTES(ISPE "\0\0\0\050clap\0\0\0\5\0\0\0\0\0\0\0\5"
			     "\0\0\0\1\0\0\0\0\0\0\0\1\0\0\0\0\0\0\0\1"),
		  IPMA},
		 0},
		{"a turn cut short",
		 {PITM, BYTES(ISPE "\0\0\0\010irot"), IPMA},
		 300},
		{"a turn by a half",
		 {PITM, BYTES(ISPE "\0\0\0\011irot\2"), IPMA},
		 300},
		{"a property that goes on to the end",
		 {PITM, BYTES("\0\0\0\0ispe\0\0\0\0\0\0\1\54\0\0\0\310"), IPMA},
		 300},
		{"one whose size has 8 bytes",
		 {PITM,
		  BYTES("\0\0\0\1ispe\0\0\0\0\0\0\0\034\0\0\0\0"
			"\0\0\1\54\0\0\0\310"),
		  IPMA},
		 300},
		{"and not that many",
		 {PITM, BYTES("\0\0\0\1ispe\0\0\0\0"), IPMA},
		 0},
	};
	struct buf file = {0};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		put_heif_of(&file, &rows[i].boxes);
		if (rows[i].width)
			expect(&file, rows[i].name,
			       upright("HEIC", rows[i].width, 200));
		else
			expect_bad(&file, rows[i].name,
				   "image file without a size of its picture");
	}
	buf_release(&file);
}

static void
test_jpeg_2000(void)
{
	struct buf file = {0};
	size_t jp2h, at;

	PUT(&file, "\0\0\0\014jP  \r\n\207\n\0\0\0\024ftypjp2 \0\0\0\0jp2 ");
	jp2h = begin_box(&file, "jp2h");
	at = begin_box(&file, "ihdr");
	put_big(&file, 200, 4);
	put_big(&file, 300, 4);
	PUT(&file, "\0\3\7\7\0\0");
	end_box(&file, at);
	end_box(&file, jp2h);
	expect(&file, "JPEG 2000", upright("JPEG 2000", 300, 200));

	PUT(&file, "\377\117\377\121\0\57\0\0");
	put_big(&file, 310, 4);
	put_big(&file, 220, 4);
	put_big(&file, 10, 4);
	put_big(&file, 20, 4);
	expect(&file, "JPEG 2000 without boxes",
	       upright("JPEG 2000", 300, 200));
	PUT(&file, "\0\0\0\014jP  \r\n\207\n\0\0\0\010jp2h");
	expect_bad(&file, "JPEG 2000 without a size",
		   "JPEG 2000 file without a header");
	PUT(&file, "\0\0\0\014jP  \r\n\207\n\0\0\0\024jp2h"
		   "\0\0\0\014ihdr\0\0\0\1");
	expect_bad(&file, "JPEG 2000 with half a size",
		   "JPEG 2000 file without a header");
	buf_release(&file);
}

/* A number of `count` bits behind those that are there; *at counts them. */
static void
put_bits(struct buf *file, size_t *at, uint32_t number, unsigned count)
{
	for (; count--; number >>= 1, ++*at) {
		if (*at % 8 == 0)
			buf_putc(file, 0);
		if (number & 1)
			file->data[file->len - 1] |= (char)(1 << *at % 8);
	}
}

static void
test_jpeg_xl(void)
{
	struct buf file = {0};
	size_t at = 0, box;

	/* Not small: 1200 in 13 bits, by 3:2; all as usual. */
	PUT(&file, "\377\012");
	put_bits(&file, &at, 0, 1);
	put_bits(&file, &at, 1, 2);
	put_bits(&file, &at, 1199, 13);
	put_bits(&file, &at, 4, 3);
	put_bits(&file, &at, 1, 1);
	PUT(&file, "............");
	expect(&file, "JPEG XL", upright("JPEG XL", 1800, 1200));

	/* Small: 48 and 64, and a turn, in the first part of two. */
	PUT(&file, "\0\0\0\014JXL \r\n\207\n\0\0\0\024ftypjxl \0\0\0\0jxl ");
	box = begin_box(&file, "jxlp");
	put_big(&file, 0, 4);
	PUT(&file, "\377\012");
	at = 0;
	put_bits(&file, &at, 1, 1);
	put_bits(&file, &at, 5, 5);
	put_bits(&file, &at, 0, 3);
	put_bits(&file, &at, 7, 5);
	put_bits(&file, &at, 0, 1);
	put_bits(&file, &at, 1, 1);
	put_bits(&file, &at, 5, 3);
	PUT(&file, "............");
	end_box(&file, box);
	expect(&file, "JPEG XL in boxes, turned", turned("JPEG XL", 48, 64, 6));
	PUT(&file, "\0\0\0\014JXL \r\n\207\n\0\0\0\020jxlc");
	PUT(&file, "there is no codestream here");
	expect_bad(&file, "JPEG XL of something else",
		   "JPEG XL without an image");
	buf_release(&file);
}

static void
test_big_tiff(void)
{
	struct buf file = {0};

	PUT(&file, "II+\0\10\0\0\0\30\0\0\0\0\0\0\0........");
	PUT(&file, "\3\0\0\0\0\0\0\0");
	PUT(&file, "\0\1\4\0\1\0\0\0\0\0\0\0\54\1\0\0\0\0\0\0");
	PUT(&file, "\1\1\3\0\1\0\0\0\0\0\0\0\310\0\0\0\0\0\0\0");
	PUT(&file, "\22\1\3\0\1\0\0\0\0\0\0\0\10\0\0\0\0\0\0\0");
	expect(&file, "BigTIFF, turned", turned("TIFF", 200, 300, 8));
	PUT(&file, "MM\0+\0\10\0\0\0\0\0\0\0\0\0\20");
	PUT(&file, "\0\0\0\0\0\0\0\2");
	PUT(&file, "\1\0\0\4\0\0\0\0\0\0\0\1\0\0\1\54\0\0\0\0");
	PUT(&file, "\1\1\0\4\0\0\0\0\0\0\0\1\0\0\0\310\0\0\0\0");
	expect(&file, "BigTIFF, big-endian", upright("TIFF", 300, 200));
	buf_release(&file);
}

static void
test_unknown(void)
{
	static const char fact[] = "not an image of a known format";
	struct buf file = {0};
	struct image_size size;

	PUT(&file, "<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code>");
	ok(read_prefix(&file, 3, false, &size) == IMAGE_SIZE_BAD,
	   "three bytes may tell");
	expect_bad(&file, "a page that says no", fact);
	PUT(&file, "\xff\xd8 is no JPEG");
	expect_bad(&file, "two bytes of a mark", fact);
	PUT(&file, "v/1\1\2\0\0\0channels");
	expect_bad(&file, "a kind whose size is not read",
		   "the size of images of this format cannot be read; records "
		   "may tell it, as width and height");
	expect_bad(&file, "an empty file", "file ends before the image's size");
	buf_release(&file);
}

static void
test_limit(void)
{
	struct buf file = {0}, contents = {0};
	struct image_size size;
	size_t last; /* where the last segment of 65,537 bytes begins */

	put_filler(&contents, 65533);
	PUT(&file, "\xff\xd8");
	while (file.len <= IMAGE_SIZE_MOST)
		put_segment(&file, 0xe2, &contents);
	put_frame(&file, 0xc0);
	put_scan(&file);
	ok(read_prefix(&file, IMAGE_SIZE_MOST, false, &size) ==
			   IMAGE_SIZE_BAD &&
		   strcmp(size.what, "size is not in the first 8 MiB") == 0,
	   "a size behind 8 MiB is given up");
	ok(read_prefix(&file, file.len, true, &size) == IMAGE_SIZE_OK,
	   "but taken where it is there");
	last = 2 + IMAGE_SIZE_MOST / 65537 * 65537;
	ok(read_prefix(&file, last + 1, false, &size) == IMAGE_SIZE_MORE &&
		   size.need == IMAGE_SIZE_MOST,
	   "no more than 8 MiB are asked for");
	buf_release(&contents);
	buf_release(&file);
}

/* xorshift64 */
static uint64_t
next_random(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

static bool
is_sound(enum image_size_result result, size_t n, const struct image_size *size)
{
	switch (result) {
	case IMAGE_SIZE_OK:
		return size->width && size->height && size->orientation >= 1 &&
		       size->orientation <= 8 && size->format;
	case IMAGE_SIZE_MORE:
		return size->need > n && size->need <= IMAGE_SIZE_MOST;
	default:
		return size->what != NULL;
	}
}

/* Bytes of two good files, some of them changed, cut anywhere. */
static void
test_random_bytes(void)
{
	const uint64_t seed = 20093;
	uint64_t state = seed;
	struct buf files[3] = {{0}}, file = {0};
	unsigned round, wrong = 0;

	PUT(&files[0], "\xff\xd8");
	put_exif_segment(&files[0], 'M', 6);
	put_frame(&files[0], 0xc0);
	make_turned_webp(&files[1], true, 33);
	put_tiff_start(&files[2], 'I');
	put_exif(&files[2], 'I', 6);
	for (round = 0; round < 60000; round++) {
		size_t changes = next_random(&state) % 6, n;
		bool whole = next_random(&state) % 2;
		struct image_size size;
		enum image_size_result result;

		buf_reset(&file);
		buf_slice(&file, buf_view(&files[round % 3]));
		while (changes--)
			file.data[next_random(&state) % file.len] =
				(char)next_random(&state);
		n = next_random(&state) % (file.len + 1);
		result = read_prefix(&file, n, whole, &size);
		wrong += !is_sound(result, n, &size) ||
			 (whole && result == IMAGE_SIZE_MORE);
	}
	ok(wrong == 0, "changed bytes (seed %llu)", (unsigned long long)seed);
	for (round = 0; round < 3; round++)
		buf_release(&files[round]);
	buf_release(&file);
}

/* Sizes as Pillow 13.0 gives them. */
static void
test_real(void)
{
	static const struct {
		const char *path;
		uint32_t width, height;
	} images[] = {
		{"assets/festay/436860ac-8d67-4060-94c1-f45d699fe756.jpg", 3648,
		 2736},
		{"assets/romanetvin/050212ea-1167-45fa-9f97-d32ab7e6f8eb.jpg",
		 275, 184},
		{"panoptic-real/images/car-shadow-00000.jpg", 854, 480},
		{"real/gummi_bears/images/11.jpg", 300, 300},
		{"vector-sequence/video/00000102.jpg", 1000, 563},
	};
	const char *data = getenv("SEGTOOLS_DATA");
	struct buf path = {0}, head = {0};
	size_t i;

	for (i = 0; i < sizeof(images) / sizeof(images[0]); i++) {
		struct image_size size;
		FILE *file;

		buf_reset(&path);
		buf_printf(&path, "%s/%s", data ? data : "../shared/data",
			   images[i].path);
		file = fopen(buf_cstr(&path), "rb");
		if (!file) {
			ok(true, "%s # SKIP not here", images[i].path);
			continue;
		}
		buf_reset(&head);
		buf_reserve(&head, IMAGE_SIZE_FIRST);
		head.len = fread(head.data, 1, IMAGE_SIZE_FIRST, file);
		fclose(file);
		ok(image_size_read(buf_view(&head), false, &size) ==
				   IMAGE_SIZE_OK &&
			   size.width == images[i].width &&
			   size.height == images[i].height,
		   "%s", images[i].path);
	}
	buf_release(&path);
	buf_release(&head);
}

int
main(void)
{
	test_png();
	test_jpeg_frames();
	test_jpeg_turned();
	test_jpeg_faults();
	test_untrue_exif();
	test_webp();
	test_turned_webp();
	test_gif();
	test_bmp();
	test_tiff();
	test_big_tiff();
	test_heif();
	test_odd_heif();
	test_jpeg_2000();
	test_jpeg_xl();
	test_unknown();
	test_limit();
	test_random_bytes();
	test_real();
	return done_testing();
}
