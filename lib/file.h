/* SPDX-License-Identifier: GPL-2.0 */
/* Whole files in and out of memory. */
#ifndef VKERNEL_LIB_FILE_H
#define VKERNEL_LIB_FILE_H

#include <stddef.h>

#include "error.h"

/*
 * Reads all of path, at most limit bytes, into memory that the caller frees; a zero byte follows
 * the contents. Refuses anything but a regular file, pipe or character device. Returns 0, or -1
 * with err set (EXIT_USAGE: the path is wrong; EXIT_ENVIRONMENT: reading failed).
 */
int file_read(const char *path, size_t limit, char **contents, size_t *size, struct error *err);

/* file_read() with room bytes of memory more behind the contents, for the caller. */
int file_read_room(const char *path, size_t limit, size_t room, char **contents, size_t *size,
		   struct error *err);

/* file_read() of an open file, which name stands for in messages; fd stays open. */
int file_read_open(int fd, const char *name, size_t limit, char **contents, size_t *size,
		   struct error *err);

/*
 * Writes size bytes to path with mode 0644, by way of a temporary file beside it that is renamed
 * when it is complete and on disk: path holds all of the new contents or what it held before. Where
 * path is a symbolic link, the file that it leads to is written, and the link stays.
 * Returns 0, or -1 with err set.
 */
int file_write(const char *path, const void *contents, size_t size, struct error *err);

#endif
