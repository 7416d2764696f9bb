#include "image/image_check.h"
#include "tap.h"

/* A PNG of one pixel. */
static const unsigned char png[] = {
	0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00, 0x00, 0x00, 0x0d,
	0x49, 0x48, 0x44, 0x52, 0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x01,
	0x08, 0x06, 0x00, 0x00, 0x00, 0x1f, 0x15, 0xc4, 0x89, 0x00, 0x00, 0x00,
	0x0d, 0x49, 0x44, 0x41, 0x54, 0x78, 0xda, 0x63, 0x60, 0x64, 0x62, 0xfe,
	0x0f, 0x00, 0x01, 0x14, 0x01, 0x06, 0x09, 0xe7, 0xb4, 0x55, 0x00, 0x00,
	0x00, 0x00, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82,
};

/*
 * The segments of a JPEG with all that makes their walk hard: an end marker
 * within a thumbnail and a comment, fill bytes, stuffed bytes, restart
 * markers, a second scan.
 */
static const unsigned char jpeg[] = {
	0xff, 0xd8, 0xff, 0xe1, 0x00, 0x08, 0xff, 0xd8, 0xff, 0xd9, 0x00, 0x00,
	0xff, 0xff, 0xff, 0xfe, 0x00, 0x04, 0xff, 0xd9, 0xff, 0xda, 0x00, 0x04,
	0x01, 0x02, 0x12, 0xff, 0x00, 0x34, 0xff, 0xd0, 0x56, 0xff, 0x00, 0xff,
	0xc4, 0x00, 0x03, 0x00, 0xff, 0xda, 0x00, 0x02, 0x78, 0x9a, 0xff, 0xd9,
};

static enum image_check
check(const void *p, size_t n, bool only_png)
{
	struct buf why = {0};
	enum image_check result =
		image_check_check((struct slice){p, n}, only_png, &why);

	if ((why.len == 0) != (result < IMAGE_CHECK_CUT))
		ok(false, "a reason is given where it is not whole alone");
	buf_release(&why);
	return result;
}

static void
test_cuts(void)
{
	size_t n, right = 0;

	for (n = 0; n < sizeof(png); n++)
		right += check(png, n, true) == IMAGE_CHECK_CUT;
	ok(right == sizeof(png), "a PNG cut at any byte is cut");
	for (n = right = 0; n < sizeof(jpeg); n++)
		right += check(jpeg, n, false) >= IMAGE_CHECK_UNENDED;
	ok(right == sizeof(jpeg), "a JPEG cut at any byte is not whole");
	ok(check(jpeg, sizeof(jpeg) - 2, false) == IMAGE_CHECK_UNENDED &&
		   check(jpeg, sizeof(jpeg) - 1, false) == IMAGE_CHECK_UNENDED,
	   "one that has all but its end marker is told apart");
	ok(check(jpeg, 22, false) == IMAGE_CHECK_CUT &&
		   check(jpeg, 38, false) == IMAGE_CHECK_CUT,
	   "from one that is cut in its segments");
}

static void
test_flips(void)
{
	unsigned char copy[sizeof(png)];
	size_t bit, refused = 0;

	for (bit = 0; bit < 8 * sizeof(png); bit++) {
		memcpy(copy, png, sizeof(png));
		copy[bit / 8] ^= (unsigned char)(1U << bit % 8);
		refused += check(copy, sizeof(copy), true) != IMAGE_CHECK_WHOLE;
	}
	ok(refused == bit, "a PNG with any bit changed is not whole");
}

static void
test_whole(void)
{
	unsigned char more[sizeof(png) + 1] = {0};

	memcpy(more, png, sizeof(png));
	ok(check(png, sizeof(png), true) == IMAGE_CHECK_WHOLE, "a PNG");
	ok(check(more, sizeof(more), true) == IMAGE_CHECK_WHOLE,
	   "a PNG with something behind it");
	ok(check(jpeg, sizeof(jpeg), false) == IMAGE_CHECK_WHOLE, "a JPEG");
	ok(check(jpeg, sizeof(jpeg), true) == IMAGE_CHECK_FOREIGN,
	   "a JPEG where only PNG will do");
	ok(check("RIFF\004\0\0\0WEBP", 12, false) == IMAGE_CHECK_WHOLE,
	   "a WebP");
	ok(check("RIFF\005\0\0\0WEBP", 12, false) == IMAGE_CHECK_CUT,
	   "a WebP cut short");
}

static void
test_others(void)
{
	ok(check("GIF89a......", 12, false) == IMAGE_CHECK_UNKNOWN, "a GIF");
	ok(check("II*\0........", 12, false) == IMAGE_CHECK_UNKNOWN, "a TIFF");
	ok(check("\0\0\0\034ftypavif", 12, false) == IMAGE_CHECK_UNKNOWN,
	   "an AVIF");
	ok(check("P6 1 1 255 \0\0\0", 14, false) == IMAGE_CHECK_UNKNOWN,
	   "a PPM");
	ok(check("PK\003\004........", 12, false) == IMAGE_CHECK_FOREIGN,
	   "a ZIP");
}

static void
test_quote(void)
{
	static const char page[] = "<?xml version=\"1.0\"?>\033[31m<Error>"
				   "<Code>AccessDenied</Code><Message>Access "
				   "Denied</Message></Error>";
	struct buf why = {0};

	image_check_check(slice_of(page), false, &why);
	ok(slice_is(
		   buf_view(&why),
		   "not an image, begins with <?xml version=\"1.0\"?>"
		   "\\x1b[31m<Error><Code>AccessDenied</Code><Message>Access Denied"),
	   "80 bytes of a page are quoted, escaped");
	buf_reset(&why);
	image_check_check((struct slice){"RIFF\004\0\0\0WEBP", 12}, true, &why);
	ok(slice_is(buf_view(&why), "is WebP, not a PNG"),
	   "a kind that is known is named");
	buf_release(&why);
}

int
main(void)
{
	test_cuts();
	test_flips();
	test_whole();
	test_others();
	test_quote();
	return done_testing();
}
