/* What an arena keeps stays where it is. */
#include "base/arena.h"

#include <stdlib.h>

#include "random.h"
#include "tap.h"

enum { KEPT = 4000 };

struct kept {
	struct slice there;
	size_t n;
	char byte;
};

static void
keep_some(struct arena *arena, struct kept *list, size_t count)
{
	struct buf text = {0};

	for (size_t i = 0; i < count; i++) {
		list[i].n = random_below(100) ? random_below(2000)
					      : random_below(3 << 20);
		list[i].byte = (char)('a' + random_below(26));
		buf_reset(&text);
		memset(buf_reserve(&text, list[i].n), list[i].byte, list[i].n);
		text.len = list[i].n;
		list[i].there = arena_keep(arena, buf_view(&text));
	}
	buf_release(&text);
}

static bool
all_there(const struct kept *list, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (list[i].there.n != list[i].n)
			return false;
		for (size_t k = 0; k < list[i].n; k++)
			if (list[i].there.p[k] != list[i].byte)
				return false;
	}
	return true;
}

int
main(void)
{
	struct kept *list = xcalloc(KEPT, sizeof(*list));
	struct arena arena = {0}, other = {0};
	const struct arena_block *block;

	random_seed(1);
	keep_some(&arena, list, KEPT / 2);
	keep_some(&other, list + KEPT / 2, KEPT / 2);
	ok(all_there(list, KEPT), "all of any size is there");
	arena_join(&arena, &other);
	ok(!other.last && all_there(list, KEPT), "also once two are one");
	arena_join(&arena, &other);
	ok(all_there(list, KEPT), "an empty one adds nothing");
	arena_join(&other, &arena);
	ok(!arena.last && all_there(list, KEPT), "or gets all");
	block = other.last;
	arena_reset(&other);
	keep_some(&other, list, 1);
	ok(all_there(list, 1) && other.last == block,
	   "a block serves again after a reset");
	arena_reset(&arena);
	keep_some(&arena, list, 3);
	ok(all_there(list, 3), "an empty one may be reset");
	arena_release(&arena);
	arena_release(&other);
	arena_release(&other);
	free(list);
	return done_testing();
}
