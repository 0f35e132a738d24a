/* SPDX-License-Identifier: GPL-2.0 */
/* A vKI module's image: the template with a policy and a name of its own. */
#ifndef VKERNEL_RUNTIME_IMAGE_H
#define VKERNEL_RUNTIME_IMAGE_H

#include <stddef.h>

#include "lib/error.h"

/* Characters of a module's name, by the kernel's MODULE_NAME_LEN (64 - sizeof(long)) less its end. */
#define MODULE_NAME_MAX 55

/*
 * Makes a module image from the template's bytes: the policy blob in its section, and name as the
 * module's name. The template is not changed; the caller frees *image. Returns 0, or -1 with err
 * set (EXIT_USAGE: not a vKI template, or not one of this format).
 */
int image_make(const void *template, size_t template_size, const void *blob, size_t blob_size,
	       const char *name, void **image, size_t *image_size, struct error *err);

#endif
