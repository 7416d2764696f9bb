#include "output/yolo_name.h"

#include <stdarg.h>
#include <stdlib.h>
#include <strings.h>

#include "store/path.h"
#include "json/json.h"

struct yolo_names *
yolo_names_open(enum image_naming naming)
{
	struct yolo_names *names = xcalloc(1, sizeof(*names));

	names->images = image_names_open(naming);
	names->by_uuid = naming == IMAGE_BY_UUID;
	return names;
}

void
yolo_names_close(struct yolo_names *names)
{
	if (!names)
		return;
	image_names_close(names->images);
	buf_release(&names->name);
	buf_release(&names->text);
	buf_release(&names->failure);
	free(names);
}

/* The image files that ultralytics looks for. */
static bool
is_readable(struct slice suffix)
{
	static const char *const known[] = {
		".avif", ".bmp", ".dng", ".heic", ".heif", ".jp2",  ".jpeg",
		".jpg",  ".mpo", ".png", ".tif",  ".tiff", ".webp",
	};
	size_t i;

	for (i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (strlen(known[i]) == suffix.n &&
		    strncasecmp(known[i], suffix.p, suffix.n) == 0)
			return true;
	return false;
}

static bool
has_url(struct slice image)
{
	struct slice url;

	return json_find(image, "url", &url) && json_type(url) == JSON_STRING &&
	       url.n > 2;
}

/* True where some part of the path is hidden or leads up. */
static bool
has_dots(struct slice path)
{
	size_t i;

	for (i = 0; i < path.n; i++)
		if (path.p[i] == '.' && (i == 0 || path.p[i - 1] == '/'))
			return true;
	return false;
}

/* What is behind the last dot of a path's last part, with the dot. */
static struct slice
suffix_of(struct slice path)
{
	const char *slash = memrchr(path.p, '/', path.n), *dot;

	if (slash) {
		path.n -= (size_t)(slash + 1 - path.p);
		path.p = slash + 1;
	}
	dot = memrchr(path.p, '.', path.n);
	if (!dot)
		return (struct slice){path.p + path.n, 0};
	return (struct slice){dot, (size_t)(path.p + path.n - dot)};
}

/*
 * An image that has no URL lies anywhere: it is called as its sample is, and by
 * the ending of its file where the sample has none.
 */
static void
name_by_sample(struct yolo_names *names, const struct record *record)
{
	struct slice image = {0}, value;
	struct buf *text = &names->text, *name = &names->name;

	record_asset(record, ASSET_IMAGE, &image);
	if (has_url(image))
		return;
	buf_reset(text);
	buf_reset(name);
	if (names->by_uuid && json_string(record->uuid, text))
		path_put(name, buf_view(text));
	else
		path_put(name, record->place.sample);
	buf_reset(text);
	if (!is_readable(suffix_of(buf_view(name))) &&
	    json_find(image, "path", &value) && json_string(value, text))
		buf_slice(name, suffix_of(buf_view(text)));
}

/*
 * Ultralytics puts labels for the last /images/ of a path, so a folder of that
 * name is spelt otherwise: as path_put spells no letter.
 */
static void
rename_folders(struct yolo_names *names)
{
	static const char folder[] = "images/", spelt[] = "%69mages/";
	struct buf *name = &names->name, *text = &names->text;
	size_t i = 0, n = sizeof(folder) - 1;

	if (!memmem(name->data, name->len, folder, n))
		return;
	buf_reset(text);
	while (i < name->len) {
		if ((i == 0 || name->data[i - 1] == '/') && name->len - i > n &&
		    memcmp(name->data + i, folder, n) == 0) {
			buf_puts(text, spelt);
			i += n;
		} else {
			buf_putc(text, name->data[i++]);
		}
	}
	buf_reset(name);
	buf_slice(name, buf_view(text));
}

__attribute__((format(printf, 2, 3))) static bool
fail(struct yolo_names *names, const char *format, ...)
{
	va_list args;

	buf_reset(&names->failure);
	va_start(args, format);
	buf_vprintf(&names->failure, format, args);
	va_end(args);
	return false;
}

bool
yolo_names_take(struct yolo_names *names, const struct record *record)
{
	buf_reset(&names->name);
	if (image_names_put(names->images, record, &names->name))
		return true;
	return fail(names, "the sample lacks what its image is called by");
}

bool
yolo_names_settle(struct yolo_names *names, const struct record *record)
{
	struct buf *name = &names->name;
	const char *dot;

	if (!yolo_names_take(names, record))
		return false;
	name_by_sample(names, record);
	rename_folders(names);
	dot = memrchr(name->data, '.', name->len);
	names->stem = dot ? (size_t)(dot - name->data) : name->len;
	if (has_dots(buf_view(name)))
		return fail(names, "ultralytics does not find images whose "
				   "name begins with a dot");
	if (!is_readable((struct slice){name->data + names->stem,
					name->len - names->stem}))
		return fail(names, "ultralytics reads no images called %s",
			    buf_cstr(name));
	return true;
}
