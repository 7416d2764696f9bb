/*
 * The stores that readers look into: DIR, and those that the paths of records
 * lead to. Part of asset.h; thread-safe.
 */
#ifndef ASSET_STORES_H
#define ASSET_STORES_H

#include "store/store.h"

struct asset_stores;

/* NULL with the message said. */
struct asset_stores *asset_stores_open(const char *directory);
void asset_stores_close(struct asset_stores *stores);
/*
 * The record's path is the file of its URL: the manifest of the directory
 * that it leads to says so.
 */
bool asset_stores_hold(struct asset_stores *stores, const struct remote *remote,
		       struct store_line *line);
/* Looks for the file of a URL in DIR: true with its path appended. */
bool asset_stores_find(struct asset_stores *stores, const struct remote *remote,
		       struct buf *path, struct store_line *line);
/* DIR has a file where that of the record would be; no line tells of it. */
bool asset_stores_untold(struct asset_stores *stores,
			 const struct remote *remote, struct buf *path);

#endif
