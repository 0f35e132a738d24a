/* SPDX-License-Identifier: GPL-2.0 */
/* The BPF programs that watch containers, from loading them to what they saw. */
#ifndef VKERNEL_OPERATOR_TRACE_WATCH_H
#define VKERNEL_OPERATOR_TRACE_WATCH_H

#include <stdbool.h>
#include <sys/types.h>

#include "operator/trace_recording.h"

struct watch;

/*
 * Loads and attaches the programs; nobody is watched yet. With every, containers that others than
 * the family start are watched as well. NULL with err set (EXIT_ENVIRONMENT: this kernel does not
 * take them; the message says why). The caller calls watch_end().
 */
struct watch *watch_start(bool every, struct error *err);

/* Watches the containers that pid, or what it starts, will start. */
int watch_family(struct watch *watch, pid_t pid, struct error *err);

/* Watches the container whose PID namespace has this inode. */
int watch_container(struct watch *watch, unsigned int inode, struct error *err);

/* Takes what waits in the ring, for at most timeout milliseconds. Returns 0, or -1 with err set. */
int watch_poll(struct watch *watch, int timeout, struct error *err);

/* Whom a container is to be recorded for: its control group's name and whether the family's. */
typedef bool (*watch_filter)(const struct trace_container *container, void *context);

/* How many containers that the filter takes there were, and of them are still running. */
void watch_count(struct watch *watch, watch_filter filter, void *context, unsigned int *all,
		 unsigned int *running);

/*
 * Detaches, and adds what was seen of the containers that filter takes to recording, which is then
 * settled; recording->lost says how much is missing. Returns 0, or -1 with err set.
 */
int watch_collect(struct watch *watch, watch_filter filter, void *context,
		  struct recording *recording, struct error *err);

void watch_end(struct watch *watch);

#endif
