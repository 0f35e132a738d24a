// SPDX-License-Identifier: GPL-2.0
#include "runtime/sweep.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <vkernel/image.h>

#include "lib/cleanup.h"
#include "runtime/state.h"

/*
 * Seconds for which a file is not touched although nobody has locked it: its writer may have come as
 * far as to make it.
 */
#define WRITER_AGE 10

/* The runtime's own names; who loads an instance by hand under another one keeps it. */
static bool is_ours(const char *name)
{
	const size_t prefix = strlen(VKI_NAME_PREFIX);

	return strlen(name) == INSTANCE_NAME_LENGTH && !strncmp(name, VKI_NAME_PREFIX, prefix) &&
	       strspn(name + prefix, "0123456789abcdef") == INSTANCE_NAME_LENGTH - prefix;
}

static bool is_loaded(const char *name)
{
	char state[16];

	return !framework_read(name, "state", state, sizeof(state));
}

static void tell(const struct sweep *sweep, const char *name)
{
	char *id = NULL, *root = NULL;
	autofree char *what = NULL;
	time_t since;

	if (state_owner(name, &id, &root, &since))
		id = root = NULL;
	if (asprintf(&what, "%s %s%s%s%s%s", is_loaded(name) ? "the instance" : "the state folder",
		     name, id ? " of the container " : "", id ? id : "", id ? " in " : "",
		     id ? root : "") < 0)
		what = NULL;
	sweep->found(sweep->context, what ? what : name);
	free(id);
	free(root);
}

static int take_away(const struct sweep *sweep, const char *name, struct error *err)
{
	autoclose int lock = state_sweep(name, err);

	if (lock == STATE_HELD)
		return 0;
	if (lock < 0)
		return -1;
	if (instance_is_running(name)) {
		state_give_up(lock, name);
		return 0;
	}
	tell(sweep, name);
	if (instance_claim(name, sweep->farewell, err)) {
		state_give_up(lock, name);
		return -1;
	}
	state_remove(name);
	return 0;
}

static void look_at(const struct sweep *sweep, const char *name)
{
	struct error err;

	if (!is_ours(name) || instance_is_running(name) || state_is_held(name))
		return;
	if (sweep->dry_run)
		tell(sweep, name);
	else if (take_away(sweep, name, &err))
		sweep->failed(sweep->context, &err);
}

typedef char (*names_list)[MODULE_NAME_MAX + 1];

static bool has(names_list names, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (!strcmp(names[i], name))
			return true;
	return false;
}

int sweep_instances(const struct sweep *sweep, struct error *err)
{
	autofree names_list folders = NULL, instances = NULL;
	size_t folders_count = 0, instances_count = 0;

	if (!access(framework_folder, F_OK) && framework_list(&instances, &instances_count, err))
		return -1;
	if (!access(state_folder, F_OK) && state_list(&folders, &folders_count, err))
		return -1;
	for (size_t i = 0; i < instances_count; i++)
		look_at(sweep, instances[i]);
	for (size_t i = 0; i < folders_count; i++)
		if (!has(instances, instances_count, folders[i]))
			look_at(sweep, folders[i]);
	return 0;
}

/* Whether its writer is gone. */
static bool is_left(int folder, const char *name)
{
	autoclose int fd = openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	struct stat status;

	return fd >= 0 && !fstat(fd, &status) && S_ISREG(status.st_mode) &&
	       time(NULL) - status.st_mtime > WRITER_AGE && !flock(fd, LOCK_EX | LOCK_NB);
}

static void remove_file(const struct sweep *sweep, const char *path, DIR *folder, const char *name)
{
	autofree char *what = NULL;
	struct error err;

	if (asprintf(&what, "the half-written file %s/%s", path, name) < 0)
		what = NULL;
	sweep->found(sweep->context, what ? what : name);
	if (sweep->dry_run || !unlinkat(dirfd(folder), name, 0) || errno == ENOENT)
		return;
	error_set_errno(&err, EXIT_ENVIRONMENT, errno, "cannot remove %s/%s", path, name);
	sweep->failed(sweep->context, &err);
}

int sweep_folder(const struct sweep *sweep, const char *path,
		 bool (*is_temporary)(const char *name), struct error *err)
{
	DIR *folder = opendir(path);
	struct dirent *entry;

	if (!folder && errno == ENOENT)
		return 0;
	if (!folder)
		return error_set_errno(err, EXIT_ENVIRONMENT, errno, "cannot read the folder %s",
				       path);
	while ((entry = readdir(folder)))
		if (is_temporary(entry->d_name) && is_left(dirfd(folder), entry->d_name))
			remove_file(sweep, path, folder, entry->d_name);
	closedir(folder);
	return 0;
}
