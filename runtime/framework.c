// SPDX-License-Identifier: GPL-2.0
#include "runtime/framework.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/cleanup.h"
#include "lib/text.h"

#define ABI "5"

const char *framework_folder = "/sys/kernel/vkernel";

static void cleanup_closedir(DIR **folder)
{
	if (*folder)
		closedir(*folder);
}

/* Reads at most size bytes, in as many pieces as the kernel gives them; -1 with errno. */
static ssize_t read_bytes(int fd, char *bytes, size_t size)
{
	size_t used = 0;

	while (used < size) {
		ssize_t got = read(fd, bytes + used, size - used);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -1;
		if (!got)
			break;
		used += got;
	}
	return used;
}

int framework_read_open(int fd, char *text, size_t size)
{
	ssize_t got = -1;

	/* An attribute comes as a whole, in one piece. */
	while (fd >= 0 && (got = pread(fd, text, size - 1, 0)) < 0 && errno == EINTR)
		;
	if (got < 0)
		return -1;
	if (got && text[got - 1] == '\n')
		got--;
	text[got] = '\0';
	return 0;
}

const char *framework_reason(int number)
{
	switch (number) {
	case EACCES:
		return "only root may do this";
	case EPERM:
		return "only the host's own processes may do this, none in a container";
	case ENOENT:
	case ENODEV:
		return "the instance is not there any more";
	default:
		return strerror(number);
	}
}

/* What the file of vKM that is open says is its ABI; path is for the message. */
static int check_abi(int fd, const char *path, struct error *err)
{
	char abi[64];

	if (framework_read_open(fd, abi, sizeof(abi)))
		return error_set(err, EXIT_ENVIRONMENT,
				 "the vKernel framework is not there (%s/%s: %s); "
				 "load it with: modprobe vkm",
				 framework_folder, path, strerror(errno));
	if (strcmp(abi, ABI))
		return error_set(err, EXIT_ENVIRONMENT,
				 "the loaded vkm speaks interface %s, this program " ABI
				 "; install both from the same release",
				 abi);
	return 0;
}

int framework_check(struct error *err)
{
	autoclose int fd = framework_open(NULL, "abi", O_RDONLY);

	return check_abi(fd, "abi", err);
}

/* What an older vkm has there cannot be read: the other file says why. */
int framework_begin(struct error *err)
{
	autoclose int fd = framework_open(NULL, "expect", O_RDWR);

	if (fd < 0 && framework_check(err))
		return -1;
	return check_abi(fd, "expect", err) ? -1 : steal_fd(&fd);
}

int framework_open(const char *instance, const char *attribute, int flags)
{
	char path[PATH_MAX];

	text_join(path, sizeof(path), framework_folder, instance ? "/instances/" : "",
		  instance ? instance : "", "/", attribute, NULL);
	return open(path, flags | O_CLOEXEC);
}

int framework_read(const char *instance, const char *attribute, char *text, size_t size)
{
	autoclose int fd = framework_open(instance, attribute, O_RDONLY);

	return framework_read_open(fd, text, size);
}

int framework_read_binary(const char *instance, const char *attribute, void *bytes, size_t size)
{
	autoclose int fd = framework_open(instance, attribute, O_RDONLY);
	ssize_t got = fd < 0 ? -1 : read_bytes(fd, bytes, size);

	if (got < 0)
		return -1;
	if ((size_t)got == size)
		return 0;
	errno = EPROTO;
	return -1;
}

int framework_write(const char *instance, const char *attribute, const char *text)
{
	autoclose int fd = framework_open(instance, attribute, O_WRONLY);

	if (fd < 0)
		return -1;
	return write(fd, text, strlen(text)) < 0 ? -1 : 0;
}

static int compare(const void *one, const void *other)
{
	return strcmp(one, other);
}

int framework_list_folder(const char *path, char (**names)[MODULE_NAME_MAX + 1], size_t *count,
			  struct error *err)
{
	__attribute__((cleanup(cleanup_closedir))) DIR *folder = opendir(path);
	char(*list)[MODULE_NAME_MAX + 1] = NULL;
	struct dirent *entry;
	size_t used = 0;

	if (!folder)
		return error_set(err, EXIT_ENVIRONMENT, "cannot read %s: %s", path,
				 framework_reason(errno));
	while ((entry = readdir(folder))) {
		void *grown;

		if (entry->d_name[0] == '.' || strlen(entry->d_name) > MODULE_NAME_MAX)
			continue;
		grown = reallocarray(list, used + 1, sizeof(*list));
		if (!grown) {
			free(list);
			return error_set(err, EXIT_ENVIRONMENT, "no memory for %zu instances",
					 used + 1);
		}
		list = grown;
		strcpy(list[used++], entry->d_name);
	}
	if (used)
		qsort(list, used, sizeof(*list), compare);
	*names = list;
	*count = used;
	return 0;
}

int framework_list(char (**names)[MODULE_NAME_MAX + 1], size_t *count, struct error *err)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/instances", framework_folder);
	return framework_list_folder(path, names, count, err);
}
