/*
 * Tables of text for a terminal: columns as wide as what stands in them, and
 * one of bars that takes the rest of the line.
 */
#ifndef TEXT_TABLE_H
#define TEXT_TABLE_H

#include "base/buf.h"

struct text_style {
	unsigned width;       /* columns of the terminal */
	bool unicode, colour; /* what it can show */
};

/* How text is emphasized where there is colour. */
enum text_ink { INK_PLAIN, INK_TITLE, INK_BAR, INK_WARNING, INK_FAINT };

/* That of a descriptor: a terminal's, else 80 columns without colour. */
struct text_style text_style_of(int fd);
/* Columns that text takes; as of East Asian characters, two each. */
unsigned text_width(struct slice text);
void text_put_ink(struct buf *to, const struct text_style *style,
		  enum text_ink ink, const char *text);
/* Appends a bar, `share` (0 to 1) of so many columns long. */
void text_put_bar(struct buf *to, const struct text_style *style, double share,
		  unsigned columns);

struct text_table;

/* A letter for each column: l, r (to the left, right) or b (bars, last). */
struct text_table *text_table_open(const char *columns);
void text_table_close(struct text_table *table);

/* Cells, from left to right and from above; the first row is the head. */
void text_table_cell(struct text_table *table, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* Text from input, escaped as messages are, and cut where it is long. */
void text_table_name(struct text_table *table, struct slice name);
void text_table_number(struct text_table *table, uint64_t number);
/* A bar; the longest is that of the largest number. */
void text_table_bar(struct text_table *table, double number);
/* Colours the row at hand. */
void text_table_warn(struct text_table *table);

/* Appends the table, each line behind two blanks, and empties it. */
void text_table_put(struct buf *to, struct text_table *table,
		    const struct text_style *style);

#endif
