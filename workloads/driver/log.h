/* SPDX-License-Identifier: GPL-2.0 */
/* Reading the kernel's log, the host's or the container's own: `vkdrive log`. */
#ifndef VKERNEL_WORKLOADS_DRIVER_LOG_H
#define VKERNEL_WORKLOADS_DRIVER_LOG_H

#include "lib/error.h"

/*
 * Clears the log, writes lines to /dev/kmsg, and reads them again and again, with read(2) from the
 * device, one record each, or all at once with syslog(2): the processor's time of this thread, an
 * operation being a line. A batch is thrown away, the others are timed, with a line printed for
 * each. arguments: device|all BATCHES LINES; a batch reads at least LINES. Returns 0, or -1 with err
 * set (EXIT_FINDING: the log cannot be used so, or lines are missing).
 */
int drive_log(char *const arguments[], int count, struct error *err);

#endif
