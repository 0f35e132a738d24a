// SPDX-License-Identifier: GPL-2.0
#include "runtime/container.h"

#include <errno.h>
#include <libgen.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/cleanup.h"
#include "lib/file.h"
#include "runtime/bundle.h"
#include "runtime/child.h"
#include "runtime/image.h"
#include "runtime/instance.h"
#include "runtime/policy.h"
#include "runtime/state.h"

#define BACKEND	      "crun"
#define TEMPLATE_MAX  (16u << 20)
#define BIND_PATIENCE 30 /* seconds that the hook waits for the module to be loaded */

static void cleanup_json(json_t **value)
{
	json_decref(*value);
}

static void cleanup_policy(struct container_policy *policy)
{
	free(policy->blob);
}

#define autojson __attribute__((cleanup(cleanup_json)))

static const char *backend(void)
{
	const char *chosen = getenv("VKERNEL_BACKEND");

	return chosen && *chosen ? chosen : BACKEND;
}

/* This program's own path, which the hook is run by and the template may lie beside. */
static int own_path(char path[PATH_MAX], struct error *err)
{
	ssize_t length = readlink("/proc/self/exe", path, PATH_MAX - 1);

	if (length < 0)
		return error_set_errno(err, EXIT_ENVIRONMENT, errno, "cannot read /proc/self/exe");
	path[length] = '\0';
	return 0;
}

/*
 * The template: the one that VKERNEL_TEMPLATE names, else the one installed for the running
 * kernel, else ../kmod/vki.ko from this program's folder, as in a tree that is not installed.
 */
static int template_path(char path[PATH_MAX], struct error *err)
{
	const char *chosen = getenv("VKERNEL_TEMPLATE");
	struct utsname kernel;
	char self[PATH_MAX];
	int length;

	if (chosen && *chosen) {
		length = snprintf(path, PATH_MAX, "%s", chosen);
		return length < PATH_MAX
			       ? 0
			       : error_set(err, EXIT_USAGE, "VKERNEL_TEMPLATE is too long");
	}
	if (uname(&kernel))
		return error_set_errno(err, EXIT_ENVIRONMENT, errno,
				       "cannot tell the kernel's name");
	snprintf(path, PATH_MAX, "/lib/modules/%s/updates/vkernel/vki.ko", kernel.release);
	if (!access(path, R_OK))
		return 0;
	if (own_path(self, err))
		return -1;
	length = snprintf(path, PATH_MAX, "%s/../kmod/vki.ko", dirname(self));
	return length < PATH_MAX ? 0 : error_set(err, EXIT_ENVIRONMENT, "%s: path too long", self);
}

static int load(const char *name, const void *blob, size_t blob_size, struct error *err)
{
	autofree char *template = NULL;
	autofree void *image = NULL;
	size_t template_size, image_size;
	char path[PATH_MAX];

	if (template_path(path, err))
		return -1;
	if (file_read(path, TEMPLATE_MAX, &template, &template_size, err))
		return error_context(err, "cannot read the instance template");
	if (image_make(template, template_size, blob, blob_size, name, &image, &image_size, err))
		return error_context(err, "cannot use the instance template %s", path);
	return instance_load(name, image, image_size, err);
}

/* The configuration that the underlying runtime reads, with our hook in it. */
static int write_config(json_t *root, const char *name, bool drop_seccomp, char **path,
			struct error *err)
{
	char self[PATH_MAX];
	const char *hook[] = {self, "bind", name, NULL};

	if (own_path(self, err) || bundle_rewrite(root, hook, drop_seccomp, err))
		return -1;
	return state_write_config(name, root, path, err);
}

static void discard(const char *name)
{
	struct error err;

	if (instance_remove(name, &err))
		error_report(&err, "vkernel-runtime");
	state_remove(name);
}

/* Ends what a runtime that was killed may have left running, by its own means. */
static void delete_forcibly(const struct arguments *arguments)
{
	autofree char **argv = calloc(arguments->argc + 4, sizeof(*argv));
	struct error err;
	pid_t pid;
	int i;

	if (!argv)
		return;
	for (i = 0; i < arguments->command; i++)
		argv[i] = arguments->argv[i];
	argv[0] = (char *)backend();
	argv[i++] = (char *)"delete";
	argv[i++] = (char *)"--force";
	argv[i] = (char *)arguments->id;
	pid = child_start(argv, &err);
	if (pid > 0)
		child_wait(pid);
}

/*
 * The child creates the namespaces while the module is loaded; its hook waits for state_ready(),
 * which comes whether that went well or not, and refuses to go on where there is no instance.
 */
static int start_and_load(const struct arguments *arguments, char *config, const char *name,
			  const void *blob, size_t blob_size, int lock, int *status,
			  struct error *err)
{
	autofree char **argv = arguments_for(arguments, backend(), config);
	pid_t pid;
	int loaded;

	if (!argv)
		return error_set(err, EXIT_ENVIRONMENT, "no memory for a command line");
	pid = child_start(argv, err);
	if (pid < 0)
		return -1;
	loaded = load(name, blob, blob_size, err);
	state_ready(lock);
	*status = child_wait(pid);
	return loaded;
}

static int create(const struct arguments *arguments, json_t *root, const char *name, int lock,
		  struct error *err)
{
	autofree char *config = NULL;
	__attribute__((cleanup(cleanup_policy))) struct container_policy policy = {.blob = NULL};
	int status = 0;

	if (policy_for(root, arguments->id, &policy, err) ||
	    write_config(root, name, policy.restricts_calls, &config, err))
		return -1;
	if (start_and_load(arguments, config, name, policy.blob, policy.size, lock, &status, err))
		return -1;
	if (WIFSIGNALED(status))
		delete_forcibly(arguments);
	return child_exit_status(status);
}

/* Whether the container is meant to outlive this process. */
static bool lives_on(const struct arguments *arguments)
{
	return arguments->detach || !strcmp(arguments_command(arguments), "create");
}

int container_create(const struct arguments *arguments, struct error *err)
{
	autojson json_t *root = NULL;
	char name[INSTANCE_NAME_SIZE];
	autoclose int lock = -1;
	int status;

	if (instance_check_framework(err))
		return -1;
	if (bundle_read(arguments->bundle, arguments->config, &root, err))
		return -1;
	instance_name(arguments->id, name);
	lock = state_create(name, err);
	if (lock < 0)
		return -1;
	if (instance_claim(name, err))
		return -1;
	status = create(arguments, root, name, lock, err);
	if (status || !lives_on(arguments))
		discard(name);
	return status;
}

/* What a container that the runtime below does not know left behind, unless somebody holds it. */
static void discard_remains(const char *name)
{
	autoclose int lock = -1;
	struct error err;

	lock = state_create(name, &err);
	if (lock >= 0 && !instance_claim(name, &err))
		state_remove(name);
}

int container_delete(const struct arguments *arguments, struct error *err)
{
	autofree char **argv = arguments_for(arguments, backend(), NULL);
	char name[INSTANCE_NAME_SIZE];
	int status;
	pid_t pid;

	if (!argv)
		return error_set(err, EXIT_ENVIRONMENT, "no memory for a command line");
	pid = child_start(argv, err);
	if (pid < 0)
		return -1;
	status = child_exit_status(child_wait(pid));
	instance_name(arguments->id, name);
	if (status) {
		discard_remains(name);
		return status;
	}
	if (instance_remove(name, err))
		return -1;
	state_remove(name);
	return 0;
}

int container_pass(const struct arguments *arguments, struct error *err)
{
	autofree char **argv = arguments_for(arguments, backend(), NULL);

	if (!argv)
		return error_set(err, EXIT_ENVIRONMENT, "no memory for a command line");
	execvp(argv[0], argv);
	return error_set_errno(err, EXIT_ENVIRONMENT, errno, "cannot run %s", argv[0]);
}

/* The runtime tells the container's init in the state that it writes to a hook's standard input. */
int container_bind(int argc, char **argv, struct error *err)
{
	autojson json_t *state = NULL;
	json_error_t fault;
	json_int_t pid;

	if (argc != 3)
		return error_set(err, EXIT_USAGE, "bind is a hook: bind INSTANCE <state.json");
	state = json_loadf(stdin, JSON_DISABLE_EOF_CHECK, &fault);
	pid = json_integer_value(json_object_get(state, "pid"));
	if (pid <= 0 || pid > INT_MAX)
		return error_set(err, EXIT_USAGE, "the runtime's state names no process: %s",
				 state ? "no \"pid\" in it" : fault.text);
	if (state_wait(argv[2], BIND_PATIENCE, err) || instance_bind(argv[2], pid, err))
		return -1;
	return 0;
}
