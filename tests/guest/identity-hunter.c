// SPDX-License-Identifier: GPL-2.0
/*
 * In a container: tries everything that would give it power over another process there, whose
 * number is the argument. Prints "KEY NAME=RESULT...", the key being the second argument; a result
 * is "had" or the errno.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

static pid_t target;

static long by_open(const char *name, int flags)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/%s", target, name);
	fd = open(path, flags | O_CLOEXEC);
	if (fd >= 0)
		close(fd);
	return fd;
}

static long by_read(const char *name)
{
	char path[64], byte;
	int fd;
	long result;

	snprintf(path, sizeof(path), "/proc/%d/%s", target, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	result = read(fd, &byte, 1);
	close(fd);
	if (result == 0)
		errno = ENODATA;
	return result == 1 ? 0 : -1;
}

static long seize(void)
{
	if (ptrace(PTRACE_SEIZE, target, NULL, NULL))
		return -1;
	ptrace(PTRACE_INTERRUPT, target, NULL, NULL);
	waitpid(target, NULL, __WALL);
	ptrace(PTRACE_DETACH, target, NULL, NULL);
	return 0;
}

/* A detached tracee must not stay stopped. */
static long attach(void)
{
	if (ptrace(PTRACE_ATTACH, target, NULL, NULL))
		return -1;
	waitpid(target, NULL, __WALL);
	ptrace(PTRACE_DETACH, target, NULL, NULL);
	return 0;
}

static long memory(void)
{
	return by_open("mem", O_RDWR);
}

static long maps(void)
{
	return by_read("maps");
}

static long environment(void)
{
	return by_read("environ");
}

static long root(void)
{
	return by_open("root", O_RDONLY | O_DIRECTORY);
}

static long directory(void)
{
	return by_open("cwd", O_RDONLY | O_DIRECTORY);
}

static long program(void)
{
	return by_open("exe", O_RDONLY);
}

static long descriptor(void)
{
	return by_open("fd/1", O_WRONLY);
}

static long namespace(void)
{
	return by_open("ns/mnt", O_RDONLY);
}

/* The address is in nobody's memory: EFAULT says that it was looked for. */
static long vm(long number)
{
	char byte = 0;
	struct iovec local = {&byte, 1}, remote = {(void *)(uintptr_t)8, 1};

	if (syscall(number, target, &local, 1ul, &remote, 1ul, 0ul) < 0 && errno != EFAULT)
		return -1;
	return 0;
}

static long vm_read(void)
{
	return vm(SYS_process_vm_readv);
}

static long vm_write(void)
{
	return vm(SYS_process_vm_writev);
}

static long take_descriptor(void)
{
	const int pidfd = syscall(SYS_pidfd_open, target, 0);
	const long fd = syscall(SYS_pidfd_getfd, pidfd, 1, 0);
	const int error = errno;

	close(pidfd);
	if (fd >= 0)
		close(fd);
	errno = error;
	return fd;
}

static long send_signal(void)
{
	return kill(target, 0);
}

static const struct
try {
	const char *name;
	long (*make)(void);
}
tries[] = {
	{"seize", seize},
	{"attach", attach},
	{"memory", memory},
	{"maps", maps},
	{"environ", environment},
	{"root", root},
	{"cwd", directory},
	{"exe", program},
	{"fd", descriptor},
	{"ns", namespace},
	{"vm-read", vm_read},
	{"vm-write", vm_write},
	{"take-fd", take_descriptor},
	{"signal", send_signal},
};

int main(int argc, char **argv)
{
	if (argc != 3) {
		fprintf(stderr, "usage: identity-hunter PID KEY\n");
		return 2;
	}
	target = atoi(argv[1]);
	printf("%s", argv[2]);
	for (size_t i = 0; i < sizeof(tries) / sizeof(tries[0]); i++) {
		errno = 0;
		if (tries[i].make() < 0)
			printf(" %s=%d", tries[i].name, errno);
		else
			printf(" %s=had", tries[i].name);
	}
	printf("\n");
	return 0;
}
