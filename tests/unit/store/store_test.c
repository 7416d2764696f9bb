/* What a directory of fetched files knows, and in spite of what. */
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"
#include "store/store.h"
#include "tap.h"

static bool fstat_fails;

/* Stands before the C library's, for the store as well. */
int
fstat(int fd, struct stat *st)
{
	if (!fstat_fails)
		return fstatat(fd, "", st, AT_EMPTY_PATH);
	errno = EIO;
	return -1;
}

static char top[] = "/tmp/segtools-XXXXXX";
static char dir[64], manifest[80];

static int
remove_one(const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
	(void)st;
	(void)kind;
	(void)ftw;
	return remove(path);
}

static void
clean(void)
{
	nftw(dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

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

static struct store *
fill(void)
{
	return store_open(&(struct store_options){
		.directory = dir,
		.write = true,
	});
}

static struct store *
look_into(void)
{
	return store_open(&(struct store_options){.directory = dir});
}

/* Stores a text for what is remote; the path, to be released. */
static struct buf
put(struct store *store, struct remote remote, const char *text)
{
	struct file *file = store_create(store);
	struct stored stored = {.size = strlen(text)};
	struct digest *digest = digest_open();
	struct store_line line = {0};
	struct buf path = {0};

	digest_put(digest, text, strlen(text));
	digest_get(digest, stored.sum);
	digest_close(digest);
	stored.etag = slice_of("\"e\"");
	if (store_choose(store, &remote, &path, &line) == STORE_PRESENT ||
	    io_write(file_fd(file), text, strlen(text)) < 0 ||
	    store_publish(store, file, &remote, &stored, false,
			  buf_view(&path)) != STORE_PRESENT)
		printf("Bail out! %s\n", strerror(errno));
	store_line_release(&line);
	return path;
}

static bool
holds(const struct buf *path, const char *text)
{
	struct buf whole = {0}, got = {0};
	bool same;

	buf_printf(&whole, "%s/%.*s", dir, (int)path->len, path->data);
	same = io_read_file(AT_FDCWD, buf_cstr(&whole), 1000, &got) == 0 &&
	       slice_is(buf_view(&got), text);
	buf_release(&whole);
	buf_release(&got);
	return same;
}

static enum store_state
look(struct store *store, struct remote remote)
{
	struct store_line line = {0};
	struct buf path = {0};
	enum store_state state = store_choose(store, &remote, &path, &line);

	store_line_release(&line);
	buf_release(&path);
	return state;
}

static void
test_again(void)
{
	const struct remote a = image("a b.jpg", "1", "http://h/\303\251.jpg");
	struct store *store = fill();
	struct store_line line = {0};
	struct buf path = put(store, a, "text"), found = {0};

	ok(slice_is(buf_view(&path), "images/a b.jpg") && holds(&path, "text"),
	   "a file is where it was put");
	ok(look(store, a) == STORE_PRESENT, "the same run knows it");
	store_close(store);
	store = fill();
	ok(look(store, a) == STORE_PRESENT, "the next run knows it");
	ok(look(store, image("a b.jpg", "1", "http://h/other.jpg")) ==
			   STORE_CLASH &&
		   strstr(store_clash(store), "at another URL"),
	   "but not for another URL");
	ok(look(store, image("a b.jpg", "2", "http://h/\303\251.jpg#x")) ==
		   STORE_PRESENT,
	   "for another sample at the same URL it is the same file");
	ok(look(store, image("a b.jpg/c", "3", "http://h/c.jpg")) ==
			   STORE_CLASH &&
		   look(store, image("d/e.jpg", "4", "http://h/e.jpg")) ==
			   STORE_MISSING &&
		   look(store, image("d", "5", "http://h/d")) == STORE_CLASH,
	   "a file is no directory, and a directory no file");
	store_close(store);
	store = look_into();
	ok(store_find(store, &a, &found, &line) &&
		   slice_equal(buf_view(&found), buf_view(&path)) &&
		   line.stored.size == 4 && slice_is(line.stored.etag, "\"e\""),
	   "a reader finds it, and what is known of it");
	store_close(store);
	store_line_release(&line);
	buf_release(&path);
	buf_release(&found);
	clean();
}

static void
test_not_trusted(void)
{
	const struct remote a = image("a.jpg", "1", "http://h/a.jpg");
	struct store *store = fill();
	struct buf path = put(store, a, "text");
	char whole[128];

	store_close(store);
	snprintf(whole, sizeof(whole), "%s/images/a.jpg", dir);
	store = fill();
	ok(truncate(whole, 3) == 0 && look(store, a) == STORE_MISSING,
	   "a file of another size is missing");
	store_close(store);
	unlink(whole);
	store = fill();
	ok(look(store, a) == STORE_MISSING, "so is one that was removed");
	store_close(store);
	store = fill();
	ok(symlink("/etc/passwd", whole) == 0 &&
		   look(store, a) == STORE_MISSING,
	   "so is a symbolic link");
	store_close(store);
	unlink(manifest);
	store = fill();
	buf_release(&path);
	path = put(store, a, "text");
	ok(holds(&path, "text"), "which gives way to the file");
	store_close(store);
	buf_release(&path);
	clean();
}

static void
test_verify(void)
{
	const struct remote a = image("a.jpg", "1", "http://h/a.jpg");
	struct store *store = fill();
	struct store_line line = {0};
	struct buf path = put(store, a, "text");
	char whole[128];
	int fd;

	snprintf(whole, sizeof(whole), "%s/images/a.jpg", dir);
	store_choose(store, &a, &path, &line);
	ok(store_verify(store, &a, &line.stored), "an untouched file verifies");
	fd = open(whole, O_WRONLY);
	ok(write(fd, "T", 1) == 1 && !store_verify(store, &a, &line.stored) &&
		   look(store, a) != STORE_PRESENT,
	   "a changed one does not, and is missing then");
	close(fd);
	store_close(store);
	store_line_release(&line);
	buf_release(&path);
	clean();
}

static void
append(const char *text)
{
	FILE *f = fopen(manifest, "a");

	fputs(text, f);
	fclose(f);
}

/* Every way in which a line may have been left by a run that was killed. */
static void
test_torn(void)
{
	const struct remote a = image("a.jpg", "1", "http://h/a.jpg");
	const struct remote b = image("b.jpg", "2", "http://h/b.jpg");
	static const char line[] = "{\"path\":\"images/z.jpg\",\"size\":1}";
	int right = 0, n;

	for (n = 1; n <= (int)strlen(line); n++) {
		struct store *store = fill();
		struct buf path = put(store, a, "text"), raw = {0};
		char torn[64];

		buf_release(&path);
		snprintf(torn, sizeof(torn), "%.*s", n, line);
		append(torn);
		path = put(store, b, "more");
		buf_release(&path);
		store_close(store);
		store = fill();
		io_read_file(AT_FDCWD, manifest, 4096, &raw);
		right += look(store, a) == STORE_PRESENT &&
			 look(store, b) == STORE_PRESENT &&
			 !memmem(raw.data, raw.len, "z.jpg", 5);
		buf_release(&raw);
		store_close(store);
		clean();
	}
	ok(right == n - 1, "a line that a killed run left is taken away");
}

static void
test_broken_lines(void)
{
	const struct remote a = image("a.jpg", "1", "http://h/a.jpg");
	struct store *store = fill();
	struct buf path = put(store, a, "text");

	store_close(store);
	append("not JSON\n[1]\n{\"path\":1}\n{\"path\":\"images/a.jpg\"\n\n");
	store = fill();
	ok(look(store, a) == STORE_PRESENT, "broken lines are passed over");
	store_close(store);
	append("{\"path\":\"images/a.jpg\",\"size\":-1}\n");
	store = fill();
	ok(look(store, a) == STORE_MISSING,
	   "a line that does not tell enough means that nothing is known");
	store_close(store);
	buf_release(&path);
	clean();
}

/* Two runs that meet in one directory. */
static void
test_two(void)
{
	const struct remote a = image("a.jpg", "1", "http://h/a.jpg");
	const struct remote other = image("a.jpg", "2", "http://h/b.jpg");
	struct store *one = fill();
	struct store *two = fill();
	struct store_line line = {0};
	struct stored stored = {.size = 4};
	struct buf mine = {0}, theirs, same;
	struct file *file;

	store_choose(one, &other, &mine, &line);
	theirs = put(two, a, "text");
	ok(slice_equal(buf_view(&mine), buf_view(&theirs)),
	   "two runs choose one name for two samples");
	file = store_create(one);
	io_write(file_fd(file), "TEXT", 4);
	ok(store_publish(one, file, &other, &stored, false, buf_view(&mine)) ==
			   STORE_CLASH &&
		   strcmp(store_clash(one),
			  "images/a.jpg is the file of a.jpg (1), and not of "
			  "a.jpg (2): use another -d") == 0 &&
		   holds(&theirs, "text"),
	   "the second to publish is told so");
	ok(look(one, a) == STORE_PRESENT,
	   "each run sees what the other stored");

	same = put(one, image("c.jpg", "3", "http://h/c.jpg"), "one");
	ok(look(two, image("c.jpg", "3", "http://h/c.jpg")) == STORE_PRESENT &&
		   holds(&same, "one"),
	   "in both directions");
	store_close(one);
	store_close(two);
	store_line_release(&line);
	buf_release(&mine);
	buf_release(&theirs);
	buf_release(&same);
	clean();
}

static void
test_links(void)
{
	const struct remote a = image("sub/a.jpg", "1", "http://h/a.jpg");
	struct stored stored = {.size = 0};
	struct store *store = fill();
	struct store_line line = {0};
	struct buf path = {0};
	char link[96], outside[96];

	snprintf(outside, sizeof(outside), "%s/outside", top);
	snprintf(link, sizeof(link), "%s/images", dir);
	mkdir(outside, 0777);
	mkdir(link, 0777);
	snprintf(link, sizeof(link), "%s/images/sub", dir);
	store_choose(store, &a, &path, &line);
	ok(symlink(outside, link) == 0 &&
		   store_publish(store, store_create(store), &a, &stored, false,
				 buf_view(&path)) == STORE_MISSING &&
		   errno == ENOTDIR,
	   "nothing is put through a symbolic link");
	ok(rmdir(outside) == 0, "nothing came out there");
	store_close(store);
	store_line_release(&line);
	buf_release(&path);
	clean();
}

static void
test_missing(void)
{
	const struct remote a = image("a.jpg", "1", "http://h/a.jpg");
	struct store *store = look_into();
	struct store_line line = {0};
	struct buf path = {0};

	ok(store && !store_find(store, &a, &path, &line),
	   "to read, no directory is an empty one");
	ok(look(store, a) == STORE_MISSING && access(dir, F_OK) < 0,
	   "and choosing a name does not make it");
	store_close(store);
	store_line_release(&line);
	buf_release(&path);
}

/* What is no file where one should be is said, and nothing waits for it. */
static void
test_no_files(void)
{
	const struct remote a = image("a.jpg", "1", "http://h/a.jpg");
	struct store *store = fill();
	struct buf path;
	char name[96];

	snprintf(name, sizeof(name), "%s/transfer", dir);
	mkdir(name, 0777);
	path = put(store, a, "text");
	ok(holds(&path, "text"), "a directory called transfer is in no way");
	buf_release(&path);
	rmdir(name);
	mkfifo(name, 0666);
	path = put(store, image("b.jpg", "2", "http://h/b.jpg"), "more");
	ok(holds(&path, "more"), "nor is a FIFO");
	store_close(store);
	buf_release(&path);
	unlink(manifest);
	mkfifo(manifest, 0666);
	ok(!look_into() && !fill(), "a manifest that is a FIFO is refused");
	clean();
}

/* A size that is not known is not taken for none, and the lines are kept. */
static void
test_no_size(void)
{
	struct remote first = image("a.jpg", "1", "http://h/a.jpg");
	struct store *store = fill();
	struct buf path = put(store, first, "a"), other = {0};
	struct stored stored = {.size = 0};
	struct remote second = image("b.jpg", "2", "http://h/b.jpg");
	struct store_line line = {0};
	struct stat before, after;

	store_choose(store, &second, &other, &line);
	stat(manifest, &before);
	fstat_fails = true;
	ok(store_publish(store, store_create(store), &second, &stored, false,
			 buf_view(&other)) == STORE_MISSING &&
		   errno == EIO,
	   "a manifest whose size cannot be had gets no line");
	fstat_fails = false;
	stat(manifest, &after);
	ok(before.st_size > 0 && before.st_size == after.st_size,
	   "and keeps those it has");
	store_close(store);
	store = look_into();
	ok(store && store_choose(store, &first, &path, &line) == STORE_PRESENT,
	   "so the file before is found");
	store_close(store);
	store_line_release(&line);
	buf_release(&path);
	buf_release(&other);
	clean();
}

int
main(void)
{
	if (!mkdtemp(top))
		return 1;
	snprintf(dir, sizeof(dir), "%s/deep/dir", top);
	snprintf(manifest, sizeof(manifest), "%s/manifest.ndjson", dir);
	test_again();
	test_not_trusted();
	test_verify();
	test_torn();
	test_broken_lines();
	test_two();
	test_links();
	test_missing();
	test_no_files();
	test_no_size();
	nftw(top, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	return done_testing();
}
