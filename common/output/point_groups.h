/*
 * The points of a record's label, gathered into the objects they belong to: by
 * links, by the boxes around them, or by an attribute. What is made of them is
 * for those who write data sets.
 */
#ifndef POINT_GROUPS_H
#define POINT_GROUPS_H

#include "record/record.h"

/* What makes points one object's keypoints. */
enum point_grouping {
	POINTS_ALONE, /* each is an instance of its own */
	POINTS_BY_LINKS,
	POINTS_BY_BOX,       /* the smallest box around them */
	POINTS_BY_ATTRIBUTE, /* equal values of an object attribute */
};

struct point_options {
	enum point_grouping by;
	const char *attribute;
	const char *keypoints; /* names of categories, comma between; or NULL */
	const char *object_category; /* of points around which nothing is */
};

/* True where points of a category that is called so may be an object's. */
bool point_is_listed(const struct point_options *options, struct slice name);
/* The category of points around which nothing is, where they are grouped. */
const char *point_object_name(const struct point_options *options);

/* An annotation. Indices are those of the list; SIZE_MAX is none. */
struct point_item {
	/* What is told of it: members as label_decode writes them, or empty, */
	struct slice type, id, bbox, area, keypoints, attributes;
	size_t category;
	size_t nth;    /* of the record's annotations, from 1 */
	bool boxed;    /* it has all that a box needs */
	bool point;    /* it is one */
	bool keypoint; /* and its category is listed; see point_is_listed */
	/* and what is found. */
	struct slice value; /* of the attribute that groups; empty: none */
	int64_t number;     /* its id */
	bool has_number;
	bool visible;
	struct slice x, y; /* as they are spelt */
	double at[2];
	/*
	 * The object of a point; or, where points alone make one, the first of
	 * them, of itself too.
	 */
	size_t owner;
	size_t first, last, next; /* points that hang at an owner */
	size_t root;              /* towards the first of points linked */
	bool joined;              /* to another point */
	bool again;               /* the owner has a point of the category */
};

/* Two points that are linked, by their places in the list. */
struct point_limb {
	size_t a, b;
};

/* The annotations of one record; zeroed but for the options at first. */
struct point_groups {
	const struct point_options *options;
	struct point_item *items;
	struct point_limb *limbs;
	size_t count, room, limb_count, limb_room;
};

void point_groups_release(struct point_groups *groups);
/* Forgets the annotations of the record before. */
void point_groups_reset(struct point_groups *groups);
/* Adds an annotation, of which the first members are set. */
void point_groups_add(struct point_groups *groups, struct point_item item);
/* Finds whose the points are, when all annotations have come. */
void
point_groups_settle(struct point_groups *groups, const struct record *record);
/* Says that a point, whose category is called so, is left out as `again`. */
void point_say_again(const struct point_item *item, const struct record *record,
		     struct slice name);
/* True for a point that is put with its owner, if it is put at all. */
bool point_groups_is_part(const struct point_groups *groups, size_t index);
/*
 * The box around the visible ones of the points that hang at an owner: its
 * corner and size, which is not empty. False: there are none.
 */
bool point_groups_surround(const struct point_groups *groups, size_t owner,
			   double low[2], double size[2]);

#endif
