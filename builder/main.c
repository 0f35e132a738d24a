// SPDX-License-Identifier: GPL-2.0
#include <argp.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "builder/command.h"
#include "lib/file.h"

struct command {
	const char *name;
	const char *summary;
	int (*run)(int argc, char **argv, struct error *err);
};

static const struct command commands[] = {
	{.name = "build",
	 .summary = "make a policy blob from a seccomp profile and a capability list",
	 .run = build_command},
	{.name = "policy",
	 .summary = "say in words what a policy blob enforces",
	 .run = policy_command},
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

int read_input(const char *path, size_t limit, char **contents, size_t *size, struct error *err)
{
	/* Not /dev/stdin: what another user opened may be read, but not opened again. */
	if (!strcmp(path, "-"))
		return file_read_open(STDIN_FILENO, "standard input", limit, contents, size, err);
	return file_read(path, limit, contents, size, err);
}

int main(int argc, char **argv)
{
	const struct command *command;
	struct error err;
	char name[64];

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
	return command->run(argc - 1, argv + 1, &err) ? error_report(&err, name) : EXIT_GOOD;
}
