// SPDX-License-Identifier: GPL-2.0
#include "scenarios/perform.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lib/cleanup.h"
#include "lib/file.h"
#include "scenarios/capture.h"
#include "scenarios/enter.h"
#include "scenarios/kernellog.h"

#define POSITION_FILE "/run/vkernel-attempt.position"
#define PATIENCE      120 /* seconds for one run of a probe */

static const char *last_line(char *text)
{
	char *end = text + strlen(text);
	char *line;

	while (end > text && end[-1] == '\n')
		*--end = '\0';
	line = strrchr(text, '\n');
	return line ? line + 1 : text;
}

static int read_tries(struct capture *capture, struct tries *tries, struct error *err)
{
	if (capture->status)
		return error_set(err, EXIT_ENVIRONMENT,
				 "the probe ended with status %d and said: \"%s\"", capture->status,
				 last_line(capture->errors));
	return tries_parse(capture->output, tries, err);
}

static int launch_probe(const char *program, const struct scene *scene, struct tries *tries,
			struct error *err)
{
	const char *argv[] = {program,	    "--inside",	     scene->scenario->name,
			      scene->nonce, scene->argument, NULL};
	const char *waiting[] = {program, "--wait", NULL};
	struct capture capture;
	struct launch launch;
	int result;
	bool entered = scene->scenario->entered && scene->configuration->runtime;

	if (launch_begin(scene->configuration, &scene->scenario->options, entered ? waiting : argv,
			 &launch, err))
		return -1;
	result = entered ? enter_run(scene->configuration->runtime, &launch, argv, PATIENCE,
				     &capture, err)
			 : capture_run(launch.argv, PATIENCE, &capture, err);
	launch_end(scene->configuration, &launch);
	if (result)
		return -1;
	result = read_tries(&capture, tries, err);
	capture_free(&capture);
	return result;
}

static int observe(const char *program, struct scene *scene, struct tries *tries, struct error *err)
{
	const struct scenario *scenario = scene->scenario;

	if (scenario->arrange && scenario->arrange(scene, err))
		return error_context(err, "arranging");
	if (launch_probe(program, scene, tries, err))
		return -1;
	return scenario->inspect ? scenario->inspect(scene, tries, err) : 0;
}

/* The tries of one run, with a nonce that no other run of the attempt has. */
static int run(const char *program, const struct scenario *scenario,
	       const struct configuration *configuration, const char *nonce, const char *role,
	       struct tries *tries, struct error *err)
{
	autofree char *own_nonce = NULL;
	struct scene scene = {.scenario = scenario, .configuration = configuration};
	int result;

	if (asprintf(&own_nonce, "%s-%s", nonce, role) < 0)
		return error_set(err, EXIT_ENVIRONMENT, "no memory for a nonce");
	scene.nonce = own_nonce;
	result = observe(program, &scene, tries, err);
	if (scenario->restore)
		scenario->restore(&scene);
	free(scene.argument);
	return result ? error_context(err, "%s in %s", role, configuration->name) : 0;
}

static enum verdict judge(const char *program, const struct scenario *scenario,
			  const struct configuration *configuration, const char *nonce,
			  json_t **evidence)
{
	const struct configuration *unconfined = configuration_find("native");
	struct tries control = {0}, own = {0};
	enum verdict verdict = VERDICT_BROKEN;
	struct error err;
	int result;

	result = run(program, scenario, unconfined, nonce, "control", &control, &err);
	if (!result && configuration != unconfined)
		result = run(program, scenario, configuration, nonce, "attempt", &own, &err);
	if (result) {
		*evidence = json_pack("{s:s}", "reason", err.text);
	} else if (configuration == unconfined) {
		verdict = verdict_of_control(&control);
		*evidence = verdict_evidence(&control, &control);
	} else {
		verdict = verdict_judge(&control, &own);
		*evidence = verdict_evidence(&control, &own);
	}
	tries_free(&control);
	tries_free(&own);
	return verdict;
}

static unsigned long long stored_position(struct error *err)
{
	autofree char *text = NULL;
	unsigned long long position;
	size_t size;

	if (!file_read(POSITION_FILE, 64, &text, &size, err) &&
	    sscanf(text, "%llu", &position) == 1)
		return position;
	return 0;
}

static int store_position(unsigned long long position, struct error *err)
{
	char text[32];
	int length = snprintf(text, sizeof(text), "%llu\n", position);

	return file_write(POSITION_FILE, text, length, err);
}

json_t *perform_complaints(void)
{
	json_t *complaints = json_array();
	unsigned long long position;
	struct error err;

	position = stored_position(&err);
	if (kernellog_scan(&position, complaints, &err) || store_position(position, &err))
		json_array_append_new(complaints, json_string(err.text));
	return complaints;
}

json_t *perform(const char *program, const struct scenario *scenario,
		const struct configuration *configuration, const char *nonce)
{
	enum verdict expected = scenario_expected(scenario, configuration->name);
	enum verdict verdict;
	json_t *evidence, *complaints;

	verdict = judge(program, scenario, configuration, nonce, &evidence);
	complaints = perform_complaints();
	if (json_array_size(complaints))
		verdict = VERDICT_BROKEN;
	json_object_set_new(evidence, "log", complaints);
	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:o}", "scenario", scenario->name, "group",
			 scenario->group, "configuration", configuration->name, "verdict",
			 verdict_name(verdict), "expected", verdict_name(expected), "evidence",
			 evidence);
}
