/* What the files of the point_groups module share. */
#ifndef POINT_GROUPS_PARTS_H
#define POINT_GROUPS_PARTS_H

#include "output/point_groups.h"

/* These set the owners of points. */
void group_by_links(struct point_groups *groups, const struct record *record);
void group_by_box(struct point_groups *groups);
void group_by_attribute(struct point_groups *groups);

#endif
