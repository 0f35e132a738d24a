/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Ways to run a program in the guest that are compared: native, crun, crun-secure, vkernel, ...
 * Compiled into the programs that run in the guest; the host takes names and summaries from it.
 */
#ifndef VKERNEL_HARNESS_GUEST_CONFIGURATION_H
#define VKERNEL_HARNESS_GUEST_CONFIGURATION_H

#include <stdbool.h>

#include "lib/error.h"

/* A row is a file in harness/guest/configurations/ and a line in configuration.c. */
struct configuration {
	const char *name;    /* as it stands in samples.jsonl and isolation.json */
	const char *summary; /* one line for the report */
	const char *runtime; /* OCI runtime's command, or NULL: no container */
	const char *const
		*flags;	     /* the runtime's own, before its command, NULL-terminated, or NULL */
	const char *seccomp; /* profile in Docker's form, in the guest, or NULL: no filter */
	const char *needs;   /* file in the guest without which the row cannot run, or NULL */
	const char *lacking; /* why it may not be there, and what would bring it, or NULL */
	bool tree;	     /* seccomp is given to the runtime as a program, libseccomp's tree */
	/*
	 * File rules that every container gets, or NULL: an AppArmor profile in the guest, called after
	 * its profile and .apparmor; with `rules` more, which are for other paths.
	 */
	const char *files;
	unsigned int rules;
	bool apparmor; /* file rules, these or a launch's own, are given to AppArmor */
	/*
	 * An AppArmor profile in the guest that containers get, named like `files`, where neither the
	 * row nor the launch has file rules of its own; or NULL. An instance derives its rules from it.
	 */
	const char *profile;
	bool framework;	    /* it is vKM that enforces seccomp's rules, and file rules */
	bool thorough;	    /* no part of a quick run */
	bool micro_only;    /* stands beside in loops of one system call, nowhere else */
	bool own_kernel;    /* the program's system calls are not answered by the guest's kernel */
	bool peer;	    /* to compare with: measured, but attacked only when it is asked for */
	unsigned int every; /* one of N of a run's boots measures it; 0 is 1 */
};

extern const struct configuration configurations[];
extern const unsigned int configurations_count;

const struct configuration *configuration_find(const char *name);

/* A program made ready to run in a configuration. */
struct launch {
	char **argv;	 /* NULL-terminated: run this as root; its exit status is the program's */
	char *container; /* the container's id, or NULL */
	char *bundle;	 /* the bundle's folder, or NULL */
};

/* What a program may ask for beyond the common bundle; all zero is fine. */
struct launch_options {
	const char *const *capabilities; /* NULL-terminated names instead of Docker's 14, or NULL */
	const char *const
		*devices;      /* NULL-terminated paths of the guest's devices to give, or NULL */
	const char *directory; /* an existing folder bound read-write at the same path, or NULL */
	const char *const *annotations; /* NULL-terminated names and values in turn, or NULL */

	/*
	 * Where the configuration has a filter: a JSON list of OCI rules that take the place of all
	 * that its profile says of the calls they name, or NULL. `fields` is the list for vKM, which
	 * sees structures too; NULL: it gets `seccomp`.
	 */
	const char *seccomp;
	const char *fields;

	/*
	 * Where the configuration has somebody to enforce them: file rules in place of its own, as in
	 * `files` above, or NULL.
	 */
	const char *files;
};

/* Whether configuration can run here: 0, or -1 with err set, EXIT_ENVIRONMENT. */
int launch_check(const struct configuration *configuration, struct error *err);

/*
 * Makes the bundle (in the containers: the guest's own root file system, read-only, /vkernel, a
 * tmpfs on /tmp and /run, the host's network namespace; own PID, mount, IPC and UTS namespaces;
 * Docker's capabilities, masked and read-only paths) and fills launch. Returns -1 with err set,
 * EXIT_ENVIRONMENT where the configuration cannot run here; nothing is then left behind.
 * The caller ends it with launch_end(), after the program.
 */
int launch_begin(const struct configuration *configuration, const struct launch_options *options,
		 const char *const argv[], struct launch *launch, struct error *err);

/* Removes the container if it is still there, and the bundle; frees what launch owns. */
void launch_end(const struct configuration *configuration, struct launch *launch);

#endif
