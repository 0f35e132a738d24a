/* SPDX-License-Identifier: GPL-2.0 */
/* The instance template: the module that a container's own is made of, one for each kernel. */
#ifndef VKERNEL_RUNTIME_TEMPLATE_H
#define VKERNEL_RUNTIME_TEMPLATE_H

#include <limits.h>
#include <stddef.h>

#include "lib/error.h"

#define TEMPLATE_SIZE_MAX (16u << 20)

/*
 * Where the template for a kernel is: the one that VKERNEL_TEMPLATE names, else the installed one
 * (/lib/modules/RELEASE/updates/vkernel/vki.ko, /usr/lib/vkernel/RELEASE/vki.ko), else beside this
 * program, as in a tree that is not installed (../kmod/vki.ko, ../kmod-VERSION/vki.ko). release is
 * as uname -r prints it; NULL: the running kernel's. Whether there is such a file is for whoever
 * opens it. Returns 0, or -1 with err set.
 */
int template_path(const char *release, char path[PATH_MAX], struct error *err);

/* The template as memory of this process, which may be written, with room behind it. */
struct template_map {
	char *image;
	size_t size;   /* of the template */
	size_t mapped; /* template_unmap()'s */
};

/*
 * Maps the template at path with room bytes behind its size. Only the pages that are written are
 * copied. Returns 0, or -1 with err set, as file_read() does.
 */
int template_map(const char *path, size_t room, struct template_map *map, struct error *err);
void template_unmap(struct template_map *map);

/*
 * Reads the template at path, or (NULL) where template_path() says, into *image, which the caller
 * frees. Where release is given, it must be built for that kernel. Returns 0, or -1 with err set.
 */
int template_read(const char *path, const char *release, char **image, size_t *size,
		  struct error *err);

#endif
