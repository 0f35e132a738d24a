// SPDX-License-Identifier: GPL-2.0
/*
 * In a container: makes the same calls by every way into the kernel and from every kind of task.
 * Prints "WAY NAME=RESULT..." for each way; tests/guest/entry.guest knows what is right.
 */
#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/guest/call.h"

#define X32_BIT	      0x40000000ul
#define SIXTH	      0x5a5a5a5aul
#define VSYSCALL_PAGE 0xffffffffff600000ul

/* Numbers on i386, whose header cannot be included beside the other. */
enum {
	I386_SCHED_YIELD = 158,
	I386_SCHED_GET_PRIORITY_MAX = 159,
	I386_SCHED_GET_PRIORITY_MIN = 160,
	I386_FUTEX = 240,
};

static const struct probe {
	const char *name;
	unsigned long number[2]; /* by enum entry */
	unsigned long arguments[6];
} probes[] = {
	{"whole", {SYS_sched_get_priority_max, I386_SCHED_GET_PRIORITY_MAX}, {SCHED_FIFO}},
	{"bare", {SYS_sched_yield, I386_SCHED_YIELD}, {0}},
	{"value", {SYS_sched_get_priority_min, I386_SCHED_GET_PRIORITY_MIN}, {SCHED_FIFO}},
	{"other", {SYS_sched_get_priority_min, I386_SCHED_GET_PRIORITY_MIN}, {SCHED_RR}},
	{"sixth",
	 {SYS_futex, I386_FUTEX},
	 {0, FUTEX_WAKE_BITSET | FUTEX_PRIVATE_FLAG, 0, 0, 0, SIXTH}},
};

#define PROBES (sizeof(probes) / sizeof(probes[0]))

/* What a task that makes the calls gets and leaves behind; may be shared memory. */
struct job {
	enum entry entry;
	unsigned long mask; /* set in every number */
	volatile long results[PROBES];
	volatile bool done;
};

static void *work(void *context)
{
	struct job *job = context;

	for (size_t i = 0; i < PROBES; i++) {
		struct call call = {job->entry, probes[i].number[job->entry] | job->mask, {0}};

		memcpy(call.arguments, probes[i].arguments, sizeof(call.arguments));
		job->results[i] = call_make(&call);
	}
	job->done = true;
	return NULL;
}

static int work_and_leave(void *context)
{
	work(context);
	_exit(0);
}

static void here(struct job *job)
{
	work(job);
}

static void in_thread(struct job *job)
{
	pthread_t thread;

	if (!pthread_create(&thread, NULL, work, job))
		pthread_join(thread, NULL);
}

static void in_fork(struct job *job)
{
	int status;
	pid_t pid = fork();

	if (!pid)
		work_and_leave(job);
	waitpid(pid, &status, 0);
	if (WIFSIGNALED(status))
		printf("# signal %d\n", WTERMSIG(status));
}

static void in_vfork(struct job *job)
{
	pid_t pid = vfork();

	if (!pid)
		work_and_leave(job);
	waitpid(pid, NULL, 0);
}

static void in_clone(struct job *job)
{
	static char stack[65536] __attribute__((aligned(16)));
	pid_t pid = clone(work_and_leave, stack + sizeof(stack), CLONE_VM, job);

	waitpid(pid, NULL, __WALL);
}

static const struct place {
	const char *name;
	void (*run)(struct job *job);
} places[] = {
	{"direct", here},    {"thread", in_thread},  {"fork", in_fork},
	{"vfork", in_vfork}, {"clone-vm", in_clone},
};

static void report(const char *way, const char *where, const struct job *job)
{
	printf("%s.%s", way, where);
	if (!job->done)
		printf(" died");
	for (size_t i = 0; job->done && i < PROBES; i++)
		printf(" %s=%ld", probes[i].name, job->results[i]);
	printf("\n");
}

static void try_everywhere(struct job *job, const char *way, enum entry entry)
{
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		memset(job, 0, sizeof(*job));
		job->entry = entry;
		places[i].run(job);
		report(way, places[i].name, job);
	}
}

/* Bits that the number should not have; seccomp kills for some, so in a child. */
static void try_number(struct job *job, const char *way, enum entry entry, unsigned long mask)
{
	memset(job, 0, sizeof(*job));
	job->entry = entry;
	job->mask = mask;
	in_fork(job);
	report(way, "fork", job);
}

/* SIGSYS: which call, and whether it says that it came through the page. */
static void on_sigsys(int number, siginfo_t *info, void *context)
{
	(void)number;
	(void)context;
	printf(" trap-%d-%s", info->si_syscall,
	       ((unsigned long)info->si_call_addr & ~0xffful) == VSYSCALL_PAGE ? "page" : "other");
}

/* Each in a child: where the page is not there, or the policy says so, it dies. */
static void try_vsyscall(struct job *job, const char *name, unsigned int slot)
{
	long (*volatile function)(void *, void *, void *) = (void *)(VSYSCALL_PAGE + slot * 1024ul);
	long area[4] = {0};
	int status;
	pid_t pid;

	memset(job, 0, sizeof(*job));
	pid = fork();
	if (!pid) {
		const struct sigaction action = {.sa_sigaction = on_sigsys, .sa_flags = SA_SIGINFO};

		sigaction(SIGSYS, &action, NULL);
		job->results[0] = function(area, slot == 1 ? NULL : area + 2, NULL);
		job->done = true;
		_exit(0);
	}
	waitpid(pid, &status, 0);
	if (WIFSIGNALED(status))
		printf(" %s=signal-%d", name, WTERMSIG(status));
	else
		printf(job->results[0] < 1000 ? " %s=%ld" : " %s=good", name, job->results[0]);
}

int main(void)
{
	static const struct rlimit no_core;
	struct job *job =
		mmap(NULL, sizeof(*job), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (job == MAP_FAILED) {
		perror("entry-paths: mmap");
		return 3;
	}
	setrlimit(RLIMIT_CORE, &no_core);
	setvbuf(stdout, NULL, _IONBF, 0);
	try_everywhere(job, "64", ENTRY_64);
	try_everywhere(job, "80", ENTRY_80);
	try_number(job, "64-upper-bits", ENTRY_64, 1ul << 32);
	try_number(job, "64-sign-bits", ENTRY_64, ~0ul << 32);
	try_number(job, "80-upper-bits", ENTRY_80, 1ul << 32);
	try_number(job, "64-x32", ENTRY_64, X32_BIT);
	try_number(job, "80-x32", ENTRY_80, X32_BIT);
	try_number(job, "64-negative", ENTRY_64, 1ul << 31);
	try_number(job, "80-negative", ENTRY_80, 1ul << 31);
	try_number(job, "64-minus-one", ENTRY_64, ~0ul);
	try_number(job, "80-minus-one", ENTRY_80, ~0ul);
	printf("vsyscall");
	try_vsyscall(job, "gettimeofday", 0);
	try_vsyscall(job, "time", 1);
	try_vsyscall(job, "getcpu", 2);
	printf("\n");
	return 0;
}
