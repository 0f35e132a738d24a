// SPDX-License-Identifier: GPL-2.0
#include "operator/compiler.h"

#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/cleanup.h"
#include "lib/file.h"
#include "lib/process.h"
#include "operator/sources.h"

#define LOG_MAX	 (16u << 20)
#define POLL_MS	 100
#define PATIENCE 5000 /* ms that make gets to end what it has started */

static volatile sig_atomic_t interrupted;

static void note_signal(int number)
{
	(void)number;
	interrupted = 1;
}

void compiler_catch_signals(void)
{
	const struct sigaction action = {.sa_handler = note_signal, .sa_flags = SA_RESTART};

	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGHUP, &action, NULL);
}

/* What a make around this program told its children would make ours speak to it. */
static void leave_outer_make(void)
{
	unsetenv("MAKEFLAGS");
	unsetenv("MFLAGS");
	unsetenv("MAKELEVEL");
	unsetenv("MAKEOVERRIDES");
}

/* Runs argv to its end, or to ours. Returns its wait status, or -1 with err set. */
static int run(char *const argv[], const char *log, struct error *err)
{
	struct process process;

	if (interrupted)
		return error_set(err, EXIT_INTERRUPTED, "interrupted");
	if (process_start(&process, argv, log, NULL, 0, err))
		return error_context(err, "is the package that has %s installed?", argv[0]);
	while (!process_ended(&process, POLL_MS) && !interrupted)
		continue;
	if (!interrupted)
		return process_finish(&process);
	kill(-process.pid, SIGTERM);
	process_ended(&process, PATIENCE);
	kill(-process.pid, SIGKILL);
	process_finish(&process);
	return error_set(err, EXIT_INTERRUPTED, "interrupted");
}

/* Prints the lines of the log; with only_warnings those in which the compiler warns. */
static void print_log(const char *log, bool only_warnings)
{
	autofree char *text = NULL;
	char *next, *line;
	struct error err;
	size_t size;

	if (file_read(log, LOG_MAX, &text, &size, &err))
		return;
	for (next = text; (line = strsep(&next, "\n"));) {
		if (!*line || (only_warnings && !strstr(line, ": warning: ")))
			continue;
		print_plain(stderr, line);
		fputc('\n', stderr);
	}
}

static void log_path(const struct compiler *compiler, char path[PATH_MAX + 16])
{
	snprintf(path, PATH_MAX + 16, "%.*s/log", PATH_MAX, compiler->folder);
}

/* Makes target. Warnings are printed once: where the object is made. */
static int make(const struct compiler *compiler, const char *target, bool warn, struct error *err)
{
	char tree[PATH_MAX + 16], log[PATH_MAX + 16], jobs[32];
	char *argv[] = {(char *)"make",
			(char *)"-s",
			jobs,
			(char *)"-C",
			(char *)compiler->headers,
			tree,
			(char *)"VKI_PRIVATE=" PRIVATE_OBJECT,
			(char *)target,
			NULL};
	int status;

	log_path(compiler, log);
	snprintf(tree, sizeof(tree), "M=%s", compiler->folder);
	snprintf(jobs, sizeof(jobs), "-j%ld", sysconf(_SC_NPROCESSORS_ONLN));
	status = run(argv, log, err);
	if (status < 0)
		return -1;
	if (status || warn)
		print_log(log, !status);
	if (!status)
		return 0;
	return error_set(err, EXIT_USAGE,
			 "%s was not built for the kernel %s: the compiler's messages are above; "
			 "where a program was not found, install make and the compiler that the "
			 "package linux-headers-%s names",
			 compiler->source, compiler->release, compiler->release);
}

static int strip(const struct compiler *compiler, struct error *err)
{
	char module[PATH_MAX + 16], log[PATH_MAX + 16];
	char *argv[] = {(char *)"strip",
			(char *)"--strip-debug",
			(char *)"--remove-section=.BTF",
			(char *)"--remove-section=.BTF.base",
			(char *)"--remove-section=.BTF_ids",
			module,
			NULL};
	int status;

	log_path(compiler, log);
	snprintf(module, sizeof(module), "%s/vki/vki.ko", compiler->folder);
	status = run(argv, log, err);
	if (status > 0)
		return error_set(err, EXIT_ENVIRONMENT,
				 "strip (of the package binutils) failed on the module");
	return status;
}

int compiler_compile(const struct compiler *compiler, struct error *err)
{
	leave_outer_make();
	return make(compiler, "vki/" PRIVATE_OBJECT, true, err);
}

int compiler_link(const struct compiler *compiler, struct error *err)
{
	leave_outer_make();
	if (make(compiler, "modules", false, err))
		return -1;
	return strip(compiler, err);
}
