// SPDX-License-Identifier: GPL-2.0
/*
 * A tracer stops its child where it enters getppid and puts another number in place of getppid's.
 * Before Linux 4.8 seccomp had decided by then. The number is put in at three moments: at the stop
 * of the entry, through the 64-bit and the i386 entry, and at the stop of the exit, where -ERESTART
 * makes the kernel take the call as interrupted and enter it again.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#include "scenarios/apart.h"
#include "scenarios/denied.h"

#define I386_GETPPID   64
#define ERESTARTNOINTR 513

struct rewrite {
	const char *name;
	enum entry entry;
	bool again; /* at the stop of the exit */
};

static const struct rewrite rewrites[] = {
	{"at the entry", ENTRY_X86_64, false},
	{"at the entry by int $0x80", ENTRY_I386, false},
	{"into a call that is restarted", ENTRY_X86_64, true},
};

/* The tracee: its one call after the stop is the one that is rewritten. */
static void trace_me(enum entry entry)
{
	static const unsigned long none[6];
	unsigned int number = entry == ENTRY_I386 ? I386_GETPPID : SYS_getppid;

	if (ptrace(PTRACE_TRACEME, 0, NULL, NULL))
		_exit(1);
	alarm(APART_SECONDS);
	raise(SIGSTOP);
	entry_call(entry, number, none);
	_exit(0);
}

static void put_arguments(struct user_regs_struct *regs, enum entry entry,
			  const unsigned long arguments[6])
{
	if (entry == ENTRY_I386) {
		regs->rbx = (unsigned int)arguments[0];
		regs->rcx = (unsigned int)arguments[1];
		regs->rdx = (unsigned int)arguments[2];
		regs->rsi = (unsigned int)arguments[3];
		regs->rdi = (unsigned int)arguments[4];
		regs->rbp = (unsigned int)arguments[5];
		return;
	}
	regs->rdi = arguments[0];
	regs->rsi = arguments[1];
	regs->rdx = arguments[2];
	regs->r10 = arguments[3];
	regs->r8 = arguments[4];
	regs->r9 = arguments[5];
}

/* Lets the child run, with a signal or 0, to its next stop in a call; false: it stopped elsewhere. */
static bool go_on(pid_t pid, int with, int *status)
{
	if (ptrace(PTRACE_SYSCALL, pid, NULL, with))
		return false;
	if (waitpid(pid, status, 0) != pid || !WIFSTOPPED(*status))
		return false;
	return WSTOPSIG(*status) == (SIGTRAP | 0x80);
}

/*
 * In the child after raise(SIGSTOP) there are no more calls but getppid; libc's own are over when
 * the number that is entered is getppid's.
 */
static bool to_getppid(pid_t pid, enum entry entry, int *status)
{
	unsigned long long wanted = entry == ENTRY_I386 ? I386_GETPPID : SYS_getppid;
	struct user_regs_struct regs;

	for (;;) {
		if (!go_on(pid, 0, status) || ptrace(PTRACE_GETREGS, pid, NULL, &regs))
			return false;
		if (regs.orig_rax == wanted)
			return true;
		if (!go_on(pid, 0, status))
			return false;
	}
}

static bool rewrite_at(pid_t pid, const struct rewrite *rewrite, unsigned int number,
		       const unsigned long arguments[6])
{
	struct user_regs_struct regs;

	if (ptrace(PTRACE_GETREGS, pid, NULL, &regs))
		return false;
	put_arguments(&regs, rewrite->entry, arguments);
	regs.orig_rax = number;
	if (rewrite->again)
		regs.rax = -(long)ERESTARTNOINTR;
	return !ptrace(PTRACE_SETREGS, pid, NULL, &regs);
}

/* The signal is what makes the kernel look whether a call has to be restarted. */
static bool restart(pid_t pid, int *status)
{
	if (go_on(pid, SIGCHLD, status) || !WIFSTOPPED(*status) || WSTOPSIG(*status) != SIGCHLD)
		return false;
	return go_on(pid, 0, status);
}

static struct ending ending_of(pid_t pid, enum entry entry, int status)
{
	struct user_regs_struct regs;

	if (WIFSIGNALED(status))
		return (struct ending){ENDING_SIGNAL, WTERMSIG(status)};
	if (WIFEXITED(status))
		return (struct ending){ENDING_EXITED, WEXITSTATUS(status)};
	if (ptrace(PTRACE_GETREGS, pid, NULL, &regs))
		return (struct ending){ENDING_UNMADE, errno};
	return (struct ending){ENDING_RETURNED,
			       entry == ENTRY_I386 ? (int)regs.rax : (long)regs.rax};
}

/* How the call that was put in ended, as the child's registers tell it at the exit's stop. */
static struct ending follow(pid_t pid, const struct rewrite *rewrite, unsigned int number,
			    const unsigned long arguments[6])
{
	const struct ending unmade = {ENDING_UNMADE, EPROTO};
	int status;

	if (waitpid(pid, &status, 0) != pid || !WIFSTOPPED(status) ||
	    ptrace(PTRACE_SETOPTIONS, pid, NULL, PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL) ||
	    !to_getppid(pid, rewrite->entry, &status))
		return unmade;
	if (rewrite->again && !go_on(pid, 0, &status))
		return unmade;
	if (!rewrite_at(pid, rewrite, number, arguments))
		return unmade;
	if (rewrite->again && !restart(pid, &status))
		return unmade;
	go_on(pid, 0, &status);
	return ending_of(pid, rewrite->entry, status);
}

static struct ending make(const struct rewrite *rewrite, unsigned int number,
			  const unsigned long arguments[6])
{
	struct ending ending;
	pid_t pid = fork();

	if (!pid)
		trace_me(rewrite->entry);
	if (pid < 0)
		return (struct ending){ENDING_UNMADE, errno};
	ending = follow(pid, rewrite, number, arguments);
	kill(pid, SIGKILL);
	while (waitpid(pid, NULL, __WALL) < 0 && errno == EINTR)
		;
	return ending;
}

/* The letters of the 64-bit entry, then those of the i386 entry. */
static int arrange(struct scene *scene, struct error *err)
{
	scene->argument = malloc(2 * CALLS_MAX + 1);
	if (!scene->argument)
		return error_set(err, EXIT_ENVIRONMENT, "no memory for a list of system calls");
	if (denied_letters(ENTRY_X86_64, scene->argument, err))
		return -1;
	return denied_letters(ENTRY_I386, scene->argument + CALLS_MAX, err);
}

static void try_rewrite(const struct rewrite *rewrite, unsigned int number, const char *name,
			const unsigned long arguments[6], struct tries *tries)
{
	struct ending ending = make(rewrite, number, arguments);
	char label[96];

	snprintf(label, sizeof(label), "%s %u, %s", name, number, rewrite->name);
	entry_add(tries, label, entry_outcome(&ending), &ending);
}

/* Without the tracer's doing the child's getppid has to be getppid. */
static void try_untouched(const struct rewrite *rewrite, struct tries *tries)
{
	static const unsigned long none[6];
	unsigned int number = rewrite->entry == ENTRY_I386 ? I386_GETPPID : SYS_getppid;
	struct ending ending = make(rewrite, number, none);
	bool same = ending.how == ENDING_RETURNED && ending.value == getpid();
	char label[96];

	snprintf(label, sizeof(label), "getppid, %s", rewrite->name);
	entry_add(tries, label, same ? OUTCOME_WORKS : OUTCOME_FAILS, &ending);
}

static void try_all(const struct rewrite *rewrite, const char *letters, struct tries *tries)
{
	for (unsigned int number = 0; number < CALLS_MAX; number++) {
		const char *name = calls_name(rewrite->entry, number);
		unsigned long arguments[6];
		const char *reason;

		if (letters[number] == 'd' && name && calls_arguments(name, arguments, &reason))
			try_rewrite(rewrite, number, name, arguments, tries);
	}
	try_untouched(rewrite, tries);
}

static void probe(const char *nonce, const char *argument, struct tries *tries)
{
	(void)nonce;
	for (size_t i = 0; i < sizeof(rewrites) / sizeof(*rewrites); i++)
		try_all(&rewrites[i],
			rewrites[i].entry == ENTRY_I386 ? argument + CALLS_MAX : argument, tries);
}

const struct scenario ptrace_rewrites = {
	.name = "ptrace-rewrites",
	.group = "system calls",
	.summary = "have a tracer turn an allowed system call into a denied one",
	.expected = {{"native", VERDICT_LEAKED},
		     {"crun", VERDICT_LEAKED},
		     {"crun-secure", VERDICT_BLOCKED},
		     {"vkernel", VERDICT_BLOCKED}},
	.arrange = arrange,
	.probe = probe,
};
