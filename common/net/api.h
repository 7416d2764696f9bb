/*
 * Calls of the platform's API: JSON both ways, with a key that goes to the
 * API's own host and to no other, and what went wrong in words for a person.
 * What the calls mean is known elsewhere (release_list.h). The facts are those
 * of the Python SDK 1.33 and the API's documentation.
 */
#ifndef API_H
#define API_H

#include "base/buf.h"
#include "net/fetch.h"

struct api;

/*
 * `base` is the URL that paths are below, and `fetch` is what it is asked
 * with; both are borrowed. NULL with the message said: a URL that is none, or
 * would carry the key in the clear to another machine; a key that is none.
 */
struct api *api_open(const char *base, const char *key, struct fetch *fetch);
void api_close(struct api *api);

/*
 * Asks for base/path, or what api_next tells, and waits: 0 and *answer, valid
 * JSON; or -1. Borrowed until the next call.
 */
int api_get(struct api *api, const char *path, struct slice *answer);
/* Likewise sends a body of JSON. It may be done even where -1 is returned. */
int api_post(struct api *api, const char *path, struct slice body,
	     struct slice *answer);
/* Sets what api_status and api_why tell: -1. */
int api_fail(struct api *api, long status, const char *why);
/* After -1: the status of HTTP, 0 where there was none; and what is wrong. */
long api_status(const struct api *api);
const char *api_why(struct api *api);
/*
 * The path of the next page that the last answer links to, borrowed until the
 * next call; NULL where it has no such link, or one that leads elsewhere.
 */
const char *api_next(struct api *api);
/* Likewise of a link that stands in an answer, a URL. */
const char *api_path_of(struct api *api, struct slice url);

/* Appends a name as a part of a path. */
void api_put_part(struct buf *path, struct slice name);

#endif
