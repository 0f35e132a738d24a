// SPDX-License-Identifier: GPL-2.0
#include "scenarios/enter.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define START_SECONDS 60
#define ARGUMENTS     16

/* The container's process and the ends of its pipes that are ours. */
struct host {
	pid_t pid;
	int input, output;
};

static void run_container(char *const argv[], const int input[2], const int output[2])
{
	if (dup2(input[0], 0) < 0 || dup2(output[1], 1) < 0)
		_exit(127);
	execv(argv[0], argv);
	dprintf(2, "cannot start %s: %s\n", argv[0], strerror(errno));
	_exit(127);
}

static int start(char *const argv[], struct host *host, struct error *err)
{
	int input[2], output[2];

	if (pipe2(input, O_CLOEXEC))
		return error_set_errno(err, EXIT_ENVIRONMENT, errno, "cannot make a pipe");
	if (pipe2(output, O_CLOEXEC)) {
		close(input[0]);
		close(input[1]);
		return error_set_errno(err, EXIT_ENVIRONMENT, errno, "cannot make a pipe");
	}
	host->pid = fork();
	if (!host->pid)
		run_container(argv, input, output);
	close(input[0]);
	close(output[1]);
	host->input = input[1];
	host->output = output[0];
	if (host->pid > 0)
		return 0;
	close(host->input);
	close(host->output);
	return error_set_errno(err, EXIT_ENVIRONMENT, errno, "cannot fork for %s", argv[0]);
}

static int wait_for_line(const struct host *host, struct error *err)
{
	struct pollfd waiting = {.fd = host->output, .events = POLLIN};
	char byte;

	if (poll(&waiting, 1, START_SECONDS * 1000) == 1 && read(host->output, &byte, 1) == 1)
		return 0;
	return error_set(err, EXIT_ENVIRONMENT,
			 "the container that was to be entered ended, or said nothing in %d s",
			 START_SECONDS);
}

/* With its input at its end the container ends by itself; one that does not is killed. */
static void stop(const struct host *host)
{
	struct pollfd ending = {.fd = host->output};

	close(host->input);
	if (poll(&ending, 1, START_SECONDS * 1000) != 1)
		kill(host->pid, SIGKILL);
	while (waitpid(host->pid, NULL, 0) < 0 && errno == EINTR)
		;
	close(host->output);
}

int enter_run(const char *runtime, const struct launch *launch, const char *const argv[],
	      unsigned int seconds, struct capture *capture, struct error *err)
{
	const char *command[ARGUMENTS] = {runtime, "exec", launch->container};
	struct host host = {0};
	int result, count = 3;

	for (; *argv && count < ARGUMENTS - 1; argv++)
		command[count++] = *argv;
	if (start(launch->argv, &host, err))
		return -1;
	result = wait_for_line(&host, err);
	if (!result)
		result = capture_run((char *const *)command, seconds, capture, err);
	stop(&host);
	return result;
}
