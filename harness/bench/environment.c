// SPDX-License-Identifier: GPL-2.0
#include "harness/bench/environment.h"

#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "harness/bench/capture.h"
#include "harness/bench/facts.h"
#include "harness/cache.h"
#include "harness/jsonfile.h"
#include "harness/machine.h"
#include "harness/qemu.h"
#include "lib/cleanup.h"
#include "lib/file.h"

/* Packages of the guest that bear on a figure: those whose name begins so. */
static const char *const packages[] = {
	"linux-image", "crun", "runc",	"libseccomp2", "golang-github-containers-common",
	"nginx",       "wrk",  "pwgen", "rt-tests",    "libc6",
};

/* Takes the text, which may be NULL: then the fact is not known, and null says so. */
static json_t *text_or_null(char *text)
{
	json_t *value = text ? json_string(text) : NULL;

	free(text);
	return value ? value : json_null();
}

/* The folder that this program is in, which a checkout's build folder is part of. */
static char *program_folder(void)
{
	char *path = realpath("/proc/self/exe", NULL);
	char *slash = path ? strrchr(path, '/') : NULL;

	if (slash)
		*slash = '\0';
	return path;
}

static void add_commit(json_t *environment)
{
	autofree char *folder = program_folder();
	const char *const head[] = {"git", "-C", folder, "rev-parse", "HEAD", NULL};
	const char *const changes[] = {"git", "-C", folder, "status", "--porcelain", NULL};
	char *commit = folder ? capture_host(head) : NULL;
	autofree char *changed = commit ? capture_host(changes) : NULL;

	json_object_set_new(environment, "dirty", changed ? json_boolean(changed[0]) : json_null());
	json_object_set_new(environment, "commit", text_or_null(commit));
}

static char *host_processor(void)
{
	const char *const argv[] = {"sed", "-n", "s/^model name[^:]*: //p;T;q", "/proc/cpuinfo",
				    NULL};

	return capture_host(argv);
}

static char *qemu_version(void)
{
	const char *const argv[] = {QEMU_PROGRAM, "--version", NULL};
	char *text = capture_host(argv);

	if (text)
		text[strcspn(text, "\n")] = '\0';
	return text;
}

static int add_host(json_t *environment, struct error *err)
{
	struct utsname name;
	json_t *host;

	uname(&name);
	host = json_pack("{s:s, s:o, s:i, s:o}", "kernel", name.release, "processor",
			 text_or_null(host_processor()), "processors",
			 (int)sysconf(_SC_NPROCESSORS_ONLN), "qemu", text_or_null(qemu_version()));
	json_object_set_new(environment, "host", host);
	return facts_host(host, err);
}

static bool is_of_interest(const char *line)
{
	for (size_t i = 0; i < sizeof(packages) / sizeof(packages[0]); i++)
		if (!strncmp(line, packages[i], strlen(packages[i])))
			return true;
	return false;
}

static int add_packages(const struct run *run, json_t *environment, struct error *err)
{
	autofree char *text = NULL;
	struct guest_files files;
	json_t *map = json_object();
	char *rest, *line;
	size_t size;

	json_object_set_new(environment, "packages", map);
	if (guest_files_find(run->options->guest.image, run->options->guest.kernel, &files, err) ||
	    file_read(files.manifest, 1 << 24, &text, &size, err))
		return -1;
	for (rest = text; (line = strsep(&rest, "\n"));) {
		char *version = line + strcspn(line, " \t");

		if (!is_of_interest(line) || !*version)
			continue;
		*version++ = '\0';
		json_object_set_new(map, line, json_string(version + strspn(version, " \t")));
	}
	return 0;
}

/* The run that results/latest leads to: the report shows its figures beside this run's. */
static void add_previous(const struct run *run, json_t *environment)
{
	char path[PATH_MAX], target[PATH_MAX];
	ssize_t length;

	snprintf(path, sizeof(path), "%s/latest", run->options->results);
	length = readlink(path, target, sizeof(target) - 1);
	if (length < 0 || memchr(target, '/', length)) {
		json_object_set_new(environment, "previous", json_null());
		return;
	}
	target[length] = '\0';
	json_object_set_new(environment, "previous", json_string(target));
}

static char *timestamp(void)
{
	char text[32];
	time_t now = time(NULL);
	struct tm parts;

	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&now, &parts));
	return strdup(text);
}

/* Names that were given; null: none were, and all rows are meant, or a quick run's. */
static void add_selection(const struct selection *selection, json_t *environment)
{
	json_t *only = selection->workloads_named ? json_array() : json_null();
	json_t *config = selection->named ? json_array() : json_null();

	for (unsigned int i = 0; json_is_array(only) && i < selection->workloads_count; i++)
		json_array_append_new(only, json_string(selection->workloads[i]->name));
	for (unsigned int i = 0; json_is_array(config) && i < selection->configurations_count; i++)
		json_array_append_new(config, json_string(selection->configurations[i]->name));
	json_object_set_new(environment, "only", only);
	json_object_set_new(environment, "config", config);
}

/* What was asked for. */
static void add_plan(const struct run *run, json_t *environment)
{
	const struct run_options *options = run->options;
	const struct guest_options *guest = &options->guest;

	json_object_set_new(environment, "boots_wanted", json_integer(options->boots));
	json_object_set_new(environment, "minimum_effect", json_real(options->minimum_effect));
	add_selection(&options->selection, environment);
	json_object_set_new(environment, "self_check", json_boolean(options->selection.self_check));
	json_object_set_new(environment, "image", json_string(guest->image));
	json_object_set_new(environment, "memory", json_integer(guest->memory));
	json_object_set_new(environment, "budget",
			    options->budget ? json_integer(options->budget / 60) : json_null());
	json_object_set_new(environment, "shard",
			    options->shard.count ? json_sprintf("%u/%u", options->shard.index,
								options->shard.count)
						 : json_null());
}

int environment_host(struct run *run, struct error *err)
{
	const struct run_options *options = run->options;

	run->environment = json_pack(
		"{s:i, s:s, s:o, s:s, s:s, s:s, s:I, s:b, s:i, s:i, s:o, s:o, s:o}", "schema",
		ENVIRONMENT_SCHEMA, "run", run->name, "started", text_or_null(timestamp()),
		"accelerator", accelerator_name(run->choice.accelerator), "accelerator_reason",
		run->choice.reason, "clock", clock_name(run->clock), "seed",
		(json_int_t)options->seed, "quick", options->quick, "rounds", options->rounds,
		"repeat", run_repeat(run), "boots", json_array(), "complaints", json_array(),
		"lost", json_array());
	if (!run->environment)
		return error_set(err, EXIT_ENVIRONMENT, "no memory for env.json");
	add_commit(run->environment);
	add_plan(run, run->environment);
	add_previous(run, run->environment);
	return add_host(run->environment, err) || add_packages(run, run->environment, err) ? -1 : 0;
}

/* sha256sum's lines: the digest, two spaces, the path. */
static json_t *map_digests(char *text)
{
	json_t *map = json_object();
	char *line;

	while ((line = strsep(&text, "\n"))) {
		const char *slash = strrchr(line, '/');

		line[strcspn(line, " ")] = '\0';
		if (slash)
			json_object_set_new(map, slash + 1, json_string(line));
	}
	return map;
}

static char *guest_processor(struct vm *vm, struct error *err)
{
	char *text;

	if (capture_guest(vm, "sed -n 's/^model name[^:]*: //p;T;q' /proc/cpuinfo", &text, err))
		return NULL;
	text[strcspn(text, "\n")] = '\0';
	return text;
}

static int ask_guest(struct vm *vm, json_t *facts, struct error *err)
{
	autofree char *processor = guest_processor(vm, err), *modules = NULL, *programs = NULL;

	if (!processor || facts_guest(vm, facts, err) ||
	    capture_guest(vm, "sha256sum /vkernel/kmod/*.ko", &modules, err) ||
	    capture_guest(vm, "sha256sum /vkernel/bin/*", &programs, err))
		return -1;
	json_object_set_new(facts, "kernel", json_string(vm_hello(vm)->kernel));
	json_object_set_new(facts, "processor", json_string(processor));
	json_object_set_new(facts, "modules", map_digests(modules));
	json_object_set_new(facts, "programs", map_digests(programs));
	return 0;
}

/* All boots of a run are of one kernel and one build: else their figures are not one run's. */
static int merge(json_t *environment, json_t *facts, struct error *err)
{
	const char *key;
	json_t *value;

	json_object_foreach(facts, key, value) {
		const json_t *known = json_object_get(environment, key);

		if (known && !json_equal(known, value))
			return error_set(err, EXIT_ENVIRONMENT,
					 "%s differs from the other boots'; was something rebuilt "
					 "during the run?",
					 key);
	}
	json_object_update(environment, facts);
	return 0;
}

int environment_guest(struct run *run, struct vm *vm, unsigned int boot, struct error *err)
{
	json_t *facts = json_object();
	int result = ask_guest(vm, facts, err);

	pthread_mutex_lock(&run->lock);
	if (!result)
		result = merge(run->environment, facts, err);
	if (!result)
		json_array_append_new(json_object_get(run->environment, "boots"),
				      json_pack("{s:i, s:I, s:f, s:s}", "boot", boot, "seed",
						(json_int_t)plan_seed(run->options->seed, boot),
						"boot_seconds", vm_hello(vm)->boot_seconds, "qemu",
						vm_command_line(vm)));
	pthread_mutex_unlock(&run->lock);
	json_decref(facts);
	return result;
}

int environment_save(struct run *run, struct error *err)
{
	json_object_set_new(run->environment, "durations", durations_json(&run->durations));
	json_object_set_new(run->environment, "ended", text_or_null(timestamp()));
	return jsonfile_write(run->folder, "env.json", json_incref(run->environment), 3, err);
}
