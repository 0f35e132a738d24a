/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The least profile that allows what was recorded, as docs/tracing.md says, in three files: a
 * seccomp profile in OCI form, an AppArmor profile, and a vKernel profile that names both. Context:
 * any thread.
 */
#ifndef VKERNEL_OPERATOR_TRACE_PROFILE_H
#define VKERNEL_OPERATOR_TRACE_PROFILE_H

#include <jansson.h>

#include "operator/trace_recording.h"

/* Of one call, more different arguments than these are not told apart. */
#define TRACE_VARIANTS_MAX 64

#define TRACE_NAME_MAX 64

/* Fills err and returns -1 unless name is 1 to 64 of A-Z, a-z, 0-9, '.', '_' and '-', not '.' first. */
int trace_name_check(const char *name, struct error *err);

/* linux.seccomp; NULL with err set. The recording is settled. */
json_t *trace_seccomp(const struct recording *recording, struct error *err);

/* The text of an AppArmor profile of that name, which the caller frees; NULL with err set. */
char *trace_apparmor(const struct recording *recording, const char *name, struct error *err);

/* The text of a vKernel profile that names <name>.seccomp.json and <name>.apparmor; likewise. */
char *trace_yaml(const struct recording *recording, const char *name, struct error *err);

/* The capabilities that were used: bit N is capability N. */
uint64_t trace_capabilities(const struct recording *recording);

/*
 * Compiles the vKernel profile in file, with what it names, as `vkernel build` does. The caller
 * frees *blob. Returns 0, or -1 with err set: this program wrote what it cannot read.
 */
int trace_compile(const char *file, void **blob, size_t *size, struct error *err);

/* Says in a few lines how much is left of all that there is. */
void trace_print_summary(FILE *stream, const struct recording *recording);

#endif
