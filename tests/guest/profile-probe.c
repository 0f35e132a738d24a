// SPDX-License-Identifier: GPL-2.0
/*
 * What no server does, each with arguments that fail harmlessly where it is reached. A line for
 * each: its name, and the errno by name, or "done".
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/keyctl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

static long open_file(const char *path, int flags)
{
	int fd = open(path, flags | O_CLOEXEC);

	if (fd >= 0)
		close(fd);
	return fd;
}

static long try_ptrace(void)
{
	return ptrace(PTRACE_ATTACH, -1, NULL, NULL); /* ESRCH */
}

static long try_mount(void)
{
	return mount("none", "/nowhere", "nothing", 0, NULL); /* ENOENT */
}

static long try_keyctl(void)
{
	return syscall(SYS_keyctl, -1, 0, 0, 0, 0); /* EOPNOTSUPP */
}

static long try_bpf(void)
{
	return syscall(SYS_bpf, BPF_MAP_LOOKUP_ELEM, NULL, 0); /* EINVAL */
}

static long try_unshare(void)
{
	return unshare(0x40); /* no flag at all: EINVAL */
}

static long try_io_uring(void)
{
	return syscall(SYS_io_uring_setup, 0, NULL); /* EFAULT */
}

static long try_module(void)
{
	return syscall(SYS_finit_module, -1, "", 0); /* EBADF */
}

static long try_namespace(void)
{
	/* CLONE_FS and CLONE_NEWNS exclude each other: EINVAL. */
	return syscall(SYS_clone, CLONE_NEWNS | CLONE_FS | 17, NULL, NULL, NULL, 0);
}

static long try_packets(void)
{
	int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);

	if (fd >= 0)
		close(fd);
	return fd;
}

static long try_terminal(void)
{
	/* TIOCSTI types for another program; there is no terminal: EBADF. */
	return syscall(SYS_ioctl, -1, 0x5412, "");
}

static long try_passwd(void)
{
	return open_file("/etc/passwd", O_WRONLY);
}

static long try_shadow(void)
{
	return open_file("/etc/shadow", O_RDONLY);
}

static long try_program(void)
{
	return open_file("/usr/bin/env", O_WRONLY | O_APPEND);
}

static long try_core_pattern(void)
{
	return open_file("/proc/sys/kernel/core_pattern", O_WRONLY);
}

static const struct {
	const char *name;
	long (*try)(void);
} tries[] = {
	{"ptrace", try_ptrace},	  {"mount", try_mount},
	{"keyctl", try_keyctl},	  {"bpf", try_bpf},
	{"unshare", try_unshare}, {"io_uring", try_io_uring},
	{"module", try_module},	  {"namespace", try_namespace},
	{"packets", try_packets}, {"terminal", try_terminal},
	{"passwd", try_passwd},	  {"shadow", try_shadow},
	{"program", try_program}, {"core_pattern", try_core_pattern},
};

int main(void)
{
	for (size_t i = 0; i < sizeof(tries) / sizeof(tries[0]); i++) {
		long answer = tries[i].try();

		printf("%s %s\n", tries[i].name, answer < 0 ? strerrorname_np(errno) : "done");
	}
	return 0;
}
