// SPDX-License-Identifier: GPL-2.0
#include "operator/sources.h"

#include <dirent.h>
#include <errno.h>
#include <libgen.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/cleanup.h"
#include "lib/file.h"

#define INSTALLED "/usr/src/vkernel"

static bool is_sources(const char *folder)
{
	char path[PATH_MAX + 16];

	snprintf(path, sizeof(path), "%s/vki/Kbuild", folder);
	return !access(path, R_OK);
}

/* ../../kmod from where this program lies; "" where that cannot be told. */
static void beside_program(char path[PATH_MAX])
{
	char self[PATH_MAX];
	ssize_t length = readlink("/proc/self/exe", self, sizeof(self) - 1);

	*path = '\0';
	if (length < 0)
		return;
	self[length] = '\0';
	if (snprintf(path, PATH_MAX, "%s/../../kmod", dirname(self)) >= PATH_MAX)
		*path = '\0';
}

static int find_sources(char path[PATH_MAX], struct error *err)
{
	const char *chosen = getenv("VKERNEL_SOURCE");
	char beside[PATH_MAX];
	const char *places[] = {INSTALLED, beside};

	if (chosen && *chosen) {
		if (is_sources(chosen) && realpath(chosen, path))
			return 0;
		return error_set(err, EXIT_USAGE,
				 "VKERNEL_SOURCE: %s does not hold the modules' sources "
				 "(no vki/Kbuild)",
				 chosen);
	}
	beside_program(beside);
	for (size_t i = 0; i < 2; i++)
		if (is_sources(places[i]) && realpath(places[i], path))
			return 0;
	return error_set(err, EXIT_ENVIRONMENT,
			 "the modules' sources are neither in " INSTALLED " nor in %s; name their "
			 "folder with VKERNEL_SOURCE",
			 beside);
}

static bool ends_with(const char *name, const char *end)
{
	const size_t length = strlen(name), size = strlen(end);

	return length > size && !strcmp(name + length - size, end);
}

/* What was built there before stays out. */
static bool is_source(const char *name)
{
	return !strcmp(name, "Kbuild") || (ends_with(name, ".c") && !ends_with(name, ".mod.c")) ||
	       ends_with(name, ".h") || ends_with(name, ".S");
}

static int link_folder(const char *from, const char *to, struct error *err);

static int link_entry(const char *from, const char *to, const struct dirent *entry,
		      struct error *err)
{
	autofree char *source = NULL, *target = NULL;
	struct stat status;

	if (entry->d_name[0] == '.')
		return 0;
	if (asprintf(&source, "%s/%s", from, entry->d_name) < 0 ||
	    asprintf(&target, "%s/%s", to, entry->d_name) < 0)
		return error_set(err, EXIT_ENVIRONMENT, "no memory for a path");
	if (stat(source, &status))
		return error_set_errno(err, EXIT_ENVIRONMENT, errno, "cannot read %s", source);
	if (S_ISDIR(status.st_mode))
		return mkdir(target, 0700) ? error_set_errno(err, EXIT_ENVIRONMENT, errno,
							     "cannot make %s", target)
					   : link_folder(source, target, err);
	if (!is_source(entry->d_name))
		return 0;
	if (symlink(source, target))
		return error_set_errno(err, EXIT_ENVIRONMENT, errno, "cannot make %s", target);
	return 0;
}

static int link_folder(const char *from, const char *to, struct error *err)
{
	struct dirent *entry;
	DIR *folder = opendir(from);
	int ret = 0;

	if (!folder)
		return error_set_errno(err, EXIT_ENVIRONMENT, errno, "cannot read %s", from);
	while (!ret && (entry = readdir(folder)))
		ret = link_entry(from, to, entry, err);
	closedir(folder);
	return ret;
}

/* make and C read these otherwise than as letters of a path. */
static int check_path(const char *path, struct error *err)
{
	const char *odd = strpbrk(path, " \t\n\"\\$#:%'");

	if (!odd)
		return 0;
	return error_set(err, EXIT_USAGE,
			 "%s: the path has a character ('%c') that the kernel's make cannot take; "
			 "put the file somewhere else",
			 path, *odd);
}

/* The file is included where it is: its own includes are found, and messages name it. */
static int write_private(const char *folder, const char *source, struct error *err)
{
	char resolved[PATH_MAX], path[PATH_MAX + 32];
	autofree char *text = NULL;
	struct stat status;
	int length;

	if (!realpath(source, resolved) || access(resolved, R_OK) || stat(resolved, &status))
		return error_set_errno(err, EXIT_USAGE, errno, "cannot read %s", source);
	if (!S_ISREG(status.st_mode))
		return error_set(err, EXIT_USAGE, "%s is not a C file", source);
	if (check_path(resolved, err))
		return -1;
	length = asprintf(&text, "#include \"%s\"\n", resolved);
	if (length < 0)
		return error_set(err, EXIT_ENVIRONMENT, "no memory for a path");
	snprintf(path, sizeof(path), "%s/vki/private.c", folder);
	return file_write(path, text, length, err);
}

/* What a vKI is built from; the modules of tests stay out. */
static int link_sources(const char *from, const char *to, struct error *err)
{
	static const char *const folders[] = {"compat", "include", "vki", "vkm"};
	static const char kbuild[] = "obj-m += vkm/ vki/\n";
	char source[PATH_MAX + 16], target[PATH_MAX + 16];

	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
		snprintf(source, sizeof(source), "%s/%s", from, folders[i]);
		snprintf(target, sizeof(target), "%s/%s", to, folders[i]);
		if (mkdir(target, 0700))
			return error_set_errno(err, EXIT_ENVIRONMENT, errno, "cannot make %s",
					       target);
		if (link_folder(source, target, err))
			return -1;
	}
	snprintf(target, sizeof(target), "%s/Kbuild", to);
	return file_write(target, kbuild, strlen(kbuild), err);
}

int sources_lay_out(const char *folder, const char *source, struct error *err)
{
	char path[PATH_MAX];

	if (find_sources(path, err) || check_path(path, err) || check_path(folder, err) ||
	    link_sources(path, folder, err))
		return -1;
	return write_private(folder, source, err);
}
