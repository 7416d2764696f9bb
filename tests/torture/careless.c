/*
 * careless HOW FILE: a program as ours must not be, for tests of the torture:
 * copies FILE to `out` and to stdout, and does what HOW says where a call
 *fails.
 *
 *	silent  goes on, and ends with 0
 *	mute    ends with 2 and no message
 *	partly  says so and ends with 2, and leaves what it wrote
 *	crash   uses what an allocation gave, whatever that was
 *	good    says so, ends with 2 and leaves nothing
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void *__libc_malloc(size_t n);
void *malloc(size_t n);

void *
malloc(size_t n)
{
	return __libc_malloc(n);
}

static const char *how;

/* Does what is to be done where a call failed. */
static void
failed(void)
{
	static const char text[] = "seg-careless: something failed\n";

	if (strcmp(how, "silent") == 0 || strcmp(how, "crash") == 0)
		return;
	if (strcmp(how, "good") == 0)
		unlink("out");
	if (strcmp(how, "mute") != 0)
		(void)!write(2, text, sizeof(text) - 1);
	_exit(2);
}

static ssize_t
checked(ssize_t n)
{
	if (n < 0)
		failed();
	return n;
}

/* Writes a piece. */
static void
put(int fd, const char *p, ssize_t n)
{
	while (n > 0) {
		ssize_t wrote = write(fd, p, (size_t)n);

		if (wrote < 0 && errno == EINTR)
			continue;
		if (checked(wrote) < 0)
			return;
		p += wrote;
		n -= wrote;
	}
}

int
main(int argc, char **argv)
{
	char *piece;
	ssize_t n;
	int from, to;

	if (argc != 3)
		return 2;
	how = argv[1];
	piece = malloc(64);
	if (!piece)
		failed();
	if (!piece && strcmp(how, "silent") == 0)
		return 0;
	memset(piece, 0, 64);
	from = (int)checked(open(argv[2], O_RDONLY));
	to = (int)checked(open("out", O_WRONLY | O_CREAT | O_TRUNC, 0666));
	do {
		n = read(from, piece, 64);
		if (n < 0 && errno == EINTR)
			continue;
		checked(n);
		put(to, piece, n);
		put(1, piece, n);
	} while (n > 0 || (n < 0 && errno == EINTR));
	return 0;
}
