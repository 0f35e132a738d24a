// SPDX-License-Identifier: GPL-2.0
#include "harness/bench/capture.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define GUEST_TIMEOUT 60

static void become(const char *const argv[], int output)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (null < 0 || dup2(null, STDIN_FILENO) < 0 || dup2(null, STDERR_FILENO) < 0 ||
	    dup2(output, STDOUT_FILENO) < 0)
		_exit(126);
	execvp(argv[0], (char *const *)argv);
	_exit(127);
}

static char *read_all(int fd)
{
	char *text = NULL;
	size_t size = 0;
	char buffer[4096];
	FILE *out = open_memstream(&text, &size);
	ssize_t got;

	while (out && (got = read(fd, buffer, sizeof(buffer))))
		if (got > 0)
			fwrite(buffer, 1, got, out);
		else if (errno != EINTR)
			break;
	if (out && fclose(out)) {
		free(text);
		return NULL;
	}
	if (text && size && text[size - 1] == '\n')
		text[size - 1] = '\0';
	return text;
}

char *capture_host(const char *const argv[])
{
	int ends[2], status = -1;
	char *text;
	pid_t child;

	if (pipe2(ends, O_CLOEXEC))
		return NULL;
	child = fork();
	if (!child)
		become(argv, ends[1]);
	close(ends[1]);
	text = child > 0 ? read_all(ends[0]) : NULL;
	close(ends[0]);
	while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	if (!status)
		return text;
	free(text);
	return NULL;
}

static void keep(void *context, int stream, const char *line)
{
	if (stream == 1)
		fprintf(context, "%s\n", line);
}

int capture_guest(struct vm *vm, const char *line, char **text, struct error *err)
{
	const char *const argv[] = {"sh", "-c", line, NULL};
	size_t size;
	FILE *out = open_memstream(text, &size);
	int status, result;

	if (!out)
		return error_set(err, EXIT_ENVIRONMENT, "no memory for what the guest says");
	result = vm_exec(vm, argv, GUEST_TIMEOUT, keep, out, &status, err);
	if (fclose(out) && !result)
		result = error_set(err, EXIT_ENVIRONMENT, "no memory for what the guest says");
	if (!result)
		return 0;
	free(*text);
	*text = NULL;
	return -1;
}
