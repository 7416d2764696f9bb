/*
 * What a thread's last transfer that was waited for told of a host that is
 * down. Apart from the transfers, so that programs that fetch nothing are not
 * linked with libcurl, whose libraries take ten times as long to load as the
 * rest.
 */
#ifndef HOST_DOWN_H
#define HOST_DOWN_H

#include "base/buf.h"

/* The transfer of `url` has ended; `host` is down then, or NULL. */
void host_down_set(struct slice url, const char *host);
/*
 * Where this thread's last transfer was of this URL and failed because its host
 * is down: "http://h cannot be reached", the same pointer for each URL of that
 * host. Else NULL.
 */
const char *host_down_get(struct slice url);

#endif
