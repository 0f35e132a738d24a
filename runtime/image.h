/* SPDX-License-Identifier: GPL-2.0 */
/* A vKI module's image: a template with a policy and a name of its own. */
#ifndef VKERNEL_RUNTIME_IMAGE_H
#define VKERNEL_RUNTIME_IMAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/error.h"
#include "runtime/framework.h"

/*
 * All return 0, or -1 with err set (EXIT_USAGE: not a vKI module, or not one of this format), and
 * leave what they were given as it was.
 */

/* A copy of image with the policy blob in its section; the caller frees *made. */
int image_embed(const void *image, size_t size, const void *blob, size_t blob_size, void **made,
		size_t *made_size, struct error *err);

/* The same in place: image has image_room() bytes behind its *size, which becomes the new one. */
size_t image_room(size_t blob_size);
int image_embed_here(void *image, size_t *size, const void *blob, size_t blob_size,
		     struct error *err);

/* Gives image, in place, the module's name. It must still have the template's. */
int image_rename(void *image, size_t size, const char *name, struct error *err);

/* Both: a copy of template with the policy blob and the name. */
int image_make(const void *template, size_t template_size, const void *blob, size_t blob_size,
	       const char *name, void **image, size_t *image_size, struct error *err);

/* A copy of the policy blob in image, which the caller frees. An image without one is refused. */
int image_policy(const void *image, size_t size, void **blob, size_t *blob_size, struct error *err);

/* The kernel that image was built for, as uname -r prints it, cut to 127 bytes. */
int image_release(const void *image, size_t size, char release[128], struct error *err);

/*
 * The names of the private calls in image, one after the other, each with a zero byte, an empty
 * one at the end; the caller frees *names. Only an image that still has its symbols tells.
 */
int image_calls(const void *image, size_t size, char **names, struct error *err);

/* Whether these bytes begin like a module rather than a policy blob. */
bool image_is_module(const void *bytes, size_t size);

#endif
