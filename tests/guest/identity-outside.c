// SPDX-License-Identifier: GPL-2.0
/*
 * On the host: comes into a container as a runtime does, by setns(2) and fork(2), and tells how a
 * call that the container is denied fares before and after it executes a program.
 *
 *	identity-outside enter PID	prints "KEY call=RESULT" for each step
 *	identity-outside hold PID	prints its number in the container; stays without executing
 *					until SIGUSR1, then executes a program that sleeps
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static char self[256];

static long denied_call(void)
{
	const long value = syscall(SYS_sched_get_priority_max, SCHED_FIFO);

	return value < 0 ? -errno : value;
}

static void tell(const char *key)
{
	printf("%s call=%ld\n", key, denied_call());
}

/* From here on this process' children are in the namespace of process `pid`. */
static int join(const char *pid)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/proc/%s/ns/pid", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || setns(fd, CLONE_NEWPID)) {
		perror(path);
		return -1;
	}
	close(fd);
	return 0;
}

static void execute(const char *key)
{
	execl(self, "identity-outside", "call", key, NULL);
	_exit(1);
}

static void *tell_in_thread(void *key)
{
	tell(key);
	return NULL;
}

static void *execute_in_thread(void *key)
{
	execute(key);
	return NULL;
}

static void before_exec(void)
{
	pthread_t thread;
	char *const argv[] = {(char *)"none", NULL};

	tell("entered");
	if (!pthread_create(&thread, NULL, tell_in_thread, (void *)"entered-thread"))
		pthread_join(thread, NULL);
	execv("/nonexistent/program", argv);
	tell("entered-failed-exec");
	if (!fork()) {
		tell("entered-child");
		execute("entered-child-executed");
	}
	wait(NULL);
	if (!vfork())
		execute("entered-vfork-executed");
	wait(NULL);
	execute("entered-executed");
}

static void exec_by_thread(void)
{
	pthread_t thread;

	pthread_create(&thread, NULL, execute_in_thread, (void *)"entered-thread-executed");
	pause();
}

static void in_child(void (*run)(void))
{
	const pid_t pid = fork();

	if (!pid) {
		run();
		_exit(0);
	}
	waitpid(pid, NULL, 0);
}

static int enter(const char *pid)
{
	tell("outside");
	if (join(pid))
		return 3;
	tell("outside-joined");
	in_child(before_exec);
	in_child(exec_by_thread);
	return 0;
}

static void on_signal(int number)
{
	(void)number;
}

static void held(void)
{
	signal(SIGUSR1, on_signal);
	printf("held %d\n", getpid());
	pause();
	execl(self, "identity-outside", "sleep", NULL);
}

static int hold(const char *pid)
{
	if (join(pid))
		return 3;
	in_child(held);
	return 0;
}

int main(int argc, char **argv)
{
	setvbuf(stdout, NULL, _IONBF, 0);
	if (argc == 2 && !strcmp(argv[1], "sleep"))
		return pause();
	if (argc == 3 && !strcmp(argv[1], "call")) {
		tell(argv[2]);
		return 0;
	}
	if (readlink("/proc/self/exe", self, sizeof(self) - 1) < 0) {
		perror("identity-outside: /proc/self/exe");
		return 3;
	}
	if (argc == 3 && !strcmp(argv[1], "enter"))
		return enter(argv[2]);
	if (argc == 3 && !strcmp(argv[1], "hold"))
		return hold(argv[2]);
	fprintf(stderr, "usage: identity-outside enter|hold PID\n");
	return 2;
}
