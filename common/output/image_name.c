#include "output/image_name.h"

#include <stdlib.h>

#include "store/file_name.h"
#include "store/path.h"

struct image_names {
	enum image_naming naming;
	struct buf path, text;
};

struct image_names *
image_names_open(enum image_naming naming)
{
	struct image_names *names = xcalloc(1, sizeof(*names));

	names->naming = naming;
	return names;
}

void
image_names_close(struct image_names *names)
{
	if (!names)
		return;
	buf_release(&names->path);
	buf_release(&names->text);
	free(names);
}

bool
image_names_put(struct image_names *names, const struct record *record,
		struct buf *to)
{
	const size_t front = strlen("images/");
	struct remote remote;

	if (!remote_read(record, ASSET_IMAGE, &remote, &names->text)) {
		path_put(to, buf_view(&record->name_text));
		return names->naming == IMAGE_BY_NAME;
	}
	if (names->naming == IMAGE_BY_PATH || !remote.url.n) {
		buf_slice(to, remote.path);
		return remote.path.n > 0;
	}
	buf_reset(&names->path);
	if (!file_name_put(&remote,
			   names->naming == IMAGE_BY_UUID ? FILE_BY_UUID
							  : FILE_BY_NAME,
			   &names->path))
		return false;
	buf_put(to, names->path.data + front, names->path.len - front);
	return true;
}

/* True for a path that may lead out of a directory. */
static bool
leads_out(struct slice path)
{
	size_t i, n;

	if (!path.n || path.p[0] == '/')
		return true;
	for (i = 0; i < path.n; i += n + 1) {
		for (n = 0; i + n < path.n && path.p[i + n] != '/';)
			n++;
		if (n == 0 || (n <= 2 && memcmp(path.p + i, "..", n) == 0))
			return true;
	}
	return false;
}

bool
image_names_put_below(struct image_names *names, const struct record *record,
		      struct buf *to)
{
	const struct slice sample = buf_view(&record->name_text);
	const char *slash, *dot = NULL;
	struct buf name = {0};
	bool known = image_names_put(names, record, &name);

	if (known && !leads_out(buf_view(&name))) {
		buf_slice(to, buf_view(&name));
	} else if (known) {
		/* No NUL is in it: it names a file. */
		slash = strrchr(buf_cstr(&name), '/');
		dot = slash ? strrchr(slash, '.') : NULL;
		path_put(to, sample);
		if (dot && !slice_ends(buf_view(to), dot))
			buf_puts(to, dot);
	}
	buf_release(&name);
	return known;
}
