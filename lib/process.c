// SPDX-License-Identifier: GPL-2.0
#include "lib/process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/cleanup.h"

static void __attribute__((noreturn))
run(char *const argv[], int log, const int *keep, unsigned int count, pid_t parent, int report)
{
	int null = open("/dev/null", O_RDONLY | O_CLOEXEC), number;
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	setsid(); /* the terminal's Ctrl-C is for the parent, which then ends us in order */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(1);
	dup2(null, STDIN_FILENO);
	dup2(log, STDOUT_FILENO);
	dup2(log, STDERR_FILENO);
	for (unsigned int i = 0; i < count; i++)
		fcntl(keep[i], F_SETFD, 0);
	execvp(argv[0], argv);
	number = errno;
	if (write(report, &number, sizeof(number)) < 0)
		_exit(126);
	_exit(127);
}

/* The errno value of a failed exec, or 0: the pipe closes by itself when exec succeeds. */
static int exec_failure(int report)
{
	int number = 0;
	ssize_t count;

	do {
		count = read(report, &number, sizeof(number));
	} while (count < 0 && errno == EINTR);
	return count == (ssize_t)sizeof(number) ? number : 0;
}

int process_start(struct process *process, char *const argv[], const char *log, const int *keep,
		  unsigned int count, struct error *err)
{
	autoclose int log_fd = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
	int report[2], number;
	pid_t parent = getpid();

	if (log_fd < 0)
		return error_set_errno(err, EXIT_ENVIRONMENT, errno, "opening %.500s", log);
	if (pipe2(report, O_CLOEXEC) < 0)
		return error_set_errno(err, EXIT_ENVIRONMENT, errno, "making a pipe");
	process->pid = fork();
	if (process->pid == 0)
		run(argv, log_fd, keep, count, parent, report[1]);
	number = process->pid < 0 ? errno : 0;
	close(report[1]);
	if (!number)
		number = exec_failure(report[0]);
	close(report[0]);
	if (!number) {
		process->pidfd = (int)syscall(SYS_pidfd_open, process->pid, 0);
		number = process->pidfd < 0 ? errno : 0;
	}
	if (!number)
		return 0;
	if (process->pid > 0) {
		kill(process->pid, SIGKILL);
		waitpid(process->pid, NULL, 0);
	}
	return error_set_errno(err, EXIT_ENVIRONMENT, number, "starting %s", argv[0]);
}

bool process_ended(const struct process *process, int timeout)
{
	struct pollfd source = {.fd = process->pidfd, .events = POLLIN};

	return poll(&source, 1, timeout) > 0;
}

int process_finish(struct process *process)
{
	int status = 0;

	kill(process->pid, SIGKILL);
	while (waitpid(process->pid, &status, 0) < 0 && errno == EINTR)
		;
	close(process->pidfd);
	return status;
}
