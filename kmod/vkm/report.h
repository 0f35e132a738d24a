/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Telling of refusals: counters, the trace event vkernel:vki_denied, lines in the kernel's log.
 * Context of all: any, for an instance that is valid meanwhile; none sleeps or allocates.
 */
#ifndef VKM_REPORT_H
#define VKM_REPORT_H

#include <linux/tracepoint-defs.h>
#include <linux/types.h>
#include <vkernel/policy.h>

#include "instance.h"

/* A refusal: what was asked, and what it got. */
struct vkm_denial {
	enum vkm_count class;
	enum policy_table_index path;
	int number; /* of the system call or the capability; -1: neither */
	u32 verdict;
};

/* Adds one. */
static inline void vkm_count(struct vkm_instance *instance, enum vkm_count count)
{
	this_cpu_inc(instance->counters->counts[count]);
}

/* Adds one to the refusals of a call; number is below POLICY_SYSCALL_MAX. */
static inline void vkm_count_call(struct vkm_instance *instance, enum policy_table_index path,
				  unsigned int number)
{
	atomic64_inc(&instance->calls[path * POLICY_SYSCALL_MAX + number]);
}

DECLARE_TRACEPOINT(vki_denied);

/* Whether somebody listens to the trace event, and telling him. */
static inline bool vkm_is_traced(void)
{
	return tracepoint_enabled(vki_denied);
}

void vkm_trace(struct vkm_instance *instance, const struct vkm_denial *denial);

/* Counts denial under its class and tells those who trace. */
void vkm_report(struct vkm_instance *instance, const struct vkm_denial *denial);

/*
 * A line in the kernel's log about a system call, at most 10 in 5 seconds for one instance; those
 * about calls that kill are counted apart.
 * Context: task, no lock held that a console takes.
 */
void vkm_log_call(struct vkm_instance *instance, const struct vkm_denial *denial);

/*
 * A line from the instance: what the container's owner wants to know. In the container's own log where
 * it has one, else in the kernel's; at most 10 in 5 seconds for one instance. Begins with the instance's
 * name. Context: task, no lock held that a console takes.
 */
__printf(2, 3) void vkm_tell(struct vkm_instance *instance, const char *format, ...);

/*
 * Tells of the current task, which holds capabilities that it may not, and kills it if kill. Both
 * are done a moment later, in an interrupt, because locks may be held here. While one such report
 * is under way for the instance, others are only counted.
 */
void vkm_report_excess(struct vkm_instance *instance, u64 capabilities, bool kill);

/* Prepares instance->excess, and waits until none is under way (may sleep). */
void vkm_excess_start(struct vkm_instance *instance);
void vkm_excess_stop(struct vkm_instance *instance);

/* The name of a count, as sysfs and the trace event show it; static. */
const char *vkm_count_name(enum vkm_count count);

#endif
