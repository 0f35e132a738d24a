// SPDX-License-Identifier: GPL-2.0
#include "harness/report/published.h"

#include <stddef.h>

#define EARLIER \
	"development document of the virtual-kernel of 2022 (patched Linux 5.7), single bars"
#define SELFTEST "logs of the kernel's seccomp selftest, x86, Linux 6.7 and 6.8"

const struct published published[] = {
	{
		.what = "nginx, ab with 100 clients, requests/s",
		.figures = "virtual-kernel 35,793; runc 37,152; runc with AppArmor 33,195; gVisor "
			   "3,384; Kata 1,408",
		.source = EARLIER,
	},
	{
		.what = "pwgen, 1,024 passwords of 100, ms",
		.figures = "virtual-kernel 763; runc 756; runc with AppArmor 785; Kata 15,466; "
			   "gVisor 19,511",
		.source = EARLIER,
	},
	{
		.what = "futex wake under neighbours' pressure, ms",
		.figures =
			"virtual-kernel 0.005; runc 0.096; runc with AppArmor 0.091; Kata 0.495; "
			"gVisor 0.836",
		.source = EARLIER,
	},
	{
		.what = "LTP, system calls, tests",
		.figures = "1,344 run, 155 skipped, 303 failed; the same with the virtual kernel "
			   "and without",
		.source = EARLIER,
	},
	{
		.what = "seccomp, call answered from the kernel's bitmap, ns a call",
		.figures = "41 to 48",
		.source = SELFTEST,
	},
	{
		.what = "seccomp, three full filters, ns a call",
		.figures = "117",
		.source = SELFTEST,
	},
	{
		.what = "libseccomp, a filter of 306 rules, TSC ticks a call",
		.figures = "1,942 in linear form; 312 as a binary tree; 138 without a filter",
		.source = "libseccomp's notes on its optimisation",
	},
	{
		.what = "macro workloads under seccomp, run time",
		.figures = "×1.14",
		.source = "Draco, MICRO 2020",
	},
	{
		.what = "start of 100 containers one after the other, s",
		.figures = "crun 1.69; runc 3.34",
		.source = "README of crun",
	},
	{
		.what = "Firecracker, boot and memory of a guest",
		.figures = "at most 125 ms; at most 5 MiB",
		.source = "Firecracker's specification",
	},
	{
		.what = "gVisor, memory of an empty container, MB",
		.figures = "23.7; 4.1 without gVisor",
		.source = "gVisor's data of 2019",
	},
	{.what = NULL},
};
