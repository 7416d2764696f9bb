#include "codec/inflate.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/cpu.h"
#include "codec/checksum.h"
#include "codec/inflate_parts.h"

enum state { HEADER, BLOCK, STORED, CODED, TRAILER, DONE };

struct inflate {
	struct bit_reader reader;
	decode_fast_function *decode_fast;
	inflate_source *source;
	void *context;
	enum state state;
	bool check;        /* the checksum here */
	bool last;         /* this is the last block */
	bool fixed;        /* the tables are those of the fixed code */
	const char *error; /* once something is wrong */
	size_t history;    /* bytes given so far, to INFLATE_HISTORY */
	size_t stored;     /* bytes to come of a stored block */
	size_t length;     /* bytes to come of a match */
	size_t distance;   /* its distance */
	struct adler adler;
	uint32_t checksum; /* the stream's */
	struct tables tables;
};

/* Keeps the first error. */
static bool
fail(struct inflate *s, const char *what)
{
	if (!s->error)
		s->error = what;
	return false;
}

/*
 * Bits, carefully: at least 56 where the input has them, and at most 63, so
 * that shifting by their number is always defined.
 */
enum { BITS_WANTED = 56 };
_Static_assert(BITS_WANTED - 1 + 8 < 64, "a byte more fits in the word");

static bool
next_piece(struct inflate *s)
{
	struct bit_reader *r = &s->reader;
	const unsigned char *piece;
	size_t n = 0;

	while (n == 0)
		if (!s->source(s->context, &piece, &n))
			return false;
	r->in = piece;
	r->end = piece + n;
	return true;
}

static void
fill(struct inflate *s)
{
	struct bit_reader *r = &s->reader;

	while (r->count < BITS_WANTED) {
		if (r->in == r->end && !next_piece(s))
			return;
		r->bits |= (uint64_t)*r->in++ << r->count;
		r->count += 8;
	}
}

/* Drops bits that have been looked at. */
static bool
drop(struct inflate *s, unsigned n)
{
	if (n > s->reader.count)
		return fail(s, "compressed data end early");
	s->reader.bits >>= n;
	s->reader.count -= n;
	return true;
}

/* The next n bits, at most 32; false at the end of the input. */
static bool
take(struct inflate *s, unsigned n, uint32_t *value)
{
	fill(s);
	*value = low_bits(s->reader.bits, n);
	return drop(s, n);
}

/*
 * Headers.
 */

static bool
read_header(struct inflate *s)
{
	uint32_t method, flags;

	if (!take(s, 8, &method) || !take(s, 8, &flags))
		return false;
	if ((method << 8 | flags) % 31 || (method & 15) != 8 || method >> 4 > 7)
		return fail(s, "not zlib data");
	if (flags & 0x20)
		return fail(s, "compressed with a preset dictionary");
	s->state = BLOCK;
	return true;
}

static bool
begin_stored(struct inflate *s)
{
	uint32_t size, inverted;

	if (!drop(s, s->reader.count & 7) || !take(s, 16, &size) ||
	    !take(s, 16, &inverted))
		return false;
	if (size != (inverted ^ 0xffff))
		return fail(s, "bad length of a stored block");
	s->stored = size;
	s->state = STORED;
	return true;
}

/* The code of RFC 1951, 3.2.6. */
static bool
begin_fixed(struct inflate *s)
{
	uint8_t lengths[LITERAL_SYMBOLS];

	s->state = CODED;
	if (s->fixed)
		return true;
	memset(lengths, 8, 144);
	memset(lengths + 144, 9, 112);
	memset(lengths + 256, 7, 24);
	memset(lengths + 280, 8, 8);
	huffman_build(s->tables.literals, HUFFMAN_LITERAL, lengths,
		      LITERAL_SYMBOLS);
	memset(lengths, 5, DISTANCE_SYMBOLS);
	huffman_build(s->tables.distances, HUFFMAN_DISTANCE, lengths,
		      DISTANCE_SYMBOLS);
	s->fixed = true;
	return true;
}

/* The code that the lengths of the codes are written in. */
static bool
read_lengths_code(struct inflate *s, uint32_t *table, unsigned count)
{
	static const uint8_t order[LENGTHS_SYMBOLS] = {
		16, 17, 18, 0, 8,  7, 9,  6, 10, 5,
		11, 4,  12, 3, 13, 2, 14, 1, 15,
	};
	uint8_t lengths[LENGTHS_SYMBOLS] = {0};
	uint32_t length;
	unsigned i;

	for (i = 0; i < count; i++) {
		if (!take(s, 3, &length))
			return false;
		lengths[order[i]] = (uint8_t)length;
	}
	if (!huffman_build(table, HUFFMAN_LENGTHS, lengths, LENGTHS_SYMBOLS))
		return fail(s, "bad code of code lengths");
	return true;
}

/* Symbols 0 to 15 are lengths, 16 to 18 repeat one (RFC 1951, 3.2.7). */
static bool
read_lengths(struct inflate *s, const uint32_t *table, uint8_t *lengths,
	     unsigned count)
{
	static const struct {
		uint8_t bits, base;
	} repeats[3] = {{2, 3}, {3, 3}, {7, 11}};
	unsigned at = 0;

	while (at < count) {
		uint32_t entry, symbol, times;
		uint8_t value = 0;

		fill(s);
		entry = table[low_bits(s->reader.bits, LENGTHS_ROOT)];
		symbol = entry_value(entry);
		if (!drop(s, entry_bits(entry)))
			return false;
		if (symbol < 16) {
			lengths[at++] = (uint8_t)symbol;
			continue;
		}
		if (!take(s, repeats[symbol - 16].bits, &times))
			return false;
		times += repeats[symbol - 16].base;
		if (times > count - at || (symbol == 16 && at == 0))
			return fail(s, "bad repeat of a code length");
		if (symbol == 16)
			value = lengths[at - 1];
		memset(lengths + at, value, times);
		at += times;
	}
	return true;
}

static bool
begin_dynamic(struct inflate *s)
{
	uint8_t lengths[LITERAL_SYMBOLS + DISTANCE_SYMBOLS] = {0};
	uint32_t table[LENGTHS_SIZE] = {0};
	uint32_t literals, distances, codes;

	if (!take(s, 5, &literals) || !take(s, 5, &distances) ||
	    !take(s, 4, &codes))
		return false;
	literals += 257;
	distances += 1;
	if (literals > 286 || distances > 30)
		return fail(s, "too many codes");
	if (!read_lengths_code(s, table, codes + 4) ||
	    !read_lengths(s, table, lengths, literals + distances))
		return false;
	if (lengths[256] == 0)
		return fail(s, "no code for the end of a block");
	s->fixed = false;
	if (!huffman_build(s->tables.literals, HUFFMAN_LITERAL, lengths,
			   literals) ||
	    !huffman_build(s->tables.distances, HUFFMAN_DISTANCE,
			   lengths + literals, distances))
		return fail(s, "bad code");
	s->state = CODED;
	return true;
}

static bool
begin_block(struct inflate *s)
{
	uint32_t head;

	if (s->last) {
		s->state = TRAILER;
		return true;
	}
	if (!take(s, 3, &head))
		return false;
	s->last = head & 1;
	switch (head >> 1) {
	case 0:
		return begin_stored(s);
	case 1:
		return begin_fixed(s);
	case 2:
		return begin_dynamic(s);
	default:
		return fail(s, "bad type of a block");
	}
}

/* The checksum, and that nothing comes behind it. */
static bool
read_trailer(struct inflate *s)
{
	uint32_t byte;
	unsigned i;

	if (!drop(s, s->reader.count & 7))
		return false;
	for (i = 0; i < 4; i++) {
		if (!take(s, 8, &byte))
			return false;
		s->checksum = s->checksum << 8 | byte;
	}
	if (s->check && s->checksum != adler_value(&s->adler))
		return fail(s, "bad Adler-32 checksum");
	fill(s);
	if (s->reader.count)
		return fail(s, "data behind the compressed data");
	s->state = DONE;
	return true;
}

/*
 * Output.
 */

static bool
copy_stored(struct inflate *s, struct byte_writer *w)
{
	struct bit_reader *r = &s->reader;

	while (s->stored && w->out < w->end) {
		size_t n = s->stored;

		/* Bytes that were taken as bits come first. */
		if (r->count) {
			*w->out++ = (unsigned char)r->bits;
			s->stored--;
			drop(s, 8);
			continue;
		}
		if (r->in == r->end && !next_piece(s))
			return fail(s, "compressed data end early");
		if (n > (size_t)(r->end - r->in))
			n = (size_t)(r->end - r->in);
		if (n > (size_t)(w->end - w->out))
			n = (size_t)(w->end - w->out);
		memcpy(w->out, r->in, n);
		r->in += n;
		w->out += n;
		s->stored -= n;
	}
	if (s->stored == 0)
		s->state = BLOCK;
	return true;
}

/* The next symbol's value with its extra bits, carefully. */
static bool
take_symbol(struct inflate *s, const uint32_t *table, unsigned root,
	    uint32_t *entry, uint32_t *value)
{
	fill(s);
	*entry = look_up(table, root, s->reader.bits);
	if (entry_bits(*entry) > s->reader.count)
		return fail(s, "compressed data end early");
	if (*entry & ENTRY_BAD)
		return fail(s, "bad code");
	*value = take_value(&s->reader, *entry);
	return true;
}

/*
 * One symbol, wherever input and room may end. The bytes of a match are left
 * to inflate_copy_match.
 */
static bool
decode_symbol(struct inflate *s, struct byte_writer *w)
{
	uint32_t entry = 0, value = 0, distance = 0;

	if (!take_symbol(s, s->tables.literals, LITERAL_ROOT, &entry, &value))
		return false;
	if (entry & ENTRY_END) {
		s->state = BLOCK;
		return true;
	}
	if (entry & ENTRY_LITERAL) {
		*w->out++ = (unsigned char)value;
		return true;
	}
	if (!take_symbol(s, s->tables.distances, DISTANCE_ROOT, &entry,
			 &distance))
		return false;
	if (distance > (size_t)(w->out - w->history))
		return fail(s, "bad distance");
	s->length = value;
	s->distance = distance;
	return true;
}

static bool
decode(struct inflate *s, struct byte_writer *w)
{
	while (s->state == CODED) {
		if (s->length)
			s->length =
				inflate_copy_match(w, s->distance, s->length);
		if (w->out < w->enough)
			s->decode_fast(&s->reader, w, &s->tables);
		if (w->out >= w->wanted)
			break;
		if (!decode_symbol(s, w))
			return false;
	}
	return true;
}

/* One step of the stream's grammar. */
static bool
step(struct inflate *s, struct byte_writer *w)
{
	switch (s->state) {
	case HEADER:
		return read_header(s);
	case BLOCK:
		return begin_block(s);
	case STORED:
		return copy_stored(s, w);
	case CODED:
		return decode(s, w);
	default:
		return true;
	}
}

/* What has been put out since `from` counts in the checksum and as history. */
static void
account(struct inflate *s, const unsigned char *from, size_t n)
{
	if (s->check)
		adler_add(&s->adler, from, n);
	s->history += n;
	if (s->history > INFLATE_HISTORY)
		s->history = INFLATE_HISTORY;
}

const char *
inflate_read(struct inflate *s, unsigned char *to, size_t want, size_t room,
	     size_t *n)
{
	struct byte_writer w = {.out = to,
				.wanted = to + want,
				.enough = to,
				.end = to + room,
				.history = to - s->history};

	*n = 0;
	if (room > FAST_OUT)
		w.enough =
			to + (want < room - FAST_OUT ? want : room - FAST_OUT);
	while (!s->error && s->state < TRAILER && w.out < w.wanted)
		step(s, &w);
	account(s, to, (size_t)(w.out - to));
	if (!s->error && s->state == TRAILER)
		read_trailer(s);
	*n = (size_t)(w.out - to);
	return s->error;
}

struct inflate *
inflate_open(void)
{
	struct inflate *s = xcalloc(1, sizeof(*s));

	s->decode_fast = inflate_decode_plainly;
#ifdef __x86_64__
	if (cpu_level() >= CPU_AVX2)
		s->decode_fast = inflate_decode_avx2;
#endif
	return s;
}

void
inflate_use_plain(struct inflate *inflate)
{
	inflate->decode_fast = inflate_decode_plainly;
}

void
inflate_close(struct inflate *inflate)
{
	free(inflate);
}

void
inflate_begin(struct inflate *inflate, inflate_source *source, void *context)
{
	inflate->reader = (struct bit_reader){0};
	inflate->source = source;
	inflate->context = context;
	inflate->state = HEADER;
	inflate->check = true;
	inflate->last = false;
	inflate->error = NULL;
	inflate->history = 0;
	inflate->length = 0;
	inflate->adler = ADLER_START;
}

void
inflate_leave_checksum(struct inflate *inflate)
{
	inflate->check = false;
}

uint32_t
inflate_checksum(const struct inflate *inflate)
{
	return inflate->checksum;
}
