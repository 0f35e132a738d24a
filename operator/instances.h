/* SPDX-License-Identifier: GPL-2.0 */
/* The instances on this host, as the kernel and their runtimes tell of them. */
#ifndef VKERNEL_OPERATOR_INSTANCES_H
#define VKERNEL_OPERATOR_INSTANCES_H

#include <jansson.h>
#include <stdbool.h>
#include <time.h>

#include "lib/error.h"
#include "runtime/framework.h"

struct instance {
	char name[MODULE_NAME_MAX + 1];
	char *id;	/* the container's; NULL where no runtime has written it down */
	char *root;	/* the folder in which the runtime below keeps the container; or NULL */
	time_t since;	/* when the runtime made the instance; 0 where it is not known */
	char state[16]; /* "registered", "bound", "over" or "released" */
	int init;	/* the container's init on the host; 0 where there is none */
};

struct instances {
	struct instance *list; /* sorted by name */
	size_t count;
};

/*
 * Fills instances, which the caller frees. One that goes away meanwhile is left out. Returns 0, or
 * -1 with err set (EXIT_ENVIRONMENT: vKM is not there, is another version, or says no).
 */
int instances_read(struct instances *instances, struct error *err);
void instances_free(struct instances *instances);

/*
 * The one instance that which names: by its own name, by its container's id, or by the beginning
 * of that id. Returns it, or NULL with err set (EXIT_USAGE): none, or several.
 */
const struct instance *instances_find(const struct instances *instances, const char *which,
				      struct error *err);

/* Whether which names any of them so, be they several. */
bool instances_matching(const struct instances *instances, const char *which);

/* Seconds since the instance was made; -1 where that is not known. */
long long instance_age(const struct instance *instance);

/* Sets err for an attribute of instance that could not be read, by errno; returns -1. */
int instance_unreadable(const struct instance *instance, const char *attribute, struct error *err);

/* What all commands say of an instance in JSON: name, container, root, state, init, age; NULL
 * without memory. */
json_t *instance_json(const struct instance *instance);

/* Prints value and a newline to standard output, and gives it up. */
int print_json(json_t *value, struct error *err);

#endif
