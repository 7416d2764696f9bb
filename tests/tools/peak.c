/*
 * peak FILE COMMAND...: runs a command and puts the most memory that it had at
 * one time, in KiB, into a file. Ends with its status.
 */
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tool.h"

int
main(int argc, char **argv)
{
	struct rusage usage;
	FILE *to;
	pid_t child;
	int state;

	if (argc < 3 || (child = fork()) < 0)
		tool_fail("usage: peak FILE COMMAND...");
	if (child == 0) {
		execvp(argv[2], argv + 2);
		tool_fail(argv[2]);
	}
	if (wait4(child, &state, 0, &usage) != child)
		tool_fail("lost its child");
	to = fopen(argv[1], "w");
	if (!to || fprintf(to, "%ld\n", usage.ru_maxrss) < 0 || fclose(to) != 0)
		tool_fail(argv[1]);
	return WIFEXITED(state) ? WEXITSTATUS(state) : 128 + WTERMSIG(state);
}
