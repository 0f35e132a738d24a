// SPDX-License-Identifier: GPL-2.0
#include "scenarios/apart.h"

#include <errno.h>
#include <sys/wait.h>
#include <unistd.h>

#define NO_CHILD (-1000)

int apart(int (*make)(const void *context), const void *context)
{
	int status;
	pid_t pid = fork();

	if (!pid) {
		setsid();
		alarm(APART_SECONDS);
		_exit(make(context));
	}
	if (pid < 0)
		return NO_CHILD;
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return NO_CHILD;
	return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}
