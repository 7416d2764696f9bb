/* What the files of view share. */
#ifndef VIEW_PARTS_H
#define VIEW_PARTS_H

#include "base/file.h"
#include "base/out.h"
#include "output/spool.h"
#include "report/view.h"
#include "report/view_svg.h"

/*
 * Fields one after the other, each as its length, ':' and its bytes, which
 * must not hold LF where a line is made of them.
 */
void view_pack(struct buf *to, struct slice field);
void view_pack_number(struct buf *to, uint64_t number);
/* Takes the first field of `rest`; an empty one where there is none. */
struct slice view_unpack(struct slice *rest);
uint64_t view_unpack_number(struct slice *rest);

/* Text for a page, of which no more than `most` bytes are shown. */
void view_put_text(struct buf *to, struct slice text, size_t most);
/* Likewise a JSON value: a string's text, or its JSON. */
void view_put_value(struct buf *to, struct slice value, size_t most);
/* The class of a finding of seg-check: "error", "warning" or "info". */
const char *view_severity(struct slice finding);
/* Appends "rule: message". */
void view_put_finding(struct buf *to, struct slice finding);

/* How an image is shown. */
struct view_image {
	uint32_t width, height; /* pixels; 0 where they are not known */
	bool shown;
};

/* What is known of a record while it is put. */
struct view_seen {
	const struct record *record;
	struct shapes shapes;
	struct view_image image;
	uint64_t key;  /* of the sample: records with the same are joined */
	uint64_t area; /* pixels of all objects */
	struct slice findings, quality; /* JSON, or empty */
	uint64_t errors, warnings, infos;
	size_t undrawn, main; /* kind with the largest area */
};

/* Appends facts, findings and metadata. */
void view_put_info(struct buf *to, const struct view_seen *seen);

/*
 * Appends an element that shows a record's image, or tells why none is shown,
 * which is warned of.
 */
struct view_images;

struct view_images *view_images_open(const struct view_options *options,
				     struct asset_reader *assets);
void view_images_close(struct view_images *images);
struct view_image view_image_put(struct view_images *images,
				 const struct record *record, struct buf *to);

/* The directory that a path's file is in, to be freed. */
char *view_directory_of(const char *path);

/*
 * Appends a path or URL for an attribute: letters and digits and what is in
 * `keep` as they are, else %XX.
 */
void view_put_address(struct buf *to, struct slice path, const char *keep);

/*
 * What can be switched on a page: categories, or statuses. Names are text for
 * a page already, escaped, as are those of struct view_facts.
 */
struct view_switch {
	struct buf name;
	uint32_t color;
	uint64_t total, here; /* objects or samples: in all, on a page */
};

struct view_switches {
	struct view_switch *list;
	size_t count, room;
	uint32_t *slots; /* numbers from 1, by the hash of their names */
	size_t slot_count;
};

void view_switches_release(struct view_switches *switches);
/* The number of the one of a name, made where it is new. */
size_t view_switches_find(struct view_switches *switches, struct slice name,
			  uint32_t color);
/*
 * The numbers in the order of the legend, those with the most first; the
 * caller frees them.
 */
size_t *view_switches_order(const struct view_switches *switches);

/* A record that was taken; what is shown of it waits in the spool. */
struct view_taken {
	uint64_t key;        /* the same for records of one sample */
	uint64_t rank;       /* the highest comes first */
	uint64_t at;         /* in the spool: facts, then what is shown */
	uint32_t facts, all; /* bytes */
	uint32_t group;
	uint32_t number; /* from 0, in input order */
	char *name;      /* where it decides the order, or NULL */
};

/* What is shown of one sample: records from `first` on. */
struct view_place {
	const struct view_taken *first;
	uint64_t rank;
	uint32_t group, records;
};

/* All that was collected. */
struct view {
	const struct view_options *options;
	struct spool *spool;
	struct file *first; /* the first page, until it is written */
	struct view_taken *list;
	size_t count, room;
	struct view_switches categories, statuses, groups;
	struct buf title, text, scratch;
	bool titles_differ;
	size_t missing, pages;
	/* While pages are written. */
	struct view_place *cells;
	size_t cell_count;
	uint32_t *group_places;
};

/* What is known of a record's place on a page, as view_add keeps it. */
struct view_facts {
	struct slice id, name, labelset, release;
	uint64_t status, ratio /* x 1000 */, objects;
	uint64_t errors, warnings, infos;
	struct slice counts; /* packed: how many, then category and objects */
	struct slice picture, info;
};

/* A page while it is written. */
struct view_page {
	const struct view_options *options;
	struct slice title;
	size_t number, pages; /* from 1 */
	size_t samples;       /* in all */
	const struct view_switches *categories, *statuses;
	struct buf text, style;
	struct out *out;
};

void view_page_release(struct view_page *page);

/* The parts of a page, in their order. */
void view_page_begin(struct view_page *page);
void view_page_put_group(struct view_page *page, struct slice name,
			 uint64_t samples);

/* What is shown of a sample: one record, or several side by side. */
struct view_cell {
	struct slice id, before, after; /* and its neighbours', or empty */
	struct slice name;
	uint64_t ratio; /* x 1000, of all together */
	uint64_t status;
	size_t records;
};

void view_page_begin_cell(struct view_page *page, const struct view_cell *cell);
/* `caption` tells several apart. */
void view_page_put_record(struct view_page *page, const struct view_cell *cell,
			  const struct view_facts *facts, struct slice caption);
void view_page_end_cell(struct view_page *page, const struct view_cell *cell);
void view_page_end(struct view_page *page);

/* Appends the name of a page's file: page.html, page-2.html, ... */
void view_page_name(struct buf *to, const char *output, size_t number);
/* The style in pieces, NULL behind the last. */
extern const char *const view_style[];
/* Stands in the head of each page: it is one of ours. */
extern const char view_mark[];

#endif
