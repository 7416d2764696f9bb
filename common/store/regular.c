#include "store/regular.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

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
	int fd;

	/* To open a device may do something already. */
	if (fstatat(dirfd, path, &st, nofollow) == 0 && !S_ISREG(st.st_mode)) {
		errno = refusal_of(st.st_mode);
		return -1;
	}
	do
		fd = openat(dirfd, path,
			    flags | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, 0666);
	while (fd < 0 && errno == EINTR);
	if (fd < 0 || (fstat(fd, &st) == 0 && S_ISREG(st.st_mode)))
		return fd;
	close(fd);
	errno = refusal_of(st.st_mode);
	return -1;
}

const char *
regular_error(int error)
{
	return error == REGULAR_NOT ? "not a regular file" : strerror(error);
}
