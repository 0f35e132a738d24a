/* SPDX-License-Identifier: GPL-2.0 */
/* The rows themselves: the hyphen of a file's name is an underscore here. */
#ifndef VKERNEL_WORKLOADS_TABLE_H
#define VKERNEL_WORKLOADS_TABLE_H

#include "workloads/workload.h"

extern const struct workload hackbench;
extern const struct workload nginx_wrk;
extern const struct workload pwgen;
extern const struct workload startup_oci;
extern const struct workload syscall_allowed;

#endif
