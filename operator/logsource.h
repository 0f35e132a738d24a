/* SPDX-License-Identifier: GPL-2.0 */
/* Where a container's log is read: the running instance, or what was kept of one that has ended. */
#ifndef VKERNEL_OPERATOR_LOGSOURCE_H
#define VKERNEL_OPERATOR_LOGSOURCE_H

#include <stdint.h>
#include <sys/types.h>

#include "operator/instances.h"
#include "operator/record.h"

struct log_source {
	const struct instance *instance;
	int log, range; /* its files */
	uint64_t position;
};

/* Room for what log_source_read() gives at once. */
#define LOG_BUFFER_SIZE RECORD_MAX

/*
 * Begins at the oldest record that is there. instance is borrowed. Returns 0, or -1 with err set:
 * also where the policy gives it no log of its own.
 */
int log_source_open(const struct instance *instance, struct log_source *source, struct error *err);
void log_source_close(struct log_source *source);

/* The instance has been unloaded, and its log with it. */
#define LOG_SOURCE_GONE -2

/*
 * Whole records, from where the last call ended, or from the oldest where those were dropped. Returns
 * their size in bytes; 0 where there are no more yet; LOG_SOURCE_GONE; or -1 with err set.
 */
ssize_t log_source_read(struct log_source *source, char buffer[LOG_BUFFER_SIZE], struct error *err);

/*
 * Waits until there is more, the log has ended, a signal comes or the milliseconds are over. What is
 * the case the other calls tell.
 */
void log_source_wait(struct log_source *source, int milliseconds);

/* The bytes that an instance's log holds; -1 with errno: ENODATA where it has none. */
int64_t log_source_size(const struct instance *instance);

#endif
