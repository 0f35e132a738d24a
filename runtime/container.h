/* SPDX-License-Identifier: GPL-2.0 */
/* The OCI commands that need more than being handed on. */
#ifndef VKERNEL_RUNTIME_CONTAINER_H
#define VKERNEL_RUNTIME_CONTAINER_H

#include "runtime/arguments.h"
#include "runtime/settings.h"

/*
 * Each returns the exit status for main, or -1 with err set. When they fail, nothing of the
 * container is left that was not there before.
 */

/*
 * create, run: the instance is bound before the container's program starts. That rests on the
 * runtime below: it, or what it starts, must make the container, as crun does. After create and run
 * --detach it is checked that it did, before anybody can start the program or right after; a run in
 * the foreground is checked when it has ended, so it is told, not prevented.
 */
int container_create(const struct arguments *arguments, const struct settings *settings,
		     struct error *err);

/* delete: and the instance with it, if it is this container's; never another one's. */
int container_delete(const struct arguments *arguments, const struct settings *settings,
		     struct error *err);

/* Everything else: becomes the underlying runtime; returns only on failure. */
int container_pass(const struct arguments *arguments, const struct settings *settings,
		   struct error *err);

#endif
