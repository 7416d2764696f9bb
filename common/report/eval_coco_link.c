/* Annotations linked to images and categories. */
#include <inttypes.h>
#include <stdlib.h>

#include "base/crew.h"
#include "base/diag.h"
#include "report/eval_coco_parts.h"

/* Annotations that a thread links at a time. */
enum { LINKS = 4096 };

static int
compare_images(const void *left, const void *right, void *list)
{
	const struct coco_image *images = list;
	const int64_t a = images[*(const uint32_t *)left].id;
	const int64_t b = images[*(const uint32_t *)right].id;

	return a < b ? -1 : a > b;
}

static int
compare_categories(const void *left, const void *right, void *list)
{
	const struct coco_category *categories = list;
	const int64_t a = categories[*(const uint32_t *)left].id;
	const int64_t b = categories[*(const uint32_t *)right].id;

	return a < b ? -1 : a > b;
}

static uint32_t *
count_up(size_t n)
{
	uint32_t *list = xreallocarray(NULL, n + 1, sizeof(*list));

	for (size_t i = 0; i < n; i++)
		list[i] = (uint32_t)i;
	return list;
}

/* The i-th by id. */
static int64_t
category_id(const struct eval_coco *eval, size_t i)
{
	return eval->truth.file->categories[eval->categories[i]].id;
}

static int
say_twice(const char *what, int64_t id)
{
	diag_say(NULL, "%s id %" PRId64 " occurs twice in the truth", what, id);
	return -1;
}

/* Sorts images and categories by id: 0, or -1 where one occurs twice. */
static int
sort_ids(struct eval_coco *eval)
{
	const struct coco_input *truth = eval->truth.file;
	size_t i;

	eval->image_count = truth->image_count;
	eval->images = count_up(eval->image_count);
	qsort_r(eval->images, eval->image_count, sizeof(*eval->images),
		compare_images, truth->images);
	eval->category_count = truth->category_count;
	eval->categories = count_up(eval->category_count);
	qsort_r(eval->categories, eval->category_count,
		sizeof(*eval->categories), compare_categories,
		truth->categories);
	for (i = 1; i < eval->image_count; i++)
		if (eval_coco_image(eval, i)->id ==
		    eval_coco_image(eval, i - 1)->id)
			return say_twice("image", eval_coco_image(eval, i)->id);
	for (i = 1; i < eval->category_count; i++)
		if (category_id(eval, i) == category_id(eval, i - 1))
			return say_twice("category", category_id(eval, i));
	return 0;
}

/* The number of an image's id, or of a category's; the count where unknown. */
static size_t
find_image(const struct eval_coco *eval, int64_t id)
{
	size_t low = 0, high = eval->image_count;

	while (low < high) {
		const size_t middle = low + (high - low) / 2;

		if (eval_coco_image(eval, middle)->id < id)
			low = middle + 1;
		else
			high = middle;
	}
	return low < eval->image_count && eval_coco_image(eval, low)->id == id
		       ? low
		       : eval->image_count;
}

static size_t
find_category(const struct eval_coco *eval, int64_t id)
{
	size_t low = 0, high = eval->category_count;

	while (low < high) {
		const size_t middle = low + (high - low) / 2;

		if (category_id(eval, middle) < id)
			low = middle + 1;
		else
			high = middle;
	}
	return low < eval->category_count && category_id(eval, low) == id
		       ? eval->categories[low]
		       : eval->category_count;
}

static void
note_image(struct eval_left_out *left_out, const struct coco_annotation *a)
{
	if (left_out->unknown_image++ == 0)
		left_out->image = a->image;
}

static void
note_category(struct eval_left_out *left_out, const struct coco_annotation *a)
{
	left_out->unknown_category++;
	if (left_out->names_category || !a->has_category)
		return;
	left_out->names_category = true;
	left_out->category = a->category;
}

/* Whose ids are unknown, is counted and goes to no image. */
static size_t
link_annotation(const struct eval_coco *eval, struct eval_side *side, size_t i,
		struct eval_left_out *left_out)
{
	const struct coco_annotation *a = coco_input_annotation(side->file, i);
	const size_t image = find_image(eval, a->image);
	const size_t category = a->has_category
					? find_category(eval, a->category)
					: eval->category_count;

	if (image == eval->image_count)
		note_image(left_out, a);
	else if (category == eval->category_count)
		note_category(left_out, a);
	side->category[i] = (uint32_t)category;
	return category == eval->category_count ? eval->image_count : image;
}

/* Annotations of a side that one thread links. */
struct linked_share {
	const struct eval_coco *eval;
	struct eval_side *side;
	uint32_t *image; /* of each annotation */
	size_t from, end;
	struct eval_left_out left_out;
};

static void
link_some(void *context, void *piece)
{
	struct linked_share *links = piece;

	(void)context;
	links->left_out = (struct eval_left_out){0};
	for (size_t i = links->from; i < links->end; i++)
		links->image[i] =
			(uint32_t)link_annotation(links->eval, links->side, i,
						  &links->left_out);
}

static void
take_links(void *eval, void *piece)
{
	eval_left_out_add(&((struct eval_coco *)eval)->left_out,
			  &((struct linked_share *)piece)->left_out);
}

/* Finds the image and category of each annotation of a side. */
static void
link_all(struct eval_coco *eval, struct eval_side *side, uint32_t *image,
	 unsigned jobs)
{
	const size_t n = side->file->annotation_count;
	const struct crew_rules rules = {
		.jobs = n > LINKS ? jobs : 1,
		.piece_size = sizeof(struct linked_share),
		.work = link_some,
		.take = take_links,
		.context = eval,
	};
	struct crew *crew = crew_open(&rules);

	for (size_t i = 0; i < n; i += LINKS) {
		struct linked_share *links = crew_piece(crew);

		links->eval = eval;
		links->side = side;
		links->image = image;
		links->from = i;
		links->end = n - i < LINKS ? n : i + LINKS;
		crew_send(crew);
	}
	crew_close(crew);
}

/* Puts annotations in the order of their images, by counting. */
static void
link_side(struct eval_coco *eval, struct eval_side *side, unsigned jobs)
{
	const size_t n = side->file->annotation_count;
	const size_t images = eval->image_count;
	uint32_t *image = xreallocarray(NULL, n + 1, sizeof(*image));
	size_t i, before = 0;

	side->category = xreallocarray(NULL, n + 1, sizeof(*side->category));
	side->order = xreallocarray(NULL, n + 1, sizeof(*side->order));
	side->ends = xcalloc(images + 1, sizeof(*side->ends));
	link_all(eval, side, image, jobs);
	for (i = 0; i < n; i++)
		side->ends[image[i]]++;
	for (i = 0; i <= images; i++) {
		const size_t count = side->ends[i];

		side->ends[i] = before;
		before += count;
	}
	for (i = 0; i < n; i++)
		side->order[side->ends[image[i]]++] = (uint32_t)i;
	free(image);
}

struct eval_coco *
eval_coco_open(const struct coco_input *truth, const struct coco_input *results,
	       const struct eval_rules *rules, unsigned jobs)
{
	struct eval_coco *eval = xcalloc(1, sizeof(*eval));

	eval->rules = rules;
	eval->truth.file = truth;
	eval->results.file = results;
	/* The reference looks at the first result alone, too. */
	eval->results.boxes = !results->own_areas &&
			      results->annotation_count &&
			      coco_input_annotation(results, 0)->has_box;
	if (sort_ids(eval) < 0) {
		eval_coco_close(eval);
		return NULL;
	}
	link_side(eval, &eval->truth, jobs);
	link_side(eval, &eval->results, jobs);
	return eval;
}

static void
release_side(struct eval_side *side)
{
	free(side->order);
	free(side->ends);
	free(side->category);
}

void
eval_coco_close(struct eval_coco *eval)
{
	if (!eval)
		return;
	release_side(&eval->truth);
	release_side(&eval->results);
	free(eval->images);
	free(eval->categories);
	free(eval);
}
