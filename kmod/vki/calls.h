/* SPDX-License-Identifier: GPL-2.0 */
/* The private calls that are linked into this instance; the template has none. */
#ifndef VKI_CALLS_H
#define VKI_CALLS_H

#include <vkernel/private.h>

/*
 * The function of the private call that VKI_PRIVATE_CALL() gave this name, or NULL. It is part of
 * the module. Any context.
 */
vkm_private_call vki_find_call(const char *name);

/* The ends of the table; calls_end.c has the second one. */
extern const struct vki_call vki_calls_begin[], vki_calls_end[];

#endif
