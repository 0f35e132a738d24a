// SPDX-License-Identifier: GPL-2.0
#include "scenarios/container.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define START_SECONDS 60

static void run_container(char *const argv[], const int input[2], const int output[2])
{
	if (dup2(input[0], 0) < 0 || dup2(output[1], 1) < 0)
		_exit(127);
	execv(argv[0], argv);
	dprintf(2, "cannot start %s: %s\n", argv[0], strerror(errno));
	_exit(127);
}

static int start(char *const argv[], struct container *container, struct error *err)
{
	int input[2], output[2];

	if (pipe2(input, O_CLOEXEC))
		return error_set_errno(err, EXIT_ENVIRONMENT, errno, "cannot make a pipe");
	if (pipe2(output, O_CLOEXEC)) {
		close(input[0]);
		close(input[1]);
		return error_set_errno(err, EXIT_ENVIRONMENT, errno, "cannot make a pipe");
	}
	container->pid = fork();
	if (!container->pid)
		run_container(argv, input, output);
	close(input[0]);
	close(output[1]);
	container->input = input[1];
	container->output = output[0];
	if (container->pid > 0)
		return 0;
	close(container->input);
	close(container->output);
	return error_set_errno(err, EXIT_ENVIRONMENT, errno, "cannot fork for %s", argv[0]);
}

static int wait_for_line(const struct container *container, struct error *err)
{
	struct pollfd waiting = {.fd = container->output, .events = POLLIN};
	char byte;

	if (poll(&waiting, 1, START_SECONDS * 1000) == 1 && read(container->output, &byte, 1) == 1)
		return 0;
	return error_set(err, EXIT_ENVIRONMENT, "the container ended, or said nothing in %d s",
			 START_SECONDS);
}

/* With its input at its end the container ends by itself; one that does not is killed. */
void container_stop(struct container *container)
{
	struct pollfd ending = {.fd = container->output};

	close(container->input);
	if (poll(&ending, 1, START_SECONDS * 1000) != 1)
		kill(container->pid, SIGKILL);
	while (waitpid(container->pid, NULL, 0) < 0 && errno == EINTR)
		;
	close(container->output);
}

int container_start(char *const argv[], struct container *container, struct error *err)
{
	*container = (struct container){0};
	if (start(argv, container, err))
		return -1;
	if (!wait_for_line(container, err))
		return 0;
	container_stop(container);
	return -1;
}
