// SPDX-License-Identifier: GPL-2.0
#include "operator/refusals.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "lib/cleanup.h"

#define DENIED_MAX 4096 /* what a text attribute of sysfs holds */

/* Lines of `denied` that count something else than what was refused. */
static bool is_refusal(const char *class)
{
	return strcmp(class, "excess") && strcmp(class, "logged") && strcmp(class, "killed");
}

int refusals_read(const struct instance *instance, struct refusals *refusals, struct error *err)
{
	char text[DENIED_MAX + 1], *next = text, *line;

	*refusals = (struct refusals){.count = 0};
	if (framework_read(instance->name, "denied", text, sizeof(text)))
		return instance_unreadable(instance, "denied", err);
	while ((line = strsep(&next, "\n"))) {
		typeof(refusals->classes[0]) *class = &refusals->classes[refusals->count];

		if (refusals->count == REFUSAL_CLASSES ||
		    sscanf(line, "%15s %" SCNu64, class->name, &class->count) != 2)
			return error_set(err, EXIT_ENVIRONMENT,
					 "\"denied\" of %s has a line that is no class and count: "
					 "\"%s\"",
					 instance->name, line);
		if (is_refusal(class->name))
			refusals->refused += class->count;
		refusals->count++;
	}
	return 0;
}

static int compare(const void *one, const void *other)
{
	const struct refused_call *a = one, *b = other;

	if (a->count != b->count)
		return a->count < b->count ? 1 : -1;
	if (a->path != b->path)
		return a->path < b->path ? -1 : 1;
	return a->number < b->number ? -1 : 1;
}

int refused_calls_read(const struct instance *instance, struct refused_call **calls, size_t *count,
		       struct error *err)
{
	const size_t most = POLICY_TABLES * POLICY_SYSCALL_MAX;
	autofree uint64_t *counts = calloc(most, sizeof(*counts));
	autofree struct refused_call *list = calloc(most, sizeof(*list));
	size_t used = 0;

	if (!counts || !list)
		return error_set(err, EXIT_ENVIRONMENT, "no memory for the counts of calls");
	if (framework_read_binary(instance->name, "calls", counts, most * sizeof(*counts)))
		return instance_unreadable(instance, "calls", err);
	for (size_t i = 0; i < most; i++) {
		if (counts[i])
			list[used++] = (struct refused_call){.path = i / POLICY_SYSCALL_MAX,
							     .number = i % POLICY_SYSCALL_MAX,
							     .count = counts[i]};
	}
	qsort(list, used, sizeof(*list), compare);
	*calls = steal_pointer(list);
	*count = used;
	return 0;
}
