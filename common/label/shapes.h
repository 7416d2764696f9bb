/*
 * A record's label as pixels, whatever stage the record is at: of a label
 * bitmap that was not decoded, straight from the bitmap; of a decoded record
 * from its `segmentation`; of points that were not decoded, as seg-decode
 * would write them. Polygons and boxes are filled by rasterize.h, as COCO's
 * library does it. Points and lines have no pixels.
 */
#ifndef SHAPES_H
#define SHAPES_H

#include "image/instance.h"
#include "label/label.h"

/* One annotation. */
struct shape {
	struct slice text; /* as it stands in the record, or once decoded */
	int64_t id;        /* or track_id; 0 where it has none */
	bool categorized;  /* it has an integer category_id */
	int64_t category_id;
	bool crowd;
	struct instance instance; /* count 0: it has no pixels */
};

/* All of a record, in the order of its list; borrowed until the next one. */
struct shapes {
	uint32_t width, height; /* pixels */
	const struct shape *list;
	size_t count;
	size_t without_pixels;
};

/* Reads record after record; its memory is kept for the next one. */
struct shape_reader;

/* The decoder becomes the reader's. */
struct shape_reader *shape_reader_open(struct label_decoder *decoder);
void shape_reader_close(struct shape_reader *reader);
/*
 * Lets it decode even what is decoded already, from the bitmap or the points:
 * where the decoder's options ask for something else than has been written.
 */
void shape_reader_anew(struct shape_reader *reader);
/*
 * Refuse images of more pixels, whatever tells their size: for who writes all
 * of their pixels. A bitmap is held to the decoder's limit anyway.
 */
void shape_reader_limit(struct shape_reader *reader, uint64_t most_pixels);

/*
 * 1 with *shapes set; 0 where nothing was labelled; -1 when it cannot be done:
 * shape_failure says why, and url which was asked in vain, or is empty.
 */
int shapes_read(struct shape_reader *reader, const struct record *record,
		struct shapes *shapes);
const char *shape_failure(struct shape_reader *reader, struct slice *url);

#endif
