// SPDX-License-Identifier: GPL-2.0
/* vkbench exec: a command in a fresh guest, its output and its exit status. */
#include <stdio.h>
#include <string.h>

#include "harness/command.h"
#include "harness/guest_options.h"
#include "lib/scratch.h"
#include "lib/cleanup.h"

#define PUSH_MAX 16

struct exec_options {
	struct guest_options guest;
	unsigned int timeout;
	const char *console;
	const char *push[PUSH_MAX];
	unsigned int pushes;
	const char *const *argv;
};

enum { KEY_CONSOLE = 0x200 };

static const struct argp_option options[] = {
	{.name = "timeout", .key = 't', .arg = "S", .doc = "seconds for the command (600)"},
	{.name = "push",
	 .key = 'p',
	 .arg = "FILE",
	 .doc = "copy FILE into the guest's /run first, with its mode (may be repeated)"},
	{.name = "console",
	 .key = KEY_CONSOLE,
	 .arg = "FOLDER",
	 .doc = "leave console.log in FOLDER, which exists"},
	{0},
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct exec_options *values = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		values->timeout = 600;
		state->child_inputs[0] = &values->guest;
		return 0;
	case 't':
		values->timeout = parse_count(state, "timeout", arg, 86400);
		return 0;
	case 'p':
		if (values->pushes == PUSH_MAX)
			argp_error(state, "at most %d files can be pushed", PUSH_MAX);
		values->push[values->pushes++] = arg;
		return 0;
	case KEY_CONSOLE:
		values->console = arg;
		return 0;
	case ARGP_KEY_ARGS:
		values->argv = (const char *const *)state->argv + state->next;
		return 0;
	case ARGP_KEY_NO_ARGS:
		argp_error(state, "no command was given");
		return EINVAL;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_child children[] = {{.argp = &guest_options_argp}, {0}};
static const struct argp argp = {
	.options = options,
	.parser = parse,
	.children = children,
	.args_doc = "-- COMMAND...",
	.doc = "Runs COMMAND as root in a fresh guest; its exit status is this program's.",
};

static void print(void *context, int stream, const char *line)
{
	(void)context;
	fprintf(stream == 1 ? stdout : stderr, "%s\n", line);
	fflush(stdout);
}

static int push_all(struct vm *vm, const struct exec_options *values, struct error *err)
{
	for (unsigned int i = 0; i < values->pushes; i++) {
		const char *slash = strrchr(values->push[i], '/');
		char target[PATH_MAX];

		snprintf(target, sizeof(target), "/run/%s", slash ? slash + 1 : values->push[i]);
		if (vm_push(vm, values->push[i], target, err) < 0)
			return -1;
	}
	return 0;
}

static int exec(const struct exec_options *values, const char *folder, struct error *err)
{
	struct accelerator_choice choice;
	struct vm *vm;
	int status, result;

	if (guest_options_boot(&values->guest, folder, &choice, &vm, err) < 0)
		return -1;
	result = push_all(vm, values, err);
	if (result == 0)
		result = vm_exec(vm, values->argv, values->timeout, print, NULL, &status, err);
	vm_stop(vm);
	return result < 0 ? -1 : status;
}

int command_exec(int argc, char **argv)
{
	struct exec_options values = {0};
	char folder[PATH_MAX] = "";
	struct error err;
	int status;

	argp_err_exit_status = EXIT_USAGE;
	argp_parse(&argp, argc, argv, ARGP_IN_ORDER, NULL, &values);
	if (values.console ? vm_check_folder(values.console, &err) < 0
			   : scratch_make(folder, &err) < 0)
		return error_report(&err, argv[0]);
	status = exec(&values, values.console ? values.console : folder, &err);
	if (!values.console)
		scratch_remove(folder);
	return status < 0 ? error_report(&err, argv[0]) : status;
}
