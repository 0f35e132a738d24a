// SPDX-License-Identifier: GPL-2.0
/*
 * In a container: makes a denied call from every kind of task that a container can make. Prints
 * "KEY RESULT"; a result tells what the call returned and in how many PID namespaces below the
 * container's procfs the task was ("depth", 1 for the container's own). With the argument "call" it
 * makes the call itself. tests/guest/identity.guest knows what is right.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define STACK 65536

/* Where a task leaves its result; shared. */
struct report {
	atomic_int ready;
	long value;
	int depth;
};

static struct report *report;

static long denied_call(void)
{
	const long value = syscall(SYS_sched_get_priority_max, SCHED_FIFO);

	return value < 0 ? -errno : value;
}

/* How many numbers this task has, as procfs (the container's) counts. */
static int depth(void)
{
	char line[256];
	int count = 0;
	FILE *file = fopen("/proc/thread-self/status", "r");

	while (file && fgets(line, sizeof(line), file)) {
		if (strncmp(line, "NSpid:", 6))
			continue;
		for (char *word = strtok(line + 6, " \t\n"); word; word = strtok(NULL, " \t\n"))
			count++;
	}
	if (file)
		fclose(file);
	return count;
}

static int make(void *unused)
{
	(void)unused;
	report->depth = depth();
	report->value = denied_call();
	atomic_store(&report->ready, 1);
	return 0;
}

static void make_and_leave(void)
{
	make(NULL);
	_exit(0);
}

static void *make_in_thread(void *unused)
{
	make(NULL);
	return unused;
}

static void pause_ms(long ms)
{
	const struct timespec time = {0, ms * 1000000};

	nanosleep(&time, NULL);
}

static void await_report(void)
{
	for (int tries = 1000; tries && !atomic_load(&report->ready); tries--)
		pause_ms(10);
}

static void here(void)
{
	make(NULL);
}

static void in_thread(void)
{
	pthread_t thread;

	if (!pthread_create(&thread, NULL, make_in_thread, NULL))
		pthread_join(thread, NULL);
}

/* A child whose parent is its creator's. The first process may have none; its child does it then. */
static void with_clone_parent(void)
{
	static char stack[STACK] __attribute__((aligned(16)));

	if (getpid() != 1)
		clone(make, stack + STACK, CLONE_PARENT | SIGCHLD, NULL);
	else if (!fork())
		_exit(clone(make, stack + STACK, CLONE_PARENT | SIGCHLD, NULL) < 0);
}

static void orphaned(void)
{
	const pid_t middle = fork();

	if (middle)
		return;
	if (!fork()) {
		while (getppid() != 1)
			pause_ms(10);
		make_and_leave();
	}
	_exit(0);
}

static void daemonized(void)
{
	if (fork())
		return;
	setsid();
	if (fork())
		_exit(0);
	if (chdir("/"))
		_exit(1);
	make_and_leave();
}

static int nest(void *levels)
{
	static char stack[STACK] __attribute__((aligned(16)));

	if (!levels)
		make_and_leave();
	clone(nest, stack + STACK, CLONE_NEWPID | SIGCHLD, (char *)levels - 1);
	wait(NULL);
	_exit(0);
}

static void nested(long levels)
{
	if (!fork())
		nest((void *)levels);
}

static void nested_once(void)
{
	nested(1);
}

static void nested_twice(void)
{
	nested(2);
}

static void unshared(void)
{
	if (fork())
		return;
	if (unshare(CLONE_NEWPID))
		_exit(1);
	if (!fork())
		make_and_leave();
	wait(NULL);
	_exit(0);
}

static int wait_here(void *unused)
{
	pause();
	return !unused;
}

/* Joins a namespace that a sibling has made, by setns(2), and makes a child in it. */
static void joined(void)
{
	static char stack[STACK] __attribute__((aligned(16)));
	char path[64];
	pid_t target;
	int fd;

	if (fork())
		return;
	target = clone(wait_here, stack + STACK, CLONE_NEWPID | SIGCHLD, NULL);
	snprintf(path, sizeof(path), "/proc/%d/ns/pid", target);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || setns(fd, CLONE_NEWPID))
		_exit(1);
	if (!fork())
		make_and_leave();
	waitpid(-1, NULL, WNOHANG);
	await_report();
	kill(target, SIGKILL);
	_exit(0);
}

static void after_failed_exec(void)
{
	char *const argv[] = {(char *)"none", NULL};

	if (fork())
		return;
	execv("/nonexistent/program", argv);
	execv("/etc/passwd", argv);
	make_and_leave();
}

static void under_ptrace_name(void)
{
	if (fork())
		return;
	prctl(PR_SET_NAME, "crun");
	prctl(PR_SET_DUMPABLE, 0);
	make_and_leave();
}

static const struct way {
	const char *name;
	void (*run)(void);
} ways[] = {
	{"direct", here},
	{"thread", in_thread},
	{"clone-parent", with_clone_parent},
	{"orphan", orphaned},
	{"daemon", daemonized},
	{"nested", nested_once},
	{"nested-twice", nested_twice},
	{"unshared", unshared},
	{"joined", joined},
	{"failed-exec", after_failed_exec},
	{"disguised", under_ptrace_name},
};

static void try_way(const struct way *way)
{
	memset(report, 0, sizeof(*report));
	way->run();
	await_report();
	printf("%s", way->name);
	if (atomic_load(&report->ready))
		printf(" call=%ld depth=%d\n", report->value, report->depth);
	else
		printf(" silent\n");
	while (waitpid(-1, NULL, WNOHANG) > 0)
		;
}

static char self[256];

/* In a child whose program is executed by a thread that is not the leader. */
static void *execute(void *word)
{
	execl(self, "identity-inside", "call", word, NULL);
	_exit(1);
}

static void exec_in_thread(void)
{
	pthread_t thread;
	const pid_t pid = fork();

	if (!pid) {
		pthread_create(&thread, NULL, execute, (void *)"thread-exec");
		pause();
	}
	waitpid(pid, NULL, 0);
}

/*
 * While children of a vfork execute this large program with as many arguments as fit, over and
 * over, a sibling thread makes the call all the time; it counts how often it was reached.
 */
static atomic_bool stop;

struct tally {
	long made, reached;
};

static void count_call(struct tally *tally)
{
	tally->made++;
	tally->reached += denied_call() >= 0;
}

static void *keep_calling(void *tally)
{
	while (!atomic_load(&stop))
		count_call(tally);
	return NULL;
}

static const char *how_often(const struct tally *tally)
{
	if (!tally->reached)
		return "never";
	return tally->reached == tally->made ? "always" : "sometimes";
}

static void exec_slowly(void)
{
	enum { WORDS = 15, LENGTH = 100000, TIMES = 10 };
	char *argv[WORDS + 3] = {(char *)"identity-inside", (char *)"nothing"};
	struct tally siblings = {0}, parents = {0};
	pthread_t thread;
	int good = 0;

	for (int i = 0; i < WORDS; i++) {
		argv[i + 2] = malloc(LENGTH + 1);
		memset(argv[i + 2], 'x', LENGTH);
		argv[i + 2][LENGTH] = '\0';
	}
	if (pthread_create(&thread, NULL, keep_calling, &siblings))
		return;
	for (int i = 0; i < TIMES; i++) {
		int status = 0;
		const pid_t pid = vfork();

		if (!pid) {
			execv(self, argv);
			_exit(1);
		}
		count_call(&parents);
		waitpid(pid, &status, 0);
		good += WIFEXITED(status) && WEXITSTATUS(status) == 42;
	}
	atomic_store(&stop, true);
	pthread_join(thread, NULL);
	printf("slow-exec executed=%d called=%s sibling=%s parent=%s\n", good,
	       siblings.made > 1000 ? "often" : "rarely", how_often(&siblings),
	       how_often(&parents));
	printf("# slow-exec: %ld of %ld calls of the sibling reached\n", siblings.reached,
	       siblings.made);
}

int main(int argc, char **argv)
{
	setvbuf(stdout, NULL, _IONBF, 0);
	if (argc > 1 && !strcmp(argv[1], "nothing"))
		return 42;
	if (argc > 1 && !strcmp(argv[1], "call")) {
		printf("%s call=%ld depth=%d\n", argc > 2 ? argv[2] : "exec", denied_call(),
		       depth());
		return 0;
	}
	report = mmap(NULL, sizeof(*report), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
		      0);
	if (report == MAP_FAILED || readlink("/proc/self/exe", self, sizeof(self) - 1) < 0) {
		perror("identity-inside");
		return 3;
	}
	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++)
		try_way(&ways[i]);
	exec_in_thread();
	exec_slowly();
	return 0;
}
