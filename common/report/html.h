/* Text and names in a page of HTML. */
#ifndef HTML_H
#define HTML_H

#include "base/buf.h"

/*
 * Appends text, for what stands between tags and in quotes alike. Controls,
 * bidi controls and what is not UTF-8 become U+FFFD.
 */
void html_put(struct buf *to, struct slice text);
/*
 * Appends the head of a page as far as <body>: a policy that allows no script
 * and nothing from elsewhere but what `images` names (a source list for
 * img-src, such as "data:", or NULL), the title and the style.
 */
void html_put_head(struct buf *to, struct slice title, const char *images,
		   const char *style);
/* Likewise with a title that is escaped already, by html_put. */
void html_put_head_of(struct buf *to, struct slice title, const char *images,
		      const char *style);

#endif
