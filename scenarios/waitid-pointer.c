// SPDX-License-Identifier: GPL-2.0
/*
 * CVE-2017-5123: waitid wrote its answer to any address that it was given, the kernel's own too.
 * The address here is in a hole of the kernel's half, where nothing is ever mapped.
 */
#include <errno.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "scenarios/entry.h"
#include "scenarios/scenario.h"

#define HOLE	    0xffffe90000000000ul
#define I386_HOLE   0xfffff000ul
#define I386_WAITID 284

static void try_pointer(struct tries *tries, const char *name, enum entry entry,
			unsigned int number, unsigned long pointer)
{
	pid_t pid = fork();
	long value;

	if (!pid)
		_exit(0);
	value = entry_call(entry, number,
			   (unsigned long[6]){P_PID, pid, pointer, WEXITED | WNOWAIT});
	waitpid(pid, NULL, 0);
	if (value == -EFAULT)
		tries_add(tries, name, OUTCOME_MISSING, "EFAULT: the address is checked");
	else
		tries_add_errno(tries, name, value < 0 ? -value : 0, 0);
}

static void probe(const char *nonce, const char *argument, struct tries *tries)
{
	(void)nonce;
	(void)argument;
	try_pointer(tries, "waitid", ENTRY_X86_64, SYS_waitid, HOLE);
	try_pointer(tries, "waitid, int $0x80", ENTRY_I386, I386_WAITID, I386_HOLE);
}

const struct scenario waitid_pointer = {
	.name = "waitid-pointer",
	.group = "system calls",
	.summary = "have waitid write to the kernel's memory",
	.expected = {{"native", VERDICT_UNREACHED},
		     {"crun", VERDICT_UNREACHED},
		     {"crun-secure", VERDICT_UNREACHED},
		     {"vkernel", VERDICT_UNREACHED}},
	.probe = probe,
};
