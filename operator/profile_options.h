/* SPDX-License-Identifier: GPL-2.0 */
/* The options that say how a policy is made of a profile: the same for every command that does. */
#ifndef VKERNEL_OPERATOR_PROFILE_OPTIONS_H
#define VKERNEL_OPERATOR_PROFILE_OPTIONS_H

#include <argp.h>
#include <stdbool.h>
#include <stdint.h>

#include "builder/source.h"

/* A source by its path, - for standard input. */
struct named_source {
	const char *path;
	enum source_kind kind; /* SOURCE_UNKNOWN: its contents tell */
};

struct profile_options {
	const char *program;	  /* who speaks in notices */
	const char *name;	  /* NULL: not given */
	const char *present_name; /* of the policy that is inherited from; NULL: none */
	const char *kernel;
	struct named_source *named; /* what is to be read, in the order of the command line */
	size_t named_count;
	struct sources sources; /* what was read */
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

/* Notes a source to be read; path is borrowed. Returns 0, or -1 with options->err set. */
int profile_options_name(struct profile_options *options, const char *path, enum source_kind kind);

/* Reads the sources that were named. Returns 0, or -1 with err set. */
int profile_options_read(struct profile_options *options, struct error *err);

/*
 * The blob of options->sources, which have been read. A single blob or module, where no option changes anything, is taken as it is. The policy's name is
 * the given one, else the one that a source says, else the first source's file name without folder
 * and ending. The caller frees *blob. Returns 0, or -1 with err set.
 */
int profile_options_build(struct profile_options *options, void **blob, size_t *size,
			  struct error *err);

/* Whether any option says how to make a policy. */
bool profile_options_given(const struct profile_options *options);

/* Frees what the parser allocated, and the sources. */
void profile_options_free(struct profile_options *options);

#endif
