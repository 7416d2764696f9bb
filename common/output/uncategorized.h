/*
 * Annotations whose category is none of their release: writers of data sets
 * leave them out, name them and count them, all in the same words.
 */
#ifndef UNCATEGORIZED_H
#define UNCATEGORIZED_H

#include "base/buf.h"
#include "base/diag.h"

/* What is counted, for outcome_left_out. */
#define UNCATEGORIZED_COUNTED "annotations of no category"

/*
 * Says that an annotation, the n-th of its record from 1, is left out. `id`
 * and `category_id` are as they are spelt, or empty where it has none; what is
 * no integer is no category_id.
 */
void uncategorized_say(const struct place *place, size_t n, struct slice id,
		       struct slice category_id);
/* The same with numbers; `category_id` may be NULL. */
void uncategorized_say_numbers(const struct place *place, size_t n, int64_t id,
			       const int64_t *category_id);

#endif
