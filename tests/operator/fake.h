/* SPDX-License-Identifier: GPL-2.0 */
/* Folders that look like vKM's and the runtime's, for commands that look there. */
#ifndef TESTS_OPERATOR_FAKE_H
#define TESTS_OPERATOR_FAKE_H

#include <stddef.h>
#include <stdint.h>

#include "lib/error.h"

/* Makes both folders, empty but for the interface's version, and points the commands there. */
void fake_begin(const char *abi);
void fake_end(void);

/* An instance with a policy called "first"; id and root may be NULL: nobody wrote them down. */
void fake_instance(const char *name, const char *id, const char *root);

/* One of its files. */
void fake_write(const char *instance, const char *file, const void *bytes, size_t size);
size_t fake_read(const char *instance, const char *file, void *bytes, size_t size);

/* A count in its `calls`. */
void fake_count(const char *instance, unsigned int table, unsigned int number, uint64_t count);

/* A file beside the instances, whose path is good until the next call. */
const char *fake_file(const char *name, const char *text);

/* A blob that the caller frees: every system call answers number, and the name. */
void *fake_blob(const char *name, int number, size_t *size);

/* What run() of a command printed, and what it answered; err's text is in fake_error. */
extern char fake_output[65536], fake_error[2048];
int fake_run(int (*command)(int argc, char **argv, struct error *err), const char *const words[]);

#endif
