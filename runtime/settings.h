/* SPDX-License-Identifier: GPL-2.0 */
/* What this host's administrator wants of every container: the runtime's configuration file. */
#ifndef VKERNEL_RUNTIME_SETTINGS_H
#define VKERNEL_RUNTIME_SETTINGS_H

#include <stdbool.h>
#include <vkernel/policy.h>

#include "lib/error.h"

#define SETTINGS_FILE "/etc/vkernel/runtime.yaml"

/* Where a bundle has the annotation, that counts. All strings are the settings' own. */
struct settings {
	char *profile; /* an absolute path, as the annotation io.vkernel.profile; NULL: none */
	char *runtime; /* the runtime below: a path, or a name in PATH; NULL: not said */
	bool keep_seccomp;
	char *log;	    /* as io.vkernel.log; NULL: not said */
	char *excess;	    /* as io.vkernel.excess */
	char *masked_paths; /* as io.vkernel.masked-paths */
	void *data;	    /* what was read */
};

/*
 * Reads the file at path; NULL is SETTINGS_FILE, which need not be there. Refuses one that others
 * than root may write. Returns 0, or -1 with err set (EXIT_USAGE, with line and column).
 */
int settings_read(const char *path, struct settings *settings, struct error *err);

void settings_free(struct settings *settings);

#endif
