/*
 * mkdemo MENU DIR: draws the demo release that the text file MENU tells of (its
 * first lines say how) below DIR: segments/images and
 * segments/labels, laid out as seg-fetch does it; the release, compact, in
 * release.min.json; what seg-fetch would have noted of each file (path,
 * uuid, url; tabs between) in files.tsv; and in truth.tsv each instance of
 * each bitmap as counted from the drawing: sample, id, area, bbox.
 */
#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>

#include "plainpng.h"
#include "table.h"

enum {
	SAMPLES = 32, /* at most */
	OBJECTS = 8,  /* in a sample, at most */
	FINE = 4,     /* a pixel is the mean of FINE x FINE points */
};

/* A thing with its annotation; id 0 is left without a label. */
struct object {
	struct thing thing;
	uint32_t id;
	const char *attributes; /* JSON; "-" where no annotation lists it */
};

/* How the label of a sample came to be. */
enum hand {
	CAREFUL,  /* follows the outlines */
	SLIPPED,  /* is a few pixels off */
	GUESSED,  /* by a model: discs, and scores */
	NO_LABEL, /* null */
	NOTHING,  /* attributes is {} */
};

struct sample {
	const char *name; /* of its image, a .png */
	const char *status;
	enum hand hand;
	uint32_t width, height;
	unsigned cloth; /* index of the table cloth's colour */
	double lamp;    /* how bright */
	const char *metadata;
	struct object objects[OBJECTS + 1]; /* one of no kind ends them */
};

/* Cuts a line at its tabs into just `count` words. */
static void
split(char *line, char **words, size_t count)
{
	size_t n = 0;

	for (char *at = line; at; n++) {
		if (n == count)
			tool_fail(line);
		words[n] = strsep(&at, "\t");
	}
	if (n < count)
		tool_fail(line);
}

static void
read_sample(char *line, struct sample *s)
{
	static const char *const hands[] = {"careful", "slipped", "guessed",
					    "null",    "empty",   NULL};
	char *words[9];

	split(line, words, 9);
	s->name = words[1];
	s->status = words[2];
	s->hand = tool_choose(words[3], hands);
	s->width = (uint32_t)atoi(words[4]);
	s->height = (uint32_t)atoi(words[5]);
	s->cloth = tool_choose(words[6], cloth_names);
	s->lamp = atof(words[7]);
	s->metadata = words[8];
}

static void
read_object(char *line, struct object *o)
{
	static const char *const ways[] = {"-",      "plain",   "bitten",
					   "broken", "smiling", NULL};
	char *words[8];
	unsigned way;

	split(line, words, 8);
	way = tool_choose(words[5], ways);
	o->thing = (struct thing){
		.kind = tool_choose(words[0], thing_names),
		.x = atof(words[1]),
		.y = atof(words[2]),
		.r = atof(words[3]),
		.glaze = tool_choose(words[4], glaze_names),
		.how = (1u << way) >> 1,
	};
	o->id = (uint32_t)strtoul(words[6], NULL, 10);
	o->attributes = words[7];
}

/* Fills `samples` from a menu and returns their number. */
static size_t
read_menu(char *text, struct sample *samples)
{
	struct sample *s = NULL;
	size_t n = 0, objects = 0;

	for (char *line; (line = strsep(&text, "\n")) != NULL;) {
		if (!*line || *line == '#')
			continue;
		if (strncmp(line, "sample\t", 7) == 0) {
			if (n == SAMPLES)
				tool_fail("too many samples");
			s = &samples[n++];
			objects = 0;
			read_sample(line, s);
		} else {
			if (!s || objects == OBJECTS)
				tool_fail(line);
			read_object(line, &s->objects[objects++]);
		}
	}
	return n;
}

static FILE *
create(const char *dir, const char *path)
{
	char name[4096];
	FILE *file;

	snprintf(name, sizeof(name), "%s/%s", dir, path);
	for (char *at = strchr(name + 1, '/'); at; at = strchr(at + 1, '/')) {
		*at = '\0';
		if (mkdir(name, 0777) != 0 && errno != EEXIST)
			tool_fail(name);
		*at = '/';
	}
	if (!(file = fopen(name, "wb")))
		tool_fail(name);
	return file;
}

static void
finish(FILE *file)
{
	if (fclose(file) != 0)
		tool_fail("cannot write");
}

/* The uppermost object at a point of the picture, or NULL. */
static const struct object *
object_at(const struct sample *s, double x, double y)
{
	for (int i = OBJECTS; i-- > 0;)
		if (s->objects[i].thing.kind &&
		    thing_covers(&s->objects[i].thing, x, y))
			return &s->objects[i];
	return NULL;
}

static struct rgb
colour_at(const struct sample *s, double x, double y)
{
	const struct object *top = object_at(s, x, y);
	const struct object *above = top ? top + 1 : s->objects;
	struct rgb c = top ? thing_shade(&top->thing, x, y)
			   : cloth_shade(cloths[s->cloth], x, y);

	for (; above->thing.kind; above++)
		c = light(c, 1 - thing_shadow(&above->thing, x, y));
	return c;
}

/* Even levels only: nobody sees it, and the files are a fifth smaller. */
static uint8_t
level(double v)
{
	return (uint8_t)((int)(clamp(v, 0, 1) * 127 + 0.5) * 2);
}

static void
draw_pixel(const struct sample *s, uint32_t x, uint32_t y, uint8_t *rgb)
{
	const double all = FINE * FINE;
	struct rgb sum = {0, 0, 0};

	for (int i = 0; i < FINE * FINE; i++) {
		struct rgb c = colour_at(s, x + (i % FINE + 0.5) / FINE,
					 y + (i / FINE + 0.5) / FINE);

		sum.r += c.r;
		sum.g += c.g;
		sum.b += c.b;
	}
	rgb[0] = level(s->lamp * sum.r / all);
	rgb[1] = level(s->lamp * sum.g / all);
	rgb[2] = level(s->lamp * sum.b / all);
}

static void
draw_image(const struct sample *s, FILE *to)
{
	struct png_form form = {.width = s->width,
				.height = s->height,
				.colour = PNG_RGB,
				.depth = 8,
				.filter = PNG_UP,
				.idat = 8192};
	uint8_t *rows = tool_alloc(png_row(&form) * s->height);

	for (uint32_t i = 0; i < s->width * s->height; i++)
		draw_pixel(s, i % s->width, i / s->width, rows + 3 * i);
	png_write(to, &form, rows);
	free(rows);
}

/* The id that the labeller, or the model, gave a pixel. */
static uint32_t
id_at(const struct sample *s, uint32_t column, uint32_t row)
{
	double x = column + 0.5, y = row + 0.5;
	const struct object *o = NULL;

	if (s->hand == GUESSED) {
		for (int i = 0; s->objects[i].thing.kind; i++)
			if (length(x - s->objects[i].thing.x,
				   y - s->objects[i].thing.y) <
			    0.9 * s->objects[i].thing.r)
				o = &s->objects[i];
	} else {
		double off = s->hand == SLIPPED ? 9 : 0;

		o = object_at(s, x - off, y + off);
	}
	return o ? o->id : 0;
}

static uint32_t *
draw_ids(const struct sample *s)
{
	uint32_t *ids = tool_alloc(sizeof(*ids) * s->width * s->height);

	for (uint32_t i = 0; i < s->width * s->height; i++)
		ids[i] = id_at(s, i % s->width, i / s->width);
	return ids;
}

static void
write_label(const struct sample *s, const uint32_t *ids, FILE *to)
{
	struct png_form form = {.width = s->width,
				.height = s->height,
				.colour = PNG_RGBA,
				.depth = 8,
				.filter = PNG_SUB,
				.idat = 8192};
	size_t n = (size_t)s->width * s->height;
	uint8_t *rows = tool_alloc(4 * n);

	for (size_t i = 0; i < n; i++)
		for (unsigned c = 0; c < 4; c++)
			rows[4 * i + c] =
				(uint8_t)(c < 3 ? ids[i] >> 8 * c : 255);
	png_write(to, &form, rows);
	free(rows);
}

/* A line of truth for each object that has pixels. */
static void
write_truth(const struct sample *s, const uint32_t *ids, FILE *to)
{
	for (const struct object *o = s->objects; o->thing.kind; o++) {
		uint32_t x0 = s->width, y0 = s->height, x1 = 0, y1 = 0;
		uint32_t area = 0;

		for (uint32_t i = 0; o->id && i < s->width * s->height; i++) {
			uint32_t x = i % s->width, y = i / s->width;

			if (ids[i] != o->id)
				continue;
			area++;
			x0 = x < x0 ? x : x0;
			y0 = y < y0 ? y : y0;
			x1 = x > x1 ? x : x1;
			y1 = y > y1 ? y : y1;
		}
		if (area)
			fprintf(to, "%s\t%u\t%u\t%u\t%u\t%u\t%u\n", s->name,
				o->id, area, x0, y0, x1 - x0 + 1, y1 - y0 + 1);
	}
}

/* An id in the form of a UUID that depends on the two words alone. */
static const char *
uuid(const char *name, const char *use)
{
	static char text[37];
	uint64_t h[2] = {14695981039346656037u, 1099511628211u};

	for (const char *p = name; *p; p++)
		h[0] = (h[0] ^ (uint8_t)*p) * 1099511628211u;
	for (const char *p = use; *p; p++)
		h[0] = (h[0] ^ (uint8_t)*p) * 1099511628211u;
	h[1] = (h[0] ^ h[0] >> 29) * 0xbf58476d1ce4e5b9u;
	h[0] = (h[1] ^ h[1] >> 32) * 0x94d049bb133111ebu;
	snprintf(text, sizeof(text), "%08x-%04x-4%03x-%04x-%012llx",
		 (unsigned)(h[0] >> 32), (unsigned)(h[0] >> 16 & 0xffff),
		 (unsigned)(h[0] & 0xfff),
		 (unsigned)(0x8000 | (h[1] >> 48 & 0x3fff)),
		 (unsigned long long)(h[1] & 0xffffffffffff));
	return text;
}

static void
write_url(const struct sample *s, const char *use, FILE *to)
{
	fprintf(to, "https://donuts.example/assets/%s.png", uuid(s->name, use));
}

static int
category(const struct object *o)
{
	static const int ids[] = {
		[DONUT] = 1, [PLATE] = 2, [MUG] = 4, [HEAP] = 1};

	return ids[o->thing.kind];
}

static void
write_annotations(const struct sample *s, FILE *to)
{
	const char *comma = "";

	for (const struct object *o = s->objects; o->thing.kind; o++) {
		if (!o->id || strcmp(o->attributes, "-") == 0)
			continue;
		fprintf(to, "%s{\"id\":%u,\"category_id\":%d,\"attributes\":%s",
			comma, o->id, category(o), o->attributes);
		if (s->hand == GUESSED)
			fprintf(to, ",\"score\":0.%u", 97 - o->id);
		fputs("}", to);
		comma = ",";
	}
}

static void
write_label_json(const struct sample *s, FILE *to)
{
	if (s->hand == NO_LABEL) {
		fputs("null", to);
		return;
	}
	fprintf(to, "{\"label_status\":\"%s\",\"attributes\":{", s->status);
	if (s->hand != NOTHING) {
		fputs("\"format_version\":\"0.1\",\"annotations\":[", to);
		write_annotations(s, to);
		fputs("],\"segmentation_bitmap\":{\"url\":\"", to);
		write_url(s, "label", to);
		fputs("\"}", to);
	}
	fputs("}}", to);
}

static void
write_sample(const struct sample *s, FILE *to)
{
	fprintf(to, "{\"uuid\":\"%s\",\"name\":\"%s\"", uuid(s->name, "sample"),
		s->name);
	fputs(",\"attributes\":{\"image\":{\"url\":\"", to);
	write_url(s, "image", to);
	fprintf(to, "\"}},\"metadata\":%s,\"labels\":{\"ground-truth\":",
		s->metadata);
	write_label_json(s, to);
	fputs("}}", to);
}

static void
write_release(const struct sample *samples, size_t n, FILE *to)
{
	fputs("{\"name\":\"v1.0\",\"description\":\"A table at breakfast, and"
	      " after\",\"created_at\":\"2024-06-07 08:30:00.000000+00:00\","
	      "\"dataset\":{\"name\":\"donuts\",\"description\":\"Donuts on a"
	      " table, drawn by a program\",\"category\":\"Other / mixed\","
	      "\"created_at\":\"2024-06-01 07:00:00.000000+00:00\","
	      "\"owner\":\"baker\",\"task_type\":\"segmentation-bitmap\","
	      "\"task_attributes\":{\"format_version\":\"0.1\","
	      "\"categories\":[{\"name\":\"donut\",\"id\":1,\"color\":"
	      "[250,153,189],\"has_instances\":true},{\"id\":2,\"name\":"
	      "\"plate\",\"color\":[92,140,204]},{\"id\":4,\"name\":\"mug\"}]},"
	      "\"tasks\":{},\"labelsets\":[{\"name\":\"ground-truth\","
	      "\"description\":\"\",\"is_groundtruth\":true,\"created_at\":"
	      "\"2024-06-01 07:00:00.000000+00:00\"}],\"samples\":[",
	      to);
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			fputc(',', to);
		write_sample(&samples[i], to);
	}
	fputs("]}}\n", to);
}

static void
note_file(const struct sample *s, const char *path, const char *use, FILE *to)
{
	fprintf(to, "%s\t%s\t", path, uuid(s->name, "sample"));
	write_url(s, use, to);
	fputc('\n', to);
}

static void
write_sample_files(const struct sample *s, const char *dir, FILE *files,
		   FILE *truth)
{
	char path[1024] = "segments/images/";
	uint32_t *ids = draw_ids(s);
	FILE *file;

	strcat(path, s->name);
	file = create(dir, path);
	draw_image(s, file);
	finish(file);
	note_file(s, path + strlen("segments/"), "image", files);
	if (s->hand != NO_LABEL && s->hand != NOTHING) {
		snprintf(path, sizeof(path), "segments/labels/%s.png", s->name);
		file = create(dir, path);
		write_label(s, ids, file);
		finish(file);
		note_file(s, path + strlen("segments/"), "label", files);
		write_truth(s, ids, truth);
	}
	free(ids);
}

int
main(int argc, char **argv)
{
	static struct sample samples[SAMPLES];
	FILE *release, *files, *truth;
	char *text;
	size_t size, n;

	if (argc != 3)
		tool_fail("usage: mkdemo MENU DIR");
	text = (char *)tool_slurp(argv[1], &size);
	text[size] = '\0';
	n = read_menu(text, samples);
	release = create(argv[2], "release.min.json");
	files = create(argv[2], "files.tsv");
	truth = create(argv[2], "truth.tsv");
	write_release(samples, n, release);
	for (size_t i = 0; i < n; i++)
		write_sample_files(&samples[i], argv[2], files, truth);
	finish(release);
	finish(files);
	finish(truth);
	free(text);
	return 0;
}
