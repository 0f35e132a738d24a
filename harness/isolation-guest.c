// SPDX-License-Identifier: GPL-2.0
#include "harness/isolation-guest.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "lib/cleanup.h"

#define ATTEMPT "/vkernel/bin/attempt"
#define MODULE	"/vkernel/kmod/vkm.ko"

/* Host seconds. An attempt ends its probes by itself after 120 s each, of which it has two. */
#define ATTEMPT_SECONDS 280
#define MODULE_SECONDS	60

/* The last line of each stream. */
struct output {
	char *lines[2];
};

static void keep(void *context, int stream, const char *line)
{
	struct output *output = context;
	char **kept = &output->lines[stream == 1 ? 0 : 1];

	free(*kept);
	*kept = strdup(line);
}

static void output_free(struct output *output)
{
	free(output->lines[0]);
	free(output->lines[1]);
}

/* Runs argv and parses the last line that it printed. */
static int ask(struct vm *vm, const char *const argv[], json_t **answer, struct error *err)
{
	struct output output = {0};
	json_error_t fault;
	int status, result;

	result = vm_exec(vm, argv, ATTEMPT_SECONDS, keep, &output, &status, err);
	if (!result && status)
		result = error_set(err, EXIT_ENVIRONMENT,
				   "%s in the guest ended with status %d and said: \"%s\"", argv[0],
				   status, output.lines[1] ? output.lines[1] : "");
	if (!result) {
		*answer = json_loads(output.lines[0] ? output.lines[0] : "", 0, &fault);
		if (!*answer)
			result = error_set(err, EXIT_ENVIRONMENT,
					   "%s in the guest printed no JSON: \"%.200s\"", argv[0],
					   output.lines[0] ? output.lines[0] : "");
	}
	output_free(&output);
	return result;
}

static int module_command(struct vm *vm, const char *const argv[], char **why, struct error *err)
{
	struct output output = {0};
	int status, result;

	*why = NULL;
	result = vm_exec(vm, argv, MODULE_SECONDS, keep, &output, &status, err);
	if (!result && status &&
	    asprintf(why, "%s ended with status %d: %s", argv[0], status,
		     output.lines[1] ? output.lines[1] : "") < 0)
		result = error_set(err, EXIT_ENVIRONMENT, "no memory for a message");
	output_free(&output);
	return result;
}

int isolation_load_vkm(struct vm *vm, char **why, struct error *err)
{
	const char *const argv[] = {"insmod", MODULE, NULL};

	return module_command(vm, argv, why, err);
}

int isolation_unload_vkm(struct vm *vm, char **why, struct error *err)
{
	const char *const argv[] = {"rmmod", "vkm", NULL};

	return module_command(vm, argv, why, err);
}

int isolation_attempt(struct vm *vm, const char *scenario, const char *configuration,
		      json_t **verdict, struct error *err)
{
	const char *argv[] = {ATTEMPT,	     "--scenario", scenario, "--configuration",
			      configuration, "--nonce",	   NULL,     NULL};
	uint64_t random[2];
	char nonce[40];

	if (getrandom(random, sizeof(random), 0) != sizeof(random))
		return error_set_errno(err, EXIT_ENVIRONMENT, errno, "cannot get a random nonce");
	snprintf(nonce, sizeof(nonce), "%016jx%016jx", (uintmax_t)random[0], (uintmax_t)random[1]);
	argv[6] = nonce;
	if (ask(vm, argv, verdict, err))
		return error_context(err, "trying %s in %s", scenario, configuration);
	return 0;
}

int isolation_complaints(struct vm *vm, json_t **complaints, struct error *err)
{
	const char *const argv[] = {ATTEMPT, "--complaints", NULL};

	return ask(vm, argv, complaints, err);
}
