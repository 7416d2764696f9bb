/*
 * The fast scanners, once for every instruction set: 64 bytes at a time become
 * masks of one bit a byte, and the grammar is arithmetic on masks. A file that
 * includes this has first included json_block.h and defined, for its
 * instruction set,
 *
 *	struct chunk         64 bytes
 *	load(p)              takes them
 *	equal(chunk, c)      mask of the bytes that are c
 *	folded(chunk, c)     mask of the bytes that are c with bit 5 set
 *	between(chunk, a, b) mask of the bytes in [a, b], unsigned
 *	high(chunk)          mask of the bytes from 0x80 on
 *	spaces(chunk)        mask of white space
 *	parity(mask)         each bit the xor of the bits up to it
 *	find_pairs(...)      brackets with no bracket between them
 *	KERNEL, KERNEL_NAME  its struct json_kernel and what it is called
 *
 * Only yes and no are found out here; what exactly is wrong, and where, the
 * plain scanner tells. Errors are bits in `bad`, and a bit that an error sets
 * is never behind the byte where the plain scanner stops at the latest: so
 * what stands behind the end of the value can be masked out.
 */
#ifndef SCANNER_H
#define SCANNER_H

/* A block of 64 bytes as masks; `space` and what follows outside strings. */
struct block {
	struct chunk bytes;
	const char *p;
	uint64_t bad;
	uint64_t quote;  /* those that begin or end a string */
	uint64_t inside; /* from the quote that begins one up to its end */
	uint64_t space, comma, colon, open, close, curly;
	uint64_t atom; /* numbers and literals, and what is none */
	uint64_t digit, zero, point;
	uint64_t start; /* their first bytes */
};

/*
 * The bytes behind an odd run of backslashes. A run that begins at an even bit
 * and ends before an odd one is odd, and the other way round.
 */
INLINE uint64_t
find_escaped(uint64_t backslash, uint64_t *carry)
{
	const uint64_t even = UINT64_C(0x5555555555555555);
	uint64_t escaped = *carry, run = backslash & ~escaped;
	uint64_t start = run & ~(run << 1), over;

	escaped |= behind_run(start & even, run, &over) & ~even;
	escaped |= behind_run(start & ~even, run, carry) & even;
	return escaped;
}

/* What may be escaped, and four hex digits behind each \u. */
INLINE void
check_escapes(struct block *b, uint64_t escaped, struct json_carry *c)
{
	static const char letters[] = "\"\\/bfnrt";
	uint64_t u = equal(b->bytes, 'u') & escaped, good = u;
	uint64_t hex = u << 1 | u << 2 | u << 3 | u << 4 | c->hex;

	for (int i = 0; letters[i]; i++)
		good |= equal(b->bytes, letters[i]);
	b->bad |= escaped & ~good;
	b->bad |= hex & ~between(b->bytes, '0', '9') &
		  ~between(b->bytes, 'a', 'f') & ~between(b->bytes, 'A', 'F');
	c->hex = u >> 63 | u >> 62 | u >> 61 | u >> 60;
}

/* A lead byte wants one to three others; four have a range for the first. */
INLINE void
check_utf8(struct block *b, struct json_carry *c)
{
	uint64_t two = between(b->bytes, 0xc2, 0xdf);
	uint64_t three = between(b->bytes, 0xe0, 0xef);
	uint64_t four = between(b->bytes, 0xf0, 0xf4);
	uint64_t more = two | three | four;
	uint64_t due = more << 1 | (three | four) << 2 | four << 3 | c->utf8;
	uint64_t upper = between(b->bytes, 0xa0, 0xbf);

	b->bad |= due ^ between(b->bytes, 0x80, 0xbf);
	b->bad |= high(b->bytes) & ~due & ~more;
	b->bad |= next_byte(equal(b->bytes, 0xe0), &c->e0) & ~upper;
	b->bad |= next_byte(equal(b->bytes, 0xed), &c->ed) & upper;
	b->bad |= next_byte(equal(b->bytes, 0xf0), &c->f0) &
		  between(b->bytes, 0x80, 0x8f);
	b->bad |= next_byte(equal(b->bytes, 0xf4), &c->f4) &
		  between(b->bytes, 0x90, 0xbf);
	c->utf8 = more >> 63 | (three | four) >> 62 | four >> 61;
}

/* Finds the strings; checks escapes only when told so. */
INLINE void
read_strings(struct block *b, struct json_carry *c, bool strict)
{
	uint64_t backslash = equal(b->bytes, '\\'), escaped = 0;

	b->quote = equal(b->bytes, '"');
	b->bad = 0;
	if (SELDOM(backslash | c->escaped)) {
		escaped = find_escaped(backslash, &c->escaped);
		b->quote &= ~escaped;
	}
	b->inside = parity(b->quote) ^ c->string;
	c->string = 0 - (b->inside >> 63);
	if (strict && SELDOM(escaped | c->hex))
		check_escapes(b, escaped & ~backslash, c);
	b->bad |= between(b->bytes, 0, 0x1f) & b->inside;
	b->bad |= backslash & ~b->inside;
	if (SELDOM(high(b->bytes) | c->utf8))
		check_utf8(b, c);
}

INLINE void
read_brackets(struct block *b)
{
	uint64_t outside = ~(b->inside | b->quote);

	b->open = folded(b->bytes, '{') & outside;
	b->close = folded(b->bytes, '}') & outside;
	b->curly = between(b->bytes, '{', '}');
}

/*
 * What the brackets of a block tell of its bytes. A bracket belongs to what is
 * around it, but a closing one that is not of a pair to what it closes.
 */
struct nest {
	uint64_t object;     /* whose container is an object */
	uint64_t top;        /* which stand in the first container */
	uint64_t back;       /* which have such a byte behind them, or end it */
	uint64_t inner;      /* which stand in a container of the first one */
	uint64_t inner_back; /* which have such a byte behind them */
	uint64_t live;       /* up to its end */
};

_Static_assert(JSON_DEPTH <= 64, "the stack has a bit for each level");

/* What comes behind a bracket stands in an inner container, or does not. */
INLINE void
move_inner(const struct json_carry *c, struct nest *nest, uint64_t bit)
{
	nest->inner &= bit | (bit - 1);
	nest->inner |= c->depth == 2 ? 0 - (bit << 1) : 0;
}

INLINE void
open_container(struct block *b, struct json_carry *c, struct nest *nest,
	       uint64_t bit)
{
	c->stack = c->stack << 1 | ((b->curly & bit) != 0);
	if (++c->depth == JSON_DEPTH)
		b->bad |= bit;
	nest->top &= bit | (bit - 1);
	move_inner(c, nest, bit);
}

/* True at the end of the first one. */
INLINE bool
close_container(struct block *b, struct json_carry *c, struct nest *nest,
		uint64_t bit)
{
	b->bad |= (c->stack & 1) != ((b->curly & bit) != 0) ? bit : 0;
	c->stack >>= 1;
	c->depth--;
	move_inner(c, nest, bit);
	if (c->depth > 1)
		return false;
	if (c->depth) {
		nest->top |= 0 - (bit << 1);
		return false;
	}
	nest->live = bit | (bit - 1);
	nest->back = bit;
	return true;
}

/*
 * Opens and closes containers, up to the end of the first one, when c->depth
 * becomes 0.
 *
 * Only brackets that have another one between them need the stack. Its last
 * level is left to the plain scanner, so that pairs need no look at the depth.
 */
INLINE struct nest
nest(struct block *b, struct json_carry *c)
{
	struct nest nest = {.object = 0 - (c->stack & 1),
			    .top = 0 - (uint64_t)(c->depth == 1),
			    .inner = 0 - (uint64_t)(c->depth == 2),
			    .live = UINT64_MAX};
	uint64_t rest, within, objects;
	struct pairs pairs;

	if (!(b->open | b->close))
		return nest;
	pairs = find_pairs(b->open, b->close, b->curly);
	b->bad |= pairs.bad;
	rest = (b->open | b->close) & ~(pairs.open | pairs.close);
	for (; rest; rest &= rest - 1) {
		uint64_t bit = rest & (0 - rest), behind = 0 - (bit << 1);

		if (b->open & bit)
			open_container(b, c, &nest, bit);
		else if (close_container(b, c, &nest, bit))
			break;
		nest.object = (nest.object & ~behind) |
			      (behind & (0 - (c->stack & 1)));
	}
	within = (pairs.close - pairs.open) & ~pairs.open;
	objects = (pairs.close & b->curly) - (pairs.open & b->curly);
	nest.object = (nest.object & ~within) | (objects & ~pairs.open);
	nest.inner &= ~within;
	nest.inner |= ((pairs.close & nest.top) - (pairs.open & nest.top)) &
		      ~pairs.open;
	nest.inner &= nest.live;
	nest.inner_back |= nest.inner >> 1 | (uint64_t)(c->depth == 2) << 63;
	nest.top &= ~within & nest.live;
	nest.back |= nest.top >> 1 | (uint64_t)(c->depth == 1) << 63;
	return nest;
}

/*
 * Each follow() says where the byte behind a thing is; with white space, behind
 * that. So one mask of starts is held against what may start there, and no byte
 * can be in a place that no mask speaks of: it would be part of a string, an
 * atom, a separator, a bracket or white space, which is all there is.
 *
 * What may follow what: an operand (string, atom or bracket) a comma, a colon
 * or an opening bracket and nothing else; a key where an object has a member;
 * a colon a key. `space` is the block's; none at all, as a constant, is quick.
 */
INLINE void
check_order(struct block *b, struct json_carry *c, uint64_t object,
	    uint64_t space)
{
	uint64_t begin = b->quote & b->inside;
	uint64_t start = begin | b->start | b->open;
	uint64_t first = follow(b->open, space, &c->open);
	uint64_t operand = follow(b->comma | b->colon, space, &c->operand);
	uint64_t value = follow(b->colon, space, &c->colon);
	uint64_t member = (first | operand) & ~value & object;
	uint64_t key = (member & begin) | c->key;
	uint64_t key_end = behind_run(key, b->inside, &c->key);

	b->bad |= start & ~(first | operand);
	b->bad |= operand & ~start;
	b->bad |= first & (b->comma | b->colon);
	b->bad |= member & ~(begin | b->close);
	b->bad |= b->colon ^ follow(key_end, space, &c->key_end);
}

/*
 * The bytes of literals. Up to four bytes behind the block are looked at: the
 * longest literal may begin with its last byte.
 */
_Static_assert(JSON_AHEAD >= sizeof("false") - 2, "literals are there whole");

INLINE uint64_t
read_literals(struct block *b, uint64_t starts, struct json_carry *c)
{
	uint64_t cover = c->literal;

	c->literal = 0;
	for (; starts; starts &= starts - 1) {
		unsigned at = (unsigned)__builtin_ctzll(starts);
		const char *p = b->p + at;
		uint64_t bits = 0;

		if (memcmp(p, "true", 4) == 0 || memcmp(p, "null", 4) == 0)
			bits = 15;
		else if (memcmp(p, "fals", 4) == 0 && p[4] == 'e')
			bits = 31;
		cover |= bits << at;
		c->literal |= bits >> 1 >> (63 - at);
	}
	return cover;
}

/*
 * Literals, signs and exponents. Returns the digits that begin the integer
 * behind a minus.
 */
INLINE uint64_t
check_rare(struct block *b, uint64_t digit, uint64_t rare, struct json_carry *c)
{
	uint64_t minus = equal(b->bytes, '-') & rare;
	uint64_t plus = equal(b->bytes, '+') & rare;
	uint64_t cover = read_literals(b, b->start & rare & ~minus, c);
	uint64_t e = folded(b->bytes, 'e') & rare & ~cover;
	uint64_t first = next_byte(minus & b->start, &c->minus);
	uint64_t power = next_byte(e, &c->power);
	uint64_t sign = power & (minus | plus);
	uint64_t behind_sign = next_byte(sign, &c->sign);
	uint64_t begin = ((power & digit) | behind_sign) | c->power_run;

	b->bad |= rare & ~(minus | plus | e | cover);
	b->bad |= next_byte(cover, &c->covered) & ~cover & b->atom;
	b->bad |= (minus & ~b->start & ~sign) | (plus & ~sign);
	b->bad |= (first | behind_sign) & ~digit;
	b->bad |= power & ~digit & ~sign;
	b->bad |= e & ~(digit << 1 | c->digit);
	b->bad |=
		behind_run(begin & (digit | 1), digit, &c->power_run) & b->atom;
	c->rare = c->minus | c->power | c->sign | c->power_run | c->literal |
		  c->covered;
	return first & digit;
}

/* Numbers without sign and exponent here, all else in check_rare(). */
INLINE void
check_atoms(struct block *b, struct json_carry *c)
{
	uint64_t digit = b->digit, point = b->point;
	uint64_t rare = b->atom & ~digit & ~point;
	uint64_t first = b->start & digit, zero;

	if (SELDOM(rare | c->rare))
		first |= check_rare(b, digit, rare, c);
	zero = b->zero & first;
	b->bad |= next_byte(zero, &c->zero) & digit;
	b->bad |= point & ~behind_run(first | c->integer, digit, &c->integer);
	b->bad |= next_byte(point, &c->point) & ~digit;
	c->digit = digit >> 63;
}

/* All masks of a block for scan(). */
INLINE void
read_block(struct block *b, const char *p, struct json_carry *c)
{
	uint64_t outside;

	b->p = p;
	b->bytes = load(p);
	read_strings(b, c, true);
	read_brackets(b);
	outside = ~(b->inside | b->quote);
	b->space = spaces(b->bytes) & outside;
	b->comma = equal(b->bytes, ',') & outside;
	b->colon = equal(b->bytes, ':') & outside;
	b->atom = outside &
		  ~(b->space | b->comma | b->colon | b->open | b->close);
	b->start = b->atom & ~next_byte(b->atom, &c->atom);
	b->digit = between(b->bytes, '0', '9') & b->atom;
	b->zero = equal(b->bytes, '0') & b->atom;
	b->point = equal(b->bytes, '.') & b->atom;
}

/*
 * Takes the places of the bits, always eight at a time, though the last ones
 * may be none: that is cheaper than a branch for each.
 */
_Static_assert(sizeof(((struct json_marks *)0)->at) / sizeof(uint32_t) >=
		       JSON_MARKS + JSON_BLOCK,
	       "a block's places fit behind JSON_MARKS");
_Static_assert(JSON_BLOCK % 8 == 0, "eight at a time are no more than those");

INLINE void
take_places(struct json_marks *marks, enum json_level level, uint64_t mask,
	    size_t at)
{
	uint32_t *to = marks->at[level] + marks->count[level];
	uint32_t base = (uint32_t)(marks->base + at);

	if (marks->count[level] > JSON_MARKS)
		return;
	marks->count[level] += (size_t)__builtin_popcountll(mask);
	while (mask) {
#pragma GCC unroll 8
		for (int i = 0; i < 8; i++) {
			uint64_t some = mask | UINT64_C(1) << 63;

			*to++ = base + (uint32_t)__builtin_ctzll(some);
			mask &= mask - 1;
		}
	}
}

/* Quotes, separators and opening brackets. */
INLINE uint64_t
dividers(const struct block *b)
{
	uint64_t separators = equal(b->bytes, ',') | equal(b->bytes, ':');

	return b->quote | b->open | (separators & ~b->inside);
}

/* Takes the marks of a block that is `at` bytes behind the base. */
INLINE void
take_marks(struct json_marks *marks, struct block *b, const struct nest *in,
	   size_t at)
{
	marks->escapes[JSON_OWN] |= equal(b->bytes, '\\') & in->top;
	take_places(marks, JSON_OWN,
		    (dividers(b) & in->top) | (b->close & in->back), at);
}

/* Those of inner containers. A bracket that ends one is of both levels. */
INLINE void
take_inner_marks(struct json_marks *marks, struct block *b,
		 const struct nest *in, size_t at)
{
	marks->escapes[JSON_INNER] |= equal(b->bytes, '\\') & in->inner;
	take_places(marks, JSON_INNER,
		    (dividers(b) & in->inner) |
			    (b->close & (in->back | in->inner_back)),
		    at);
}

/*
 * A block is read before the one in front of it is checked: the masks do not
 * wait then for branches over brackets that were mispredicted.
 */
static int
scan(struct json_carry *carry, const char *text, size_t n, size_t *at,
     struct json_marks *marks)
{
	struct json_carry c = *carry;
	struct block b, next;
	bool more = n - *at >= JSON_BLOCK + JSON_AHEAD;

	if (more)
		read_block(&next, text + *at, &c);
	while (more) {
		struct nest in;

		b = next;
		more = n - *at >= 2 * JSON_BLOCK + JSON_AHEAD;
		if (more)
			read_block(&next, b.p + JSON_BLOCK, &c);
		in = nest(&b, &c);
		if (b.space)
			check_order(&b, &c, in.object, b.space);
		else
			check_order(&b, &c, in.object, 0);
		check_atoms(&b, &c);
		c.spaced |= b.space & in.live;
		if (b.bad & in.live)
			return -1;
		if (in.top || c.depth == 1)
			take_marks(marks, &b, &in, *at);
		if (in.inner || c.depth == 2)
			take_inner_marks(marks, &b, &in, *at);
		if (!c.depth) {
			*at += JSON_BLOCK - (size_t)__builtin_clzll(in.live);
			*carry = c;
			return 1;
		}
		*at += JSON_BLOCK;
	}
	*carry = c;
	return 0;
}

/* The bytes at p, or where fewer than 64 are left a copy with space behind. */
INLINE const char *
whole_block(const char *p, const char *end, char *copy)
{
	if ((size_t)(end - p) >= JSON_BLOCK)
		return p;
	memset(copy, ' ', JSON_BLOCK);
	return memcpy(copy, p, (size_t)(end - p));
}

/*
 * Walks on from behind the bracket that opens a container, to behind the one
 * that closes it; takes marks of `text` unless they are NULL.
 */
INLINE const char *
walk(const char *text, const char *end, bool object, struct json_marks *marks)
{
	struct json_carry c = {.depth = 1, .stack = object};
	char copy[JSON_BLOCK];
	const char *p;

	for (p = text + 1; p < end; p += JSON_BLOCK) {
		struct block b = {.p = whole_block(p, end, copy)};
		struct nest in;

		b.bytes = load(b.p);
		read_strings(&b, &c, false);
		read_brackets(&b);
		in = nest(&b, &c);
		if (b.bad & in.live)
			return NULL;
		if (marks && (in.top || c.depth == 1))
			take_marks(marks, &b, &in, (size_t)(p - text));
		if (!c.depth)
			return p + JSON_BLOCK - __builtin_clzll(in.live);
	}
	return NULL;
}

static const char *
skip(const char *p, const char *end)
{
	return walk(p, end, *p == '{', NULL);
}

static const char *
mark(const char *text, const char *end, struct json_marks *marks)
{
	marks->base = marks->count[JSON_OWN] = marks->escapes[JSON_OWN] = 0;
	return walk(text, end, true, marks);
}

/*
 * Copies the runs of bytes between white space, 64 at a time, which may be
 * more than the run has: of the last block, from a copy of two. What comes out
 * never is ahead of what went in, so with a block more there is room.
 */
static char *
compact(char *out, const char *p, const char *end)
{
	struct json_carry c = {0};
	char copy[2 * JSON_BLOCK];

	for (; p < end; p += JSON_BLOCK) {
		size_t left = (size_t)(end - p);
		struct block b = {.p = p};
		uint64_t keep;

		if (left < sizeof(copy)) {
			memset(copy, ' ', sizeof(copy));
			b.p = memcpy(copy, p,
				     left < JSON_BLOCK ? left : JSON_BLOCK);
		}
		b.bytes = load(b.p);
		read_strings(&b, &c, false);
		keep = ~spaces(b.bytes) | b.inside;
		while (keep) {
			int at = __builtin_ctzll(keep), n;

			/* The run's first bit, added, carries behind it. */
			keep += keep & (0 - keep);
			n = (keep ? __builtin_ctzll(keep) : JSON_BLOCK) - at;
			keep &= keep - 1;
			memcpy(out, b.p + at, JSON_BLOCK);
			out += n;
		}
	}
	return out;
}

const struct json_kernel KERNEL = {KERNEL_NAME, scan, skip, mark, compact};

#endif
