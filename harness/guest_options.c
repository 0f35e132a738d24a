// SPDX-License-Identifier: GPL-2.0
#include "harness/guest_options.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/cleanup.h"

/* Several times what this takes on a slow machine without KVM. */
#define BOOT_TIMEOUT 120

/*
 * One processor where it is emulated, unless more are asked for. With two under QEMU 7.2 a guest
 * has panicked twice in the middle of an instruction that the kernel patches: once in a stock
 * guest's boot, once while ftrace hooks were removed. It looks like a stale translation of code
 * that the other processor had patched; that is not proven.
 */
#define CPUS_KVM      2
#define CPUS_EMULATED 1

enum { KEY_APPEND = 0x100, KEY_MEMORY, KEY_BOOT_TIMEOUT };

static const struct argp_option options[] = {
	{.name = "kernel", .key = 'k', .arg = "K", .doc = "the guest's kernel (6.12)"},
	{.name = "image",
	 .key = 'i',
	 .arg = "NAME",
	 .doc = "the guest's drive: guest, or engines, with Docker and servers (guest)"},
	{.name = "accelerator",
	 .key = 'a',
	 .arg = "A",
	 .doc = "auto, kvm, icount or mttcg (auto: kvm where it works, else icount)"},
	{.name = "cpus", .key = 'c', .arg = "N", .doc = "the guest's processors (kvm: 2, else 1)"},
	{.name = "memory", .key = KEY_MEMORY, .arg = "MIB", .doc = "the guest's memory (2048)"},
	{.name = "boot-timeout",
	 .key = KEY_BOOT_TIMEOUT,
	 .arg = "S",
	 .doc = "seconds for the guest to come up (120)"},
	{.name = "append", .key = KEY_APPEND, .arg = "TEXT", .doc = "more kernel command line"},
	{0},
};

unsigned int parse_count(struct argp_state *state, const char *option, const char *text,
			 unsigned int most)
{
	char *end;
	unsigned long value;

	errno = 0;
	value = strtoul(text, &end, 10);
	if (errno || end == text || *end || *text == '-' || value < 1 || value > most)
		argp_error(state, "--%s takes a number from 1 to %u, not '%s'", option, most, text);
	return (unsigned int)value;
}

double parse_percent(struct argp_state *state, const char *option, const char *text)
{
	char *end;
	double value = strtod(text, &end);

	if (end == text || *end || !(value >= 0 && value <= 1000))
		argp_error(state, "--%s takes a percentage from 0 to 1000, not '%s'", option, text);
	return value / 100;
}

static error_t parse(int key, char *arg, struct argp_state *state)
{
	struct guest_options *values = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		*values = (struct guest_options){
			.kernel = "6.12",
			.image = "guest",
			.accelerator = "auto",
			.memory = 2048,
			.boot_timeout = BOOT_TIMEOUT,
		};
		return 0;
	case 'k':
		values->kernel = arg;
		return 0;
	case 'i':
		values->image = arg;
		return 0;
	case 'a':
		values->accelerator = arg;
		return 0;
	case 'c':
		values->cpus = parse_count(state, "cpus", arg, 64);
		return 0;
	case KEY_MEMORY:
		values->memory = parse_count(state, "memory", arg, 65536);
		return 0;
	case KEY_BOOT_TIMEOUT:
		values->boot_timeout = parse_count(state, "boot-timeout", arg, 86400);
		return 0;
	case KEY_APPEND:
		values->append = arg;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

const struct argp guest_options_argp = {.options = options, .parser = parse};

/*
 * The instruction clock counts each step of a `rep stos`, which a processor does many of at once:
 * clearing memory at its allocation would weigh thousands of instructions that cost it little. And
 * where a program's memory lies decides how many pages its page table has, which a fork copies.
 */
#define REPEATABLE "init_on_alloc=0 norandmaps"

static int command_line(const struct guest_options *values, enum accelerator accelerator,
			char **append, struct error *err)
{
	bool repeatable = values->measures && accelerator_clock(accelerator) == CLOCK_INSTRUCTIONS;

	if (asprintf(append, "%s%s%s", repeatable ? REPEATABLE : "", values->append ? " " : "",
		     values->append ? values->append : "") >= 0)
		return 0;
	*append = NULL;
	return error_set(err, EXIT_ENVIRONMENT, "no memory for the kernel's command line");
}

int guest_options_boot(const struct guest_options *values, const char *directory,
		       struct accelerator_choice *choice, struct vm **vm, struct error *err)
{
	struct vm_options boot = {
		.kernel = values->kernel,
		.image = values->image,
		.directory = directory,
		.cpus = values->cpus,
		.memory = values->memory,
		.boot_timeout = values->boot_timeout,
		.plugin = values->plugin,
		.records = values->records,
		.functions = values->functions,
		.terminal = values->terminal,
	};

	autofree char *append = NULL;

	if (accelerator_choose(values->accelerator, values->kernel, choice, err) < 0 ||
	    command_line(values, choice->accelerator, &append, err))
		return -1;
	boot.append = append;
	if (strcmp(values->accelerator, "auto") == 0)
		fprintf(stderr, "vkbench: accelerator %s: %s\n",
			accelerator_name(choice->accelerator), choice->reason);
	boot.accelerator = choice->accelerator;
	if (!boot.cpus)
		boot.cpus = boot.accelerator == ACCELERATOR_KVM ? CPUS_KVM : CPUS_EMULATED;
	return vm_boot(&boot, vm, err);
}
