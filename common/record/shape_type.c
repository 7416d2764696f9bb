#include "record/shape_type.h"

#include "json/json.h"

const char *const shape_type_names[SHAPE_TYPES] = {
	[SHAPE_BOX] = "bbox",
	[SHAPE_POLYGON] = "polygon",
	[SHAPE_POLYLINE] = "polyline",
	[SHAPE_POINT] = "point",
};

const size_t shape_least_points[SHAPE_TYPES] = {
	[SHAPE_BOX] = 2,
	[SHAPE_POLYGON] = 3,
	[SHAPE_POLYLINE] = 2,
	[SHAPE_POINT] = 1,
};

enum shape_type
shape_type_find(struct slice type)
{
	enum shape_type i = 0;

	while (i < SHAPE_TYPES &&
	       !json_string_is(type, slice_of(shape_type_names[i])))
		i++;
	return i;
}
