/*
 * Is a file that was downloaded an image, and all of one? Told from its bytes
 * alone; nothing is decoded.
 */
#ifndef IMAGE_CHECK_H
#define IMAGE_CHECK_H

#include "base/mem.h"

enum intact {
	INTACT_WHOLE,   /* its own structure shows that nothing is missing */
	INTACT_UNKNOWN, /* an image, in a format without an end to look for */
	INTACT_CUT,     /* begins well, but is cut short or damaged */
	INTACT_FOREIGN, /* no image, or not the kind wanted */
};

/*
 * Looks at a whole file: PNG to IEND, with the checksum of each chunk; JPEG
 * to its end marker; WebP by its length; others by their first bytes. With
 * `png` nothing but PNG will do. Where it is cut or foreign, appends why.
 */
enum intact intact_check(struct slice file, bool png, struct buf *why);

#endif
