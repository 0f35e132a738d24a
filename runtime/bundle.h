/* SPDX-License-Identifier: GPL-2.0 */
/* An OCI bundle's configuration: read, checked, and as the underlying runtime is to see it. */
#ifndef VKERNEL_RUNTIME_BUNDLE_H
#define VKERNEL_RUNTIME_BUNDLE_H

#include <jansson.h>
#include <stdbool.h>

#include "lib/error.h"

/* The most that a configuration may be long; engines write some 20 KiB. */
#define BUNDLE_CONFIG_MAX (16u << 20)

struct bundle {
	json_t *root;  /* without what cut.h leaves out of lean, where there is rest */
	char *text;    /* all of it, as it was read */
	char *seccomp; /* linux.seccomp as it was written, or NULL: root has it, if it is there */
	char *rest;    /* the text without linux.seccomp, or NULL: root has all that there is */
	size_t size;   /* of text */
	bool hooks;    /* it has createContainer hooks */
};

/*
 * Reads <folder>/<config> (config may be absolute; NULL is config.json). Refuses one that
 * could not be guarded: without a PID namespace of its own, with hooks that are the container's own
 * programs, or with an annotation that lets crun run the program inside its own process. Returns
 * 0, and the caller ends the bundle with bundle_free(), or -1 with err set (EXIT_USAGE).
 */
int bundle_read(const char *folder, const char *config, struct bundle *bundle, struct error *err);

/* Makes root, anew, of all of the text. Returns 0, or -1 with err set (EXIT_USAGE). */
int bundle_restore(struct bundle *bundle, struct error *err);

void bundle_free(struct bundle *bundle);

/* What the instance enforces in place of the underlying runtime. */
struct bundle_drop {
	bool seccomp;  /* linux.seccomp */
	bool paths;    /* linux.maskedPaths, linux.readonlyPaths */
	bool apparmor; /* process.apparmorProfile */
};

/* Changes root into what the underlying runtime gets: without what drop names. */
void bundle_rewrite(json_t *root, const struct bundle_drop *drop);

/*
 * Makes the paths in root that are relative to the bundle absolute: its root file system's, and
 * those of what is bind-mounted. It is then good in another bundle too.
 */
int bundle_detach(json_t *root, const char *bundle, struct error *err);

#endif
