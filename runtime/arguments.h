/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The OCI command line, as far as it must be understood: everything is handed to the underlying
 * runtime as it came.
 */
#ifndef VKERNEL_RUNTIME_ARGUMENTS_H
#define VKERNEL_RUNTIME_ARGUMENTS_H

#include <stdbool.h>

#include "lib/error.h"

struct arguments {
	char **argv; /* the program's own; argv[argc] is NULL */
	int argc;
	int command;	    /* index of the command's name in argv; argc where there is none */
	const char *id;	    /* the container's, or NULL */
	const char *bundle; /* "." where it is not named */
	const char *config; /* --config, or NULL */
	int config_index;   /* of the option that named it; 0 where none did */
	bool detach;	    /* run --detach */
};

/* The command's name, or "" where there is none. */
const char *arguments_command(const struct arguments *arguments);

/*
 * Finds its way through argv. The strings are argv's own. Returns 0, or -1 with err set where an
 * option lacks its value.
 */
int arguments_parse(int argc, char **argv, struct arguments *arguments, struct error *err);

/*
 * The command line for runtime with --config put to config: a NULL-terminated array that the
 * caller frees (its strings are borrowed), or NULL where memory fails. With config NULL nothing
 * but argv[0] is changed.
 */
char **arguments_for(const struct arguments *arguments, const char *runtime, char *config);

#endif
