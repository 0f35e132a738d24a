// SPDX-License-Identifier: GPL-2.0
/*
 * In a container: what becomes of a task that makes a call with each kind of verdict, in every state
 * that matters. Prints "ENTRY.VERDICT.STATE ENDING"; tests/guest/actions.guest gives the verdicts to
 * the calls, and knows what is right. With arguments ("64" or "80", a verdict, a state) it does that
 * one thing itself: for the container's first process.
 */
#include <linux/audit.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

#include "tests/guest/call.h"

#define I386_SCHED_GET_PRIORITY_MAX 159

static const struct verdict {
	const char *name;
	unsigned long number[2];
	unsigned long argument;
} verdicts[] = {
	{"kill-thread", {SYS_getpgid, 132}, 0},
	{"kill-process", {SYS_umask, 60}, 022},
	{"trap", {SYS_sched_yield, 158}, 0},
	{"log", {SYS_sched_getscheduler, 157}, 0},
	{"errno-0", {SYS_getsid, 147}, 0},
	{"filter-kill-thread", {SYS_sched_get_priority_max, I386_SCHED_GET_PRIORITY_MAX}, 11},
	{"filter-kill-process", {SYS_sched_get_priority_max, I386_SCHED_GET_PRIORITY_MAX}, 12},
	{"filter-trap", {SYS_sched_get_priority_max, I386_SCHED_GET_PRIORITY_MAX}, 13},
	{"filter-log", {SYS_sched_get_priority_max, I386_SCHED_GET_PRIORITY_MAX}, 14},
	{"filter-errno-0", {SYS_sched_get_priority_max, I386_SCHED_GET_PRIORITY_MAX}, 15},
	{"filter-errno-4094", {SYS_sched_get_priority_max, I386_SCHED_GET_PRIORITY_MAX}, 16},
	{"default", {SYS_sched_rr_get_interval, 161}, -1ul}, /* what no rule names */
};

/* Shared between the child that makes the call and the parent that tells of it. */
struct record {
	const struct verdict *verdict;
	enum entry entry;
	volatile bool returned, caught;
	volatile long value;
	volatile int code, error, call;
	volatile unsigned int arch;
	volatile bool address_is_ip;
	volatile long rax;
};

static struct record *record;

static void make(void)
{
	const struct verdict *verdict = record->verdict;
	const struct call call = {
		record->entry, verdict->number[record->entry], {verdict->argument}};

	record->value = call_make(&call);
	record->returned = true;
}

static void *make_in_thread(void *unused)
{
	make();
	return unused;
}

static void pause_ms(long ms)
{
	const struct timespec time = {0, ms * 1000000};

	nanosleep(&time, NULL);
}

static void *outlive(void *unused)
{
	pause_ms(100);
	_exit(7);
	return unused;
}

static void *make_last(void *unused)
{
	pause_ms(50);
	make();
	_exit(7);
	return unused;
}

static void alone(void)
{
	make();
}

static void second_thread(void)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, make_in_thread, NULL))
		_exit(3);
	pthread_join(thread, NULL);
	_exit(7);
}

static void leader(void)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, outlive, NULL))
		_exit(3);
	make();
	pthread_join(thread, NULL);
}

static void last_thread(void)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, make_last, NULL))
		_exit(3);
	syscall(SYS_exit, 0);
}

static void on_sigsys(int number, siginfo_t *info, void *context)
{
	ucontext_t *user = context;
	greg_t *registers = user->uc_mcontext.gregs;

	(void)number;
	record->caught = true;
	record->code = info->si_code;
	record->error = info->si_errno;
	record->call = info->si_syscall;
	record->arch = info->si_arch;
	record->address_is_ip = (greg_t)info->si_call_addr == registers[REG_RIP];
	record->rax = registers[REG_RAX];
	registers[REG_RAX] = 777;
}

static void handle(void)
{
	const struct sigaction action = {.sa_sigaction = on_sigsys, .sa_flags = SA_SIGINFO};

	sigaction(SIGSYS, &action, NULL);
}

static void block(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGSYS);
	sigprocmask(SIG_BLOCK, &set, NULL);
}

static void handled(void)
{
	handle();
	make();
}

static void handled_but_blocked(void)
{
	handle();
	block();
	make();
}

static void blocked(void)
{
	block();
	make();
}

static void ignored(void)
{
	signal(SIGSYS, SIG_IGN);
	make();
}

static void traced(void)
{
	if (ptrace(PTRACE_TRACEME, 0, NULL, NULL))
		_exit(3);
	make();
}

static const struct state {
	const char *name;
	void (*run)(void);
} states[] = {
	{"alone", alone},     {"thread", second_thread},
	{"leader", leader},   {"last", last_thread},
	{"handled", handled}, {"handled-blocked", handled_but_blocked},
	{"blocked", blocked}, {"ignored", ignored},
	{"traced", traced}, /* by a tracer that swallows every signal */
};

static void print_ending(int status)
{
	if (record->caught)
		printf(" caught code=%d errno=%d call=%d arch=%x address=%s rax=%ld", record->code,
		       record->error, record->call, record->arch,
		       record->address_is_ip ? "ip" : "other", record->rax);
	if (record->returned)
		printf(" returned=%ld", record->value);
	if (WIFSIGNALED(status))
		printf(" signal=%d", WTERMSIG(status));
	else if (WEXITSTATUS(status))
		printf(" exit=%d", WEXITSTATUS(status));
	printf("\n");
}

static void try_state(const struct verdict *verdict, enum entry entry, const struct state *state)
{
	int status;
	pid_t pid;

	memset(record, 0, sizeof(*record));
	record->verdict = verdict;
	record->entry = entry;
	printf("%s.%s.%s", entry == ENTRY_80 ? "80" : "64", verdict->name, state->name);
	pid = fork();
	if (!pid) {
		alarm(20);
		state->run();
		_exit(0);
	}
	while (waitpid(pid, &status, 0) == pid && WIFSTOPPED(status)) {
		printf(" stopped=%d", WSTOPSIG(status));
		ptrace(PTRACE_CONT, pid, NULL, NULL);
	}
	print_ending(status);
}

static const struct verdict *find_verdict(const char *name)
{
	for (size_t i = 0; i < sizeof(verdicts) / sizeof(verdicts[0]); i++)
		if (!strcmp(verdicts[i].name, name))
			return &verdicts[i];
	return NULL;
}

/* In this very process. Its exit status is 0 if the call returned in it. */
static int run_here(char **argv)
{
	record->entry = strcmp(argv[1], "80") ? ENTRY_64 : ENTRY_80;
	record->verdict = find_verdict(argv[2]);
	for (size_t i = 0; record->verdict && i < sizeof(states) / sizeof(states[0]); i++)
		if (!strcmp(states[i].name, argv[3])) {
			states[i].run();
			return 0;
		}
	fprintf(stderr, "entry-actions: no such verdict or state\n");
	return 2;
}

static void try_all(const struct verdict *verdict)
{
	for (int entry = ENTRY_64; entry <= ENTRY_80; entry++)
		for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++)
			try_state(verdict, entry, &states[i]);
}

int main(int argc, char **argv)
{
	static const struct rlimit no_core;

	record = mmap(NULL, sizeof(*record), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
		      0);
	if (record == MAP_FAILED) {
		perror("entry-actions: mmap");
		return 3;
	}
	setrlimit(RLIMIT_CORE, &no_core);
	setvbuf(stdout, NULL, _IONBF, 0);
	if (argc == 4)
		return run_here(argv);
	if (argc == 2 && find_verdict(argv[1])) {
		try_all(find_verdict(argv[1]));
		return 0;
	}
	for (size_t i = 0; i < sizeof(verdicts) / sizeof(verdicts[0]); i++)
		if (strcmp(verdicts[i].name, "default"))
			try_all(&verdicts[i]);
	return 0;
}
