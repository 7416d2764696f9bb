#include "store/path.h"

#include <strings.h>

#include "base/utf8.h"
#include "codec/digest.h"

enum {
	PART_MAX = 180,   /* bytes of a part before it is cut */
	PATH_LONG = 1024, /* bytes of a path before it is made one part */
	PARTS_MOST = 32   /* likewise, its parts: each is a directory to open */
};

static void
put_encoded(struct buf *to, char c)
{
	buf_printf(to, "%%%02X", (unsigned)(unsigned char)c);
}

/* The bytes of `text` that are kept or encoded together, and whether kept. */
static size_t
measure(struct slice text, bool *kept)
{
	unsigned char c = (unsigned char)*text.p;
	uint32_t code;
	size_t size = utf8_decode(text.p, text.n, &code);

	if (size > 1) {
		*kept = true;
		return size;
	}
	*kept = size == 1 && c >= ' ' && c != 0x7f &&
		!strchr("<>:\"\\|?*%~/", c);
	return 1;
}

/*
 * Names that Windows takes for devices, whatever comes behind a dot (Microsoft,
 * "Naming Files, Paths, and Namespaces").
 */
static bool
is_device(struct slice part)
{
	static const char *const names[] = {"con", "prn",    "aux",
					    "nul", "conin$", "conout$"};
	const char *dot = part.n ? memchr(part.p, '.', part.n) : NULL;
	size_t i, n = dot ? (size_t)(dot - part.p) : part.n;

	while (n && part.p[n - 1] == ' ')
		n--;
	for (i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (n == strlen(names[i]) &&
		    strncasecmp(part.p, names[i], n) == 0)
			return true;
	/* COM1 and LPT1 to 9, where a superscript digit counts as one. */
	if (n < 4 || n > 5 ||
	    (strncasecmp(part.p, "com", 3) != 0 &&
	     strncasecmp(part.p, "lpt", 3) != 0))
		return false;
	if (n == 4)
		return part.p[3] >= '0' && part.p[3] <= '9';
	return memcmp(part.p + 3, "\302\271", 2) == 0 ||
	       memcmp(part.p + 3, "\302\262", 2) == 0 ||
	       memcmp(part.p + 3, "\302\263", 2) == 0;
}

/*
 * Cuts what was put since `start` and ends it with a digest of the name it
 * stands for; neither a letter nor a %XX is cut in two.
 */
static void
cut(struct buf *to, size_t start, struct slice name)
{
	size_t end = start + PART_MAX;

	while ((to->data[end] & 0xc0) == 0x80)
		end--;
	if (to->data[end - 1] == '%')
		end--;
	else if (to->data[end - 2] == '%')
		end -= 2;
	to->len = end;
	buf_printf(to, "~%016llx", (unsigned long long)digest_hash(name));
}

void
path_put_part(struct buf *to, struct slice name)
{
	const size_t start = to->len;
	bool kept, device = is_device(name);
	size_t i, size;

	for (i = 0; i < name.n; i += size) {
		const char *p = name.p + i;

		size = measure((struct slice){p, name.n - i}, &kept);
		if (i + size == name.n && (*p == '.' || *p == ' '))
			kept = false;
		if (i == 0 && device)
			kept = false;
		if (kept)
			buf_put(to, p, size);
		else
			put_encoded(to, *p);
	}
	if (name.n == 0)
		buf_putc(to, '%');
	if (to->len - start > PART_MAX)
		cut(to, start, name);
}

/* True for a slash with a part on either side. */
static bool
parts_at(struct slice name, size_t i)
{
	return name.p[i] == '/' && i > 0 && i + 1 < name.n &&
	       name.p[i - 1] != '/' && name.p[i + 1] != '/';
}

void
path_put(struct buf *to, struct slice name)
{
	const size_t start = to->len;
	struct slice rest = name;
	size_t i, parts = 1;

	for (i = 0; i < name.n; i++) {
		if (!parts_at(name, i))
			continue;
		parts++;
		rest.n = (size_t)(name.p + i - rest.p);
		path_put_part(to, rest);
		buf_putc(to, '/');
		rest = (struct slice){name.p + i + 1, name.n - i - 1};
	}
	path_put_part(to, rest);
	if (to->len - start > PATH_LONG || parts > PARTS_MOST) {
		to->len = start;
		path_put_part(to, name);
	}
}
