/*
 * The data.yaml of a YOLO data set: the part of YAML that such files are
 * written in, read strictly. Understood are members at the left edge whose
 * value is plain or quoted text on their line, a list or mapping in brackets,
 * over several lines too, or one level of "- item" or "key: value" lines below
 * them. Members that are not asked for may have anything below them. Anchors,
 * tags, aliases, block texts and second documents of members that are asked
 * for are refused, with the line.
 */
#ifndef DATA_YAML_H
#define DATA_YAML_H

#include "base/buf.h"

/* Text as it stands there, decoded. */
struct yaml_text {
	size_t at, n; /* in the reader's bytes */
	bool quoted;
};

struct yaml_item {
	struct yaml_text key, value; /* of a list the key is empty */
	unsigned long line;          /* from 1 */
};

enum yaml_kind { YAML_TEXT, YAML_LIST, YAML_MAP };

/* A member: a text has one item. */
struct yaml_member {
	const char *key; /* that was asked for */
	enum yaml_kind kind;
	bool there;
	unsigned long line;
	struct yaml_item *items;
	size_t count;
};

struct data_yaml {
	struct yaml_member *members;
	size_t count;
	struct buf text;
	char error[96]; /* after -1: what is not understood */
	unsigned long error_line;
};

/*
 * Looks for members with these keys (which end with NULL) in a text: 0, or -1
 * with `error` set. Then data_yaml_release.
 */
int data_yaml_read(struct data_yaml *yaml, struct slice text,
		   const char *const *keys);
void data_yaml_release(struct data_yaml *yaml);
/* A member that was asked for; its `there` tells whether it stands there. */
const struct yaml_member *
data_yaml_find(const struct data_yaml *yaml, const char *key);
/* Borrowed from the reader. */
struct slice
data_yaml_text(const struct data_yaml *yaml, struct yaml_text text);

/* What YAML 1.1 takes a plain text for. */
enum yaml_type { YAML_STRING, YAML_NULL, YAML_BOOL, YAML_NUMBER, YAML_DATE };

enum yaml_type yaml_type_of(struct slice text);

#endif
