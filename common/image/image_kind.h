/*
 * The kinds of image files that are known, with their names, their suffixes and
 * the marks that they begin with. There is no other list of them.
 */
#ifndef IMAGE_KIND_H
#define IMAGE_KIND_H

#include "base/buf.h"

enum image_kind {
	IMAGE_PNG,
	IMAGE_JPEG,
	IMAGE_WEBP,
	IMAGE_GIF,
	IMAGE_BMP,
	IMAGE_TIFF,
	IMAGE_AVIF,
	IMAGE_HEIC,
	IMAGE_JPEG_2000,
	IMAGE_JPEG_XL,
	IMAGE_OPENEXR,
	IMAGE_RADIANCE,
	IMAGE_NETPBM,
	IMAGE_KINDS
};

/* Bytes that tell the kind of a file. */
enum { IMAGE_KIND_MARK = 12 };

/* Such as "JPEG 2000". */
const char *image_kind_name(enum image_kind kind);

/*
 * The kind of a file that begins so, or may, where there are fewer than
 * IMAGE_KIND_MARK bytes; IMAGE_KINDS for none that is known.
 */
enum image_kind image_kind_of(struct slice head);

/*
 * The ending of an image file's name, with its dot and in lower case, such as
 * ".jpg"; static. NULL where the name does not end in a known one.
 */
const char *image_kind_suffix(struct slice name);

#endif
