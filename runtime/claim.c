// SPDX-License-Identifier: GPL-2.0
#include "runtime/claim.h"

#include <nettle/sha2.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <vkernel/image.h>

#include "lib/cleanup.h"
#include "runtime/state.h"

#define NAME_BYTES 6
#define NOT_FREE   (-2)

/* How long who has taken a name may take until it has written down for whom: a second. */
#define RECORD_TRIES	500
#define RECORD_PAUSE_NS 2000000

static void second_name(const struct owner *owner, char name[INSTANCE_NAME_SIZE])
{
	uint8_t digest[SHA256_DIGEST_SIZE];
	struct sha256_ctx hash;

	sha256_init(&hash);
	sha256_update(&hash, strlen(owner->id) + 1, (const uint8_t *)owner->id);
	sha256_update(&hash, strlen(owner->root), (const uint8_t *)owner->root);
	sha256_digest(&hash, sizeof(digest), digest);
	strcpy(name, VKI_NAME_PREFIX);
	for (size_t i = 0; i < NAME_BYTES; i++)
		sprintf(name + strlen(name), "%02x", digest[i]);
}

void claim_names(const struct owner *owner, char names[CLAIM_NAMES][INSTANCE_NAME_SIZE])
{
	instance_name(owner->id, names[0]);
	second_name(owner, names[1]);
}

static int refuse_twice(const struct owner *owner, const char *name, struct error *err)
{
	return error_set(err, EXIT_ENVIRONMENT,
			 "a container %s exists already, or is just being made or deleted (its "
			 "instance is %s); choose another id, or delete it first",
			 owner->id, name);
}

/*
 * Whether who holds the name holds it for owner. What has been taken a moment ago says so in a moment:
 * what is over is taken away before.
 */
static bool is_owned_soon(const char *name, const struct owner *owner)
{
	const struct timespec pause = {.tv_nsec = RECORD_PAUSE_NS};

	for (int tries = 0; tries < RECORD_TRIES; tries++) {
		autofree char *id = NULL, *root = NULL;
		time_t since;

		if (!state_owner(name, &id, &root, &since))
			return state_is_owned(name, owner);
		id = root = NULL;
		nanosleep(&pause, NULL);
	}
	return false;
}

/* What is loaded under the name that is locked goes, where it may: 0, NOT_FREE, or -1 with err set. */
static int take_over(const struct owner *owner, const char *name, instance_farewell farewell,
		     int lock, struct error *err)
{
	if (instance_is_running(name)) {
		bool own = state_is_owned(name, owner);

		state_give_up(lock, name);
		return own ? refuse_twice(owner, name, err) : NOT_FREE;
	}
	if (!instance_claim(name, farewell, err))
		return 0;
	state_give_up(lock, name);
	return -1;
}

/* Returns the lock, NOT_FREE, or -1 with err set. */
static int try_name(const struct owner *owner, const char *name, instance_farewell farewell,
		    struct error *err)
{
	autoclose int lock = state_create(name, err);

	if (lock == STATE_HELD)
		return is_owned_soon(name, owner) ? refuse_twice(owner, name, err) : NOT_FREE;
	if (lock < 0)
		return -1;
	if (instance_is_loaded(name)) {
		int taken = take_over(owner, name, farewell, lock, err);

		if (taken)
			return taken;
	}
	if (state_own(lock, owner, err)) {
		state_remove(name);
		return -1;
	}
	return steal_fd(&lock);
}

int claim_take(const struct owner *owner, char name[INSTANCE_NAME_SIZE], instance_farewell farewell,
	       struct error *err)
{
	char names[CLAIM_NAMES][INSTANCE_NAME_SIZE];
	int lock;

	/* The first one is free nearly always, and the second one takes a digest. */
	instance_name(owner->id, name);
	lock = try_name(owner, name, farewell, err);
	if (lock != NOT_FREE)
		return lock;
	claim_names(owner, names);
	strcpy(name, names[1]);
	lock = try_name(owner, name, farewell, err);
	if (lock != NOT_FREE)
		return lock;
	return error_set(err, EXIT_ENVIRONMENT,
			 "the instance names %s and %s both belong to other running containers; "
			 "choose another id",
			 names[0], names[1]);
}
