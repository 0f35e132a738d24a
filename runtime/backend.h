/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The underlying runtime: what the environment's VKERNEL_BACKEND names, else the configuration file,
 * else crun.
 */
#ifndef VKERNEL_RUNTIME_BACKEND_H
#define VKERNEL_RUNTIME_BACKEND_H

#include <stdbool.h>

#include "lib/error.h"
#include "runtime/arguments.h"

/* What the configuration file says; name stays the caller's and must stay. */
void backend_configure(const char *name);

/* Its name or path. */
const char *backend(void);

/*
 * Whether it is crun: run and create take a configuration by --config, and names in it are read as they
 * are written. Others have no such option: they get a bundle of ours.
 */
bool backend_takes_config(void);

/*
 * Whether it is crun or runc, by its name: which make a container by their own descendants and execute
 * nothing in it, before its program, but hooks. Of others that is not known.
 */
bool backend_is_known(void);

/*
 * Refuses (EXIT_USAGE) a name under which crun runs every program inside its own process, where
 * nothing would guard it.
 */
int backend_check(struct error *err);

/* Deletes the container by its own means, whatever state it is in; what it says is printed. */
void backend_delete(const struct arguments *arguments);

#endif
