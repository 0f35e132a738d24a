// SPDX-License-Identifier: GPL-2.0
/*
 * In a container, as its init:
 *	stuck stopped|traced|vfork|zombie|leaderless
 *				makes a task that does not run and is not gone, says "ready", and waits
 *	stuck asking		calls getpriority(2) without end; says "open" whenever it works, and
 *				"asked" after each 1000 calls
 *
 * On the host:
 *	stuck trace PID		traces a process, says "ready", and lets go when standard input ends
 *	stuck delete MODULE	delete_module(2), blocking and not; prints both errors; 1: it went away
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static void ready(void)
{
	printf("ready\n");
	fflush(stdout);
}

static void wait_for_ever(void)
{
	for (;;)
		pause();
}

/* Forks; the child runs act and then waits for ever. */
static pid_t child(void (*act)(void))
{
	pid_t pid = fork();

	if (pid < 0) {
		perror("stuck: fork");
		exit(3);
	}
	if (!pid) {
		act();
		wait_for_ever();
	}
	return pid;
}

static void stop_self(void)
{
	raise(SIGSTOP);
}

static void do_nothing(void)
{
}

static int stopped(void)
{
	int status;

	if (waitpid(child(stop_self), &status, WUNTRACED) < 0 || !WIFSTOPPED(status))
		return 3;
	ready();
	return 0;
}

static int traced(void)
{
	pid_t pid = child(do_nothing);

	if (ptrace(PTRACE_SEIZE, pid, NULL, NULL) || ptrace(PTRACE_INTERRUPT, pid, NULL, NULL) ||
	    waitpid(pid, NULL, __WALL) != pid)
		return 3;
	ready();
	return 0;
}

/* The parent sleeps uninterruptibly until its child executes or ends, which it does not. */
static void vfork_and_wait(void)
{
	if (!vfork()) {
		ready();
		wait_for_ever();
	}
}

static int in_vfork(void)
{
	child(vfork_and_wait);
	return 0;
}

static int zombie(void)
{
	siginfo_t info;
	pid_t pid = child(abort);

	if (waitid(P_PID, pid, &info, WEXITED | WNOWAIT))
		return 3;
	ready();
	return 0;
}

static void *stay(void *nothing)
{
	ready();
	wait_for_ever();
	return nothing;
}

/* A process whose first thread has ended: a zombie with a PID and a living thread. */
static void end_first_thread(void)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, stay, NULL))
		exit(3);
	pthread_exit(NULL);
}

static int leaderless(void)
{
	child(end_first_thread);
	return 0;
}

static int asking(void)
{
	int i;

	while (!ferror(stdout)) {
		for (i = 0; i < 1000; i++) {
			errno = 0;
			if (getpriority(PRIO_PROCESS, 0) != -1 || errno != EPERM)
				printf("open\n");
		}
		printf("asked\n");
		fflush(stdout);
		usleep(1000);
	}
	return 3;
}

static const struct {
	const char *name;
	int (*make)(void);
} kinds[] = {
	{"stopped", stopped}, {"traced", traced},	  {"vfork", in_vfork},
	{"zombie", zombie},   {"leaderless", leaderless}, {"asking", asking},
};

static int trace(pid_t pid)
{
	char end;

	if (ptrace(PTRACE_SEIZE, pid, NULL, NULL)) {
		perror("stuck: PTRACE_SEIZE");
		return 3;
	}
	ready();
	while (read(STDIN_FILENO, &end, 1) > 0)
		;
	return 0;
}

static int delete (const char *name)
{
	static const int flags[] = {0, O_NONBLOCK};
	size_t i;

	for (i = 0; i < 2; i++) {
		if (!syscall(SYS_delete_module, name, flags[i])) {
			printf("%s is gone\n", name);
			return 1;
		}
		printf("%s\n", strerrorname_np(errno));
	}
	return 0;
}

int main(int argc, char **argv)
{
	size_t i;

	for (i = 0; argc == 2 && i < sizeof(kinds) / sizeof(*kinds); i++) {
		if (strcmp(argv[1], kinds[i].name))
			continue;
		if (kinds[i].make()) {
			fprintf(stderr, "stuck: cannot make a %s task\n", argv[1]);
			return 3;
		}
		wait_for_ever();
	}
	if (argc == 3 && !strcmp(argv[1], "trace"))
		return trace(atoi(argv[2]));
	if (argc == 3 && !strcmp(argv[1], "delete"))
		return delete (argv[2]);
	fprintf(stderr, "usage: stuck stopped|traced|vfork|zombie|leaderless|asking\n"
			"       stuck trace PID\n"
			"       stuck delete MODULE\n");
	return 2;
}
