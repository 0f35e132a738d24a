// SPDX-License-Identifier: GPL-2.0
/*
 * vkernel-runtime: an OCI runtime that gives each container a virtual kernel instance and leaves
 * the rest to the runtime below it.
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "runtime/backend.h"
#include "runtime/complaint.h"
#include "runtime/container.h"

#define NO_EXECUTION                                                                           \
	"a restored program goes on where it was and never executes, so no instance could be " \
	"bound before it runs"

/*
 * All that crun and runc have. A command that neither has today could start programs in a way
 * that nobody thought about: it is refused until it stands here.
 */
static const struct {
	const char *name;
	int (*run)(const struct arguments *arguments, const struct settings *settings,
		   struct error *err);
	const char *refused; /* why, where run is NULL */
} commands[] = {
	{.name = "create", .run = container_create},
	{.name = "run", .run = container_create},
	{.name = "delete", .run = container_delete},
	{.name = "", .run = container_pass},
	{.name = "events", .run = container_pass},
	{.name = "exec", .run = container_pass},
	{.name = "features", .run = container_pass},
	{.name = "help", .run = container_pass},
	{.name = "kill", .run = container_pass},
	{.name = "list", .run = container_pass},
	{.name = "mounts", .run = container_pass},
	{.name = "pause", .run = container_pass},
	{.name = "ps", .run = container_pass},
	{.name = "resume", .run = container_pass},
	{.name = "spec", .run = container_pass},
	{.name = "start", .run = container_pass},
	{.name = "state", .run = container_pass},
	{.name = "update", .run = container_pass},
	{.name = "checkpoint", .refused = NO_EXECUTION},
	{.name = "restore", .refused = NO_EXECUTION},
};

static int run(const struct arguments *arguments, const struct settings *settings,
	       struct error *err)
{
	const char *command = arguments_command(arguments);
	size_t i;

	for (i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		if (strcmp(command, commands[i].name))
			continue;
		if (commands[i].run)
			return commands[i].run(arguments, settings, err);
		return error_set(err, EXIT_USAGE, "%s is not supported: %s", command,
				 commands[i].refused);
	}
	return error_set(err, EXIT_USAGE, "unknown command \"%s\"; --help lists what there is",
			 command);
}

static int dispatch(int argc, char **argv, struct error *err)
{
	struct arguments arguments;
	struct settings settings;
	int status = -1;

	if (!arguments_parse(argc, argv, &arguments, err) &&
	    !settings_read(arguments.settings, &settings, err)) {
		settings.keep_seccomp |= arguments.keep_seccomp;
		if (settings.runtime)
			backend_configure(settings.runtime);
		status = arguments.asks ? container_pass(&arguments, &settings, err)
					: run(&arguments, &settings, err);
		settings_free(&settings);
	}
	if (status < 0)
		complaint_log(&arguments, err);
	arguments_free(&arguments);
	return status;
}

int main(int argc, char **argv)
{
	struct error err;
	int status;

	/* Where it is inherited as ignored, children end without a word. */
	signal(SIGCHLD, SIG_DFL);
	status = dispatch(argc, argv, &err);
	if (status < 0)
		status = error_report(&err, "vkernel-runtime");
	/* There is nothing left to do that exit() would. */
	fflush(stdout);
	_exit(status);
}
