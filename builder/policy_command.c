// SPDX-License-Identifier: GPL-2.0
#include <argp.h>
#include <errno.h>
#include <string.h>

#include "builder/builder.h"
#include "builder/command.h"
#include "lib/cleanup.h"

static error_t parse_option(int key, char *argument, struct argp_state *state)
{
	const char **file = state->input;

	switch (key) {
	case ARGP_KEY_ARG:
		if (*file)
			argp_error(state, "one blob at a time");
		*file = argument;
		return 0;
	case ARGP_KEY_END:
		if (!*file)
			argp_error(state, "a blob's file name is needed; - is standard input");
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

static const struct argp argp = {
	.parser = parse_option,
	.args_doc = "FILE",
	.doc = "Says in words what the policy blob in FILE (- is standard input) enforces.",
};

int policy_command(int argc, char **argv, struct error *err)
{
	const char *file = NULL;
	autofree char *blob = NULL;
	struct policy policy;
	size_t size;

	if (argp_parse(&argp, argc, argv, 0, NULL, &file))
		return error_set(err, EXIT_USAGE, "wrong usage; see vkernel policy --help");
	if (read_input(file, POLICY_SIZE_MAX, &blob, &size, err) ||
	    blob_parse(strcmp(file, "-") ? file : "standard input", blob, size, &policy, err))
		return -1;
	words_print(stdout, &policy);
	if (fflush(stdout) || ferror(stdout))
		return error_set_errno(err, EXIT_ENVIRONMENT, errno,
				       "cannot write to standard output");
	return 0;
}
