/*
 * Two spellings of a path that some file system takes for one become the same:
 * case goes, and letters are decomposed as in Unicode's NFD. Complete for the
 * scripts below (Latin as far as U+017F, Greek, Cyrillic, Armenian, kana,
 * Hangul); names in others are as they are, but for ASCII.
 */
#include "base/utf8.h"
#include "store/path.h"

/* A composed letter, what it is made of. */
struct composed {
	uint32_t letter, base, mark;
};

/* U+00C0 to U+017F: bases in lower case; marks by signs like them. */
enum { LATIN = 0xc0, LATIN_END = 0x180 };

static const char latin_bases[] =
	"aaaaaa.ceeeeiiii.nooooo..uuuuy..aaaaaa.ceeeeiiii"
	".nooooo..uuuuy.yaaaaaaccccccccdd..eeeeeeeeeegggg"
	"gggghh..iiiiiiiii...jjkk.llllll....nnnnnn...oooo"
	"oo..rrrrrrsssssssstttt..uuuuuuuuuuuuwwyyyzzzzzz.";

static const char latin_marks[] =
	"`'^~:o.,`'^:`'^:.~`'^~:..`'^:'..`'^~:o.,`'^:`'^:"
	".~`'^~:..`'^:'.:--uu;;''^^ddvvvv..--uudd;;vv^^uu"
	"dd,,^^..~~--uu;;d...^^,,.'',,vv....'',,vv...--uu"
	"\"\"..'',,vv''^^,,vv,,vv..~~--uuoo\"\";;^^^^:''ddvv.";

/* Greek and Cyrillic, in lower case. */
static const struct composed others[] = {
	{0x390, 0x3ca, 0x301}, {0x3ac, 0x3b1, 0x301}, {0x3ad, 0x3b5, 0x301},
	{0x3ae, 0x3b7, 0x301}, {0x3af, 0x3b9, 0x301}, {0x3b0, 0x3cb, 0x301},
	{0x3ca, 0x3b9, 0x308}, {0x3cb, 0x3c5, 0x308}, {0x3cc, 0x3bf, 0x301},
	{0x3cd, 0x3c5, 0x301}, {0x3ce, 0x3c9, 0x301}, {0x439, 0x438, 0x306},
	{0x450, 0x435, 0x300}, {0x451, 0x435, 0x308}, {0x453, 0x433, 0x301},
	{0x457, 0x456, 0x308}, {0x45c, 0x43a, 0x301}, {0x45d, 0x438, 0x300},
	{0x45e, 0x443, 0x306}, {0x477, 0x475, 0x30f},
};

static bool
within(uint32_t code, uint32_t first, uint32_t last)
{
	return code >= first && code <= last;
}

static uint32_t
mark_of(char sign)
{
	static const struct {
		char sign;
		uint32_t mark;
	} marks[] = {
		{'`', 0x300}, {'\'', 0x301}, {'^', 0x302}, {'~', 0x303},
		{'-', 0x304}, {'u', 0x306},  {'d', 0x307}, {':', 0x308},
		{'o', 0x30a}, {'"', 0x30b},  {'v', 0x30c}, {',', 0x327},
		{';', 0x328},
	};
	size_t i = 0;

	while (marks[i].sign != sign)
		i++;
	return marks[i].mark;
}

/* Greek, Cyrillic and Armenian capitals, and single letters. */
static uint32_t
lower_other(uint32_t c)
{
	if (within(c, 0x370, 0x377) && c != 0x374)
		return c | 1;
	if (within(c, 0x388, 0x38a))
		return c + 0x25;
	if (within(c, 0x391, 0x3ab) || within(c, 0x410, 0x42f))
		return c + 0x20;
	if (within(c, 0x400, 0x40f))
		return c + 0x50;
	if (within(c, 0x460, 0x481) || within(c, 0x48a, 0x4bf) ||
	    within(c, 0x4d0, 0x52f))
		return c | 1;
	if (within(c, 0x4c1, 0x4ce))
		return c + (c & 1);
	if (within(c, 0x531, 0x556))
		return c + 0x30;
	switch (c) {
	case 0xb5: /* the sign of micro */
		return 0x3bc;
	case 0x17f: /* long s */
		return 's';
	case 0x212a: /* the sign of Kelvin */
		return 'k';
	case 0x374:
		return 0x2b9;
	case 0x37f:
		return 0x3f3;
	case 0x386:
		return 0x3ac;
	case 0x38c:
		return 0x3cc;
	case 0x38e:
	case 0x38f:
		return c + 0x3f;
	case 0x3c2: /* final sigma */
		return 0x3c3;
	case 0x4c0:
		return 0x4cf;
	default:
		return c;
	}
}

static uint32_t
lower(uint32_t c)
{
	if (within(c, 'A', 'Z') || (within(c, 0xc0, 0xde) && c != 0xd7))
		return c + 0x20;
	if (within(c, 0x139, 0x148) || within(c, 0x179, 0x17e))
		return c + (c & 1);
	if (within(c, 0x100, 0x177) && c != 0x131 && c != 0x138)
		return c | 1;
	return lower_other(c);
}

/* Kana with a mark follow the plain ones. */
static uint32_t
kana_mark(uint32_t c, uint32_t *base)
{
	const uint32_t high = within(c, 0x30a1, 0x30fe) ? 0x60 : 0;
	const uint32_t kana = c - high; /* as hiragana */
	uint32_t step = 0, mark = 0x3099;

	if (within(kana, 0x304c, 0x3062))
		step = (kana & 1) == 0;
	else if (within(kana, 0x3065, 0x3069))
		step = kana & 1;
	else if (within(kana, 0x3070, 0x307d))
		step = kana % 3; /* 0x3070 is 1 */
	else if (kana == 0x309e || (high && within(c, 0x30f7, 0x30fa)))
		step = kana == 0x309e ? 1 : 8;
	else if (kana == 0x3094)
		step = 0x4e;
	if (step == 2)
		mark = 0x309a;
	*base = c - step;
	return step ? mark : 0;
}

static void
put_hangul(struct buf *to, uint32_t syllable)
{
	/* Unicode 15, 3.12: 19 leads, 21 vowels, 27 trails or none. */
	uint32_t index = syllable - 0xac00, trail = index % 28;

	utf8_put(to, 0x1100 + index / (21 * 28));
	utf8_put(to, 0x1161 + index % (21 * 28) / 28);
	if (trail)
		utf8_put(to, 0x11a7 + trail);
}

static void
put_folded(struct buf *to, uint32_t c)
{
	uint32_t base, mark;

	if (within(c, LATIN, LATIN_END - 1) && latin_bases[c - LATIN] != '.') {
		buf_putc(to, latin_bases[c - LATIN]);
		utf8_put(to, mark_of(latin_marks[c - LATIN]));
		return;
	}
	if (within(c, 0xac00, 0xd7a3)) {
		put_hangul(to, c);
		return;
	}
	mark = kana_mark(c, &base);
	c = lower(c);
	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++) {
		if (others[i].letter != c)
			continue;
		base = others[i].base;
		mark = others[i].mark;
	}
	if (!mark) {
		utf8_put(to, c);
		return;
	}
	put_folded(to, base);
	utf8_put(to, mark);
}

void
path_put_folded(struct buf *to, struct slice path)
{
	size_t i, size;
	uint32_t code;

	for (i = 0; i < path.n; i += size) {
		size = utf8_decode(path.p + i, path.n - i, &code);
		if (size == 1) {
			buf_putc(to, (char)lower(code));
		} else if (size) {
			put_folded(to, code);
		} else {
			buf_putc(to, path.p[i]);
			size = 1;
		}
	}
}
