#include "base/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#ifdef __linux__
#include <sys/prctl.h>
#include <sys/syscall.h>

/*
 * Of linux/landlock.h (landlock(7)), which systems have in older versions than
 * their kernels: the numbers are for ever.
 */
enum { CREATE_RULESET = 444, ADD_RULE, RESTRICT_SELF };
enum { RULESET_VERSION = 1, RULE_PATH_BENEATH = 1 };

#define RIGHT(n) ((uint64_t)1 << (n))
#define EXECUTE RIGHT(0)
#define WRITE_FILE RIGHT(1)
/* 2 and 3 are reading. */
#define REMOVE_DIRECTORY RIGHT(4)
#define REMOVE_FILE RIGHT(5)
#define MAKE_DIRECTORY RIGHT(7)
#define MAKE_FILE RIGHT(8)
#define MAKE_ALL (RIGHT(13) - RIGHT(6)) /* devices, sockets, links, ... */
#define MAKE_LINK RIGHT(12)
#define REFER RIGHT(13)    /* rename or link across directories: version 2 */
#define TRUNCATE RIGHT(14) /* version 3 */
#define IOCTL RIGHT(15)    /* on devices: version 5 */
#define TCP (RIGHT(0) | RIGHT(1)) /* bind and connect: version 4 */
/* Abstract sockets of others, signals to others: version 6. */
#define SCOPES (RIGHT(0) | RIGHT(1))

struct ruleset {
	uint64_t files, network, scopes;
};

struct path_beneath {
	uint64_t allowed;
	int32_t fd;
} __attribute__((packed));

enum { ALLOWED = 8 };

/* What has been asked for until sandbox_enter. */
static struct {
	struct {
		int fd;
		uint64_t rights;
	} allowed[ALLOWED];
	size_t count;
	bool network, overflow, entered;
} asked;

static void
allow(int fd, uint64_t rights)
{
	if (asked.entered) {
		close(fd);
	} else if (fd < 0 || asked.count == ALLOWED) {
		/* What cannot be allowed must not be forbidden. */
		asked.overflow = true;
		if (fd >= 0)
			close(fd);
	} else {
		asked.allowed[asked.count].fd = fd;
		asked.allowed[asked.count++].rights = rights;
	}
}

void
sandbox_allow(int dirfd, enum sandbox_right right)
{
	const uint64_t names = MAKE_FILE | REMOVE_FILE;
	const uint64_t all = names | WRITE_FILE | REMOVE_DIRECTORY |
			     MAKE_DIRECTORY | MAKE_LINK | REFER | TRUNCATE;

	allow(fcntl(dirfd, F_DUPFD_CLOEXEC, 3),
	      right == SANDBOX_NAMES ? names : all);
}

void
sandbox_allow_files(void)
{
	int fd = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	allow(fd, UINT64_MAX & ~EXECUTE);
}

void
sandbox_allow_network(void)
{
	asked.network = true;
}

/* All that a kernel of this version can forbid and we do not need. */
static struct ruleset
rules_of(long version)
{
	struct ruleset rules = {
		.files = EXECUTE | WRITE_FILE | REMOVE_DIRECTORY | REMOVE_FILE |
			 MAKE_ALL,
	};

	if (version >= 2)
		rules.files |= REFER;
	if (version >= 3)
		rules.files |= TRUNCATE;
	if (version >= 4 && !asked.network)
		rules.network = TCP;
	if (version >= 5)
		rules.files |= IOCTL;
	if (version >= 6)
		rules.scopes = SCOPES;
	return rules;
}

/* 0, or -1 where something that is to be allowed would not be. */
static int
add_rules(int ruleset, uint64_t known)
{
	size_t i;

	for (i = 0; i < asked.count; i++) {
		const struct path_beneath rule = {
			.allowed = asked.allowed[i].rights & known,
			.fd = asked.allowed[i].fd,
		};

		/* Version 1 forbids to move files across directories. */
		if (asked.allowed[i].rights & REFER & ~known)
			return -1;
		if (syscall(ADD_RULE, ruleset, RULE_PATH_BENEATH, &rule, 0) < 0)
			return -1;
	}
	return 0;
}

static bool
restrict_self(void)
{
	const long version = syscall(CREATE_RULESET, NULL, 0, RULESET_VERSION);
	const struct ruleset rules = rules_of(version);
	bool held = false;
	int ruleset;

	if (version < 1)
		return false;
	ruleset = (int)syscall(CREATE_RULESET, &rules, sizeof(rules), 0);
	if (ruleset < 0)
		return false;
	if (add_rules(ruleset, rules.files) == 0)
		held = syscall(RESTRICT_SELF, ruleset, 0) == 0;
	close(ruleset);
	return held;
}

bool
sandbox_enter(void)
{
	static bool held;
	const char *off = getenv("SEG_NO_SANDBOX");
	const int error = errno;
	size_t i;

	if (asked.entered)
		return held;
	asked.entered = true;
	if (!asked.overflow && !(off && *off) &&
	    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0)
		held = restrict_self();
	for (i = 0; i < asked.count; i++)
		close(asked.allowed[i].fd);
	errno = error;
	return held;
}

#else /* systems without Landlock */

void
sandbox_allow(int dirfd, enum sandbox_right right)
{
	(void)dirfd;
	(void)right;
}

void
sandbox_allow_files(void)
{
}

void
sandbox_allow_network(void)
{
}

bool
sandbox_enter(void)
{
	return false;
}

#endif
