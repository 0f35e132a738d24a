// SPDX-License-Identifier: GPL-2.0
/*
 * Every number that the profile denies is called through each entry, from the first and from a
 * second thread. Every number that it allows is called once as well: a filter that refuses
 * everything must not pass.
 */
#include <stdio.h>
#include <stdlib.h>

#include "scenarios/denied.h"

static int arrange(struct scene *scene, enum entry entry, struct error *err)
{
	scene->argument = malloc(CALLS_MAX + 1);
	if (!scene->argument)
		return error_set(err, EXIT_ENVIRONMENT, "no memory for a list of system calls");
	return denied_letters(entry, scene->argument, err);
}

static int arrange_x86_64(struct scene *scene, struct error *err)
{
	return arrange(scene, ENTRY_X86_64, err);
}

static int arrange_i386(struct scene *scene, struct error *err)
{
	return arrange(scene, ENTRY_I386, err);
}

static void try_denied(enum entry entry, unsigned int number, const char *name,
		       const unsigned long arguments[6], struct tries *tries)
{
	static const char *const places[] = {"", ", second thread"};

	for (int second = 0; second < 2; second++) {
		struct ending ending = entry_try(entry, number, arguments, second);
		char label[96];

		snprintf(label, sizeof(label), "%s %u%s", name, number, places[second]);
		entry_add(tries, label, entry_outcome(&ending), &ending);
	}
}

/* EPERM may be a capability's answer, so only ENOSYS says that an allowed call is refused. */
static void try_allowed(enum entry entry, unsigned int number, const char *name,
			const unsigned long arguments[6], struct tries *tries)
{
	struct ending ending = entry_try(entry, number, arguments, false);
	enum outcome outcome = entry_outcome(&ending);
	char label[96];

	if (outcome != OUTCOME_MISSING && outcome != OUTCOME_BROKEN)
		outcome = OUTCOME_WORKS;
	snprintf(label, sizeof(label), "%s %u, allowed", name, number);
	entry_add(tries, label, outcome, &ending);
}

static void probe(enum entry entry, const char *argument, struct tries *tries)
{
	for (unsigned int number = 0; argument[number]; number++) {
		const char *name = calls_name(entry, number);
		unsigned long arguments[6];
		const char *reason;

		if (argument[number] == 'c' || !calls_arguments(name, arguments, &reason))
			continue;
		if (argument[number] == 'd')
			try_denied(entry, number, name ? name : "unnamed", arguments, tries);
		else
			try_allowed(entry, number, name ? name : "unnamed", arguments, tries);
	}
}

static void probe_x86_64(const char *nonce, const char *argument, struct tries *tries)
{
	(void)nonce;
	probe(ENTRY_X86_64, argument, tries);
}

static void probe_i386(const char *nonce, const char *argument, struct tries *tries)
{
	(void)nonce;
	probe(ENTRY_I386, argument, tries);
}

static void probe_x32(const char *nonce, const char *argument, struct tries *tries)
{
	(void)nonce;
	probe(ENTRY_X32, argument, tries);
}

const struct scenario syscall_denied = {
	.name = "syscall-denied",
	.group = "system calls",
	.summary = "make a system call that the default profile denies",
	.expected = {{"native", VERDICT_LEAKED},
		     {"crun", VERDICT_LEAKED},
		     {"crun-secure", VERDICT_BLOCKED},
		     {"vkernel", VERDICT_BLOCKED}},
	.arrange = arrange_x86_64,
	.probe = probe_x86_64,
};

const struct scenario syscall_denied_i386 = {
	.name = "syscall-denied-i386",
	.group = "system calls",
	.summary = "the same through the 32-bit entry, int $0x80",
	.expected = {{"native", VERDICT_LEAKED},
		     {"crun", VERDICT_LEAKED},
		     {"crun-secure", VERDICT_BLOCKED},
		     {"vkernel", VERDICT_BLOCKED}},
	.arrange = arrange_i386,
	.probe = probe_i386,
};

/* Debian's kernels have the x32 entry switched off: there is nothing to reach. */
const struct scenario syscall_denied_x32 = {
	.name = "syscall-denied-x32",
	.group = "system calls",
	.summary = "the same through the x32 entry",
	.expected = {{"native", VERDICT_UNREACHED},
		     {"crun", VERDICT_UNREACHED},
		     {"crun-secure", VERDICT_UNREACHED},
		     {"vkernel", VERDICT_UNREACHED}},
	.arrange = arrange_x86_64,
	.probe = probe_x32,
};
