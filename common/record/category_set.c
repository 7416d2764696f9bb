#include "record/category_set.h"

#include <stdlib.h>

#include "record/asked.h"

/* A category of the release in use that is in the set. */
struct set_member {
	int64_t id;
	size_t place; /* of what stands for it among those asked for */
};

struct category_set {
	struct asked *asked;
	bool said_both; /* that digits are a name and another's id */
	bool used;
	struct buf release; /* the one that the members are of */
	struct buf why;     /* it cannot be looked into; empty if it can */
	struct set_member *members;
	size_t count, room;
};

struct category_set *
category_set_open(void)
{
	struct category_set *set = xcalloc(1, sizeof(*set));

	set->asked = asked_open("no release has a category");
	return set;
}

void
category_set_close(struct category_set *set)
{
	if (!set)
		return;
	asked_close(set->asked);
	free(set->members);
	buf_release(&set->release);
	buf_release(&set->why);
	free(set);
}

void
category_set_add(struct category_set *set, struct slice name_or_id)
{
	asked_add(set->asked, name_or_id);
}

bool
category_set_empty(const struct category_set *set)
{
	return asked_count(set->asked) == 0;
}

static void
add_member(struct category_set *set, int64_t id, size_t place)
{
	if (set->count == set->room) {
		set->room = set->room ? 2 * set->room : 8;
		set->members = xreallocarray(set->members, set->room,
					     sizeof(*set->members));
	}
	set->members[set->count++] = (struct set_member){id, place};
}

static bool
read_id(struct slice category, int64_t *id)
{
	struct slice value;

	return json_find(category, "id", &value) && json_int(value, id);
}

/* Adds the categories of that name: how many there were. */
static size_t
add_named(struct category_set *set, struct slice categories, size_t place)
{
	struct slice text = slice_of(asked_name(set->asked, place)), name;
	struct json_iter iter = json_iterate(categories);
	struct json_member category;
	size_t before = set->count;
	int64_t id;

	while (json_next(&iter, &category) > 0)
		if (json_find(category.value, "name", &name) &&
		    json_string_is(name, text) && read_id(category.value, &id))
			add_member(set, id, place);
	return set->count - before;
}

/* The number that `id:7`, or else 7, asks for. */
static bool
asks_id(const char *text, int64_t *id)
{
	if (strncmp(text, "id:", 3) == 0)
		text += 3;
	return json_int(slice_of(text), id);
}

static bool
has_id(struct slice categories, int64_t wanted)
{
	struct json_iter iter = json_iterate(categories);
	struct json_member category;
	int64_t id;

	while (json_next(&iter, &category) > 0)
		if (read_id(category.value, &id) && id == wanted)
			return true;
	return false;
}

/* The members from `first` on are called `text`; says what else that may be. */
static void
say_both(struct category_set *set, size_t first, const char *text,
	 struct slice categories)
{
	int64_t id;
	size_t i;

	if (set->said_both || !asks_id(text, &id) || !has_id(categories, id))
		return;
	for (i = first; i < set->count; i++)
		if (set->members[i].id == id)
			return;
	set->said_both = true;
	diag_say(NULL,
		 "category %s is taken for the name; for the category with "
		 "that id: id:%s",
		 text, text);
}

static void
resolve(struct category_set *set, struct slice categories, size_t place)
{
	const char *text = asked_name(set->asked, place);
	size_t before = set->count;
	int64_t id;

	if (add_named(set, categories, place)) {
		asked_meet(set->asked, place);
		say_both(set, before, text, categories);
	} else if (asks_id(text, &id)) {
		add_member(set, id, place);
		if (has_id(categories, id))
			asked_meet(set->asked, place);
	}
}

static const char *
why_not(struct category_set *set)
{
	return set->why.len ? buf_cstr(&set->why) : NULL;
}

const char *
category_set_use(struct category_set *set, const struct record *record)
{
	struct json_error error;
	struct slice categories = {0};
	size_t i;

	if (category_set_empty(set) ||
	    (set->used &&
	     slice_equal(buf_view(&set->release), record->release)))
		return why_not(set);
	buf_reset(&set->why);
	set->used = true;
	buf_reset(&set->release);
	buf_slice(&set->release, record->release);
	set->count = 0;
	if (record->release.n && json_validate(record->release, &error) < 0)
		buf_printf(&set->why, "in its release: %s", error.what);
	else
		json_find(record->release, "categories", &categories);
	for (i = 0; i < asked_count(set->asked); i++)
		resolve(set, categories, i);
	return why_not(set);
}

bool
category_set_has(const struct category_set *set, struct slice annotation)
{
	struct slice value;
	int64_t id;
	size_t i;

	if (!set->count || !json_find(annotation, "category_id", &value) ||
	    !json_id(value, &id))
		return false;
	for (i = 0; i < set->count; i++) {
		if (set->members[i].id != id)
			continue;
		asked_meet(set->asked, set->members[i].place);
		return true;
	}
	return false;
}

/* The names of a release's categories, ended by NULL; free them all. */
static char **
list_names(struct slice categories)
{
	size_t count = 0, most = json_count(categories);
	char **names = xcalloc(most + 1, sizeof(*names));
	struct json_iter iter = json_iterate(categories);
	struct json_member category;
	struct slice value;
	struct buf text = {0};

	while (json_next(&iter, &category) > 0) {
		buf_reset(&text);
		if (json_find(category.value, "name", &value) &&
		    json_string(value, &text))
			names[count++] = slice_dup(buf_view(&text));
	}
	buf_release(&text);
	return names;
}

bool
category_set_say_unmet(const struct category_set *set)
{
	size_t unmet = asked_unmet(set->asked);
	struct slice categories = {0};
	char **names, **name;

	if (!unmet)
		return false;
	json_find(buf_view(&set->release), "categories", &categories);
	names = list_names(categories);
	asked_say_unmet(set->asked, (const char *const *)names);
	for (name = names; *name; name++)
		free(*name);
	free(names);
	return unmet == asked_count(set->asked);
}
