// SPDX-License-Identifier: GPL-2.0
#include "harness/isolation.h"

#include <stdlib.h>
#include <string.h>

#include "harness/guest/configuration.h"
#include "harness/isolation-guest.h"
#include "harness/isolation-report.h"
#include "lib/cleanup.h"
#include "lib/file.h"
#include "scenarios/scenario.h"

/* A check under way. */
struct check {
	const struct isolation_options *options;
	struct vm *vm;
	json_t *verdicts;
	json_t *failed;			 /* what failed beside them, in words */
	unsigned int number, unexpected; /* tests printed, tests that failed */
	bool vkm;			 /* is vkm loaded? */
};

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

static int attempt(struct check *check, const struct scenario *scenario, const char *configuration,
		   struct error *err)
{
	json_t *verdict;

	if (isolation_attempt(check->vm, scenario->name, configuration, &verdict, err))
		return -1;
	/* For the report, which is made where the scenarios may not be known any more. */
	json_object_set_new(verdict, "summary", json_string(scenario->summary));
	isolation_print_verdict(check->options->out, ++check->number, verdict);
	fflush(check->options->out);
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
			    attempt(check, *row, configurations[i].name, err))
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
		fprintf(check->options->out, "# vkm is not loaded: %s\n", why);
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
	isolation_print_check(check->options->out, ++check->number,
			      "vkm unloads when no container is left", !why, comments);
	json_decref(comments);
	if (why)
		json_array_append_new(check->failed, json_sprintf("vkm did not unload: %s", why));
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
	isolation_print_check(check->options->out, ++check->number,
			      "the kernel's log ends without a complaint", good, complaints);
	if (!good)
		json_array_append_new(
			check->failed,
			json_sprintf("the kernel complained, %zu lines: %s",
				     json_array_size(complaints),
				     json_string_value(json_array_get(complaints, 0))));
	json_decref(complaints);
	check->unexpected += !good;
	return 0;
}

static int run_checks(struct check *check, struct error *err)
{
	if (load_vkm(check, err))
		return -1;
	isolation_print_head(check->options->out, count_tests(check));
	if (attempt_all(check, err) || unload_vkm(check, err) || check_log(check, err))
		return -1;
	isolation_print_matrix(check->options->out, check->verdicts);
	return 0;
}

static int write_results(const struct check *check, const char *folder, const char *accelerator,
			 struct error *err)
{
	autofree char *path = NULL;
	autofree char *contents = NULL;
	json_t *all = json_pack("{s:i, s:s, s:s, s:i, s:O, s:O}", "schema", ISOLATION_SCHEMA,
				"kernel", vm_hello(check->vm)->kernel, "accelerator", accelerator,
				"unexpected", (int)check->unexpected, "failed", check->failed,
				"verdicts", check->verdicts);

	contents = json_dumps(all, JSON_INDENT(1));
	json_decref(all);
	if (!contents || asprintf(&path, "%s/isolation.json", folder) < 0)
		return error_set(err, EXIT_ENVIRONMENT, "no memory for isolation.json");
	return file_write(path, contents, strlen(contents), err);
}

int isolation_check(const struct isolation_options *values, const char *folder,
		    unsigned int *unexpected, struct error *err)
{
	struct check check = {.options = values, .verdicts = json_array(), .failed = json_array()};
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
	json_decref(check.failed);
	return result;
}
