#include "report/view_svg.h"

#include <math.h>
#include <stdlib.h>

#include "image/simplify.h"
#include "image/trace.h"
#include "record/shape_type.h"
#include "report/html.h"
#include "report/view_parts.h"
#include "json/json.h"

/* How an object is drawn; the letters are classes of the page's style. */
enum look { LOOK_AREA = 'o', LOOK_BOX = 'b', LOOK_LINE = 'l', LOOK_DOT = 'p' };

/* A ring or, of a line, a chain: points from the last one's end on. */
struct stroke {
	size_t object; /* in the order of drawing */
	size_t end;
	enum look look;
	bool first; /* of its object */
};

/* An object's place in the order of drawing. */
struct layer {
	const struct view_object *object;
	uint64_t area;
};

struct view_svg {
	struct tracer *tracer;
	double scale; /* units in a pixel */
	struct layer *layers;
	size_t layer_room;
	struct point *points;
	bool *keep;
	size_t count, room;
	struct stroke *strokes;
	size_t stroke_count, stroke_room;
};

struct view_svg *
view_svg_open(void)
{
	struct view_svg *svg = xcalloc(1, sizeof(*svg));

	svg->tracer = tracer_open();
	return svg;
}

void
view_svg_close(struct view_svg *svg)
{
	if (!svg)
		return;
	tracer_close(svg->tracer);
	free(svg->layers);
	free(svg->points);
	free(svg->keep);
	free(svg->strokes);
	free(svg);
}

/* Large ones lie below small ones, and those without pixels on top. */
static int
compare_layers(const void *a, const void *b)
{
	const struct layer *p = a, *q = b;

	if (p->area != q->area)
		return p->area < q->area ? 1 : -1;
	return (p->object > q->object) - (p->object < q->object);
}

static size_t
order_layers(struct view_svg *svg, const struct view_drawing *drawing)
{
	size_t i, n = drawing->count;

	if (n > svg->layer_room) {
		svg->layer_room = n + n / 2;
		svg->layers = xreallocarray(svg->layers, svg->layer_room,
					    sizeof(*svg->layers));
	}
	for (i = 0; i < n; i++)
		svg->layers[i] = (struct layer){
			&drawing->objects[i],
			drawing->objects[i].shape->instance.area};
	if (n)
		qsort(svg->layers, n, sizeof(*svg->layers), compare_layers);
	return n < VIEW_OBJECTS ? n : VIEW_OBJECTS;
}

/* Adds a point, given in pixels. */
static void
add_scaled(struct view_svg *svg, struct point point)
{
	if (svg->count == svg->room) {
		svg->room = svg->room ? 2 * svg->room : 1024;
		svg->points = xreallocarray(svg->points, svg->room,
					    sizeof(*svg->points));
		svg->keep =
			xreallocarray(svg->keep, svg->room, sizeof(*svg->keep));
	}
	svg->points[svg->count++] =
		(struct point){point.x * svg->scale, point.y * svg->scale};
}

/* What was added since the last stroke is one of an object. */
static void
end_stroke(struct view_svg *svg, size_t object, enum look look)
{
	const size_t n = svg->stroke_count;

	if (n == svg->stroke_room) {
		svg->stroke_room = n ? 2 * n : 64;
		svg->strokes = xreallocarray(svg->strokes, svg->stroke_room,
					     sizeof(*svg->strokes));
	}
	svg->strokes[svg->stroke_count++] =
		(struct stroke){object, svg->count, look,
				!n || svg->strokes[n - 1].object != object};
}

/* What is farther away, in pixels, is no place. */
#define FARTHEST 1e7

static bool
read_xy(struct slice pair, struct point *point)
{
	struct json_iter iter = json_iterate(pair);
	struct json_member number;

	return json_next(&iter, &number) > 0 &&
	       json_double(number.value, &point->x) &&
	       json_next(&iter, &number) > 0 &&
	       json_double(number.value, &point->y) &&
	       fabs(point->x) < FARTHEST && fabs(point->y) < FARTHEST;
}

/* 0 where its type is none that is drawn with points. */
static enum look
look_of(struct slice annotation)
{
	static const enum look looks[SHAPE_TYPES] = {
		[SHAPE_POLYGON] = LOOK_AREA,
		[SHAPE_BOX] = LOOK_BOX,
		[SHAPE_POLYLINE] = LOOK_LINE,
		[SHAPE_POINT] = LOOK_DOT,
	};
	const enum shape_type type =
		shape_type_find(json_get(annotation, "type"));

	return type == SHAPE_TYPES ? 0 : looks[type];
}

/* The smallest rectangle around the points from `begin` on takes their place.
 */
static void
make_box(struct view_svg *svg, size_t begin)
{
	struct box box = points_box(svg->points + begin, svg->count - begin);
	const struct point corners[] = {{box.x, box.y},
					{box.x + box.w, box.y},
					{box.x + box.w, box.y + box.h},
					{box.x, box.y + box.h}};
	size_t i;

	svg->count = begin;
	for (i = 0; i < 4; i++)
		add_scaled(svg, (struct point){corners[i].x / svg->scale,
					       corners[i].y / svg->scale});
}

/* Takes an object as it was drawn, with points; false where it was not. */
static bool
take_drawn(struct view_svg *svg, size_t object, struct slice annotation)
{
	const enum look look = look_of(annotation);
	const size_t begin = svg->count;
	struct json_member pair;
	struct json_iter iter;
	struct point point;
	struct slice list;

	if (!look || !json_find(annotation, "points", &list) ||
	    json_type(list) != JSON_ARRAY)
		return false;
	iter = json_iterate(list);
	while (json_next(&iter, &pair) > 0 && read_xy(pair.value, &point))
		add_scaled(svg, point);
	if (svg->count == begin)
		return false;
	if (look == LOOK_BOX)
		make_box(svg, begin);
	end_stroke(svg, object, look);
	return true;
}

static void
take_pixels(struct view_svg *svg, size_t object,
	    const struct instance *instance)
{
	const struct polygon outline = tracer_outline(svg->tracer, instance, 0);
	size_t part, i = 0;

	for (part = 0; part < outline.parts; part++) {
		for (; i < outline.ends[part]; i++)
			add_scaled(svg, outline.points[i]);
		end_stroke(svg, object, LOOK_AREA);
	}
}

/* Keeps only points that are apart from the last one kept. */
static void
thin_chain(const struct point *points, bool *keep, size_t n, double tolerance)
{
	struct point last = points[0];
	size_t i;

	keep[0] = true;
	for (i = 1; i < n; i++) {
		keep[i] = i == n - 1 ||
			  fabs(points[i].x - last.x) +
					  fabs(points[i].y - last.y) >
				  2 * tolerance;
		if (keep[i])
			last = points[i];
	}
}

/* Points of a ring that may all stay. */
enum { FEW = 12 };

/* Decides which points of a stroke stay: their number. */
static size_t
thin_stroke(const struct view_svg *svg, const struct stroke *stroke,
	    size_t begin, double tolerance)
{
	const struct point *points = svg->points + begin;
	const size_t n = stroke->end - begin;
	bool *keep = svg->keep + begin;
	const struct box box = points_box(points, n);
	size_t i, kept = 0;

	memset(keep, 0, n * sizeof(*keep));
	/* Of an object's further parts what is too small is not seen. */
	if (!stroke->first && box.w < tolerance && box.h < tolerance)
		return 0;
	if (n <= 4) {
		memset(keep, true, n);
		return n;
	}
	if (stroke->look == LOOK_AREA)
		simplify_ring(points, keep, n, tolerance);
	for (i = 0; i < n; i++)
		kept += keep[i];
	if (kept && (kept < n || n <= FEW))
		return kept;
	/* A line, or a ring without an area. */
	thin_chain(points, keep, n, tolerance);
	for (i = kept = 0; i < n; i++)
		kept += keep[i];
	return kept;
}

/* Thins all strokes, as far as it takes to be within the bound. */
static void
thin_strokes(struct view_svg *svg)
{
	double tolerance = 1;
	size_t i, begin, kept;

	for (;; tolerance *= 2) {
		for (i = begin = kept = 0; i < svg->stroke_count; i++) {
			kept += thin_stroke(svg, &svg->strokes[i], begin,
					    tolerance);
			begin = svg->strokes[i].end;
		}
		if (kept <= VIEW_POINTS || tolerance > VIEW_UNITS)
			return;
	}
}

/* Writes a path in the fewest bytes: whole units, each from the last point. */
struct pen {
	struct buf *to;
	long x, y;
	char command;
};

static void
put_distance(struct pen *pen, long step, bool first)
{
	if (!first && step >= 0)
		buf_putc(pen->to, ' ');
	buf_int(pen->to, step);
}

static void
move_pen(struct pen *pen, long x, long y)
{
	pen->x = x;
	pen->y = y;
	pen->command = 'M';
	buf_putc(pen->to, 'M');
	put_distance(pen, x, true);
	put_distance(pen, y, false);
}

static void
draw_line(struct pen *pen, long x, long y)
{
	const long dx = x - pen->x, dy = y - pen->y;
	const char command = !dy ? 'h' : !dx ? 'v' : 'l';
	const bool same = command == pen->command;

	if (!dx && !dy)
		return;
	if (!same)
		buf_putc(pen->to, command);
	if (dx)
		put_distance(pen, dx, !same);
	if (dy)
		put_distance(pen, dy, !same && !dx);
	pen->x = x;
	pen->y = y;
	pen->command = command;
}

static void
put_stroke(struct view_svg *svg, const struct stroke *stroke, size_t begin,
	   struct buf *to)
{
	struct pen pen = {.to = to};
	long x, y;
	size_t i;

	for (i = begin; i < stroke->end; i++) {
		if (!svg->keep[i])
			continue;
		x = lround(svg->points[i].x);
		y = lround(svg->points[i].y);
		if (pen.command)
			draw_line(&pen, x, y);
		else
			move_pen(&pen, x, y);
	}
	/* A line of no length with round ends is a dot. */
	if (pen.command == 'M')
		buf_puts(to, "h0");
	else if (pen.command && stroke->look != LOOK_LINE)
		buf_putc(to, 'z');
}

static void
put_tooltip(struct buf *to, const struct view_object *object)
{
	const struct shape *shape = object->shape;

	buf_puts(to, "<title>");
	view_put_text(to, object->name, 60);
	if (shape->id)
		buf_printf(to, " #%lld", (long long)shape->id);
	if (shape->instance.area)
		buf_printf(to, ", %llu px",
			   (unsigned long long)shape->instance.area);
	if (shape->crowd)
		buf_puts(to, ", crowd");
	buf_puts(to, "</title>");
}

static void
draw_objects(struct view_svg *svg, struct buf *to)
{
	size_t i, begin = 0;

	for (i = 0; i < svg->stroke_count; i++) {
		const struct stroke *stroke = &svg->strokes[i];
		const struct view_object *object =
			svg->layers[stroke->object].object;

		if (stroke->first)
			buf_printf(to, "<path class=\"%c c%c%zu;\" d=\"",
				   stroke->look, VIEW_REF, object->category);
		put_stroke(svg, stroke, begin, to);
		begin = stroke->end;
		if (i + 1 < svg->stroke_count && !stroke[1].first)
			continue;
		buf_puts(to, "\">");
		put_tooltip(to, object);
		buf_puts(to, "</path>");
	}
}

/* The rectangle of a finding, in pixels; false where it has none. */
static bool
read_box_of(struct slice finding, double box[4])
{
	struct json_member number;
	struct json_iter iter;
	struct slice list;
	size_t i;

	if (!json_find(finding, "bbox", &list))
		return false;
	iter = json_iterate(list);
	for (i = 0; i < 4; i++)
		if (json_next(&iter, &number) <= 0 ||
		    !json_double(number.value, &box[i]) ||
		    fabs(box[i]) > FARTHEST)
			return false;
	return true;
}

/* The circles that are drawn. */
struct circles {
	struct point at[VIEW_MARKS];
	size_t count;
};

enum { RADIUS = 24 };

/* Adds a circle; false where one is there that says the same. */
static bool
add_circle(struct circles *circles, struct point at)
{
	size_t i;

	for (i = 0; i < circles->count; i++)
		if (hypot(at.x - circles->at[i].x, at.y - circles->at[i].y) <
		    RADIUS)
			return false;
	circles->at[circles->count++] = at;
	return true;
}

/*
 * Begins the mark of a finding and returns its end; NULL where it has no place
 * or one that is marked.
 */
static const char *
begin_mark(const struct view_svg *svg, struct slice finding,
	   struct circles *circles, struct buf *to)
{
	const char *severity = view_severity(finding);
	const double scale = svg->scale;
	struct slice value;
	struct point at;
	double box[4];

	if (json_find(finding, "at", &value) && read_xy(value, &at)) {
		at.x *= scale;
		at.y *= scale;
		if (!add_circle(circles, at))
			return NULL;
		buf_printf(to,
			   "<circle class=\"f %s\" cx=\"%ld\" cy=\"%ld\" "
			   "r=\"%d\">",
			   severity, lround(at.x), lround(at.y), RADIUS);
		return "</circle>";
	}
	if (!read_box_of(finding, box))
		return NULL;
	buf_printf(to,
		   "<rect class=\"f %s\" x=\"%ld\" y=\"%ld\" width=\"%ld\" "
		   "height=\"%ld\" rx=\"8\">",
		   severity, lround(box[0] * scale) - 8,
		   lround(box[1] * scale) - 8, lround(box[2] * scale) + 16,
		   lround(box[3] * scale) + 16);
	return "</rect>";
}

/* Marks where something was found that is more than a remark. */
static void
put_marks(const struct view_svg *svg, struct slice findings, struct buf *to)
{
	struct json_iter iter = json_iterate(findings);
	struct json_member finding;
	struct circles circles = {.count = 0};
	const char *end;
	size_t n = 0;

	while (n < VIEW_MARKS && json_next(&iter, &finding) > 0) {
		if (*view_severity(finding.value) == 'i')
			continue;
		end = begin_mark(svg, finding.value, &circles, to);
		if (!end)
			continue;
		n++;
		buf_puts(to, "<title>");
		view_put_finding(to, finding.value);
		buf_puts(to, "</title>");
		buf_puts(to, end);
	}
}

size_t
view_svg_put(struct view_svg *svg, const struct view_drawing *drawing,
	     struct buf *to)
{
	const uint32_t side = drawing->width > drawing->height
				      ? drawing->width
				      : drawing->height;
	size_t i, n = order_layers(svg, drawing);

	svg->scale = (double)VIEW_UNITS / side;
	svg->count = svg->stroke_count = 0;
	for (i = 0; i < n; i++) {
		const struct shape *shape = svg->layers[i].object->shape;

		if (!take_drawn(svg, i, shape->text) && shape->instance.count)
			take_pixels(svg, i, &shape->instance);
	}
	thin_strokes(svg);
	buf_printf(to,
		   "<svg viewBox=\"0 0 %ld %ld\" preserveAspectRatio=\"none\">",
		   lround(drawing->width * svg->scale),
		   lround(drawing->height * svg->scale));
	draw_objects(svg, to);
	put_marks(svg, drawing->findings, to);
	buf_puts(to, "</svg>");
	return drawing->count - n;
}
