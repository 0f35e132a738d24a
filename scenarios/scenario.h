/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Scenarios: things that a container must not be able to do, each tried in each configuration.
 * A scenario is a row. Its probe runs inside the configuration; all else runs in the guest but
 * outside any container, as root.
 */
#ifndef VKERNEL_SCENARIOS_SCENARIO_H
#define VKERNEL_SCENARIOS_SCENARIO_H

#include "harness/guest/configuration.h"
#include "scenarios/tries.h"
#include "scenarios/verdict.h"

#define SCENARIO_CONFIGURATIONS 8

struct expectation {
	const char *configuration;
	enum verdict verdict;
};

/* One run of a scenario in a configuration. */
struct scene {
	const struct scenario *scenario;
	const struct configuration *configuration;
	const char *nonce; /* random, different for each run */
	char *argument;	   /* what arrange() hands to probe(), or NULL; freed by the caller */
};

struct scenario {
	const char *name;
	const char *group;
	const char *summary;				      /* what must not be possible */
	struct expectation expected[SCENARIO_CONFIGURATIONS]; /* as measured; ends with NULL */
	struct launch_options options; /* what the container gets beyond the common bundle */
	bool entered; /* the container's program waits, and the probe comes with the runtime's `exec` */

	/* Prepares the guest; may be NULL. Returns 0, or -1 with err set. */
	int (*arrange)(struct scene *scene, struct error *err);

	/* Inside: makes every try once, with arguments that fail harmlessly. */
	void (*probe)(const char *nonce, const char *argument, struct tries *tries);

	/* Looks from outside at what the tries did, and corrects their outcomes; may be NULL. */
	int (*inspect)(const struct scene *scene, struct tries *tries, struct error *err);

	/* Undoes arrange(); may be NULL. Called after a failure too. */
	void (*restore)(struct scene *scene);
};

/* All scenarios, in the order in which they run, ended by NULL. */
extern const struct scenario *const scenarios[];

const struct scenario *scenario_find(const char *name);

/* VERDICT_NONE where the scenario says nothing of the configuration. */
enum verdict scenario_expected(const struct scenario *scenario, const char *configuration);

/* The rows, each in the file of its name or of its family. */
extern const struct scenario dmesg_read, dmesg_read_restricted, dmesg_read_capable;
extern const struct scenario dmesg_write, dmesg_write_device, dmesg_own;
extern const struct scenario syscall_denied, syscall_denied_i386, syscall_denied_x32;
extern const struct scenario syscall_arguments;
extern const struct scenario clone3_flags, clone3_swapped, openat2_resolve, openat2_swapped;
extern const struct scenario ptrace_rewrites, io_uring;
extern const struct scenario namespace_escape, namespace_escape_exec;
extern const struct scenario capability_removed, capability_acquired;
extern const struct scenario capability_stolen, capability_stolen_killed;
extern const struct scenario capability_borrowed;
extern const struct scenario descriptors_leaked, descriptors_leaked_exec, waitid_pointer;
extern const struct scenario file_rule, file_rule_capable, file_rule_overlay;
extern const struct scenario masked_paths, masked_paths_capable;
extern const struct scenario release_agent, release_agent_capable;
extern const struct scenario instances_seen, vkernel_itself, vkernel_itself_stolen;

#endif
