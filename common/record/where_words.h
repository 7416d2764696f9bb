/* How the parser of expressions takes one word after the other. */
#ifndef WHERE_WORDS_H
#define WHERE_WORDS_H

#include "record/where_parts.h"

struct parser {
	const char *text, *p;
	struct where *where;
	struct node **end; /* where the next node made is linked */
	struct buf *why;
	bool inside; /* of any() and its like */
	unsigned depth;
};

/* Says what is wrong where, unless something was before. Returns NULL. */
__attribute__((format(printf, 3, 4))) void *
where_fail(struct parser *parser, const char *at, const char *format, ...);

void where_skip_space(struct parser *parser);
/* Takes a word, in any case, if it comes next. */
bool where_take_word(struct parser *parser, const char *word);
bool where_take_char(struct parser *parser, char c);
/* Takes a word where a bracket follows it, and the bracket. */
bool where_take_call(struct parser *parser, const char *word);
/* Takes a path; false, with what is wrong told, where there is none. */
bool where_take_path(struct parser *parser, struct path *path);
/* Whether it is the name of an annotation's category, which is looked up. */
bool where_is_category(const struct path *path);
/* Takes a value, likewise. */
bool where_take_literal(struct parser *parser, struct literal *literal);

#endif
