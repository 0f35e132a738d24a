// SPDX-License-Identifier: GPL-2.0
#include "harness/cache.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int join(char path[PATH_MAX], struct error *err, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static int join(char path[PATH_MAX], struct error *err, const char *format, ...)
{
	va_list values;
	int length;

	va_start(values, format);
	length = vsnprintf(path, PATH_MAX, format, values);
	va_end(values);
	if (length < 0 || length >= PATH_MAX)
		return error_set(err, EXIT_USAGE, "path too long: %.200s...", path);
	return 0;
}

static int cache_folder(char path[PATH_MAX], struct error *err)
{
	const char *own = getenv("VKERNEL_CACHE"), *common = getenv("XDG_CACHE_HOME");
	const char *home = getenv("HOME");

	if (own && *own)
		return join(path, err, "%s", own);
	if (common && *common)
		return join(path, err, "%s/vkernel", common);
	if (home && *home)
		return join(path, err, "%s/.cache/vkernel", home);
	return error_set(err, EXIT_ENVIRONMENT,
			 "no cache folder: set VKERNEL_CACHE, XDG_CACHE_HOME or HOME");
}

static int make_folders(char *path, struct error *err)
{
	for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = 0;
		mkdir(path, 0777);
		*slash = '/';
	}
	if (mkdir(path, 0777) < 0 && errno != EEXIST)
		return error_set_errno(err, EXIT_ENVIRONMENT, errno,
				       "making the cache folder %.500s (set VKERNEL_CACHE)", path);
	return 0;
}

int cache_path(const char *name, char path[PATH_MAX], struct error *err)
{
	char folder[PATH_MAX];

	if (cache_folder(folder, err) < 0 || make_folders(folder, err) < 0)
		return -1;
	return join(path, err, "%s/%s", folder, name);
}

/* Programs are in <build>/bin or <build>/tests. */
static int build_folder(char path[PATH_MAX], struct error *err)
{
	ssize_t length = readlink("/proc/self/exe", path, PATH_MAX - 1);

	if (length < 0)
		return error_set_errno(err, EXIT_ENVIRONMENT, errno, "reading /proc/self/exe");
	path[length] = 0;
	for (int up = 0; up < 2; up++) {
		char *slash = strrchr(path, '/');

		if (slash)
			*slash = 0;
	}
	return 0;
}

/* The images of vm-images/, and what makes them. */
static const struct {
	const char *name, *target;
} images[] = {
	{.name = "guest", .target = "image"},
	{.name = "engines", .target = "engines"},
};

static int image_index(const char *name, struct error *err)
{
	for (int i = 0; i < (int)(sizeof(images) / sizeof(images[0])); i++) {
		if (!name || strcmp(name, images[i].name) == 0)
			return i;
	}
	return error_set(err, EXIT_USAGE, "no image '%.100s'; there are guest, engines", name);
}

/* Where guests are, and what makes them where this program is installed: "" in a tree. */
struct place {
	char folder[PATH_MAX];
	char maker[PATH_MAX];
};

static int find_place(struct place *place, struct error *err)
{
	if (build_folder(place->folder, err) < 0 ||
	    join(place->maker, err, "%s/share/vkbench/make-guest", place->folder) < 0)
		return -1;
	if (access(place->maker, X_OK) == 0)
		return cache_path("vkbench-" VKERNEL_VERSION, place->folder, err);
	place->maker[0] = 0;
	return 0;
}

static int check_file(const char *path, const struct place *place, const char *image,
		      const char *kernel, const char *target, struct error *err)
{
	if (access(path, R_OK) == 0)
		return 0;
	if (place->maker[0])
		return error_set_errno(
			err, EXIT_ENVIRONMENT, errno,
			"the guest for kernel '%s' is not there (run: %s %s %s): %.500s", kernel,
			place->maker, kernel, image, path);
	return error_set_errno(
		err, EXIT_ENVIRONMENT, errno,
		"the guest for kernel '%s' is not there (run: make %s KERNEL=%s): %.500s", kernel,
		target, kernel, path);
}

int guest_files_find(const char *image, const char *kernel, struct guest_files *files,
		     struct error *err)
{
	struct place place;
	int index = image_index(image, err);

	if (index < 0)
		return -1;
	image = images[index].name;
	if (strchr(kernel, '/') || !*kernel)
		return error_set(err, EXIT_USAGE,
				 "no kernel is called '%s'; vm-images/kernels has a list", kernel);
	if (find_place(&place, err) < 0 ||
	    join(files->vmlinuz, err, "%s/%s-%s/vmlinuz", place.folder, image, kernel) < 0 ||
	    join(files->drive, err, "%s/%s-%s/root.img", place.folder, image, kernel) < 0 ||
	    join(files->manifest, err, "%s/%s-%s/manifest", place.folder, image, kernel) < 0 ||
	    join(files->initrd, err, "%s/initrd-%s", place.folder, kernel) < 0)
		return -1;
	if (check_file(files->vmlinuz, &place, image, kernel, images[index].target, err) < 0 ||
	    check_file(files->drive, &place, image, kernel, images[index].target, err) < 0)
		return -1;
	return check_file(files->initrd, &place, image, kernel, "initrd", err);
}

int attribution_files_find(const char *kernel, struct attribution_files *files, struct error *err)
{
	char folder[PATH_MAX];
	struct place place;

	if (build_folder(folder, err) < 0 || find_place(&place, err) < 0 ||
	    join(files->plugin, err, "%s/lib/vkernel/attribute.so", folder) < 0 ||
	    join(files->payload, err, "%s/payload-%s", place.folder, kernel) < 0)
		return -1;
	if (access(files->plugin, R_OK) == 0)
		return 0;
	return error_set_errno(err, EXIT_ENVIRONMENT, errno,
			       "the plugin for QEMU is not there (run: make programs): %.500s",
			       files->plugin);
}
