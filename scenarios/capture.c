// SPDX-License-Identifier: GPL-2.0
#include "scenarios/capture.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "lib/cleanup.h"

#define LIMIT (16u << 20) /* bytes of output that are kept */

struct stream {
	int fd; /* -1 once it has ended */
	char *text;
	size_t size;
};

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec + time.tv_nsec / 1e9;
}

static int append(struct stream *stream, const char *bytes, size_t size)
{
	char *larger = realloc(stream->text, stream->size + size + 1);

	if (!larger)
		return -1;
	memcpy(larger + stream->size, bytes, size);
	stream->text = larger;
	stream->size += size;
	larger[stream->size] = '\0';
	return 0;
}

static int take(struct stream *stream, struct error *err)
{
	char bytes[16384];
	ssize_t got = read(stream->fd, bytes, sizeof(bytes));

	if (got < 0 && errno == EINTR)
		return 0;
	if (got <= 0) {
		close(stream->fd);
		stream->fd = -1;
		return 0;
	}
	if (stream->size + got > LIMIT)
		return error_set(err, EXIT_ENVIRONMENT, "the command printed more than %u bytes",
				 LIMIT);
	if (append(stream, bytes, got))
		return error_set(err, EXIT_ENVIRONMENT, "no memory for a command's output");
	return 0;
}

/* Reads both streams to their ends. */
static int collect(struct stream streams[2], const char *name, unsigned int seconds,
		   struct error *err)
{
	double deadline = now() + seconds;

	while (streams[0].fd >= 0 || streams[1].fd >= 0) {
		struct pollfd waiting[2] = {{.fd = streams[0].fd, .events = POLLIN},
					    {.fd = streams[1].fd, .events = POLLIN}};
		double left = deadline - now();

		if (left <= 0)
			return error_set(err, EXIT_ENVIRONMENT, "%s did not end in %u s", name,
					 seconds);
		if (poll(waiting, 2, left * 1000 + 1) < 0 && errno != EINTR)
			return error_set_errno(err, EXIT_ENVIRONMENT, errno, "cannot poll %s",
					       name);
		for (int i = 0; i < 2; i++)
			if (waiting[i].revents && streams[i].fd >= 0 && take(&streams[i], err))
				return -1;
	}
	return 0;
}

static void run_child(char *const argv[], int output, int errors)
{
	int nothing = open("/dev/null", O_RDONLY);

	if (nothing < 0 || dup2(nothing, 0) < 0 || dup2(output, 1) < 0 || dup2(errors, 2) < 0)
		_exit(127);
	execv(argv[0], argv);
	dprintf(2, "cannot start %s: %s\n", argv[0], strerror(errno));
	_exit(127);
}

static int start(char *const argv[], struct stream streams[2], struct error *err)
{
	int output[2], errors[2];
	pid_t pid;

	if (pipe2(output, O_CLOEXEC))
		return error_set_errno(err, EXIT_ENVIRONMENT, errno, "cannot make a pipe");
	if (pipe2(errors, O_CLOEXEC)) {
		close(output[0]);
		close(output[1]);
		return error_set_errno(err, EXIT_ENVIRONMENT, errno, "cannot make a pipe");
	}
	pid = fork();
	if (!pid)
		run_child(argv, output[1], errors[1]);
	close(output[1]);
	close(errors[1]);
	streams[0].fd = output[0];
	streams[1].fd = errors[0];
	if (pid < 0)
		return error_set_errno(err, EXIT_ENVIRONMENT, errno, "cannot fork for %s", argv[0]);
	return pid;
}

static void close_streams(struct stream streams[2])
{
	for (int i = 0; i < 2; i++)
		if (streams[i].fd >= 0)
			close(streams[i].fd);
}

int capture_run(char *const argv[], unsigned int seconds, struct capture *capture,
		struct error *err)
{
	struct stream streams[2] = {{.fd = -1}, {.fd = -1}};
	int status = 0, result;
	pid_t pid;

	*capture = (struct capture){0};
	pid = start(argv, streams, err);
	result = pid < 0 ? -1 : collect(streams, argv[0], seconds, err);
	if (pid > 0 && result)
		kill(pid, SIGKILL);
	while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	close_streams(streams);
	capture->output = streams[0].text ? streams[0].text : strdup("");
	capture->errors = streams[1].text ? streams[1].text : strdup("");
	capture->status = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
	if (result)
		capture_free(capture);
	return result;
}

void capture_free(struct capture *capture)
{
	free(capture->output);
	free(capture->errors);
	*capture = (struct capture){0};
}
