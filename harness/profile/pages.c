// SPDX-License-Identifier: GPL-2.0
#include "harness/profile/pages.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/cleanup.h"
#include "lib/process.h"

#define SEARCH_TIMEOUT 600   /* host seconds: some hundred megabytes, emulated */
#define DUMP_TIMEOUT   60000 /* milliseconds */
#define LIST_IN_GUEST  "/run/pages"

int pages_add_payload(struct symbols *symbols, const char *payload, struct error *err)
{
	char path[PATH_MAX + 300];
	int result = 0;
	DIR *folder;

	snprintf(path, sizeof(path), "%s/bin", payload);
	folder = opendir(path);
	if (!folder)
		return error_set_errno(err, EXIT_ENVIRONMENT, errno, "looking into %s", path);
	for (struct dirent *entry; !result && (entry = readdir(folder));) {
		if (entry->d_name[0] == '.')
			continue;
		/* The build's own are not stripped, and their code is the same. */
		snprintf(path, sizeof(path), "%s/../bin/%s", payload, entry->d_name);
		if (access(path, R_OK))
			snprintf(path, sizeof(path), "%s/bin/%s", payload, entry->d_name);
		result = symbols_add_program(symbols, path, err);
	}
	closedir(folder);
	return result;
}

#define FILES_MOST 64

struct found {
	char *paths[FILES_MOST];
	unsigned int count;
};

static void take_path(void *context, int stream, const char *line)
{
	struct found *found = context;

	if (stream == 1 && found->count < FILES_MOST && line[0] == '/')
		found->paths[found->count++] = strdup(line);
}

static int write_list(const char *path, const uint64_t *pages, size_t count, struct error *err)
{
	autofclose FILE *out = fopen(path, "we");

	for (size_t i = 0; out && i < count; i++)
		fprintf(out, "%" PRIx64 "\n", pages[i]);
	if (out && !fflush(out) && !ferror(out))
		return 0;
	return error_set_errno(err, EXIT_ENVIRONMENT, errno, "cannot write %s", path);
}

static int search(struct vm *vm, const char *folder, const uint64_t *pages, size_t count,
		  struct found *found, struct error *err)
{
	static const char *const argv[] = {"/vkernel/bin/vkpages", LIST_IN_GUEST, NULL};
	char list[PATH_MAX + 16];
	int status;

	snprintf(list, sizeof(list), "%s/pages", folder);
	if (write_list(list, pages, count, err) || vm_push(vm, list, LIST_IN_GUEST, err) ||
	    vm_exec(vm, argv, SEARCH_TIMEOUT, take_path, found, &status, err))
		return -1;
	return status ? error_set(err, EXIT_ENVIRONMENT, "%s ended with status %d in the guest",
				  argv[0], status)
		      : 0;
}

/* The drive is an image of ext4, read beside the guest, which has it as a snapshot. */
static int dump(const char *drive, const char *path, const char *target, const char *log,
		struct error *err)
{
	char request[2 * PATH_MAX + 16];
	char *const argv[] = {"debugfs", "-R", request, (char *)drive, NULL};
	struct process process;

	snprintf(request, sizeof(request), "dump \"%s\" \"%s\"", path, target);
	if (process_start(&process, argv, log, NULL, 0, err))
		return error_context(err, "is the package e2fsprogs installed?");
	if (!process_ended(&process, DUMP_TIMEOUT)) {
		process_finish(&process);
		return error_set(err, EXIT_ENVIRONMENT, "debugfs took too long with %s", drive);
	}
	process_finish(&process);
	return 0;
}

static int add_file(struct symbols *symbols, const char *drive, const char *folder,
		    const char *path, struct error *err)
{
	char target[PATH_MAX + 300], log[PATH_MAX + 16];
	const char *slash = strrchr(path, '/');
	int result;

	snprintf(target, sizeof(target), "%s/%s", folder, slash + 1);
	snprintf(log, sizeof(log), "%s/debugfs", folder);
	if (dump(drive, path, target, log, err))
		return -1;
	result = access(target, R_OK) ? 0 : symbols_add_program(symbols, target, err);
	unlink(target);
	return result;
}

int pages_add_from_guest(struct symbols *symbols, struct vm *vm, const char *drive,
			 const char *folder, const uint64_t *pages, size_t count, struct error *err)
{
	struct found found = {0};
	int result = search(vm, folder, pages, count, &found, err);

	for (unsigned int i = 0; i < found.count; i++) {
		if (!result && found.paths[i])
			result = add_file(symbols, drive, folder, found.paths[i], err);
		free(found.paths[i]);
	}
	return result ? error_context(err, "looking for the guest's programs") : 0;
}
