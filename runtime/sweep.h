/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What killed runtimes and a crashed host left: instances whose containers are over or never were,
 * state folders that nobody holds, files that were never completed.
 *
 * A container that is just starting is safe: from before its instance is loaded until it is bound,
 * its runtime holds the state lock, and what is locked is passed over. A container that runs, or
 * is created and waits, has a bound instance, and is passed over too. What is written at this moment
 * is locked by its writer.
 */
#ifndef VKERNEL_RUNTIME_SWEEP_H
#define VKERNEL_RUNTIME_SWEEP_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/error.h"
#include "runtime/instance.h"

struct sweep {
	bool dry_run; /* nothing is changed, and no lock is taken */
	/* Told of each thing: "the instance vkernel_0123456789ab of the container c1". */
	void (*found)(void *context, const char *what);
	/* Told of each thing that could not be taken away. */
	void (*failed)(void *context, const struct error *err);
	void *context;
	instance_farewell farewell; /* as instance_remove() has it */
};

/* Instances and state folders. Returns 0, or -1 with err set where they cannot be listed. */
int sweep_instances(const struct sweep *sweep, struct error *err);

/*
 * Files in the folder at path whose names say that they were not complete, and whose writer, which
 * holds them by flock(), is gone. A folder that is not there has none. Returns 0, or -1 with err set.
 */
int sweep_folder(const struct sweep *sweep, const char *path,
		 bool (*is_temporary)(const char *name), struct error *err);

#endif
