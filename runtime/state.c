// SPDX-License-Identifier: GPL-2.0
#include "runtime/state.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "lib/cleanup.h"
#include "lib/file.h"
#include "lib/text.h"
#include "runtime/json.h"

#define PATH_SIZE     256 /* the folder, an instance's name, a file's name */
#define WAIT_PAUSE_NS 500000
#define CREATE_TRIES  20000	   /* 10 s, where what is there is being taken away */
#define RECORD_MAX    (256u << 10) /* an id is an argument: at most 128 KiB */

const char *state_folder = "/run/vkernel";

/* Bytes of the lock file that are locked; whether anything is written there does not matter. */
enum {
	LOCK_HELD,     /* by who makes or takes away the instance */
	LOCK_SWEEPING, /* by who takes away what nobody holds, before it takes LOCK_HELD */
};

static void state_path(char path[PATH_SIZE], const char *name, const char *file)
{
	text_join(path, PATH_SIZE, state_folder, "/", name, *file ? "/" : "", file, NULL);
}

/* Sets or ends (F_UNLCK) a lock of this descriptor; -1 with errno where another has one. */
static int set_lock(int fd, int type, off_t first, off_t count)
{
	struct flock lock = {
		.l_type = type, .l_whence = SEEK_SET, .l_start = first, .l_len = count};

	return fcntl(fd, F_OFD_SETLK, &lock);
}

static int make_folder(const char *path, struct error *err)
{
	if (!mkdir(path, 0700) || errno == EEXIST)
		return 0;
	return error_set_errno(err, EXIT_ENVIRONMENT, errno, "cannot make the folder %s", path);
}

/* Whether path still names the file that was locked: its last holder may have removed it. */
static bool is_current(int fd, const char *path)
{
	struct stat locked, named;

	return !fstat(fd, &locked) && !stat(path, &named) && locked.st_ino == named.st_ino &&
	       locked.st_dev == named.st_dev;
}

static void pause_briefly(void)
{
	const struct timespec pause = {.tv_nsec = WAIT_PAUSE_NS};

	nanosleep(&pause, NULL);
}

/* Whether another descriptor holds a lock on this byte. */
static bool is_locked(int fd, off_t byte)
{
	struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = byte, .l_len = 1};

	return !fcntl(fd, F_OFD_GETLK, &lock) && lock.l_type != F_UNLCK;
}

/* Makes the folder and its lock file; -1 with err set, or STATE_HELD where it was just removed. */
static int open_lock(const char *name, struct error *err)
{
	char path[PATH_SIZE], folder[PATH_SIZE];
	int fd;

	state_path(folder, name, "");
	state_path(path, name, "lock");
	if (mkdir(folder, 0700) && errno != EEXIST &&
	    (make_folder(state_folder, err) || make_folder(folder, err)))
		return -1;
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (fd >= 0)
		return fd;
	if (errno == ENOENT)
		return STATE_HELD;
	error_set_errno(err, EXIT_ENVIRONMENT, errno, "cannot create %s", path);
	/* An empty folder would be left; one that another has made is not empty. */
	rmdir(folder);
	return -1;
}

/* Takes the lock, or returns STATE_HELD where another has it. */
static int try_create(const char *name, struct error *err)
{
	autoclose int fd = open_lock(name, err);
	char path[PATH_SIZE];

	if (fd < 0)
		return fd;
	state_path(path, name, "lock");
	if (set_lock(fd, F_WRLCK, LOCK_HELD, 1) || !is_current(fd, path))
		return STATE_HELD;
	return steal_fd(&fd);
}

/*
 * Who sweeps has the lock for as long as unloading a module takes. It takes LOCK_SWEEPING before
 * the lock and lets go of both at once, so after a failure the lock is free or this is told.
 */
static bool is_swept(const char *name)
{
	autoclose int fd = -1;
	char path[PATH_SIZE];

	state_path(path, name, "lock");
	fd = open(path, O_RDWR | O_CLOEXEC);
	return fd < 0 || is_locked(fd, LOCK_SWEEPING) || !is_locked(fd, LOCK_HELD);
}

int state_create(const char *name, struct error *err)
{
	for (int tries = 0; tries < CREATE_TRIES; tries++) {
		int lock = try_create(name, err);

		if (lock != STATE_HELD)
			return lock;
		if (!is_swept(name))
			break;
		pause_briefly();
	}
	return STATE_HELD;
}

int state_sweep(const char *name, struct error *err)
{
	autoclose int fd = open_lock(name, err);
	char path[PATH_SIZE];

	if (fd < 0)
		return fd;
	state_path(path, name, "lock");
	if (set_lock(fd, F_WRLCK, LOCK_SWEEPING, 1) || set_lock(fd, F_WRLCK, LOCK_HELD, 1) ||
	    !is_current(fd, path))
		return STATE_HELD;
	return steal_fd(&fd);
}

bool state_is_held(const char *name)
{
	autoclose int fd = -1;
	char path[PATH_SIZE];

	state_path(path, name, "lock");
	fd = open(path, O_RDONLY | O_CLOEXEC);
	return fd >= 0 && is_locked(fd, LOCK_HELD);
}

int state_own(int lock, const struct owner *owner, struct error *err)
{
	autofree char *record = NULL;
	size_t size;

	if (owner_record(owner, &record, &size, err))
		return -1;
	if (!ftruncate(lock, 0) && pwrite(lock, record, size, 0) == (ssize_t)size)
		return 0;
	return error_set_errno(err, EXIT_ENVIRONMENT, errno,
			       "cannot write down the container's id in %s", state_folder);
}

/* Whether the file says that the instance is owner's. */
static bool owned_by(int fd, const struct owner *owner)
{
	autofree char *record = NULL, *found = NULL;
	struct error err;
	struct stat status;
	size_t size;

	if (owner_record(owner, &record, &size, &err) || fstat(fd, &status) || size > RECORD_MAX ||
	    status.st_size != (off_t)size)
		return false;
	found = malloc(size);
	return found && pread(fd, found, size, 0) == (ssize_t)size && !memcmp(found, record, size);
}

bool state_is_owned(const char *name, const struct owner *owner)
{
	autoclose int fd = -1;
	char path[PATH_SIZE];

	state_path(path, name, "lock");
	fd = open(path, O_RDONLY | O_CLOEXEC);
	return fd >= 0 && owned_by(fd, owner);
}

void state_give_up(int lock, const char *name)
{
	struct stat status;

	if (!fstat(lock, &status) && !status.st_size)
		state_remove(name);
}

int state_take(const char *name, const struct owner *owner, unsigned int seconds, struct error *err)
{
	unsigned long tries = seconds * (1000000000ul / WAIT_PAUSE_NS);
	char path[PATH_SIZE];

	state_path(path, name, "lock");
	for (;;) {
		autoclose int fd = open(path, O_RDWR | O_CLOEXEC);

		if (fd < 0 && errno == ENOENT)
			return STATE_NOT_OURS;
		if (fd < 0)
			return error_set_errno(err, EXIT_ENVIRONMENT, errno, "cannot open %s",
					       path);
		if (!owned_by(fd, owner))
			return STATE_NOT_OURS;
		if (!set_lock(fd, F_WRLCK, LOCK_HELD, 1) && is_current(fd, path) &&
		    owned_by(fd, owner))
			return steal_fd(&fd);
		if (!tries--)
			break;
		pause_briefly();
	}
	return error_set(err, EXIT_ENVIRONMENT,
			 "the runtime of the container %s has not let go of its instance within "
			 "%u s (%s is locked)",
			 owner->id, seconds, path);
}

static bool write_all(int fd, const char *text, size_t size)
{
	while (size) {
		ssize_t put = write(fd, text, size);

		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return false;
		text += put;
		size -= put;
	}
	return true;
}

/* Who holds the folder's lock is its only writer, and what it reads later is complete. */
int state_write_text(const char *name, const char *text, char **path, struct error *err)
{
	autoclose int fd = -1;

	*path = malloc(PATH_SIZE);
	if (!*path)
		return error_set(err, EXIT_ENVIRONMENT, "no memory for a path");
	state_path(*path, name, "config.json");
	fd = open(*path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd >= 0 && write_all(fd, text, strlen(text)))
		return 0;
	return error_set_errno(err, EXIT_ENVIRONMENT, errno, "cannot write %s", *path);
}

int state_write_config(const char *name, const json_t *root, char **path, struct error *err)
{
	autofree char *text = json_write(root);

	if (!text)
		return error_set(err, EXIT_ENVIRONMENT, "no memory for a configuration");
	return state_write_text(name, text, path, err);
}

/* The record, which ends with a zero byte, is cut at the one between id and root. */
int state_owner(const char *name, char **id, char **root, time_t *since)
{
	autofree char *record = NULL;
	struct stat status;
	char path[PATH_SIZE];
	struct error err;
	size_t size, first;

	state_path(path, name, "lock");
	if (file_read(path, RECORD_MAX, &record, &size, &err) || stat(path, &status))
		return -1;
	first = strlen(record) + 1;
	if (first >= size)
		return -1;
	*id = strdup(record);
	*root = strdup(record + first);
	*since = status.st_mtime;
	if (*id && *root)
		return 0;
	free(*id);
	free(*root);
	return -1;
}

/* What is in the folder beside the lock; a killed writer's temporary file may be. */
static void remove_files(const char *name)
{
	char path[PATH_SIZE];
	struct dirent *entry;
	DIR *folder;

	state_path(path, name, "");
	folder = opendir(path);
	if (!folder)
		return;
	while ((entry = readdir(folder)))
		if (strcmp(entry->d_name, "lock"))
			unlinkat(dirfd(folder), entry->d_name, 0);
	closedir(folder);
}

/* The lock goes last but one: who takes it after that finds that it is not current any more. */
static void remove_folder(const char *name)
{
	char path[PATH_SIZE];

	state_path(path, name, "lock");
	unlink(path);
	state_path(path, name, "");
	rmdir(path);
}

void state_remove(const char *name)
{
	remove_files(name);
	remove_folder(name);
}

void state_remove_own(const char *name)
{
	char path[PATH_SIZE];

	state_path(path, name, "config.json");
	unlink(path);
	remove_folder(name);
}

int state_list(char (**names)[MODULE_NAME_MAX + 1], size_t *count, struct error *err)
{
	return framework_list_folder(state_folder, names, count, err);
}
