/* Tables and bars for a terminal, and what a terminal is taken to show. */
#include "report/text_table.h"

#include <stdlib.h>
#include <string.h>

#include "tap.h"

static void
is(struct buf *got, const char *want, const char *name)
{
	if (!ok(strcmp(buf_cstr(got), want) == 0, "%s", name))
		printf("# got:\n%s\n# not:\n%s\n", buf_cstr(got), want);
	buf_reset(got);
}

/* Each variable of which none may be set: NAME=VALUE, or NULL. */
static struct text_style
style_with(const char *first, const char *second)
{
	static const char *const names[] = {"LC_ALL", "LC_CTYPE", "LANG",
					    "TERM",   "COLUMNS",  "NO_COLOR"};
	const char *const set[] = {first, second};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		unsetenv(names[i]);
	for (size_t i = 0; i < 2; i++)
		if (set[i])
			putenv((char *)(uintptr_t)set[i]);
	return text_style_of(-1);
}

static void
test_styles(void)
{
	ok(!style_with(NULL, NULL).unicode, "no locale: ASCII");
	ok(style_with("LANG=en_US.UTF-8", NULL).unicode, "LANG");
	ok(style_with("LC_CTYPE=C.utf8", NULL).unicode,
	   "LC_CTYPE, as the C library spells it");
	ok(!style_with("LC_ALL=C", "LANG=en_US.UTF-8").unicode,
	   "LC_ALL is above the others");
	ok(style_with("LC_ALL=", "LANG=en_US.UTF-8").unicode,
	   "but not where it is empty");
	ok(!style_with("TERM=dumb", "LANG=en_US.UTF-8").unicode,
	   "a terminal that is dumb");
	ok(style_with(NULL, NULL).width == 80, "80 columns");
	ok(style_with("COLUMNS=100", NULL).width == 100, "COLUMNS");
	ok(style_with("COLUMNS=0", NULL).width == 80, "of which none is none");
	ok(style_with("COLUMNS=10000", NULL).width == 80, "and too many");
	ok(!style_with("TERM=xterm", NULL).colour,
	   "no colour without a terminal");
}

static void
test_bars(void)
{
	static const struct {
		double share;
		const char *plain, *blocks;
	} rows[] = {
		{0, "", ""},
		{-1, "", ""},
		{1e-9, "#", "\u258f"},
		{0.25, "#", "\u2588"},
		{0.375, "##", "\u2588\u258c"},
		{0.97, "####", "\u2588\u2588\u2588\u2589"},
		{1, "####", "\u2588\u2588\u2588\u2588"},
		{7, "####", "\u2588\u2588\u2588\u2588"},
	};
	const struct text_style plain = {.width = 80};
	const struct text_style unicode = {.width = 80, .unicode = true};
	struct buf got = {0};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		text_put_bar(&got, &plain, rows[i].share, 4);
		ok(strcmp(buf_cstr(&got), rows[i].plain) == 0,
		   "a share of %g of 4 columns", rows[i].share);
		buf_reset(&got);
		text_put_bar(&got, &unicode, rows[i].share, 4);
		ok(strcmp(buf_cstr(&got), rows[i].blocks) == 0,
		   "in eighths of a column");
		buf_reset(&got);
	}
	buf_release(&got);
}

static void
test_table(void)
{
	const struct text_style plain = {.width = 30};
	struct text_table *table = text_table_open("lrb");
	struct buf got = {0};

	text_table_put(&got, table, &plain);
	is(&got, "", "a table without a row");
	text_table_cell(table, "name");
	text_table_cell(table, "n");
	text_table_cell(table, "%s", "");
	text_table_name(table, slice_of("caf\u00e9"));
	text_table_number(table, 4);
	text_table_bar(table, 4);
	text_table_name(table, slice_of("\u6f22\u5b57"));
	text_table_number(table, 10);
	text_table_bar(table, 2);
	text_table_put(&got, table, &plain);
	is(&got,
	   "  name   n\n"
	   "  caf\u00e9   4  ##################\n"
	   "  \u6f22\u5b57  10  #########\n",
	   "columns are as wide as what is seen, the bar takes the rest");
	text_table_close(table);
	text_table_close(NULL);
	buf_release(&got);
}

int
main(void)
{
	test_styles();
	test_bars();
	test_table();
	return done_testing();
}
