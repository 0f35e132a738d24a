// SPDX-License-Identifier: GPL-2.0
#include "harness/guest/command.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define STATUS_NOT_FOUND 127

static void __attribute__((noreturn)) run(char **argv, int out, int error)
{
	sigset_t none;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	setsid();
	if (dup2(out, STDOUT_FILENO) >= 0 && dup2(error, STDERR_FILENO) >= 0)
		execvp(argv[0], argv);
	dprintf(error, "%s: %s\n", argv[0], strerror(errno));
	_exit(STATUS_NOT_FOUND);
}

static void close_pipe(int ends[2])
{
	close(ends[0]);
	close(ends[1]);
}

int command_start(struct command *command, char **argv, struct error *err)
{
	int out[2], error[2];

	if (pipe2(out, O_CLOEXEC) < 0)
		return error_set_errno(err, EXIT_ENVIRONMENT, errno, "making a pipe");
	if (pipe2(error, O_CLOEXEC) < 0) {
		error_set_errno(err, EXIT_ENVIRONMENT, errno, "making a pipe");
		goto close_out;
	}
	command->pid = fork();
	if (command->pid < 0) {
		error_set_errno(err, EXIT_ENVIRONMENT, errno, "starting %s", argv[0]);
		goto close_error;
	}
	if (command->pid == 0)
		run(argv, out[1], error[1]);
	command->pidfd = (int)syscall(SYS_pidfd_open, command->pid, 0);
	if (command->pidfd < 0) {
		error_set_errno(err, EXIT_ENVIRONMENT, errno, "watching %s", argv[0]);
		goto reap;
	}
	close(out[1]);
	close(error[1]);
	for (int i = 0; i < 2; i++) {
		command->stream[i] = i == 0 ? out[0] : error[0];
		command->line[i].used = 0;
		fcntl(command->stream[i], F_SETFL, O_NONBLOCK);
	}
	return 0;

reap:
	kill(command->pid, SIGKILL);
	waitpid(command->pid, NULL, 0);
close_error:
	close_pipe(error);
close_out:
	close_pipe(out);
	return -1;
}

static int hand_on_lines(struct line *line, int stream, command_line hand_on, void *context)
{
	char *start = line->bytes, *end = line->bytes + line->used, *newline;
	int status = 0;

	while (status == 0 && (newline = memchr(start, '\n', (size_t)(end - start)))) {
		status = hand_on(context, stream, start, (size_t)(newline - start));
		start = newline + 1;
	}
	if (status == 0 && start == line->bytes && line->used == sizeof(line->bytes)) {
		status = hand_on(context, stream, start, line->used);
		start = end;
	}
	line->used = (size_t)(end - start);
	memmove(line->bytes, start, line->used);
	return status;
}

static void end_stream(struct command *command, int index, command_line line, void *context)
{
	if (command->line[index].used)
		line(context, index + 1, command->line[index].bytes, command->line[index].used);
	close(command->stream[index]);
	command->stream[index] = -1;
}

bool command_read(struct command *command, int index, command_line line, void *context)
{
	struct line *rest = &command->line[index];
	ssize_t count = read(command->stream[index], rest->bytes + rest->used,
			     sizeof(rest->bytes) - rest->used);

	if (count < 0 && (errno == EAGAIN || errno == EINTR))
		return true;
	if (count > 0) {
		rest->used += (size_t)count;
		if (hand_on_lines(rest, index + 1, line, context) == 0)
			return true;
	}
	end_stream(command, index, line, context);
	return false;
}

void command_kill(struct command *command)
{
	kill(-command->pid, SIGKILL);
	kill(command->pid, SIGKILL); /* it may not have reached its setsid() */
}

/* At most what the pipe held when the command ended: a child that keeps writing cannot hold us. */
static void drain(struct command *command, int index, command_line line, void *context)
{
	int rounds = 2 * fcntl(command->stream[index], F_GETPIPE_SZ) / PROTOCOL_TEXT_MAX + 2;

	while (rounds-- > 0) {
		if (!command_read(command, index, line, context))
			return;
	}
	end_stream(command, index, line, context);
}

int command_end(struct command *command, command_line line, void *context)
{
	int status = 0;

	for (int i = 0; i < 2; i++) {
		if (command->stream[i] >= 0)
			drain(command, i, line, context);
	}
	close(command->pidfd);
	while (waitpid(command->pid, &status, 0) < 0 && errno == EINTR)
		;
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}
