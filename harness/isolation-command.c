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
#include "harness/isolation.h"
#include "lib/cleanup.h"
#include "lib/scratch.h"
#include "scenarios/scenario.h"

enum { KEY_ONLY = 0x200, KEY_CONFIG, KEY_OUTPUT };

#define HELP_WIDTH 78

struct arguments {
	struct isolation_options isolation;
	const char *output; /* the folder of the results, or NULL */
};

static const struct argp_option options[] = {
	{.name = "only", .key = KEY_ONLY, .arg = "S,...", .doc = "these scenarios (all)"},
	{.name = "config",
	 .key = KEY_CONFIG,
	 .arg = "C,...",
	 .doc = "these configurations (native,crun,crun-secure,vkernel)"},
	{.name = "output",
	 .key = KEY_OUTPUT,
	 .arg = "FOLDER",
	 .doc = "where isolation.json and console.log go (results/<time>-isolation)"},
	{0},
};

static const struct argp_child children[] = {{.argp = &guest_options_argp}, {0}};

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
	struct arguments *values = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &values->isolation.guest;
		return 0;
	case KEY_ONLY:
		check_names(state, "scenario", arg, known_scenario);
		values->isolation.only = arg;
		return 0;
	case KEY_CONFIG:
		check_names(state, "configuration", arg, known_configuration);
		values->isolation.config = arg;
		return 0;
	case KEY_OUTPUT:
		values->output = arg;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

/* argp would go on at the margin, below the names. */
static void print_row(FILE *out, const char *name, const char *summary)
{
	size_t column = fprintf(out, "  %-24s", name), word;

	for (; *summary; summary += word + strspn(summary + word, " ")) {
		word = strcspn(summary, " ");
		if (column + 1 + word > HELP_WIDTH)
			column = fprintf(out, "\n%26s", "") - 1;
		column += fprintf(out, " %.*s", (int)word, summary);
	}
	fputc('\n', out);
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
		print_row(out, (*row)->name, (*row)->summary);
	fputs("\nConfigurations:\n", out);
	for (unsigned int i = 0; i < configurations_count; i++)
		if (!configurations[i].micro_only)
			print_row(out, configurations[i].name, configurations[i].summary);
	return fclose(out) ? NULL : help;
}

static const struct argp argp = {
	.options = options,
	.parser = parse,
	.children = children,
	.doc = "Tries every scenario in every configuration in a guest, prints KTAP and a matrix, "
	       "and writes isolation.json. Without KVM, the accelerator is mttcg unless another is "
	       "asked for. Exit status 1: a verdict was not the expected one."
	       "\v ",
	.help_filter = help_filter,
};

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

static void name_folder(const struct arguments *values, char folder[PATH_MAX])
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
static int check_into(const struct arguments *values, const char *folder, unsigned int *unexpected,
		      struct error *err)
{
	autofree char *partial = NULL;

	if (asprintf(&partial, "%s.partial", folder) < 0)
		return error_set(err, EXIT_ENVIRONMENT, "no memory for a path");
	if (mkdir(partial, 0777))
		return error_set_errno(err, EXIT_ENVIRONMENT, errno, "cannot make folder %s",
				       partial);
	if (!isolation_check(&values->isolation, partial, unexpected, err)) {
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
	struct arguments values = {.isolation.out = stdout};
	char folder[PATH_MAX];
	unsigned int unexpected = 0;
	struct error err;

	argp_err_exit_status = EXIT_USAGE;
	argp_parse(&argp, argc, argv, 0, NULL, &values);
	name_folder(&values, folder);
	if (check_folder(folder, &err) || choose_accelerator(&values.isolation.guest, &err) ||
	    check_into(&values, folder, &unexpected, &err))
		return error_report(&err, argv[0]);
	printf("#\n# %s/isolation.json has the evidence.\n", folder);
	return unexpected ? EXIT_FINDING : EXIT_GOOD;
}
