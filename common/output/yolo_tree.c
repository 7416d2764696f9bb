/* A tree: images/PART, labels/PART, data.yaml. */
#include <strings.h>

#include "base/utf8.h"
#include "output/tree_image.h"
#include "output/yolo_parts.h"
#include "store/path.h"
#include "json/json.h"

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
name_by_sample(struct yolo *yolo)
{
	struct slice image = {0}, value;
	struct buf *text = &yolo->text;

	record_asset(yolo->record, ASSET_IMAGE, &image);
	if (has_url(image))
		return;
	buf_reset(text);
	buf_reset(&yolo->name);
	if (yolo->options.by_uuid && json_string(yolo->record->uuid, text))
		path_put(&yolo->name, buf_view(text));
	else
		path_put(&yolo->name, yolo->record->place.sample);
	buf_reset(text);
	if (!is_readable(suffix_of(buf_view(&yolo->name))) &&
	    json_find(image, "path", &value) && json_string(value, text))
		buf_slice(&yolo->name, suffix_of(buf_view(text)));
}

/*
 * Ultralytics puts labels for the last /images/ of a path, so a folder of that
 * name is spelt otherwise: as path_put spells no letter.
 */
static void
rename_folders(struct yolo *yolo)
{
	static const char folder[] = "images/", spelt[] = "%69mages/";
	struct buf *name = &yolo->name, *text = &yolo->text;
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

/* Settles what the image is called: 0 with its stem's length, or -1. */
static int
settle_name(struct yolo *yolo, size_t *stem)
{
	struct buf *name = &yolo->name;
	const char *dot;

	name_by_sample(yolo);
	rename_folders(yolo);
	dot = memrchr(name->data, '.', name->len);
	*stem = dot ? (size_t)(dot - name->data) : name->len;
	if (has_dots(buf_view(name)))
		return yolo_fail(yolo,
				 "ultralytics does not find images whose name "
				 "begins with a dot");
	if (!is_readable((struct slice){name->data + *stem, name->len - *stem}))
		return yolo_fail(yolo, "ultralytics reads no images called %s",
				 buf_cstr(name));
	return 0;
}

/* Sets yolo->path to KIND/PART/NAME, the name's first n bytes. */
static struct slice
set_path(struct yolo *yolo, const char *kind, size_t n, const char *suffix)
{
	struct buf *path = &yolo->path;

	buf_reset(path);
	buf_puts(path, kind);
	buf_putc(path, '/');
	buf_puts(path, yolo_folder(yolo, yolo->part));
	buf_putc(path, '/');
	buf_put(path, yolo->name.data, n);
	buf_puts(path, suffix);
	return buf_view(path);
}

/* Puts a file and makes sure that it is this record's: 0, or -1. */
static int
put_file(struct yolo *yolo, struct slice path, struct slice bytes)
{
	const unsigned long long number = yolo->record->place.number;
	struct tree *tree = yolo->options.tree;

	buf_reset(&yolo->failure);
	if (tree_put(tree, number, path, bytes, &yolo->failure) < 0)
		return -1;
	return tree_confirm(tree, number, path, yolo->record->place.sample,
			    &yolo->failure);
}

int
yolo_put_files(struct yolo *yolo)
{
	struct buf *text = &yolo->text;
	size_t stem, i;

	if (settle_name(yolo, &stem) < 0)
		return -1;
	buf_reset(text);
	buf_slice(text, buf_view(&yolo->rows));
	for (i = 0; i < text->len; i++)
		if (text->data[i] == ';')
			text->data[i] = '\n';
	/* First: two images may share a label file, which is one's alone. */
	if (put_file(yolo, set_path(yolo, "labels", stem, ".txt"),
		     buf_view(text)) < 0)
		return -1;
	buf_reset(&yolo->failure);
	return tree_image(yolo->options.tree, yolo->options.link,
			  yolo->options.assets, yolo->record,
			  set_path(yolo, "images", yolo->name.len, ""),
			  &yolo->failure);
}

/* True for what YAML takes for no text, or for the end of a line. */
static bool
is_odd(uint32_t code)
{
	return (code >= 0x7f && code < 0xa0) || code == 0x2028 ||
	       code == 0x2029 || code == 0xfeff || code >= 0xfffe;
}

/* Appends text as YAML has it between double quotes, on one line. */
static void
put_yaml_string(struct buf *to, struct slice text)
{
	struct buf json = {0};
	uint32_t code;
	size_t i, n;

	json_put_string(&json, text);
	for (i = 0; i < json.len; i += n) {
		n = utf8_decode(json.data + i, json.len - i, &code);
		n += n == 0;
		if (is_odd(code) && code < 0x10000)
			buf_printf(to, "\\u%04x", (unsigned)code);
		else
			buf_put(to, json.data + i, n);
	}
	buf_release(&json);
}

static void
put_parts(const struct yolo *yolo, struct buf *to)
{
	const uint64_t *images = yolo->counts.images;
	const enum yolo_part any = images[YOLO_TRAIN] ? YOLO_TRAIN : YOLO_VAL;
	enum yolo_part part, from;

	for (part = YOLO_TRAIN; part < YOLO_PARTS; part++) {
		from = part;
		if (!images[part] && part == YOLO_TEST)
			continue;
		if (!images[part] && images[any])
			from = any;
		buf_printf(to, "%s: images/%s\n", yolo_part_keys[part],
			   yolo_folder(yolo, from));
	}
}

/* Appends a string of JSON as a comment may have it. */
static void
put_note(struct buf *to, const char *what, const struct buf *json)
{
	struct buf text = {0};

	if (!json->len || !json_string(buf_view(json), &text))
		return;
	buf_puts(to, what);
	put_yaml_string(to, buf_view(&text));
	buf_release(&text);
}

void
yolo_put_yaml(struct yolo *yolo)
{
	struct buf *to = &yolo->text;
	size_t i;

	buf_reset(to);
	buf_printf(to, "# By seg-yolo, for %s",
		   yolo_task_names[yolo->options.task]);
	put_note(to, ", from data set ", &yolo->dataset);
	put_note(to, ", release ", &yolo->release);
	buf_putc(to, '\n');
	put_parts(yolo, to);
	buf_printf(to, "nc: %zu\nnames:%s\n", yolo->classes.count,
		   yolo->classes.count ? "" : " {}");
	for (i = 0; i < yolo->classes.count; i++) {
		const struct yolo_class *class = &yolo->classes.list[i];

		buf_printf(to, "  %zu: ", i);
		put_yaml_string(to, buf_view(&class->name));
		buf_puts(to, "  # category ");
		buf_int(to, class->id);
		buf_putc(to, '\n');
	}
	tree_index(yolo->options.tree, "data.yaml", buf_view(to));
}
