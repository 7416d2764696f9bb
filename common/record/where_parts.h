/* What the files of the where module share. */
#ifndef WHERE_PARTS_H
#define WHERE_PARTS_H

#include <regex.h>

#include "record/asked.h"
#include "record/category_set.h"
#include "record/where.h"

/* An instant, by ISO 8601; without an offset it is taken for UTC. */
struct instant {
	int64_t seconds; /* since 1970 */
	uint32_t nanoseconds;
};

/* True for a date, or a date and a time. */
bool where_read_instant(struct slice text, struct instant *instant);

/* A value that stands in the expression. */
struct literal {
	enum json_type type; /* of what it may equal; no list, no object */
	char *text;          /* decoded */
	bool is_instant;
	struct instant instant;
};

/* Where the values of a path begin. */
enum where_root {
	ROOT_LINE,
	ROOT_ATTRIBUTES,
	ROOT_METADATA,
	ROOT_LABEL,
	ROOT_RELEASE,
	ROOT_FRAME,
	ROOT_ANNOTATION,
	WHERE_ROOTS
};

enum { SEGMENTS_MOST = 16 };

struct path {
	enum where_root root;
	bool status; /* the label's status, of samples without one too */
	char *segments[SEGMENTS_MOST]; /* keys, one inside the other */
	size_t count;
	size_t place; /* among those asked for */
};

enum where_op { OP_EQUAL, OP_LESS, OP_LESS_EQUAL, OP_MORE, OP_MORE_EQUAL };

enum node_kind {
	NODE_AND,
	NODE_OR,
	NODE_NOT,
	NODE_ANY,     /* left is true of an annotation */
	NODE_COUNT,   /* of so many, compared with the first literal by op */
	NODE_COMPARE, /* path op one of the literals */
	NODE_MATCH,   /* path =~ regex */
	NODE_EXISTS,
	NODE_CATEGORY, /* the annotation's is in the set */
};

struct node {
	enum node_kind kind;
	struct node *left, *right;
	struct path path;
	enum where_op op;
	struct literal *literals;
	size_t literal_count;
	regex_t regex;
	bool has_regex;
	struct category_set *categories;
	struct node *next; /* of all, in the order they were made */
};

struct where {
	struct node *root, *all;
	struct asked *asked;
	unsigned roots; /* a bit for each that is looked into */
	bool unmet;     /* some paths may still be met */
	const struct record *record;
	struct slice annotation; /* at hand, inside any() and its like */
	struct buf text;
	uint64_t strange;   /* records whose status is none */
	bool meets_strange; /* so is that of the record at hand */
};

/* Whether a value is to the literal as `op` says; of a list, any element. */
bool where_compare(struct slice value, enum where_op op,
		   const struct literal *literal, struct buf *text);

#endif
