#include <stdlib.h>

#include "store/file_name.h"
#include "tap.h"

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

static void
chosen(struct remote remote, const char *path, const char *name)
{
	struct buf got = {0};

	file_name_put(&remote, FILE_BY_NAME, &got);
	ok(slice_is(buf_view(&got), path), "%s: %s", name, path);
	if (!slice_is(buf_view(&got), path))
		printf("# got %s\n", buf_cstr(&got));
	buf_release(&got);
}

static void
test_suffix(void)
{
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
by_uuid(struct remote remote, const char *uuid, const char *path,
	const char *name)
{
	struct buf got = {0};
	bool good;

	remote.uuid = slice_of(uuid);
	good = file_name_put(&remote, FILE_BY_UUID, &got);
	if (path)
		ok(good && slice_is(buf_view(&got), path), "%s: %s", name,
		   path);
	else
		ok(!good && got.len == 0, "%s", name);
	if (path && !slice_is(buf_view(&got), path))
		printf("# got %s\n", buf_cstr(&got));
	buf_release(&got);
}

static void
test_uuid(void)
{
	struct remote frame = image("s/000012", "1", "http://h/x.jpg");

	by_uuid(image("a.jpg", "1", "http://h/x.jpg"), "u-1", "images/u-1.jpg",
		"the uuid instead of the name");
	by_uuid(label("a.jpg", "1", "model"), "u-1", "labels-model/u-1.png",
		"of a label, too");
	by_uuid(image("a", "1", "http://h/x"), "../u", "images/.%2E/u",
		"a uuid is data as well");
	by_uuid(image("a", "1", "http://h/x"), "", NULL,
		"without one there is no name");
	frame.frame = slice_of("{\"index\":12,\"name\":\"f\"}");
	by_uuid(frame, "u-1", "images/u-1/000012.jpg",
		"a frame goes by its number");
	frame.frame = slice_of("{\"index\":3,\"sensor\":\"front\"}");
	by_uuid(frame, "u-1", "images/u-1/front/000003.jpg", "and its sensor");
	frame.frame = slice_of("{\"index\":\"3\"}");
	by_uuid(frame, "u-1", NULL, "which it has to have");
}

/* A name of many directories costs no more than one of a few. */
static void
test_deep(void)
{
	struct buf name = {0}, path = {0};
	struct remote remote;
	int i;

	for (i = 0; i < 32; i++)
		buf_puts(&name, i ? "/d" : "d");
	remote = image(buf_cstr(&name), "1", "http://h/x.jpg");
	file_name_put(&remote, FILE_BY_NAME, &path);
	ok(memchr(path.data + 7, '/', path.len - 7) != NULL,
	   "32 parts are directories");
	buf_puts(&name, "/d");
	buf_reset(&path);
	remote = image(buf_cstr(&name), "1", "http://h/x.jpg");
	file_name_put(&remote, FILE_BY_NAME, &path);
	ok(memchr(path.data + 7, '/', path.len - 7) == NULL &&
		   memmem(path.data, path.len, "d%2Fd", 5),
	   "more become one");
	buf_release(&name);
	buf_release(&path);
}

int
main(void)
{
	test_suffix();
	test_labels();
	test_uuid();
	test_deep();
	return done_testing();
}
