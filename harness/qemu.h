/* SPDX-License-Identifier: GPL-2.0 */
/* QEMU's command line, as a function of options: no file is touched, nothing is started. */
#ifndef VKERNEL_HARNESS_QEMU_H
#define VKERNEL_HARNESS_QEMU_H

#include "harness/vm.h"

#define QEMU_PROGRAM "qemu-system-x86_64"
#define QEMU_PACKAGE "qemu-system-x86"

struct qemu_options {
	enum accelerator accelerator;
	unsigned int cpus;				/* forced to 1 with ACCELERATOR_ICOUNT */
	unsigned int memory;				/* MiB */
	const char *vmlinuz, *initrd, *drive, *console; /* paths, any bytes */
	const char *append;				/* more kernel command line, or NULL */
	const char *plugin, *records, *functions;	/* as in struct vm_options */
	int terminal; /* the same for the guest's /dev/hvc0; 0: it has none */
	int port;     /* descriptor, in QEMU, of the socket that the agent's port leads to */
};

/* The arguments, NULL-terminated, in one block that the caller frees; NULL without memory. */
char **qemu_arguments(const struct qemu_options *options);

/* The arguments as one line that a shell understands, which the caller frees; NULL without memory. */
char *qemu_command_line(char *const arguments[]);

#endif
