// SPDX-License-Identifier: GPL-2.0
/*
 * Runs work and times it from inside the container. Linked statically, so that any container can
 * run it. One JSON line for each timed piece: {"elapsed_ns": N, "operations": N}.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "lib/error.h"
#include "workloads/driver/call.h"
#include "workloads/driver/log.h"
#include "workloads/driver/loop.h"
#include "workloads/driver/neighbour.h"
#include "workloads/driver/number.h"

static const char usage[] =
	"usage: vkdrive call NAME BATCHES OPERATIONS allowed|refused\n"
	"           time batches of a system call that answers so\n"
	"       vkdrive file open-close|stat PATH BATCHES OPERATIONS OTHER allowed|refused\n"
	"       vkdrive exec|fork|pipe|mmap|switch|futex BATCHES OPERATIONS\n"
	"       vkdrive log device|all BATCHES LINES\n"
	"           the same with files, programs, children, bytes, memory, words, lines of the "
	"log\n"
	"       vkdrive service REQUESTS PERIOD\n"
	"           time the 99th percentile of a service's answers\n"
	"       vkdrive futex-crowd | hogs COUNT\n"
	"           be a neighbour until SIGTERM\n"
	"       vkdrive run PROGRAM [ARGUMENT...]\n"
	"           time a program whose output is thrown away\n";

static void become(char *const arguments[])
{
	int null = open("/dev/null", O_WRONLY | O_CLOEXEC);

	if (null < 0 || dup2(null, STDOUT_FILENO) < 0)
		_exit(126);
	execvp(arguments[0], arguments);
	_exit(127);
}

static int drive_run(char *const arguments[], int count, struct error *err)
{
	uint64_t start, elapsed;
	int status;
	pid_t child;

	if (count < 1)
		return error_set(err, EXIT_USAGE, "run takes a program");
	start = driver_start(CLOCK_MONOTONIC);
	child = fork();
	if (child < 0)
		return error_set_errno(err, EXIT_ENVIRONMENT, errno, "cannot fork for %s",
				       arguments[0]);
	if (!child)
		become(arguments);
	while (waitpid(child, &status, 0) < 0)
		if (errno != EINTR)
			return error_set_errno(err, EXIT_ENVIRONMENT, errno, "cannot wait for %s",
					       arguments[0]);
	elapsed = driver_elapsed(CLOCK_MONOTONIC, start);

	if (WIFSIGNALED(status))
		return error_set(err, EXIT_FINDING, "%s was ended by signal %d", arguments[0],
				 WTERMSIG(status));
	if (WEXITSTATUS(status) == 127)
		return error_set(err, EXIT_ENVIRONMENT, "%s could not be run", arguments[0]);
	if (WEXITSTATUS(status))
		return error_set(err, EXIT_FINDING, "%s ended with status %d", arguments[0],
				 WEXITSTATUS(status));
	driver_reading(elapsed, 1);
	return 0;
}

static const struct {
	const char *name;
	int (*drive)(char *const arguments[], int count, struct error *err);
} commands[] = {
	{"call", drive_call},
	{"file", drive_file},
	{"exec", drive_exec},
	{"exec-again", drive_exec_again},
	{"fork", drive_fork},
	{"log", drive_log},
	{"pipe", drive_pipe},
	{"mmap", drive_mmap},
	{"switch", drive_switch},
	{"futex", drive_futex},
	{"futex-crowd", drive_futex_crowd},
	{"service", drive_service},
	{"hogs", drive_hogs},
	{"run", drive_run},
};

int main(int argc, char **argv)
{
	struct error err;
	int result;

	for (size_t i = 0; argc > 1 && i < sizeof(commands) / sizeof(commands[0]); i++) {
		if (strcmp(argv[1], commands[i].name))
			continue;
		result = commands[i].drive(argv + 2, argc - 2, &err);
		if (!result && fflush(stdout))
			result = error_set_errno(&err, EXIT_ENVIRONMENT, errno,
						 "cannot write the readings");
		return result ? error_report(&err, "vkdrive") : EXIT_GOOD;
	}
	fputs(usage, stderr);
	return EXIT_USAGE;
}
