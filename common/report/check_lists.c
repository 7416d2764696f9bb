/* The images and categories of a finished COCO file. */
#include <stdlib.h>

#include "report/check_files_parts.h"
#include "report/fingerprint.h"
#include "store/path.h"
#include "json/lookup.h"

/* Larger sides are a mistake. */
enum { MOST_PIXELS = 1 << 24 };

static uint32_t
side_of(struct slice value)
{
	int64_t side;

	return json_int(value, &side) && side > 0 && side <= MOST_PIXELS
		       ? (uint32_t)side
		       : 0;
}

/* Two images called alike; `text` is the decoded name. */
static void
judge_name(struct known_lists *lists, struct slice text)
{
	const uint64_t hash = fingerprint_bytes(5, text);
	struct buf folded = {0};
	uint64_t alike;

	path_put_folded(&folded, text);
	alike = fingerprint_bytes(6, buf_view(&folded));
	buf_release(&folded);
	if (hash_set_has(&lists->same, hash))
		file_judge_put(lists->judge, RULE_NAME_DUPLICATE,
			       "another image is called so");
	else if (hash_set_has(&lists->alike, alike))
		file_judge_put(lists->judge, RULE_NAME_COLLIDES,
			       "another image is called so, but for case");
	hash_set_add(&lists->same, hash);
	hash_set_add(&lists->alike, alike);
}

static void
judge_file(struct known_lists *lists, const struct known_image *image,
	   struct slice name)
{
	struct slice text = text_member(name, &lists->text);

	if (!text.n) {
		file_judge_put(lists->judge, RULE_MEMBER_MISSING,
			       "no file_name");
		return;
	}
	judge_name(lists, text);
	if (!path_is_safe(text))
		file_judge_put(lists->judge, RULE_PATH_UNSAFE,
			       "its file_name leads elsewhere");
	else if (lists->files)
		image_files_judge(lists->files, lists->judge, text,
				  image->width, image->height);
}

static void
judge_sides(struct known_lists *lists, const struct known_image *image)
{
	const double side =
		image->width < image->height ? image->width : image->height;

	if (!image->width || !image->height)
		file_judge_put(lists->judge, RULE_SIZE_MISSING,
			       "no width and height");
	else if (side < file_judge_limit(lists->judge, RULE_IMAGE_SMALL))
		file_judge_put_value(lists->judge, RULE_IMAGE_SMALL, side,
				     "the image is %ux%u", image->width,
				     image->height);
}

static void
add_image(struct known_lists *lists, struct known_image image,
	  struct slice name)
{
	if (json_type(name) == JSON_STRING) {
		image.name = lists->names.len;
		image.name_size = (uint32_t)name.n;
		buf_slice(&lists->names, name);
	}
	if (lists->image_count == lists->image_room) {
		lists->image_room = 2 * lists->image_room + 256;
		lists->images = xreallocarray(lists->images, lists->image_room,
					      sizeof(*lists->images));
	}
	lists->images[lists->image_count++] = image;
}

static void
take_image(struct known_lists *lists, size_t n, struct slice value)
{
	enum { ID, FILE_NAME, WIDTH, HEIGHT, MEMBERS };
	static const struct slice keys[MEMBERS] = {{"id", 2},
						   {"file_name", 9},
						   {"width", 5},
						   {"height", 6}};
	struct slice values[MEMBERS];
	struct known_image image = {.place = (uint32_t)n};
	struct file_judge *judge = lists->judge;

	members_find(value, keys, MEMBERS, values);
	file_judge_element(judge, "images", n);
	judge->subject.image_id = values[ID];
	if (json_type(values[FILE_NAME]) == JSON_STRING)
		judge->subject.name = values[FILE_NAME];
	image.width = side_of(values[WIDTH]);
	image.height = side_of(values[HEIGHT]);
	if (json_int(values[ID], &image.id))
		add_image(lists, image, values[FILE_NAME]);
	else
		file_judge_put(judge, RULE_MEMBER_MISSING, "no integer id");
	judge_file(lists, &image, values[FILE_NAME]);
	judge_sides(lists, &image);
	file_judge_end(judge);
}

static void
copy_text(struct buf *to, struct slice value)
{
	if (json_type(value) == JSON_STRING)
		buf_slice(to, value);
}

static void
judge_skeleton(struct known_lists *lists, struct slice skeleton, size_t most)
{
	struct json_iter edges = json_iterate(skeleton), ends;
	struct json_member edge, end;
	int64_t number;

	while (json_next(&edges, &edge) > 0) {
		ends = json_iterate(edge.value);
		while (json_next(&ends, &end) > 0)
			if (!json_int(end.value, &number) || number < 1 ||
			    (uint64_t)number > most) {
				file_judge_put(lists->judge,
					       RULE_SKELETON_RANGE,
					       "its skeleton has a point %.*s, "
					       "its points are 1 to %zu",
					       (int)end.value.n, end.value.p,
					       most);
				return;
			}
	}
}

static void
judge_category_name(struct known_lists *lists, struct slice name)
{
	const uint64_t hash = fingerprint_bytes(10, name);

	if (json_type(name) != JSON_STRING || name.n <= 2) {
		file_judge_put(lists->judge, RULE_MEMBER_MISSING, "no name");
		return;
	}
	if (hash_set_has(&lists->category_names, hash)) {
		lists->judge->mild = true;
		file_judge_put(lists->judge, RULE_NAME_DUPLICATE,
			       "another category is called so");
	}
	hash_set_add(&lists->category_names, hash);
}

static void
add_category(struct known_lists *lists, struct known_category category)
{
	if (category.id < 1 && !lists->panoptic)
		file_judge_put(lists->judge, RULE_CATEGORY_ZERO,
			       "its id is %lld", (long long)category.id);
	if (lists->category_count == lists->category_room) {
		lists->category_room = 2 * lists->category_room + 64;
		lists->categories =
			xreallocarray(lists->categories, lists->category_room,
				      sizeof(*lists->categories));
	}
	lists->categories[lists->category_count++] = category;
}

static void
take_category(struct known_lists *lists, size_t n, struct slice value)
{
	enum { ID, NAME, PARENT, KEYPOINTS, SKELETON, ISTHING, MEMBERS };
	static const struct slice keys[MEMBERS] = {
		{"id", 2},        {"name", 4},     {"supercategory", 13},
		{"keypoints", 9}, {"skeleton", 8}, {"isthing", 7}};
	struct slice values[MEMBERS];
	struct known_category category = {.place = n};
	struct file_judge *judge = lists->judge;
	int64_t thing = 1;

	members_find(value, keys, MEMBERS, values);
	file_judge_element(judge, "categories", n);
	if (json_type(values[NAME]) == JSON_STRING)
		judge->category = values[NAME];
	judge_category_name(lists, values[NAME]);
	if (json_type(values[PARENT]) != JSON_STRING)
		file_judge_put(judge, RULE_SUPERCATEGORY_MISSING,
			       "no supercategory");
	if (lists->panoptic &&
	    (!json_int(values[ISTHING], &thing) || thing < 0 || thing > 1))
		file_judge_put(judge, RULE_ISTHING_MISSING,
			       "no isthing 0 or 1");
	category.stuff = thing == 0;
	category.keypoints = json_count(values[KEYPOINTS]);
	judge_skeleton(lists, values[SKELETON], category.keypoints);
	if (json_int(values[ID], &category.id)) {
		copy_text(&category.name, values[NAME]);
		copy_text(&category.parent, values[PARENT]);
		add_category(lists, category);
	} else {
		file_judge_put(judge, RULE_MEMBER_MISSING, "no integer id");
	}
	file_judge_end(judge);
}

static int
compare_images(const void *a, const void *b)
{
	const struct known_image *left = a, *right = b;

	if (left->id != right->id)
		return left->id < right->id ? -1 : 1;
	return left->place < right->place ? -1 : left->place > right->place;
}

static int
compare_categories(const void *a, const void *b)
{
	const struct known_category *left = a, *right = b;

	if (left->id != right->id)
		return left->id < right->id ? -1 : 1;
	return left->place < right->place ? -1 : left->place > right->place;
}

static void
end_images(struct known_lists *lists)
{
	const struct known_image *images = lists->images;
	size_t i;

	if (lists->image_count)
		qsort(lists->images, lists->image_count, sizeof(*lists->images),
		      compare_images);
	for (i = 1; i < lists->image_count; i++) {
		if (images[i].id != images[i - 1].id)
			continue;
		file_judge_element(lists->judge, "images", images[i].place);
		known_lists_show(lists, &images[i]);
		file_judge_put(lists->judge, RULE_ID_DUPLICATE,
			       "another image has the id %lld",
			       (long long)images[i].id);
		file_judge_end(lists->judge);
	}
}

static void
end_categories(struct known_lists *lists)
{
	const struct known_category *categories = lists->categories;
	size_t i;

	if (lists->category_count)
		qsort(lists->categories, lists->category_count,
		      sizeof(*lists->categories), compare_categories);
	for (i = 1; i < lists->category_count; i++) {
		if (categories[i].id != categories[i - 1].id)
			continue;
		file_judge_element(lists->judge, "categories",
				   categories[i].place);
		lists->judge->category = buf_view(&categories[i].name);
		file_judge_put(lists->judge, RULE_ID_DUPLICATE,
			       "another category has the id %lld",
			       (long long)categories[i].id);
		file_judge_end(lists->judge);
	}
}

/* All have been taken: those that share an id are told of. */
static void
end_lists(struct known_lists *lists)
{
	end_images(lists);
	end_categories(lists);
	hash_set_release(&lists->same);
	hash_set_release(&lists->alike);
	hash_set_release(&lists->category_names);
}

static const char *
take_element(void *context, enum coco_list list, size_t n, struct slice value)
{
	struct known_lists *lists = context;

	if (list == COCO_ANNOTATIONS)
		return lists->second ? lists->take(lists->context, n, value)
				     : NULL;
	if (lists->second)
		return NULL;
	if (list == COCO_IMAGES)
		take_image(lists, n, value);
	else
		take_category(lists, n, value);
	return NULL;
}

static void
begin_list(void *context, enum coco_list list)
{
	((struct known_lists *)context)->begun[list] = true;
}

static void
take_other(void *context, struct slice key, struct slice value)
{
	if (slice_is(key, "info") && json_type(value) == JSON_OBJECT)
		((struct known_lists *)context)->info = true;
}

int
known_lists_walk(struct known_lists *lists, struct source *source)
{
	const struct coco_visitor visitor = {
		.element = take_element,
		.begin = begin_list,
		.other = take_other,
		.context = lists,
	};

	lists->is_list = source_peek(source) == '[';
	if (!lists->is_list) {
		if (source_mark(source) < 0 ||
		    coco_walk(source, &visitor, NULL) < 0)
			return -1;
		end_lists(lists);
		if (source_rewind(source) < 0)
			return -1;
	}
	lists->second = true;
	return coco_walk(source, &visitor, NULL);
}

void
known_lists_release(struct known_lists *lists)
{
	size_t i;

	for (i = 0; i < lists->category_count; i++) {
		buf_release(&lists->categories[i].name);
		buf_release(&lists->categories[i].parent);
	}
	free(lists->categories);
	free(lists->images);
	buf_release(&lists->names);
	buf_release(&lists->text);
	hash_set_release(&lists->same);
	hash_set_release(&lists->alike);
	hash_set_release(&lists->category_names);
}

struct known_image *
known_lists_image(const struct known_lists *lists, int64_t id)
{
	size_t low = 0, high = lists->image_count;

	/* The first of those that share an id. */
	while (low < high) {
		const size_t middle = low + (high - low) / 2;

		if (lists->images[middle].id < id)
			low = middle + 1;
		else
			high = middle;
	}
	return low < lists->image_count && lists->images[low].id == id
		       ? &lists->images[low]
		       : NULL;
}

struct known_category *
known_lists_category(const struct known_lists *lists, int64_t id)
{
	size_t low = 0, high = lists->category_count;

	while (low < high) {
		const size_t middle = low + (high - low) / 2;

		if (lists->categories[middle].id < id)
			low = middle + 1;
		else
			high = middle;
	}
	return low < lists->category_count && lists->categories[low].id == id
		       ? &lists->categories[low]
		       : NULL;
}

void
known_lists_show(const struct known_lists *lists,
		 const struct known_image *image)
{
	struct check_subject *subject = &lists->judge->subject;

	subject->name = (struct slice){0};
	if (image && image->name_size)
		subject->name = (struct slice){lists->names.data + image->name,
					       image->name_size};
}

/* The names that categories have as their parents', but for their own. */
static struct hash_set
parents_of(const struct known_lists *lists)
{
	struct hash_set parents = {0};
	size_t i;

	for (i = 0; i < lists->category_count; i++) {
		const struct known_category *category = &lists->categories[i];
		const struct slice parent = buf_view(&category->parent);

		if (parent.n && !slice_equal(parent, buf_view(&category->name)))
			hash_set_add(&parents, fingerprint_bytes(11, parent));
	}
	return parents;
}

void
known_lists_judge_use(const struct known_lists *lists)
{
	struct hash_set parents = parents_of(lists);
	size_t i;

	for (i = 0; i < lists->category_count; i++) {
		const struct known_category *category = &lists->categories[i];
		const struct slice name = buf_view(&category->name);

		if (category->annotations)
			continue;
		lists->judge->category = name;
		file_judge_put(lists->judge, RULE_CATEGORY_UNUSED,
			       "no annotation has this category");
		if (!lists->panoptic && name.n &&
		    hash_set_has(&parents, fingerprint_bytes(11, name)))
			file_judge_put(lists->judge, RULE_CATEGORY_DROPPED,
				       "it is the supercategory of others");
		file_judge_end(lists->judge);
	}
	hash_set_release(&parents);
}

void
known_lists_judge_root(const struct known_lists *lists)
{
	static const char *const names[COCO_LISTS] = {"images", "annotations",
						      "categories"};
	size_t i;

	for (i = 0; i < COCO_LISTS; i++)
		if (!lists->begun[i])
			file_judge_put(lists->judge, RULE_MEMBER_MISSING,
				       "no list of %s", names[i]);
	if (!lists->info)
		file_judge_put(lists->judge, RULE_INFO_MISSING, "no info");
	file_judge_end(lists->judge);
}
