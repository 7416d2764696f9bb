/* What a tree remembers of its files: in memory hashes, on disk the list. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"
#include "base/parts.h"
#include "codec/digest.h"
#include "output/tree_parts.h"
#include "store/path.h"

uint64_t
path_key(struct slice path)
{
	uint64_t key = digest_hash(path);

	return key ? key : 1;
}

uint64_t
path_folded_key(struct slice path)
{
	struct buf folded = {0};
	uint64_t key;

	path_put_folded(&folded, path);
	key = path_key(buf_view(&folded));
	buf_release(&folded);
	return key;
}

/* Keys are digests: their low bits are as good as any. */
static struct wanted_path *
wanted_slot(const struct wanted_table *table, uint64_t key)
{
	size_t at = key & (table->room - 1);

	while (table->slots[at].key && table->slots[at].key != key)
		at = (at + 1) & (table->room - 1);
	return &table->slots[at];
}

struct wanted_path *
wanted_find(const struct wanted_table *table, uint64_t key)
{
	struct wanted_path *slot;

	if (!table->room)
		return NULL;
	slot = wanted_slot(table, key);
	return slot->key ? slot : NULL;
}

static void
widen_wanted(struct wanted_table *table)
{
	struct wanted_table wider = {.count = table->count,
				     .room = table->room ? 2 * table->room
							 : 256};
	size_t i;

	wider.slots = xcalloc(wider.room, sizeof(*wider.slots));
	for (i = 0; i < table->room; i++)
		if (table->slots[i].key)
			*wanted_slot(&wider, table->slots[i].key) =
				table->slots[i];
	free(table->slots);
	*table = wider;
}

struct wanted_path *
wanted_add(struct wanted_table *table, uint64_t key)
{
	struct wanted_path *slot;

	if (table->count >= table->room / 4 * 3)
		widen_wanted(table);
	slot = wanted_slot(table, key);
	if (!slot->key) {
		*slot = (struct wanted_path){key, UINT64_MAX, UNCONFIRMED};
		table->count++;
	}
	return slot;
}

static uint64_t *
set_slot(const struct path_set *set, uint64_t key)
{
	size_t at = key & (set->room - 1);

	while (set->slots[at] && set->slots[at] != key)
		at = (at + 1) & (set->room - 1);
	return &set->slots[at];
}

bool
path_set_has(const struct path_set *set, uint64_t key)
{
	return set->room && *set_slot(set, key);
}

static void
widen_set(struct path_set *set)
{
	struct path_set wider = {.count = set->count,
				 .room = set->room ? 2 * set->room : 256};
	size_t i;

	wider.slots = xcalloc(wider.room, sizeof(*wider.slots));
	for (i = 0; i < set->room; i++)
		if (set->slots[i])
			*set_slot(&wider, set->slots[i]) = set->slots[i];
	free(set->slots);
	*set = wider;
}

bool
path_set_add(struct path_set *set, uint64_t key)
{
	uint64_t *slot;

	if (set->count >= set->room / 4 * 3)
		widen_set(set);
	slot = set_slot(set, key);
	if (*slot)
		return false;
	*slot = key;
	set->count++;
	return true;
}

/*
 * 1 where the list that is open is still the one that has the name, 0 where it
 * was replaced, -1 with errno.
 */
static int
is_current(const struct tree_list *list)
{
	struct stat here, there;

	if (fstat(list->fd, &here) < 0)
		return -1;
	if (fstatat(list->dirfd, list->name, &there, AT_SYMLINK_NOFOLLOW) < 0)
		return errno == ENOENT ? 0 : -1;
	return io_same_file(&here, &there);
}

int
tree_list_open(struct tree_list *list, int dirfd, const char *name)
{
	*list = (struct tree_list){.dirfd = dirfd, .name = xstrdup(name)};
	for (;;) {
		int current;

		list->fd =
			io_open(dirfd, name,
				O_RDWR | O_CREAT | O_APPEND | O_NOFOLLOW, 0666);
		if (list->fd < 0)
			return -1;
		/* Some network file systems have no locks. */
		if (flock(list->fd, LOCK_EX | LOCK_NB) < 0 &&
		    errno == EWOULDBLOCK)
			return -1;
		current = is_current(list);
		if (current)
			return current < 0 ? -1 : 0;
		close(list->fd);
	}
}

void
tree_list_close(struct tree_list *list)
{
	if (list->fd >= 0)
		close(list->fd);
	free(list->name);
}

/* A list is a file like others: nobody leads us out of DIR with it. */
static bool
is_safe(struct slice path)
{
	size_t i, from = 0;

	for (i = 0; i <= path.n; i++) {
		struct slice part = {path.p + from, i - from};

		if (i < path.n && path.p[i] != '/')
			continue;
		if (part.n == 0 || slice_is(part, ".") || slice_is(part, ".."))
			return false;
		from = i + 1;
	}
	return !memchr(path.p, '\0', path.n);
}

int
tree_list_read(struct tree_list *list,
	       int (*each)(void *context, struct slice path), void *context)
{
	struct parts parts = {.fd = list->fd, .end = '\n'};
	struct slice path;
	int result = 0, got = 1;

	list->end = 0;
	while (!result && (got = parts_next(&parts, &path)) > 0) {
		list->end += (off_t)path.n + 1;
		if (is_safe(path))
			result = each(context, path);
	}
	parts_release(&parts);
	return got < 0 ? TREE_LIST_UNREAD : result;
}

int
tree_list_mend(struct tree_list *list)
{
	return io_truncate(list->fd, (uint64_t)list->end);
}

int
tree_list_add(struct tree_list *list, struct slice path)
{
	struct buf line = {0};
	int result;

	buf_slice(&line, path);
	buf_putc(&line, '\n');
	result = io_write(list->fd, line.data, line.len);
	buf_release(&line);
	return result;
}

/* The bytes that two paths begin with, up to their last common slash. */
static size_t
common_front(struct slice a, struct slice b)
{
	size_t i, last = 0;

	for (i = 0; i < a.n && i < b.n && a.p[i] == b.p[i]; i++)
		if (a.p[i] == '/')
			last = i;
	return last;
}

void
tree_put_target(struct buf *to, struct slice directory, struct slice image)
{
	size_t front = common_front(directory, image), i;

	if (front == 0) {
		buf_slice(to, image);
		return;
	}
	for (i = front + 1; i < directory.n; i++)
		if (directory.p[i] == '/')
			buf_puts(to, "../");
	buf_put(to, image.p + front + 1, image.n - front - 1);
}
