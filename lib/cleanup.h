/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Resources that end with their scope: `autofree char *name = NULL;` `autoclose int fd = -1;`.
 * The variable must be initialised. steal_fd() and steal_pointer() hand ownership out.
 */
#ifndef VKERNEL_LIB_CLEANUP_H
#define VKERNEL_LIB_CLEANUP_H

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static inline void cleanup_free(void *pointer)
{
	free(*(void **)pointer);
}

static inline void cleanup_close(int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

static inline void cleanup_fclose(FILE **file)
{
	if (*file)
		fclose(*file);
}

static inline int steal_fd(int *fd)
{
	int stolen = *fd;

	*fd = -1;
	return stolen;
}

#define steal_pointer(variable)                            \
	({                                                 \
		__typeof__(variable) stolen_ = (variable); \
		(variable) = NULL;                         \
		stolen_;                                   \
	})

#define autofree   __attribute__((cleanup(cleanup_free)))
#define autoclose  __attribute__((cleanup(cleanup_close)))
#define autofclose __attribute__((cleanup(cleanup_fclose)))

#endif
