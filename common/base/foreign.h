/*
 * Files given by mistake, known by their first bytes: compressed, images,
 * pages, UTF-16. None begins as JSON does.
 */
#ifndef FOREIGN_H
#define FOREIGN_H

#include "base/buf.h"

/*
 * Appends what a file is that begins with `head`, and the command to use, as
 * in "is gzip-compressed; try: zcat r.gz | seg-coco". False for none of these.
 * `stream` is the file's name for messages.
 */
bool foreign_tell(struct slice head, const char *stream, struct buf *to);
/*
 * Appends a file's name as a shell takes it, behind a space; FILE where that
 * needs quotes, nothing for stdin.
 */
void foreign_put_name(const char *stream, struct buf *to);

#endif
