// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "lib/cleanup.h"
#include "runtime/backend.h"
#include "runtime/child.h"
#include "runtime/claim.h"
#include "runtime/container.h"
#include "runtime/instance.h"
#include "runtime/kept.h"
#include "runtime/state.h"

#define TAKE_PATIENCE 20 /* seconds that delete waits for the runtime of a run that it ended */
#define END_TRIES     1000
#define END_PAUSE_NS  10000000

/* Takes away what is left under one of the container's names. */
static int delete_named(const char *name, const struct owner *owner, bool known, struct error *err)
{
	autoclose int lock = state_take(name, owner, known ? TAKE_PATIENCE : 0, err);

	if (lock == STATE_NOT_OURS)
		return 0;
	if (lock < 0 ||
	    (known ? instance_remove(name, kept_try, err) : instance_claim(name, kept_try, err)))
		return -1;
	state_remove(name);
	return 0;
}

/* What is left of a container that the runtime below has deleted, or does not know. */
static int delete_instance(const struct arguments *arguments, bool known, struct error *err)
{
	char names[CLAIM_NAMES][INSTANCE_NAME_SIZE];
	struct owner owner;
	int ret = 0;

	if (owner_set(&owner, arguments->id, arguments->root, backend(), err))
		return -1;
	claim_names(&owner, names);
	for (size_t i = 0; i < CLAIM_NAMES; i++)
		if (delete_named(names[i], &owner, known, err))
			ret = -1;
	return ret;
}

/* Tasks that the runtime below has killed end soon. Whether they have. */
static bool has_ended(const char *name)
{
	const struct timespec pause = {.tv_nsec = END_PAUSE_NS};

	for (int tries = 0; tries < END_TRIES && instance_is_running(name); tries++)
		nanosleep(&pause, NULL);
	return !instance_is_running(name);
}

/*
 * The caller has name's lock, so that no container of owner is being made. That there is no folder
 * does not prove that no container runs, which is never ended here.
 */
static int delete_over(const char *name, const struct owner *owner, struct error *err)
{
	if (owner_has_container(owner))
		return 0;
	if (!has_ended(name))
		return error_set(err, EXIT_ENVIRONMENT,
				 "%s stays: its container %s runs, although %s has no folder %s/%s",
				 name, owner->id, backend(), owner->root, owner->id);
	if (instance_claim(name, kept_try, err))
		return -1;
	state_remove(name);
	return 0;
}

/*
 * The container of who holds the lock may be about to be made: it is not waited for longer than
 * until it is there.
 */
static int delete_if_deleted(const char *name, const struct owner *owner, struct error *err)
{
	for (int seconds = 0; seconds < TAKE_PATIENCE && !owner_has_container(owner); seconds++) {
		autoclose int lock = state_take(name, owner, 1, err);

		if (lock == STATE_NOT_OURS)
			return 0;
		if (lock >= 0)
			return delete_over(name, owner, err);
		if (seconds == TAKE_PATIENCE - 1)
			return -1;
	}
	return 0;
}

/* Takes away one instance, if it is of a container under root that was deleted. */
static int delete_if_over(const char *name, const char *root, struct error *err)
{
	autofree char *id = NULL, *of = NULL;
	struct owner owner;
	time_t since;

	if (state_owner(name, &id, &of, &since)) {
		id = of = NULL;
		return 0;
	}
	if (owner_set(&owner, id, root, backend(), err))
		return -1;
	return strcmp(owner.root, of) ? 0 : delete_if_deleted(name, &owner, err);
}

/* Which containers a pattern meant, the runtime below knows: those that it has no more. */
static int delete_matched(const struct arguments *arguments, struct error *err)
{
	autofree char(*names)[MODULE_NAME_MAX + 1] = NULL;
	size_t count;
	int ret = 0;

	if (access(state_folder, F_OK) && errno == ENOENT)
		return 0;
	if (state_list(&names, &count, err))
		return -1;
	for (size_t i = 0; i < count; i++)
		if (delete_if_over(names[i], arguments->root, err))
			ret = -1;
	return ret;
}

int container_delete(const struct arguments *arguments, const struct settings *settings,
		     struct error *err)
{
	autofree char **argv = arguments_for(arguments, backend(), NULL, NULL);
	struct error ignored;
	int status;
	pid_t pid;

	(void)settings;
	if (!argv)
		return error_set(err, EXIT_ENVIRONMENT, "no memory for a command line");
	pid = child_start(argv, err);
	if (pid < 0)
		return -1;
	status = child_exit_status(child_wait(pid));
	if (arguments->regex)
		return delete_matched(arguments, err) ? -1 : status;
	if (!status)
		return delete_instance(arguments, true, err);
	/* Its own message has been printed; a container that runs on keeps its instance. */
	delete_instance(arguments, false, &ignored);
	return status;
}
