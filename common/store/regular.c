#include "store/regular.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"

/* The errno of what is found in the place of a regular file. */
static int
refusal_of(mode_t mode)
{
	if (S_ISDIR(mode))
		return EISDIR;
	return S_ISLNK(mode) ? ELOOP : REGULAR_NOT;
}

int
regular_open(int dirfd, const char *path, int flags)
{
	const int nofollow = flags & O_NOFOLLOW ? AT_SYMLINK_NOFOLLOW : 0;
	struct stat st;
	int fd, error;

	/* To open a device may do something already. */
	if (fstatat(dirfd, path, &st, nofollow) == 0 && !S_ISREG(st.st_mode)) {
		errno = refusal_of(st.st_mode);
		return -1;
	}
	fd = io_open(dirfd, path, flags | O_NONBLOCK | O_NOCTTY, 0666);
	if (fd < 0)
		return -1;
	if (fstat(fd, &st) < 0)
		error = errno;
	else if (!S_ISREG(st.st_mode))
		error = refusal_of(st.st_mode);
	else
		return fd;
	close(fd);
	errno = error;
	return -1;
}

const char *
regular_error(int error)
{
	return error == REGULAR_NOT ? "not a regular file" : strerror(error);
}
