/* SPDX-License-Identifier: GPL-2.0 */
/* The options that say how a policy is made of a profile: the same for every command that does. */
#ifndef VKERNEL_OPERATOR_PROFILE_OPTIONS_H
#define VKERNEL_OPERATOR_PROFILE_OPTIONS_H

#include <argp.h>
#include <stdbool.h>
#include <stdint.h>

#include "builder/builder.h"

struct profile_options {
	const char *program; /* who speaks in notices */
	const char *name;    /* NULL: not given */
	const char *kernel;
	const char *apparmor; /* a file, - for standard input; NULL: not given */
	const char *apparmor_profile;
	const char **apparmor_folders;
	size_t apparmor_folders_count;
	const struct policy *present; /* whose masked and read-only paths stay; NULL: none */
	uint64_t capabilities;
	enum policy_log_mode log;
	__u32 log_size; /* bytes of a private log; 0: not given */
	enum policy_excess excess;
	enum clone3_reading clone3;
	bool capabilities_given, log_given, excess_given;
	bool ignore_unknown;
	struct error *err; /* set by the parser where argp_parse() returns EINVAL */
};

/* A child parser; its input is a struct profile_options. */
extern const struct argp profile_options_argp;

/* What is not given becomes what `vkernel build` promises. Returns 0, or -1 with err set. */
int profile_options_default(struct profile_options *options, struct error *err);

/*
 * What is not given becomes what policy says, which must live until the options are used. name has
 * room for the longest name and the end. Returns 0, or -1 with err set: policy has rules of an
 * AppArmor profile, and none is given that would take their place.
 */
int profile_options_inherit(struct profile_options *options, const struct policy *policy,
			    char name[256], struct error *err);

/*
 * The blob of the seccomp profile in text, of size bytes with a zero byte after them, which file
 * names in messages (NULL: there is none), and of the AppArmor profile that the options name, which
 * is read here. The policy's name is the given one, else the first profile's file name without
 * folder and .json. The caller frees *blob. Returns 0, or -1 with err set.
 */
int profile_options_build(const struct profile_options *options, const char *file, const char *text,
			  size_t size, void **blob, size_t *blob_size, struct error *err);

/* Frees what the parser allocated. */
void profile_options_free(struct profile_options *options);

/* The most bytes that a profile may have. */
#define PROFILE_SIZE_MAX (4u << 20)

#endif
