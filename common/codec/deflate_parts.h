/* What the files of the deflate module share. */
#ifndef DEFLATE_PARTS_H
#define DEFLATE_PARTS_H

#include "codec/checksum.h"
#include "codec/deflate.h"
#include "codec/prefix_code.h"

enum {
	LITERALS = 286,
	DISTANCES = 4, /* 1 to 4: one for each size of a pixel */
	CODE_LENGTHS = 19,
	END = 256,
	MATCH_MIN = 3,
	MATCH_MAX = 258,
	TOKENS = 1 << 15, /* of a block */
};

/* The first length of each code from 257 on, and its extra bits. */
enum { LENGTH_CODES = 29 };
extern const uint16_t deflate_length_base[LENGTH_CODES];
extern const uint8_t deflate_length_extra[LENGTH_CODES];

/* A byte, or MATCH | distance - 1 << 16 | length. */
typedef uint32_t token_word;
#define MATCH ((token_word)1 << 31)

struct deflate {
	struct buf *to;
	struct adler adler;
	uint64_t bits; /* not yet written, the first one lowest */
	unsigned held; /* how many */
	size_t count;
	uint8_t symbols[MATCH_MAX + 1]; /* of each length, from 257 on */
	uint32_t literals[LITERALS];    /* how often each occurs */
	uint32_t distances[DISTANCES];
	token_word tokens[TOKENS];
};

/* Puts up to 32 bits. */
static inline void
put_bits(struct deflate *d, uint64_t bits, unsigned n)
{
	d->bits |= bits << d->held;
	d->held += n;
	if (d->held < 32)
		return;
	buf_reserve(d->to, 4);
	d->to->data[d->to->len] = (char)d->bits;
	d->to->data[d->to->len + 1] = (char)(d->bits >> 8);
	d->to->data[d->to->len + 2] = (char)(d->bits >> 16);
	d->to->data[d->to->len + 3] = (char)(d->bits >> 24);
	d->to->len += 4;
	d->bits >>= 32;
	d->held -= 32;
}

/* The lengths of both codes as the symbols that describe them. */
struct description {
	unsigned literals, distances; /* symbols described */
	unsigned count;
	uint8_t symbols[LITERALS + DISTANCES];
	uint8_t extra[LITERALS + DISTANCES];
	uint32_t weights[CODE_LENGTHS];
	struct prefix_code code;
};

void
deflate_describe(struct description *all, const struct prefix_code *literals,
		 const struct prefix_code *distances);
void deflate_put_description(struct deflate *d, const struct description *all);
/* Writes the tokens that there are as a block. */
void deflate_put_block(struct deflate *d, bool last);
/* Forgets how often symbols occur, for a new block. */
void deflate_reset_block(struct deflate *d);

#endif
