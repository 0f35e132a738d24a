// SPDX-License-Identifier: GPL-2.0
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "builder/difference.h"
#include "lib/cleanup.h"
#include "operator/command.h"
#include "operator/inforce.h"
#include "operator/profile_options.h"

#define COMPARED 2

enum option_key {
	OPTION_DIFF = 'd',
	OPTION_TOGETHER = 't',
};

struct options {
	struct profile_options profile;
	const char **what;
	size_t count;
	bool diff, together;
};

/* A policy, and the bytes that it is a view of. */
struct view {
	void *blob;
	struct policy policy;
};

static const struct argp_option option_table[] = {
	{.name = "diff",
	 .key = OPTION_DIFF,
	 .doc = "say what the second of two does differently, which is also what two without an "
		"option mean; the exit status is 1 where they differ and 0 where not"},
	{.name = "together",
	 .key = OPTION_TOGETHER,
	 .doc = "say what several sources make together, as vkernel build puts them together"},
	{0}};

static error_t add(struct options *options, const char *what)
{
	const char **grown =
		reallocarray(options->what, options->count + 1, sizeof(*options->what));

	if (!grown) {
		error_set(options->profile.err, EXIT_ENVIRONMENT, "no memory for options");
		return ENOMEM;
	}
	options->what = grown;
	grown[options->count++] = what;
	return 0;
}

static void check(const struct options *options, struct argp_state *state)
{
	if (!options->count)
		argp_error(state, "a source's file name (- is standard input) or a container is "
				  "needed");
	if (options->diff && options->together)
		argp_error(state, "--diff and --together exclude each other");
	if (options->diff && options->count != COMPARED)
		argp_error(state, "--diff compares two");
	if (!options->together && options->count > COMPARED)
		argp_error(state, "one is explained and two are compared; --together says what "
				  "several make together");
}

static error_t parse_option(int key, char *argument, struct argp_state *state)
{
	struct options *options = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &options->profile;
		return 0;
	case ARGP_KEY_ARG:
		return add(options, argument);
	case OPTION_DIFF:
		options->diff = true;
		return 0;
	case OPTION_TOGETHER:
		options->together = true;
		return 0;
	case ARGP_KEY_END:
		check(options, state);
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

static const struct argp_child children[] = {{.argp = &profile_options_argp}, {0}};

static const struct argp argp = {
	.options = option_table,
	.parser = parse_option,
	.children = children,
	.args_doc = "SOURCE|ID [SOURCE|ID]",
	.doc = "Says in words what a policy enforces: the one that a profile source makes (a "
	       "seccomp profile, an AppArmor profile, a vKernel profile in YAML, a policy blob, an "
	       "instance module; - is standard input), or the one that the running container ID is "
	       "under. Of two, says what the second does differently."
	       "\vWhat contains a / is a file, and so is the name of a file in this folder; "
	       "everything else is a container's id or its beginning, or an instance's name. "
	       "Sources are read as vkernel build reads them.",
};

/* A container's id contains no /; a file of its name was put where the command is run. */
static bool is_file(const char *what)
{
	return !strcmp(what, "-") || strchr(what, '/') || !access(what, F_OK);
}

/* What the named sources make. */
static int read_sources(const struct profile_options *template, const char *const *what,
			size_t count, struct view *view, struct error *err)
{
	struct profile_options options = *template;
	size_t size;
	int ret = 0;

	options.named = NULL;
	options.named_count = 0;
	for (size_t i = 0; i < template->named_count && !ret; i++)
		ret = profile_options_name(&options, template->named[i].path,
					   template->named[i].kind);
	for (size_t i = 0; i < count && !ret; i++)
		ret = profile_options_name(&options, what[i], SOURCE_UNKNOWN);
	if (ret || profile_options_read(&options, err) ||
	    profile_options_build(&options, &view->blob, &size, err) ||
	    blob_parse("the policy", view->blob, size, &view->policy, err))
		ret = -1;
	free(options.named);
	sources_free(&options.sources);
	return ret;
}

static int read_container(const char *which, struct view *view, struct error *err)
{
	const struct instance *instance;
	struct instances instances;
	int ret = -1;

	if (instances_read(&instances, err))
		return error_context(err, "no file \"%s\", and containers cannot be asked", which);
	instance = instances_find(&instances, which, err);
	if (instance)
		ret = policy_in_force(instance, &view->blob, &view->policy, err);
	else
		error_context(err, "no file \"%s\"", which);
	instances_free(&instances);
	return ret;
}

static int read_view(const struct options *options, size_t index, struct view *view,
		     struct error *err)
{
	const char *what = options->what[index];

	if (is_file(what))
		return read_sources(&options->profile, &what, 1, view, err);
	return read_container(what, view, err);
}

static int compare(const struct options *options, struct error *err)
{
	struct view views[COMPARED] = {0};
	int ret = -1;

	if (!strcmp(options->what[0], "-") && !strcmp(options->what[1], "-"))
		return error_set(err, EXIT_USAGE, "standard input holds one profile, not two");
	if (!read_view(options, 0, &views[0], err) && !read_view(options, 1, &views[1], err))
		ret = words_difference(stdout, &views[0].policy, &views[1].policy, err);
	if (ret >= 0 && end_output(err))
		ret = -1;
	free(views[0].blob);
	free(views[1].blob);
	return ret == 1 ? EXIT_FINDING : ret;
}

static int explain(const struct options *options, struct error *err)
{
	struct view view = {0};
	const int ret = options->together ? read_sources(&options->profile, options->what,
							 options->count, &view, err)
					  : read_view(options, 0, &view, err);

	if (!ret)
		words_print(stdout, &view.policy);
	free(view.blob);
	return ret ? -1 : end_output(err);
}

int policy_command(int argc, char **argv, struct error *err)
{
	struct options options = {.profile = {.program = argv[0], .err = err}};
	int ret = -1;

	if (!argp_parse(&argp, argc, argv, 0, NULL, &options) &&
	    !profile_options_default(&options.profile, err))
		ret = options.count == COMPARED && !options.together ? compare(&options, err)
								     : explain(&options, err);
	free(options.what);
	profile_options_free(&options.profile);
	return ret;
}
