// SPDX-License-Identifier: GPL-2.0
/*
 * System calls that the profile allows with some arguments only: personality always, socket in
 * a container without CAP_AUDIT_WRITE. The values beside the forbidden ones have to work.
 */
#include <errno.h>
#include <linux/netlink.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "harness/guest/bundle.h"
#include "scenarios/entry.h"
#include "scenarios/scenario.h"

static const char *const capabilities[] = {BUNDLE_CAPABILITIES_BUT_AUDIT_WRITE, NULL};

static const struct row {
	const char *name;
	bool allowed;
	int refusal; /* the errno that means refused, beside EPERM and ENOSYS */
	unsigned int number;
	unsigned long arguments[6];
} rows[] = {
	{"personality(PER_LINUX)", true, 0, SYS_personality, {0}},
	{"personality(PER_LINUX32)", true, 0, SYS_personality, {8}},
	{"personality(UNAME26)", true, 0, SYS_personality, {0x20000}},
	{"personality(UNAME26 | PER_LINUX32)", true, 0, SYS_personality, {0x20008}},
	{"personality(query)", true, 0, SYS_personality, {0xffffffff}},
	{"personality(ADDR_NO_RANDOMIZE)", false, 0, SYS_personality, {0x40000}},
	{"personality(READ_IMPLIES_EXEC)", false, 0, SYS_personality, {0x400000}},
	{"personality(PER_LINUX with a high bit)", false, 0, SYS_personality, {1ul << 32}},
	{"socket(AF_NETLINK, NETLINK_AUDIT)",
	 false,
	 EINVAL,
	 SYS_socket,
	 {AF_NETLINK, SOCK_RAW, NETLINK_AUDIT}},
	{"socket(AF_NETLINK, NETLINK_ROUTE)",
	 true,
	 0,
	 SYS_socket,
	 {AF_NETLINK, SOCK_RAW, NETLINK_ROUTE}},
	{"socket(AF_INET, SOCK_DGRAM)", true, 0, SYS_socket, {AF_INET, SOCK_DGRAM, 0}},
	{"socket(AF_UNIX, SOCK_STREAM)", true, 0, SYS_socket, {AF_UNIX, SOCK_STREAM, 0}},
};

static void try_row(const struct row *row, struct tries *tries)
{
	struct ending ending = entry_try(ENTRY_X86_64, row->number, row->arguments, false);
	enum outcome outcome = entry_outcome(&ending);
	bool returned = ending.how == ENDING_RETURNED;

	if (row->allowed)
		outcome = returned && ending.value >= 0 ? OUTCOME_WORKS : OUTCOME_FAILS;
	else if (returned && row->refusal && ending.value == -row->refusal)
		outcome = OUTCOME_REFUSED;
	entry_add(tries, row->name, outcome, &ending);
}

static void *nothing(void *context)
{
	return context;
}

static void try_threads(struct tries *tries)
{
	pthread_t thread;
	int number = pthread_create(&thread, NULL, nothing, NULL);

	if (!number)
		pthread_join(thread, NULL);
	tries_add_must(tries, "pthread_create", number);
}

static void probe(const char *nonce, const char *argument, struct tries *tries)
{
	(void)nonce;
	(void)argument;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		try_row(&rows[i], tries);
	try_threads(tries);
}

const struct scenario syscall_arguments = {
	.name = "syscall-arguments",
	.group = "system calls",
	.summary = "make an allowed system call with an argument that the profile forbids",
	.expected = {{"native", VERDICT_LEAKED},
		     {"crun", VERDICT_LEAKED},
		     {"crun-secure", VERDICT_BLOCKED},
		     {"vkernel", VERDICT_BLOCKED}},
	.options = {.capabilities = capabilities},
	.probe = probe,
};
