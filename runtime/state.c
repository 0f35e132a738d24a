// SPDX-License-Identifier: GPL-2.0
#include "runtime/state.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "lib/cleanup.h"
#include "lib/file.h"
#include "runtime/json.h"

#define STATE	      "/run/vkernel"
#define PATH_SIZE     128 /* STATE, an instance's name, a file's name */
#define WAIT_PAUSE_NS 500000

static void state_path(char path[PATH_SIZE], const char *name, const char *file)
{
	snprintf(path, PATH_SIZE, STATE "/%s%s%s", name, *file ? "/" : "", file);
}

static int make_folder(const char *path, struct error *err)
{
	if (!mkdir(path, 0700) || errno == EEXIST)
		return 0;
	return error_set_errno(err, EXIT_ENVIRONMENT, errno, "cannot make the folder %s", path);
}

int state_create(const char *name, struct error *err)
{
	autoclose int fd = -1;
	char path[PATH_SIZE];

	state_path(path, name, "");
	if (make_folder(STATE, err) || make_folder(path, err))
		return -1;
	state_path(path, name, "lock");
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0)
		return error_set_errno(err, EXIT_ENVIRONMENT, errno, "cannot create %s", path);
	if (flock(fd, LOCK_EX | LOCK_NB))
		return error_set(
			err, EXIT_ENVIRONMENT,
			"a container whose id has the same first 12 digits is being created "
			"or run (%s is locked); choose another id",
			path);
	return steal_fd(&fd);
}

void state_ready(int lock)
{
	flock(lock, LOCK_SH);
}

int state_wait(const char *name, unsigned int seconds, struct error *err)
{
	const struct timespec pause = {.tv_nsec = WAIT_PAUSE_NS};
	unsigned long tries = seconds * (1000000000ul / WAIT_PAUSE_NS);
	autoclose int fd = -1;
	char path[PATH_SIZE];

	state_path(path, name, "lock");
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return error_set_errno(err, EXIT_ENVIRONMENT, errno, "cannot open %s", path);
	while (flock(fd, LOCK_SH | LOCK_NB)) {
		if (!tries--)
			return error_set(err, EXIT_ENVIRONMENT,
					 "the instance %s was not loaded within %u s", name,
					 seconds);
		nanosleep(&pause, NULL);
	}
	return 0;
}

int state_write_config(const char *name, const json_t *root, char **path, struct error *err)
{
	autofree char *text = json_write(root);

	if (!text)
		return error_set(err, EXIT_ENVIRONMENT, "no memory for a configuration");
	*path = malloc(PATH_SIZE);
	if (!*path)
		return error_set(err, EXIT_ENVIRONMENT, "no memory for a path");
	state_path(*path, name, "config.json");
	return file_write(*path, text, strlen(text), err);
}

void state_remove(const char *name)
{
	char path[PATH_SIZE];

	state_path(path, name, "config.json");
	unlink(path);
	state_path(path, name, "lock");
	unlink(path);
	state_path(path, name, "");
	rmdir(path);
}
