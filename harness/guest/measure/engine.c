// SPDX-License-Identifier: GPL-2.0
#include "harness/guest/measure/engine.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/guest/bundle.h"
#include "harness/guest/measure/process.h"
#include "lib/cleanup.h"
#include "lib/file.h"

#define DAEMON	      "/usr/sbin/dockerd"
#define CONFIGURATION "/run/measure-docker.json"
#define IMAGE	      "measure"
#define START_MS      300000 /* of the guest, in which little else happens meanwhile */
#define STOP_MS	      60000

/*
 * The daemon's output goes to a file, so that the shell's own end is the end of its streams; the daemon
 * stays when what is left of the shell's process group is ended.
 */
static const char start[] =
	"set -e\n"
	"setsid dockerd --config-file " CONFIGURATION
	" </dev/null >/run/measure-docker.log 2>&1 &\n"
	"daemon=$!\n"
	"echo $daemon >/run/measure-docker.pid\n"
	"until docker version >/dev/null 2>&1; do\n"
	"	kill -0 $daemon || { tail -n 1 /run/measure-docker.log >&2; exit 1; }\n"
	"	sleep 0.5\n"
	"done\n"
	"docker image inspect " IMAGE " >/dev/null 2>&1 && exit\n"
	"root=$(mktemp -d)\n"
	"for file in $(which true) $(ldd $(which true) | grep -o '/[^ ]*'); do\n"
	"	mkdir -p $root/$(dirname $file)\n"
	"	cp -L $file $root/$file\n"
	"done\n"
	"tar -C $root -c . | docker import - " IMAGE " >/dev/null\n"
	"rm -r $root\n";

static const char stop[] = "docker ps -aq | xargs -r docker rm -f >/dev/null 2>&1\n"
			   "daemon=$(cat /run/measure-docker.pid) && kill $daemon || exit 0\n"
			   "while kill -0 $daemon 2>/dev/null; do sleep 0.1; done\n"
			   "rm -f /run/measure-docker.*\n";

static int run_script(const char *script, unsigned int milliseconds, struct error *err)
{
	const char *const argv[] = {"/bin/sh", "-c", script, NULL};
	struct process process = {0};
	int result = process_start(&process, argv, err);

	if (!result) {
		process_release(&process);
		result = process_wait(&process, milliseconds, err);
		if (!result)
			result =
				error_set(err, EXIT_ENVIRONMENT, "not done in %u ms", milliseconds);
		else if (result > 0)
			result = process_succeeded(&process, err);
	}
	process_free(&process);
	return result;
}

/* Docker knows a runtime by a name. Its own, runc, needs no entry and may have none. */
static const char *runtime_name(const struct configuration *configuration)
{
	return strrchr(configuration->runtime, '/') + 1;
}

static json_t *runtime_entry(const struct configuration *row)
{
	json_t *entry = json_pack("{s:s}", "path", row->runtime), *flags = json_array();

	for (const char *const *flag = row->flags; flag && *flag; flag++)
		json_array_append_new(flags, json_string(*flag));
	json_object_set_new(entry, "runtimeArgs", flags);
	return entry;
}

/*
 * Containers are started without a network, and the daemon makes none: its rules would stay after it,
 * and each packet of later visits would pass them.
 */
static int write_configuration(struct error *err)
{
	json_t *runtimes = json_object();
	json_t *object = json_pack("{s:o, s:s, s:b, s:b}", "runtimes", runtimes, "bridge", "none",
				   "iptables", false, "ip6tables", false);
	autofree char *text = NULL;

	for (unsigned int i = 0; object && i < configurations_count; i++) {
		const struct configuration *row = &configurations[i];

		if (row->runtime && strcmp(runtime_name(row), "runc"))
			json_object_set_new(runtimes, runtime_name(row), runtime_entry(row));
	}
	text = object ? json_dumps(object, 0) : NULL;
	json_decref(object);
	if (!text)
		return error_set(err, EXIT_ENVIRONMENT, "no memory for Docker's configuration");
	return file_write(CONFIGURATION, text, strlen(text), err);
}

int engine_begin(struct error *err)
{
	if (access(DAEMON, X_OK))
		return error_set_errno(err, EXIT_ENVIRONMENT, errno,
				       "it needs Docker, which the image engines has "
				       "(vkbench run --image engines): " DAEMON);
	if (write_configuration(err))
		return -1;
	if (!run_script(start, START_MS, err))
		return 0;
	error_context(err, "starting Docker");
	err->status = EXIT_ENVIRONMENT;
	engine_end();
	return -1;
}

void engine_end(void)
{
	struct error err;

	if (run_script(stop, STOP_MS, &err)) {
		error_context(&err, "ending Docker");
		error_report(&err, "measure");
	}
}

/* AppArmor's profile is Docker's wherever nothing is said: also of rows that have none. */
static const char *confinement(const struct configuration *configuration)
{
	return configuration->apparmor && configuration->profile ? "apparmor=docker-default"
								 : "apparmor=unconfined";
}

int engine_launch(const struct configuration *configuration, const char *const argv[],
		  struct launch *launch, struct error *err)
{
	const char *first[16] = {
		"/usr/bin/docker",
		"run",
		"--rm",
		"--network=none",
		"--runtime",
		runtime_name(configuration),
		"--security-opt",
		configuration->seccomp ? "seccomp=builtin" : "seccomp=unconfined",
		"--security-opt",
		confinement(configuration),
	};
	autofree char *rules = NULL;
	size_t count = 10, more = 0;

	*launch = (struct launch){0};
	if (configuration->framework && configuration->profile) {
		if (asprintf(&rules, RULES_ANNOTATION "=%s", configuration->profile) < 0)
			return error_set(err, EXIT_ENVIRONMENT, "no memory for a command line");
		first[count++] = "--annotation";
		first[count++] = rules;
	}
	first[count++] = IMAGE;
	while (argv[more])
		more++;
	launch->argv = calloc(count + more + 1, sizeof(*launch->argv));
	for (size_t i = 0; launch->argv && i < count + more; i++)
		launch->argv[i] = strdup(i < count ? first[i] : argv[i - count]);
	return launch->argv ? 0 : error_set(err, EXIT_ENVIRONMENT, "no memory for a command line");
}
