#include "base/terminal.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "base/io.h"
#include "base/out.h"
#include "base/utf8.h"

enum { COLUMNS = 80 /* of a terminal that does not say */ };

/* Takes away all of the line. */
#define ERASER "\r\033[K"

static bool drawn; /* by us */

bool
terminal_is_smart(void)
{
	static int known; /* 1: it is, -1: not */
	const char *term;

	if (!known) {
		term = getenv("TERM");
		known = term && *term && strcmp(term, "dumb") != 0 &&
					isatty(STDERR_FILENO)
				? 1
				: -1;
	}
	return known > 0;
}

/*
 * The line belongs to who has locked the terminal: a lock of fcntl(2) is one
 * of the process, and ends with it. Where there are none of these, to anyone.
 */
static bool
is_anothers(short how)
{
	struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};

	if (how == F_SETLK)
		return fcntl(STDERR_FILENO, how, &lock) != 0;
	return fcntl(STDERR_FILENO, how, &lock) == 0 && lock.l_type != F_UNLCK;
}

static bool
in_background(void)
{
	pid_t group = tcgetpgrp(STDERR_FILENO);

	return group > 0 && group != getpgrp();
}

static bool
stdout_is_terminal(void)
{
	static int known; /* 1: it is, -1: not */

	if (!known)
		known = isatty(STDOUT_FILENO) ? 1 : -1;
	return known > 0;
}

static size_t
columns(void)
{
	struct winsize size;

	if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) < 0 || !size.ws_col)
		return COLUMNS;
	return size.ws_col;
}

/* The bytes of a text's first characters. */
static struct slice
cut(struct slice text, size_t characters)
{
	size_t at = 0;

	while (at < text.n && characters--) {
		uint32_t code;
		size_t n = utf8_decode(text.p + at, text.n - at, &code);

		at += n ? n : 1;
	}
	return (struct slice){text.p, at};
}

void
terminal_show(struct slice text)
{
	struct buf line = {0};

	if (!terminal_is_smart() || in_background() ||
	    (stdout_is_terminal() && out_stdout_torn()) || is_anothers(F_SETLK))
		return;
	buf_putc(&line, '\r');
	buf_slice(&line, cut(text, columns() - 1));
	/* Others who know nothing of the line write over it. */
	buf_puts(&line, "\033[K\r");
	(void)io_write(STDERR_FILENO, line.data, line.len);
	buf_release(&line);
	drawn = true;
}

const char *
terminal_eraser(void)
{
	bool ours = drawn;

	drawn = false;
	if (!terminal_is_smart())
		return "";
	return ours || is_anothers(F_GETLK) ? ERASER : "";
}

void
terminal_clear_for_stdout(void)
{
	const char *eraser;

	if (!stdout_is_terminal())
		return;
	eraser = terminal_eraser();
	(void)io_write(STDERR_FILENO, eraser, strlen(eraser));
}

void
terminal_leave(void)
{
	struct flock lock = {.l_type = F_UNLCK, .l_whence = SEEK_SET};

	if (drawn)
		(void)io_write(STDERR_FILENO, ERASER, strlen(ERASER));
	if (terminal_is_smart())
		(void)fcntl(STDERR_FILENO, F_SETLK, &lock);
	drawn = false;
}
