/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a container's configuration has to be parsed for is a tenth of its text: linux.seccomp, the
 * same in every container of an engine, needs to be parsed only where no policy is cached that was
 * made of it; masked paths only where they become rules; and mounts, arguments, environment, resources
 * and the like concern the runtime below alone.
 */
#ifndef VKERNEL_RUNTIME_CUT_H
#define VKERNEL_RUNTIME_CUT_H

#include <stdbool.h>
#include <stddef.h>

/* rest and lean are texts of their own with a zero byte behind them. */
struct cut {
	const char *seccomp; /* linux.seccomp, a part of the text, or NULL: there is none */
	size_t seccomp_size;
	char *rest; /* the configuration without it */
	char *lean; /* and without what is for the runtime below alone, and masked paths */
	size_t lean_size;
};

/*
 * Cuts a configuration, size bytes of text and a zero byte. Where lean is JSON, and seccomp and what
 * lean lacks are, the whole is. Returns false, and sets nothing, where the text is not plain enough to
 * say what stands where (a member twice, an escape in a name, no end), or memory is short.
 */
bool cut_config(const char *text, size_t size, struct cut *cut);

void cut_free(struct cut *cut);

#endif
