/* Finished YOLO data sets: data.yaml and its parts. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/diag.h"
#include "base/io.h"
#include "report/check_yolo_parts.h"
#include "report/fingerprint.h"
#include "json/json.h"

/* No data.yaml is larger. */
enum { MOST_YAML = 64 << 20 };

const char *const yolo_part_keys[YOLO_PARTS] = {"train", "val", "test"};

static const struct yaml_member *
member(const struct yolo_judge *judge, const char *key)
{
	return data_yaml_find(&judge->yaml, key);
}

static struct slice
yaml_text_of(const struct yolo_judge *judge, struct yaml_text text)
{
	return data_yaml_text(&judge->yaml, text);
}

/* A whole number of one to nine digits. */
static bool
read_index(struct slice text, size_t *number)
{
	size_t i;

	*number = 0;
	for (i = 0; i < text.n; i++) {
		if (text.p[i] < '0' || text.p[i] > '9')
			return false;
		*number = 10 * *number + (size_t)(text.p[i] - '0');
	}
	return text.n > 0 && text.n < 10;
}

/* The name of class n; `others` are those before it. */
static void
judge_name(struct yolo_judge *judge, const struct yaml_member *names, size_t n,
	   struct hash_set *others)
{
	const struct yaml_item *item = &names->items[n];
	const struct slice name = yaml_text_of(judge, item->value);
	const uint64_t hash = fingerprint_bytes(12, name);

	file_judge_line(&judge->file, item->line);
	if (!item->value.quoted && yaml_type_of(name) != YAML_STRING)
		file_judge_put(&judge->file, RULE_NAME_UNQUOTED,
			       name.n ? "%.*s is no text to YAML"
				      : "a name is empty",
			       (int)name.n, name.p);
	else if (n == 0 && name.n > 1 && name.p[0] == 'n' && name.p[1] == '0')
		file_judge_put(&judge->file, RULE_NAME_UNQUOTED,
			       "%.*s, the first, begins with n0: ultralytics "
			       "takes ImageNet's names instead",
			       (int)name.n, name.p);
	if (hash_set_has(others, hash)) {
		judge->file.mild = true;
		file_judge_put(&judge->file, RULE_NAME_DUPLICATE,
			       "two classes are called %.*s", (int)name.n,
			       name.p);
	}
	hash_set_add(others, hash);
}

static void
judge_names(struct yolo_judge *judge)
{
	const struct yaml_member *names = member(judge, "names");
	struct hash_set others = {0};
	size_t i, key;

	judge->classes = names->count;
	if (names->kind == YAML_TEXT) {
		judge->classes = 0;
		file_judge_put(&judge->file, RULE_NAMES_BROKEN,
			       "names is neither a list nor a mapping");
		return;
	}
	for (i = 0; i < names->count; i++) {
		judge_name(judge, names, i, &others);
		if (names->kind == YAML_LIST ||
		    (read_index(yaml_text_of(judge, names->items[i].key),
				&key) &&
		     key == i))
			continue;
		file_judge_put(&judge->file, RULE_NAMES_BROKEN,
			       "names goes on with %.*s, not with %zu",
			       (int)names->items[i].key.n,
			       yaml_text_of(judge, names->items[i].key).p, i);
		break;
	}
	hash_set_release(&others);
	file_judge_end(&judge->file);
}

/* The classes: names, how many. */
static void
judge_classes(struct yolo_judge *judge)
{
	const struct yaml_member *names = member(judge, "names");
	const struct yaml_member *nc = member(judge, "nc");
	size_t count = 0;
	const bool counted =
		nc->there && nc->kind == YAML_TEXT &&
		read_index(yaml_text_of(judge, nc->items[0].value), &count);

	if (names->there)
		judge_names(judge);
	else if (!nc->there)
		file_judge_put(&judge->file, RULE_MEMBER_MISSING, "no names");
	if (nc->there) {
		file_judge_line(&judge->file, nc->line);
		if (!counted || (names->there && count != judge->classes))
			file_judge_put(&judge->file, RULE_NAMES_BROKEN,
				       "nc is not the count of names, %zu",
				       judge->classes);
	}
	if (!names->there)
		judge->classes = count;
	file_judge_end(&judge->file);
}

static void
judge_flip(struct yolo_judge *judge)
{
	const struct yaml_member *flip = member(judge, "flip_idx");
	size_t i, place;

	file_judge_line(&judge->file, flip->line);
	if (flip->kind != YAML_LIST || flip->count != judge->points)
		file_judge_put(&judge->file, RULE_KEYPOINT_SHAPE,
			       "flip_idx has %zu places, there are %zu "
			       "keypoints",
			       flip->count, judge->points);
	for (i = 0; i < flip->count; i++)
		if (!read_index(yaml_text_of(judge, flip->items[i].value),
				&place) ||
		    place >= judge->points) {
			file_judge_put(&judge->file, RULE_KEYPOINT_SHAPE,
				       "flip_idx has a place that is none");
			break;
		}
}

static void
judge_keypoints(struct yolo_judge *judge)
{
	const struct yaml_member *shape = member(judge, "kpt_shape");
	size_t points = 0, numbers = 0;

	if (!shape->there)
		return;
	file_judge_line(&judge->file, shape->line);
	if (shape->kind != YAML_LIST || shape->count != 2 ||
	    !read_index(yaml_text_of(judge, shape->items[0].value), &points) ||
	    !read_index(yaml_text_of(judge, shape->items[1].value), &numbers) ||
	    points < 1 || points > 10000 || numbers < 2 || numbers > 3) {
		file_judge_put(&judge->file, RULE_KEYPOINT_SHAPE,
			       "kpt_shape is not [count, 2 or 3]");
	} else {
		judge->points = points;
		judge->numbers = numbers;
		if (member(judge, "flip_idx")->there)
			judge_flip(judge);
	}
	file_judge_end(&judge->file);
}

/* Where parts begin. */
static void
judge_root(struct yolo_judge *judge)
{
	const struct yaml_member *path = member(judge, "path");
	struct slice root = {0};

	if (path->there && path->kind == YAML_TEXT)
		root = yaml_text_of(judge, path->items[0].value);
	if (!root.n || root.p[0] != '/')
		buf_slice(&judge->root, buf_view(&judge->base));
	if (root.n && root.p[0] != '/') {
		file_judge_line(&judge->file, path->line);
		file_judge_put(&judge->file, RULE_PATH_RELATIVE,
			       "its path is %.*s", (int)root.n, root.p);
		file_judge_end(&judge->file);
	}
	buf_slice(&judge->root, root);
	if (root.n)
		buf_putc(&judge->root, '/');
}

/* The path of a part, as ultralytics looks for it; false: nothing is there. */
static bool
resolve(const struct yolo_judge *judge, struct slice told, struct buf *path,
	struct stat *st)
{
	buf_reset(path);
	if (!told.n || told.p[0] != '/')
		buf_slice(path, buf_view(&judge->root));
	buf_slice(path, told);
	if (stat(buf_cstr(path), st) == 0)
		return true;
	if (told.n < 4 || memcmp(told.p, "../", 3) != 0)
		return false;
	buf_reset(path);
	buf_slice(path, buf_view(&judge->root));
	buf_put(path, told.p + 3, told.n - 3);
	return stat(buf_cstr(path), st) == 0;
}

/* A directory or list of a part. */
static void
judge_place(struct yolo_judge *judge, const struct yaml_item *item)
{
	const struct slice told = yaml_text_of(judge, item->value);
	struct buf path = {0};
	struct stat st;

	yolo_show(judge, buf_view(&judge->path), (struct slice){0});
	file_judge_line(&judge->file, item->line);
	if (!resolve(judge, told, &path, &st))
		file_judge_put(&judge->file, RULE_FILE_MISSING, "%s: %.*s: %s",
			       yolo_part_keys[judge->part], (int)told.n, told.p,
			       strerror(errno));
	else if (S_ISDIR(st.st_mode))
		yolo_judge_directory(judge, buf_view(&path));
	else
		yolo_judge_list(judge, buf_view(&path));
	buf_release(&path);
}

/* True where a part is the same as one before, which is told. */
static bool
is_repeated(struct yolo_judge *judge, const struct yaml_member *part)
{
	size_t i;

	for (i = 0; i < judge->part; i++) {
		const struct yaml_member *other =
			member(judge, yolo_part_keys[i]);

		if (!other->there || other->count != 1 || part->count != 1 ||
		    !slice_equal(yaml_text_of(judge, other->items[0].value),
				 yaml_text_of(judge, part->items[0].value)))
			continue;
		file_judge_line(&judge->file, part->line);
		file_judge_put(&judge->file, RULE_SPLIT_LEAK, "%s is %s",
			       yolo_part_keys[judge->part], yolo_part_keys[i]);
		file_judge_end(&judge->file);
		return true;
	}
	return false;
}

static void
judge_part(struct yolo_judge *judge)
{
	const char *key = yolo_part_keys[judge->part];
	const struct yaml_member *part = member(judge, key);
	size_t i;

	if (!part->there || !part->count || part->kind == YAML_MAP ||
	    !part->items[0].value.n) {
		if (judge->part != YOLO_TEST)
			file_judge_put(&judge->file, RULE_MEMBER_MISSING,
				       "no %s", key);
		file_judge_end(&judge->file);
		return;
	}
	if (is_repeated(judge, part))
		return;
	judge->images = 0;
	for (i = 0; i < part->count; i++)
		judge_place(judge, &part->items[i]);
	yolo_show(judge, buf_view(&judge->path), (struct slice){0});
	file_judge_line(&judge->file, part->line);
	if (!judge->images)
		file_judge_put(&judge->file, RULE_PART_EMPTY,
			       "%s has no images", key);
	file_judge_end(&judge->file);
}

/* Reads data.yaml: 0, or -1 with the message said. */
static int
read_yaml(struct yolo_judge *judge, const char *path)
{
	static const char *const keys[] = {"path",      "train",    "val",
					   "test",      "names",    "nc",
					   "kpt_shape", "flip_idx", "masks_dir",
					   NULL};
	const struct place place = {.stream = path};
	struct place at = place;
	const char *slash = strrchr(path, '/');
	const struct yaml_member *masks;

	/* A slash is there, so that images/ is found. */
	if (slash)
		buf_put(&judge->base, path, (size_t)(slash - path) + 1);
	else
		buf_puts(&judge->base, "./");
	if (io_read_file(AT_FDCWD, path, MOST_YAML, &judge->text) < 0) {
		diag_say(NULL, "%s: %s", path, strerror(errno));
		return -1;
	}
	if (data_yaml_read(&judge->yaml, buf_view(&judge->text), keys) < 0) {
		at.line = judge->yaml.error_line;
		diag_say(&at, "%s", judge->yaml.error);
		return -1;
	}
	masks = member(judge, "masks_dir");
	if (masks->there && masks->kind == YAML_TEXT)
		judge->masks = yaml_text_of(judge, masks->items[0].value);
	return 0;
}

static void
release(struct yolo_judge *judge)
{
	size_t i;

	for (i = 0; i < YOLO_PARTS; i++)
		hash_set_release(&judge->digests[i]);
	hash_set_release(&judge->labels);
	data_yaml_release(&judge->yaml);
	image_files_close(judge->files);
	bitmap_close(judge->bitmap);
	buf_release(&judge->base);
	buf_release(&judge->root);
	buf_release(&judge->label);
	buf_release(&judge->text);
	buf_release(&judge->path);
	buf_release(&judge->shown);
	file_judge_release(&judge->file);
}

int
check_yolo(struct check_sink *sink, const char *path)
{
	const unsigned readers = 1u << READER_ULTRALYTICS | 1u << READER_RFDETR;
	struct yolo_judge judge = {0};
	int result;

	file_judge_init(&judge.file, sink, readers);
	judge.bitmap = bitmap_open();
	judge.files = image_files_open(".");
	buf_puts(&judge.path, path);
	result = judge.files ? read_yaml(&judge, path) : -1;
	if (result == 0) {
		file_judge_begin(&judge.file, path);
		judge_root(&judge);
		judge_classes(&judge);
		judge_keypoints(&judge);
		for (; judge.part < YOLO_PARTS; judge.part++)
			judge_part(&judge);
	}
	release(&judge);
	return result;
}
