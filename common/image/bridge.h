/*
 * The parts of a polygon as one ring, for formats that have one ring for an
 * object: two parts are joined by a bridge of no width, walked there and back,
 * so that filled even-odd the ring encloses what the parts did.
 */
#ifndef BRIDGE_H
#define BRIDGE_H

#include "image/polygon.h"

/* Joins polygon after polygon; its memory is kept for the next one. */
struct bridger;

struct bridger *bridger_open(void);
/* Takes NULL. */
void bridger_close(struct bridger *bridger);

/*
 * The ring of all parts, of *n points; the polygon's own where it has one
 * part. Each part is joined to the nearest of those joined before, at corners
 * that are near each other; of many parts each to the one before it. Borrowed
 * until the next call.
 */
const struct point *
bridger_join(struct bridger *bridger, const struct polygon *polygon, size_t *n);

#endif
