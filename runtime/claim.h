/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Which module a container gets, and how nobody else gets it. A container has two names that its
 * instance may have: that of instance_name(), by which people look for it in lsmod, and, where
 * another container has this one because their ids begin alike or are the same under two --root
 * folders, 12 digits of the SHA-256 of its id and its --root folder.
 */
#ifndef VKERNEL_RUNTIME_CLAIM_H
#define VKERNEL_RUNTIME_CLAIM_H

#include "lib/error.h"
#include "runtime/instance.h"
#include "runtime/owner.h"

#define CLAIM_NAMES 2

/* The names that owner's instance may have, the first choice first. */
void claim_names(const struct owner *owner, char names[CLAIM_NAMES][INSTANCE_NAME_SIZE]);

/*
 * Takes one of them: name is filled, what a container that is over left under it is taken away, and
 * it is written down as owner's. Returns the lock (state.h), or -1 with err set and everything as
 * it was: both names are other containers', or owner has an instance already.
 */
int claim_take(const struct owner *owner, char name[INSTANCE_NAME_SIZE], instance_farewell farewell,
	       struct error *err);

#endif
