/* SPDX-License-Identifier: GPL-2.0 */
/* Files that are kept outside the tree, and those that the build made beside this program. */
#ifndef VKERNEL_HARNESS_CACHE_H
#define VKERNEL_HARNESS_CACHE_H

#include <limits.h>

#include "lib/error.h"

/* Path of name in the cache folder that vm-images/ uses too; makes the folder where it is missing. */
int cache_path(const char *name, char path[PATH_MAX], struct error *err);

struct guest_files {
	char vmlinuz[PATH_MAX];
	char drive[PATH_MAX];
	char initrd[PATH_MAX];
	char manifest[PATH_MAX]; /* packages and versions, a line each */
};

/*
 * The guest of kernel with the drive of image ("guest", which NULL means too, or "engines"): in the
 * build folder that this program is in, or, where it is installed, in the cache folder, of this
 * release; says what to run if it is not there.
 */
int guest_files_find(const char *image, const char *kernel, struct guest_files *files,
		     struct error *err);

/* What attributing instructions takes beside a guest. */
struct attribution_files {
	char plugin[PATH_MAX];	/* what QEMU loads */
	char payload[PATH_MAX]; /* the folder with the guest's own programs and modules */
};

/* Says what to run where the plugin is not there. */
int attribution_files_find(const char *kernel, struct attribution_files *files, struct error *err);

#endif
