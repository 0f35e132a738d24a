/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What includes found at a path. A profile means what its text and all these say: where each look finds
 * the same again, it means the same. For caches.
 */
#ifndef VKERNEL_BUILDER_APPARMOR_LOOK_H
#define VKERNEL_BUILDER_APPARMOR_LOOK_H

#include <stdbool.h>
#include <stddef.h>

enum apparmor_found {
	APPARMOR_NOTHING,
	APPARMOR_FILE,
	APPARMOR_FOLDER,
	APPARMOR_OTHER, /* what a folder has beside files */
};

struct apparmor_look {
	const char *path; /* as it was looked for: where it is relative, in the working directory */
	enum apparmor_found found;
	/* Of a file, its contents; of a folder, the names that count, each with a zero byte behind it.
	 * NULL: nobody looked into it. */
	const char *bytes;
	size_t size;
};

/*
 * Looks at path anew, and into it where `into` says so. Returns false where that cannot be done.
 * look->bytes, if any, is the caller's to free; look->path is path.
 */
bool apparmor_look(const char *path, bool into, struct apparmor_look *look);

/* The names in a folder that an include of it takes, in its order, as in bytes; -1 with errno. */
int apparmor_names(const char *folder, char **names, size_t *size);

#endif
