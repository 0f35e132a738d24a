/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Command lines that run a container: where its id is to be found, and how the same container is run
 * under a profile. Context: any thread.
 */
#ifndef VKERNEL_OPERATOR_TRACE_ENGINE_H
#define VKERNEL_OPERATOR_TRACE_ENGINE_H

#include <limits.h>
#include <stdint.h>

#include "lib/error.h"

enum engine_kind {
	ENGINE_NONE,	/* any other program: its containers are what it starts itself */
	ENGINE_RUNTIME, /* crun, runc, vkernel-runtime: `run --bundle DIR ID` */
	ENGINE_PODMAN,	/* starts containers itself, with docker's options */
	ENGINE_DOCKER,	/* a daemon starts them */
};

struct engine {
	enum engine_kind kind;
	int run;	    /* the index of "run" (or "create" of a runtime) */
	const char *bundle; /* of a runtime */
	const char *id;	    /* of a runtime's container, which is the last argument */
};

/* Reads a command line, which it borrows. */
struct engine engine_read(char *const *argv);

/*
 * argv with "--cidfile file" behind docker's `run`. The caller frees the list, not its strings; NULL
 * without memory.
 */
char **engine_with_id_file(const struct engine *engine, char *const *argv, char *file);

/* How a container is run under a profile. The strings are the caller's. */
struct engine_profile {
	const char *path; /* the profile, absolute */
	uint64_t capabilities;
	const char *folder; /* an empty one, for a bundle of our own */
};

struct engine_command {
	char **argv; /* NULL at the end */
	size_t count;
	uint64_t granted; /* what the container had without the profile; all ones: not known */
};

/*
 * The command line that runs the same container by vkernel-runtime under the profile, with no other
 * capabilities than it allows. Returns 0, or -1 with err set (EXIT_USAGE: that is not known for this
 * command). The caller frees command with engine_command_free().
 */
int engine_under_profile(const struct engine *engine, char *const *argv,
			 const struct engine_profile *profile, struct engine_command *command,
			 struct error *err);
void engine_command_free(struct engine_command *command);

#endif
