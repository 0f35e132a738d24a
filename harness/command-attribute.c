// SPDX-License-Identifier: GPL-2.0
/* vkbench attribute: where the instructions of one configuration over another go. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "harness/cache.h"
#include "harness/command.h"
#include "harness/guest_options.h"
#include "harness/profile/difference.h"
#include "harness/profile/flame.h"
#include "harness/profile/same_build.h"
#include "harness/profile/store.h"
#include "harness/profile/take.h"
#include "lib/cleanup.h"
#include "lib/file.h"
#include "workloads/workload.h"

#define NAMES_MOST 64
#define TOP	   30
#define FILE_NAME  "attribution.jsonl"

struct attribute_options {
	struct guest_options guest;
	const char *workload_names, *configuration_names, *folder;
	unsigned int top;
	bool stored;
	bool disagrees; /* something was attributed that is not what the clock counted */
	const struct workload *workloads[NAMES_MOST];
	const struct configuration *configurations[NAMES_MOST]; /* the first is compared with */
};

enum { KEY_TOP = 0x300, KEY_STORED, KEY_ALL };

static const struct argp_option options[] = {
	{.name = "workload", .key = 'w', .arg = "W,...", .doc = "these workloads (open-close)"},
	{.name = "config",
	 .key = 'C',
	 .arg = "C,...",
	 .doc = "these configurations, where the workload is measured in them; the others are "
		"compared with the first (crun,vkernel)"},
	{.name = "output",
	 .key = 'o',
	 .arg = "DIR",
	 .doc = "put " FILE_NAME " and pictures into DIR, which exists: a run's folder"},
	{.name = "top", .key = KEY_TOP, .arg = "N", .doc = "print this many symbols (30)"},
	{.name = "all", .key = KEY_ALL, .doc = "print all symbols"},
	{.name = "stored",
	 .key = KEY_STORED,
	 .doc = "start no guest: compare what DIR/" FILE_NAME " has"},
	{0},
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct attribute_options *values = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		values->workload_names = "open-close";
		values->configuration_names = "crun,vkernel";
		values->top = TOP;
		state->child_inputs[0] = &values->guest;
		return 0;
	case 'w':
		values->workload_names = arg;
		return 0;
	case 'C':
		values->configuration_names = arg;
		return 0;
	case 'o':
		values->folder = arg;
		return 0;
	case KEY_TOP:
		values->top = parse_count(state, "top", arg, 100000);
		return 0;
	case KEY_ALL:
		values->top = 0;
		return 0;
	case KEY_STORED:
		values->stored = true;
		return 0;
	case ARGP_KEY_END:
		if (values->stored && !values->folder)
			argp_error(state, "--stored needs --output, where the file is");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_child children[] = {{.argp = &guest_options_argp}, {0}};
static const struct argp argp = {
	.options = options,
	.parser = parse,
	.children = children,
	.doc = "Runs workloads in a guest on the instruction clock, attributes every instruction "
	       "of their timed part to a symbol, and prints where configurations differ.",
};

static const void *find_workload(const char *name)
{
	return workload_find(name);
}

static const void *find_configuration(const char *name)
{
	return configuration_find(name);
}

/* The rows that the comma-separated names stand for, in their order. */
static int parse_names(const char *names, const char *what, const void *(*find)(const char *name),
		       const void *rows[NAMES_MOST], struct error *err)
{
	autofree char *copy = strdup(names);
	unsigned int count = 0;
	char *rest = copy;

	for (char *name; copy && (name = strsep(&rest, ","));) {
		if (count == NAMES_MOST - 1)
			return error_set(err, EXIT_USAGE, "more than %d %ss", NAMES_MOST - 1, what);
		rows[count] = find(name);
		if (!rows[count++])
			return error_set(err, EXIT_USAGE, "no %s is called '%s'", what, name);
	}
	return copy ? 0 : error_set(err, EXIT_ENVIRONMENT, "no memory for the names");
}

static int check_cells(const struct attribute_options *values, struct error *err)
{
	for (size_t w = 0; values->workloads[w]; w++) {
		const struct workload *workload = values->workloads[w];

		if (!(workload->clocks & ON_INSTRUCTIONS) || workload->copies > 1)
			return error_set(err, EXIT_USAGE,
					 "%s cannot be attributed: it means nothing on the "
					 "instruction clock, or launches several at once",
					 workload->name);
		if (!workload_runs_in(workload, values->configurations[0]))
			return error_set(err, EXIT_USAGE,
					 "%s is not measured in %s, which the others are to be "
					 "compared with",
					 workload->name, values->configurations[0]->name);
	}
	return 0;
}

static int check_folder(const char *folder, struct error *err)
{
	struct stat status;

	if (!folder || (!stat(folder, &status) && S_ISDIR(status.st_mode)))
		return 0;
	return error_set(err, EXIT_USAGE, "%s is not a folder; make it first", folder);
}

/* A run's report is of one build. */
static int check_build(const struct attribute_options *values, struct error *err)
{
	struct attribution_files files;

	if (!values->folder || values->stored)
		return 0;
	return attribution_files_find(values->guest.kernel, &files, err) ||
			       same_build(values->folder, files.payload, err)
		       ? -1
		       : 0;
}

/* What a folder of results is called. */
static char *run_name(const char *folder)
{
	autofree char *path = folder ? realpath(folder, NULL) : NULL;
	const char *slash = path ? strrchr(path, '/') : NULL;

	return strdup(slash ? slash + 1 : "none");
}

static int take_cell(struct take *take, struct attribute_options *values,
		     const struct workload *workload, const struct configuration *configuration,
		     struct profiles *profiles, struct error *err)
{
	struct profile profile;
	struct error disagreement;

	if (take_one(take, workload->name, configuration->name, &profile, err))
		return -1;
	profile.boot = 1;
	profile.run = run_name(values->folder);
	fprintf(stderr,
		"vkbench: %s in %s: %.0f instructions attributed, %.2f %% of what the clock "
		"counted\n",
		workload->name, configuration->name, (double)profile.instructions,
		100 * (double)profile.instructions / profile.elapsed_ns);
	if (take_agrees(&profile, &disagreement)) {
		error_report(&disagreement, "vkbench attribute");
		values->disagrees = true;
	}
	if (profile.run && !profiles_put(profiles, &profile, err))
		return 0;
	profile_clear(&profile);
	return error_set(err, EXIT_ENVIRONMENT, "no memory for an attribution");
}

static int take_cells(struct take *take, struct attribute_options *values,
		      struct profiles *profiles, struct error *err)
{
	for (size_t w = 0; values->workloads[w]; w++)
		for (size_t c = 0; values->configurations[c]; c++)
			if (workload_runs_in(values->workloads[w], values->configurations[c]) &&
			    take_cell(take, values, values->workloads[w], values->configurations[c],
				      profiles, err))
				return -1;
	return 0;
}

static int take_all(struct attribute_options *values, struct profiles *profiles, struct error *err)
{
	struct take *take;
	int result;

	if (take_begin(&values->guest, &take, err))
		return -1;
	result = take_cells(take, values, profiles, err);
	take_end(take);
	return result;
}

static int draw_pair(const char *folder, const struct profile *before, const struct profile *after,
		     struct error *err)
{
	autofree char *path = NULL, *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	int result;

	if (!out || asprintf(&path, "%s/attribution-%s-%s-%s.svg", folder, after->workload,
			     before->configuration, after->configuration) < 0) {
		if (out)
			fclose(out);
		return error_set(err, EXIT_ENVIRONMENT, "no memory for a picture");
	}
	result = flame_write(out, before, after, err);
	if (fclose(out) && !result)
		result = error_set(err, EXIT_ENVIRONMENT, "no memory for a picture");
	return result ? -1 : file_write(path, text, size, err);
}

static int print_pair(const struct attribute_options *values, const struct profiles *profiles,
		      const char *workload, const char *base, const char *configuration,
		      struct error *err)
{
	const struct profile *before = profiles_find(profiles, workload, base);
	const struct profile *after = profiles_find(profiles, workload, configuration);

	if (!before || !after)
		return error_set(err, EXIT_USAGE, "there is no attribution of %s in %s", workload,
				 before ? configuration : base);
	if (difference_print(stdout, before, after, values->top, err))
		return -1;
	putchar('\n');
	return values->folder && before != after ? draw_pair(values->folder, before, after, err)
						 : 0;
}

static int print_all(const struct attribute_options *values, const struct profiles *profiles,
		     struct error *err)
{
	const char *base = values->configurations[0]->name;

	for (size_t w = 0; values->workloads[w]; w++)
		for (size_t c = values->configurations[1] ? 1 : 0; values->configurations[c]; c++)
			if (workload_runs_in(values->workloads[w], values->configurations[c]) &&
			    print_pair(values, profiles, values->workloads[w]->name, base,
				       values->configurations[c]->name, err))
				return -1;
	return 0;
}

static int attribute(struct attribute_options *values, struct profiles *profiles, struct error *err)
{
	char path[PATH_MAX + 32] = "";

	if (values->folder) {
		snprintf(path, sizeof(path), "%s/" FILE_NAME, values->folder);
		if (profiles_read(path, !values->stored, profiles, err))
			return -1;
	}
	if (!values->stored) {
		if (take_all(values, profiles, err))
			return -1;
		if (values->folder && profiles_write(path, profiles, err))
			return -1;
	}
	return print_all(values, profiles, err);
}

int command_attribute(int argc, char **argv)
{
	struct attribute_options values = {0};
	struct profiles profiles = {0};
	struct error err;
	int result;

	argp_err_exit_status = EXIT_USAGE;
	argp_parse(&argp, argc, argv, 0, NULL, &values);
	if (parse_names(values.workload_names, "workload", find_workload,
			(const void **)values.workloads, &err) ||
	    parse_names(values.configuration_names, "configuration", find_configuration,
			(const void **)values.configurations, &err) ||
	    check_cells(&values, &err) || check_folder(values.folder, &err) ||
	    check_build(&values, &err))
		return error_report(&err, argv[0]);
	result = attribute(&values, &profiles, &err);
	profiles_clear(&profiles);
	if (result)
		return error_report(&err, argv[0]);
	return values.disagrees ? EXIT_FINDING : EXIT_GOOD;
}
