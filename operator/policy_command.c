// SPDX-License-Identifier: GPL-2.0
#include <argp.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "builder/builder.h"
#include "lib/cleanup.h"
#include "operator/command.h"
#include "operator/inforce.h"

static error_t parse_option(int key, char *argument, struct argp_state *state)
{
	const char **what = state->input;

	switch (key) {
	case ARGP_KEY_ARG:
		if (*what)
			argp_error(state, "one policy at a time");
		*what = argument;
		return 0;
	case ARGP_KEY_END:
		if (!*what)
			argp_error(state,
				   "a blob's file name (- is standard input) or a container is "
				   "needed");
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

static const struct argp argp = {
	.parser = parse_option,
	.args_doc = "FILE|ID",
	.doc = "Says in words what a policy enforces: that of the blob in FILE (- is standard "
	       "input), or the one that the running container ID is under."
	       "\vWhat contains a / is a file, and so is the name of a file in this folder; "
	       "everything else is a container's id or its beginning, or an instance's name.",
};

/* A container's id contains no /; a file of its name was put where the command is run. */
static bool is_file(const char *what)
{
	return !strcmp(what, "-") || strchr(what, '/') || !access(what, F_OK);
}

static int read_file(const char *path, void **blob, struct policy *policy, struct error *err)
{
	autofree char *bytes = NULL;
	size_t size;

	if (read_input(path, POLICY_SIZE_MAX, &bytes, &size, err) ||
	    blob_parse(input_name(path), bytes, size, policy, err))
		return -1;
	*blob = steal_pointer(bytes);
	return 0;
}

static int read_container(const char *which, void **blob, struct policy *policy, struct error *err)
{
	const struct instance *instance;
	struct instances instances;
	int ret = -1;

	if (instances_read(&instances, err))
		return error_context(err, "no file \"%s\", and containers cannot be asked", which);
	instance = instances_find(&instances, which, err);
	if (instance)
		ret = policy_in_force(instance, blob, policy, err);
	else
		error_context(err, "no file \"%s\"", which);
	instances_free(&instances);
	return ret;
}

int policy_command(int argc, char **argv, struct error *err)
{
	autofree void *blob = NULL;
	const char *what = NULL;
	struct policy policy;
	int ret;

	if (argp_parse(&argp, argc, argv, 0, NULL, &what))
		return error_set(err, EXIT_USAGE, "wrong usage; see vkernel policy --help");
	ret = is_file(what) ? read_file(what, &blob, &policy, err)
			    : read_container(what, &blob, &policy, err);
	if (ret)
		return -1;
	words_print(stdout, &policy);
	return end_output(err);
}
