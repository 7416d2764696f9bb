#include "image/image_kind.h"

#include <strings.h>

enum { SUFFIXES_MAX = 5 };

static const struct {
	const char *name;
	const char *suffixes[SUFFIXES_MAX]; /* up to a NULL */
} kinds[IMAGE_KINDS] = {
	[IMAGE_PNG] = {"PNG", {".png"}},
	[IMAGE_JPEG] = {"JPEG", {".jpg", ".jpeg"}},
	[IMAGE_WEBP] = {"WebP", {".webp"}},
	[IMAGE_GIF] = {"GIF", {".gif"}},
	[IMAGE_BMP] = {"BMP", {".bmp"}},
	[IMAGE_TIFF] = {"TIFF", {".tif", ".tiff"}},
	[IMAGE_AVIF] = {"AVIF", {".avif"}},
	[IMAGE_HEIC] = {"HEIC", {".heic", ".heif"}},
	[IMAGE_JPEG_2000] = {"JPEG 2000", {".jp2", ".j2k"}},
	[IMAGE_JPEG_XL] = {"JPEG XL", {".jxl"}},
	[IMAGE_OPENEXR] = {"OpenEXR", {".exr"}},
	[IMAGE_RADIANCE] = {"Radiance HDR", {".hdr"}},
	[IMAGE_NETPBM] = {"Netpbm", {".pbm", ".pgm", ".ppm", ".pam"}},
};

/* Bytes at a place. */
struct mark {
	size_t at;
	struct slice bytes;
};

/* What files of a kind begin with: one mark, or two. */
static const struct {
	enum image_kind kind;
	struct mark marks[2];
} beginnings[] = {
	{IMAGE_PNG, {{0, {"\211PNG\r\n\032\n", 8}}}},
	{IMAGE_JPEG, {{0, {"\377\330\377", 3}}}},
	{IMAGE_WEBP, {{0, {"RIFF", 4}}, {8, {"WEBP", 4}}}},
	{IMAGE_GIF, {{0, {"GIF8", 4}}}},
	{IMAGE_BMP, {{0, {"BM", 2}}}},
	{IMAGE_TIFF, {{0, {"II*\0", 4}}}},
	{IMAGE_TIFF, {{0, {"MM\0*", 4}}}},
	/* BigTIFF. */
	{IMAGE_TIFF, {{0, {"II+\0", 4}}}},
	{IMAGE_TIFF, {{0, {"MM\0+", 4}}}},
	/* ISO base media, 4.3: the brand of a short first box. */
	{IMAGE_AVIF, {{0, {"\0\0", 2}}, {4, {"ftypavif", 8}}}},
	{IMAGE_AVIF, {{0, {"\0\0", 2}}, {4, {"ftypavis", 8}}}},
	{IMAGE_HEIC, {{0, {"\0\0", 2}}, {4, {"ftyphei", 7}}}},
	{IMAGE_HEIC, {{0, {"\0\0", 2}}, {4, {"ftyphevc", 8}}}},
	{IMAGE_HEIC, {{0, {"\0\0", 2}}, {4, {"ftypmif1", 8}}}},
	{IMAGE_HEIC, {{0, {"\0\0", 2}}, {4, {"ftypmsf1", 8}}}},
	{IMAGE_JPEG_2000, {{0, {"\0\0\0\014jP  \r\n\207\n", 12}}}},
	{IMAGE_JPEG_2000, {{0, {"\377\117\377\121", 4}}}},
	{IMAGE_JPEG_XL, {{0, {"\0\0\0\014JXL \r\n\207\n", 12}}}},
	{IMAGE_JPEG_XL, {{0, {"\377\012", 2}}}},
	{IMAGE_OPENEXR, {{0, {"v/1\001", 4}}}},
	{IMAGE_RADIANCE, {{0, {"#?RADIANCE", 10}}}},
};

const char *
image_kind_name(enum image_kind kind)
{
	return kinds[kind].name;
}

/* Whether bytes have a mark, or as much of it as there are bytes. */
static bool
fits(struct slice head, const struct mark *mark)
{
	size_t n = mark->bytes.n;

	if (head.n <= mark->at || !n)
		return true;
	if (n > head.n - mark->at)
		n = head.n - mark->at;
	return memcmp(head.p + mark->at, mark->bytes.p, n) == 0;
}

/* PBM, PGM, PPM and PAM, told by three bytes. */
static bool
is_netpbm(struct slice head)
{
	static const char spaces[] = {' ', '\t', '\r', '\n'};

	return head.n >= 3 && head.p[0] == 'P' && head.p[1] >= '1' &&
	       head.p[1] <= '7' && memchr(spaces, head.p[2], sizeof(spaces));
}

enum image_kind
image_kind_of(struct slice head)
{
	size_t i;

	for (i = 0; i < sizeof(beginnings) / sizeof(*beginnings); i++)
		if (fits(head, &beginnings[i].marks[0]) &&
		    fits(head, &beginnings[i].marks[1]))
			return beginnings[i].kind;
	return is_netpbm(head) ? IMAGE_NETPBM : IMAGE_KINDS;
}

const char *
image_kind_suffix(struct slice name)
{
	size_t kind, i;

	for (kind = 0; kind < IMAGE_KINDS; kind++) {
		const char *const *suffixes = kinds[kind].suffixes;

		for (i = 0; i < SUFFIXES_MAX && suffixes[i]; i++) {
			size_t n = strlen(suffixes[i]);

			if (name.n > n && strncasecmp(name.p + name.n - n,
						      suffixes[i], n) == 0)
				return suffixes[i];
		}
	}
	return NULL;
}
