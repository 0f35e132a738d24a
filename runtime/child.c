// SPDX-License-Identifier: GPL-2.0
#include "runtime/child.h"

#include <errno.h>
#include <signal.h>
#include <sys/prctl.h>
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

/* The mask that this process began with, which its children get. */
static sigset_t inherited;
static bool blocked;

/* A reader of messages that has gone, too, must not end this process before it has tidied up. */
static void block_forwarded(void)
{
	sigset_t set;

	if (blocked)
		return;
	forwarded_set(&set);
	sigaddset(&set, SIGPIPE);
	sigprocmask(SIG_BLOCK, &set, &inherited);
	blocked = true;
}

static void unblock_forwarded(void)
{
	sigprocmask(SIG_SETMASK, &inherited, NULL);
	blocked = false;
}

bool child_was_left(void)
{
	siginfo_t ended;

	return !waitid(P_ALL, 0, &ended, WEXITED | WNOHANG | WNOWAIT | __WALL) || errno != ECHILD;
}

pid_t child_fork(struct error *err)
{
	const pid_t parent = getpid();
	pid_t pid;

	block_forwarded();
	pid = fork();
	if (pid < 0)
		return error_set_errno(err, EXIT_ENVIRONMENT, errno, "cannot fork");
	if (pid)
		return pid;
	unblock_forwarded();
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) || getppid() != parent)
		_exit(EXIT_ENVIRONMENT);
	return 0;
}

/*
 * With the parent's memory, which waits until it is over. The errno of a failure is left there. No
 * signal has a handler, so none can run here.
 */
static void become(char *const argv[], volatile int *number)
{
	sigprocmask(SIG_SETMASK, &inherited, NULL);
	execvp(argv[0], argv);
	*number = errno;
	_exit(EXIT_ENVIRONMENT);
}

/* posix_spawn() would look at each of 64 signals first. */
pid_t child_start(char *const argv[], struct error *err)
{
	volatile int number = 0;
	pid_t pid;

	block_forwarded();
	pid = vfork();
	if (!pid)
		become(argv, &number);
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
