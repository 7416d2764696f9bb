/* What the files of the check module share. */
#ifndef CHECK_PARTS_H
#define CHECK_PARTS_H

#include <stdarg.h>

#include "image/bitmap.h"
#include "image/components.h"
#include "image/even_odd.h"
#include "image/rasterize.h"
#include "record/left_out.h"
#include "report/check.h"

/* Something found; raw JSON where it is a slice, empty where unknown. */
struct finding {
	enum check_rule rule;
	enum severity severity; /* at most; that of the rule if it is ERROR */
	struct slice annotation, category;
	bool valued;
	double value;      /* what is held against the limit */
	const double *at;  /* x, y; or NULL */
	const double *box; /* x, y, w, h; or NULL */
};

/* Appends a finding's line, unless its rule is disabled. */
void check_put(const struct check_options *options,
	       const struct check_subject *subject, struct buf *to,
	       const struct finding *finding, const char *format, ...)
	__attribute__((format(printf, 5, 6)));
void check_vput(const struct check_options *options,
		const struct check_subject *subject, struct buf *to,
		const struct finding *finding, const char *format, va_list args)
	__attribute__((format(printf, 5, 0)));
/* Appends the members of what a finding is of. */
void check_put_subject(struct buf *to, const struct check_subject *subject);

/* An annotation of the record at hand. */
struct judged {
	struct slice text, id_text; /* raw */
	int64_t id;                 /* 0: it has none */
	struct slice category;      /* its name, raw; empty: unknown */
	struct slice definition;    /* of its category in the release */
	size_t frame;               /* 1 + that of a sequence's label, or 0 */
	double area, box[4];        /* area below 0: unknown */
};

struct judge {
	const struct check_options *options;
	struct asset_reader *assets;
	struct bitmap *bitmap;
	struct component_finder *finder;
	struct rasterizer *rasterizers[2];
	struct even_odd *even_odd;
	struct check_subject subject;
	const struct record *record;
	struct judged *list;
	size_t count, room;
	uint32_t width, height; /* of the image; 0: unknown */
	struct left_out left_out;
	uint32_t unit; /* of a bitmap's ids: BITMAP_GREY_ID for levels, or 1 */
	struct run *gaps; /* short ones between the runs of a bitmap */
	size_t gap_room;
	size_t *columns; /* where those of each column begin in its runs */
	size_t column_room;
	struct point *points;
	size_t *point_ends; /* of each annotation, in points */
	size_t point_room, end_room;
	struct buf file, findings, release, text;
};

/* Something found on the record at hand; on an annotation, or NULL. */
void judge_put(struct judge *judge, enum check_rule rule,
	       const struct judged *annotation, const double *at,
	       const char *format, ...) __attribute__((format(printf, 5, 6)));
/* The same with a value that is held against the rule's limit. */
void
judge_put_value(struct judge *judge, enum check_rule rule,
		const struct judged *annotation, const double *at, double value,
		const char *format, ...) __attribute__((format(printf, 6, 7)));
/* Learns the size of the record's image where it costs nothing. */
void judge_learn_size(struct judge *judge);

/* The rules of members. */
void judge_members(struct judge *judge);
/* The rules of a bitmap. */
void judge_bitmap(struct judge *judge);
/* Those of what is small and unlabelled in it: holes and slivers. */
void judge_gaps(struct judge *judge, const struct bitmap_view *view);
/* The middle of a component: of its box, for who goes there to look. */
void judge_middle(const struct component *component, double at[2]);
/* The rules of what is drawn with points. */
void judge_vector(struct judge *judge);

#endif
