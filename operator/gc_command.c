// SPDX-License-Identifier: GPL-2.0
/* Takes away what killed runtimes left. */
#include <argp.h>
#include <stdbool.h>
#include <stdio.h>
#include <unistd.h>

#include "operator/command.h"
#include "runtime/cache.h"
#include "runtime/kept.h"
#include "runtime/sweep.h"

#define PROGRAM "vkernel gc"

static const struct argp_option options[] = {
	{.name = "dry-run", .key = 'n', .doc = "say what would be taken away, and change nothing"},
	{.name = "cache",
	 .key = 'c',
	 .arg = "FOLDER",
	 .doc = "where policies are cached (VKERNEL_CACHE_DIR, else " CACHE_FOLDER ")"},
	{0}};

struct gc {
	struct sweep sweep;
	const char *cache;
	size_t failures;
	enum exit_status status; /* of the last failure */
};

static error_t parse(int key, char *argument, struct argp_state *state)
{
	struct gc *gc = state->input;

	switch (key) {
	case 'n':
		gc->sweep.dry_run = true;
		return 0;
	case 'c':
		gc->cache = argument;
		return 0;
	case ARGP_KEY_ARG:
		argp_error(state, "\"%s\": gc takes no arguments", argument);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.doc = "Take away what killed runtimes and a crashed host left: instances whose containers "
	       "are over or never were, state folders, half-written files. What belongs to a "
	       "container that runs or is just starting stays.",
};

static void found(void *context, const char *what)
{
	const struct gc *gc = context;

	fputs(gc->sweep.dry_run ? "would remove " : "removing ", stdout);
	print_plain(stdout, what);
	fputc('\n', stdout);
}

static void failed(void *context, const struct error *err)
{
	struct gc *gc = context;

	gc->status = error_report(err, PROGRAM);
	gc->failures++;
}

/* A log that cannot be kept is lost, with a word. */
static void keep_log(const char *name)
{
	struct error err;

	if (!kept_save(name, &err))
		return;
	error_context(&err, "the container's log is lost");
	error_report(&err, PROGRAM);
}

int gc_command(int argc, char **argv, struct error *err)
{
	struct gc gc = {.sweep = {.found = found, .failed = failed, .farewell = keep_log}};

	gc.sweep.context = &gc;
	if (argp_parse(&argp, argc, argv, 0, NULL, &gc))
		return error_set(err, EXIT_USAGE, "wrong usage; see vkernel gc --help");
	if (geteuid())
		return error_set(err, EXIT_ENVIRONMENT, "only root may do this");
	if (sweep_instances(&gc.sweep, err) ||
	    sweep_folder(&gc.sweep, kept_folder, kept_is_temporary, err) ||
	    sweep_folder(&gc.sweep, cache_folder(gc.cache), cache_is_temporary, err))
		return -1;
	if (gc.failures)
		return error_set(err, gc.status, "%zu could not be taken away", gc.failures);
	return end_output(err);
}
