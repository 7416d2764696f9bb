#include <stdlib.h>

#include "store/file_names.h"
#include "tap.h"

static struct file_names *names;

static struct remote
image(const char *name, const char *sample, const char *url)
{
	return (struct remote){
		.kind = ASSET_IMAGE,
		.name = slice_of(name),
		.sample = slice_of(sample),
		.url = slice_of(url),
	};
}

static struct remote
label(const char *name, const char *sample, const char *labelset)
{
	struct remote remote = image(name, sample, "http://h/bitmap.png");

	remote.kind = ASSET_LABEL;
	remote.labelset = slice_of(labelset);
	return remote;
}

/* The path that is chosen, to be freed, with *state. */
static char *
choose(struct remote remote, enum name_state *state)
{
	struct buf path = {0};
	uint64_t line;

	*state = file_names_choose(names, &remote, NULL, &path, &line);
	return xreallocarray(path.data, (buf_cstr(&path), path.len + 1), 1);
}

static void
chosen(struct remote remote, const char *path, const char *name)
{
	enum name_state state;
	char *got = choose(remote, &state);

	ok(strcmp(got, path) == 0, "%s: %s", name, path);
	if (strcmp(got, path) != 0)
		printf("# got %s\n", got);
	free(got);
}

static void
begin(void)
{
	file_names_close(names);
	names = file_names_open();
}

static void
test_suffix(void)
{
	begin();
	chosen(image("a.jpg", "1", "http://h/x.jpg"), "images/a.jpg",
	       "an ending is not doubled");
	chosen(image("B.JPG", "2", "http://h/x.jpg"), "images/B.JPG",
	       "in any case");
	chosen(image("c.jpeg", "3", "http://h/x.jpg"), "images/c.jpeg",
	       "in any spelling");
	chosen(image("d.tif", "4", "http://h/x.tiff"), "images/d.tif",
	       "of TIFF, too");
	chosen(image("e.png", "5", "http://h/x.jpg"), "images/e.png.jpg",
	       "another kind of ending is no ending");
	chosen(image("img.v1", "6", "http://h/x.jpg"), "images/img.v1.jpg",
	       "nor is what follows any dot");
	chosen(image("f", "7", "http://h/x.jpg?y=1.png#z.gif"), "images/f.jpg",
	       "the query does not tell the kind");
	chosen(image("g", "8", "http://h/x"), "images/g",
	       "no ending is made up");
	chosen(image("h.webp", "9", "http://h/x"), "images/h.webp",
	       "the name's own is kept");
	chosen(image("i", "10", "http://h.jpg"), "images/i",
	       "a host has no ending");
	chosen(image("s/.jpg", "11", "http://h/x.jpg"), "images/s/.jpg.jpg",
	       "a name is not all ending");
	chosen(image("k.", "12", "http://h/x.JPG"), "images/k%2E.jpg",
	       "the name is made safe before its ending");
}

static void
test_labels(void)
{
	begin();
	chosen(label("a.jpg", "1", ""), "labels/a.jpg.png",
	       "a label has its image's full name");
	chosen(label("a.png", "2", ""), "labels/a.png.png",
	       "so a.jpg and a.png do not meet");
	chosen(label("b", "3", "segmentation"), "labels/b.png",
	       "the labelset of 2020 is a default, too");
	chosen(label("a.jpg", "1", "model/v1"), "labels-model%2Fv1/a.jpg.png",
	       "other labelsets have their own directory");
	chosen(image("a.jpg", "1", "http://h/x.jpg"), "images/a.jpg",
	       "the image is elsewhere");
}

static void
test_collision(void)
{
	enum name_state state;
	char *first, *second, *again;

	begin();
	first = choose(image("a.jpg", "1", "http://h/1.jpg"), &state);
	ok(state == NAME_FRESH, "the first to come gets a fresh name");
	second = choose(image("a.jpg", "2", "http://h/2.jpg"), &state);
	ok(state == NAME_FRESH && strcmp(first, second) != 0 &&
		   strncmp(second, "images/a~", 9) == 0 &&
		   strlen(second) == strlen("images/a~12345678.jpg"),
	   "another sample of that name gets its digest");
	again = choose(image("a.jpg", "1", "http://h/1.jpg"), &state);
	ok(state == NAME_USED && strcmp(again, first) == 0,
	   "the same sample gets the same name");
	free(again);
	again = choose(image("a.jpg", "1", "http://h/other.jpg"), &state);
	ok(state == NAME_FRESH && strcmp(again, first) != 0 &&
		   strcmp(again, second) != 0,
	   "but not for another URL in the same run");
	free(again);
	again = choose(image("A.JPG", "3", "http://h/3.jpg"), &state);
	ok(strncmp(again, "images/A~", 9) == 0,
	   "names that differ by case alone meet");
	free(first);
	free(second);
	free(again);
}

/* What a sample gets does not depend on which others came before it. */
static void
test_stable(void)
{
	enum name_state state;
	char *one, *two;

	begin();
	free(choose(image("a.jpg", "x", "http://h/x.jpg"), &state));
	one = choose(image("a.jpg", "1", "http://h/1.jpg"), &state);
	begin();
	free(choose(image("a.jpg", "y", "http://h/y.jpg"), &state));
	free(choose(image("a.jpg", "z", "http://h/z.jpg"), &state));
	two = choose(image("a.jpg", "1", "http://h/other-release.jpg"), &state);
	ok(strcmp(one, two) == 0,
	   "a name with a digest depends on its sample alone");
	free(one);
	free(two);
}

static void
test_url_alike(void)
{
	enum name_state state;

	begin();
	free(choose(image("a.jpg", "1", "http://h/1.jpg?X-Amz-Signature=1&v=2"),
		    &state));
	free(choose(image("a.jpg", "1", "http://h/1.jpg?v=2&X-Amz-Signature=2"),
		    &state));
	ok(state == NAME_USED, "a URL signed anew is the same URL");
}

static void
test_directories(void)
{
	enum name_state state;
	char *got;

	begin();
	chosen(image("a.jpg/b", "1", "http://h/1.jpg"), "images/a.jpg/b.jpg",
	       "a name may be a directory");
	got = choose(image("a.jpg", "2", "http://h/2.jpg"), &state);
	ok(strncmp(got, "images/a~", 9) == 0,
	   "then it is not a file, for another sample");
	free(got);
	begin();
	chosen(image("A.jpg", "2", "http://h/2.jpg"), "images/A.jpg",
	       "or it is a file");
	got = choose(image("a.jpg/b", "1", "http://h/1.jpg"), &state);
	ok(strncmp(got, "images/a.jpg%2Fb~", 17) == 0 && !strchr(got + 7, '/'),
	   "and then not a directory");
	free(got);
}

static void
test_frames(void)
{
	struct remote one = image("a.jpg", "1", "http://h/1.jpg");
	struct remote two = image("a.jpg", "1", "http://h/2.jpg");
	enum name_state state;
	char *a, *b;

	begin();
	one.frame = slice_of("{\"index\":0}");
	two.frame = slice_of("{\"index\":1}");
	a = choose(one, &state);
	b = choose(two, &state);
	ok(state == NAME_FRESH && strcmp(a, b) != 0,
	   "frames of one sample have a file each");
	free(a);
	free(b);
}

static void
test_many(void)
{
	const int n = 20000;
	int fresh = 0, used = 0, i, round;

	begin();
	for (round = 0; round < 2; round++)
		for (i = 0; i < n; i++) {
			enum name_state state;
			char name[32], sample[32];

			snprintf(name, sizeof(name), "d%d/%d", i % 7, i / 2);
			snprintf(sample, sizeof(sample), "s%d", i);
			free(choose(image(name, sample, "http://h/1.jpg"),
				    &state));
			fresh += state == NAME_FRESH;
			used += state == NAME_USED;
		}
	ok(fresh == n && used == n, "%d samples, as many names", n);
}

int
main(void)
{
	test_suffix();
	test_labels();
	test_collision();
	test_stable();
	test_url_alike();
	test_directories();
	test_frames();
	test_many();
	file_names_close(names);
	return done_testing();
}
