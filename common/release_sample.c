/* A sample of a release, as it goes into records. */
#include "release_parts.h"

#define SLICE(text)                    \
	{                              \
		text, sizeof(text) - 1 \
	}

static const struct slice labels_key = SLICE("labels");
static const struct slice name_key = SLICE("name");

/* The members by which a record is more than its sample. */
static const struct slice ours[] = {
	SLICE("index"), SLICE("label"), SLICE("release"),
	SLICE("frame"), SLICE("error"),
};

enum { OURS = sizeof(ours) / sizeof(*ours) };

const char *
sample_taken(unsigned bit)
{
	return bit < OURS ? ours[bit].p : NULL;
}

/* A raw key with its quotes, as a value. */
static struct slice
quoted(struct slice key)
{
	return (struct slice){key.p - 1, key.n + 2};
}

static bool
key_is(struct slice key, struct slice name)
{
	if (memchr(key.p, '\\', key.n))
		return json_string_is(quoted(key), name);
	return key.n == name.n && memcmp(key.p, name.p, key.n) == 0;
}

/* A bit for the one of our members that has this key, or 0. */
static unsigned
reserved_bit(struct slice key)
{
	unsigned i;

	for (i = 0; i < OURS; i++)
		if (key_is(key, ours[i]))
			return 1U << i;
	return 0;
}

static void
trouble(struct sample *sample, const char *at, const char *what)
{
	sample->trouble = what;
	sample->trouble_at = at;
}

static void
take_labels_object(struct sample *sample, struct slice labels)
{
	struct json_error error;
	int n = json_members(labels, sample->labels, SAMPLE_MEMBERS, &error);

	if (n < 0)
		trouble(sample, labels.p + error.offset, error.what);
	else
		sample->label_count = (size_t)n;
}

/* The labelset that a label in a list names; p is NULL where it does not. */
static struct slice
list_key(struct slice label)
{
	static const char *const keys[] = {"labelset", "task", "name"};
	struct slice name;
	size_t i;

	for (i = 0; i < sizeof(keys) / sizeof(*keys); i++)
		if (json_find(label, keys[i], &name) &&
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
take_labels(struct sample *sample, struct slice labels, bool only)
{
	switch (json_type(labels)) {
	case JSON_OBJECT:
		take_labels_object(sample, labels);
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
sample_open(struct sample *sample, struct slice text, bool only)
{
	struct json_error error;
	int i, n = json_members(text, sample->members, SAMPLE_MEMBERS, &error);

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
		unsigned bit = reserved_bit(member.key);

		sample->taken |= bit;
		if (key_is(member.key, labels_key))
			take_labels(sample, member.value, only);
		else if (!bit)
			sample->members[sample->count++] = member;
		sample->named |= key_is(member.key, name_key);
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

void
sample_put(const struct sample *sample, struct buf *to)
{
	size_t i;

	buf_puts(to, "{\"index\":");
	buf_uint(to, sample->index);
	if (!sample->named && sample->key.n) {
		buf_puts(to, ",\"name\":");
		json_put_string(to, sample->key);
	}
	for (i = 0; i < sample->count; i++) {
		const struct json_member *member = &sample->members[i];

		buf_putc(to, ',');
		buf_slice(to, quoted(member->key));
		buf_putc(to, ':');
		put_value(sample, member->value, to);
	}
}

void
sample_put_label(const struct sample *sample, struct slice labelset,
		 struct buf *to)
{
	struct slice found = SLICE("null");
	size_t i;

	for (i = 0; i < sample->label_count; i++) {
		const struct json_member *label = &sample->labels[i];

		if (label->key.p && !key_is(label->key, labelset))
			continue;
		found = label->value;
		break;
	}
	buf_puts(to, ",\"label\":");
	put_value(sample, found, to);
}
