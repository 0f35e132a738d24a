// SPDX-License-Identifier: GPL-2.0
/* The hook. The runtime writes the container's state to its standard input. */
#include <errno.h>
#include <jansson.h>
#include <limits.h>
#include <poll.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/cleanup.h"
#include "runtime/container.h"
#include "runtime/instance.h"
#include "runtime/state.h"

#define PATIENCE 30 /* seconds that the hook waits for the module to be loaded */

static void cleanup_json(json_t **value)
{
	json_decref(*value);
}

/* Whether the process has ended: its number may be another one's from then on. */
static bool has_ended(int pidfd)
{
	struct pollfd process = {.fd = pidfd, .events = POLLIN};

	return poll(&process, 1, 0) != 0;
}

/*
 * Its descriptor is opened while the runtime waits for this hook, before the wait for the module,
 * which is when the process could end unseen.
 */
static int bind_init(const char *name, const struct owner *owner, pid_t pid, struct error *err)
{
	autoclose int pidfd = syscall(SYS_pidfd_open, pid, 0);

	if (pidfd < 0)
		return error_set_errno(err, EXIT_ENVIRONMENT, errno,
				       "cannot open the container's process %d", pid);
	if (state_wait(name, owner, PATIENCE, err))
		return -1;
	if (has_ended(pidfd))
		return error_set(err, EXIT_ENVIRONMENT,
				 "the container's process %d ended before it was bound", pid);
	return instance_bind(name, pid, err);
}

int container_bind(int argc, char **argv, struct error *err)
{
	__attribute__((cleanup(cleanup_json))) json_t *state = NULL;
	json_error_t fault;
	struct owner owner;
	json_int_t pid;

	if (argc != 4)
		return error_set(err, EXIT_USAGE, "bind is a hook: bind INSTANCE ROOT <state.json");
	state = json_loadf(stdin, JSON_DISABLE_EOF_CHECK, &fault);
	pid = json_integer_value(json_object_get(state, "pid"));
	if (pid <= 0 || pid > INT_MAX)
		return error_set(err, EXIT_USAGE, "the runtime's state names no process: %s",
				 state ? "no \"pid\" in it" : fault.text);
	owner.id = json_string_value(json_object_get(state, "id"));
	if (!owner.id)
		return error_set(err, EXIT_USAGE, "the runtime's state names no \"id\"");
	if (owner_set(&owner, owner.id, argv[3], "", err))
		return -1;
	return bind_init(argv[2], &owner, pid, err);
}
