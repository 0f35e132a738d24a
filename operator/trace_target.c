// SPDX-License-Identifier: GPL-2.0
#include "operator/trace_target.h"

#include <jansson.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "operator/instances.h"

/* Where the runtimes keep a container's state, and the key of its first process. */
static const struct {
	const char *folder, *file, *key;
} states[] = {
	{"/run/crun", "status", "pid"},
	{"/run/runc", "state.json", "init_process_pid"},
	{"/run/docker/runtime-runc/moby", "state.json", "init_process_pid"},
	{"/run/containerd/runc/default", "state.json", "init_process_pid"},
};

static int read_state(const char *path, const char *key)
{
	json_t *state = json_load_file(path, 0, NULL);
	const int pid = (int)json_integer_value(json_object_get(state, key));

	json_decref(state);
	return pid > 0 ? pid : -1;
}

static int from_runtimes(const char *id)
{
	if (strchr(id, '/') || *id == '.')
		return -1;
	for (size_t i = 0; i < sizeof(states) / sizeof(*states); i++) {
		char path[PATH_MAX];
		int pid;

		if (snprintf(path, sizeof(path), "%s/%s/%s", states[i].folder, id,
			     states[i].file) >= (int)sizeof(path))
			continue;
		pid = read_state(path, states[i].key);
		if (pid > 0)
			return pid;
	}
	return -1;
}

static int from_instances(const char *which)
{
	const struct instance *instance;
	struct instances instances;
	struct error unread;
	int pid = -1;

	if (access("/sys/kernel/vkernel", F_OK) || instances_read(&instances, &unread))
		return -1;
	instance = instances_find(&instances, which, &unread);
	if (instance && instance->init > 0)
		pid = instance->init;
	instances_free(&instances);
	return pid;
}

int target_init(const char *which, struct error *err)
{
	int pid = from_instances(which);

	if (pid < 0)
		pid = from_runtimes(which);
	if (pid > 0)
		return pid;
	return error_set(
		err, EXIT_USAGE,
		"no container \"%.100s\" runs under vkernel-runtime, crun or runc; its first "
		"process can be named with --pid",
		which);
}
