#include "record/asked.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "base/diag.h"
#include "base/hash.h"
#include "base/nearest.h"

/* Names shown of those that were not met; the rest is counted. */
enum { SHOWN = 10 };

struct name {
	char *text;
	size_t size;
	atomic_bool met;
};

struct asked {
	const char *absent;
	struct name *names;
	size_t count, room;
	size_t *slots; /* places + 1 by their hash; 0 is free */
	size_t slot_count;
	atomic_size_t unmet;
};

struct asked *
asked_open(const char *absent)
{
	struct asked *asked = xcalloc(1, sizeof(*asked));

	asked->absent = absent;
	return asked;
}

void
asked_close(struct asked *asked)
{
	size_t i;

	if (!asked)
		return;
	for (i = 0; i < asked->count; i++)
		free(asked->names[i].text);
	free(asked->names);
	free(asked->slots);
	free(asked);
}

/* The slot of a name, or the free one where it would stand. */
static size_t *
find_slot(const struct asked *asked, struct slice name)
{
	size_t at = hash_finish(hash_add(HASH_BEGIN, name));

	for (;; at++) {
		size_t *slot = &asked->slots[at % asked->slot_count];
		const struct name *there;

		if (!*slot)
			return slot;
		there = &asked->names[*slot - 1];
		if (slice_equal((struct slice){there->text, there->size}, name))
			return slot;
	}
}

/* Half of the slots stay free. */
static void
make_room(struct asked *asked)
{
	size_t i;

	if (asked->count < asked->room)
		return;
	asked->room = asked->room ? 2 * asked->room : 8;
	asked->names =
		xreallocarray(asked->names, asked->room, sizeof(*asked->names));
	free(asked->slots);
	asked->slot_count = 2 * asked->room;
	asked->slots = xcalloc(asked->slot_count, sizeof(*asked->slots));
	for (i = 0; i < asked->count; i++) {
		const struct name *name = &asked->names[i];

		*find_slot(asked, (struct slice){name->text, name->size}) =
			i + 1;
	}
}

size_t
asked_add(struct asked *asked, struct slice name)
{
	struct name *added;
	size_t *slot;

	make_room(asked);
	slot = find_slot(asked, name);
	if (*slot)
		return *slot - 1;
	added = &asked->names[asked->count++];
	added->text = slice_dup(name);
	added->size = name.n;
	atomic_init(&added->met, false);
	*slot = asked->count;
	atomic_fetch_add(&asked->unmet, 1);
	return asked->count - 1;
}

size_t
asked_count(const struct asked *asked)
{
	return asked->count;
}

const char *
asked_name(const struct asked *asked, size_t place)
{
	return asked->names[place].text;
}

bool
asked_find(const struct asked *asked, struct slice name, size_t *place)
{
	const size_t *slot;

	if (!asked->count)
		return false;
	slot = find_slot(asked, name);
	if (*slot)
		*place = *slot - 1;
	return *slot;
}

void
asked_meet(struct asked *asked, size_t place)
{
	atomic_bool *met = &asked->names[place].met;

	if (!atomic_load_explicit(met, memory_order_relaxed) &&
	    !atomic_exchange(met, true))
		atomic_fetch_sub(&asked->unmet, 1);
}

bool
asked_met(const struct asked *asked, size_t place)
{
	return atomic_load_explicit(&asked->names[place].met,
				    memory_order_relaxed);
}

size_t
asked_unmet(const struct asked *asked)
{
	return atomic_load_explicit(&asked->unmet, memory_order_relaxed);
}

static void
say_unmet(const struct asked *asked, const char *name,
	  const char *const *there_are)
{
	const char *nearest = there_are ? nearest_word(name, there_are) : NULL;

	diag_say(NULL, "%s %s%s%s", asked->absent, name,
		 nearest ? "; the nearest is " : "", nearest ? nearest : "");
}

size_t
asked_say_unmet(const struct asked *asked, const char *const *there_are)
{
	size_t i, shown = 0, unmet = asked_unmet(asked);

	for (i = 0; i < asked->count && shown < SHOWN; i++) {
		if (asked_met(asked, i))
			continue;
		say_unmet(asked, asked->names[i].text, there_are);
		shown++;
	}
	if (unmet > shown)
		diag_say(NULL, "%s: %zu more", asked->absent, unmet - shown);
	return unmet;
}
