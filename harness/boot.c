// SPDX-License-Identifier: GPL-2.0
/* vkbench boot: does a guest come up, and how fast? */
#include <stdio.h>

#include "harness/command.h"
#include "harness/guest_options.h"
#include "lib/scratch.h"

static error_t parse(int key, char *arg, struct argp_state *state)
{
	(void)arg;
	if (key != ARGP_KEY_INIT)
		return ARGP_ERR_UNKNOWN;
	state->child_inputs[0] = state->input;
	return 0;
}

static const struct argp_child children[] = {{.argp = &guest_options_argp}, {0}};
static const struct argp argp = {
	.parser = parse,
	.children = children,
	.doc = "Boots a guest, prints the seconds from its start to the agent's hello, stops it.",
};

static int boot(const struct guest_options *options, const char *folder, struct error *err)
{
	struct accelerator_choice choice;
	struct vm *vm;

	if (guest_options_boot(options, folder, &choice, &vm, err) < 0)
		return -1;
	printf("%s up in %.1f s (%s), %.1f s of its own clock\n", vm_hello(vm)->kernel,
	       vm_hello(vm)->boot_seconds, accelerator_name(choice.accelerator),
	       (double)vm_hello(vm)->boot_guest_ns / 1e9);
	vm_stop(vm);
	return 0;
}

int command_boot(int argc, char **argv)
{
	struct guest_options options;
	char folder[PATH_MAX];
	struct error err;
	int status;

	argp_err_exit_status = EXIT_USAGE;
	argp_parse(&argp, argc, argv, 0, NULL, &options);
	if (scratch_make(folder, &err) < 0)
		return error_report(&err, argv[0]);
	status = boot(&options, folder, &err);
	scratch_remove(folder);
	return status < 0 ? error_report(&err, argv[0]) : EXIT_GOOD;
}
