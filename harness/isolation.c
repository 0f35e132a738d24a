// SPDX-License-Identifier: GPL-2.0
/* vkbench isolation: every scenario in every configuration, in one guest. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "harness/command.h"
#include "harness/guest/configuration.h"
#include "harness/guest_options.h"
#include "harness/isolation-guest.h"
#include "harness/isolation-report.h"
#include "lib/scratch.h"
#include "lib/cleanup.h"
#include "lib/file.h"
#include "scenarios/scenario.h"

enum { KEY_ONLY = 0x200, KEY_CONFIG, KEY_OUTPUT };

struct isolation_options {
	struct guest_options guest;
	const char *only, *config; /* names with commas between them, or NULL: all */
	const char *output;	   /* the folder of the results, or NULL */
};

/* A check under way. */
struct check {
	const struct isolation_options *options;
	struct vm *vm;
	json_t *verdicts;
	unsigned int number, unexpected; /* tests printed, tests that failed */
	bool vkm;			 /* is vkm loaded? */
};

static const struct argp_option options[] = {
	{.name = "only", .key = KEY_ONLY, .arg = "S,...", .doc = "these scenarios (all)"},
	{.name = "config",
	 .key = KEY_CONFIG,
	 .arg = "C,...",
	 .doc = "these configurations (those of crun and vkernel)"},
	{.name = "output",
	 .key = KEY_OUTPUT,
	 .arg = "FOLDER",
	 .doc = "where isolation.json and console.log go (results/<time>-isolation)"},
	{0},
};

static const struct argp_child children[] = {{.argp = &guest_options_argp}, {0}};

/* Is name one of the names in list? */
static bool listed(const char *list, const char *name)
{
	size_t length = strlen(name);

	if (!list)
		return true;
	for (const char *at = list; at; at = strchr(at, ',')) {
		at += *at == ',';
		if (!strncmp(at, name, length) && (!at[length] || at[length] == ','))
			return true;
	}
	return false;
}

static bool known_scenario(const char *name)
{
	return scenario_find(name);
}

static bool known_configuration(const char *name)
{
	const struct configuration *configuration = configuration_find(name);

	return configuration && !configuration->micro_only;
}

static void check_names(struct argp_state *state, const char *what, const char *list,
			bool (*known)(const char *name))
{
	autofree char *copy = strdup(list);
	char *rest = copy, *name;

	while ((name = strsep(&rest, ",")))
		if (!known(name))
			argp_error(state, "there is no %s \"%s\"", what, name);
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct isolation_options *values = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &values->guest;
		return 0;
	case KEY_ONLY:
		check_names(state, "scenario", arg, known_scenario);
		values->only = arg;
		return 0;
	case KEY_CONFIG:
		check_names(state, "configuration", arg, known_configuration);
		values->config = arg;
		return 0;
	case KEY_OUTPUT:
		values->output = arg;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static char *help_filter(int key, const char *text, void *input)
{
	char *help = NULL;
	size_t size;
	FILE *out;

	(void)input;
	if (key != ARGP_KEY_HELP_POST_DOC)
		return (char *)text;
	out = open_memstream(&help, &size);
	if (!out)
		return NULL;
	fputs("Scenarios:\n", out);
	for (const struct scenario *const *row = scenarios; *row; row++)
		fprintf(out, "  %-24s %s\n", (*row)->name, (*row)->summary);
	fputs("\nConfigurations:\n", out);
	for (unsigned int i = 0; i < configurations_count; i++)
		if (!configurations[i].micro_only)
			fprintf(out, "  %-24s %s\n", configurations[i].name,
				configurations[i].summary);
	return fclose(out) ? NULL : help;
}

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.children = children,
	.doc = "Tries every scenario in every configuration in a guest, prints KTAP and a matrix, "
	       "and writes isolation.json. Exit status 1: a verdict was not the expected one."
	       "\v ",
	.help_filter = help_filter,
};

/* Two forms of one filter isolate alike; others' runtimes are attacked where they are named. */
static bool is_attacked(const struct check *check, const struct configuration *configuration)
{
	if (!check->options->config && configuration->peer)
		return false;
	return !configuration->micro_only && listed(check->options->config, configuration->name);
}

static unsigned int count_tests(const struct check *check)
{
	unsigned int scenario_count = 0, configuration_count = 0;

	for (const struct scenario *const *row = scenarios; *row; row++)
		scenario_count += listed(check->options->only, (*row)->name);
	for (unsigned int i = 0; i < configurations_count; i++)
		configuration_count += is_attacked(check, &configurations[i]);
	return scenario_count * configuration_count + check->vkm + 1;
}

static int attempt(struct check *check, const char *scenario, const char *configuration,
		   struct error *err)
{
	json_t *verdict;

	if (isolation_attempt(check->vm, scenario, configuration, &verdict, err))
		return -1;
	isolation_print_verdict(stdout, ++check->number, verdict);
	fflush(stdout);
	check->unexpected += !isolation_as_expected(verdict);
	json_array_append_new(check->verdicts, verdict);
	return 0;
}

static int attempt_all(struct check *check, struct error *err)
{
	for (const struct scenario *const *row = scenarios; *row; row++)
		for (unsigned int i = 0; i < configurations_count; i++)
			if (listed(check->options->only, (*row)->name) &&
			    is_attacked(check, &configurations[i]) &&
			    attempt(check, (*row)->name, configurations[i].name, err))
				return -1;
	return 0;
}

static int load_vkm(struct check *check, struct error *err)
{
	autofree char *why = NULL;

	if (isolation_load_vkm(check->vm, &why, err))
		return error_context(err, "loading vkm");
	check->vkm = !why;
	if (why)
		printf("# vkm is not loaded: %s\n", why);
	return 0;
}

static int unload_vkm(struct check *check, struct error *err)
{
	autofree char *why = NULL;
	json_t *comments;

	if (!check->vkm)
		return 0;
	if (isolation_unload_vkm(check->vm, &why, err))
		return error_context(err, "unloading vkm");
	comments = why ? json_pack("[s]", why) : NULL;
	isolation_print_check(stdout, ++check->number, "vkm unloads when no container is left",
			      !why, comments);
	json_decref(comments);
	check->unexpected += why != NULL;
	return 0;
}

static int check_log(struct check *check, struct error *err)
{
	json_t *complaints;
	bool good;

	if (isolation_complaints(check->vm, &complaints, err))
		return -1;
	good = !json_array_size(complaints);
	isolation_print_check(stdout, ++check->number, "the kernel's log ends without a complaint",
			      good, complaints);
	json_decref(complaints);
	check->unexpected += !good;
	return 0;
}

static int run_checks(struct check *check, struct error *err)
{
	if (load_vkm(check, err))
		return -1;
	isolation_print_head(stdout, count_tests(check));
	if (attempt_all(check, err) || unload_vkm(check, err) || check_log(check, err))
		return -1;
	isolation_print_matrix(stdout, check->verdicts);
	return 0;
}

static int write_results(const struct check *check, const char *folder, const char *accelerator,
			 struct error *err)
{
	autofree char *path = NULL;
	autofree char *contents = NULL;
	json_t *all = json_pack("{s:i, s:s, s:s, s:i, s:O}", "schema", ISOLATION_SCHEMA, "kernel",
				vm_hello(check->vm)->kernel, "accelerator", accelerator,
				"unexpected", (int)check->unexpected, "verdicts", check->verdicts);

	contents = json_dumps(all, JSON_INDENT(1));
	json_decref(all);
	if (!contents || asprintf(&path, "%s/isolation.json", folder) < 0)
		return error_set(err, EXIT_ENVIRONMENT, "no memory for isolation.json");
	return file_write(path, contents, strlen(contents), err);
}

/* No figures are read here: plain emulation is several times faster than counting instructions. */
static int choose_accelerator(struct guest_options *guest, struct error *err)
{
	struct accelerator_choice choice;

	if (strcmp(guest->accelerator, "auto"))
		return 0;
	if (accelerator_choose(guest->accelerator, guest->kernel, &choice, err))
		return -1;
	guest->accelerator = choice.accelerator == ACCELERATOR_KVM ? "kvm" : "mttcg";
	return 0;
}

static int check_in_guest(const struct isolation_options *values, const char *folder,
			  unsigned int *unexpected, struct error *err)
{
	struct check check = {.options = values, .verdicts = json_array()};
	struct accelerator_choice choice;
	int result;

	result = guest_options_boot(&values->guest, folder, &choice, &check.vm, err);
	if (!result) {
		result = run_checks(&check, err);
		if (!result)
			result = write_results(&check, folder, accelerator_name(choice.accelerator),
					       err);
		vm_stop(check.vm);
	}
	*unexpected = check.unexpected;
	json_decref(check.verdicts);
	return result;
}

static void name_folder(const struct isolation_options *values, char folder[PATH_MAX])
{
	time_t now = time(NULL);
	struct tm parts;

	if (values->output) {
		snprintf(folder, PATH_MAX, "%s", values->output);
		for (size_t end = strlen(folder); end > 1 && folder[end - 1] == '/'; end--)
			folder[end - 1] = '\0';
		return;
	}
	gmtime_r(&now, &parts);
	strftime(folder, PATH_MAX, "results/%Y-%m-%dT%H-%M-%SZ-isolation", &parts);
	mkdir("results", 0777);
}

static int check_folder(const char *folder, struct error *err)
{
	if (access(folder, F_OK))
		return 0;
	return error_set(err, EXIT_USAGE, "%s is there already; name a new folder", folder);
}

/* The results are made in a folder beside, which gets their name when they are complete. */
static int check_into(const struct isolation_options *values, const char *folder,
		      unsigned int *unexpected, struct error *err)
{
	autofree char *partial = NULL;

	if (asprintf(&partial, "%s.partial", folder) < 0)
		return error_set(err, EXIT_ENVIRONMENT, "no memory for a path");
	if (mkdir(partial, 0777))
		return error_set_errno(err, EXIT_ENVIRONMENT, errno, "cannot make folder %s",
				       partial);
	if (!check_in_guest(values, partial, unexpected, err)) {
		if (!rename(partial, folder))
			return 0;
		error_set_errno(err, EXIT_ENVIRONMENT, errno, "cannot rename %s to %s", partial,
				folder);
	}
	scratch_remove(partial);
	return -1;
}

int command_isolation(int argc, char **argv)
{
	struct isolation_options values = {0};
	char folder[PATH_MAX];
	unsigned int unexpected = 0;
	struct error err;

	argp_err_exit_status = EXIT_USAGE;
	argp_parse(&argp, argc, argv, 0, NULL, &values);
	name_folder(&values, folder);
	if (check_folder(folder, &err) || choose_accelerator(&values.guest, &err) ||
	    check_into(&values, folder, &unexpected, &err))
		return error_report(&err, argv[0]);
	printf("#\n# %s/isolation.json has the evidence.\n", folder);
	return unexpected ? EXIT_FINDING : EXIT_GOOD;
}
