/*
 * The members of an object. Where they are divided the fast scanners find out
 * in one pass; what stands between must be one string, number, literal or pair
 * of brackets each. Where anything is wrong with that, a walk member by member
 * finds out what.
 */
#include "json/json_parts.h"

/* Goes along the marks of an object. */
struct member_walk {
	const char *text; /* the object */
	const char *p;    /* behind what was taken */
	const uint32_t *mark;
	bool escapes;
};

static inline const char *
next_mark(const struct member_walk *walk)
{
	return walk->text + *walk->mark;
}

/* The next byte that is no white space, if it has a mark; else NUL. */
static inline char
peek(struct member_walk *walk)
{
	const char *mark = next_mark(walk);

	while (walk->p != mark && json_is_space(*walk->p))
		walk->p++;
	return walk->p == mark ? *mark : '\0';
}

/* Takes all up to the byte with the next mark, and that one. */
static void
advance(struct member_walk *walk)
{
	walk->p = next_mark(walk) + 1;
	walk->mark++;
}

/* Takes what begins and ends with the next two marks. */
static bool
take_pair(struct member_walk *walk, struct slice *text)
{
	text->p = walk->p;
	advance(walk);
	advance(walk);
	text->n = (size_t)(walk->p - text->p);
	return true;
}

static bool
take_string(struct member_walk *walk, struct slice *text)
{
	struct json_fault fault;

	take_pair(walk, text);
	return !walk->escapes ||
	       json_string_end(text->p, walk->p, &fault) == walk->p;
}

static bool
take_scalar(struct member_walk *walk, struct slice *text)
{
	struct json_fault fault;

	text->p = walk->p;
	walk->p = json_value_end(text->p, next_mark(walk), &fault);
	text->n = walk->p ? (size_t)(walk->p - text->p) : 0;
	return walk->p;
}

static bool
take_member(struct member_walk *walk, struct json_member *member)
{
	struct slice key;
	char c;

	if (peek(walk) != '"' || !take_string(walk, &key))
		return false;
	member->key = (struct slice){key.p + 1, key.n - 2};
	if (walk->escapes && json_has_nul(member->key))
		return false;
	if (peek(walk) != ':')
		return false;
	advance(walk);
	c = peek(walk);
	if (c == '{' || c == '[')
		return take_pair(walk, &member->value);
	return c == '"' ? take_string(walk, &member->value)
			: take_scalar(walk, &member->value);
}

/* What was found of an object; a count of -1 says nothing. */
struct found_member {
	int count;
	bool escapes;
	const char *behind;
};

static int
take_members(struct member_walk *walk, struct json_member *members, size_t room)
{
	size_t count = 0;

	if (peek(walk) == '}')
		return 0;
	while (count < room && take_member(walk, &members[count])) {
		char c = peek(walk);

		count++;
		if (c == '}')
			return (int)count;
		if (c != ',')
			break;
		advance(walk);
	}
	return -1;
}

/*
 * By the marks of a text, of which an object is all or a value, and has all of
 * its bytes; a count of -1 leaves it to walk_members.
 */
static struct found_member
take_marked(const char *text, struct slice object,
	    const struct json_marks *marks, enum json_level level,
	    struct json_member *members, size_t room)
{
	const size_t from = (size_t)(object.p - text);
	const bool escapes = marks->escapes[level] != 0;
	struct found_member found = {-1, escapes, object.p + object.n};
	struct member_walk walk = {text, object.p + 1, marks->at[level],
				   escapes};
	const uint32_t *end;

	if (marks->count[level] > JSON_MARKS || from + object.n > UINT32_MAX)
		return found;
	end = marks->at[level] + marks->count[level];
	/* There is none behind the brace of an object without members. */
	while (level == JSON_INNER && walk.mark < end && *walk.mark <= from)
		walk.mark++;
	found.count = take_members(&walk, members, room);
	return found;
}

static struct found_member
mark_members(const char *p, const char *end, struct json_member *members,
	     size_t room)
{
	struct found_member none = {-1, false, NULL};
	struct json_marks marks;
	const char *behind = NULL;

	if (p != end && *p == '{')
		behind = json_kernel()->mark(p, end, &marks);
	if (!behind)
		return none;
	return take_marked(p, (struct slice){p, (size_t)(behind - p)}, &marks,
			   JSON_OWN, members, room);
}

/* One by one, and what is wrong with them or with the whole. */
static struct found_member
walk_members(const char *p, const char *end, struct json_member *members,
	     size_t room, struct json_fault *fault)
{
	struct found_member found = {-1, true, NULL};
	struct json_iter iter =
		json_iterate((struct slice){p, (size_t)(end - p)});
	struct json_member member;
	size_t count = 0;
	int got;

	if (iter.close != '}') {
		json_fail(fault, p, end, "'{' expected");
		return found;
	}
	if (!json_container_end_plain(p, end, fault))
		return found;
	while ((got = json_step(&iter, &member, fault)) > 0) {
		if (count == room) {
			json_fail(fault, member.key.p - 1, end,
				  "too many members");
			return found;
		}
		members[count++] = member;
	}
	found.count = got < 0 ? -1 : (int)count;
	found.behind = iter.p + 1;
	return found;
}

uint64_t
json_key_bit(struct slice key)
{
	unsigned first, last;

	if (!key.n)
		return 1;
	first = (unsigned char)key.p[0];
	last = (unsigned char)key.p[key.n - 1];
	return UINT64_C(1) << ((key.n * 7 + first + last * 3) % 64);
}

/*
 * The first key, at its quote, that an earlier member has, too; or NULL.
 * `escapes`: keys may have them.
 */
static const char *
find_repeated(const struct json_member *members, int count, bool escapes)
{
	uint64_t seen = 0;

	for (int i = 0; i < count; i++) {
		struct slice key = members[i].key;
		bool escaped = escapes && memchr(key.p, '\\', key.n);
		uint64_t bit = escaped ? UINT64_MAX : json_key_bit(key);

		for (int j = 0; seen & bit && j < i; j++)
			if (json_same_key(members[j].key, key))
				return key.p - 1;
		seen |= bit;
	}
	return NULL;
}

/*
 * Looks at the rest of the line: the number of members, or -1. What has not
 * been found is walked along.
 */
static int
finish(struct found_member found, struct slice line,
       struct json_member *members, size_t room, struct json_error *error)
{
	const char *end = line.p + line.n, *p = json_skip_space(line.p, end);
	struct json_fault fault = {NULL, NULL};

	if (found.count < 0)
		found = walk_members(p, end, members, room, &fault);
	if (found.count >= 0) {
		p = json_skip_space(found.behind, end);
		if (p != end)
			json_fail(&fault, p, end, "text behind the object");
		p = find_repeated(members, found.count, found.escapes);
		if (p)
			json_fail(&fault, p, end, "duplicate key");
	}
	if (!fault.what)
		return found.count;
	*error = (struct json_error){(size_t)(fault.at - line.p), fault.what};
	return -1;
}

int
json_members(struct slice line, struct json_member *members, size_t room,
	     struct json_error *error)
{
	const char *end = line.p + line.n, *p = json_skip_space(line.p, end);

	return finish(mark_members(p, end, members, room), line, members, room,
		      error);
}

int
json_scan_members(const struct json_scan *scan, const char *text,
		  struct json_member *members, size_t room,
		  struct json_error *error)
{
	struct slice object = {text, scan->size};
	struct found_member found = {-1, false, NULL};

	if (!scan->plain && *text == '{')
		found = take_marked(text, object, &scan->marks, JSON_OWN,
				    members, room);
	return finish(found, object, members, room, error);
}

int
json_scan_inner_members(const struct json_scan *scan, const char *text,
			struct slice object, struct json_member *members,
			size_t room, struct json_error *error)
{
	struct found_member found = {-1, false, NULL};

	if (!scan->plain && *text == '{' && *object.p == '{')
		found = take_marked(text, object, &scan->marks, JSON_INNER,
				    members, room);
	return finish(found, object, members, room, error);
}
