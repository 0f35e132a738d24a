/* SPDX-License-Identifier: GPL-2.0 */
/* The options that every command with a guest has: --kernel, --image, --accelerator, --cpus, ... */
#ifndef VKERNEL_HARNESS_GUEST_OPTIONS_H
#define VKERNEL_HARNESS_GUEST_OPTIONS_H

#include <argp.h>
#include <stdbool.h>

#include "harness/accelerator.h"
#include "harness/vm.h"

struct guest_options {
	const char *kernel, *image, *accelerator, *append;
	unsigned int cpus, memory, boot_timeout;
	const char *plugin, *records, *functions; /* not options: what a command wants, or NULL */
	int terminal;				  /* as in struct vm_options; no option sets it */
	/*
	 * No option: something is measured, so that on the instruction clock memory is not cleared at
	 * its allocation, and programs' memory lies at the same places in every boot.
	 */
	bool measures;
};

/* For the children of a command's argp; its input is a struct guest_options, set to defaults here. */
extern const struct argp guest_options_argp;

/* Text as a number between 1 and most; argp_error() (status 2) names option if it is none. */
unsigned int parse_count(struct argp_state *state, const char *option, const char *text,
			 unsigned int most);

/* Text as a percentage from 0 to 1000, as a fraction: 0.01 for "1"; else as parse_count(). */
double parse_percent(struct argp_state *state, const char *option, const char *text);

/*
 * Boots what the options ask for, with console.log in directory; says on standard error which
 * accelerator it took where that was left to it. Otherwise as vm_boot().
 */
int guest_options_boot(const struct guest_options *options, const char *directory,
		       struct accelerator_choice *choice, struct vm **vm, struct error *err);

#endif
