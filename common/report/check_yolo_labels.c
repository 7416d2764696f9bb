/* The label files of a YOLO data set, row by row, and its masks. */
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/io.h"
#include "base/utf8.h"
#include "report/check_yolo_parts.h"
#include "report/fingerprint.h"
#include "store/regular.h"

/* A label file is no larger; no row has more numbers. */
enum { MOST_BYTES = 256 << 20, MOST_NUMBERS = 1 << 20 };

/* The level of a mask that no class has. */
enum { IGNORED = 255 };

/* A label file as its rows are judged. */
struct yolo_label {
	struct yolo_judge *judge;
	struct hash_set rows;
	enum yolo_kind kind;
	bool mixed;
	double *numbers;
	size_t count, room;
};

/* Reads the file at judge->label: false where it cannot be, with errno. */
static bool
read_file(struct yolo_judge *judge)
{
	int fd = regular_open(AT_FDCWD, buf_cstr(&judge->label), O_RDONLY);
	bool good;

	buf_reset(&judge->text);
	if (fd < 0)
		return false;
	good = io_read_rest(fd, MOST_BYTES, &judge->text) == 0;
	close(fd);
	return good;
}

/* Splits a row at its blanks: false where a word is no finite number. */
static bool
read_row(struct yolo_label *label, const char *p, const char *end)
{
	label->count = 0;
	while (p < end) {
		char *behind;
		double number;

		if (strchr(" \t\r", *p)) {
			p++;
			continue;
		}
		/* strtod takes 0x10 for a number, Python does not. */
		number = strtod(p, &behind);
		if (behind == p || behind > end ||
		    (behind < end && !strchr(" \t\r", *behind)) ||
		    !isfinite(number) || memchr(p, 'x', (size_t)(behind - p)) ||
		    label->count == MOST_NUMBERS)
			return false;
		if (label->count == label->room) {
			label->room = 2 * label->room + 64;
			label->numbers =
				xreallocarray(label->numbers, label->room,
					      sizeof(*label->numbers));
		}
		label->numbers[label->count++] = number;
		p = behind;
	}
	return true;
}

/* What a row of so many numbers is; YOLO_UNKNOWN: none. */
static enum yolo_kind
kind_of(const struct yolo_label *label)
{
	const struct yolo_judge *judge = label->judge;
	const size_t n = label->count;

	if (judge->points)
		return n == 5 + judge->points * judge->numbers ? YOLO_BOXES
							       : YOLO_UNKNOWN;
	if (n == 5)
		return YOLO_BOXES;
	return n >= 7 && n % 2 ? YOLO_POLYGONS : YOLO_UNKNOWN;
}

static void
judge_class(struct yolo_label *label)
{
	struct yolo_judge *judge = label->judge;
	const double class = label->numbers[0];

	if (class < 0 || class != floor(class))
		file_judge_put(&judge->file, RULE_ROW_BROKEN,
			       "its class is %.9g", class);
	else if (class >= (double)judge->classes)
		file_judge_put(&judge->file, RULE_CATEGORY_UNKNOWN,
			       "its class is %.0f, there are %zu", class,
			       judge->classes);
}

/* By how much numbers are not within 0 to 1, at most. */
static double
farthest_outside(const struct yolo_label *label)
{
	const struct yolo_judge *judge = label->judge;
	double most = 0;
	size_t i;

	for (i = 1; i < label->count; i++) {
		const double number = label->numbers[i];

		/* The third number of a keypoint is no coordinate. */
		if (i > 4 && judge->numbers == 3 && (i - 5) % 3 == 2)
			continue;
		most = fmax(most, fmax(-number, number - 1));
	}
	return most;
}

/* The box of a row: its centre and sides, as readers have it of polygons, too.
 */
static void
box_of_row(const struct yolo_label *label, enum yolo_kind kind, double box[4])
{
	double x0 = INFINITY, y0 = INFINITY, x1 = -INFINITY, y1 = -INFINITY;
	size_t i;

	memcpy(box, &label->numbers[1], 4 * sizeof(*box));
	if (kind == YOLO_BOXES)
		return;
	for (i = 1; i + 1 < label->count; i += 2) {
		x0 = fmin(x0, label->numbers[i]);
		x1 = fmax(x1, label->numbers[i]);
		y0 = fmin(y0, label->numbers[i + 1]);
		y1 = fmax(y1, label->numbers[i + 1]);
	}
	box[0] = (x0 + x1) / 2;
	box[1] = (y0 + y1) / 2;
	box[2] = x1 - x0;
	box[3] = y1 - y0;
}

static void
judge_extent(struct yolo_label *label, const double *box)
{
	struct yolo_judge *judge = label->judge;

	if (box[2] < 0 || box[3] < 0)
		file_judge_put(&judge->file, RULE_ROW_BROKEN,
			       "its box is %.6g by %.6g", box[2], box[3]);
	else if (!(box[2] > 0) || !(box[3] > 0))
		file_judge_put(&judge->file, RULE_DEGENERATE,
			       "it is %.6g by %.6g", box[2], box[3]);
}

/*
 * ultralytics looks at the box of a polygon, and takes the polygon whatever its
 * points are as long as centre and sides of that are within the image.
 */
static void
judge_range(struct yolo_label *label, const double *box)
{
	struct yolo_judge *judge = label->judge;
	const double by = farthest_outside(label);
	double most = 0;
	size_t i;

	/* Readers have numbers of 32 bits, by which 1.01 is 1.01. */
	if (!(by >
	      file_judge_limit(&judge->file, RULE_COORDINATE_RANGE) + 1e-7))
		return;
	for (i = 0; i < 4; i++)
		most = fmax(most, fmax(-box[i], box[i] - 1));
	judge->file.mild =
		label->kind == YOLO_POLYGONS &&
		most <= file_judge_limit(&judge->file, RULE_COORDINATE_RANGE);
	file_judge_put_value(&judge->file, RULE_COORDINATE_RANGE, by,
			     "a coordinate is %.6g beyond the image", by);
}

/* Boxes and polygons do not go together, in a file or in the data set. */
static void
judge_kind(struct yolo_label *label, enum yolo_kind kind)
{
	struct yolo_judge *judge = label->judge;

	if (label->kind && kind != label->kind && !label->mixed) {
		file_judge_put(&judge->file, RULE_ROWS_MIXED,
			       "a %s, and the rows before are %s",
			       kind == YOLO_BOXES ? "box" : "polygon",
			       kind == YOLO_BOXES ? "polygons" : "boxes");
		label->mixed = judge->mixed = true;
	} else if (judge->kind && kind != judge->kind && !judge->mixed) {
		file_judge_put(&judge->file, RULE_ROWS_MIXED,
			       "%s, and those of files before are not",
			       kind == YOLO_BOXES ? "boxes" : "polygons");
		judge->mixed = true;
	}
	label->kind = kind;
	judge->kind = judge->kind ? judge->kind : kind;
}

static void
judge_row(struct yolo_label *label, struct slice row)
{
	struct yolo_judge *judge = label->judge;
	const uint64_t hash = fingerprint_bytes(9, row);
	const enum yolo_kind kind = kind_of(label);
	double box[4];

	if (kind == YOLO_UNKNOWN) {
		file_judge_put(&judge->file, RULE_ROW_BROKEN,
			       label->count == 6 ? "%zu numbers: is the last "
						   "a confidence?"
						 : "%zu numbers",
			       label->count);
		return;
	}
	judge_kind(label, kind);
	judge_class(label);
	box_of_row(label, kind, box);
	judge_range(label, box);
	judge_extent(label, box);
	if (hash_set_has(&label->rows, hash))
		file_judge_put(&judge->file, RULE_DUPLICATE_OBJECT,
			       "a row before is the same");
	hash_set_add(&label->rows, hash);
}

static void
judge_rows(struct yolo_label *label)
{
	struct yolo_judge *judge = label->judge;
	const char *p, *end;
	uint64_t line = 0;

	p = buf_cstr(&judge->text);
	end = p + judge->text.len;
	p = utf8_skip_mark((struct slice){p, judge->text.len}).p;
	for (; p < end; p++) {
		const char *lf = memchr(p, '\n', (size_t)(end - p));
		const char *stop = lf ? lf : end;

		file_judge_line(&judge->file, ++line);
		if (!read_row(label, p, stop))
			file_judge_put(&judge->file, RULE_ROW_BROKEN,
				       "a word that is no finite number");
		else if (label->count) {
			judge_row(label, (struct slice){p, (size_t)(stop - p)});
			judge->file.sink->judged++;
		}
		p = stop;
	}
}

void
yolo_judge_label(struct yolo_judge *judge, struct slice image)
{
	struct yolo_label label = {.judge = judge};

	if (!read_file(judge)) {
		if (errno == ENOENT)
			file_judge_put(&judge->file, RULE_LABEL_MISSING,
				       "no label file");
		else
			file_judge_put(&judge->file, RULE_FILE_MISSING,
				       "its label file: %s",
				       regular_error(errno));
		return;
	}
	yolo_show(judge, buf_view(&judge->label), image);
	judge_rows(&label);
	hash_set_release(&label.rows);
	free(label.numbers);
}

/* The levels of a mask are classes. */
static void
judge_levels(struct yolo_judge *judge, const struct bitmap_view *view)
{
	size_t i;

	for (i = 0; i < view->count; i++) {
		const struct instance *level = &view->instances[i];
		const double at[2] = {level->runs[0].x, level->runs[0].y0};

		if (level->id < judge->classes || level->id == IGNORED)
			continue;
		judge->file.at = at;
		file_judge_put(&judge->file, RULE_CATEGORY_UNKNOWN,
			       "%llu pixels are of class %u, there are %zu",
			       (unsigned long long)level->area, level->id,
			       judge->classes);
		judge->file.at = NULL;
	}
}

void
yolo_judge_mask(struct yolo_judge *judge, struct slice image,
		const struct image_facts *facts)
{
	struct bitmap_view view;
	const char *why;

	if (!read_file(judge)) {
		file_judge_put(&judge->file, RULE_FILE_MISSING, "its mask: %s",
			       regular_error(errno));
		return;
	}
	yolo_show(judge, buf_view(&judge->label), image);
	judge->file.sink->judged++;
	why = bitmap_read(judge->bitmap, buf_view(&judge->text),
			  judge->file.options.max_pixels, &view);
	if (why) {
		file_judge_put(&judge->file, RULE_FILE_BROKEN, "%s", why);
		return;
	}
	if (facts->width &&
	    (view.width != facts->width || view.height != facts->height))
		file_judge_put(&judge->file, RULE_SIZE_DIFFERS,
			       "%ux%u, its image is %ux%u", view.width,
			       view.height, facts->width, facts->height);
	if (!bitmap_is_grey(&view)) {
		file_judge_put(&judge->file, RULE_MASK_COLOURS,
			       "it has colours, not classes");
		return;
	}
	bitmap_take_levels(judge->bitmap);
	judge_levels(judge, &view);
}
