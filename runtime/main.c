// SPDX-License-Identifier: GPL-2.0
/*
 * vkernel-runtime: an OCI runtime that gives each container a virtual kernel instance and leaves
 * the rest to the runtime below it.
 */
#include <stdio.h>
#include <string.h>

#include "runtime/container.h"

static const struct {
	const char *name;
	int (*run)(const struct arguments *arguments, struct error *err);
} commands[] = {
	{.name = "create", .run = container_create},
	{.name = "run", .run = container_create},
	{.name = "delete", .run = container_delete},
};

static int dispatch(int argc, char **argv, struct error *err)
{
	struct arguments arguments;
	size_t i;

	if (argc > 1 && !strcmp(argv[1], "bind"))
		return container_bind(argc, argv, err);
	if (arguments_parse(argc, argv, &arguments, err))
		return -1;
	for (i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		if (!strcmp(arguments_command(&arguments), commands[i].name))
			return commands[i].run(&arguments, err);
	}
	return container_pass(&arguments, err);
}

int main(int argc, char **argv)
{
	struct error err;
	int status = dispatch(argc, argv, &err);

	return status < 0 ? error_report(&err, "vkernel-runtime") : status;
}
