/* SPDX-License-Identifier: GPL-2.0 */
/* File rules from recorded paths. Context: any thread. */
#ifndef VKERNEL_OPERATOR_TRACE_PATHS_H
#define VKERNEL_OPERATOR_TRACE_PATHS_H

#include "operator/trace_recording.h"

struct path_rule {
	char *pattern; /* of AppArmor, to stand between double quotes */
	unsigned int access;
};

struct path_rules {
	struct path_rule *list; /* sorted by pattern, each once */
	size_t count;
};

/*
 * The rules for all files of the recording: what differs from run to run is made a pattern, and
 * what was linked may be used as its other names were. The caller frees them. Returns 0, or -1 with
 * err set.
 */
int path_rules_make(const struct recording *recording, struct path_rules *rules, struct error *err);
void path_rules_free(struct path_rules *rules);

/* The letters of a rule: rwmlkix; letters has room for 16 bytes. */
void path_letters(unsigned int access, char letters[16]);

#endif
