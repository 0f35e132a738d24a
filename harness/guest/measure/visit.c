// SPDX-License-Identifier: GPL-2.0
#include "harness/guest/measure/visit.h"

#include <errno.h>
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/guest/measure/engine.h"
#include "harness/guest/measure/expand.h"
#include "harness/guest/measure/many.h"
#include "harness/guest/measure/neighbour.h"
#include "harness/guest/measure/places.h"
#include "harness/guest/measure/process.h"
#include "harness/guest/measure/server.h"
#include "harness/plugin/mark.h"

#define WARM_MS	 100   /* how long a client runs to warm a server up */
#define READY_MS 30000 /* how long a server may take until it answers */
#define STOP_MS	 10000 /* how long it may take to end after SIGTERM */
#define LOOK_MS	 2     /* how often an instance is looked for */
#define LOOKS	 5000

/* What a visit makes and has to clear away. */
struct stage {
	const struct workload *workload;
	const char *answer, *rules; /* the configuration's, for argv */
	enum visit_purpose purpose;
	bool framework;	    /* the configuration has an instance */
	char directory[32]; /* empty: none */
	unsigned int port;
	char **argv;
	struct process process;
	struct counters counters;
	bool counting;
};

static char **expand_for(const struct stage *stage, const char *const argv[], struct error *err)
{
	const struct expansion values = {
		.directory = stage->directory,
		.port = stage->port,
		.answer = stage->answer,
		.rules = stage->rules,
	};
	char **copy = expand(argv, &values);

	if (!copy)
		error_set(err, EXIT_ENVIRONMENT, "no memory for the arguments");
	return copy;
}

static int stage_prepare(struct stage *stage, struct error *err)
{
	const struct workload *workload = stage->workload;
	int port = workload->client ? server_free_port(err) : 0;

	if (port < 0)
		return -1;
	stage->port = port;
	if (workload->prepare) {
		strcpy(stage->directory, "/tmp/measure-XXXXXX");
		if (!mkdtemp(stage->directory)) {
			stage->directory[0] = '\0';
			return error_set_errno(err, EXIT_ENVIRONMENT, errno,
					       "cannot make a folder in /tmp");
		}
		/* A server's worker runs as another user. */
		if (chmod(stage->directory, 0755))
			return error_set_errno(err, EXIT_ENVIRONMENT, errno, "cannot open %s",
					       stage->directory);
		if (workload->prepare(workload, stage->directory, stage->port, err))
			return -1;
	}
	stage->argv = expand_for(stage, workload->argv, err);
	return stage->argv ? 0 : -1;
}

static int remove_entry(const char *path, const struct stat *status, int type, struct FTW *where)
{
	(void)status;
	(void)type;
	(void)where;
	return remove(path);
}

static void stage_clear(struct stage *stage)
{
	process_free(&stage->process);
	if (stage->counting)
		counters_close(&stage->counters);
	expand_free(stage->argv);
	if (stage->directory[0] &&
	    nftw(stage->directory, remove_entry, 16, FTW_DEPTH | FTW_PHYS | FTW_MOUNT))
		fprintf(stderr, "measure: cannot remove %s: %s\n", stage->directory,
			strerror(errno));
}

static int overdue(const struct process *process, unsigned int seconds, struct error *err)
{
	return error_set(err, EXIT_FINDING, "%s did not end within %u seconds of the guest",
			 process->name, seconds);
}

/* Waits for a process that ends by itself, with success. */
static int finish(struct process *process, unsigned int seconds, struct error *err)
{
	int result = process_wait(process, seconds * 1000, err);

	if (result < 0)
		return -1;
	return result ? process_succeeded(process, err) : overdue(process, seconds, err);
}

static int read_output(const struct stage *stage, const struct process *process,
		       struct readings *readings, struct error *err)
{
	const char *text = process->streams[PROCESS_OUTPUT].text;

	return stage->workload->parse(text ? text : "", readings, err);
}

/* How the client ends does not matter: the signal may come before it listens to signals. */
static int warm(struct process *client, unsigned int seconds, struct error *err)
{
	int result = process_wait(client, WARM_MS, err);

	if (result)
		return result < 0 ? -1 : 0;
	process_signal(client, SIGINT);
	result = process_wait(client, seconds * 1000, err);
	return result < 0 ? -1 : result ? 0 : overdue(client, seconds, err);
}

static int run_client(struct stage *stage, struct process *client, struct readings *readings,
		      struct error *err)
{
	process_release(client);
	if (stage->purpose == VISIT_WARM)
		return warm(client, stage->workload->timeout, err);
	if (finish(client, stage->workload->timeout, err))
		return -1;
	return read_output(stage, client, readings, err);
}

static int exercise(struct stage *stage, struct readings *readings, struct error *err)
{
	struct process client = {0};
	char **argv = expand_for(stage, stage->workload->client, err);
	int result = -1;

	if (!argv)
		return -1;
	if (!process_start(&client, (const char *const *)argv, err))
		result = run_client(stage, &client, readings, err);
	process_free(&client);
	expand_free(argv);
	return result;
}

static int serve(struct stage *stage, struct readings *readings, struct error *err)
{
	struct process *server = &stage->process;
	int ended;

	if (server_wait(server, stage->port, stage->workload->content, READY_MS, err) ||
	    exercise(stage, readings, err))
		return -1;
	process_signal(server, SIGTERM);
	ended = process_wait(server, STOP_MS, err);
	return ended ? ended < 0 ? -1 : 0
		     : error_set(err, EXIT_FINDING, "%s did not end within %u ms of SIGTERM",
				 server->name, STOP_MS);
}

static int work(struct stage *stage, struct readings *readings, struct error *err)
{
	struct process *process = &stage->process;

	if (stage->workload->client)
		return serve(stage, readings, err);
	if (finish(process, stage->workload->timeout, err))
		return -1;
	if (!stage->workload->parse)
		return readings_add(readings, process->elapsed_ns, 1, err);
	return read_output(stage, process, readings, err);
}

/* An instance is there from before its container's program starts until it has ended. */
static int note_places(struct stage *stage, struct visit *visit, struct error *err)
{
	for (unsigned int i = 0; i < LOOKS && !places_note(visit->places); i++) {
		int ended = process_wait(&stage->process, LOOK_MS, err);

		if (ended)
			return ended < 0 ? -1 : 0;
	}
	return 0;
}

static int run_marked(struct stage *stage, struct visit *visit, bool instance, struct error *err)
{
	int result;

	if (!instance)
		places_note(visit->places);
	mark(MARK_LAUNCH_BEGIN);
	process_release(&stage->process);
	result = instance ? note_places(stage, visit, err) : 0;
	if (!result)
		result = work(stage, &visit->readings, err);
	mark(MARK_LAUNCH_END);
	return result;
}

static int run(struct stage *stage, struct launch *launch, struct visit *visit, struct error *err)
{
	if (process_start(&stage->process, (const char *const *)launch->argv, err))
		return -1;
	if (stage->purpose == VISIT_COUNT) {
		if (counters_open(&stage->counters, stage->process.pid, err))
			return -1;
		stage->counting = true;
	}
	if (stage->purpose == VISIT_OBSERVE && tasks_add(visit->tasks, stage->process.pid, err))
		return -1;
	if (stage->purpose == VISIT_ATTRIBUTE)
		return run_marked(stage, visit, stage->framework, err);
	process_release(&stage->process);
	if (work(stage, &visit->readings, err))
		return -1;
	return stage->counting ? counters_read(&stage->counters, visit->counters, err) : 0;
}

/* The neighbour is there before the work and after it. */
static int run_beside(struct stage *stage, const struct configuration *configuration,
		      struct launch *launch, struct visit *visit, struct error *err)
{
	struct neighbour neighbour;
	struct error also;
	int result;

	if (neighbour_begin(stage->workload, configuration, &neighbour, err))
		return -1;
	result = run(stage, launch, visit, err);
	process_free(&stage->process);
	if (!neighbour_end(configuration, &neighbour, &also) || result)
		return result;
	*err = also;
	return -1;
}

static int begin(const struct stage *stage, const struct configuration *configuration,
		 struct launch *launch, struct error *err)
{
	struct launch_options options = stage->workload->options;
	const char *const *argv = (const char *const *)stage->argv;

	if (stage->workload->docker)
		return engine_launch(configuration, argv, launch, err);
	options.directory = stage->directory[0] ? stage->directory : NULL;
	return launch_begin(configuration, &options, argv, launch, err);
}

int visit_run(const struct workload *workload, const struct configuration *configuration,
	      enum visit_purpose purpose, struct visit *visit, struct error *err)
{
	struct stage stage = {
		.workload = workload,
		.answer = configuration->seccomp ? "refused" : "allowed",
		.rules = configuration->files ? "refused" : "allowed",
		.purpose = purpose,
		.framework = configuration->framework,
	};
	struct launch launch;
	int result;

	if (workload->copies > 1)
		return many_run(workload, configuration, purpose, visit, err);
	memset(&visit->readings, 0, sizeof(visit->readings));
	memset(visit->counters, 0, sizeof(visit->counters));
	result = stage_prepare(&stage, err);
	if (!result) {
		result = begin(&stage, configuration, &launch, err);
		if (!result) {
			result = run_beside(&stage, configuration, &launch, visit, err);
			launch_end(configuration, &launch);
		}
	}
	stage_clear(&stage);
	return result;
}
