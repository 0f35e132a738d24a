// SPDX-License-Identifier: GPL-2.0
#include <argp.h>
#include <stdio.h>
#include <string.h>

#include "operator/command.h"

struct command {
	const char *name;
	const char *summary;
	int (*run)(int argc, char **argv, struct error *err);
};

static const struct command commands[] = {
	{.name = "build",
	 .summary = "make a policy blob, or an instance module, from profile sources",
	 .run = build_command},
	{.name = "gc", .summary = "take away what killed runtimes left", .run = gc_command},
	{.name = "log",
	 .summary = "print a container's private kernel log, also when the container has ended",
	 .run = log_command},
	{.name = "policy",
	 .summary = "say in words what a policy enforces, or how two policies differ",
	 .run = policy_command},
	{.name = "ps", .summary = "list the instances", .run = ps_command},
	{.name = "set",
	 .summary = "put another policy in place of a running container's",

	 .run = set_command},
	{.name = "stats",
	 .summary = "say what a container was refused, by class and by call",

	 .run = stats_command},
	{.name = "trace",
	 .summary = "record what a container does, and write the least profile that allows it",
	 .run = trace_command},
};

static void print_help(FILE *stream)
{
	fprintf(stream, "Usage: vkernel COMMAND [OPTION...]\n\n");
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		fprintf(stream, "  %-8s %s\n", commands[i].name, commands[i].summary);
	fprintf(stream, "\n`vkernel COMMAND --help` says more.\n");
}

static const struct command *find_command(const char *name)
{
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		if (!strcmp(commands[i].name, name))
			return &commands[i];
	return NULL;
}

int main(int argc, char **argv)
{
	const struct command *command;
	struct error err;
	char name[64];
	int status;

	argp_err_exit_status = EXIT_USAGE;
	if (argc < 2) {
		print_help(stderr);
		return EXIT_USAGE;
	}
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h") || !strcmp(argv[1], "help")) {
		print_help(stdout);
		return EXIT_GOOD;
	}
	command = find_command(argv[1]);
	if (!command) {
		fprintf(stderr, "vkernel: there is no command \"%s\"; see vkernel --help\n",
			argv[1]);
		return EXIT_USAGE;
	}
	snprintf(name, sizeof(name), "vkernel %s", command->name);
	argv[1] = name;
	status = command->run(argc - 1, argv + 1, &err);
	return status < 0 ? error_report(&err, name) : status;
}
