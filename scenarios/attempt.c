// SPDX-License-Identifier: GPL-2.0
/*
 * attempt: performs one scenario in one configuration, in the guest, outside any container, and
 * prints its verdict as one JSON line. With --inside it is the probe itself, with --wait the program
 * of a container that the probe comes into.
 */
#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lib/cleanup.h"
#include "scenarios/perform.h"

static const char usage[] =
	"usage: attempt --scenario NAME --configuration NAME --nonce TEXT\n"
	"       attempt --complaints\n"
	"The first form prints a verdict, the second what the kernel complained of since the last\n"
	"verdict; both as one line of JSON.\n";

struct request {
	const struct scenario *scenario;
	const struct configuration *configuration;
	const char *nonce;
	bool complaints;
};

/* --inside SCENARIO NONCE [ARGUMENT] */
static int inside(int argc, char **argv)
{
	const struct scenario *scenario = argc < 4 ? NULL : scenario_find(argv[2]);
	struct tries tries = {0};
	autofree char *text = NULL;

	if (!scenario) {
		fputs(usage, stderr);
		return EXIT_USAGE;
	}
	scenario->probe(argv[3], argv[4], &tries);
	text = tries_dump(&tries);
	tries_free(&tries);
	return puts(text) < 0 || fflush(stdout) ? EXIT_ENVIRONMENT : EXIT_GOOD;
}

/* Says that the container runs, and waits for the end of its standard input. */
static int wait_for_end(void)
{
	char byte;

	if (puts("waiting") < 0 || fflush(stdout))
		return EXIT_ENVIRONMENT;
	while (read(0, &byte, 1) > 0)
		;
	return EXIT_GOOD;
}

static int take_option(int option, struct request *request, struct error *err)
{
	switch (option) {
	case 's':
		request->scenario = scenario_find(optarg);
		if (!request->scenario)
			return error_set(err, EXIT_USAGE, "there is no scenario \"%s\"", optarg);
		return 0;
	case 'c':
		request->configuration = configuration_find(optarg);
		if (!request->configuration)
			return error_set(err, EXIT_USAGE, "there is no configuration \"%s\"",
					 optarg);
		return 0;
	case 'n':
		request->nonce = optarg;
		return 0;
	case 'l':
		request->complaints = true;
		return 0;
	default:
		return error_set(err, EXIT_USAGE, "%s", usage);
	}
}

static int parse(int argc, char **argv, struct request *request, struct error *err)
{
	static const struct option options[] = {
		{"scenario", required_argument, NULL, 's'},
		{"configuration", required_argument, NULL, 'c'},
		{"nonce", required_argument, NULL, 'n'},
		{"complaints", no_argument, NULL, 'l'},
		{0},
	};
	int option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) >= 0)
		if (take_option(option, request, err))
			return -1;
	if (optind < argc)
		return error_set(err, EXIT_USAGE, "\"%s\" is one word too many", argv[optind]);
	if (request->complaints)
		return 0;
	if (!request->scenario || !request->configuration || !request->nonce)
		return error_set(err, EXIT_USAGE, "%s", usage);
	/* a short one might be found in the log by chance */
	if (strlen(request->nonce) < 12 || strlen(request->nonce) > 64)
		return error_set(err, EXIT_USAGE, "the nonce \"%s\" has not 12 to 64 characters",
				 request->nonce);
	return 0;
}

static int print(json_t *value)
{
	autofree char *text = json_dumps(value, JSON_COMPACT);

	json_decref(value);
	return !text || puts(text) < 0 || fflush(stdout) ? EXIT_ENVIRONMENT : EXIT_GOOD;
}

int main(int argc, char **argv)
{
	struct request request = {0};
	char program[PATH_MAX] = "";
	struct error err;

	if (argc > 1 && !strcmp(argv[1], "--inside"))
		return inside(argc, argv);
	if (argc == 2 && !strcmp(argv[1], "--wait"))
		return wait_for_end();
	if (parse(argc, argv, &request, &err))
		return error_report(&err, "attempt");
	if (request.complaints)
		return print(perform_complaints());
	if (readlink("/proc/self/exe", program, sizeof(program) - 1) < 0) {
		error_set_errno(&err, EXIT_ENVIRONMENT, errno,
				"cannot find out this program's path in /proc");
		return error_report(&err, "attempt");
	}
	return print(perform(program, request.scenario, request.configuration, request.nonce));
}
