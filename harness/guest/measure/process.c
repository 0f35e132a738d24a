// SPDX-License-Identifier: GPL-2.0
#include "harness/guest/measure/process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define TEXT_MAX (1u << 20)

static uint64_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * UINT64_C(1000000000) + time.tv_nsec;
}

static void close_pair(int pair[2])
{
	close(pair[0]);
	close(pair[1]);
}

static void become(const char *const argv[], const int gate[2], const int output[2],
		   const int errors[2])
{
	char go;

	close(gate[1]);
	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (dup2(output[1], STDOUT_FILENO) < 0 || dup2(errors[1], STDERR_FILENO) < 0 ||
	    read(gate[0], &go, 1) != 1)
		_exit(126);
	execvp(argv[0], (char *const *)argv);
	dprintf(STDERR_FILENO, "cannot run %s: %s\n", argv[0], strerror(errno));
	_exit(127);
}

static int open_pipes(int gate[2], int output[2], int errors[2], struct error *err)
{
	if (pipe2(gate, O_CLOEXEC))
		goto no_gate;
	if (pipe2(output, O_CLOEXEC))
		goto no_output;
	if (pipe2(errors, O_CLOEXEC))
		goto no_errors;
	fcntl(output[0], F_SETFL, O_NONBLOCK);
	fcntl(errors[0], F_SETFL, O_NONBLOCK);
	return 0;

no_errors:
	close_pair(output);
no_output:
	close_pair(gate);
no_gate:
	return error_set_errno(err, EXIT_ENVIRONMENT, errno, "cannot make a pipe");
}

int process_start(struct process *process, const char *const argv[], struct error *err)
{
	int gate[2], output[2], errors[2];
	int number;

	memset(process, 0, sizeof(*process));
	if (open_pipes(gate, output, errors, err))
		return -1;
	process->pid = fork();
	number = errno;
	if (!process->pid)
		become(argv, gate, output, errors);
	close(gate[0]);
	close(output[1]);
	close(errors[1]);
	process->name = argv[0];
	process->gate = gate[1];
	process->streams[PROCESS_OUTPUT].fd = output[0];
	process->streams[PROCESS_ERRORS].fd = errors[0];
	process->pidfd = -1;
	if (process->pid > 0) {
		/* Whoever of the two comes first. */
		setpgid(process->pid, process->pid);
		process->pidfd = syscall(SYS_pidfd_open, process->pid, 0);
		number = errno;
		if (process->pidfd >= 0)
			return 0;
	} else {
		process->ended = true;
	}
	process_free(process);
	return error_set_errno(err, EXIT_ENVIRONMENT, number, "cannot start %s", argv[0]);
}

void process_release(struct process *process)
{
	int gate = process->gate;

	process->gate = -1;
	process->start_ns = now();
	/* A child that is already gone is found by process_wait(). */
	if (write(gate, "!", 1) < 0)
		process->start_ns = now();
	close(gate);
}

static int keep(struct process *process, enum process_stream which, const char *data, size_t size,
		struct error *err)
{
	char *larger;

	if (process->streams[which].size + size > TEXT_MAX)
		size = TEXT_MAX - process->streams[which].size;
	larger = realloc(process->streams[which].text, process->streams[which].size + size + 1);
	if (!larger)
		return error_set(err, EXIT_ENVIRONMENT, "no memory for the output of %s",
				 process->name);
	memcpy(larger + process->streams[which].size, data, size);
	process->streams[which].text = larger;
	process->streams[which].size += size;
	larger[process->streams[which].size] = '\0';
	return 0;
}

/* Takes what is there; closes the stream at its end. */
static int drain(struct process *process, enum process_stream which, struct error *err)
{
	char buffer[4096];
	int fd = process->streams[which].fd;

	while (fd >= 0) {
		ssize_t got = read(fd, buffer, sizeof(buffer));

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0 && errno == EAGAIN)
			return 0;
		if (got <= 0) {
			close(fd);
			process->streams[which].fd = -1;
			return 0;
		}
		if (keep(process, which, buffer, got, err))
			return -1;
	}
	return 0;
}

static int drain_all(struct process *process, struct error *err)
{
	return drain(process, PROCESS_OUTPUT, err) || drain(process, PROCESS_ERRORS, err) ? -1 : 0;
}

static int reap(struct process *process, struct error *err)
{
	process->elapsed_ns = now() - process->start_ns;
	while (waitpid(process->pid, &process->status, 0) < 0)
		if (errno != EINTR)
			return error_set_errno(err, EXIT_ENVIRONMENT, errno, "cannot wait for %s",
					       process->name);
	process->ended = true;
	return drain_all(process, err) ? -1 : 1;
}

int process_wait(struct process *process, unsigned int milliseconds, struct error *err)
{
	uint64_t deadline = now() + milliseconds * UINT64_C(1000000);

	if (process->ended)
		return 1;
	for (;;) {
		struct pollfd polled[] = {
			{.fd = process->pidfd, .events = POLLIN},
			{.fd = process->streams[PROCESS_OUTPUT].fd, .events = POLLIN},
			{.fd = process->streams[PROCESS_ERRORS].fd, .events = POLLIN},
		};
		uint64_t time = now();
		int left = time < deadline ? (deadline - time + 999999) / 1000000 : 0;
		int ready = poll(polled, 3, left);

		if (ready < 0 && errno != EINTR)
			return error_set_errno(err, EXIT_ENVIRONMENT, errno, "cannot poll %s",
					       process->name);
		if (ready > 0 && polled[0].revents)
			return reap(process, err);
		if (ready > 0 && drain_all(process, err))
			return -1;
		if (!ready && now() >= deadline)
			return 0;
	}
}

void process_signal(struct process *process, int number)
{
	if (process->pid > 0 && !process->ended)
		kill(process->pid, number);
}

/* The last line of text that is not empty, and its length. */
static const char *last_line(const char *text, int *length)
{
	const char *end = text + strlen(text);
	const char *start;

	while (end > text && end[-1] == '\n')
		end--;
	for (start = end; start > text && start[-1] != '\n'; start--)
		;
	*length = end - start;
	return start;
}

int process_succeeded(const struct process *process, struct error *err)
{
	const char *errors = process->streams[PROCESS_ERRORS].text;
	char how[64];
	const char *line = "";
	int length = 0;

	if (WIFEXITED(process->status) && !WEXITSTATUS(process->status))
		return 0;
	if (WIFSIGNALED(process->status))
		snprintf(how, sizeof(how), "was ended by signal %d", WTERMSIG(process->status));
	else
		snprintf(how, sizeof(how), "ended with status %d", WEXITSTATUS(process->status));
	if (errors)
		line = last_line(errors, &length);
	return error_set(err, EXIT_FINDING, "%s %s%s%.*s", process->name, how, length ? ": " : "",
			 length, line);
}

void process_free(struct process *process)
{
	if (!process->pid)
		return;
	/* What it has left, or not waited for, would run beside later visits. */
	if (process->pid > 0)
		kill(-process->pid, SIGKILL);
	if (!process->ended)
		waitpid(process->pid, NULL, 0);
	if (process->gate >= 0)
		close(process->gate);
	if (process->pidfd >= 0)
		close(process->pidfd);
	for (int i = 0; i < PROCESS_STREAMS; i++) {
		if (process->streams[i].fd >= 0)
			close(process->streams[i].fd);
		free(process->streams[i].text);
	}
	memset(process, 0, sizeof(*process));
}
