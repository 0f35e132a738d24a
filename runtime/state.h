/* SPDX-License-Identifier: GPL-2.0 */
/*
 * /run/vkernel/<instance>/: what a container's creation needs beyond its bundle.
 *
 *	lock		flock: exclusive until the instance is loaded or has failed to, shared as
 *			long as the runtime that made it runs
 *	config.json	what the underlying runtime reads
 *
 * The folder's name is the instance's: no container id, whatever characters it has, is a path.
 */
#ifndef VKERNEL_RUNTIME_STATE_H
#define VKERNEL_RUNTIME_STATE_H

#include <jansson.h>

#include "lib/error.h"

/*
 * Makes the folder and takes its lock. Returns the lock's descriptor, or -1 with err set where
 * another container's runtime holds this instance name, or the folder cannot be made.
 */
int state_create(const char *name, struct error *err);

/* Tells who waits in state_wait() to go on; the lock keeps the name taken. */
void state_ready(int lock);

/* Waits at most seconds for the lock's holder to be ready. Returns 0, or -1 with err set. */
int state_wait(const char *name, unsigned int seconds, struct error *err);

/* Writes root as the folder's config.json; the caller frees *path. */
int state_write_config(const char *name, const json_t *root, char **path, struct error *err);

/* Removes the folder; what is not there is no error. */
void state_remove(const char *name);

#endif
