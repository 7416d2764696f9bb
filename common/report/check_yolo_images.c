/* The images of a YOLO data set: where they are, and where their labels. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/io.h"
#include "report/check_yolo_parts.h"
#include "report/fingerprint.h"
#include "json/json.h"

/* A list of images is no larger; directories are no deeper. */
enum { MOST_LIST = 1 << 30, MOST_DEPTH = 32 };

/* What is done with files of a directory and those below. */
struct yolo_visit {
	bool (*wanted)(struct slice path);
	void (*take)(struct yolo_judge *judge, struct slice path);
};

/* Makes a path as it is told: without the directory of data.yaml. */
static struct slice
told_path(const struct yolo_judge *judge, struct slice path)
{
	const struct slice base = buf_view(&judge->base);

	if (path.n > base.n && memcmp(path.p, base.p, base.n) == 0)
		return (struct slice){path.p + base.n, path.n - base.n};
	return path;
}

void
yolo_show(struct yolo_judge *judge, struct slice file, struct slice image)
{
	buf_reset(&judge->file.file);
	json_put_string(&judge->file.file, told_path(judge, file));
	file_judge_end(&judge->file);
	if (!image.n)
		return;
	buf_reset(&judge->shown);
	json_put_string(&judge->shown, told_path(judge, image));
	judge->file.subject.name = buf_view(&judge->shown);
}

/* Where the ending of a file's name begins, at its dot; else the end. */
static size_t
ending_of(struct slice path)
{
	size_t dot = path.n;

	while (dot > 0 && path.p[dot - 1] != '.' && path.p[dot - 1] != '/')
		dot--;
	if (dot == 0 || path.p[dot - 1] == '/')
		return path.n;
	return dot - 1;
}

/* One of the endings by which ultralytics finds images. */
static bool
is_image(struct slice path)
{
	static const char *const endings[] = {".avif", ".bmp", ".dng",  ".heic",
					      ".heif", ".jp2", ".jpeg", ".jpg",
					      ".mpo",  ".png", ".tif",  ".tiff",
					      ".webp", NULL};
	const size_t dot = ending_of(path);
	char lower[8] = {0};
	size_t i;

	if (path.n - dot >= sizeof(lower))
		return false;
	for (i = dot; i < path.n; i++) {
		const char c = path.p[i];

		lower[i - dot] = c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
	}
	for (i = 0; endings[i]; i++)
		if (strcmp(lower, endings[i]) == 0)
			return true;
	return false;
}

/* classes.txt is what annotation tools leave among labels. */
static bool
is_label(struct slice path)
{
	return slice_ends(path, ".txt") && !slice_ends(path, "/classes.txt");
}

static bool
is_mask(struct slice path)
{
	return slice_ends(path, ".png");
}

/*
 * Appends the path of what belongs to an image: the last /images/ in it becomes
 * another directory, if there is one, and its ending another one.
 */
static void
put_beside(struct buf *to, struct slice image, struct slice directory,
	   const char *ending)
{
	static const char images[] = "/images/";
	const size_t n = sizeof(images) - 1, dot = ending_of(image);
	size_t at = image.n >= n ? image.n - n + 1 : 0;

	while (at > 0 && memcmp(image.p + at - 1, images, n) != 0)
		at--;
	if (at > 0) {
		buf_put(to, image.p, at);
		buf_slice(to, directory);
		at += n - 2;
	}
	buf_put(to, image.p + at, dot - at);
	buf_puts(to, ending);
}

static struct slice
labels_of(const struct yolo_judge *judge)
{
	return judge->masks.n ? judge->masks : slice_of("labels");
}

static const char *
label_ending(const struct yolo_judge *judge)
{
	return judge->masks.n ? ".png" : ".txt";
}

/* An image is in one part only. */
static void
judge_leak(struct yolo_judge *judge, uint64_t digest)
{
	size_t i;

	if (!digest)
		return;
	for (i = 0; i < YOLO_PARTS; i++)
		if (i != judge->part &&
		    hash_set_has(&judge->digests[i], digest))
			file_judge_put(&judge->file, RULE_SPLIT_LEAK,
				       "the same image is in %s, too",
				       yolo_part_keys[i]);
	hash_set_add(&judge->digests[judge->part], digest);
}

static void
judge_image(struct yolo_judge *judge, struct slice path)
{
	struct image_facts facts;
	uint64_t hash;

	judge->images++;
	buf_reset(&judge->label);
	put_beside(&judge->label, path, labels_of(judge), label_ending(judge));
	hash = fingerprint_bytes(8, buf_view(&judge->label));
	yolo_show(judge, path, path);
	if (hash_set_has(&judge->labels, hash))
		file_judge_put(&judge->file, RULE_NAME_COLLIDES,
			       "another image has the same label file");
	hash_set_add(&judge->labels, hash);
	facts = image_files_judge(judge->files, &judge->file, path, 0, 0);
	judge_leak(judge, facts.digest);
	if (judge->masks.n)
		yolo_judge_mask(judge, path, &facts);
	else
		yolo_judge_label(judge, path);
	file_judge_end(&judge->file);
}

static void
judge_orphan(struct yolo_judge *judge, struct slice path)
{
	if (hash_set_has(&judge->labels, fingerprint_bytes(8, path)))
		return;
	yolo_show(judge, path, (struct slice){0});
	file_judge_put(&judge->file, RULE_LABEL_ORPHAN,
		       "no image is called so");
	file_judge_end(&judge->file);
}

static int
compare_names(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The names in a directory, sorted, but for hidden ones; NULL: none. */
static char **
list_directory(struct buf *path, size_t *count)
{
	DIR *dir = opendir(buf_cstr(path));
	char **names = NULL;
	struct dirent *entry;
	size_t room = 0;

	*count = 0;
	while (dir && (entry = readdir(dir)) != NULL) {
		if (entry->d_name[0] == '.')
			continue;
		if (*count == room) {
			room = 2 * room + 64;
			names = xreallocarray(names, room, sizeof(*names));
		}
		names[(*count)++] = xstrdup(entry->d_name);
	}
	if (dir)
		closedir(dir);
	if (*count)
		qsort(names, *count, sizeof(*names), compare_names);
	return names;
}

/* `path` is left as it was. */
static void
walk_directory(struct yolo_judge *judge, struct buf *path,
	       const struct yolo_visit *visit, unsigned depth)
{
	size_t count, i;
	char **names = list_directory(path, &count);
	const size_t length = path->len;
	struct stat st;

	for (i = 0; i < count; i++) {
		path->len = length;
		buf_putc(path, '/');
		buf_puts(path, names[i]);
		free(names[i]);
		if (visit->wanted(buf_view(path)))
			visit->take(judge, buf_view(path));
		else if (depth < MOST_DEPTH && stat(buf_cstr(path), &st) == 0 &&
			 S_ISDIR(st.st_mode))
			walk_directory(judge, path, visit, depth + 1);
	}
	path->len = length;
	free(names);
}

void
yolo_judge_directory(struct yolo_judge *judge, struct slice directory)
{
	static const struct yolo_visit images = {is_image, judge_image};
	static const struct yolo_visit labels = {is_label, judge_orphan};
	static const struct yolo_visit masks = {is_mask, judge_orphan};
	struct buf path = {0}, beside = {0};

	buf_slice(&path, directory);
	while (path.len > 1 && path.data[path.len - 1] == '/')
		path.len--;
	walk_directory(judge, &path, &images, 0);
	/* The labels are where those of an image in it would be. */
	buf_puts(&path, "/.");
	put_beside(&beside, buf_view(&path), labels_of(judge), "");
	beside.len--;
	if (!judge->masks.n)
		walk_directory(judge, &beside, &labels, 0);
	else if (!slice_equal(buf_view(&beside), directory))
		walk_directory(judge, &beside, &masks, 0);
	buf_release(&path);
	buf_release(&beside);
}

void
yolo_judge_list(struct yolo_judge *judge, struct slice list)
{
	struct buf path = {0}, text = {0}, image = {0};
	size_t directory = list.n, at, end;

	buf_slice(&path, list);
	while (directory > 0 && list.p[directory - 1] != '/')
		directory--;
	if (io_read_file(AT_FDCWD, buf_cstr(&path), MOST_LIST, &text) < 0)
		file_judge_put(&judge->file, RULE_FILE_MISSING, "%s",
			       strerror(errno));
	for (at = 0; at < text.len; at = end + 1) {
		size_t n;

		for (end = at; end < text.len && text.data[end] != '\n'; end++)
			;
		n = end - at;
		while (n > 0 && strchr(" \t\r", text.data[at + n - 1]))
			n--;
		if (!n)
			continue;
		buf_reset(&image);
		/* "./" is where the list is; else it is where we are. */
		if (n > 2 && memcmp(text.data + at, "./", 2) == 0) {
			buf_put(&image, list.p, directory);
			buf_put(&image, text.data + at + 2, n - 2);
		} else {
			buf_put(&image, text.data + at, n);
		}
		judge_image(judge, buf_view(&image));
	}
	buf_release(&path);
	buf_release(&text);
	buf_release(&image);
}
