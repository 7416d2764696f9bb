/*
 * What the records of a release must be, made the naive way from the page
 * seg-record(5) and the shapes of releases, to compare with. Reads a release
 * whole and walks it byte by byte; of the project it uses only the plain JSON
 * scanner, which says whether a text is JSON. Keys are compared as they are
 * spelt, so a release for it has no escapes in keys that mean plain letters.
 */
#ifndef RELEASE_REFERENCE_H
#define RELEASE_REFERENCE_H

#include "base/buf.h"
#include "json/json_parts.h"

/* A key as it stands in a text. */
#define QUOTED(key) slice_of("\"" key "\"")

/* The parts of a release that matter to records; absent ones are empty. */
struct reference {
	struct slice name, description, created_at, dataset, owner;
	struct slice task_type, task_attributes, tasks, labelsets, samples;
	bool good; /* no member that matters stands twice */
};

static inline const char *
ref_space(const char *p)
{
	while (*p == ' ' || *p == '\n' || *p == '\r' || *p == '\t')
		p++;
	return p;
}

static inline const char *
ref_string(const char *p)
{
	for (p++; *p != '"'; p++)
		p += *p == '\\';
	return p + 1;
}

/* The end of the valid value at p. */
static inline const char *
ref_value(const char *p)
{
	unsigned depth = 0;

	do {
		if (*p == '"') {
			p = ref_string(p);
			continue;
		}
		depth += *p == '{' || *p == '[';
		depth -= *p == '}' || *p == ']';
		p++;
	} while (depth || (p[-1] != '}' && p[-1] != ']' && p[-1] != '"' &&
			   !strchr(",]} \t\r\n", *p)));
	return p;
}

/*
 * Steps through an object or array: sets the key (with its quotes, empty in
 * an array) and the value behind *at, which is moved. False at the end.
 */
static inline bool
ref_next(struct slice all, const char **at, struct slice *key,
	 struct slice *value)
{
	const char *p, *end;

	if (!all.n || (*all.p != '{' && *all.p != '['))
		return false;
	p = ref_space(*at ? *at : all.p + 1);
	if (*p == ',')
		p = ref_space(p + 1);
	if (*p == '}' || *p == ']')
		return false;
	*key = (struct slice){p, 0};
	if (*all.p == '{') {
		end = ref_string(p);
		key->n = (size_t)(end - p);
		p = ref_space(ref_space(end) + 1);
	}
	end = ref_value(p);
	*value = (struct slice){p, (size_t)(end - p)};
	*at = ref_space(end);
	return true;
}

/* How often an object has a key, with quotes; sets the first value. */
static inline unsigned
ref_find(struct slice object, struct slice quoted, struct slice *found)
{
	struct slice key, value;
	const char *at = NULL;
	unsigned count = 0;

	*found = (struct slice){0};
	while (object.n && *object.p == '{' &&
	       ref_next(object, &at, &key, &value))
		if (slice_equal(key, quoted) && !count++)
			*found = value;
	return count;
}

/* True where any object in the value has a key twice. */
static inline bool
ref_repeats(struct slice value)
{
	struct slice key, member, other, ignored;
	const char *at = NULL, *from;

	while (ref_next(value, &at, &key, &member)) {
		if (ref_repeats(member))
			return true;
		from = at;
		while (key.n && ref_next(value, &from, &other, &ignored))
			if (slice_equal(key, other))
				return true;
	}
	return false;
}

static inline void
ref_take(struct reference *r, struct slice object, struct slice quoted,
	 struct slice *to)
{
	struct slice found;
	unsigned count = ref_find(object, quoted, &found);

	if (!count)
		return;
	r->good &= count == 1 && !ref_repeats(found);
	*to = found;
}

/* False where the text is no release. */
static inline bool
ref_open(struct reference *r, struct slice text)
{
	struct json_scan scan;
	struct slice root, dataset, value;
	const char *p = ref_space(text.p);

	*r = (struct reference){.good = true};
	json_scan_begin(&scan);
	root = (struct slice){p, text.n - (size_t)(p - text.p)};
	if (json_scan_plain(&scan, root.p, root.n, true) <= 0 || *p != '{' ||
	    ref_space(p + scan.size) != text.p + text.n)
		return false;
	root.n = scan.size;
	r->good = ref_find(root, QUOTED("dataset"), &dataset) <= 1 &&
		  ref_find(root, QUOTED("samples"), &value) <= 1 &&
		  ref_find(dataset, QUOTED("samples"), &value) <= 1;
	ref_take(r, root, QUOTED("name"), &r->name);
	ref_take(r, root, QUOTED("description"), &r->description);
	ref_take(r, root, QUOTED("created_at"), &r->created_at);
	ref_take(r, dataset, QUOTED("name"), &r->dataset);
	for (int i = 0; i < 2; i++) {
		struct slice from = i ? dataset : root;

		ref_take(r, from, QUOTED("owner"), &r->owner);
		ref_take(r, from, QUOTED("task_type"), &r->task_type);
		ref_take(r, from, QUOTED("task_attributes"),
			 &r->task_attributes);
		ref_take(r, from, QUOTED("tasks"), &r->tasks);
		ref_take(r, from, QUOTED("labelsets"), &r->labelsets);
		if (ref_find(from, QUOTED("samples"), &value))
			r->samples = value;
	}
	return r->good && (!dataset.n || *dataset.p == '{') && r->samples.n &&
	       (*r->samples.p == '[' || *r->samples.p == '{');
}

/* The name, with quotes, of an entry of tasks or labelsets; or empty. */
static inline struct slice
ref_entry_name(struct slice key, struct slice entry)
{
	if (key.n)
		return key;
	ref_find(entry, QUOTED("name"), &key);
	return key.n && *key.p == '"' ? key : (struct slice){0};
}

/* The entry of that name, or the only one. */
static inline struct slice
ref_entry(struct slice collection, struct slice name)
{
	struct slice key, value, found = {0}, last = {0};
	const char *at = NULL;
	unsigned count = 0;

	while (ref_next(collection, &at, &key, &value)) {
		if (!found.n && slice_equal(ref_entry_name(key, value), name))
			found = value;
		last = value;
		count++;
	}
	return !found.n && count == 1 ? last : found;
}

static inline void
ref_add_name(struct slice *names, unsigned *count, struct slice name)
{
	for (unsigned i = 0; i < *count; i++)
		if (slice_equal(names[i], name))
			return;
	if (name.n > 2 && *count < 64)
		names[(*count)++] = name;
}

static inline unsigned
ref_names(const struct reference *r, struct slice *names)
{
	struct slice key, value, labels, sample;
	const char *at = NULL;
	unsigned count = 0;

	while (ref_next(r->labelsets, &at, &key, &value))
		ref_add_name(names, &count, ref_entry_name(key, value));
	at = NULL;
	if (count == 0)
		while (ref_next(r->tasks, &at, &key, &value))
			ref_add_name(names, &count, ref_entry_name(key, value));
	at = NULL;
	if (count)
		return count;
	while (ref_next(r->samples, &at, &key, &sample)) {
		const char *inner = NULL;

		ref_find(sample, QUOTED("labels"), &labels);
		while (labels.n && *labels.p == '{' &&
		       ref_next(labels, &inner, &key, &value))
			ref_add_name(names, &count, key);
	}
	return count;
}

/* The labelset that is meant, with quotes; empty where it is not clear. */
static inline struct slice
ref_choose(const struct reference *r)
{
	struct slice usual = QUOTED("ground-truth");
	struct slice names[64];
	unsigned i, count = ref_names(r, names);

	if (count == 0)
		return usual;
	for (i = 0; i < count; i++)
		if (count == 1 || slice_equal(names[i], usual))
			return names[i];
	return (struct slice){0};
}

/* Appends a value without the white space outside its strings. */
static inline void
ref_compact(struct buf *to, struct slice value)
{
	bool string = false;

	for (size_t i = 0; i < value.n; i++) {
		char c = value.p[i];

		if (!string && strchr(" \t\r\n", c))
			continue;
		buf_putc(to, c);
		if (string && c == '\\')
			buf_putc(to, value.p[++i]);
		else
			string ^= c == '"';
	}
}

static inline void
ref_member(struct buf *to, const char *key, struct slice value)
{
	if (!value.n)
		return;
	if (to->data[to->len - 1] != '{')
		buf_putc(to, ',');
	buf_printf(to, "\"%s\":", key);
	ref_compact(to, value);
}

static inline void
ref_context(const struct reference *r, struct slice set, struct buf *to)
{
	struct slice task = ref_entry(r->tasks, set), attributes, type;
	struct slice categories;

	type = r->task_type;
	if (!type.n)
		ref_find(task, QUOTED("task_type"), &type);
	ref_find(r->task_attributes, QUOTED("categories"), &categories);
	if (!categories.n) {
		ref_find(ref_entry(r->labelsets, set), QUOTED("attributes"),
			 &attributes);
		ref_find(attributes, QUOTED("categories"), &categories);
	}
	if (!categories.n) {
		ref_find(task, QUOTED("attributes"), &attributes);
		ref_find(attributes, QUOTED("categories"), &categories);
	}
	buf_putc(to, '{');
	ref_member(to, "name", r->name);
	ref_member(to, "description", r->description);
	ref_member(to, "created_at", r->created_at);
	ref_member(to, "dataset", r->dataset);
	ref_member(to, "owner", r->owner);
	ref_member(to, "labelset", set);
	ref_member(to, "task_type", type);
	ref_member(to, "categories", categories);
	buf_putc(to, '}');
}

/* True for a sample that is none. */
static inline bool
ref_fails(struct slice sample)
{
	struct slice key, value, labels;
	const char *at = NULL;

	if (*sample.p != '{')
		return true;
	while (ref_next(sample, &at, &key, &value))
		if (ref_find(sample, key, &labels) > 1)
			return true;
	ref_find(sample, QUOTED("labels"), &labels);
	at = NULL;
	while (ref_next(labels, &at, &key, &value))
		if (ref_find(labels, key, &value) > 1)
			return true;
	return labels.n && !strchr("{[n", *labels.p);
}

static inline bool
ref_is_ours(struct slice key)
{
	return slice_equal(key, QUOTED("index")) ||
	       slice_equal(key, QUOTED("label")) ||
	       slice_equal(key, QUOTED("labels")) ||
	       slice_equal(key, QUOTED("release")) ||
	       slice_equal(key, QUOTED("frame")) ||
	       slice_equal(key, QUOTED("error"));
}

static inline void
ref_record(struct buf *to, unsigned index, struct slice sample,
	   struct slice set)
{
	struct slice key, value, labels, label;
	const char *at = NULL;

	buf_printf(to, "{\"index\":%u", index);
	while (ref_next(sample, &at, &key, &value)) {
		if (ref_is_ours(key))
			continue;
		buf_putc(to, ',');
		buf_slice(to, key);
		buf_putc(to, ':');
		ref_compact(to, value);
	}
	ref_find(sample, QUOTED("labels"), &labels);
	ref_find(labels, set, &label);
	buf_puts(to, ",\"label\":");
	ref_compact(to, label.n ? label : slice_of("null"));
}

/*
 * Appends the records of a release, as seg-samples writes them; of a sample
 * that is none the word `failed`. False, with nothing appended, where the text
 * is no release, or does not say which labelset is meant.
 */
static inline bool
reference_records(struct slice text, struct buf *to)
{
	struct reference r;
	struct slice key, sample, set;
	const char *at = NULL;
	unsigned index = 0;

	if (!ref_open(&r, text) || !(set = ref_choose(&r)).n)
		return false;
	for (; ref_next(r.samples, &at, &key, &sample); index++) {
		if (ref_fails(sample)) {
			buf_puts(to, "failed\n");
			continue;
		}
		ref_record(to, index, sample, set);
		buf_puts(to, ",\"release\":");
		ref_context(&r, set, to);
		buf_puts(to, "}\n");
	}
	return true;
}

#endif
