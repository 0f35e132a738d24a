// SPDX-License-Identifier: GPL-2.0
#include "runtime/child.h"

#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

/* What is handed on, beside SIGCHLD, which says that the child has ended. */
static const int forwarded[] = {SIGHUP,	 SIGINT,  SIGQUIT, SIGTERM,
				SIGUSR1, SIGUSR2, SIGCONT, SIGWINCH};

static void forwarded_set(sigset_t *set)
{
	size_t i;

	sigemptyset(set);
	sigaddset(set, SIGCHLD);
	for (i = 0; i < sizeof(forwarded) / sizeof(forwarded[0]); i++)
		sigaddset(set, forwarded[i]);
}

pid_t child_start(char *const argv[], struct error *err)
{
	posix_spawnattr_t attributes;
	sigset_t set, before;
	int number;
	pid_t pid;

	forwarded_set(&set);
	sigprocmask(SIG_BLOCK, &set, &before);
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
	posix_spawnattr_setsigmask(&attributes, &before);
	number = posix_spawnp(&pid, argv[0], NULL, &attributes, argv, environ);
	posix_spawnattr_destroy(&attributes);
	if (number)
		return error_set_errno(err, EXIT_ENVIRONMENT, number, "cannot run %s", argv[0]);
	return pid;
}

int child_wait(pid_t pid)
{
	siginfo_t signal;
	sigset_t set;
	int status;

	forwarded_set(&set);
	for (;;) {
		pid_t ended = waitpid(pid, &status, WNOHANG);

		if (ended == pid)
			return status;
		if (ended < 0 && errno != EINTR)
			return W_EXITCODE(EXIT_ENVIRONMENT, 0);
		if (sigwaitinfo(&set, &signal) > 0 && signal.si_signo != SIGCHLD &&
		    signal.si_code <= 0)
			kill(pid, signal.si_signo);
	}
}

int child_exit_status(int status)
{
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}
