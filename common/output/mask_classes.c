#include "output/mask_classes.h"

#include <stdlib.h>

#include "output/color.h"

void
mask_classes_release(struct mask_classes *classes)
{
	categories_release(&classes->categories);
	buf_release(&classes->release);
	buf_release(&classes->failure);
	free(classes->list);
}

static bool
is_taken(const struct mask_classes *classes, uint32_t color)
{
	size_t i;

	for (i = 0; i < classes->count; i++)
		if (classes->list[i].color == color)
			return true;
	return false;
}

/* Gives colours to those that the release gave none, each its own. */
static void
choose_colors(struct mask_classes *classes, const bool *given)
{
	size_t i, next = 0;

	for (i = 0; i < classes->count; i++) {
		if (given[i])
			continue;
		classes->list[i].color = 0;
		while (is_taken(classes, color_distinct(next)))
			next++;
		classes->list[i].color = color_distinct(next++);
	}
}

/* Sets the values: NULL, or why they cannot be. */
static const char *
choose_values(struct mask_classes *classes)
{
	const uint32_t first =
		classes->binary && classes->count == 1 ? 1 : classes->first;
	size_t i;

	classes->largest = 0;
	for (i = 0; i < classes->count; i++) {
		struct mask_class *class = &classes->list[i];
		const int64_t value =
			classes->keep ? class->id : (int64_t)i + first;

		if (value < 0 || value > classes->most) {
			buf_reset(&classes->failure);
			buf_printf(&classes->failure,
				   "category %lld would be %lld in a map, "
				   "which holds 0 to %lu%s",
				   (long long)class->id, (long long)value,
				   (unsigned long)classes->most,
				   classes->keep ? ": leave --labels keep out"
						 : "");
			return buf_cstr(&classes->failure);
		}
		class->value = (uint32_t)value;
		if (class->value > classes->largest)
			classes->largest = class->value;
	}
	return NULL;
}

const char *
mask_classes_take(struct mask_classes *classes, struct slice release)
{
	struct categories *categories = &classes->categories;
	const char *why;
	bool *given;
	size_t i;

	if (classes->release.len &&
	    slice_equal(buf_view(&classes->release), release))
		return NULL;
	buf_reset(&classes->release);
	classes->count = 0;
	why = categories_take_alone(categories, release);
	if (why)
		return why;
	if (categories->count > classes->room) {
		classes->room = categories->count;
		classes->list = xreallocarray(classes->list, classes->room,
					      sizeof(*classes->list));
	}
	classes->count = categories->count;
	given = xcalloc(classes->count + 1, sizeof(*given));
	for (i = 0; i < classes->count; i++) {
		const struct category *category = &categories->list[i];
		struct mask_class *class = &classes->list[i];
		struct slice text = buf_view(&category->text), value;

		*class = (struct mask_class){.id = category->id,
					     .name = buf_view(&category->name)};
		given[i] = color_read(text, &class->color);
		class->stuff = json_find(text, "has_instances", &value) &&
			       slice_is(value, "false");
	}
	choose_colors(classes, given);
	free(given);
	why = choose_values(classes);
	if (!why)
		buf_slice(&classes->release, release);
	return why;
}

const struct mask_class *
mask_classes_find(const struct mask_classes *classes, int64_t id)
{
	const struct categories *categories = &classes->categories;
	const struct category *category = categories_find(categories, id);

	return category ? &classes->list[category - categories->list] : NULL;
}

bool
mask_classes_same(const struct mask_classes *a, const struct mask_classes *b,
		  bool colors)
{
	size_t i;

	if (a->count != b->count)
		return false;
	for (i = 0; i < a->count; i++)
		if (a->list[i].value != b->list[i].value ||
		    (colors && a->list[i].color != b->list[i].color) ||
		    !slice_equal(a->list[i].name, b->list[i].name))
			return false;
	return true;
}

/* Puts a name as a key, with its id where an earlier class is called so. */
static void
put_key(const struct mask_classes *classes, size_t i, struct buf *to)
{
	const struct mask_class *class = &classes->list[i];
	struct buf key = {0};
	size_t k;

	buf_slice(&key, class->name);
	for (k = 0; k < i; k++)
		if (slice_equal(classes->list[k].name, class->name)) {
			buf_printf(&key, " (%lld)", (long long)class->id);
			break;
		}
	json_put_string(to, buf_view(&key));
	buf_release(&key);
}

void
mask_classes_put(const struct mask_classes *classes, bool names_first,
		 struct buf *to)
{
	size_t i;

	for (i = 0; i < classes->count; i++) {
		const struct mask_class *class = &classes->list[i];

		buf_puts(to, i ? "," : "{");
		if (names_first) {
			put_key(classes, i, to);
			buf_printf(to, ":%lu", (unsigned long)class->value);
		} else {
			buf_printf(to, "\"%lu\":", (unsigned long)class->value);
			json_put_string(to, class->name);
		}
	}
	buf_puts(to, classes->count ? "}" : "{}");
}
