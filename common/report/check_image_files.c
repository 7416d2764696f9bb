/* The files that a finished data set names as its images. */
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/io.h"
#include "image/image_check.h"
#include "image/image_size.h"
#include "report/check_files_parts.h"
#include "report/fingerprint.h"
#include "store/regular.h"

/* No image is as large. */
enum { MOST_BYTES = 1 << 30 };

struct image_files {
	int dir;
	struct buf path, file, why;
};

struct image_files *
image_files_open(const char *dir)
{
	struct image_files *files = xcalloc(1, sizeof(*files));

	files->dir = io_open(AT_FDCWD, dir, O_RDONLY | O_DIRECTORY, 0);
	if (files->dir >= 0)
		return files;
	diag_say(NULL, "%s: %s", dir, strerror(errno));
	free(files);
	return NULL;
}

void
image_files_close(struct image_files *files)
{
	if (!files)
		return;
	close(files->dir);
	buf_release(&files->path);
	buf_release(&files->file);
	buf_release(&files->why);
	free(files);
}

bool
path_is_safe(struct slice path)
{
	size_t i, begin = 0;

	if (path.n && path.p[0] == '/')
		return false;
	for (i = 0; i <= path.n; i++) {
		if (i < path.n && path.p[i] == '\\')
			return false;
		if (i < path.n && path.p[i] != '/')
			continue;
		if (i - begin == 2 && memcmp(path.p + begin, "..", 2) == 0)
			return false;
		begin = i + 1;
	}
	return true;
}

/* Reads all of a file: false with the finding put where it cannot be. */
static bool
read_image(struct image_files *files, struct file_judge *judge,
	   struct slice path)
{
	int fd, error = 0;

	buf_reset(&files->path);
	buf_slice(&files->path, path);
	buf_reset(&files->file);
	fd = regular_open(files->dir, buf_cstr(&files->path), O_RDONLY);
	if (fd < 0 || io_read_rest(fd, MOST_BYTES, &files->file) < 0)
		error = errno;
	if (fd >= 0)
		close(fd);
	if (error)
		file_judge_put(judge, RULE_FILE_MISSING, "%.*s: %s",
			       (int)path.n, path.p, regular_error(error));
	return !error;
}

static bool
judge_bytes(struct image_files *files, struct file_judge *judge)
{
	enum image_check whole;

	buf_reset(&files->why);
	whole = image_check_check(buf_view(&files->file), false, &files->why);
	if (whole == IMAGE_CHECK_CUT || whole == IMAGE_CHECK_FOREIGN)
		file_judge_put(judge, RULE_FILE_BROKEN, "%s",
			       buf_cstr(&files->why));
	return whole != IMAGE_CHECK_FOREIGN;
}

static void
judge_size(struct file_judge *judge, const struct image_size *size,
	   uint32_t width, uint32_t height)
{
	const double side =
		size->width < size->height ? size->width : size->height;

	if (width && height && (size->width != width || size->height != height))
		file_judge_put(judge, RULE_SIZE_DIFFERS,
			       "the image is %ux%u%s, not %ux%u", size->width,
			       size->height,
			       size->orientation > 4 ? ", turned by its Exif"
						     : "",
			       width, height);
	if (!width && side < file_judge_limit(judge, RULE_IMAGE_SMALL))
		file_judge_put_value(judge, RULE_IMAGE_SMALL, side,
				     "the image is %ux%u", size->width,
				     size->height);
}

struct image_facts
image_files_judge(struct image_files *files, struct file_judge *judge,
		  struct slice path, uint32_t width, uint32_t height)
{
	struct image_facts facts = {0};
	struct image_size size = {0};

	if (!read_image(files, judge, path))
		return facts;
	facts.digest = fingerprint_bytes(4, buf_view(&files->file)) | 1;
	if (!judge_bytes(files, judge) ||
	    image_size_read(buf_view(&files->file), true, &size) !=
		    IMAGE_SIZE_OK)
		return facts;
	facts.width = size.width;
	facts.height = size.height;
	judge_size(judge, &size, width, height);
	return facts;
}

struct slice
image_files_bytes(const struct image_files *files)
{
	return buf_view(&files->file);
}
