// SPDX-License-Identifier: GPL-2.0
/*
 * Each call checks its capability before anything else that could fail, or can fail no other
 * way; what it changes is its own process or a file of its own in /tmp.
 */
#include "scenarios/capability-calls.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/bpf.h>
#include <linux/capability.h>
#include <linux/fs.h>
#include <linux/netlink.h>
#include <linux/perf_event.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/klog.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/shm.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/timerfd.h>
#include <sys/timex.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "lib/cleanup.h"

#define OWN   "/tmp/vkernel-probe-capability"
#define OTHER 1 /* a user and group that the probe is not */

static int result(long value)
{
	return value < 0 ? errno : 0;
}

/* A file of user and group `owner`, with this mode. Needs CAP_CHOWN, which is Docker's. */
static int own_file(int owner, mode_t mode)
{
	autoclose int fd = -1;

	unlink(OWN);
	fd = open(OWN, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0 || fchown(fd, owner, owner) || fchmod(fd, mode))
		return -1;
	return 0;
}

static int call_chown(void)
{
	return result(own_file(OTHER, 0600));
}

static int call_open_unreadable(void)
{
	if (own_file(OTHER, 0))
		return errno;
	return result(open(OWN, O_RDWR | O_CLOEXEC));
}

static int call_open_by_handle(void)
{
	char memory[sizeof(struct file_handle) + 8] = {0};
	struct file_handle *handle = (struct file_handle *)memory;
	autoclose int fd = open("/tmp", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	handle->handle_bytes = 8;
	handle->handle_type = 1;
	return result(open_by_handle_at(fd, handle, O_RDONLY));
}

static int call_chmod_other(void)
{
	if (own_file(OTHER, 0600))
		return errno;
	return result(chmod(OWN, 0640));
}

static int call_keep_setgid(void)
{
	struct stat status;

	if (own_file(0, 0600) || chown(OWN, 0, OTHER) || chmod(OWN, 02755) || stat(OWN, &status))
		return errno;
	return status.st_mode & S_ISGID ? 0 : EPERM;
}

/* Runs `attack` on a child of another user; the child waits to be killed. */
static int on_other_user(int (*attack)(pid_t))
{
	int ready[2], number;
	char byte;
	pid_t pid;

	if (pipe2(ready, O_CLOEXEC))
		return errno;
	pid = fork();
	if (!pid) {
		if (setresgid(OTHER, OTHER, OTHER) || setresuid(OTHER, OTHER, OTHER) ||
		    write(ready[1], "", 1) != 1)
			_exit(1);
		for (;;)
			pause();
	}
	if (pid < 0)
		return errno;
	close(ready[1]);
	number = read(ready[0], &byte, 1) == 1 ? attack(pid) : ECHILD;
	close(ready[0]);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	return number;
}

static int signal_zero(pid_t pid)
{
	return result(kill(pid, 0));
}

static int call_kill(void)
{
	return on_other_user(signal_zero);
}

static int call_setgid(void)
{
	return result(setresgid(OTHER, OTHER, OTHER));
}

static int call_setuid(void)
{
	return result(setresuid(OTHER, OTHER, OTHER));
}

static int call_drop_bounding(void)
{
	return result(prctl(PR_CAPBSET_DROP, CAP_NET_RAW));
}

static int call_immutable(void)
{
	autoclose int fd = -1;
	int flags, none, number;

	if (own_file(0, 0600))
		return errno;
	fd = open(OWN, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || ioctl(fd, FS_IOC_GETFLAGS, &flags))
		return errno;
	none = flags;
	flags |= FS_APPEND_FL;
	number = result(ioctl(fd, FS_IOC_SETFLAGS, &flags));
	if (!number)
		ioctl(fd, FS_IOC_SETFLAGS, &none);
	return number;
}

static int call_bind_low(void)
{
	autoclose int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(9)};

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	return result(bind(fd, (struct sockaddr *)&address, sizeof(address)));
}

static int call_force_buffer(void)
{
	autoclose int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	int size = 8192;

	return result(setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)));
}

static int call_raw_socket(void)
{
	return result(socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_ICMP));
}

static int call_mlock(void)
{
	static char page[8192];
	static const struct rlimit none;

	if (setrlimit(RLIMIT_MEMLOCK, &none))
		return errno;
	return result(mlock(page, sizeof(page)));
}

/* The segment is made by another user, who removes it once it has been tried. */
static int call_shm_of_other(void)
{
	volatile int *id =
		mmap(NULL, sizeof(*id), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct shmid_ds status;
	int made[2], done[2], number;
	char byte;
	pid_t pid;

	if (id == MAP_FAILED || pipe2(made, O_CLOEXEC) || pipe2(done, O_CLOEXEC))
		return errno;
	pid = fork();
	if (!pid) {
		close(done[1]);
		if (setresgid(OTHER, OTHER, OTHER) || setresuid(OTHER, OTHER, OTHER))
			_exit(1);
		*id = shmget(IPC_PRIVATE, 4096, 0);
		close(made[1]);
		if (read(done[0], &byte, 1) == 0)
			shmctl(*id, IPC_RMID, NULL);
		_exit(0);
	}
	if (pid < 0)
		return errno;
	close(made[1]);
	if (read(made[0], &byte, 1) != 0)
		return EIO;
	number = *id < 0 ? EIO : result(shmctl(*id, IPC_STAT, &status));
	close(done[1]);
	waitpid(pid, NULL, 0);
	return number;
}

static int call_delete_module(void)
{
	return result(syscall(SYS_delete_module, NULL, 0));
}

static int call_iopl(void)
{
	return result(syscall(SYS_iopl, 3));
}

static int call_chroot(void)
{
	return result(chroot("/"));
}

static int seize(pid_t pid)
{
	return result(ptrace(PTRACE_SEIZE, pid, NULL, NULL));
}

static int call_ptrace(void)
{
	return on_other_user(seize);
}

static int call_acct(void)
{
	return result(acct("/nonexistent/accounting"));
}

static int call_sethostname(void)
{
	return result(syscall(SYS_sethostname, -1, 1));
}

static int call_unshare(void)
{
	return result(unshare(CLONE_NEWUTS));
}

/* Its magic numbers are wrong, which is looked at after the capability. */
static int call_reboot(void)
{
	return result(syscall(SYS_reboot, 0, 0, 0, NULL));
}

static int call_nice(void)
{
	return result(setpriority(PRIO_PROCESS, 0, -1));
}

static int call_raise_limit(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_CORE, &limit))
		return errno;
	limit.rlim_cur = limit.rlim_max = 4096;
	if (setrlimit(RLIMIT_CORE, &limit))
		return errno;
	limit.rlim_max = 8192;
	return result(setrlimit(RLIMIT_CORE, &limit));
}

/* No clock can tick every 0 microseconds. */
static int call_adjtimex(void)
{
	struct timex wrong = {.modes = ADJ_TICK, .tick = 0};

	return result(adjtimex(&wrong));
}

static int call_vhangup(void)
{
	return result(vhangup());
}

static int call_mknod(void)
{
	unlink(OWN);
	return result(mknod(OWN, S_IFCHR | 0600, makedev(1, 3)));
}

static int call_lease(void)
{
	autoclose int fd = -1;

	if (own_file(OTHER, 0644))
		return errno;
	fd = open(OWN, O_RDONLY | O_CLOEXEC);
	return result(fcntl(fd, F_SETLEASE, F_RDLCK));
}

/* Sends a message to the kernel's audit part and returns the errno in its acknowledgement. */
static int audit_request(int type, const void *payload, size_t size)
{
	autoclose int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_AUDIT);
	struct timeval patience = {.tv_sec = 2};
	struct {
		struct nlmsghdr header;
		char payload[64];
	} request = {0};
	struct {
		struct nlmsghdr header;
		struct nlmsgerr error;
		char rest[1024];
	} answer;

	if (fd < 0)
		return errno;
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	memcpy(request.payload, payload, size);
	request.header.nlmsg_len = NLMSG_LENGTH(size);
	request.header.nlmsg_type = type;
	request.header.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK;
	if (send(fd, &request, request.header.nlmsg_len, 0) < 0)
		return errno;
	do {
		if (recv(fd, &answer, sizeof(answer), 0) < 0)
			return errno;
	} while (answer.header.nlmsg_type != NLMSG_ERROR);
	return -answer.error.error;
}

static int call_audit_write(void)
{
	return audit_request(AUDIT_USER, "vkernel probe", sizeof("vkernel probe"));
}

static int call_audit_get(void)
{
	return audit_request(AUDIT_GET, "", 0);
}

static int call_setfcap(void)
{
	struct vfs_cap_data none = {.magic_etc = VFS_CAP_REVISION_2};

	if (own_file(0, 0600))
		return errno;
	return result(setxattr(OWN, "security.capability", &none, XATTR_CAPS_SZ_2, 0));
}

/* A console level of 0 characters is wrong, which is looked at after the capability. */
static int call_syslog(void)
{
	return result(klogctl(8, NULL, 0));
}

static int call_wake_alarm(void)
{
	return result(timerfd_create(CLOCK_REALTIME_ALARM, TFD_CLOEXEC));
}

/* The flag is dropped silently without the capability; the descriptor's description tells. */
static int call_block_suspend(void)
{
	struct epoll_event event = {.events = EPOLLIN | EPOLLWAKEUP};
	autoclose int epoll = epoll_create1(EPOLL_CLOEXEC);
	autofclose FILE *info = NULL;
	char path[64], line[256];
	unsigned int events = 0;
	int ends[2];

	if (epoll < 0 || pipe2(ends, O_CLOEXEC) || epoll_ctl(epoll, EPOLL_CTL_ADD, ends[0], &event))
		return errno;
	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", epoll);
	info = fopen(path, "re");
	if (!info)
		return errno;
	while (fgets(line, sizeof(line), info))
		sscanf(line, "tfd: %*d events: %x", &events);
	return events & EPOLLWAKEUP ? 0 : EPERM;
}

static int call_audit_listen(void)
{
	autoclose int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_AUDIT);
	struct sockaddr_nl address = {.nl_family = AF_NETLINK,
				      .nl_groups = 1u << (AUDIT_NLGRP_READLOG - 1)};

	return result(bind(fd, (struct sockaddr *)&address, sizeof(address)));
}

static int call_perf(void)
{
	struct perf_event_attr attributes = {.type = PERF_TYPE_SOFTWARE,
					     .size = sizeof(attributes),
					     .config = PERF_COUNT_SW_CONTEXT_SWITCHES,
					     .disabled = 1};

	return result(syscall(SYS_perf_event_open, &attributes, 0, -1, -1, PERF_FLAG_FD_CLOEXEC));
}

static int call_bpf(void)
{
	union bpf_attr attributes = {
		.map_type = BPF_MAP_TYPE_HASH, .key_size = 4, .value_size = 4, .max_entries = 1};

	return result(syscall(SYS_bpf, BPF_MAP_CREATE, &attributes, sizeof(attributes)));
}

/* Following a link of map_files needs it; the first mapping is the program's own file. */
static int call_map_files(void)
{
	autofclose FILE *maps = fopen("/proc/self/maps", "re");
	unsigned long start, end;
	char path[96];

	if (!maps || fscanf(maps, "%lx-%lx", &start, &end) != 2)
		return EIO;
	snprintf(path, sizeof(path), "/proc/self/map_files/%lx-%lx", start, end);
	return result(open(path, O_RDONLY | O_CLOEXEC));
}

const struct capability_call capability_calls[] = {
	{CAP_CHOWN, "chown", 0, call_chown},
	{CAP_DAC_OVERRIDE, "open a file of mode 0", EACCES, call_open_unreadable},
	{CAP_DAC_READ_SEARCH, "open_by_handle_at", 0, call_open_by_handle},
	{CAP_FOWNER, "chmod of another's file", 0, call_chmod_other},
	{CAP_FSETID, "keep the set-group-ID bit", 0, call_keep_setgid},
	{CAP_KILL, "signal another user", 0, call_kill},
	{CAP_SETGID, "setresgid", 0, call_setgid},
	{CAP_SETUID, "setresuid", 0, call_setuid},
	{CAP_SETPCAP, "drop from the bounding set", 0, call_drop_bounding},
	{CAP_LINUX_IMMUTABLE, "make a file append-only", 0, call_immutable},
	{CAP_NET_BIND_SERVICE, "bind port 9", EACCES, call_bind_low},
	{CAP_NET_ADMIN, "SO_RCVBUFFORCE", 0, call_force_buffer},
	{CAP_NET_RAW, "raw socket", 0, call_raw_socket},
	{CAP_IPC_LOCK, "mlock beyond the limit", ENOMEM, call_mlock},
	{CAP_IPC_OWNER, "stat another's segment", EACCES, call_shm_of_other},
	{CAP_SYS_MODULE, "delete_module", 0, call_delete_module},
	{CAP_SYS_RAWIO, "iopl", 0, call_iopl},
	{CAP_SYS_CHROOT, "chroot", 0, call_chroot},
	{CAP_SYS_PTRACE, "trace another user", 0, call_ptrace},
	{CAP_SYS_PACCT, "acct", 0, call_acct},
	{CAP_SYS_ADMIN, "sethostname", 0, call_sethostname},
	{CAP_SYS_ADMIN, "unshare", 0, call_unshare},
	{CAP_SYS_BOOT, "reboot", 0, call_reboot},
	{CAP_SYS_NICE, "raise the priority", EACCES, call_nice},
	{CAP_SYS_RESOURCE, "raise a hard limit", 0, call_raise_limit},
	{CAP_SYS_TIME, "adjtimex", 0, call_adjtimex},
	{CAP_SYS_TTY_CONFIG, "vhangup", 0, call_vhangup},
	{CAP_MKNOD, "mknod", 0, call_mknod},
	{CAP_LEASE, "lease on another's file", EACCES, call_lease},
	{CAP_AUDIT_WRITE, "send an audit message", 0, call_audit_write},
	{CAP_AUDIT_CONTROL, "ask for audit's state", 0, call_audit_get},
	{CAP_SETFCAP, "give a file capabilities", 0, call_setfcap},
	{CAP_SYSLOG, "set the console level", 0, call_syslog},
	{CAP_WAKE_ALARM, "make a wake-up timer", 0, call_wake_alarm},
	{CAP_BLOCK_SUSPEND, "EPOLLWAKEUP", 0, call_block_suspend},
	{CAP_AUDIT_READ, "listen to audit", 0, call_audit_listen},
	{CAP_PERFMON, "perf_event_open", EACCES, call_perf},
	{CAP_BPF, "make a BPF map", 0, call_bpf},
	{CAP_CHECKPOINT_RESTORE, "follow map_files", 0, call_map_files},
	{.name = NULL},
};

const char *const capability_on_host_log[] = {"io.vkernel.log", "host", NULL};
