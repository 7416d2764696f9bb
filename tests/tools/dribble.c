/*
 * dribble SEED LARGEST [MICROSECONDS]: copies stdin to stdout in pieces of
 * random size, many of which end with a line, with a pause behind each, so
 * that who reads gets them piece by piece.
 */
#include <unistd.h>

#include "tool.h"

static uint64_t state;

static uint64_t
draw(void)
{
	state = state * 6364136223846793005u + 1442695040888963407u;
	return state >> 33;
}

/* Bytes of the next piece, of the n that are left. */
static size_t
choose_piece(const uint8_t *at, size_t n, size_t largest)
{
	size_t piece = 1 + draw() % (draw() % 2 ? largest : 64);
	const uint8_t *lf;

	if (piece > n)
		piece = n;
	if (draw() % 2)
		return piece;
	lf = memchr(at + piece - 1, '\n', n - piece + 1);
	return lf ? (size_t)(lf - at) + 1 : piece;
}

static void
send(const uint8_t *at, size_t n)
{
	while (n) {
		ssize_t wrote = write(STDOUT_FILENO, at, n);

		if (wrote < 0)
			exit(1);
		at += wrote;
		n -= (size_t)wrote;
	}
}

int
main(int argc, char **argv)
{
	size_t n, at = 0, largest;
	useconds_t pause;
	uint8_t *data;

	if (argc < 3)
		tool_fail("usage: dribble SEED LARGEST [MICROSECONDS]");
	state = strtoull(argv[1], NULL, 10);
	largest = strtoull(argv[2], NULL, 10);
	pause = (useconds_t)(argc > 3 ? strtoul(argv[3], NULL, 10) : 1000);
	data = tool_slurp("-", &n);
	while (at < n) {
		size_t piece = choose_piece(data + at, n - at, largest);

		send(data + at, piece);
		at += piece;
		usleep(pause);
	}
	free(data);
	return 0;
}
