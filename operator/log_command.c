// SPDX-License-Identifier: GPL-2.0
#include <argp.h>
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <vkernel/image.h>

#include "lib/cleanup.h"
#include "operator/command.h"
#include "operator/loglist.h"
#include "operator/logprinter.h"
#include "operator/logsource.h"
#include "runtime/kept.h"

#define WAIT_MS	    1000
#define OVER_WAIT_S 3 /* for the runtime of a container that is over to let go of its instance */

enum option_key {
	OPTION_SINCE = 0x100,
	OPTION_LIST,
};

struct options {
	const char *which;
	bool follow, list;
	struct log_printer printer;
	struct error *err; /* set by the parser where argp_parse() returns EINVAL */
};

static volatile sig_atomic_t interrupted;

static void interrupt(int signal)
{
	(void)signal;
	interrupted = 1;
}

static int parse_sequence(const char *text, uint64_t *sequence, struct error *err)
{
	char *end;

	errno = 0;
	*sequence = strtoull(text, &end, 10);
	if (*text >= '0' && *text <= '9' && !*end && !errno)
		return 0;
	return error_set(err, EXIT_USAGE, "--since-seq \"%s\" is no sequence number", text);
}

static error_t parse_end(struct options *options, struct argp_state *state)
{
	if (!options->which && !options->list)
		argp_error(state, "a container is needed, or --list");
	if (options->list && (options->which || options->follow))
		argp_error(state, "--list lists all logs and follows none");
	if (!options->printer.levels)
		options->printer.levels = ~0u;
	return 0;
}

static error_t parse_option(int key, char *argument, struct argp_state *state)
{
	struct options *options = state->input;

	switch (key) {
	case 'f':
		options->follow = true;
		return 0;
	case 'r':
		options->printer.format = LOG_RAW;
		return 0;
	case 'j':
		options->printer.format = LOG_JSON;
		return 0;
	case 'l':
		return log_levels(argument, &options->printer.levels, options->err) ? EINVAL : 0;
	case OPTION_SINCE:
		return parse_sequence(argument, &options->printer.next, options->err) ? EINVAL : 0;
	case OPTION_LIST:
		options->list = true;
		return 0;
	case ARGP_KEY_ARG:
		if (options->which)
			argp_error(state, "one container at a time");
		options->which = argument;
		return 0;
	case ARGP_KEY_END:
		return parse_end(options, state);
	}
	return ARGP_ERR_UNKNOWN;
}

static const struct argp_option option_table[] = {
	{.name = "follow",
	 .key = 'f',
	 .doc = "wait for more, until the container has ended and all is printed"},
	{.name = "level",
	 .key = 'l',
	 .arg = "LIST",
	 .doc = "only these: emerg, alert, crit, err, warn, notice, info, debug"},
	{.name = "raw", .key = 'r', .doc = "print records as /dev/kmsg gives them"},
	{.name = "json", .key = 'j', .doc = "print one JSON object a line"},
	{.name = "since-seq",
	 .key = OPTION_SINCE,
	 .arg = "N",
	 .doc = "only records from this sequence number on"},
	{.name = "list",
	 .key = OPTION_LIST,
	 .doc = "list the logs that there are, of running containers and kept ones"},
	{0}};

static const struct argp argp = {
	.options = option_table,
	.parser = parse_option,
	.args_doc = "ID",
	.doc = "Prints a container's private kernel log, as dmesg inside it does. ID is the "
	       "container's id or its beginning, or the instance's name."
	       "\vOf a container that has ended, what its log held then is kept in "
	       "/var/log/vkernel, the 256 newest, and printed from there. Where records were lost, "
	       "because the log was full, their number is told. What would steer the terminal "
	       "becomes a question mark.",
};

static int print_kept(struct options *options, const char *id, struct error *err)
{
	struct kept kept;
	int ret;

	if (kept_read(id, &kept, err))
		return -1;
	ret = log_print(&options->printer, kept.id, kept.records, kept.records_size, err);
	kept_free(&kept);
	return ret;
}

/* Prints what there is. Returns 0, LOG_SOURCE_GONE, or -1 with err set. */
static int drain(struct options *options, struct log_source *source, struct error *err)
{
	char buffer[LOG_BUFFER_SIZE];
	ssize_t got;

	while ((got = log_source_read(source, buffer, err)) > 0) {
		if (log_print(&options->printer, source->instance->name, buffer, got, err) ||
		    end_output(err))
			return -1;
		if (interrupted)
			return error_set(err, EXIT_INTERRUPTED, "interrupted");
	}
	return got;
}

/* Whether nothing will be added any more, as it was before the log was read. */
static bool has_ended(const struct instance *instance, time_t *over)
{
	char state[16];

	if (framework_read(instance->name, "state", state, sizeof(state)))
		return false; /* gone, which reading the log tells */
	if (!strcmp(state, "over") && !*over)
		*over = time(NULL);
	return !strcmp(state, "released") || (*over && time(NULL) - *over > OVER_WAIT_S);
}

static int follow(struct options *options, struct log_source *source, struct error *err)
{
	time_t over = 0;

	for (;;) {
		bool ended = has_ended(source->instance, &over);
		int ret = drain(options, source, err);

		if (ret || ended)
			return ret;
		log_source_wait(source, WAIT_MS);
		if (interrupted)
			return error_set(err, EXIT_INTERRUPTED, "interrupted");
	}
}

/* The instance went away between two looks: the rest is where its runtime has kept it. */
static int print_rest(struct options *options, const struct instance *instance, struct error *err)
{
	if (instance->id && !print_kept(options, instance->id, err))
		return 0;
	return error_set(err, EXIT_ENVIRONMENT,
			 "%s was unloaded, and what else its log held was not kept",
			 instance->name);
}

static int print_live(struct options *options, const struct instance *instance, struct error *err)
{
	struct log_source source;
	int ret;

	if (log_source_open(instance, &source, err))
		return -1;
	ret = options->follow ? follow(options, &source, err) : drain(options, &source, err);
	log_source_close(&source);
	return ret == LOG_SOURCE_GONE ? print_rest(options, instance, err) : ret;
}

/* The kept log that which names, or its beginning. Returns 0, or -1 where there is none, or several. */
static int find_kept(const char *which, char **found, struct error *err)
{
	const size_t prefix = sizeof(VKI_NAME_PREFIX) - 1;
	struct kept_ids ids;
	size_t matches = 0;

	if (!strncmp(which, VKI_NAME_PREFIX, prefix))
		which += prefix;
	if (kept_list(&ids, err))
		return -1;
	for (size_t i = 0; i < ids.count && *which; i++) {
		if (strncmp(ids.list[i], which, strlen(which)))
			continue;
		matches++;
		free(*found);
		*found = strdup(ids.list[i]);
		if (!strcmp(ids.list[i], which)) {
			matches = 1;
			break;
		}
	}
	kept_ids_free(&ids);
	if (matches > 1)
		return error_set(err, EXIT_USAGE, "\"%s\" is the beginning of %zu kept logs' ids",
				 which, matches);
	if (matches && *found)
		return 0;
	return error_set(err, EXIT_USAGE,
			 "no container is called \"%s\", and no log of one was kept (an empty one "
			 "never is); vkernel log --list lists those there are",
			 which);
}

static int print_log(struct options *options, const struct instances *instances, struct error *err)
{
	const struct instance *instance = instances_find(instances, options->which, err);
	autofree char *id = NULL;

	if (instance)
		return print_live(options, instance, err);
	if (instances_matching(instances, options->which) || find_kept(options->which, &id, err))
		return -1;
	return print_kept(options, id, err);
}

/* A handler without SA_RESTART: what waits is woken. */
static void catch_interrupts(void)
{
	const struct sigaction action = {.sa_handler = interrupt};

	sigaction(SIGINT, &action, NULL);
}

int log_command(int argc, char **argv, struct error *err)
{
	struct options options = {.printer = {.program = argv[0]}, .err = err};
	struct instances instances = {.list = NULL};
	int ret;

	if (argp_parse(&argp, argc, argv, 0, NULL, &options))
		return -1;
	catch_interrupts();
	/* What was kept can be read without vkm. */
	if (!access(framework_folder, F_OK) && instances_read(&instances, err))
		return -1;
	ret = options.list ? log_list(&instances, options.printer.format == LOG_JSON, err)
			   : print_log(&options, &instances, err);
	instances_free(&instances);
	return ret ? ret : end_output(err);
}
