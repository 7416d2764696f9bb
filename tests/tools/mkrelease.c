/*
 * mkrelease KIND LAYOUT SIZE: writes a release of about SIZE megabytes to
 * stdout, always the same for the same words. KIND is bitmap or polygon, the
 * labels its samples have; LAYOUT is compact, line (one line with spaces, as
 * the service has written releases since 2025) or pretty (an indent of 4, as
 * it did before). So that large ones take little time, a pool of samples is
 * made and written over and over, each time with other uuids.
 */
#include <stdarg.h>

#include "tool.h"

enum {
	POOL = 4 << 20,
	SAMPLE_MAX = 1 << 19,
	SAMPLES = 1 << 14,
	DEPTH_MAX = 32,
	INDENT = 4,
};

static const char *const kinds[] = {"bitmap", "polygon", NULL};
static const char *const layouts[] = {"compact", "line", "pretty", NULL};

enum { BITMAP, POLYGON };
enum { COMPACT, LINE, PRETTY };

/* JSON in one of the layouts, as Python's json.dump writes it. */
struct writer {
	unsigned layout;
	char *text;
	size_t len;
	unsigned depth;
	bool begun[DEPTH_MAX]; /* a member has been put at this depth */
};

static uint32_t
chance(uint32_t limit)
{
	static uint64_t state = 0x9e3779b97f4a7c15;

	state = state * 6364136223846793005 + 1442695040888963407;
	return (uint32_t)((state >> 33) % limit);
}

static void
put(struct writer *w, const char *text)
{
	size_t n = strlen(text);

	memcpy(w->text + w->len, text, n);
	w->len += n;
}

__attribute__((format(printf, 2, 3))) static void
print(struct writer *w, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	w->len += (size_t)vsprintf(w->text + w->len, format, args);
	va_end(args);
}

static void
new_line(struct writer *w)
{
	if (w->layout == PRETTY)
		print(w, "\n%*s", (int)(w->depth * INDENT), "");
}

/* What stands before a member (with its key) or an element (without). */
static void
begin(struct writer *w, const char *key)
{
	if (w->begun[w->depth])
		put(w, w->layout == LINE ? ", " : ",");
	w->begun[w->depth] = true;
	if (w->depth)
		new_line(w);
	if (key)
		print(w, w->layout == COMPACT ? "\"%s\":" : "\"%s\": ", key);
}

static void
open(struct writer *w, const char *key, char bracket)
{
	begin(w, key);
	w->text[w->len++] = bracket;
	w->begun[++w->depth] = false;
}

static void
close(struct writer *w, char bracket)
{
	bool begun = w->begun[w->depth--];

	if (begun)
		new_line(w);
	w->text[w->len++] = bracket;
}

static void
string(struct writer *w, const char *key, const char *text)
{
	begin(w, key);
	print(w, "\"%s\"", text);
}

static void
number(struct writer *w, const char *key, uint32_t value)
{
	begin(w, key);
	print(w, "%u", value);
}

static void
url(struct writer *w, const char *key, const char *extension)
{
	open(w, key, '{');
	begin(w, "url");
	print(w,
	      "\"https://segmentsai-prod.s3.eu-west-2.amazonaws.com/assets/"
	      "owner/%08x-5d2c-4a4e-9f73-%04x%08x.%s\"",
	      chance(1u << 31), chance(65536), chance(1u << 31), extension);
	close(w, '}');
}

/* A ring of about a hundred points around a place. */
static void
polygon(struct writer *w)
{
	uint32_t x = 50000 + chance(300000), y = 50000 + chance(200000);
	uint32_t points = 20 + chance(160);

	string(w, "type", "polygon");
	open(w, "points", '[');
	for (uint32_t i = 0; i < points; i++) {
		open(w, NULL, '[');
		x += chance(2001) - 1000;
		y += chance(2001) - 1000;
		begin(w, NULL);
		print(w, "%u.%02u", x / 100, x % 100);
		begin(w, NULL);
		print(w, "%u.%02u", y / 100, y % 100);
		close(w, ']');
	}
	close(w, ']');
}

static void
label(struct writer *w, unsigned kind)
{
	static const char *const statuses[] = {"REVIEWED", "LABELED",
					       "REVIEWED", "PRELABELED",
					       "REVIEWED", "SKIPPED"};
	uint32_t objects = 1 + chance(kind == BITMAP ? 14 : 8);

	string(w, "label_status", statuses[chance(6)]);
	open(w, "attributes", '{');
	string(w, "format_version", "0.1");
	open(w, "annotations", '[');
	for (uint32_t id = 1; id <= objects; id++) {
		open(w, NULL, '{');
		number(w, "id", id);
		number(w, "category_id", 1 + chance(6));
		if (kind == POLYGON)
			polygon(w);
		open(w, "attributes", '{');
		if (id % 3 == 0)
			string(w, "occluded", "no");
		close(w, '}');
		close(w, '}');
	}
	close(w, ']');
	if (kind == BITMAP)
		url(w, "segmentation_bitmap", "png");
	close(w, '}');
}

static void
sample(struct writer *w, unsigned kind)
{
	open(w, NULL, '{');
	string(w, "uuid", "00000000-3c9e-4b0d-8d55-0123456789ab");
	begin(w, "name");
	print(w, "\"camera %u/2024-07-09_15:39:%02u_%u.jpg\"", chance(8),
	      chance(60), chance(100000));
	open(w, "attributes", '{');
	url(w, "image", "jpg");
	close(w, '}');
	open(w, "metadata", '{');
	begin(w, "scene");
	print(w, "\"scene %u\"", chance(100));
	begin(w, "place");
	put(w, "\"Caf\\u00e9 \\\"Mokka\\\"\"");
	close(w, '}');
	open(w, "labels", '{');
	if (chance(12)) {
		open(w, "ground-truth", '{');
		label(w, kind);
		close(w, '}');
	} else {
		begin(w, "ground-truth");
		put(w, "null");
	}
	close(w, '}');
	close(w, '}');
}

static void
categories(struct writer *w)
{
	static const char *const names[] = {"road",  "car",  "person",
					    "plant", "sign", "sky"};

	open(w, "categories", '[');
	for (uint32_t i = 0; i < 6; i++) {
		open(w, NULL, '{');
		string(w, "name", names[i]);
		number(w, "id", i + 1);
		open(w, "color", '[');
		number(w, NULL, 40 * i);
		number(w, NULL, 255 - 40 * i);
		number(w, NULL, 120);
		close(w, ']');
		close(w, '}');
	}
	close(w, ']');
}

static void
head(struct writer *w, unsigned kind)
{
	open(w, NULL, '{');
	string(w, "name", "v1.0");
	string(w, "description", "made for a benchmark");
	string(w, "created_at", "2024-07-09 10:20:19.888887+00:00");
	open(w, "dataset", '{');
	string(w, "name", "streets");
	string(w, "owner", "owner");
	string(w, "task_type",
	       kind == BITMAP ? "segmentation-bitmap" : "vector");
	open(w, "task_attributes", '{');
	string(w, "format_version", "0.1");
	categories(w);
	close(w, '}');
	open(w, "labelsets", '[');
	open(w, NULL, '{');
	string(w, "name", "ground-truth");
	string(w, "description", "");
	close(w, '}');
	close(w, ']');
	open(w, "samples", '[');
}

/* Writes what is in the writer, and empties it. */
static size_t
flush(struct writer *w)
{
	size_t n = w->len;

	if (fwrite(w->text, 1, n, stdout) != n)
		tool_fail("cannot write");
	w->len = 0;
	return n;
}

/* Puts another number in a sample's uuid, in hexadecimal. */
static void
renumber(char *text, uint64_t serial)
{
	char digits[9];

	snprintf(digits, sizeof(digits), "%08llx",
		 (unsigned long long)serial & 0xffffffff);
	memcpy(strstr(text, "uuid\":") + (text[1] == '"' ? 7 : 8), digits, 8);
}

int
main(int argc, char **argv)
{
	static size_t ends[SAMPLES + 1];
	struct writer w = {.text = tool_alloc(POOL + SAMPLE_MAX)};
	unsigned kind;
	uint64_t size, written, serial;
	size_t count = 0;

	if (argc != 4)
		tool_fail("usage: mkrelease KIND LAYOUT MEGABYTES");
	kind = tool_choose(argv[1], kinds);
	w.layout = tool_choose(argv[2], layouts);
	size = strtoull(argv[3], NULL, 10) * 1000000;
	head(&w, kind);
	written = flush(&w);
	sample(&w, kind);
	written += flush(&w);
	while (w.len < POOL && count < SAMPLES) {
		sample(&w, kind);
		ends[++count] = w.len;
	}
	for (serial = 0; written < size; serial++) {
		char *text = w.text + ends[serial % count];
		size_t n = ends[serial % count + 1] - ends[serial % count];

		renumber(text, serial + 1);
		if (fwrite(text, 1, n, stdout) != n)
			tool_fail("cannot write");
		written += n;
	}
	w.len = 0;
	close(&w, ']');
	close(&w, '}');
	close(&w, '}');
	flush(&w);
	free(w.text);
	return fflush(stdout) != 0;
}
