// SPDX-License-Identifier: GPL-2.0
/* vkbench shell: a prompt in a guest in which vkm is loaded and the programs are in the path. */
#include <argp.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "harness/command.h"
#include "harness/guest_options.h"
#include "harness/terminal.h"
#include "lib/cleanup.h"
#include "lib/scratch.h"

#define LOAD_TIMEOUT  120
#define SHELL_TIMEOUT (30 * 86400)

/* The agent gave it a session without a terminal: the one that it opens first becomes its own. */
static const char script[] =
	"export TERM=\"$1\" HOME=/root PATH=/vkernel/bin:$PATH PS1='vkernel guest:\\w\\$ '\n"
	"exec <>/dev/hvc0 >&0 2>&1\n"
	"stty rows \"$2\" cols \"$3\"\n"
	"cd /root; exec bash --norc --noprofile -i\n";

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
	.doc = "Opens a root shell in a fresh guest with vkm loaded. Its exit status is this "
	       "program's; Ctrl-] gives the guest up. No figures come from here, so without KVM "
	       "the guest is emulated with the machine's clock unless --accelerator says "
	       "otherwise.",
};

/* Counting instructions would make a prompt slow, for nothing. */
static int choose(struct guest_options *guest, struct error *err)
{
	struct accelerator_choice choice;

	if (strcmp(guest->accelerator, "auto"))
		return 0;
	if (accelerator_choose("auto", guest->kernel, &choice, err))
		return -1;
	guest->accelerator = choice.accelerator == ACCELERATOR_ICOUNT
				     ? "mttcg"
				     : accelerator_name(choice.accelerator);
	return 0;
}

static void say(void *context, int stream, const char *line)
{
	(void)context;
	(void)stream;
	fprintf(stderr, "%s\n", line);
}

static int load(struct vm *vm, struct error *err)
{
	const char *const argv[] = {"insmod", "/vkernel/kmod/vkm.ko", NULL};
	int status;

	if (vm_exec(vm, argv, LOAD_TIMEOUT, say, NULL, &status, err))
		return -1;
	if (status)
		fprintf(stderr, "vkbench shell: vkm.ko could not be loaded\n");
	return 0;
}

static int run(struct vm *vm, int guest, struct error *err)
{
	const char *type = getenv("TERM");
	char rows[16], columns[16];
	const char *const argv[] = {"sh", "-c",	   script, "sh", type ? type : "dumb",
				    rows, columns, NULL};
	struct winsize size = {.ws_row = 24, .ws_col = 80};
	struct terminal terminal;
	int status, result;

	ioctl(STDIN_FILENO, TIOCGWINSZ, &size);
	snprintf(rows, sizeof(rows), "%u", size.ws_row);
	snprintf(columns, sizeof(columns), "%u", size.ws_col);
	if (load(vm, err) || terminal_enter(&terminal, guest, err))
		return -1;
	result = vm_exec(vm, argv, SHELL_TIMEOUT, NULL, NULL, &status, err);
	terminal_leave(&terminal);
	return result ? -1 : status;
}

static int boot(struct guest_options *guest, const char *folder, struct error *err)
{
	struct accelerator_choice choice;
	autoclose int ours = -1, theirs = -1;
	struct vm *vm;
	int ends[2], result;

	if (!isatty(STDIN_FILENO))
		return error_set(err, EXIT_USAGE,
				 "standard input is no terminal; vkbench exec "
				 "runs a command without one");
	if (choose(guest, err))
		return -1;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends))
		return error_set_errno(err, EXIT_ENVIRONMENT, errno, "making a pair of sockets");
	ours = ends[0];
	theirs = guest->terminal = ends[1];
	if (guest_options_boot(guest, folder, &choice, &vm, err))
		return -1;
	result = run(vm, ours, err);
	vm_stop(vm);
	return result;
}

int command_shell(int argc, char **argv)
{
	struct guest_options guest;
	char folder[PATH_MAX];
	struct error err;
	int status;

	argp_err_exit_status = EXIT_USAGE;
	argp_parse(&argp, argc, argv, 0, NULL, &guest);
	if (scratch_make(folder, &err))
		return error_report(&err, argv[0]);
	status = boot(&guest, folder, &err);
	scratch_remove(folder);
	return status < 0 ? error_report(&err, argv[0]) : status;
}
