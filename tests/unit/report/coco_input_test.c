/* COCO files are read the same with any number of threads, broken ones, too. */
#include "report/coco_input.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/diag.h"
#include "random.h"
#include "tap.h"

enum { TEXT = 3 << 20, LARGE = 100000, ROUNDS = 40 };

static const unsigned threads[] = {2, 3, 8};
static char path[] = "/tmp/coco_input_test.XXXXXX";

static void
put_space(struct buf *text)
{
	static const char *const spaces[] = {"", "", "", " ", "\n", "\t \r\n"};

	buf_puts(text, spaces[random_below(6)]);
}

/* A string with what a careless reader takes for structure. */
static void
put_string(struct buf *text)
{
	static const char *const parts[] = {
		"]",        "}",
		"[",        "{",
		",",        ":",
		"\\\"",     "\\\\",
		"],[",      "}, {",
		"\\u005d",  "\\\\\\\"",
		"\xc3\xa4", "\xf0\x9f\x8d\xa9",
		"ab",       "\\n",
		"",         "{\\\"image_id\\\":1}",
	};

	buf_putc(text, '"');
	for (uint32_t i = random_below(12); i > 0; i--)
		buf_puts(text,
			 parts[random_below(sizeof(parts) / sizeof(*parts))]);
	buf_putc(text, '"');
}

static void
put_polygons(struct buf *text)
{
	uint32_t rings = 1 + random_below(3), points, i;

	buf_putc(text, '[');
	for (; rings > 0; rings--) {
		points = random_below(2000) ? random_below(20) : LARGE / 4;
		buf_putc(text, '[');
		for (i = 0; i < points; i++)
			buf_printf(text, "%s%u.%u", i ? "," : "",
				   random_below(640), random_below(100));
		buf_puts(text, rings > 1 ? "]," : "]");
		put_space(text);
	}
	buf_putc(text, ']');
}

static void
put_segmentation(struct buf *text)
{
	switch (random_below(5)) {
	case 0:
		buf_puts(text, "[]");
		break;
	case 1:
		buf_puts(text, "{\"counts\":");
		put_string(text);
		buf_puts(text, ",\"size\":[480,640]}");
		break;
	case 2:
		buf_puts(text, "{\"size\":[2,3],\"counts\":[1,2,3]}");
		break;
	case 3:
		put_string(text);
		break;
	default:
		put_polygons(text);
	}
}

/* An annotation; a bad one lacks what it must have. */
static void
put_annotation(struct buf *text, bool bad)
{
	buf_puts(text, "{\"name\":");
	put_string(text);
	buf_printf(text, ",\"%s\":%u,", bad ? "imageid" : "image_id",
		   random_below(100));
	put_space(text);
	buf_printf(text, "\"category_id\": %u", random_below(9));
	if (random_below(8))
		buf_printf(text, ",\"id\":%u", random_below(100000));
	if (random_below(2))
		buf_printf(text, ",\"score\":0.%u%u", random_below(1 << 30),
			   random_below(1 << 30));
	if (random_below(2))
		buf_printf(text, ",\"bbox\":[%u,1e1,%u.5,4]", random_below(9),
			   random_below(9));
	if (random_below(3)) {
		buf_puts(text, ",\"segmentation\":");
		put_segmentation(text);
	}
	if (!random_below(5))
		buf_puts(text, ",\"keypoints\":[1,2,2,3,4,0]");
	buf_puts(text, random_below(2) ? ",\"iscrowd\":1}" : "}");
}

/* A file, or a list of results; one in `bad` annotations is a bad one. */
static void
make_text(struct buf *text, size_t size, bool is_list, uint32_t bad)
{
	bool more = false;

	buf_puts(text, is_list ? "["
			       : "{\"images\":[{\"id\":1}],"
				 "\"annotations\":[");
	while (text->len < size) {
		buf_puts(text, more ? "," : "");
		put_space(text);
		put_annotation(text, bad && !random_below(bad));
		put_space(text);
		more = true;
	}
	buf_puts(text, is_list ? "]"
			       : "],\"categories\":[{\"id\":7,"
				 "\"name\":\"a]b\"}]}\n");
}

static void
write_text(const struct buf *text)
{
	FILE *file = fopen(path, "w");

	if (!file || fwrite(text->data, 1, text->len, file) != text->len ||
	    fclose(file) != 0) {
		printf("Bail out! no temporary file\n");
		exit(2);
	}
}

/* Reads it, and what was said meanwhile. */
static struct coco_input *
read_file(unsigned jobs, struct buf *said)
{
	struct coco_input *file;

	buf_reset(said);
	diag_capture(said);
	file = coco_input_read(path, jobs);
	diag_capture(NULL);
	return file;
}

static bool
same_annotation(const struct coco_annotation *a,
		const struct coco_annotation *b)
{
	return a->id == b->id && a->image == b->image &&
	       a->category == b->category && a->area == b->area &&
	       a->score == b->score &&
	       memcmp(a->box, b->box, sizeof(a->box)) == 0 &&
	       slice_equal(a->segmentation, b->segmentation) &&
	       slice_equal(a->keypoints, b->keypoints) &&
	       a->crowd == b->crowd && a->has_id == b->has_id &&
	       a->has_box == b->has_box && a->has_score == b->has_score;
}

static bool
same_file(const struct coco_input *a, const struct coco_input *b)
{
	if (!a || !b)
		return !a && !b;
	if (a->annotation_count != b->annotation_count ||
	    a->is_list != b->is_list || a->image_count != b->image_count ||
	    a->category_count != b->category_count ||
	    (a->category_count &&
	     !slice_equal(a->categories[0].name, b->categories[0].name)))
		return false;
	for (size_t i = 0; i < a->annotation_count; i++)
		if (!same_annotation(coco_input_annotation(a, i),
				     coco_input_annotation(b, i)))
			return false;
	return true;
}

/* Whether all numbers of threads find the same, and say the same. */
static bool
all_same(const struct buf *text, struct buf *said)
{
	struct coco_input *one, *other;
	struct buf said_too = {0};
	bool same = true;

	write_text(text);
	one = read_file(1, said);
	for (size_t i = 0; i < sizeof(threads) / sizeof(*threads); i++) {
		other = read_file(threads[i], &said_too);
		same &= same_file(one, other) &&
			slice_equal(buf_view(said), buf_view(&said_too));
		coco_input_close(other);
	}
	same &= (one == NULL) == (said->len > 0);
	coco_input_close(one);
	buf_release(&said_too);
	return same;
}

static void
test_whole(void)
{
	struct buf text = {0}, said = {0};

	for (int is_list = 0; is_list < 2; is_list++) {
		buf_reset(&text);
		make_text(&text, TEXT, is_list, 0);
		ok(all_same(&text, &said) && !said.len,
		   is_list ? "a large list of results" : "a large file");
	}
	buf_release(&text);
	buf_release(&said);
}

/* Cut off, or one byte another, anywhere. */
static void
test_broken(void)
{
	static const char bytes[] = "]}[{,:\"\\ x\n";
	struct buf text = {0}, said = {0};
	int refused = 0, same = 0, i;

	for (i = 0; i < ROUNDS; i++) {
		size_t at;

		buf_reset(&text);
		make_text(&text, 1 << random_below(20), i % 2,
			  i % 3 ? 0 : 1000);
		at = random_below((uint32_t)text.len);
		if (i % 4 < 2)
			text.len = at;
		else
			text.data[at] = bytes[random_below(sizeof(bytes) - 1)];
		same += all_same(&text, &said);
		refused += said.len > 0;
	}
	ok(same == ROUNDS, "broken files are told of in the same words");
	ok(refused > ROUNDS / 2, "(%d of %d were refused)", refused, ROUNDS);
	buf_release(&text);
	buf_release(&said);
}

/* What is valid JSON and no annotation, early and late, and some of them. */
static void
test_refused(void)
{
	struct buf text = {0}, said = {0};
	int same = 0, told = 0, i;

	for (i = 0; i < ROUNDS; i++) {
		buf_reset(&text);
		make_text(&text, 1 << (8 + random_below(13)), i % 2,
			  1 + random_below(200));
		same += all_same(&text, &said);
		told += strstr(buf_cstr(&said),
			       "without an integer image_id") != NULL;
	}
	ok(same == ROUNDS, "the first annotation that lacks an id is told of");
	ok(told > ROUNDS / 4, "(%d of %d had one)", told, ROUNDS);
	buf_release(&text);
	buf_release(&said);
}

/* The place is the byte behind the annotation, wherever blocks are cut. */
static void
test_place(void)
{
	struct buf text = {0}, said = {0}, due = {0};
	int right = 0;

	for (int before = 250; before < 262; before++) {
		buf_reset(&text);
		buf_puts(&text, "\xef\xbb\xbf[");
		for (int i = 0; i < before; i++)
			buf_puts(&text,
				 "{\"image_id\":1,\"category_id\":2},\n");
		buf_puts(&text, "{\"image_id\":1}");
		buf_reset(&due);
		buf_printf(&due,
			   "coco_input_test: %s: byte %zu: an annotation "
			   "without an integer category_id\n",
			   path, text.len + 1);
		buf_puts(&text, ",[,]");
		right += all_same(&text, &said) &&
			 slice_equal(buf_view(&said), buf_view(&due));
	}
	ok(right == 12, "its place is right");
	buf_release(&text);
	buf_release(&said);
	buf_release(&due);
}

int
main(int argc, char **argv)
{
	(void)argc;
	diag_init(argv[0]);
	random_seed(13);
	close(mkstemp(path));
	test_whole();
	test_broken();
	test_refused();
	test_place();
	unlink(path);
	return done_testing();
}
