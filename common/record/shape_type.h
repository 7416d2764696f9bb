/*
 * The types of annotations that are drawn with points: a closed list, in one
 * place.
 */
#ifndef SHAPE_TYPE_H
#define SHAPE_TYPE_H

#include "base/buf.h"

enum shape_type {
	SHAPE_BOX, /* by two corners that lie across */
	SHAPE_POLYGON,
	SHAPE_POLYLINE,
	SHAPE_POINT,
	SHAPE_TYPES
};

extern const char *const shape_type_names[SHAPE_TYPES];
/* The fewest points that make one. */
extern const size_t shape_least_points[SHAPE_TYPES];

/* The type that an annotation's `type`, as JSON, names; SHAPE_TYPES if none. */
enum shape_type shape_type_find(struct slice type);

#endif
