// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <glob.h>
#include <jansson.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/guest/bundle.h"
#include "harness/guest/configuration.h"
#include "harness/guest/dockerprofile.h"
#include "harness/guest/fileprofile.h"
#include "harness/guest/treefilter.h"
#include "lib/cleanup.h"
#include "lib/file.h"

#define BUNDLES	 "/run/vkernel-bundles"
#define ID_BYTES 32

#define FLAGS_MOST 16 /* of a runtime */

static int make_id(char **id, struct error *err)
{
	unsigned char bytes[ID_BYTES];

	if (getrandom(bytes, sizeof(bytes), 0) != sizeof(bytes))
		return error_set_errno(err, EXIT_ENVIRONMENT, errno,
				       "cannot get random bytes for a container id");
	*id = calloc(1, 2 * ID_BYTES + 1);
	if (!*id)
		return error_set(err, EXIT_ENVIRONMENT, "no memory for a container id");
	for (int i = 0; i < ID_BYTES; i++)
		sprintf(*id + 2 * i, "%02x", bytes[i]);
	return 0;
}

static char **copy_argv(const char *const *argv)
{
	size_t count = 0;
	char **copy;

	while (argv[count])
		count++;
	copy = calloc(count + 1, sizeof(*copy));
	for (size_t i = 0; copy && i < count; i++)
		copy[i] = strdup(argv[i]);
	return copy;
}

/* The profile's rules and what the options put in their place, or NULL with err set. */
static json_t *rules_of(const struct configuration *configuration,
			const struct launch_options *options, const char *const *capabilities,
			struct error *err)
{
	json_t *seccomp = dockerprofile_load(configuration->seccomp, capabilities, err);
	const char *rules = options->seccomp;

	if (configuration->framework && options->fields)
		rules = options->fields;
	if (!seccomp || !rules || !dockerprofile_override(seccomp, rules, err))
		return seccomp;
	json_decref(seccomp);
	return NULL;
}

/* They go into linux.seccomp, or, where the runtime gets a program, only into that. */
static int add_rules(const struct configuration *configuration,
		     const struct launch_options *options, struct bundle_request *request,
		     char **filter, struct error *err)
{
	json_t *seccomp;
	int result = 0;

	if (!configuration->seccomp)
		return 0;
	seccomp = rules_of(configuration, options, request->capabilities, err);
	if (!seccomp)
		return -1;
	if (!configuration->tree) {
		request->seccomp = seccomp;
		return 0;
	}
	result = treefilter_make(seccomp, filter, err);
	request->filter = *filter;
	json_decref(seccomp);
	return result;
}

static int write_config(const struct configuration *configuration,
			const struct launch_options *options, const char *const argv[],
			const struct launch *launch, const char *rootfs, struct error *err)
{
	struct bundle_request request = {
		.id = launch->container,
		.rootfs = rootfs,
		.argv = argv,
		.capabilities = options->capabilities ? options->capabilities : bundle_capabilities,
		.devices = options->devices,
		.directory = options->directory,
		.annotations = options->annotations,
	};
	autofree char *path = NULL;
	autofree char *text = NULL;
	autofree char *filter = NULL;
	struct fileprofile files;
	json_t *config;

	if (add_rules(configuration, options, &request, &filter, err))
		return -1;
	if (fileprofile_prepare(configuration, options, &request, &files, err)) {
		json_decref(request.seccomp);
		return -1;
	}
	request.apparmor = files.apparmor;
	request.policy = files.policy;
	request.rules = files.rules;
	config = bundle_config(&request);
	fileprofile_free(&files);
	text = config ? json_dumps(config, JSON_INDENT(1)) : NULL;
	json_decref(config);
	json_decref(request.seccomp);
	if (!text || asprintf(&path, "%s/config.json", launch->bundle) < 0)
		return error_set(err, EXIT_ENVIRONMENT, "cannot make the container's config.json");
	return file_write(path, text, strlen(text), err);
}

static int check_devices(const char *const *devices, struct error *err)
{
	struct stat status;

	for (; devices && *devices; devices++) {
		if (stat(*devices, &status))
			return error_set_errno(err, EXIT_ENVIRONMENT, errno,
					       "cannot give the container device %s", *devices);
		if (!S_ISCHR(status.st_mode))
			return error_set(err, EXIT_USAGE, "%s is no character device", *devices);
	}
	return 0;
}

static int make_directory(const char *path, struct error *err)
{
	if (mkdir(path, 0700) && errno != EEXIST)
		return error_set_errno(err, EXIT_ENVIRONMENT, errno, "cannot make folder %s", path);
	return 0;
}

static int make_rootfs(const char *rootfs, struct error *err)
{
	if (make_directory(rootfs, err))
		return -1;
	if (mount("/", rootfs, NULL, MS_BIND, NULL))
		return error_set_errno(err, EXIT_ENVIRONMENT, errno,
				       "cannot bind / to %s (is this the root user?)", rootfs);
	return 0;
}

static int make_command(const struct configuration *configuration, struct launch *launch,
			struct error *err)
{
	const char *command[FLAGS_MOST + 6] = {configuration->runtime};
	const char *const *flag = configuration->flags;
	size_t count = 1;

	for (; flag && *flag && count <= FLAGS_MOST; flag++)
		command[count++] = *flag;
	command[count++] = "run";
	command[count++] = "--bundle";
	command[count++] = launch->bundle;
	command[count++] = launch->container;
	launch->argv = copy_argv(command);
	return launch->argv ? 0 : error_set(err, EXIT_ENVIRONMENT, "no memory for a command line");
}

static int prepare(const struct configuration *configuration, const struct launch_options *options,
		   const char *const argv[], struct launch *launch, struct error *err)
{
	autofree char *rootfs = NULL;

	if (check_devices(options->devices, err) || make_id(&launch->container, err))
		return -1;
	if (asprintf(&launch->bundle, BUNDLES "/%s", launch->container) < 0 ||
	    asprintf(&rootfs, "%s/rootfs", launch->bundle) < 0)
		return error_set(err, EXIT_ENVIRONMENT, "no memory for a bundle's path");
	if (make_directory(BUNDLES, err) || make_directory(launch->bundle, err) ||
	    make_rootfs(rootfs, err))
		return -1;
	if (write_config(configuration, options, argv, launch, rootfs, err))
		return -1;
	return make_command(configuration, launch, err);
}

int launch_check(const struct configuration *configuration, struct error *err)
{
	const char *missing = NULL;

	if (configuration->needs && access(configuration->needs, F_OK))
		missing = configuration->needs;
	else if (configuration->runtime && access(configuration->runtime, X_OK))
		missing = configuration->runtime;
	if (!missing)
		return 0;
	return error_set_errno(err, EXIT_ENVIRONMENT, errno,
			       "configuration %s cannot run in this guest: it needs %s%s%s%s",
			       configuration->name, missing, configuration->lacking ? " (" : "",
			       configuration->lacking ? configuration->lacking : "",
			       configuration->lacking ? ")" : "");
}

int launch_begin(const struct configuration *configuration, const struct launch_options *options,
		 const char *const argv[], struct launch *launch, struct error *err)
{
	static const struct launch_options none;

	*launch = (struct launch){0};
	if (launch_check(configuration, err))
		return -1;
	if (!configuration->runtime) {
		launch->argv = copy_argv(argv);
		return launch->argv
			       ? 0
			       : error_set(err, EXIT_ENVIRONMENT, "no memory for a command line");
	}
	if (!prepare(configuration, options ? options : &none, argv, launch, err))
		return 0;
	launch_end(configuration, launch);
	return -1;
}

static bool matches(const char *pattern)
{
	glob_t found;
	bool result = !glob(pattern, GLOB_NOSORT, NULL, &found);

	if (result)
		globfree(&found);
	return result;
}

/* A container that ended by itself leaves neither its state nor its instance. */
static bool remains(const struct configuration *configuration, const char *id)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "/sys/module/vkernel_%.12s", id);
	if (!access(path, F_OK))
		return true;
	if (configuration->framework)
		snprintf(path, sizeof(path), "/run/crun/%s", id);
	else
		snprintf(path, sizeof(path), "/run/%s/%s*",
			 strrchr(configuration->runtime, '/') + 1, id);
	return matches(path);
}

static void delete_container(const char *runtime, const char *id)
{
	pid_t child = fork();

	if (!child) {
		if (!freopen("/dev/null", "w", stdout) || !freopen("/dev/null", "w", stderr))
			_exit(127);
		execl(runtime, runtime, "delete", "--force", id, NULL);
		_exit(127);
	}
	while (child > 0 && waitpid(child, NULL, 0) < 0 && errno == EINTR)
		;
}

static void remove_bundle(const char *bundle)
{
	autofree char *rootfs = NULL;
	autofree char *config = NULL;

	if (asprintf(&rootfs, "%s/rootfs", bundle) < 0 ||
	    asprintf(&config, "%s/config.json", bundle) < 0)
		return;
	umount2(rootfs, MNT_DETACH);
	rmdir(rootfs);
	unlink(config);
	rmdir(bundle);
	rmdir(BUNDLES);
}

void launch_end(const struct configuration *configuration, struct launch *launch)
{
	if (launch->argv && launch->container && remains(configuration, launch->container))
		delete_container(configuration->runtime, launch->container);
	if (launch->bundle)
		remove_bundle(launch->bundle);
	for (char **argument = launch->argv; argument && *argument; argument++)
		free(*argument);
	free(launch->argv);
	free(launch->container);
	free(launch->bundle);
	*launch = (struct launch){0};
}
