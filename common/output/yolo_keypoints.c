#include "output/yolo_keypoints.h"

#include <stdlib.h>

#include "base/diag.h"
#include "base/list.h"

/* Words by which people tell sides, and what they are on the other one. */
static const struct {
	const char *word, *other;
} sides[] = {
	{"left", "right"}, {"Left", "Right"}, {"LEFT", "RIGHT"},
	{"right", "left"}, {"Right", "Left"}, {"RIGHT", "LEFT"},
};

static size_t
find_name(const struct yolo_keypoints *keypoints, struct slice name)
{
	size_t i;

	for (i = 0; i < keypoints->count; i++)
		if (slice_equal(keypoints->names[i], name))
			return i;
	return SIZE_MAX;
}

/* Puts a name with another word from `at` on. */
static void
put_changed(struct buf *to, struct slice name, size_t at, size_t n,
	    const char *other)
{
	buf_reset(to);
	buf_put(to, name.p, at);
	buf_puts(to, other);
	buf_put(to, name.p + at + n, name.n - at - n);
}

/*
 * What a name is on the other side: 1 with *to set, or 0 where it has none. A
 * side may be a letter, before or behind an underscore.
 */
static bool
put_mirrored(struct slice name, struct buf *to)
{
	static const char letters[] = "lLrR", others[] = "rRlL";
	const char *p;
	size_t i;

	for (i = 0; i < sizeof(sides) / sizeof(*sides); i++) {
		const size_t n = strlen(sides[i].word);

		p = memmem(name.p, name.n, sides[i].word, n);
		if (!p)
			continue;
		put_changed(to, name, (size_t)(p - name.p), n, sides[i].other);
		return true;
	}
	if (name.n < 2)
		return false;
	for (i = 0; i < sizeof(letters) - 1; i++) {
		const char other[2] = {others[i], 0};

		if (name.p[0] == letters[i] && name.p[1] == '_') {
			put_changed(to, name, 0, 1, other);
			return true;
		}
		if (name.p[name.n - 1] == letters[i] &&
		    name.p[name.n - 2] == '_') {
			put_changed(to, name, name.n - 1, 1, other);
			return true;
		}
	}
	return false;
}

/* Finds what changes places by the names alone. */
static void
flip_by_names(struct yolo_keypoints *keypoints)
{
	struct buf name = {0};
	size_t i;
	bool any = keypoints->count == 1, whole = true;

	for (i = 0; i < keypoints->count; i++) {
		keypoints->flip[i] = i;
		if (!keypoints->names ||
		    !put_mirrored(keypoints->names[i], &name))
			continue;
		any = true;
		keypoints->flip[i] = find_name(keypoints, buf_view(&name));
		whole &= keypoints->flip[i] != SIZE_MAX;
	}
	keypoints->flips = any && whole;
	buf_release(&name);
}

/* Lets the two of A:B change places. */
static const char *
take_pair(struct yolo_keypoints *keypoints, struct slice pair)
{
	const char *colon = pair.n ? memchr(pair.p, ':', pair.n) : NULL;
	struct slice a = pair, b = pair;
	size_t i, k;

	if (!colon)
		return "a pair is A:B";
	a.n = (size_t)(colon - pair.p);
	b.p = colon + 1;
	b.n = pair.n - a.n - 1;
	a = slice_trim(a);
	b = slice_trim(b);
	i = find_name(keypoints, a);
	k = find_name(keypoints, b);
	if (i == SIZE_MAX || k == SIZE_MAX)
		return "a name is none of --keypoints";
	if (i == k || keypoints->flip[i] != i || keypoints->flip[k] != k)
		return "a name stands twice";
	keypoints->flip[i] = k;
	keypoints->flip[k] = i;
	return NULL;
}

static const char *
flip_pairs(struct yolo_keypoints *keypoints, const char *pairs)
{
	const char *why = NULL;
	struct slice pair;
	size_t i;

	for (i = 0; i < keypoints->count; i++)
		keypoints->flip[i] = i;
	while (!why && list_next(&pairs, &pair))
		why = take_pair(keypoints, pair);
	keypoints->flips = true;
	return why;
}

static const char *
read_names(struct yolo_keypoints *keypoints, const char *list)
{
	struct slice name;

	while (list_next(&list, &name)) {
		if (find_name(keypoints, name) != SIZE_MAX)
			return "a keypoint stands twice";
		keypoints->names =
			xreallocarray(keypoints->names, keypoints->count + 1,
				      sizeof(*keypoints->names));
		keypoints->names[keypoints->count++] = name;
	}
	return keypoints->count ? NULL : "there are no keypoints";
}

const char *
yolo_keypoints_read(struct yolo_keypoints *keypoints,
		    const struct point_options *points, const char *pairs)
{
	const char *why = NULL;

	*keypoints = (struct yolo_keypoints){0};
	if (points->by && points->keypoints)
		why = read_names(keypoints, points->keypoints);
	else
		keypoints->count = 1;
	keypoints->flip = xcalloc(keypoints->count + 1, sizeof(size_t));
	if (why)
		return why;
	if (pairs)
		return flip_pairs(keypoints, pairs);
	flip_by_names(keypoints);
	return NULL;
}

void
yolo_keypoints_say(const struct yolo_keypoints *keypoints)
{
	if (!keypoints->flips)
		diag_say(NULL, "no flip_idx, as the names of the keypoints do "
			       "not tell which are left and right: ultralytics "
			       "will not mirror images; --flip tells it");
}

void
yolo_keypoints_end(struct yolo_keypoints *keypoints)
{
	free(keypoints->names);
	free(keypoints->flip);
}
