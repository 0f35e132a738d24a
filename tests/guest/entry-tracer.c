// SPDX-License-Identifier: GPL-2.0
/*
 * In a container: a tracer changes a call at the stop before it is made. Prints "WAY NAME=RESULT...":
 * what the traced task got. tests/guest/entry.guest knows what is right.
 */
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/guest/call.h"

#define MARK 0x7ac3ul /* sixth argument of the call to change; no call made here looks at it */

enum number { GETPPID, GETTID, MAX, MIN, NOTHING, NUMBERS };

static const unsigned long numbers[NUMBERS][2] = {
	[GETPPID] = {SYS_getppid, 64},
	[GETTID] = {SYS_gettid, 224},
	[MAX] = {SYS_sched_get_priority_max, 159},
	[MIN] = {SYS_sched_get_priority_min, 160},
	[NOTHING] = {-1ul, -1ul},
};

#define LEFT_BY_TRACER 4321

static const struct change {
	const char *name;
	enum number from, to;
	unsigned long argument_from, argument_to;
	enum __ptrace_request resume;
} changes[] = {
	{"untouched", GETPPID, GETPPID, 0, 0, PTRACE_SYSCALL},
	{"into-denied", GETPPID, MAX, 0, SCHED_FIFO, PTRACE_SYSCALL},
	{"into-allowed", MAX, MIN, SCHED_FIFO, SCHED_RR, PTRACE_SYSCALL},
	{"argument-into-denied", MIN, MIN, SCHED_OTHER, SCHED_FIFO, PTRACE_SYSCALL},
	{"argument-into-allowed", MIN, MIN, SCHED_FIFO, SCHED_OTHER, PTRACE_SYSCALL},
	{"into-denied-value", GETPPID, MIN, 0, SCHED_FIFO, PTRACE_SYSCALL},
	{"skipped", MAX, NOTHING, SCHED_FIFO, 0, PTRACE_SYSCALL},
	{"emulated", MAX, MAX, SCHED_FIFO, SCHED_FIFO, PTRACE_SYSEMU},
};

static void tracee(const struct change *change, enum entry entry, volatile long *result)
{
	const struct call call = {
		entry, numbers[change->from][entry], {change->argument_from, 0, 0, 0, 0, MARK}};

	if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) || raise(SIGSTOP))
		_exit(3);
	*result = call_make(&call);
	_exit(0);
}

static bool is_marked(const struct user_regs_struct *regs, enum entry entry)
{
	return (entry == ENTRY_80 ? regs->rbp : regs->r9) == MARK;
}

static void apply(const struct change *change, enum entry entry, pid_t pid,
		  struct user_regs_struct *regs)
{
	regs->orig_rax = numbers[change->to][entry];
	if (entry == ENTRY_80)
		regs->rbx = change->argument_to;
	else
		regs->rdi = change->argument_to;
	if (change->to == NOTHING || change->resume == PTRACE_SYSEMU)
		regs->rax = LEFT_BY_TRACER;
	ptrace(PTRACE_SETREGS, pid, NULL, regs);
}

/* Runs the tracee to its end; the marked call is changed at its entry. False: it was not met. */
static bool trace(const struct change *change, enum entry entry, pid_t pid)
{
	struct user_regs_struct regs;
	bool met = false;
	int status;

	while (waitpid(pid, &status, __WALL) == pid && WIFSTOPPED(status)) {
		if (WSTOPSIG(status) == SIGSTOP)
			ptrace(PTRACE_SETOPTIONS, pid, NULL,
			       PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL);
		ptrace(PTRACE_GETREGS, pid, NULL, &regs);
		if (!met && WSTOPSIG(status) == (SIGTRAP | 0x80) && is_marked(&regs, entry)) {
			apply(change, entry, pid, &regs);
			met = true;
			ptrace(change->resume == PTRACE_SYSEMU ? PTRACE_CONT : PTRACE_SYSCALL, pid,
			       NULL, NULL);
			continue;
		}
		ptrace(met ? PTRACE_CONT : change->resume, pid, NULL, NULL);
	}
	if (WIFSIGNALED(status))
		printf(" %s=signal-%d", change->name, WTERMSIG(status));
	return met && WIFEXITED(status) && !WEXITSTATUS(status);
}

static void try_change(const struct change *change, enum entry entry, volatile long *result)
{
	pid_t pid = fork();

	if (!pid)
		tracee(change, entry, result);
	if (!trace(change, entry, pid))
		return;
	if (change->from == GETPPID && *result == getpid())
		printf(" %s=parent", change->name);
	else
		printf(" %s=%ld", change->name, *result);
}

int main(void)
{
	static const char *const ways[] = {[ENTRY_64] = "64.traced", [ENTRY_80] = "80.traced"};
	volatile long *result = mmap(NULL, sizeof(*result), PROT_READ | PROT_WRITE,
				     MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (result == MAP_FAILED) {
		perror("entry-tracer: mmap");
		return 3;
	}
	setvbuf(stdout, NULL, _IONBF, 0);
	for (int entry = ENTRY_64; entry <= ENTRY_80; entry++) {
		printf("%s", ways[entry]);
		for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++)
			try_change(&changes[i], entry, result);
		printf("\n");
	}
	return 0;
}
