/* SPDX-License-Identifier: GPL-2.0 */
/* The container's vKI on this host: named, loaded, bound, taken away. */
#ifndef VKERNEL_RUNTIME_INSTANCE_H
#define VKERNEL_RUNTIME_INSTANCE_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/error.h"

/* Room for "vkernel_", 12 hexadecimal digits and the end. */
#define INSTANCE_NAME_SIZE   24
#define INSTANCE_NAME_LENGTH 20

/*
 * The module's name for a container: the first 12 characters of its id where they are lower-case
 * hexadecimal digits, as engines make them, else 12 digits of a hash (64-bit FNV-1a) of the id.
 */
void instance_name(const char *id, char name[INSTANCE_NAME_SIZE]);

/*
 * Called before the module of a container that is over is unloaded, at most once: its files are
 * still there, and nothing in them changes any more. NULL: nobody wants to know.
 */
typedef void (*instance_farewell)(const char *name);

/*
 * Takes away what a container that is over, or was never bound, left under this name, whosever it
 * was. Refuses (EXIT_ENVIRONMENT) where it is a running container's, which is never ended. The
 * caller holds the name's state lock.
 */
int instance_claim(const char *name, instance_farewell farewell, struct error *err);

/* Loads a module image. Refuses with EXIT_ENVIRONMENT and the kernel's reason. */
int instance_load(const char *name, const void *image, size_t size, struct error *err);

/* Binds name to the PID namespace of the host's process pid, which has not executed anything yet. */
int instance_bind(const char *name, int pid, struct error *err);

/*
 * From now on the first PID namespace that this process or one of its descendants makes is that of the
 * container for which name is going to be loaded. Its program is held when it is executed, until the
 * instance is there and is bound to it; it is killed where this process cancels or ends before.
 * hooks: what the container's init has executed in it before that are hooks of the runtime below, which
 * is crun or runc; they are not held. The process adopts what its descendants leave behind, until it
 * ends. session is what framework_begin() returned, here and in what follows. Returns 0, or -1 with err
 * set (EXIT_ENVIRONMENT).
 */
int instance_expect(int session, const char *name, bool hooks, struct error *err);
void instance_cancel(int session);

/*
 * Whether name, which is expected, is bound, or was and its container is over.
 */
bool instance_was_bound(int session);

/*
 * Takes name away, which is expected, where that is a matter of two calls: its container is over, and
 * left no log. *has_log: the log is empty, and not because there is none. Returns whether it is gone.
 */
bool instance_end(int session, const char *name, bool *has_log);

/* Binds name to that namespace now, if it is there, so that this process may end. */
void instance_settle(const char *name);

/* What came of it before its program began, where the instance was not bound. */
enum instance_fate {
	INSTANCE_UNSEEN,  /* this process's descendants made no container */
	INSTANCE_ENDED,	  /* its init ended before it executed its program */
	INSTANCE_KILLED,  /* its init was killed while it waited for the instance */
	INSTANCE_REFUSED, /* the kernel could not bind the instance, and killed it */
};
enum instance_fate instance_fate(void);

/* Whether it is bound to a container that is not over. */
bool instance_is_running(const char *name);

/* Whether it is there at all. */
bool instance_is_loaded(const char *name);

/*
 * Ends the container's tasks if there are any left, releases the binding, unloads the module.
 * Waits up to 10 s for tasks to go, and reaps this process's children. An instance that is not there
 * is no error. The caller holds the name's state lock, and the instance is its own container's.
 */
int instance_remove(const char *name, instance_farewell farewell, struct error *err);

#endif
