#include "record/release_facts.h"

#include <stdlib.h>

static const struct {
	const char *key;
	bool in[LEVEL_COUNT]; /* where releases have had it */
} places[FACT_COUNT] = {
	[FACT_NAME] = {"name", {true, false}},
	[FACT_DESCRIPTION] = {"description", {true, false}},
	[FACT_CREATED_AT] = {"created_at", {true, false}},
	[FACT_DATASET] = {"name", {false, true}},
	[FACT_OWNER] = {"owner", {true, true}},
	[FACT_TASK_TYPE] = {"task_type", {true, true}},
	[FACT_TASK_ATTRIBUTES] = {"task_attributes", {true, true}},
	[FACT_TASKS] = {"tasks", {true, true}},
	[FACT_LABELSETS] = {"labelsets", {true, true}},
};

void
facts_release(struct facts *facts)
{
	size_t i;

	for (i = 0; i < FACT_COUNT; i++)
		buf_release(&facts->of[i]);
}

bool
facts_find(struct slice key, enum fact_level level, enum fact *fact)
{
	size_t i;

	for (i = 0; i < FACT_COUNT; i++) {
		if (!places[i].in[level] || !slice_is(key, places[i].key))
			continue;
		*fact = (enum fact)i;
		return true;
	}
	return false;
}

const char *
facts_key(enum fact fact)
{
	return places[fact].key;
}

/* What is wrong with the members of a value, or NULL; not of those inside. */
static const char *
check_members(struct slice value)
{
	struct json_member members[256];
	struct json_error error;

	if (json_type(value) != JSON_OBJECT ||
	    json_members(value, members, sizeof(members) / sizeof(*members),
			 &error) >= 0)
		return NULL;
	return error.what;
}

/* The same of the objects inside it too; nesting is bounded by JSON_DEPTH. */
static const char *
check_keys(struct slice value)
{
	const char *why = check_members(value);
	struct json_iter iter = json_iterate(value);
	struct json_member member;

	while (!why && json_next(&iter, &member) > 0)
		why = check_keys(member.value);
	return why;
}

bool
facts_wants(const struct facts *facts, enum fact fact, enum fact_level level)
{
	return level == LEVEL_DATASET ||
	       !(facts->seen[LEVEL_DATASET] & 1U << fact);
}

const char *
facts_take(struct facts *facts, enum fact fact, enum fact_level level,
	   struct slice value)
{
	unsigned bit = 1U << fact;
	const char *why = check_keys(value);

	if (why)
		return why;
	if (facts->seen[level] & bit)
		return "duplicate key";
	facts->seen[level] |= bit;
	if (!facts_wants(facts, fact, level))
		return NULL;
	buf_reset(&facts->of[fact]);
	json_compact(&facts->of[fact], value);
	return NULL;
}

/* Adds a name that is not in it yet; one that is empty or has a NUL is none. */
static void
labelsets_add(struct labelsets *sets, struct slice name)
{
	if (!name.n || memchr(name.p, '\0', name.n) ||
	    labelsets_have(sets, name))
		return;
	sets->list =
		xreallocarray(sets->list, sets->count + 1, sizeof(*sets->list));
	sets->list[sets->count] = (struct buf){0};
	buf_slice(&sets->list[sets->count++], name);
}

bool
labelsets_add_keys(struct labelsets *sets, struct slice object)
{
	struct json_iter iter = json_iterate(object);
	struct json_member member;
	struct buf name = {0};

	while (json_type(object) == JSON_OBJECT &&
	       sets->count <= LABELSETS_MOST && json_next(&iter, &member) > 0) {
		struct slice quoted = {member.key.p - 1, member.key.n + 2};

		buf_reset(&name);
		json_string(quoted, &name);
		labelsets_add(sets, buf_view(&name));
	}
	buf_release(&name);
	return sets->count <= LABELSETS_MOST;
}

bool
labelsets_have(const struct labelsets *sets, struct slice name)
{
	size_t i;

	for (i = 0; i < sets->count; i++)
		if (slice_equal(buf_view(&sets->list[i]), name))
			return true;
	return false;
}

void
labelsets_show(const struct labelsets *sets, struct buf *to)
{
	size_t i;

	for (i = 0; i < sets->count; i++) {
		buf_puts(to, i ? ", " : "");
		buf_slice(to, buf_view(&sets->list[i]));
	}
}

void
labelsets_release(struct labelsets *sets)
{
	size_t i;

	for (i = 0; i < sets->count; i++)
		buf_release(&sets->list[i]);
	free(sets->list);
	*sets = (struct labelsets){0};
}

/*
 * Tasks and labelsets have been lists of objects with a `name` and objects
 * keyed by name. The decoded name of an entry of either.
 */
static void
entry_name(struct slice collection, const struct json_member *entry,
	   struct buf *name)
{
	struct slice value = {0};
	struct slice quoted = {entry->key.p - 1, entry->key.n + 2};

	buf_reset(name);
	if (json_type(collection) == JSON_OBJECT)
		json_string(quoted, name);
	else if (json_find(entry->value, "name", &value))
		json_string(value, name);
}

static void
add_entries(struct slice collection, struct labelsets *sets)
{
	struct json_iter iter = json_iterate(collection);
	struct json_member entry;
	struct buf name = {0};

	while (sets->count <= LABELSETS_MOST && json_next(&iter, &entry) > 0) {
		entry_name(collection, &entry, &name);
		labelsets_add(sets, buf_view(&name));
	}
	buf_release(&name);
}

static struct slice
fact(const struct facts *facts, enum fact which)
{
	return buf_view(&facts->of[which]);
}

bool
facts_labelsets(const struct facts *facts, struct labelsets *sets)
{
	/* Since 2021 `tasks` may stand beside `labelsets`, mostly empty. */
	add_entries(fact(facts, FACT_LABELSETS), sets);
	if (sets->count == 0)
		add_entries(fact(facts, FACT_TASKS), sets);
	return sets->count <= LABELSETS_MOST;
}

/* The entry of that name; the only one where none has it; or false. */
static bool
find_entry(struct slice collection, struct slice wanted, struct slice *found)
{
	struct json_iter iter = json_iterate(collection);
	struct json_member entry = {0};
	struct buf name = {0};
	size_t count = 0;
	bool same = false;

	while (!same && json_next(&iter, &entry) > 0) {
		entry_name(collection, &entry, &name);
		same = slice_equal(buf_view(&name), wanted);
		count++;
	}
	buf_release(&name);
	*found = entry.value;
	return same || count == 1;
}

/* Categories: R3 for the dataset, R2 by labelset, R0 and R1 by task. */
static bool
find_categories(const struct facts *facts, struct slice labelset,
		struct slice *found)
{
	struct slice entry;

	if (json_find(fact(facts, FACT_TASK_ATTRIBUTES), "categories", found))
		return true;
	if (find_entry(fact(facts, FACT_LABELSETS), labelset, &entry) &&
	    json_find_path(entry, found, "attributes", "categories", NULL))
		return true;
	return find_entry(fact(facts, FACT_TASKS), labelset, &entry) &&
	       json_find_path(entry, found, "attributes", "categories", NULL);
}

static bool
find_task_type(const struct facts *facts, struct slice labelset,
	       struct slice *found)
{
	struct slice entry;

	*found = fact(facts, FACT_TASK_TYPE);
	if (found->n)
		return true;
	return find_entry(fact(facts, FACT_TASKS), labelset, &entry) &&
	       json_find(entry, "task_type", found);
}

bool
facts_complete(const struct facts *facts, enum fact_level level)
{
	struct labelsets sets = {0};
	struct slice found;
	bool complete = facts->of[FACT_NAME].len > 0;

	if (level == LEVEL_DATASET)
		complete &= facts->of[FACT_DATASET].len > 0;
	facts_labelsets(facts, &sets);
	if (!sets.count)
		return false;
	found = buf_view(&sets.list[0]);
	complete &= facts->of[FACT_TASK_ATTRIBUTES].len ||
		    find_categories(facts, found, &(struct slice){0});
	complete &= find_task_type(facts, found, &found);
	labelsets_release(&sets);
	return complete;
}

void
facts_put_release(const struct facts *facts, struct slice labelset,
		  struct buf *to)
{
	static const struct {
		const char *key;
		enum fact fact;
	} plain[] = {
		{"name", FACT_NAME},
		{"description", FACT_DESCRIPTION},
		{"created_at", FACT_CREATED_AT},
		{"dataset", FACT_DATASET},
		{"owner", FACT_OWNER},
	};
	struct slice value;
	struct buf name = {0};
	size_t i;

	buf_putc(to, '{');
	for (i = 0; i < sizeof(plain) / sizeof(*plain); i++)
		if ((value = fact(facts, plain[i].fact)).n)
			json_put_member(to, slice_of(plain[i].key), value);
	json_put_string(&name, labelset);
	json_put_member(to, slice_of("labelset"), buf_view(&name));
	buf_release(&name);
	if (find_task_type(facts, labelset, &value))
		json_put_member(to, slice_of("task_type"), value);
	if (find_categories(facts, labelset, &value))
		json_put_member(to, slice_of("categories"), value);
	buf_putc(to, '}');
}
