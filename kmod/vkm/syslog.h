/* SPDX-License-Identifier: GPL-2.0 */
/*
 * syslog(2) on a container's own log: what the kernel's do_syslog() does on its own.
 *
 * Who may: as in Linux with kernel.dmesg_restrict as the host has it, and the log's administrator is
 * whoever is root in the user namespace of the container's PID namespace, or holds CAP_SYSLOG
 * there. The log says nothing about anybody else, so root in there needs no capability for it.
 *
 * Context of all: process; ring must be held by an open file or the caller's bound instance.
 */
#ifndef VKM_SYSLOG_H
#define VKM_SYSLOG_H

#include <linux/compiler_types.h>
#include <linux/types.h>

#include "record.h"

struct vkm_ring;

/* Finds the host's settings. 0, -ENOMEM or -EOPNOTSUPP (the log says what is missing). May sleep. */
int vkm_syslog_start(void);

/* 0, or -EPERM where the current task, which is a container's, may not do this (SYSLOG_ACTION_*). */
int vkm_syslog_may(int type);

/* The call, permission included. May sleep, interruptibly where it waits for a record. */
long vkm_syslog(struct vkm_ring *ring, int type, char __user *buffer, int size);

/* Action 2 without asking who it is: what /proc/kmsg reads. Likewise. */
long vkm_syslog_read(struct vkm_ring *ring, char __user *buffer, int size);

/* Whether it would find something. */
bool vkm_syslog_is_unread(struct vkm_ring *ring);

/* The first record that was not cleared (actions 4 and 5). */
struct vkm_cursor vkm_syslog_cleared(struct vkm_ring *ring);

#endif
