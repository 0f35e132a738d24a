// SPDX-License-Identifier: GPL-2.0
#include "scenarios/entry.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define X32_BIT 0x40000000u

const int entry_patience = 3;

/* What the child shares with its parent. */
struct slot {
	enum entry entry;
	unsigned int number;
	unsigned long arguments[6];
	volatile bool returned;
	volatile long result;
};

/*
 * The sixth argument travels in ebp, which the compiler needs: it is saved by hand, below the
 * red zone.
 */
static long call_i386(unsigned int number, const unsigned long a[6])
{
	unsigned int sixth = a[5];
	long result = number;

	asm volatile("lea -128(%%rsp), %%rsp\n\t"
		     "push %%rbp\n\t"
		     "mov %[sixth], %%ebp\n\t"
		     "int $0x80\n\t"
		     "pop %%rbp\n\t"
		     "lea 128(%%rsp), %%rsp"
		     : "+a"(result)
		     : "b"((unsigned int)a[0]), "c"((unsigned int)a[1]), "d"((unsigned int)a[2]),
		       "S"((unsigned int)a[3]), "D"((unsigned int)a[4]), [sixth] "r"(sixth)
		     : "r8", "r9", "r10", "r11", "memory", "cc");
	return (int)result;
}

static long call_64(unsigned long number, const unsigned long a[6])
{
	register unsigned long r10 asm("r10") = a[3];
	register unsigned long r8 asm("r8") = a[4];
	register unsigned long r9 asm("r9") = a[5];
	long result = number;

	asm volatile("syscall"
		     : "+a"(result)
		     : "D"(a[0]), "S"(a[1]), "d"(a[2]), "r"(r10), "r"(r8), "r"(r9)
		     : "rcx", "r11", "memory", "cc");
	return result;
}

long entry_call(enum entry entry, unsigned int number, const unsigned long arguments[6])
{
	switch (entry) {
	case ENTRY_I386:
		return call_i386(number, arguments);
	case ENTRY_X32:
		return call_64(number | X32_BIT, arguments);
	default:
		return call_64(number, arguments);
	}
}

static void *make_call(void *context)
{
	struct slot *slot = context;

	slot->result = entry_call(slot->entry, slot->number, slot->arguments);
	slot->returned = true;
	return NULL;
}

static void child(struct slot *slot, bool second_thread)
{
	static const struct rlimit no_core;
	pthread_t thread;

	setsid();
	setrlimit(RLIMIT_CORE, &no_core);
	if (!second_thread)
		make_call(slot);
	else if (!pthread_create(&thread, NULL, make_call, slot))
		pthread_join(thread, NULL);
	_exit(0);
}

/* Waits for the child; one that takes too long is killed. */
static struct ending wait_for(pid_t pid, const struct slot *slot)
{
	struct timespec patience = {.tv_sec = entry_patience};
	bool late = false;
	sigset_t set;
	int status;

	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	while (!waitpid(pid, &status, WNOHANG)) {
		if (sigtimedwait(&set, NULL, &patience) >= 0 || errno == EINTR)
			continue;
		late = true;
		kill(pid, SIGKILL);
		waitpid(pid, &status, 0);
		break;
	}
	if (slot->returned)
		return (struct ending){ENDING_RETURNED, slot->result};
	if (late)
		return (struct ending){ENDING_TIMEOUT, 0};
	if (WIFSIGNALED(status))
		return (struct ending){ENDING_SIGNAL, WTERMSIG(status)};
	return (struct ending){ENDING_EXITED, WEXITSTATUS(status)};
}

struct ending entry_try(enum entry entry, unsigned int number, const unsigned long arguments[6],
			bool second_thread)
{
	struct ending ending;
	struct slot *slot;
	sigset_t set;
	pid_t pid;

	slot = mmap(NULL, sizeof(*slot), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (slot == MAP_FAILED)
		return (struct ending){ENDING_UNMADE, errno};
	slot->entry = entry;
	slot->number = number;
	for (int i = 0; i < 6; i++)
		slot->arguments[i] = arguments[i];
	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigprocmask(SIG_BLOCK, &set, NULL);
	pid = fork();
	if (!pid)
		child(slot, second_thread);
	if (pid < 0)
		ending = (struct ending){ENDING_UNMADE, errno};
	else
		ending = wait_for(pid, slot);
	munmap(slot, sizeof(*slot));
	return ending;
}

static bool is_error(long value)
{
	return value < 0 && value >= -4095;
}

enum outcome entry_outcome(const struct ending *ending)
{
	if (ending->how == ENDING_UNMADE)
		return OUTCOME_BROKEN;
	if (ending->how == ENDING_SIGNAL && ending->value == SIGSYS)
		return OUTCOME_REFUSED;
	if (ending->how != ENDING_RETURNED)
		return OUTCOME_REACHED;
	if (ending->value == -EPERM)
		return OUTCOME_REFUSED;
	return ending->value == -ENOSYS ? OUTCOME_MISSING : OUTCOME_REACHED;
}

void entry_add(struct tries *tries, const char *name, enum outcome outcome,
	       const struct ending *ending)
{
	switch (ending->how) {
	case ENDING_RETURNED:
		tries_add(tries, name, outcome, "%s",
			  errno_name(is_error(ending->value) ? -ending->value : 0));
		break;
	case ENDING_SIGNAL:
		tries_add(tries, name, outcome, "killed by signal %ld", ending->value);
		break;
	case ENDING_EXITED:
		tries_add(tries, name, outcome, "ended with status %ld", ending->value);
		break;
	case ENDING_TIMEOUT:
		tries_add(tries, name, outcome, "had not returned after %d s", entry_patience);
		break;
	case ENDING_UNMADE:
		tries_add(tries, name, OUTCOME_BROKEN, "no child process: %s",
			  errno_name(ending->value));
		break;
	}
}
