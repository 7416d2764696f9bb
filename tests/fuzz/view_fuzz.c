/*
 * Any lines as records on a page: each is shown, or it is told why not; what
 * is shown has no tags but the page's own, whatever names, findings and
 * metadata hold.
 */
#include <string.h>

#include "base/diag.h"
#include "base/utf8.h"
#include "fuzz.h"
#include "report/view.h"
#include "report/view_svg.h"

static struct view_options options = {
	.side = 32,
	.max_pixels = 1 << 16,
	.sort = VIEW_BY_NAME,
	.group = VIEW_BY_CATEGORY,
	.output = "/dev/null",
};
static struct label_options label;
static struct view_pane *pane;

static void
begin(void)
{
	static const struct asset_options assets = {.directory = "/nowhere",
						    .offline = true};
	struct asset_source *source = asset_source_open(&assets);

	label = label_defaults;
	label.max_pixels = 1 << 16;
	pane = view_pane_open(&options, asset_reader_open(source),
			      shape_reader_open(label_decoder_open(
				      &label, asset_reader_open(source))));
}

/* True where one of the page's own tags stands at p. */
static bool
is_own_tag(const char *p, size_t n)
{
	static const char *const tags[] = {
		"svg viewBox=\"0 0 ",
		"path class=\"",
		"circle class=\"f ",
		"rect class=\"f ",
		"title>",
		"span class=\"",
		"p class=\"kinds\">",
		"b>",
		"dl>",
		"dt>",
		"dd>",
		"em>",
		"ul>",
		"li>",
		"li class=\"",
		"details>",
		"summary>",
		"svg>",
		"path>",
		"circle>",
		"rect>",
		"img loading=\"lazy\" decoding=\"async\" alt=\"\" src=\"http",
		"span>",
		"p>"};
	size_t i;

	if (n && *p == '/') {
		p++;
		n--;
	}
	for (i = 0; i < sizeof(tags) / sizeof(*tags); i++)
		if (strlen(tags[i]) <= n &&
		    memcmp(p, tags[i], strlen(tags[i])) == 0)
			return true;
	return false;
}

static void
check_shown(struct slice line)
{
	size_t i;

	PROMISE(utf8_valid(line), "it is UTF-8");
	for (i = 0; i < line.n; i++) {
		PROMISE((unsigned char)line.p[i] >= ' ' ||
				line.p[i] == VIEW_REF,
			"no controls");
		PROMISE(line.p[i] != '<' ||
				is_own_tag(line.p + i + 1, line.n - i - 1),
			"no tags from names");
	}
}

static void
show(struct view *view, const struct record *record)
{
	struct buf shown = {0};
	struct slice url;
	const char *why = NULL;

	if (view_pane_put(pane, record, &shown, &why, &url) < 0) {
		PROMISE(*why, "why it is not");
	} else {
		PROMISE(shown.len && shown.data[shown.len - 1] == '\n',
			"it is a line");
		shown.len--;
		check_shown(buf_view(&shown));
		PROMISE(view_add(view, buf_view(&shown)) == 0, "it is taken");
	}
	buf_release(&shown);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct buf said;
	struct slice rest = {(const char *)data, size};
	struct record record = {0};
	struct json_error error;
	struct view *view;
	int i;

	/* A record names files to be read: none that is here. */
	if (size == 0 || size > 5000 || memmem(data, size, "path", 4))
		return 0;
	if (!pane)
		begin();
	buf_reset(&said);
	diag_capture(&said);
	options.link = data[size - 1] & 1;
	view = view_open(&options);
	PROMISE(view, "a page can be begun");
	for (i = 0; i < 4 && rest.n; i++)
		if (record_parse(&record, fuzz_line(&rest), &error) == 0)
			show(view, &record);
	PROMISE(view_write(view) == 0, "the page is written");
	view_close(view);
	record_release(&record);
	diag_capture(NULL);
	return 0;
}
