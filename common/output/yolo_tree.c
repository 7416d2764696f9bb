/* A tree: images/PART, labels/PART or masks/PART, data.yaml. */
#include "base/utf8.h"
#include "output/tree_image.h"
#include "output/yolo_parts.h"
#include "json/json.h"

/* Sets *path to KIND/PART/NAME, the name's first n bytes. */
static struct slice
set_path(struct buf *path, const char *kind, const char *part,
	 struct slice name, const char *suffix)
{
	buf_reset(path);
	buf_puts(path, kind);
	buf_putc(path, '/');
	buf_puts(path, part);
	buf_putc(path, '/');
	buf_slice(path, name);
	buf_puts(path, suffix);
	return buf_view(path);
}

/* The name without its extension. */
static struct slice
stem_of(const struct yolo_names *names)
{
	return (struct slice){names->name.data, names->stem};
}

int
yolo_put_mask(const struct yolo_options *options, struct yolo_names *names,
	      const struct record *record, struct slice png, struct buf *why)
{
	struct buf path = {0};
	int result;

	if (!yolo_names_settle(names, record)) {
		buf_slice(why, buf_view(&names->failure));
		return -1;
	}
	set_path(&path, "masks",
		 yolo_folder(options, yolo_find_part(options, record)),
		 stem_of(names), ".png");
	result = tree_put(options->tree, record->place.number, buf_view(&path),
			  png, why);
	buf_release(&path);
	return result;
}

int
yolo_put_image(const struct yolo_options *options, struct yolo_names *names,
	       struct asset_reader *assets, const struct record *record,
	       struct slice *url, struct buf *why)
{
	struct buf path = {0};
	int result;

	if (!yolo_names_settle(names, record)) {
		buf_slice(why, buf_view(&names->failure));
		return -1;
	}
	set_path(&path, "images",
		 yolo_folder(options, yolo_find_part(options, record)),
		 buf_view(&names->name), "");
	result = tree_image_put(options->tree, options->link, assets, record,
				buf_view(&path), why);
	if (result < 0)
		*url = asset_failed_url(assets);
	buf_release(&path);
	return result;
}

/* Puts the label file: 0, or -1. */
static int
put_label(struct yolo *yolo, const char *part)
{
	struct buf *text = &yolo->text;
	char *at, *end;

	buf_reset(text);
	buf_slice(text, buf_view(&yolo->rows));
	end = text->data + text->len;
	for (at = text->data;
	     text->len && (at = memchr(at, ';', (size_t)(end - at))); at++)
		*at = '\n';
	return tree_put(yolo->options.tree, yolo->record->place.number,
			set_path(&yolo->path, "labels", part,
				 stem_of(yolo->names), ".txt"),
			buf_view(text), &yolo->failure);
}

int
yolo_put_files(struct yolo *yolo)
{
	const struct yolo_options *options = &yolo->options;
	const struct record *record = yolo->record;
	const char *part = yolo_folder(options, yolo->part);

	if (!yolo_names_settle(yolo->names, record))
		return yolo_fail(yolo, "%s", buf_cstr(&yolo->names->failure));
	buf_reset(&yolo->failure);
	if (options->task != YOLO_SEMANTIC && put_label(yolo, part) < 0)
		return -1;
	return tree_settle(options->tree, record->place.number,
			   record->place.sample, &yolo->failure);
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
			   yolo_folder(&yolo->options, from));
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

static void
put_class(const struct yolo *yolo, size_t class, struct buf *to)
{
	int64_t id;

	buf_printf(to, "  %zu: ", class);
	put_yaml_string(to, yolo_class_name(&yolo->classes, class));
	if (yolo_class_id(&yolo->classes, class, &id))
		buf_printf(to, "  # category %lld\n", (long long)id);
	else
		buf_puts(to, "  # points of one object\n");
}

/* What ultralytics wants to know of keypoints. */
static void
put_keypoints(const struct yolo *yolo, struct buf *to)
{
	const struct yolo_keypoints *keypoints = &yolo->options.keypoints;
	size_t class, i;

	buf_printf(to, "kpt_shape: [%zu, 3]\n", keypoints->count);
	if (keypoints->flips) {
		buf_puts(to, "flip_idx: [");
		for (i = 0; i < keypoints->count; i++)
			buf_printf(to, "%s%zu", i ? ", " : "",
				   keypoints->flip[i]);
		buf_puts(to, "]\n");
	}
	if (!yolo->options.points.by || !yolo->classes.count)
		return;
	buf_puts(to, "kpt_names:\n");
	for (class = 0; class < yolo->classes.count; class ++) {
		buf_printf(to, "  %zu: [", class);
		for (i = 0; i < keypoints->count; i++) {
			buf_puts(to, i ? ", " : "");
			put_yaml_string(to, keypoints->names[i]);
		}
		buf_puts(to, "]\n");
	}
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
	if (yolo->options.task == YOLO_SEMANTIC)
		buf_puts(to, "masks_dir: masks\n");
	if (yolo->options.task == YOLO_POSE)
		put_keypoints(yolo, to);
	buf_printf(to, "nc: %zu\nnames:%s\n", yolo->classes.count,
		   yolo->classes.count ? "" : " {}");
	for (i = 0; i < yolo->classes.count; i++)
		put_class(yolo, i, to);
	tree_index(yolo->options.tree, "data.yaml", buf_view(to));
}
