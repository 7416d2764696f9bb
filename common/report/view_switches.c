/* What can be switched on a page, by name. */
#include <stdlib.h>

#include "base/hash.h"
#include "report/view_parts.h"

void
view_switches_release(struct view_switches *switches)
{
	size_t i;

	for (i = 0; i < switches->count; i++)
		buf_release(&switches->list[i].name);
	free(switches->list);
	free(switches->slots);
	*switches = (struct view_switches){0};
}

/* The slot of a name, or the empty one where it goes. */
static uint32_t *
slot_of(const struct view_switches *switches, struct slice name)
{
	const size_t mask = switches->slot_count - 1;
	size_t at = hash_finish(hash_add(HASH_BEGIN, name)) & mask;

	while (switches->slots[at] &&
	       !slice_equal(
		       buf_view(&switches->list[switches->slots[at] - 1].name),
		       name))
		at = (at + 1) & mask;
	return &switches->slots[at];
}

/* Twice as many slots as names, or more. */
static void
grow_switches(struct view_switches *switches)
{
	size_t i;

	if (switches->count < switches->room)
		return;
	switches->room = switches->room ? 2 * switches->room : 32;
	switches->list = xreallocarray(switches->list, switches->room,
				       sizeof(*switches->list));
	free(switches->slots);
	switches->slot_count = 2 * switches->room;
	switches->slots =
		xcalloc(switches->slot_count, sizeof(*switches->slots));
	for (i = 0; i < switches->count; i++)
		*slot_of(switches, buf_view(&switches->list[i].name)) =
			(uint32_t)i + 1;
}

size_t
view_switches_find(struct view_switches *switches, struct slice name,
		   uint32_t color)
{
	struct view_switch *made;
	uint32_t *slot;

	grow_switches(switches);
	slot = slot_of(switches, name);
	if (*slot)
		return *slot - 1;
	made = &switches->list[switches->count++];
	*made = (struct view_switch){.color = color};
	buf_slice(&made->name, name);
	*slot = (uint32_t)switches->count;
	return switches->count - 1;
}

/* One of them, to be sorted. */
struct rank {
	uint64_t total;
	size_t number;
};

static int
compare_ranks(const void *a, const void *b)
{
	const struct rank *p = a, *q = b;

	if (p->total != q->total)
		return p->total < q->total ? 1 : -1;
	return (p->number > q->number) - (p->number < q->number);
}

size_t *
view_switches_order(const struct view_switches *switches)
{
	const size_t n = switches->count;
	struct rank *ranks = xcalloc(n + 1, sizeof(*ranks));
	size_t *order = xcalloc(n + 1, sizeof(*order));
	size_t i;

	for (i = 0; i < n; i++)
		ranks[i] = (struct rank){switches->list[i].total, i};
	qsort(ranks, n, sizeof(*ranks), compare_ranks);
	for (i = 0; i < n; i++)
		order[i] = ranks[i].number;
	free(ranks);
	return order;
}
