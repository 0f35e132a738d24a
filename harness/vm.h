/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A booted guest, and commands run in it.
 *
 * The guest is QEMU with a kernel, the small initrd and a root drive as a snapshot. The agent in
 * it answers on a virtio-serial port of its own; the serial console is only recorded, in
 * <directory>/console.log: what the kernel prints at level warning and above, oopses included.
 * Every call is bounded in time. At most two guests run at once on a machine, whoever started
 * them: vm_boot() waits for a place.
 * Context: one thread at a time for one vm.
 */
#ifndef VKERNEL_HARNESS_VM_H
#define VKERNEL_HARNESS_VM_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/error.h"

enum clock {
	CLOCK_INSTRUCTIONS, /* one guest nanosecond is one executed instruction (TCG, icount) */
	CLOCK_WALL,	    /* the machine's own time */
};

enum accelerator {
	ACCELERATOR_KVM,
	ACCELERATOR_ICOUNT, /* TCG, one thread, instruction clock */
	ACCELERATOR_MTTCG,  /* TCG, a thread for each processor: functional tests, no figures */
};

struct vm_options {
	const char *kernel;    /* "6.12": a row of vm-images/ */
	const char *image;     /* "guest" (or NULL), "engines" */
	const char *directory; /* where console.log goes; must exist */
	const char *append;    /* more kernel command line, or NULL */
	/* The plugin that attributes instructions, its records, its functions (harness/plugin/), or NULL. */
	const char *plugin, *records, *functions;
	enum accelerator accelerator;
	unsigned int cpus;	   /* forced to 1 with ACCELERATOR_ICOUNT */
	unsigned int memory;	   /* MiB */
	unsigned int boot_timeout; /* host seconds until the agent's hello */
	int terminal; /* socket that becomes the guest's /dev/hvc0, the caller's; 0: there is none */
};

struct vm_hello {
	char kernel[128];	/* uname -r */
	double boot_seconds;	/* host seconds from QEMU's start to the hello */
	uint64_t boot_guest_ns; /* the guest's own CLOCK_MONOTONIC at the hello */
};

struct vm;

/* A line of output of a command, without its newline; stream is 1 or 2. */
typedef void (*vm_output)(void *context, int stream, const char *line);

/*
 * Whether a guest's console can go to folder. Returns 0, or -1 with err set: EXIT_USAGE where it is
 * no folder or may not be written, EXIT_ENVIRONMENT where it has no space. vm_boot() asks by itself.
 */
int vm_check_folder(const char *folder, struct error *err);

/*
 * Starts a guest and waits for its agent. On failure (no hello in time, panic, QEMU's exit) QEMU
 * is gone and err carries the console's last lines. With ACCELERATOR_MTTCG a guest that panics, or
 * whose QEMU fails an assertion, before its hello is told of on standard error and booted once more.
 * The caller owns *vm until vm_stop().
 */
int vm_boot(const struct vm_options *options, struct vm **vm, struct error *err);

/* What the agent said of itself; valid as long as vm. */
const struct vm_hello *vm_hello(const struct vm *vm);

/* The command line QEMU was started with, for env.json; valid as long as vm. */
const char *vm_command_line(const struct vm *vm);

/*
 * Seconds of the host's processors that QEMU has had: on the instruction clock, which never sleeps, as
 * long as it would have taken on a machine with nothing else to do. 0 after the guest's end.
 */
double vm_processor_seconds(const struct vm *vm);

/*
 * Runs argv (NULL-terminated, argv[0] a path or found in the guest's PATH) in the guest as root,
 * at most timeout host seconds, and hands its output on line by line. *status is the exit status,
 * or 128 + signal. Returns -1 with err set where the command could not be run or did not end in
 * time, or where the guest died (err carries the console's tail). The vm is then good for vm_stop()
 * only, except after EXIT_USAGE (argv cannot be sent) and after a timeout: the command has been
 * killed with its process group, and the guest may be used further; where it was beyond that, the
 * next vm_exec() says so at once.
 */
int vm_exec(struct vm *vm, const char *const argv[], unsigned int timeout, vm_output output,
	    void *context, int *status, struct error *err);

/*
 * Copies the host's file source, 16 MiB at most, to target in the guest, with its permission bits.
 * Returns -1 with err set as vm_exec(), or EXIT_USAGE where source cannot be read.
 */
int vm_push(struct vm *vm, const char *source, const char *target, struct error *err);

/* Powers the guest off, kills it where it does not obey, waits for QEMU, frees vm. NULL is fine. */
void vm_stop(struct vm *vm);

/*
 * Asks every vm_boot() and vm_exec() under way, and any later one, to return -1 with
 * EXIT_INTERRUPTED. Async-signal-safe.
 */
void vm_interrupt(void);

#endif
