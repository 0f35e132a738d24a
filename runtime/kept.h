/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a container's private log held when the container ended: /var/log/vkernel/<id>.log, root's
 * alone, one line of JSON (container, instance, root, began, ended: seconds since 1970), then the
 * records as /dev/kmsg gives them. The KEPT_MAX newest stay.
 */
#ifndef VKERNEL_RUNTIME_KEPT_H
#define VKERNEL_RUNTIME_KEPT_H

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#include "lib/error.h"
#include "runtime/framework.h"

#define KEPT_MAX 256

/* The folder. No option or variable changes it: tests of this code do. */
extern const char *kept_folder;

/*
 * Keeps the log of an instance whose container is over, for the container that the runtime's state
 * (state.h) names, in place of what was kept under that id before. A log that is empty, or that
 * the policy does not make private, is not kept. Returns 0, or -1 with err set; nothing half-written
 * stays then. The caller holds the instance's state lock.
 */
int kept_save(const char *instance, struct error *err);

/* The same; what cannot be kept is lost, with a word on standard error: nothing waits for it. */
void kept_try(const char *instance);

/*
 * What kept_save() does where the container, id, is over and its private log is empty: what was kept
 * under that id before goes.
 */
void kept_forget(const char *id);

/* Whether a file in the folder is one that is not complete yet; its writer holds it by flock(). */
bool kept_is_temporary(const char *name);

struct kept {
	char *id; /* as the rest, ends with kept_free() */
	char instance[MODULE_NAME_MAX + 1];
	char *root;
	time_t began, ended;
	char *text; /* all of the file */
	const char *records;
	size_t records_size;
};

/* Reads one; err is set as by file_read(), or says that it is damaged (EXIT_USAGE). */
int kept_read(const char *id, struct kept *kept, struct error *err);
void kept_free(struct kept *kept);

struct kept_ids {
	char **list; /* sorted */
	size_t count;
};

/*
 * The ids of all that are kept, which the caller frees. Where there is no folder there are none.
 * Returns 0, or -1 with err set.
 */
int kept_list(struct kept_ids *ids, struct error *err);
void kept_ids_free(struct kept_ids *ids);

#endif
