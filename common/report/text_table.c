#include "report/text_table.h"

#include <stdarg.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/utf8.h"

enum {
	WIDTH = 80,     /* where there is no terminal */
	NAME_MOST = 40, /* columns of a name */
	BAR_LEAST = 8,  /* columns of a bar: better too wide a line */
	COLUMNS_MOST = 32,
};

struct cell {
	size_t at, n;   /* in the text */
	unsigned width; /* columns */
	double bar;
	bool warn;
};

struct text_table {
	const char *columns;
	size_t column_count;
	struct buf text;
	struct cell *cells;
	size_t count, room;
};

static bool
says_utf8(void)
{
	static const char *const names[] = {"LC_ALL", "LC_CTYPE", "LANG"};
	const char *value = NULL;
	size_t i;

	for (i = 0; i < 3 && !(value && *value); i++)
		value = getenv(names[i]);
	return value &&
	       (strcasestr(value, "utf-8") || strcasestr(value, "utf8"));
}

struct text_style
text_style_of(int fd)
{
	const char *term = getenv("TERM"), *plain = getenv("NO_COLOR");
	const char *columns = getenv("COLUMNS");
	bool dumb = term && strcmp(term, "dumb") == 0;
	bool terminal = isatty(fd) == 1;
	struct text_style style = {.width = WIDTH};
	struct winsize size = {0};

	if (terminal && ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col)
		style.width = size.ws_col;
	else if (columns && atoi(columns) > 0 && atoi(columns) < 10000)
		style.width = (unsigned)atoi(columns);
	style.unicode = says_utf8() && !dumb;
	style.colour = terminal && term && *term && !dumb && !(plain && *plain);
	return style;
}

/* Columns of a code point (Unicode 15, EastAsianWidth.txt: the wide blocks). */
static unsigned
columns_of(uint32_t code)
{
	static const struct {
		uint32_t from, to;
		unsigned columns;
	} blocks[] = {
		{0x300, 0x36f, 0},     {0x1100, 0x115f, 2},
		{0x200b, 0x200f, 0},   {0x2e80, 0xa4cf, 2},
		{0xac00, 0xd7a3, 2},   {0xf900, 0xfaff, 2},
		{0xfe00, 0xfe0f, 0},   {0xfe30, 0xfe6f, 2},
		{0xff00, 0xff60, 2},   {0xffe0, 0xffe6, 2},
		{0x1f300, 0x1faff, 2}, {0x20000, 0x3fffd, 2},
	};
	size_t i;

	for (i = 0; i < sizeof(blocks) / sizeof(*blocks); i++)
		if (code >= blocks[i].from && code <= blocks[i].to)
			return blocks[i].columns;
	return 1;
}

/* How much of the text fits into so many columns: bytes, and *width of them. */
static size_t
fit(struct slice text, unsigned most, unsigned *width)
{
	size_t at = 0, n;
	uint32_t code;

	*width = 0;
	while (at < text.n) {
		n = utf8_decode(text.p + at, text.n - at, &code);
		if (n == 0) {
			n = 1;
			code = '?';
		}
		if (*width + columns_of(code) > most)
			break;
		*width += columns_of(code);
		at += n;
	}
	return at;
}

unsigned
text_width(struct slice text)
{
	unsigned width;

	fit(text, UINT32_MAX, &width);
	return width;
}

static const char *
ink_of(const struct text_style *style, enum text_ink ink)
{
	static const char *const codes[] = {
		[INK_PLAIN] = "\33[0m", [INK_TITLE] = "\33[1m",
		[INK_BAR] = "\33[36m",  [INK_WARNING] = "\33[33m",
		[INK_FAINT] = "\33[2m",
	};

	return style->colour ? codes[ink] : "";
}

void
text_put_ink(struct buf *to, const struct text_style *style, enum text_ink ink,
	     const char *text)
{
	buf_puts(to, ink_of(style, ink));
	buf_puts(to, text);
	buf_puts(to, ink_of(style, INK_PLAIN));
}

void
text_put_bar(struct buf *to, const struct text_style *style, double share,
	     unsigned columns)
{
	/* Blocks from an eighth to seven eighths of a column: U+258F down. */
	static const char *const parts[] = {"",       "\u258f", "\u258e",
					    "\u258d", "\u258c", "\u258b",
					    "\u258a", "\u2589"};
	double eighths = share * columns * 8 + 0.5;
	unsigned n = eighths > 0 ? (unsigned)eighths : 0, i;

	/* What is there is seen. */
	if (n == 0 && share > 0)
		n = 1;
	if (n > 8 * columns)
		n = 8 * columns;
	buf_puts(to, ink_of(style, INK_BAR));
	if (style->unicode) {
		for (i = 0; i < n / 8; i++)
			buf_puts(to, "\u2588");
		buf_puts(to, parts[n % 8]);
	} else {
		for (i = 0; i < (n + 4) / 8 || (i == 0 && n); i++)
			buf_putc(to, '#');
	}
	buf_puts(to, ink_of(style, INK_PLAIN));
}

struct text_table *
text_table_open(const char *columns)
{
	struct text_table *table = xcalloc(1, sizeof(*table));

	table->columns = columns;
	table->column_count = strlen(columns);
	return table;
}

void
text_table_close(struct text_table *table)
{
	if (!table)
		return;
	buf_release(&table->text);
	free(table->cells);
	free(table);
}

static struct cell *
add_cell(struct text_table *table, size_t from)
{
	struct slice text = {table->text.data + from, table->text.len - from};
	struct cell *cell;

	if (table->count == table->room) {
		table->room = 2 * table->room + 64;
		table->cells = xreallocarray(table->cells, table->room,
					     sizeof(*table->cells));
	}
	cell = &table->cells[table->count++];
	*cell = (struct cell){.at = from, .n = text.n};
	if (text.n)
		cell->width = text_width(text);
	return cell;
}

void
text_table_cell(struct text_table *table, const char *format, ...)
{
	size_t from = table->text.len;
	va_list args;

	va_start(args, format);
	buf_vprintf(&table->text, format, args);
	va_end(args);
	add_cell(table, from);
}

void
text_table_name(struct text_table *table, struct slice name)
{
	size_t from = table->text.len, n;
	unsigned width;

	diag_escape(&table->text, name);
	n = fit((struct slice){table->text.data + from, table->text.len - from},
		NAME_MOST, &width);
	if (from + n < table->text.len) {
		n = fit((struct slice){table->text.data + from, n},
			NAME_MOST - 3, &width);
		table->text.len = from + n;
		buf_puts(&table->text, "...");
	}
	add_cell(table, from);
}

void
text_table_number(struct text_table *table, uint64_t number)
{
	size_t from = table->text.len;

	buf_uint(&table->text, number);
	add_cell(table, from);
}

void
text_table_bar(struct text_table *table, double number)
{
	add_cell(table, table->text.len)->bar = number;
}

void
text_table_warn(struct text_table *table)
{
	if (table->count)
		table->cells[table->count - 1].warn = true;
}

static void
blanks(struct buf *to, unsigned n)
{
	while (n--)
		buf_putc(to, ' ');
}

static void
put_cell(struct buf *to, const struct text_table *table,
	 const struct cell *cell, unsigned width, bool right)
{
	if (right)
		blanks(to, width - cell->width);
	buf_put(to, table->text.data + cell->at, cell->n);
	if (!right)
		blanks(to, width - cell->width);
}

/* One line, without blanks at its end; none where it has nothing else. */
static void
put_line(struct buf *to, const struct text_table *table,
	 const struct text_style *style, const struct cell *cells,
	 const unsigned *widths)
{
	bool warn = false;
	size_t i, from;

	for (i = 0; i < table->column_count; i++)
		warn |= cells[i].warn;
	if (warn)
		buf_puts(to, ink_of(style, INK_WARNING));
	from = to->len;
	for (i = 0; i < table->column_count; i++) {
		blanks(to, 2);
		if (table->columns[i] != 'b')
			put_cell(to, table, &cells[i], widths[i],
				 table->columns[i] == 'r');
		else if (cells[i].bar > 0)
			text_put_bar(to, style, cells[i].bar, widths[i]);
	}
	while (to->len > from && to->data[to->len - 1] == ' ')
		to->len--;
	if (to->len == from)
		return;
	if (warn)
		buf_puts(to, ink_of(style, INK_PLAIN));
	buf_putc(to, '\n');
}

/* The width of each column, that of bars being what is left of the line. */
static void
measure(struct text_table *table, const struct text_style *style,
	unsigned *widths)
{
	size_t n = table->column_count, i;
	unsigned sum = 0;
	double most = 0;

	for (i = 0; i < table->count; i++) {
		if (table->cells[i].width > widths[i % n])
			widths[i % n] = table->cells[i].width;
		if (table->cells[i].bar > most)
			most = table->cells[i].bar;
	}
	for (i = 0; i < n; i++)
		sum += 2 + widths[i];
	if (table->columns[n - 1] == 'b')
		widths[n - 1] = sum + BAR_LEAST < style->width
					? style->width - sum
					: BAR_LEAST;
	for (i = 0; i < table->count; i++)
		if (most > 0)
			table->cells[i].bar /= most;
}

void
text_table_put(struct buf *to, struct text_table *table,
	       const struct text_style *style)
{
	unsigned widths[COLUMNS_MOST] = {0};
	size_t at, n = table->column_count;

	measure(table, style, widths);
	for (at = 0; at + n <= table->count; at += n) {
		if (at == 0)
			buf_puts(to, ink_of(style, INK_FAINT));
		put_line(to, table, style, table->cells + at, widths);
		if (at == 0)
			buf_puts(to, ink_of(style, INK_PLAIN));
	}
	table->count = 0;
	buf_reset(&table->text);
}
