#include "report/coco_walk.h"

#include <inttypes.h>

#include "base/diag.h"
#include "record/no_record.h"

/* A walk through a file. */
struct coco_walker {
	struct source *source;
	const struct coco_visitor *visitor;
	struct buf key;
};

static const char *const list_keys[COCO_LISTS] = {
	[COCO_IMAGES] = "images",
	[COCO_ANNOTATIONS] = "annotations",
	[COCO_CATEGORIES] = "categories",
};

/* Says where the source stands, and what is wrong: -1. */
static int
refuse(struct coco_walker *walk, const char *what)
{
	struct source_error error = source_error(walk->source);

	if (error.what)
		what = error.what;
	if (what)
		diag_say(NULL, "%s: byte %" PRIu64 ": %s",
			 source_name(walk->source), error.offset + 1, what);
	return -1;
}

/* Shows each element of the list that comes next. */
static int
walk_list(struct coco_walker *walk, enum coco_list list)
{
	const struct coco_visitor *visitor = walk->visitor;
	struct slice value;
	const char *what;
	bool begun = false;
	size_t n = 0;
	int more;

	if (visitor->begin)
		visitor->begin(visitor->context, list);
	if (source_expect(walk->source, '[') < 0)
		return refuse(walk, NULL);
	while ((more = source_next(walk->source, ']', &begun)) > 0) {
		if (source_value(walk->source, &value, NULL) < 0)
			return refuse(walk, NULL);
		what = visitor->element(visitor->context, list, n++, value);
		if (!what)
			continue;
		source_reject(walk->source, what);
		return refuse(walk, what);
	}
	return more < 0 ? refuse(walk, NULL) : 0;
}

static int
walk_member(struct coco_walker *walk)
{
	const struct coco_visitor *visitor = walk->visitor;
	struct slice key, value;
	size_t list;

	buf_reset(&walk->key);
	if (source_key(walk->source, &walk->key) < 0)
		return refuse(walk, NULL);
	key = buf_view(&walk->key);
	for (list = 0; list < COCO_LISTS; list++)
		if (slice_is(key, list_keys[list]) &&
		    source_peek(walk->source) == '[')
			return walk_list(walk, (enum coco_list)list);
	if (source_value(walk->source, &value, NULL) < 0)
		return refuse(walk, NULL);
	if (visitor->other)
		visitor->other(visitor->context, key, value);
	return 0;
}

static int
walk_root(struct coco_walker *walk, bool is_list)
{
	bool begun = false;
	int more = 0;

	if (is_list) {
		if (walk_list(walk, COCO_ANNOTATIONS) < 0)
			return -1;
	} else if (source_expect(walk->source, '{') < 0) {
		return refuse(walk, NULL);
	} else {
		while ((more = source_next(walk->source, '}', &begun)) > 0)
			if (walk_member(walk) < 0)
				return -1;
	}
	if (more < 0 || source_finish(walk->source) < 0)
		return refuse(walk, NULL);
	return 0;
}

/* Files that are something else are told as such. */
static int
refuse_other(const struct source *source)
{
	struct buf why = {0};
	bool other =
		no_coco_tell(source_head(source), source_name(source), &why);

	if (other)
		diag_say(NULL, "%s: %s", source_name(source), buf_cstr(&why));
	buf_release(&why);
	return other ? -1 : 0;
}

int
coco_walk(struct source *source, const struct coco_visitor *visitor,
	  bool *is_list)
{
	struct coco_walker walk = {.source = source, .visitor = visitor};
	const bool list = source_peek(source) == '[';
	int result;

	if (is_list)
		*is_list = list;
	if (refuse_other(source) < 0)
		return -1;
	result = walk_root(&walk, list);
	buf_release(&walk.key);
	return result;
}
