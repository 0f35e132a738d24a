// SPDX-License-Identifier: GPL-2.0
#include "runtime/child.h"

#include <errno.h>
#include <signal.h>
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

/*
 * With the parent's memory, which waits until it is over. The errno of a failure is left there. No
 * signal has a handler, so none can run here.
 */
static void become(char *const argv[], const sigset_t *mask, volatile int *number)
{
	sigprocmask(SIG_SETMASK, mask, NULL);
	execvp(argv[0], argv);
	*number = errno;
	_exit(EXIT_ENVIRONMENT);
}

/* posix_spawn() would look at each of 64 signals first. */
pid_t child_start(char *const argv[], struct error *err)
{
	volatile int number = 0;
	sigset_t set, before;
	pid_t pid;

	forwarded_set(&set);
	sigprocmask(SIG_BLOCK, &set, &before);
	pid = vfork();
	if (!pid)
		become(argv, &before, &number);
	if (pid < 0)
		number = errno;
	if (!number)
		return pid;
	if (pid > 0)
		waitpid(pid, NULL, 0);
	return error_set_errno(err, EXIT_ENVIRONMENT, number, "cannot run %s", argv[0]);
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
