#include <stdio.h>

#include "store/file_index.h"
#include "tap.h"

static uint64_t
key(const struct file_index *index, const char *path)
{
	return file_index_path(index, slice_of(path));
}

static void
test_entries(void)
{
	struct file_index *index = file_index_open(false);
	uint64_t a = key(index, "images/a.jpg");
	struct file_entry entry;

	ok(file_index_get(index, a).kind == ENTRY_NONE, "nothing is known");
	file_index_put_claim(index, a, 7, slice_of("a.jpg"), slice_of("u1"));
	entry = file_index_get(index, a);
	ok(entry.kind == ENTRY_CLAIM && entry.claim->url == 7 &&
		   strcmp(entry.claim->name, "a.jpg") == 0 &&
		   strcmp(entry.claim->sample, "u1") == 0,
	   "a claim tells whose it is");
	file_index_put_line(index, a, 1234567890123);
	entry = file_index_get(index, a);
	ok(entry.kind == ENTRY_LINE && entry.line == 1234567890123 &&
		   !entry.used,
	   "a line goes over it");
	file_index_use(index, a);
	entry = file_index_get(index, a);
	ok(entry.used && entry.line == 1234567890123, "and can be marked");
	file_index_put_directory(index, key(index, "images"));
	ok(file_index_get(index, key(index, "images")).kind == ENTRY_DIRECTORY,
	   "a directory is one");
	ok(key(index, "A") != key(index, "a") &&
		   key(index, "a") != file_index_url(slice_of("a")),
	   "paths in another case and URLs are other keys");
	file_index_close(index);
	file_index_close(NULL);
}

static void
test_folds(void)
{
	struct file_index *index = file_index_open(true);

	ok(key(index, "images/\303\204.jpg") ==
		   key(index, "images/a\314\210.JPG"),
	   "where the file system folds case, one key is for both");
	file_index_close(index);
}

static void
test_many(void)
{
	struct file_index *index = file_index_open(false);
	const uint64_t n = 20000;
	uint64_t good = 0, i;
	char path[32];

	for (i = 0; i < n; i++) {
		snprintf(path, sizeof(path), "d%d/%d", (int)i % 7, (int)i);
		if (i % 3)
			file_index_put_line(index, key(index, path), i);
		else
			file_index_put_claim(index, key(index, path), i,
					     slice_of(path), slice_of(path));
	}
	for (i = 0; i < n; i++) {
		struct file_entry entry;

		snprintf(path, sizeof(path), "d%d/%d", (int)i % 7, (int)i);
		entry = file_index_get(index, key(index, path));
		good += i % 3 ? entry.line == i : entry.claim->url == i;
	}
	ok(good == n, "%d entries", (int)n);
	file_index_close(index);
}

int
main(void)
{
	test_entries();
	test_folds();
	test_many();
	return done_testing();
}
