/*
 * What a release says of itself, without its samples: as records carry it in
 * `release`, for data sets that no record may reach.
 */
#ifndef RELEASE_INFO_H
#define RELEASE_INFO_H

#include "base/buf.h"

/*
 * Appends the object that records of a release file carry as `release`, of the
 * labelset ground-truth or else the first; or the first that seg-samples --info
 * has written. 0, or -1 with the message said.
 */
int release_info_read(const char *path, struct buf *to);

#endif
