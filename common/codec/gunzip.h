/*
 * gzip and zlib streams, decoded piece by piece. For what servers send, where
 * speed does not matter; label bitmaps have codec/inflate.
 */
#ifndef GUNZIP_H
#define GUNZIP_H

#include "base/buf.h"

struct gunzip;

/* A stream may begin with such a byte, and no image file does. */
bool gunzip_begins(char first);

struct gunzip *gunzip_open(void);
void gunzip_close(struct gunzip *gunzip);
/*
 * Decodes n more bytes into `sink`, which stops it with false. 1; 0 where it
 * was stopped; -1 where the stream is broken.
 */
int
gunzip_put(struct gunzip *gunzip, const char *p, size_t n,
	   bool (*sink)(void *context, const char *p, size_t n), void *context);
/* The stream has come to its end. */
bool gunzip_ended(const struct gunzip *gunzip);

#endif
