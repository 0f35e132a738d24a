// SPDX-License-Identifier: GPL-2.0
#include <argp.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "lib/cleanup.h"
#include "lib/scratch.h"
#include "operator/command.h"
#include "operator/trace_engine.h"
#include "operator/trace_output.h"
#include "operator/trace_session.h"
#include "operator/trace_target.h"
#include "operator/trace_verify.h"

#define EARLIER_MAX 64

enum option_key {
	OPTION_OUTPUT = 'o',
	OPTION_NAME = 'n',
	OPTION_MERGE = 'm',
	OPTION_CONTAINER = 'c',
	OPTION_PID = 'p',
	OPTION_ID = 0x100,
	OPTION_ALL,
	OPTION_VERIFY,
};

struct options {
	const char *output, *name, *container;
	const char *earlier[EARLIER_MAX];
	unsigned int earlier_count;
	bool verify;
	struct session_request request;
};

static const struct argp_option option_table[] = {
	{.name = "output",
	 .key = OPTION_OUTPUT,
	 .arg = "WHERE",
	 .doc = "a folder, or a path to which .yaml, .seccomp.json, .apparmor and .recording.json "
		"are added"},
	{.name = "name",
	 .key = OPTION_NAME,
	 .arg = "NAME",
	 .doc = "the profile's name, where WHERE is a folder (default: traced)"},
	{.name = "merge",
	 .key = OPTION_MERGE,
	 .arg = "FILE",
	 .doc = "add an earlier recording (NAME.recording.json); may be repeated. Without a "
		"command and a container the profile is made of these alone"},
	{.name = "container",
	 .key = OPTION_CONTAINER,
	 .arg = "ID",
	 .doc = "follow this container, which runs, until it ends or this is interrupted"},
	{.name = "pid",
	 .key = OPTION_PID,
	 .arg = "PID",
	 .doc = "follow the container that this process is in, likewise"},
	{.name = "id",
	 .key = OPTION_ID,
	 .arg = "ID",
	 .doc = "the command has a daemon start the container, whose control group's name has ID "
		"in it (docker run: found out)"},
	{.name = "all",
	 .key = OPTION_ALL,
	 .doc = "record every container that is started while the command runs, whoever starts it"},
	{.name = "verify",
	 .key = OPTION_VERIFY,
	 .doc = "run the command once more, by vkernel-runtime under the profile, and list what "
		"was denied"},
	{0}};

static int parse_pid(const char *text)
{
	char *end;
	const long pid = strtol(text, &end, 10);

	return *text && !*end && pid > 0 && pid <= INT_MAX ? (int)pid : -1;
}

static void check_options(const struct options *options, struct argp_state *state)
{
	const struct session_request *request = &options->request;
	const int targets = !!options->container + !!request->pid + !!request->argv;

	if (!options->output)
		argp_error(state, "-o says where the profile goes");
	if (targets > 1)
		argp_error(state, "a command, --container and --pid exclude each other");
	if (!targets && !options->earlier_count)
		argp_error(state, "a command, a container, or recordings to --merge are needed");
	if ((request->id || request->all || options->verify) && !request->argv)
		argp_error(state, "--id, --all and --verify are for a command");
}

static error_t parse_option(int key, char *argument, struct argp_state *state)
{
	struct options *options = state->input;

	switch (key) {
	case OPTION_OUTPUT:
		options->output = argument;
		return 0;
	case OPTION_NAME:
		options->name = argument;
		return 0;
	case OPTION_MERGE:
		if (options->earlier_count == EARLIER_MAX)
			argp_error(state, "at most %d recordings", EARLIER_MAX);
		options->earlier[options->earlier_count++] = argument;
		return 0;
	case OPTION_CONTAINER:
		options->container = argument;
		return 0;
	case OPTION_PID:
		options->request.pid = parse_pid(argument);
		if (options->request.pid < 0)
			argp_error(state, "--pid \"%s\" is no process's number", argument);
		return 0;
	case OPTION_ID:
		options->request.id = argument;
		return 0;
	case OPTION_ALL:
		options->request.all = true;
		return 0;
	case OPTION_VERIFY:
		options->verify = true;
		return 0;
	case ARGP_KEY_ARGS:
		options->request.argv = state->argv + state->next;
		return 0;
	case ARGP_KEY_END:
		check_options(options, state);
		return 0;
	}
	return ARGP_ERR_UNKNOWN;
}

static const struct argp argp = {
	.options = option_table,
	.parser = parse_option,
	.args_doc = "[-- COMMAND...]",
	.doc = "Records what containers do, system calls with the arguments that matter, files, "
	       "capabilities and sockets, and writes the least profile that allows it. The "
	       "containers are those that COMMAND starts (crun run, docker run, ...), or one that "
	       "runs."
	       "\vExit status: 0; 1 something was seen that could not be kept, or --verify was "
	       "denied something. docs/tracing.md says what is recorded and how rules are made of "
	       "it.",
};

/* docker writes the container's id to a file, by which it is told from others' containers. */
static int record_docker(struct session_request *request, const struct engine *engine,
			 struct recording *recording, struct session_end *end, struct error *err)
{
	char folder[PATH_MAX], file[PATH_MAX + 16];
	char **const own = request->argv;
	autofree char **argv = NULL;
	int ret;

	if (scratch_make(folder, err))
		return -1;
	snprintf(file, sizeof(file), "%s/id", folder);
	argv = engine_with_id_file(engine, own, file);
	if (argv) {
		request->argv = argv;
		request->id_file = file;
		ret = session_run(request, recording, end, err);
	} else {
		ret = error_set(err, EXIT_ENVIRONMENT, "no memory for a command line");
	}
	request->argv = own;
	request->id_file = NULL;
	scratch_remove(folder);
	return ret;
}

static int record(struct options *options, struct recording *recording, struct error *err)
{
	struct session_request *request = &options->request;
	struct session_end end;
	struct engine engine = {.kind = ENGINE_NONE};
	int ret;

	if (options->container) {
		request->pid = target_init(options->container, err);
		if (request->pid < 0)
			return -1;
	}
	if (request->argv)
		engine = engine_read(request->argv);
	if (engine.kind == ENGINE_DOCKER && !request->id && !request->all)
		ret = record_docker(request, &engine, recording, &end, err);
	else
		ret = session_run(request, recording, &end, err);
	if (!ret && end.status)
		fprintf(stderr, "vkernel trace: the command ended with wait status 0x%x\n",
			end.status);
	return ret;
}

static int verify(const struct options *options, const struct trace_output *output,
		  const struct recording *recording, struct error *err)
{
	unsigned long denied = 0;
	char path[PATH_MAX];

	if (trace_output_path(output, ".yaml", path, err) ||
	    trace_verify(options->request.argv, recording, path, &denied, err))
		return error_context(err, "--verify");
	printf("under the profile %lu %s denied\n", denied,
	       denied == 1 ? "thing was" : "things were");
	if (denied)
		return error_set(
			err, EXIT_FINDING,
			"the profile denies the workload something: record more, and --merge");
	return end_output(err);
}

static int trace(struct options *options, struct recording *recording, struct error *err)
{
	struct trace_output output;

	if (trace_output_parse(&output, options->output, options->name, err))
		return -1;
	for (unsigned int i = 0; i < options->earlier_count; i++)
		if (trace_output_merge(recording, options->earlier[i], err))
			return -1;
	if ((options->request.argv || options->request.pid || options->container) &&
	    record(options, recording, err))
		return -1;
	if (trace_output_write(&output, recording, err))
		return -1;
	trace_print_summary(stdout, recording);
	printf("profile: %s%s.yaml\n", output.folder, output.name);
	if (end_output(err))
		return -1;
	if (recording->lost)
		return error_set(
			err, EXIT_FINDING,
			"the recording is not complete; the profile may deny what was done");
	return options->verify ? verify(options, &output, recording, err) : 0;
}

int trace_command(int argc, char **argv, struct error *err)
{
	struct options options = {0};
	struct recording recording = {0};
	int ret;

	/* The command's own options are its own. */
	if (argp_parse(&argp, argc, argv, ARGP_IN_ORDER, NULL, &options))
		return error_set(err, EXIT_USAGE, "wrong usage; see vkernel trace --help");
	ret = trace(&options, &recording, err);
	recording_free(&recording);
	return ret;
}
