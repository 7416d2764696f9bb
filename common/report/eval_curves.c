#include "report/eval_curves.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>

#include "base/diag.h"
#include "base/file.h"
#include "base/io.h"

enum { FILES = 2 };

static const char *const endings[FILES] = {".tsv", ".svg"};

struct eval_curves {
	const char *name;
	struct file *files[FILES];
};

static void
say(const struct eval_curves *curves, size_t i)
{
	diag_say(NULL, "%s%s: %s", curves->name, endings[i], strerror(errno));
}

struct eval_curves *
eval_curves_open(const char *name)
{
	struct eval_curves *curves = xcalloc(1, sizeof(*curves));
	struct buf path = {0};
	size_t i;

	curves->name = name;
	for (i = 0; i < FILES; i++) {
		buf_reset(&path);
		buf_puts(&path, name);
		buf_puts(&path, endings[i]);
		curves->files[i] = file_create(AT_FDCWD, buf_cstr(&path));
		if (!curves->files[i])
			break;
	}
	buf_release(&path);
	if (i == FILES)
		return curves;
	say(curves, i);
	eval_curves_close(curves);
	return NULL;
}

/* Writes one of them and names it: 0, or -1 with the message said. */
static int
write_one(struct eval_curves *curves, size_t i, const struct buf *text)
{
	struct file *file = curves->files[i];
	int result = io_write(file_fd(file), text->data, text->len);

	curves->files[i] = NULL;
	if (result == 0)
		result = file_publish(file);
	else
		file_drop(file);
	if (result < 0)
		say(curves, i);
	return result;
}

int
eval_curves_write(struct eval_curves *curves, const struct eval_report *report)
{
	struct buf text = {0};
	int result;

	eval_print_curves(report, &text);
	result = write_one(curves, 0, &text);
	buf_reset(&text);
	eval_print_svg(report, &text);
	if (result == 0)
		result = write_one(curves, 1, &text);
	buf_release(&text);
	return result;
}

void
eval_curves_close(struct eval_curves *curves)
{
	size_t i;

	if (!curves)
		return;
	for (i = 0; i < FILES; i++)
		file_drop(curves->files[i]);
	free(curves);
}
