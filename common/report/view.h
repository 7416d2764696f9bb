/*
 * Pages to look at labels: a contact sheet of images with their objects over
 * them, that works from a disk and without script.
 *
 * view_pane_* turns a record into what a page shows of it, on any thread;
 * view_* collects that in a temporary file, on one, and writes the pages once
 * all of it is known. A few dozen bytes of memory are taken by each record.
 *
 * Records of one sample, such as its labels of two labelsets, are shown side
 * by side, wherever they stand in the input.
 */
#ifndef VIEW_H
#define VIEW_H

#include "label/shapes.h"
#include "store/asset.h"

enum view_sort { VIEW_BY_INPUT, VIEW_BY_AREA, VIEW_BY_FINDINGS, VIEW_BY_NAME };
enum view_group { VIEW_TOGETHER, VIEW_BY_CATEGORY, VIEW_BY_STATUS };

struct view_options {
	uint32_t side; /* pixels of a thumbnail's longer side */
	bool link;     /* images stay where they are */
	uint64_t max_pixels;
	size_t page; /* samples on one; 0: all */
	enum view_sort sort;
	enum view_group group;
	bool syncs;         /* pages are on the disk before the end */
	const char *output; /* the first page's file, or NULL for stdout */
};

/* What one worker has; the options are borrowed, the readers become its own. */
struct view_pane;

struct view_pane *
view_pane_open(const struct view_options *options, struct asset_reader *assets,
	       struct shape_reader *shapes);
void view_pane_close(struct view_pane *pane);
/*
 * Appends what is shown of a record as a line for view_add: 0, or -1 with why
 * not (borrowed, as the url that was asked in vain). An image that cannot be
 * shown is warned of.
 */
int view_pane_put(struct view_pane *pane, const struct record *record,
		  struct buf *to, const char **why, struct slice *url);

struct view;

/* NULL with the message said. */
struct view *view_open(const struct view_options *options);
/* Takes NULL. */
void view_close(struct view *view);
/* Takes a line of view_pane_put, without LF: 0, or -1 with the message said. */
int view_add(struct view *view, struct slice line);
/*
 * Writes the pages, the first one last, and removes those that a former run
 * has left behind them: 0, or -1 with the message said.
 */
int view_write(struct view *view);
/* After that: how many there are, and the images that could not be shown. */
size_t view_pages(const struct view *view);
size_t view_samples(const struct view *view);
size_t view_missing(const struct view *view);

#endif
