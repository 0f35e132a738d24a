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
	char *path;  /* of the configuration */
	char *text;  /* all of it, as it was read */
	size_t size; /* of text */
	/* As cut.h says; NULL: it could not be cut. */
	const char *seccomp; /* in text; NULL also where there is none */
	size_t seccomp_size;
	char *lean;
	size_t lean_size;
	char *rest;   /* NULL also after bundle_restore() */
	json_t *root; /* bundle_parse() makes it: of lean, where there is rest, or of the text */
	bool hooks;   /* bundle_parse() says: it has createContainer hooks */
};

/*
 * Reads <folder>/<config> (config may be absolute; NULL is config.json). Returns 0, and the caller
 * ends the bundle with bundle_free(), or -1 with err set. Nothing is said of what stands in it.
 */
int bundle_read(const char *folder, const char *config, struct bundle *bundle, struct error *err);

/*
 * Parses it. Refuses one that could not be guarded: without a PID namespace of its own, with hooks
 * that run inside the container, or with an annotation that lets crun run the program inside its own
 * process. What it says depends on lean alone, where that is JSON. Returns 0 or -1 with err set
 * (EXIT_USAGE).
 */
int bundle_parse(struct bundle *bundle, struct error *err);

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
