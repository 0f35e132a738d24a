// SPDX-License-Identifier: GPL-2.0
/* Keeps a process that is killed from ending: says "waits" once it is about to, and lets it at EOF. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

static int fail(const char *what)
{
	perror(what);
	return 3;
}

int main(int argc, char **argv)
{
	const pid_t pid = argc == 2 ? atoi(argv[1]) : 0;
	int status;

	if (pid <= 1)
		return 2;
	if (ptrace(PTRACE_SEIZE, pid, NULL, (void *)PTRACE_O_TRACEEXIT))
		return fail("PTRACE_SEIZE");
	puts("holds");
	fflush(stdout);
	if (waitpid(pid, &status, __WALL) != pid)
		return fail("waitpid");
	if (status >> 8 != (SIGTRAP | PTRACE_EVENT_EXIT << 8))
		return 1;
	puts("waits");
	fflush(stdout);
	while (getchar() != EOF)
		;
	return 0;
}
