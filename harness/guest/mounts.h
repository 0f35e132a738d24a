/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VKERNEL_HARNESS_GUEST_MOUNTS_H
#define VKERNEL_HARNESS_GUEST_MOUNTS_H

#include "lib/error.h"

/* proc, sys and devtmpfs in the initrd's file system: what loading drivers needs. */
int mount_early(struct error *err);

/* Waits for the root drive, mounts it, takes the early mounts and /vkernel along, makes it "/". */
int enter_root_drive(struct error *err);

/* Everything else that a booted system has. */
int mount_late(struct error *err);

#endif
