/* Trees: what is put, what goes, who has a path, and a kill at any moment. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/io.h"
#include "output/tree.h"
#include "output/tree_parts.h"
#include "random.h"
#include "tap.h"

static struct buf why;

static int
put(struct tree *tree, uint64_t number, const char *path, const char *text)
{
	buf_reset(&why);
	return tree_put(tree, number, slice_of(path), slice_of(text), &why);
}

static int
confirm(struct tree *tree, uint64_t number, const char *path)
{
	char sample[32];

	snprintf(sample, sizeof(sample), "s%llu", (unsigned long long)number);
	buf_reset(&why);
	return tree_confirm(tree, number, slice_of(path), slice_of(sample),
			    &why);
}

static bool
has(const char *path, const char *text)
{
	struct buf bytes = {0};
	bool same = io_read_file(AT_FDCWD, path, 1 << 20, &bytes) == 0 &&
		    slice_is(buf_view(&bytes), text);

	buf_release(&bytes);
	return same;
}

static bool
missing(const char *path)
{
	struct stat st;

	return lstat(path, &st) < 0 && errno == ENOENT;
}

static void
write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0666);

	if (io_write(fd, text, strlen(text)) < 0)
		abort();
	close(fd);
}

static ino_t
inode(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0 ? st.st_ino : 0;
}

static void
test_runs(void)
{
	struct tree *tree = tree_open("t/one", TREE_SYMLINK);
	ino_t before;

	ok(tree && !put(tree, 1, "masks/a.png", "A") &&
		   !put(tree, 2, "masks/sub/b.png", "B") &&
		   !confirm(tree, 1, "masks/a.png") &&
		   !confirm(tree, 2, "masks/sub/b.png"),
	   "files are put and confirmed");
	tree_index(tree, "data.yaml", slice_of("two"));
	ok(missing("t/one/data.yaml"), "the index is not there before the end");
	ok(tree_close(tree, true) == 0 && has("t/one/masks/a.png", "A") &&
		   has("t/one/masks/sub/b.png", "B") &&
		   has("t/one/data.yaml", "two"),
	   "all is there in the end");
	ok(has("t/one/.tree_test.files",
	       "masks/a.png\nmasks/sub/b.png\ndata.yaml\n"),
	   "the list tells the files in input order, the index last");
	ok(missing("t/one/.tree_test.new"), "nothing temporary is left");

	before = inode("t/one/masks/a.png");
	write_file("t/one/mine.txt", "mine");
	write_file("t/one/masks/c.png", "foreign");
	tree = tree_open("t/one", TREE_SYMLINK);
	put(tree, 1, "masks/a.png", "A");
	confirm(tree, 1, "masks/a.png");
	ok(put(tree, 2, "masks/c.png", "C") < 0 && why.len,
	   "what somebody else put there is not replaced: %s", buf_cstr(&why));
	tree_index(tree, "data.yaml", slice_of("one"));
	ok(tree_close(tree, true) == 0 && inode("t/one/masks/a.png") == before,
	   "a file with the same bytes is untouched");
	ok(missing("t/one/masks/sub") && has("t/one/data.yaml", "one"),
	   "what no longer belongs is gone, with its directory");
	ok(has("t/one/mine.txt", "mine") && has("t/one/masks/c.png", "foreign"),
	   "what is not ours stays");
}

static void
test_unpublished(void)
{
	struct tree *tree = tree_open("t/two", TREE_SYMLINK);

	put(tree, 1, "a", "A");
	confirm(tree, 1, "a");
	tree_index(tree, "index", slice_of("I"));
	tree_close(tree, false);
	ok(missing("t/two/index"), "no index where the run failed");
	tree = tree_open("t/two", TREE_SYMLINK);
	put(tree, 1, "b", "B");
	confirm(tree, 1, "b");
	tree_close(tree, true);
	ok(missing("t/two/a") && has("t/two/b", "B"),
	   "the next run knows what a failed one has left");
}

static void
test_clash(void)
{
	struct tree *tree = tree_open("t/clash", TREE_SYMLINK);

	put(tree, 2, "A.png", "second");
	put(tree, 1, "a.png", "first");
	ok(confirm(tree, 1, "a.png") == 0, "the first record has the path");
	ok(confirm(tree, 2, "A.png") < 0 &&
		   memmem(why.data, why.len, "sample s1", 9),
	   "the second is told who has it: %s", buf_cstr(&why));
	tree_close(tree, true);
	ok(has("t/clash/a.png", "first") && missing("t/clash/A.png"),
	   "and its file is gone");
	ok(!tree_open("/proc/none/at/all", TREE_SYMLINK),
	   "a directory that cannot be is an error");
	tree = tree_open("t/clash", TREE_SYMLINK);
	ok(!tree_open("t/clash", TREE_SYMLINK), "two runs do not share a tree");
	tree_close(tree, false);
}

static void
test_places(void)
{
	struct tree *tree;
	struct stat st;
	char target[256];
	ssize_t n;

	mkdir("t/in", 0777);
	mkdir("t/in/x", 0777);
	write_file("t/in/x/i.jpg", "image");
	tree = tree_open("t/out/deep", TREE_SYMLINK);
	buf_reset(&why);
	ok(tree_place(tree, 1, slice_of("images/train/i.jpg"), "t/in/x/i.jpg",
		      &why) == 0,
	   "an image is placed");
	ok(tree_place(tree, 2, slice_of("images/j.jpg"), "t/none.jpg", &why) <
		   0,
	   "one that is not there is named: %s", buf_cstr(&why));
	confirm(tree, 1, "images/train/i.jpg");
	tree_close(tree, true);
	n = readlink("t/out/deep/images/train/i.jpg", target, sizeof(target));
	ok(n > 0 && (size_t)n < sizeof(target) &&
		   slice_is((struct slice){target, (size_t)n},
			    "../../../../in/x/i.jpg"),
	   "a link is relative");
	ok(has("t/out/deep/images/train/i.jpg", "image"), "and leads there");
	tree = tree_open("t/out/deep", TREE_HARD);
	tree_place(tree, 1, slice_of("images/train/i.jpg"), "t/in/x/i.jpg",
		   &why);
	confirm(tree, 1, "images/train/i.jpg");
	tree_close(tree, true);
	ok(inode("t/out/deep/images/train/i.jpg") == inode("t/in/x/i.jpg"),
	   "a hard link takes its place");
	tree = tree_open("t/out/deep", TREE_COPY);
	tree_place(tree, 1, slice_of("images/train/i.jpg"), "t/in/x/i.jpg",
		   &why);
	confirm(tree, 1, "images/train/i.jpg");
	tree_close(tree, true);
	ok(lstat("t/out/deep/images/train/i.jpg", &st) == 0 &&
		   S_ISREG(st.st_mode) && st.st_ino != inode("t/in/x/i.jpg"),
	   "a copy that has the same bytes as a hard link");
}

static void
test_safety(void)
{
	struct tree *tree;

	mkdir("t/safe", 0777);
	write_file("t/outside", "stays");
	write_file("t/safe/.tree_test.files",
		   "../outside\n/etc/passwd\na/../../outside\n\nlink/x\ntorn");
	mkdir("t/elsewhere", 0777);
	write_file("t/elsewhere/x", "stays");
	if (symlink("../elsewhere", "t/safe/link") < 0)
		abort();
	tree = tree_open("t/safe", TREE_SYMLINK);
	put(tree, 1, "new", "N");
	ok(put(tree, 2, "link/y", "N") < 0, "nothing is put through a link: %s",
	   buf_cstr(&why));
	confirm(tree, 1, "new");
	ok(tree_close(tree, true) == 0 && has("t/outside", "stays") &&
		   has("t/elsewhere/x", "stays"),
	   "a list with other paths leads nowhere");
	ok(has("t/safe/.tree_test.files", "new\n"), "and is written anew");
}

static void
test_targets(void)
{
	static const char *const cases[][3] = {
		{"/a/b/", "/a/c/x", "../c/x"},  {"/a/b/", "/a/b/x", "x"},
		{"/a/bc/", "/a/b/x", "../b/x"}, {"/a/", "/b/x", "/b/x"},
		{"/a/b/c/", "/a/x", "../../x"}, {"/", "/x", "/x"},
	};
	struct buf to = {0};
	size_t i;
	bool good = true;

	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		buf_reset(&to);
		tree_put_target(&to, slice_of(cases[i][0]),
				slice_of(cases[i][1]));
		good &= slice_is(buf_view(&to), cases[i][2]);
	}
	ok(good, "targets of links");
	buf_release(&to);
}

/* A run of some records by several threads, which may be killed. */
enum { RECORDS = 120, THREADS = 4 };

static unsigned version;
static struct tree *shared;

static const char *
path_of(unsigned i, char *path, size_t room)
{
	/* Some share a path; some are in one version only. */
	snprintf(path, room, "d%u/f%u%s", i % 5, i % 10 == 9 ? i - 1 : i,
		 i % 7     ? ""
		 : version ? "new"
			   : "old");
	return path;
}

static void *
put_some(void *argument)
{
	unsigned first = *(unsigned *)argument, i;
	char path[64], text[64];
	struct buf said = {0};

	for (i = first; i < RECORDS; i += THREADS) {
		snprintf(text, sizeof(text), "%u of %u", i, version * (i % 3));
		tree_put(shared, i + 1, slice_of(path_of(i, path, 64)),
			 slice_of(text), &said);
	}
	buf_release(&said);
	return NULL;
}

static void
run(const char *dir)
{
	unsigned firsts[THREADS], i;
	pthread_t threads[THREADS];
	char path[64];

	shared = tree_open(dir, TREE_SYMLINK);
	for (i = 0; i < THREADS; i++) {
		firsts[i] = i;
		pthread_create(&threads[i], NULL, put_some, &firsts[i]);
	}
	for (i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	for (i = 0; i < RECORDS; i++)
		confirm(shared, i + 1, path_of(i, path, 64));
	tree_index(shared, "index", slice_of(version ? "new" : "old"));
	tree_close(shared, true);
}

static void
run_killed(const char *dir, uint32_t after)
{
	struct timespec wait = {0, (long)after * 1000};
	pid_t child;

	fflush(stdout);
	child = fork();
	if (child == 0) {
		run(dir);
		_exit(0);
	}
	nanosleep(&wait, NULL);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
}

static void
test_kills(void)
{
	unsigned i, same = 0, turns = 60;

	version = 0;
	run("t/quiet0");
	version = 1;
	run("t/quiet1");
	for (i = 0; i < turns; i++) {
		version = i % 2;
		run_killed("t/killed", random_below(12000));
		if (i % 3 == 0)
			continue;
		run("t/killed");
		same += system(version ? "diff -r t/quiet1 t/killed"
				       : "diff -r t/quiet0 t/killed") == 0;
	}
	ok(same == turns - turns / 3,
	   "after a kill at any moment a run gives the tree of a quiet one");
}

int
main(void)
{
	char directory[] = "/tmp/tree_test.XXXXXX", command[64];

	diag_init("tree_test");
	if (!mkdtemp(directory) || chdir(directory) < 0)
		return 2;
	random_seed(7);
	test_runs();
	test_unpublished();
	test_clash();
	test_places();
	test_safety();
	test_targets();
	test_kills();
	snprintf(command, sizeof(command), "rm -rf %s", directory);
	if (chdir("/") < 0 || system(command) != 0)
		return 2;
	buf_release(&why);
	return done_testing();
}
