// SPDX-License-Identifier: GPL-2.0
#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cleanup.h"

/* Doubles it, until there is more than used. */
static int grow(char **buffer, size_t *capacity, size_t used)
{
	size_t larger = *capacity ? *capacity * 2 : 4096;
	char *moved;

	while (larger <= used)
		larger *= 2;
	moved = realloc(*buffer, larger);
	if (!moved)
		return -1;
	*buffer = moved;
	*capacity = larger;
	return 0;
}

static int read_all(int fd, const char *name, size_t limit, size_t room, char **contents,
		    size_t *size, struct error *err)
{
	autofree char *buffer = NULL;
	size_t capacity = 0, used = 0;
	struct stat status;

	if (fstat(fd, &status))
		return error_set_errno(err, EXIT_ENVIRONMENT, errno, "cannot stat %s", name);
	if (S_ISDIR(status.st_mode))
		return error_set(err, EXIT_USAGE, "%s is a directory; name a file in it", name);

	if (S_ISREG(status.st_mode) && status.st_size > 0 && (size_t)status.st_size <= limit) {
		capacity = status.st_size + room + 2; /* what shows that it has ended, and a zero */
		buffer = malloc(capacity);
		if (!buffer)
			capacity = 0;
	}
	for (;;) {
		ssize_t got;

		if (used + room + 1 >= capacity && grow(&buffer, &capacity, used + room + 1))
			return error_set(err, EXIT_ENVIRONMENT, "no memory to read %s", name);
		got = read(fd, buffer + used, capacity - used - room - 1);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return error_set_errno(err, EXIT_ENVIRONMENT, errno, "cannot read %s",
					       name);
		used += got;
		if (used > limit)
			return error_set(err, EXIT_USAGE,
					 "%s is larger than %zu bytes, the most that is read", name,
					 limit);
		if (!got)
			break;
	}
	buffer[used] = '\0';
	*contents = steal_pointer(buffer);
	*size = used;
	return 0;
}

int file_read(const char *path, size_t limit, char **contents, size_t *size, struct error *err)
{
	autoclose int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);

	if (fd < 0)
		return error_set_errno(err, EXIT_USAGE, errno, "cannot open %s", path);
	return file_read_open(fd, path, limit, contents, size, err);
}

int file_read_open(int fd, const char *name, size_t limit, char **contents, size_t *size,
		   struct error *err)
{
	return read_all(fd, name, limit, 0, contents, size, err);
}

int file_read_room(const char *path, size_t limit, size_t room, char **contents, size_t *size,
		   struct error *err)
{
	autoclose int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);

	if (fd < 0)
		return error_set_errno(err, EXIT_USAGE, errno, "cannot open %s", path);
	return read_all(fd, path, limit, room, contents, size, err);
}

static int write_all(int fd, const char *contents, size_t size)
{
	while (size) {
		ssize_t put = write(fd, contents, size);

		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return -1;
		contents += put;
		size -= put;
	}
	return 0;
}

/* Where path leads, in memory of its own: a file that is not there yet is no link. */
static char *resolve(const char *path, struct error *err)
{
	char *target = realpath(path, NULL);
	struct stat status;

	if (!target && !lstat(path, &status) && S_ISLNK(status.st_mode)) {
		error_set(err, EXIT_USAGE, "%s is a link that leads to no file", path);
		return NULL;
	}
	if (!target)
		target = strdup(path);
	if (!target)
		error_set(err, EXIT_ENVIRONMENT, "no memory to write %s", path);
	return target;
}

int file_write(const char *path, const void *contents, size_t size, struct error *err)
{
	autofree char *temporary = NULL, *target = resolve(path, err);
	autoclose int fd = -1;
	int number;

	if (!target)
		return -1;
	if (asprintf(&temporary, "%s.XXXXXX", target) < 0) {
		temporary = NULL;
		return error_set(err, EXIT_ENVIRONMENT, "no memory to write %s", path);
	}
	fd = mkostemp(temporary, O_CLOEXEC);
	if (fd < 0)
		return error_set_errno(err, EXIT_ENVIRONMENT, errno,
				       "cannot create a file beside %s", path);
	if (!write_all(fd, contents, size) && !fchmod(fd, 0644) && !fsync(fd) &&
	    !rename(temporary, target))
		return 0;
	number = errno;
	unlink(temporary);
	return error_set_errno(err, EXIT_ENVIRONMENT, number, "cannot write %s", path);
}
