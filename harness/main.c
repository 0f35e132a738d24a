// SPDX-License-Identifier: GPL-2.0
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "harness/channel.h"
#include "harness/command.h"
#include "harness/vm.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const struct {
	const char *name;
	char *title; /* becomes argv[0] */
	const char *summary;
	int (*run)(int argc, char **argv);
} commands[] = {
	{"attribute", "vkbench attribute", "say where a configuration's instructions go",
	 command_attribute},
	{"boot", "vkbench boot", "boot a guest, print how long it took, stop it", command_boot},
	{"exec", "vkbench exec", "run a command in a fresh guest", command_exec},
	{"isolation", "vkbench isolation", "try what a container must not be able to do",
	 command_isolation},
	{"run", "vkbench run", "measure the workloads in every configuration, and report",
	 command_run},
	{"report", "vkbench report", "make a run's reports anew from its raw files",
	 command_report},
	{"compare", "vkbench compare", "set two runs beside each other", command_compare},
	{"list", "vkbench list", "print the workloads, configurations, clocks and scenarios",
	 command_list},
	{"overhead", "vkbench overhead", "show what measuring adds to what is measured",
	 command_overhead},
	{"shell", "vkbench shell", "open a prompt in a guest in which all is ready", command_shell},
	{"merge", "vkbench merge", "make one run of the shards of one", command_merge},
	{"history", "vkbench history", "tell where figures changed over the nights",
	 command_history},
	{"triage", "vkbench triage", "tell what a night found", command_triage},
	{"baseline", "vkbench baseline", "make a run what later ones are held against",
	 command_baseline},
};

static void print_help(FILE *out)
{
	fprintf(out, "usage: vkbench COMMAND [OPTION...]\n\n");
	for (size_t i = 0; i < COUNT(commands); i++)
		fprintf(out, "  %-10s %s\n", commands[i].name, commands[i].summary);
	fprintf(out, "\nvkbench COMMAND --help tells more of one.\n");
}

/*
 * The first signal ends the work in order; a later one ends the program (and with it QEMU). One
 * that comes within a second is the same wish told twice: make, timeout and sudo pass on a signal
 * that the whole process group has got already.
 */
static void interrupt(int number)
{
	static _Atomic int64_t first;
	int64_t now = now_ms(), none = 0;

	if (!atomic_compare_exchange_strong(&first, &none, now) && now - none > 1000) {
		signal(number, SIG_DFL);
		raise(number);
	}
	vm_interrupt();
}

static void catch_signals(void)
{
	struct sigaction action = {.sa_handler = interrupt};

	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGHUP, &action, NULL);
	signal(SIGPIPE, SIG_IGN);
}

/* What did not reach the reader was not done. */
static int told(const char *title, int status)
{
	struct error err;

	if (fflush(stdout) == 0 && !ferror(stdout))
		return status;
	error_set(&err, EXIT_ENVIRONMENT,
		  "cannot write to standard output; is there space where it goes?");
	return error_report(&err, title);
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
			return told(commands[i].title, commands[i].run(argc - 1, argv + 1));
		}
	}
	fprintf(stderr, "vkbench: no command '%s'; vkbench --help has a list\n", argv[1]);
	return EXIT_USAGE;
}
