/*
 * A label's objects as SVG, for a page: outlines thinned to what a screen
 * shows, each with a tooltip, and marks where a check found something. What an
 * image takes is bounded: by objects, by points, by marks.
 */
#ifndef VIEW_SVG_H
#define VIEW_SVG_H

#include "label/shapes.h"

/* Units along the longer side of a drawing. */
enum { VIEW_UNITS = 1200 };
/* The most of an image that is drawn; the largest objects come first. */
enum { VIEW_OBJECTS = 300, VIEW_POINTS = 1000, VIEW_MARKS = 50 };

struct view_object {
	const struct shape *shape;
	size_t category;   /* a number that goes into its class */
	struct slice name; /* of its category */
};

struct view_drawing {
	uint32_t width, height; /* pixels of the label, at least 1 */
	const struct view_object *objects;
	size_t count;
	struct slice findings; /* of seg-check: a JSON list, or empty */
};

struct view_svg;

struct view_svg *view_svg_open(void);
/* Takes NULL. */
void view_svg_close(struct view_svg *svg);

/*
 * Appends a drawing as an <svg> element without line breaks. Each object's
 * class has its category's number between VIEW_REF and a semicolon. Returns how
 * many objects had to be left out.
 */
#define VIEW_REF '\001'
size_t view_svg_put(struct view_svg *svg, const struct view_drawing *drawing,
		    struct buf *to);

#endif
