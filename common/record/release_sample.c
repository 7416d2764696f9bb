/* A sample of a release, as it goes into records. */
#include "record/release_parts.h"

#include "record/record.h"

/* Keys of a sample's members that are told apart: ours, and these. */
enum key { LABELS = RECORD_OWN, NAME, OTHER };

const char *
sample_taken(unsigned bit)
{
	return bit < RECORD_OWN ? record_own[bit].p : NULL;
}

/* A raw key with its quotes, as a value. */
static struct slice
quoted(struct slice key)
{
	return (struct slice){key.p - 1, key.n + 2};
}

static enum key
find_key(struct slice key)
{
	static const struct slice others[] = {{"labels", 6}, {"name", 4}};
	unsigned i;

	for (i = 0; i < RECORD_OWN; i++)
		if (json_spells(key, record_own[i]))
			return (enum key)i;
	for (; i < OTHER; i++)
		if (json_spells(key, others[i - LABELS]))
			break;
	return (enum key)i;
}

static void
trouble(struct sample *sample, const char *at, const char *what)
{
	sample->trouble = what;
	sample->trouble_at = at;
}

static void
take_labels_object(struct sample *sample, const struct source *source,
		   struct slice labels)
{
	struct json_error error;
	int n = source_inner_members(source, labels, sample->labels,
				     SAMPLE_MEMBERS, &error);

	if (n < 0)
		trouble(sample, labels.p + error.offset, error.what);
	else
		sample->label_count = (size_t)n;
}

/* The labelset that a label in a list names; p is NULL where it does not. */
static struct slice
list_key(struct slice label)
{
	static const char *const names[] = {"labelset", "task", "name"};
	struct slice name;
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (json_find(label, names[i], &name) &&
		    json_type(name) == JSON_STRING)
			return (struct slice){name.p + 1, name.n - 2};
	return (struct slice){0};
}

/*
 * The vendor's page of 2020 speaks of labels as a list. Where they do not name
 * their labelset there can be but one label, of the only labelset.
 */
static void
take_labels_list(struct sample *sample, struct slice labels, bool only)
{
	struct json_iter iter = json_iterate(labels);
	struct json_member label;
	size_t count = 0;
	bool named = true;

	while (count < SAMPLE_MEMBERS && json_next(&iter, &label) > 0) {
		label.key = list_key(label.value);
		named &= label.key.p != NULL;
		sample->labels[count++] = label;
	}
	if (!named && (count > 1 || !only))
		trouble(sample, labels.p,
			"labels are a list without labelsets");
	else
		sample->label_count = count;
}

static void
take_labels(struct sample *sample, const struct source *source,
	    struct slice labels, bool only)
{
	switch (json_type(labels)) {
	case JSON_OBJECT:
		take_labels_object(sample, source, labels);
		break;
	case JSON_ARRAY:
		take_labels_list(sample, labels, only);
		break;
	case JSON_NULL:
		break;
	default:
		trouble(sample, labels.p, "labels are neither object nor list");
	}
}

void
sample_open(struct sample *sample, const struct source *source,
	    struct slice text, bool only)
{
	struct json_error error;
	int i, n = source_members(source, sample->members, SAMPLE_MEMBERS,
				  &error);

	sample->count = sample->label_count = 0;
	sample->named = false;
	sample->taken = 0;
	sample->trouble = NULL;
	if (n < 0)
		trouble(sample, text.p + error.offset, error.what);
	if (json_type(text) != JSON_OBJECT)
		trouble(sample, text.p, "not an object");
	for (i = 0; i < n; i++) {
		struct json_member member = sample->members[i];
		enum key key = find_key(member.key);

		if ((int)key < RECORD_OWN)
			sample->taken |= 1U << key;
		else if (key == LABELS)
			take_labels(sample, source, member.value, only);
		else
			sample->members[sample->count++] = member;
		sample->named |= key == NAME;
	}
}

static void
put_value(const struct sample *sample, struct slice value, struct buf *to)
{
	if (sample->spaced)
		json_compact(to, value);
	else
		buf_slice(to, value);
}

/* Members between which nothing was left out go in one piece. */
static void
put_run(const struct json_member *first, const struct json_member *last,
	struct buf *to)
{
	const char *from = first->key.p - 1;

	buf_putc(to, ',');
	buf_put(to, from, (size_t)(last->value.p + last->value.n - from));
}

static void
put_members(const struct sample *sample, struct buf *to)
{
	const struct json_member *first = sample->members, *member = first;
	const struct json_member *end = first + sample->count;

	for (; member != end; member++) {
		const char *behind = member->value.p + member->value.n;

		if (member + 1 != end && behind + 2 == member[1].key.p)
			continue;
		put_run(first, member, to);
		first = member + 1;
	}
}

static void
compact_members(const struct sample *sample, struct buf *to)
{
	size_t i;

	for (i = 0; i < sample->count; i++) {
		const struct json_member *member = &sample->members[i];

		buf_putc(to, ',');
		buf_slice(to, quoted(member->key));
		buf_putc(to, ':');
		json_compact(to, member->value);
	}
}

void
sample_put(const struct sample *sample, struct buf *to)
{
	buf_puts(to, "{\"index\":");
	buf_uint(to, sample->index);
	if (!sample->named && sample->key.n) {
		buf_puts(to, ",\"name\":");
		json_put_string(to, sample->key);
	}
	if (sample->spaced)
		compact_members(sample, to);
	else
		put_members(sample, to);
}

void
sample_put_label(const struct sample *sample, struct slice labelset,
		 struct buf *to)
{
	struct slice found = slice_of("null");
	size_t i;

	for (i = 0; i < sample->label_count; i++) {
		const struct json_member *label = &sample->labels[i];

		if (label->key.p && !json_spells(label->key, labelset))
			continue;
		found = label->value;
		break;
	}
	buf_puts(to, ",\"label\":");
	put_value(sample, found, to);
}
