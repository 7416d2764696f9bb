#include "output/image_name.h"

#include <stdlib.h>

#include "store/path.h"
#include "store/store.h"

struct image_names {
	const char *directory;
	struct store *store;
	struct store_line line;
	struct buf path, text;
};

struct image_names *
image_names_open(const char *directory)
{
	struct image_names *names = xcalloc(1, sizeof(*names));

	names->directory = directory;
	names->store = store_open(directory, false);
	if (names->store)
		return names;
	free(names);
	return NULL;
}

void
image_names_close(struct image_names *names)
{
	if (!names)
		return;
	store_close(names->store);
	store_line_release(&names->line);
	buf_release(&names->path);
	buf_release(&names->text);
	free(names);
}

static const char images[] = "images/";

/* Takes `front` off a path that begins with it: true if it did. */
static bool
strip(struct slice *path, struct slice front)
{
	if (path->n <= front.n || memcmp(path->p, front.p, front.n) != 0)
		return false;
	path->p += front.n;
	path->n -= front.n;
	return true;
}

/* What is in front of the last so many parts of a path, with its slash. */
static struct slice
front_of(struct slice path, size_t parts)
{
	while (path.n && (path.p[path.n - 1] != '/' || --parts))
		path.n--;
	return path;
}

static bool
is_images(struct slice front)
{
	const size_t n = sizeof(images) - 1;

	return slice_ends(front, images) &&
	       (front.n == n || front.p[front.n - n - 1] == '/');
}

/* The parts of a sample's name as seg-fetch makes a path of it. */
static size_t
count_parts(struct image_names *names, struct slice name)
{
	size_t count = 1, i;

	buf_reset(&names->text);
	path_put(&names->text, name);
	for (i = 0; i < names->text.len; i++)
		count += names->text.data[i] == '/';
	return count;
}

/*
 * The name of an image that lies at a path. Below another DIR than ours it has
 * as many parts as the sample's name, or one, should a file have been in the
 * way of a directory. Elsewhere it is where it is.
 */
static struct slice
name_at(struct image_names *names, const struct record *record,
	struct slice path)
{
	struct slice front;
	size_t parts;

	buf_reset(&names->text);
	store_put_path(names->store, slice_of(images), &names->text);
	if (strip(&path, buf_view(&names->text)))
		return path;
	parts = count_parts(names, buf_view(&record->name_text));
	front = front_of(path, parts);
	if (!is_images(front))
		front = front_of(path, 1);
	if (is_images(front))
		strip(&path, front);
	return path;
}

void
image_names_put(struct image_names *names, const struct record *record,
		struct buf *to)
{
	struct slice image, value, path;
	struct remote remote;

	buf_reset(&names->path);
	if (record_asset(record, ASSET_IMAGE, &image) &&
	    json_find(image, "path", &value) &&
	    json_string(value, &names->path) && names->path.len) {
		buf_slice(to, name_at(names, record, buf_view(&names->path)));
	} else if (remote_read(record, ASSET_IMAGE, &remote, &names->text)) {
		store_choose(names->store, &remote, &names->path, &names->line);
		path = buf_view(&names->path);
		strip(&path, slice_of(images));
		buf_slice(to, path);
	} else {
		path_put(to, buf_view(&record->name_text));
	}
}
