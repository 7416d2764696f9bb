/*
 * A decoder's mistake at its worst: preloaded into a program (LD_PRELOAD), it
 * does at the program's end what nobody asked for, and tells on stderr what
 * it could do. In the directory INTRUDER it makes `made`, writes on `kept`,
 * cuts `cut`, removes `there` and renames `one`; it starts a program, and asks
 * for a TCP connection.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static int
make(void)
{
	return open("made", O_WRONLY | O_CREAT | O_EXCL, 0600);
}

static int
write_on(void)
{
	return open("kept", O_WRONLY | O_APPEND);
}

static int
cut(void)
{
	return truncate("cut", 0);
}

static int
take_away(void)
{
	return unlink("there");
}

static int
call_otherwise(void)
{
	return rename("one", "two");
}

static int
run(void)
{
	const pid_t pid = fork();
	int status = 1;

	if (pid == 0) {
		unsetenv("LD_PRELOAD");
		execl("/bin/true", "true", (char *)NULL);
		_exit(1);
	}
	waitpid(pid, &status, 0);
	return status ? -1 : 0;
}

/* Nobody listens there; to be told so is to be let out. */
static int
ask(void)
{
	const struct sockaddr_in to = {
		.sin_family = AF_INET,
		.sin_port = htons(9),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	const int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (connect(fd, (const struct sockaddr *)&to, sizeof(to)) == 0)
		return 0;
	return errno == ECONNREFUSED ? 0 : -1;
}

__attribute__((destructor)) static void
intrude(void)
{
	static const struct {
		const char *name;
		int (*attempt)(void);
	} attempts[] = {
		{"make", make},        {"write", write_on},        {"cut", cut},
		{"remove", take_away}, {"rename", call_otherwise}, {"run", run},
		{"connect", ask},
	};
	const char *directory = getenv("INTRUDER");
	char done[128] = "";
	int length = 0;

	if (!directory || chdir(directory) < 0)
		return;
	for (size_t i = 0; i < sizeof(attempts) / sizeof(*attempts); i++)
		if (attempts[i].attempt() >= 0)
			length += snprintf(done + length,
					   sizeof(done) - (size_t)length, " %s",
					   attempts[i].name);
	dprintf(STDERR_FILENO, "intruder:%s\n", length ? done : " nothing");
}
