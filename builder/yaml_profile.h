/* SPDX-License-Identifier: GPL-2.0 */
/* A vKernel profile in YAML, schema 1: docs/profiles.md has its keys. */
#ifndef VKERNEL_BUILDER_YAML_PROFILE_H
#define VKERNEL_BUILDER_YAML_PROFILE_H

#include <jansson.h>

#include "builder/builder.h"
#include "lib/yaml.h"

struct yaml_argument {
	unsigned int *index;
	char *field;
	uint64_t *value, *value_two;
	char *op;
};

struct yaml_call {
	char **names;
	unsigned int names_count;
	char *action, *errno_, *call;
	struct yaml_argument *args;
	unsigned int args_count;
};

struct yaml_log {
	enum policy_log_mode mode;
	char *size;
};

/* The file's keys; what is a pointer is NULL where the key is not there. */
struct yaml_keys {
	unsigned int schema;
	char *name, *seccomp, *apparmor, *apparmor_profile;
	char **capabilities;
	unsigned int capabilities_count;
	struct yaml_log *log;
	enum policy_excess *excess;
	enum clone3_reading *clone3;
	char **files;
	unsigned int files_count;
	char *default_action, *default_errno;
	char **architectures;
	unsigned int architectures_count;
	struct yaml_call *syscalls;
	unsigned int syscalls_count;
};

struct yaml_profile {
	struct yaml_keys *keys;
	struct yaml_places *places;
	bool states_capabilities;
	uint64_t capabilities; /* CAPABILITIES_ALL where none are stated */
	__u32 log_size;	       /* bytes; 0: not said */
};

/*
 * Reads a profile. Returns it, for yaml_profile_free(), or NULL with err set (EXIT_USAGE with
 * "file:line:column: ...", EXIT_ENVIRONMENT without memory). What only the readers of system calls
 * and of file rules can tell is found by the functions below.
 */
struct yaml_profile *yaml_profile_read(const struct yaml_text *text, struct error *err);

/* NULL is fine. */
void yaml_profile_free(struct yaml_profile *yaml);

/* Whether the profile itself speaks of system calls; and of all of them, not of a few beside others. */
bool yaml_profile_has_calls(const struct yaml_profile *yaml);
bool yaml_profile_decides_calls(const struct yaml_profile *yaml);

/*
 * Adds the system calls to profile, which has none, and the file rules to profile, which has none.
 * context: as for profile_add_seccomp(), but where the values stand is known here. Return 0, or -1
 * with err set.
 */
int yaml_profile_add_calls(const struct yaml_profile *yaml, const struct seccomp_context *context,
			   struct profile *profile, struct error *err);
int yaml_profile_add_files(const struct yaml_profile *yaml, struct profile *profile,
			   struct error *err);

#endif
