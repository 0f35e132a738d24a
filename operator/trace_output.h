/* SPDX-License-Identifier: GPL-2.0 */
/* Where a recording and its profile lie: four files of one name. */
#ifndef VKERNEL_OPERATOR_TRACE_OUTPUT_H
#define VKERNEL_OPERATOR_TRACE_OUTPUT_H

#include <limits.h>

#include "operator/trace_profile.h"

struct trace_output {
	char folder[PATH_MAX]; /* ends with '/' */
	char name[TRACE_NAME_MAX + 1];
};

/*
 * Reads where: a folder that is there or ends with '/' (the files are called name, or "traced" where
 * name is NULL), else a path to which .yaml and so on are added (name must then be NULL). Returns 0,
 * or -1 with err set.
 */
int trace_output_parse(struct trace_output *output, const char *where, const char *name,
		       struct error *err);

/* The path of the file with a suffix: ".yaml", ".recording.json", ... */
int trace_output_path(const struct trace_output *output, const char *suffix, char path[PATH_MAX],
		      struct error *err);

/* Adds the recording in file to recording. */
int trace_output_merge(struct recording *recording, const char *file, struct error *err);

/*
 * Makes the profile and writes all files, the recording first and the vKernel profile last, which
 * is then compiled to see that it can be read. Returns 0, or -1 with err set.
 */
int trace_output_write(const struct trace_output *output, const struct recording *recording,
		       struct error *err);

#endif
