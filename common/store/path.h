/*
 * Names from a release made into relative paths that are safe to create: in
 * no way out of the directory they are put into, on every file system.
 *
 * Two names never give one path: what is not kept as it stands is written as
 * %XX, '%' itself too, and what is too long is cut and ended by a digest of
 * all of it. '~' is among the encoded, so that a path with a '~' is always one
 * that a program made.
 */
#ifndef PATH_H
#define PATH_H

#include "base/buf.h"

/*
 * Appends a name as a path. A slash between two parts is kept; letters of all
 * scripts, spaces and most signs are, too. Encoded: control characters, what
 * is no UTF-8, the signs <>:"\|?*%~, other slashes, a part's last character if
 * a dot or space, the first of a name that Windows keeps for a device. A part
 * has at most 198 bytes, the path 1024 bytes and 32 parts; a longer one
 * becomes a single part.
 */
void path_put(struct buf *to, struct slice name);
/* Likewise as a single part: every slash is encoded. */
void path_put_part(struct buf *to, struct slice name);
/*
 * Appends a form that is the same for two paths which some file system takes
 * for one: letters without case and accents, composed or not.
 */
void path_put_folded(struct buf *to, struct slice path);

#endif
