/* SPDX-License-Identifier: GPL-2.0 */
/* vKM's files: /sys/kernel/vkernel, what is in it for each instance, and what its errors mean. */
#ifndef VKERNEL_RUNTIME_FRAMEWORK_H
#define VKERNEL_RUNTIME_FRAMEWORK_H

#include <stddef.h>

#include "lib/error.h"

/* Characters of a module's name, by the kernel's MODULE_NAME_LEN (64 - sizeof(long)) less its end. */
#define MODULE_NAME_MAX 55

/* The folder. No option or variable changes it: tests of this code do. */
extern const char *framework_folder;

/* Refuses (EXIT_ENVIRONMENT) where vKM is not loaded, or speaks another language. */
int framework_check(struct error *err);

/*
 * The same for who is going to expect an instance (instance.h): returns the descriptor of the file in
 * which that is done, which the caller closes, or -1 with err set.
 */
int framework_begin(struct error *err);

/*
 * Reads an attribute that is open, from its start, as framework_read() does.
 */
int framework_read_open(int fd, char *text, size_t size);

/*
 * Reads an instance's attribute, a line or several, into text, without its last newline. Returns
 * -1 with errno: ENOENT or ENODEV where the instance is not, or is no longer, there.
 */
int framework_read(const char *instance, const char *attribute, char *text, size_t size);

/* Reads exactly size bytes of a binary attribute; -1 with errno (EPROTO: it has fewer). */
int framework_read_binary(const char *instance, const char *attribute, void *bytes, size_t size);

/* In the next two, instance is NULL for a file of vKM itself. */

/* Opens an attribute, with flags as for open(); the caller closes it. Returns -1 with errno. */
int framework_open(const char *instance, const char *attribute, int flags);

/* Writes text in one piece; -1 with errno. */
int framework_write(const char *instance, const char *attribute, const char *text);

/*
 * The names of all instances, sorted, in one allocation that the caller frees. Returns 0, or -1
 * with err set.
 */
int framework_list(char (**names)[MODULE_NAME_MAX + 1], size_t *count, struct error *err);

/* The same of another folder that has an entry for each. */
int framework_list_folder(const char *path, char (**names)[MODULE_NAME_MAX + 1], size_t *count,
			  struct error *err);

/* What errno says of a file of vKM, where it means more than strerror() tells. */
const char *framework_reason(int number);

#endif
