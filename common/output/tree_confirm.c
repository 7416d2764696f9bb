/* Whose a path of a tree is, told in input order. */
#include <errno.h>
#include <stdlib.h>

#include "base/io.h"
#include "output/tree_parts.h"

/* Keeps what is confirmed with its sample, and says where. */
static uint64_t
spool(struct tree *tree, struct slice path, struct slice sample)
{
	static const struct slice nul = {"", 1};
	const uint64_t at = tree->spooled;
	size_t n = strnlen(sample.p ? sample.p : "", sample.n);

	out_put(tree->spool, path);
	out_put(tree->spool, nul);
	out_put(tree->spool, (struct slice){sample.p, n});
	out_put(tree->spool, nul);
	tree->spooled += path.n + n + 2;
	return at;
}

int
tree_unspool(struct tree *tree, uint64_t at, struct buf *path,
	     struct buf *sample)
{
	struct buf *parts[] = {path, sample};
	char block[512];
	size_t part = 0, i;
	ptrdiff_t n = 1;

	while (part < 2 && n > 0) {
		n = io_pread(tree->spool_fd, block, sizeof(block), at);
		for (i = 0; part < 2 && (ptrdiff_t)i < n; i++)
			if (block[i] == '\0')
				part++;
			else if (parts[part])
				buf_putc(parts[part], block[i]);
		at += n > 0 ? (uint64_t)n : 0;
	}
	if (n == 0)
		errno = EIO;
	return part == 2 ? 0 : -1;
}

/* Takes one path of a record off the lists. The lock is held. */
static void
drop_pending(struct tree *tree, uint64_t number, struct slice path)
{
	struct pending **at = &tree->pending[number % PENDING_LISTS], *one;

	for (; (one = *at) != NULL; at = &one->next)
		if (one->number == number &&
		    slice_equal((struct slice){one->path, one->length}, path)) {
			*at = one->next;
			free(one);
			return;
		}
}

int
tree_confirm(struct tree *tree, uint64_t number, struct slice path,
	     struct slice sample, struct buf *why)
{
	struct wanted_path *wanted;
	struct buf other = {0};
	uint64_t at;
	bool mine;

	pthread_mutex_lock(&tree->lock);
	drop_pending(tree, number, path);
	wanted = wanted_find(&tree->wanted, path_folded_key(path));
	mine = wanted && wanted->number == number;
	at = wanted ? wanted->at : UNCONFIRMED;
	if (mine && at == UNCONFIRMED)
		wanted->at = spool(tree, path, sample);
	pthread_mutex_unlock(&tree->lock);
	/* The same record may put one path twice by mistake, too. */
	if (mine && at == UNCONFIRMED)
		return 0;
	if (at != UNCONFIRMED && out_flush(tree->spool) == 0)
		(void)tree_unspool(tree, at, NULL, &other);
	tree_fail(tree, path, why,
		  "is already the file of sample %s: rename one of the two, or "
		  "leave one out",
		  other.len ? buf_cstr(&other) : "that failed");
	buf_release(&other);
	return -1;
}

/* Takes all that a record has put off the lists, the first one first. */
static struct pending *
take_pending(struct tree *tree, uint64_t number)
{
	struct pending **at, *taken = NULL, *one;

	pthread_mutex_lock(&tree->lock);
	at = &tree->pending[number % PENDING_LISTS];
	while ((one = *at) != NULL) {
		if (one->number != number) {
			at = &one->next;
			continue;
		}
		*at = one->next;
		one->next = taken;
		taken = one;
	}
	pthread_mutex_unlock(&tree->lock);
	return taken;
}

/* Whether a record has a path that is not confirmed yet. */
static bool
may_confirm(struct tree *tree, uint64_t number, struct slice path)
{
	const struct wanted_path *wanted;
	bool may;

	pthread_mutex_lock(&tree->lock);
	wanted = wanted_find(&tree->wanted, path_folded_key(path));
	may = wanted && wanted->number == number && wanted->at == UNCONFIRMED;
	pthread_mutex_unlock(&tree->lock);
	return may;
}

static struct slice
path_of(const struct pending *one)
{
	return (struct slice){one->path, one->length};
}

int
tree_settle(struct tree *tree, uint64_t number, struct slice sample,
	    struct buf *why)
{
	struct pending *all = take_pending(tree, number), *one, *next;
	int result = 0;

	/* One that cannot be had spoils them all, before any is confirmed. */
	for (one = all; one && result == 0; one = one->next)
		if (!may_confirm(tree, number, path_of(one)))
			result = tree_confirm(tree, number, path_of(one),
					      sample, why);
	for (one = all; one; one = next) {
		next = one->next;
		if (result == 0)
			result = tree_confirm(tree, number, path_of(one),
					      sample, why);
		free(one);
	}
	return result;
}

bool
tree_holds(struct tree *tree, uint64_t number)
{
	const struct pending *one;

	pthread_mutex_lock(&tree->lock);
	one = tree->pending[number % PENDING_LISTS];
	while (one && one->number != number)
		one = one->next;
	pthread_mutex_unlock(&tree->lock);
	return one;
}

void
tree_forget(struct tree *tree, uint64_t number)
{
	struct pending *one = take_pending(tree, number), *next;

	for (; one; one = next) {
		next = one->next;
		free(one);
	}
}
