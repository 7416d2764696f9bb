#include "store/file_name.h"

#include "net/url.h"
#include "store/path.h"

/* The kinds of an image's ending that are two spellings of one. */
static bool
same_suffix(const char *a, const char *b)
{
	if (strcmp(a, ".jpeg") == 0)
		a = ".jpg";
	if (strcmp(b, ".jpeg") == 0)
		b = ".jpg";
	return strncmp(a, b, 4) == 0;
}

/*
 * Parts the name from the ending that its file is to have: the label's is
 * added to the whole name, the image's is that of its URL, where the name has
 * none of that kind itself.
 */
static void
split_suffix(const struct remote *remote, struct slice name, struct slice *stem,
	     struct slice *suffix)
{
	const char *own = url_image_suffix(name);
	const char *asked = url_image_suffix(url_path(remote->url));
	size_t n;

	*stem = name;
	*suffix = slice_of(asked ? asked : "");
	if (remote->kind == ASSET_LABEL) {
		*suffix = slice_of(".png");
		return;
	}
	if (!own || (asked && !same_suffix(own, asked)))
		return;
	n = strlen(own);
	if (stem->p[stem->n - n - 1] == '/')
		return;
	stem->n -= n;
	*suffix = (struct slice){stem->p + stem->n, n};
}

static bool
is_default_labelset(struct slice labelset)
{
	return !labelset.n || slice_is(labelset, "ground-truth") ||
	       slice_is(labelset, "segmentation");
}

/*
 * Appends what a sample is called by its uuid. All frames of a sequence have
 * that of their sample, so they go by sensor and number below it.
 */
static bool
put_uuid(const struct remote *remote, struct buf *to)
{
	struct slice sensor, index;
	int64_t number;

	if (!remote->uuid.n)
		return false;
	buf_slice(to, remote->uuid);
	if (!remote->frame.n || json_type(remote->frame) != JSON_OBJECT)
		return true;
	if (json_find(remote->frame, "sensor", &sensor) &&
	    json_type(sensor) == JSON_STRING) {
		buf_putc(to, '/');
		json_string(sensor, to);
	}
	if (!json_find(remote->frame, "index", &index) ||
	    !json_int(index, &number) || number < 0)
		return false;
	buf_printf(to, "/%06lld", (long long)number);
	return true;
}

static void
put_path(const struct remote *remote, struct slice name, struct buf *path)
{
	struct slice stem, suffix;

	split_suffix(remote, name, &stem, &suffix);
	buf_puts(path, remote->kind == ASSET_IMAGE ? "images" : "labels");
	if (remote->kind == ASSET_LABEL &&
	    !is_default_labelset(remote->labelset)) {
		buf_putc(path, '-');
		path_put_part(path, remote->labelset);
	}
	buf_putc(path, '/');
	path_put(path, stem);
	buf_slice(path, suffix);
}

bool
file_name_put(const struct remote *remote, enum file_naming naming,
	      struct buf *path)
{
	struct buf name = {0};
	bool good = true;

	if (naming == FILE_BY_NAME) {
		put_path(remote, remote->name, path);
		return true;
	}
	good = put_uuid(remote, &name);
	if (good)
		put_path(remote, buf_view(&name), path);
	buf_release(&name);
	return good;
}
