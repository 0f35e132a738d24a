// SPDX-License-Identifier: GPL-2.0
#include "builder/apparmor_look.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "builder/apparmor.h"
#include "lib/file.h"

/* What editors and package managers leave beside a file, as apparmor_parser passes over it. */
static bool is_backup(const char *name)
{
	static const char *const ends[] = {
		"~",	    ".dpkg-new", ".dpkg-old", ".dpkg-dist", ".dpkg-bak", ".dpkg-remove",
		".pacsave", ".pacnew",	 ".rpmnew",   ".rpmsave",   ".orig",	 ".rej",
	};
	const size_t size = strlen(name);

	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		if (size > strlen(ends[i]) && !strcmp(name + size - strlen(ends[i]), ends[i]))
			return true;
	return false;
}

static int is_wanted(const struct dirent *entry)
{
	return entry->d_name[0] != '.' && !is_backup(entry->d_name);
}

static int by_bytes(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

/* One piece of memory, never NULL but without memory. */
static char *join(struct dirent *const *entries, int count, size_t *size)
{
	char *names, *to;

	*size = 0;
	for (int i = 0; i < count; i++)
		*size += strlen(entries[i]->d_name) + 1;
	names = to = malloc(*size + 1);
	for (int i = 0; names && i < count; i++)
		to = stpcpy(to, entries[i]->d_name) + 1;
	return names;
}

int apparmor_names(const char *folder, char **names, size_t *size)
{
	struct dirent **entries;
	int count = scandir(folder, &entries, is_wanted, by_bytes);

	if (count < 0)
		return -1;
	*names = join(entries, count, size);
	for (int i = 0; i < count; i++)
		free(entries[i]);
	free(entries);
	if (*names)
		return 0;
	errno = ENOMEM;
	return -1;
}

bool apparmor_look(const char *path, bool into, struct apparmor_look *look)
{
	struct stat status;
	struct error ignored;
	char *bytes = NULL;

	*look = (struct apparmor_look){.path = path, .found = APPARMOR_OTHER};
	if (stat(path, &status)) {
		look->found = APPARMOR_NOTHING;
		return errno == ENOENT || errno == ENOTDIR;
	}
	if (S_ISREG(status.st_mode))
		look->found = APPARMOR_FILE;
	else if (S_ISDIR(status.st_mode))
		look->found = APPARMOR_FOLDER;
	if (!into)
		return true;
	if (look->found == APPARMOR_FILE) {
		if (file_read(path, AA_SIZE_MAX, &bytes, &look->size, &ignored))
			return false;
	} else if (look->found == APPARMOR_FOLDER) {
		if (apparmor_names(path, &bytes, &look->size))
			return false;
	}
	look->bytes = bytes;
	return true;
}
