/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Whose an instance is. Different containers can get the same instance name: ids that begin alike,
 * or one id under two --root folders. Nothing is taken away from another owner.
 */
#ifndef VKERNEL_RUNTIME_OWNER_H
#define VKERNEL_RUNTIME_OWNER_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

#include "lib/error.h"

struct owner {
	const char *id;	     /* borrowed */
	char root[PATH_MAX]; /* absolute: the folder in which the runtime below keeps it */
};

/* Characters that a container's id may have: its kept log is a file of that name. */
#define CONTAINER_ID_MAX 240

/*
 * Refuses (EXIT_USAGE) an id that cannot be a file's and a cgroup's name, or that could be taken for
 * something else: the letters, digits and _ + - . that runc allows, no dash or dot first.
 */
int owner_check_id(const char *id, struct error *err);

/*
 * Fills owner for a container's id under root, as given on the command line; NULL is the default
 * of the runtime called backend. The path is made absolute by its letters: links are not followed,
 * because the folder need not be there yet. Returns 0, or -1 with err set.
 */
int owner_set(struct owner *owner, const char *id, const char *root, const char *backend,
	      struct error *err);

/* The owner as bytes, which are the same for the same owner only; the caller frees *record. */
int owner_record(const struct owner *owner, char **record, size_t *size, struct error *err);

/* Whether the runtime below has a container of this owner, or it cannot be told that it has none. */
bool owner_has_container(const struct owner *owner);

#endif
