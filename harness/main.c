// SPDX-License-Identifier: GPL-2.0
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "harness/command.h"
#include "harness/vm.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const struct {
	const char *name;
	char *title; /* becomes argv[0] */
	const char *summary;
	int (*run)(int argc, char **argv);
} commands[] = {
	{"boot", "vkbench boot", "boot a guest, print how long it took, stop it", command_boot},
	{"exec", "vkbench exec", "run a command in a fresh guest", command_exec},
	{"isolation", "vkbench isolation", "try what a container must not be able to do",
	 command_isolation},
	{"run", "vkbench run", "measure the workloads in every configuration, and report",
	 command_run},
	{"report", "vkbench report", "make a run's reports anew from its raw files",
	 command_report},
};

static void print_help(FILE *out)
{
	fprintf(out, "usage: vkbench COMMAND [OPTION...]\n\n");
	for (size_t i = 0; i < COUNT(commands); i++)
		fprintf(out, "  %-10s %s\n", commands[i].name, commands[i].summary);
	fprintf(out, "\nvkbench COMMAND --help tells more of one.\n");
}

static void interrupt(int signal)
{
	(void)signal;
	vm_interrupt();
}

/* The first signal ends the work in order; the second ends the program (and with it QEMU). */
static void catch_signals(void)
{
	struct sigaction action = {.sa_handler = interrupt, .sa_flags = (int)SA_RESETHAND};

	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGHUP, &action, NULL);
	signal(SIGPIPE, SIG_IGN);
}

int main(int argc, char **argv)
{
	if (argc < 2) {
		print_help(stderr);
		return EXIT_USAGE;
	}
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0) {
		print_help(stdout);
		return EXIT_GOOD;
	}
	for (size_t i = 0; i < COUNT(commands); i++) {
		if (strcmp(argv[1], commands[i].name) == 0) {
			catch_signals();
			argv[1] = commands[i].title;
			return commands[i].run(argc - 1, argv + 1);
		}
	}
	fprintf(stderr, "vkbench: no command '%s'; vkbench --help has a list\n", argv[1]);
	return EXIT_USAGE;
}
