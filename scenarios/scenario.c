// SPDX-License-Identifier: GPL-2.0
#include "scenarios/scenario.h"

#include <string.h>

const struct scenario *const scenarios[] = {
	&dmesg_read,
	&dmesg_read_restricted,
	&dmesg_read_capable,
	&dmesg_write,
	&dmesg_write_device,
	&dmesg_own,
	&file_rule,
	&file_rule_capable,
	&file_rule_overlay,
	&masked_paths,
	&masked_paths_capable,
	&release_agent,
	&release_agent_capable,
	&syscall_denied,
	&syscall_denied_i386,
	&syscall_denied_x32,
	&syscall_arguments,
	&clone3_flags,
	&clone3_swapped,
	&openat2_resolve,
	&openat2_swapped,
	&ptrace_rewrites,
	&io_uring,
	&namespace_escape,
	&namespace_escape_exec,
	&capability_removed,
	&capability_acquired,
	&capability_stolen,
	&capability_stolen_killed,
	&capability_borrowed,
	&waitid_pointer,
	&descriptors_leaked,
	&descriptors_leaked_exec,
	&instances_seen,
	&vkernel_itself,
	&vkernel_itself_stolen,
	NULL,
};

const struct scenario *scenario_find(const char *name)
{
	for (const struct scenario *const *row = scenarios; *row; row++)
		if (!strcmp((*row)->name, name))
			return *row;
	return NULL;
}

enum verdict scenario_expected(const struct scenario *scenario, const char *configuration)
{
	for (int i = 0; i < SCENARIO_CONFIGURATIONS && scenario->expected[i].configuration; i++)
		if (!strcmp(scenario->expected[i].configuration, configuration))
			return scenario->expected[i].verdict;
	return VERDICT_NONE;
}
