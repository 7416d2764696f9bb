/*
 * What a json_scan remembers from one call to the next: of no concern to
 * anybody but the two scanners.
 */
#ifndef SCAN_STATE_H
#define SCAN_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Where the plain scanner stands. */
struct json_machine {
	uint64_t stack; /* open containers, a set bit is an object */
	unsigned depth;
	uint8_t where;     /* what the next byte belongs to */
	bool key;          /* the string being read is a key */
	uint8_t need;      /* hex digits or UTF-8 bytes still to come */
	uint8_t low, high; /* bounds of the next UTF-8 byte */
	const char *rest;  /* letters of the literal still to come */
};

/*
 * What a fast scan knows at the end of a block about the next one. Where no
 * more is said a field is one bit: the first byte of the next block is, or is
 * next but for white space, behind such a byte.
 */
struct json_carry {
	uint64_t stack;   /* open containers, a set bit is an object */
	uint64_t depth;   /* how many */
	uint64_t string;  /* all ones inside a string */
	uint64_t escaped; /* the first byte is escaped */
	uint64_t hex;     /* the bytes that must be hex digits */
	uint64_t utf8;    /* the bytes that must go on a sequence */
	uint64_t e0, ed, f0, f4;
	uint64_t open, operand, colon, key_end;
	uint64_t key;  /* inside a key */
	uint64_t atom; /* behind a byte of a number or literal */
	uint64_t digit, zero, point;
	uint64_t integer;   /* behind digits before the point */
	uint64_t power_run; /* behind digits of an exponent */
	uint64_t minus, power, sign, covered;
	uint64_t literal; /* the bytes that belong to a literal */
	uint64_t rare;    /* something from power_run on is set */
	uint64_t spaced;  /* white space was seen */
};

/* Bytes of a block of the fast scanners. */
enum { JSON_BLOCK = 64 };

/*
 * Where an object has its quotes, commas and colons and the brackets of its
 * values, not counting what is inside of those, and where it ends; in bytes
 * from the first one of the text. At JSON_OWN those of the object itself, at
 * JSON_INNER those of each value of it that is an object or array.
 */
enum json_level { JSON_OWN, JSON_INNER, JSON_LEVELS };
enum { JSON_MARKS = 512 };
struct json_marks {
	size_t base;               /* where the text that is scanned begins */
	size_t count[JSON_LEVELS]; /* above JSON_MARKS: not all are there */
	uint64_t escapes[JSON_LEVELS]; /* set where there are backslashes */
	uint32_t at[JSON_LEVELS][JSON_MARKS + 2 * JSON_BLOCK];
};

#endif
