/*
 * The releases of a dataset, as the platform's API tells of them: listed page
 * by page, looked up by name, made. Their files are not its affair.
 */
#ifndef RELEASE_LIST_H
#define RELEASE_LIST_H

#include "net/api.h"

/* What the API says of a release. */
struct release_entry {
	char *json; /* all of it, on one line */
	char *name;
	char *status;  /* PENDING, SUCCEEDED or FAILED; "" where not said */
	char *created; /* ISO 8601; "" */
	/* Of its file: good for a while, and for ever; NULL where not told. */
	char *signed_url, *url;
};

void release_entry_release(struct release_entry *entry);
bool release_entry_is_ready(const struct release_entry *entry);

struct release_list {
	struct release_entry *entries; /* in the order of the API */
	size_t count;
};

void release_list_release(struct release_list *list);
/*
 * Asks for all releases of "OWNER/DATASET", whatever the server calls a page:
 * 0, or -1 (see api_why).
 */
int release_list_get(struct api *api, const char *dataset,
		     struct release_list *list);
/* The newest that is ready; else the newest pending one; or NULL. */
const struct release_entry *
release_list_newest(const struct release_list *list);

/* Asks for one: 0, or -1 (see api_why; api_status is 404 where none is there).
 */
int release_entry_get(struct api *api, const char *dataset, const char *name,
		      struct release_entry *entry);
/*
 * Makes one; `description` may be empty. Likewise. Where it is not known
 * whether the server has done it, it is asked.
 */
int release_entry_create(struct api *api, const char *dataset, const char *name,
			 const char *description, struct release_entry *entry);

#endif
