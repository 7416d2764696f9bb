/*
 * What a URL's text tells without asking anyone: the kind of file, which part
 * of it is a signature, when that ends.
 */
#ifndef URL_H
#define URL_H

#include "base/buf.h"

/*
 * The ending of an image file's name, with its dot and in lower case, such as
 * ".jpg"; static. NULL where the name does not end in a known one.
 */
const char *url_image_suffix(struct slice name);
/* The part of a URL's text that is its path, without query and fragment. */
struct slice url_path(struct slice url);
/*
 * Appends the URL without fragment and without what changes each time it is
 * signed (AWS, Google, Azure, CloudFront), so that it names the file.
 */
void url_put_stable(struct buf *to, struct slice url);
/*
 * The time at which a signed URL ends, in seconds since 1970; INT64_MAX where
 * it does not say.
 */
int64_t url_expiry(struct slice url);

#endif
