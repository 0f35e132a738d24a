/* SPDX-License-Identifier: GPL-2.0 */
/* An instance with an author's private calls: compiled, checked against a policy, given it. */
#ifndef VKERNEL_OPERATOR_MODULE_H
#define VKERNEL_OPERATOR_MODULE_H

#include <limits.h>
#include <stddef.h>

#include "lib/error.h"

/* What the module is built for and with. */
struct module_headers {
	char folder[PATH_MAX]; /* the kernel's, where its external modules are built */
	char release[128];     /* as uname -r prints it */
};

/*
 * Finds the headers: in folder, or those installed for the kernel version, or (both NULL) for the
 * running kernel. Refuses (EXIT_ENVIRONMENT) with the package that has them.
 */
int module_headers(const char *folder, const char *version, struct module_headers *headers,
		   struct error *err);

/*
 * Builds the vKI with the author's C file source, and embeds the policy blob. The compiler's
 * warnings, and all that it says where it fails, go to standard error. Takes seconds; ends with
 * EXIT_INTERRUPTED when SIGINT, SIGTERM or SIGHUP comes. Nothing is left of the build, however it
 * ends. The caller frees *image. Returns 0, or -1 with err set.
 */
int module_build(const char *source, const struct module_headers *headers, const void *blob,
		 size_t blob_size, void **image, size_t *image_size, struct error *err);

#endif
