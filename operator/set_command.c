// SPDX-License-Identifier: GPL-2.0
#include <argp.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "lib/cleanup.h"
#include "operator/command.h"
#include "operator/inforce.h"
#include "operator/profile_options.h"

#define LOCK_SECONDS  60
#define LOCK_PAUSE_US 10000

struct options {
	struct profile_options profile;
	const char *which;
};

static error_t parse_option(int key, char *argument, struct argp_state *state)
{
	struct options *options = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &options->profile;
		return 0;
	case ARGP_KEY_ARG:
		if (options->which)
			return profile_options_name(&options->profile, argument, SOURCE_UNKNOWN)
				       ? EINVAL
				       : 0;
		options->which = argument;
		return 0;
	case ARGP_KEY_END:
		if (!options->which || !options->profile.named_count)
			argp_error(state, "a container and a profile are needed");
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

static const struct argp_child children[] = {{.argp = &profile_options_argp}, {0}};

static const struct argp argp = {
	.parser = parse_option,
	.children = children,
	.args_doc = "ID SOURCE...",
	.doc = "Puts another policy in place of the one that a running container is under: at "
	       "once, for all its tasks. ID is the container's id or its beginning, or the "
	       "instance's name; SOURCE any profile source (- is standard input)."
	       "\vOf a profile a policy is made as vkernel build does it, except that "
	       "capabilities, reaction to excess, log mode and name are the present policy's where "
	       "they are not given, and that masked and read-only paths stay. A blob is taken as "
	       "it is. Where the kernel refuses the policy, the one before stays.",
};

/*
 * Who writes a policy holds this file's lock: others wait. It is the kernel's file itself, so the
 * lock goes with the instance and leaves nothing.
 */
static int open_locked(const struct instance *instance, struct error *err)
{
	autoclose int fd = framework_open(instance->name, "policy", O_WRONLY);
	unsigned int tries = LOCK_SECONDS * (1000000u / LOCK_PAUSE_US);

	if (fd < 0)
		return error_set(err, EXIT_ENVIRONMENT, "cannot open \"policy\" of %s: %s",
				 instance->name, framework_reason(errno));
	while (flock(fd, LOCK_EX | LOCK_NB)) {
		if (errno != EWOULDBLOCK && errno != EINTR)
			return error_set_errno(err, EXIT_ENVIRONMENT, errno,
					       "cannot lock \"policy\" of %s", instance->name);
		if (!tries--)
			return error_set(err, EXIT_ENVIRONMENT,
					 "another vkernel set has not let go of %s within %d s",
					 instance->name, LOCK_SECONDS);
		usleep(LOCK_PAUSE_US);
	}
	return steal_fd(&fd);
}

/* Makes the blob that is to be in force, from what was read. */
static int make_blob(struct options *options, const struct policy *present, void **blob,
		     size_t *size, struct error *err)
{
	const struct source *prepared = sources_prepared(&options->profile.sources);
	char name[256];

	if (prepared && profile_options_given(&options->profile))
		return error_set(err, EXIT_USAGE,
				 "%s is %s, which is taken as it is: no option changes it",
				 prepared->name, source_kind_words(prepared->kind));
	if (!prepared && profile_options_inherit(&options->profile, present, name, err))
		return -1;
	return profile_options_build(&options->profile, blob, size, err);
}

static int set(struct options *options, const struct instance *instance, struct error *err)
{
	autofree void *present_blob = NULL, *blob = NULL;
	struct policy present;
	autoclose int fd = -1;
	size_t size;

	if (profile_options_read(&options->profile, err))
		return -1;
	fd = open_locked(instance, err);
	if (fd < 0 || policy_in_force(instance, &present_blob, &present, err) ||
	    make_blob(options, &present, &blob, &size, err))
		return -1;
	return policy_replace(instance, fd, blob, size, err);
}

static int find_and_set(struct options *options, struct error *err)
{
	const struct instance *instance;
	struct instances instances;
	int ret = -1;

	if (instances_read(&instances, err))
		return -1;
	instance = instances_find(&instances, options->which, err);
	if (instance)
		ret = set(options, instance, err);
	instances_free(&instances);
	return ret;
}

int set_command(int argc, char **argv, struct error *err)
{
	struct options options = {.profile = {.program = argv[0], .err = err}};
	int ret = -1;

	if (!argp_parse(&argp, argc, argv, 0, NULL, &options))
		ret = find_and_set(&options, err);
	profile_options_free(&options.profile);
	return ret;
}
