/* SPDX-License-Identifier: GPL-2.0 */
/*
 * /run/vkernel/<instance>/: what a container's creation needs beyond its bundle.
 *
 *	lock		held as long as the runtime that makes or takes away the instance runs; its
 *			contents are the owner's record
 *	config.json	what the underlying runtime reads
 *
 * The folder's name is the instance's: no container id, whatever characters it has, is a path.
 * A lock ends with its last descriptor, so also with a process that is killed.
 */
#ifndef VKERNEL_RUNTIME_STATE_H
#define VKERNEL_RUNTIME_STATE_H

#include <jansson.h>
#include <stdbool.h>
#include <time.h>

#include "lib/error.h"
#include "runtime/framework.h"
#include "runtime/owner.h"

/* The folder. No option or variable changes it: tests of this code do. */
extern const char *state_folder;

/* There is no such folder, or it is another owner's. */
#define STATE_NOT_OURS (-2)
/* Another process makes or takes away this instance. */
#define STATE_HELD     (-3)

/*
 * Makes the folder and takes its lock, waiting for who sweeps it. Returns the lock's descriptor,
 * STATE_HELD (err is not set), or -1 with err set where the folder cannot be made.
 */
int state_create(const char *name, struct error *err);

/*
 * The same for who takes away what nobody holds: waits for nobody, and state_create() waits for it.
 */
int state_sweep(const char *name, struct error *err);

/* Whether another process holds the lock now. */
bool state_is_held(const char *name);

/* Writes down whose the instance is to be. */
int state_own(int lock, const struct owner *owner, struct error *err);

/* Whether that is written down. */
bool state_is_owned(const char *name, const struct owner *owner);

/* Removes a folder that state_create() has made and nobody owns yet. */
void state_give_up(int lock, const char *name);

/*
 * Takes the lock of a folder that is the owner's, waiting at most seconds for who holds it.
 * Returns its descriptor, STATE_NOT_OURS (err is not set), or -1 with err set.
 */
int state_take(const char *name, const struct owner *owner, unsigned int seconds,
	       struct error *err);

/* Writes text, or root, as the folder's config.json; the caller frees *path. */
int state_write_text(const char *name, const char *text, char **path, struct error *err);
int state_write_config(const char *name, const json_t *root, char **path, struct error *err);

/*
 * Whose the instance is, as its runtime wrote it down, and when; *id and *root are the caller's to
 * free. Returns 0, or -1 where nobody has written anything.
 */
int state_owner(const char *name, char **id, char **root, time_t *since);

/* Removes the folder, whose lock the caller holds; what is not there is no error. */
void state_remove(const char *name);

/* The same where nothing is in it but what this process has put there; else it stays, for a sweep. */
void state_remove_own(const char *name);

/* The names of all folders, as framework_list() gives those of instances. */
int state_list(char (**names)[MODULE_NAME_MAX + 1], size_t *count, struct error *err);

#endif
