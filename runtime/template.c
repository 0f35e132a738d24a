// SPDX-License-Identifier: GPL-2.0
#include "runtime/template.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "lib/cleanup.h"
#include "lib/file.h"
#include "lib/text.h"
#include "runtime/image.h"

/* This program's folder, which the template may lie beside. */
static int own_folder(char folder[PATH_MAX], struct error *err)
{
	char path[PATH_MAX];
	ssize_t length = readlink("/proc/self/exe", path, sizeof(path) - 1);

	if (length < 0)
		return error_set_errno(err, EXIT_ENVIRONMENT, errno, "cannot read /proc/self/exe");
	path[length] = '\0';
	text_join(folder, PATH_MAX, dirname(path), NULL);
	return 0;
}

/* The tree's build folder has its modules under the kernel's first two numbers. */
static int beside(const char *release, char path[PATH_MAX], struct error *err)
{
	char folder[PATH_MAX], numbers[16] = "";
	const char *dot = strchr(release, '.');
	size_t two = dot ? dot + 1 - release + strspn(dot + 1, "0123456789") : strlen(release);

	if (own_folder(folder, err))
		return -1;
	memcpy(numbers, release, two < sizeof(numbers) ? two : sizeof(numbers) - 1);
	if (text_join(path, PATH_MAX, folder, "/../kmod-", numbers, "/vki.ko", NULL) < PATH_MAX &&
	    !access(path, R_OK))
		return 0;
	if (text_join(path, PATH_MAX, folder, "/../kmod/vki.ko", NULL) < PATH_MAX)
		return 0;
	return error_set(err, EXIT_ENVIRONMENT, "%s: path too long", folder);
}

int template_path(const char *release, char path[PATH_MAX], struct error *err)
{
	static const struct {
		const char *before, *after;
	} installed[] = {
		{.before = "/lib/modules/", .after = "/updates/vkernel/vki.ko"},
		{.before = "/usr/lib/vkernel/", .after = "/vki.ko"},
	};
	const char *chosen = getenv("VKERNEL_TEMPLATE");
	struct utsname kernel;

	if (chosen && *chosen) {
		if (text_join(path, PATH_MAX, chosen, NULL) < PATH_MAX)
			return 0;
		return error_set(err, EXIT_USAGE, "VKERNEL_TEMPLATE is too long");
	}
	if (!release && uname(&kernel))
		return error_set_errno(err, EXIT_ENVIRONMENT, errno,
				       "cannot tell the kernel's name");
	if (!release)
		release = kernel.release;
	for (size_t i = 0; i < sizeof(installed) / sizeof(installed[0]); i++) {
		text_join(path, PATH_MAX, installed[i].before, release, installed[i].after, NULL);
		if (!access(path, R_OK))
			return 0;
	}
	return beside(release, path, err);
}

/* The file's pages lie over the first ones of memory that is there for both. */
static bool map_both(int fd, size_t room, struct template_map *map)
{
	map->mapped = map->size + room;
	map->image =
		mmap(NULL, map->mapped, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (map->image == MAP_FAILED)
		return false;
	if (!map->size || mmap(map->image, map->size, PROT_READ | PROT_WRITE,
			       MAP_PRIVATE | MAP_FIXED, fd, 0) != MAP_FAILED)
		return true;
	template_unmap(map);
	return false;
}

/* What cannot be mapped (a pipe) is read. */
static int read_template(int fd, const char *path, size_t room, struct template_map *map,
			 struct error *err)
{
	autofree char *bytes = NULL;
	size_t size;

	if (file_read_open(fd, path, TEMPLATE_SIZE_MAX, &bytes, &size, err))
		return -1;
	map->size = 0;
	if (!map_both(-1, size + room, map))
		return error_set_errno(err, EXIT_ENVIRONMENT, errno, "no memory for %s", path);
	memcpy(map->image, bytes, size);
	map->size = size;
	return 0;
}

int template_map(const char *path, size_t room, struct template_map *map, struct error *err)
{
	autoclose int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	struct stat status;

	if (fd < 0)
		return error_set_errno(err, EXIT_USAGE, errno, "cannot open %s", path);
	if (fstat(fd, &status) || !S_ISREG(status.st_mode) ||
	    status.st_size > (off_t)TEMPLATE_SIZE_MAX)
		return read_template(fd, path, room, map, err);
	map->size = status.st_size;
	if (map_both(fd, room, map))
		return 0;
	return error_set_errno(err, EXIT_ENVIRONMENT, errno, "cannot map %s", path);
}

void template_unmap(struct template_map *map)
{
	munmap(map->image, map->mapped);
}

static int check_release(const char *path, const char *image, size_t size, const char *release,
			 struct error *err)
{
	char built[128];

	if (image_release(image, size, built, err))
		return error_context(err, "%s", path);
	if (!strcmp(built, release))
		return 0;
	return error_set(
		err, EXIT_USAGE,
		"the instance template %s is for the kernel %s, not for %s; install the one "
		"for that kernel, or name it with --template",
		path, built, release);
}

int template_read(const char *path, const char *release, char **image, size_t *size,
		  struct error *err)
{
	char found[PATH_MAX];

	if (!path && template_path(release, found, err))
		return -1;
	path = path ? path : found;
	if (file_read(path, TEMPLATE_SIZE_MAX, image, size, err))
		return error_context(err, "cannot read the instance template");
	if (release && check_release(path, *image, *size, release, err)) {
		free(*image);
		*image = NULL;
		return -1;
	}
	return 0;
}
