// SPDX-License-Identifier: GPL-2.0
/*
 * Whose a process is must not depend on its parent, its namespace's depth or the way it came: a
 * call that the profile denies is repeated by descendants that were made in every way there is, in
 * a container's own processes and in one that came later by the runtime's `exec`.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/guest/bundle.h"
#include "lib/cleanup.h"
#include "scenarios/apart.h"
#include "scenarios/scenario.h"

#define PATIENCE 3000 /* ms for a descendant's report */

static int reports[2]; /* a pipe: each descendant writes the errno of its call, one byte */

static void make_denied_call(void)
{
	long value = syscall(SYS_getpriority, PRIO_PROCESS, 0);
	unsigned char number = value < 0 ? errno : 0;

	if (write(reports[1], &number, 1) != 1)
		_exit(1);
}

static int in_child(void)
{
	pid_t pid = fork();

	if (!pid) {
		make_denied_call();
		_exit(0);
	}
	if (pid < 0)
		return errno;
	return waitpid(pid, NULL, 0) == pid ? 0 : errno;
}

/* A child by flags of clone(2); it is not waited for. */
static int by_clone(unsigned long flags)
{
	long pid = syscall(SYS_clone, flags, NULL, NULL, NULL, 0);

	if (!pid) {
		make_denied_call();
		_exit(0);
	}
	return pid < 0 ? errno : 0;
}

static int nested(int depth, int flags)
{
	pid_t pid;

	if (unshare(flags | CLONE_NEWPID))
		return errno;
	if (depth == 1)
		return in_child();
	pid = fork();
	if (!pid)
		_exit(nested(depth - 1, flags));
	return pid > 0 && waitpid(pid, NULL, 0) == pid ? 0 : errno;
}

static int in_nested(const void *context)
{
	(void)context;
	return nested(1, 0);
}

static int in_nested_with_user(const void *context)
{
	(void)context;
	return nested(1, CLONE_NEWUSER);
}

static int in_deeply_nested(const void *context)
{
	(void)context;
	return nested(3, 0);
}

static int plainly(const void *context)
{
	(void)context;
	return in_child();
}

static int as_sibling(const void *context)
{
	(void)context;
	return by_clone(CLONE_PARENT | SIGCHLD);
}

static int as_sibling_of_nested(const void *context)
{
	(void)context;
	if (unshare(CLONE_NEWPID))
		return errno;
	return by_clone(CLONE_PARENT | SIGCHLD);
}

static int without_signal(const void *context)
{
	(void)context;
	return by_clone(0);
}

/* Its parent ends at once: it makes the call when it has another. */
static int as_orphan(const void *context)
{
	pid_t parent = getpid();

	(void)context;
	switch (fork()) {
	case -1:
		return errno;
	case 0:
		while (getppid() == parent)
			usleep(1000);
		make_denied_call();
		_exit(0);
	default:
		return 0;
	}
}

static int as_orphan_of_nested(const void *context)
{
	(void)context;
	if (unshare(CLONE_NEWPID))
		return errno;
	return as_orphan(NULL);
}

static int by_vfork(const void *context)
{
	(void)context;
	return by_clone(CLONE_VFORK | CLONE_VM | SIGCHLD);
}

static void *in_thread(void *context)
{
	make_denied_call();
	return context;
}

static int by_thread(const void *context)
{
	pthread_t thread;
	int number = pthread_create(&thread, NULL, in_thread, NULL);

	(void)context;
	if (!number)
		pthread_join(thread, NULL);
	return number;
}

static void in_handler(int signal)
{
	(void)signal;
	make_denied_call();
}

static int in_signal_handler(const void *context)
{
	(void)context;
	signal(SIGUSR1, in_handler);
	return raise(SIGUSR1) ? errno : 0;
}

static int enter_own(const void *context)
{
	autoclose int fd = open("/proc/self/ns/pid", O_RDONLY | O_CLOEXEC);

	(void)context;
	if (fd < 0 || setns(fd, CLONE_NEWPID))
		return errno;
	return in_child();
}

/* A child waits in a namespace of its own; the process enters that and makes another child. */
static int enter_nested_by(int (*enter)(pid_t))
{
	pid_t waiting = syscall(SYS_clone, CLONE_NEWPID | SIGCHLD, NULL, NULL, NULL, 0);
	int number;

	if (!waiting)
		for (;;)
			pause();
	if (waiting < 0)
		return errno;
	number = enter(waiting);
	if (!number)
		number = in_child();
	kill(waiting, SIGKILL);
	return number;
}

static int by_file(pid_t pid)
{
	autoclose int fd = -1;
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/ns/pid", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	return fd < 0 || setns(fd, CLONE_NEWPID) ? errno : 0;
}

static int by_descriptor(pid_t pid)
{
	autoclose int fd = syscall(SYS_pidfd_open, pid, 0);

	return fd < 0 || setns(fd, CLONE_NEWPID | CLONE_NEWUTS) ? errno : 0;
}

static int enter_nested(const void *context)
{
	(void)context;
	return enter_nested_by(by_file);
}

static int enter_nested_by_descriptor(const void *context)
{
	(void)context;
	return enter_nested_by(by_descriptor);
}

static int below_subreaper(const void *context)
{
	(void)context;
	if (prctl(PR_SET_CHILD_SUBREAPER, 1))
		return errno;
	return in_child();
}

static int in_all_namespaces(const void *context)
{
	(void)context;
	return nested(1, CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWNET |
				 CLONE_NEWCGROUP);
}

static const struct way {
	const char *name;
	int (*make)(const void *context);
} ways[] = {
	{"a child", plainly},
	{"a thread", by_thread},
	{"a signal's handler", in_signal_handler},
	{"a vfork child", by_vfork},
	{"a child without a signal", without_signal},
	{"a CLONE_PARENT child", as_sibling},
	{"a CLONE_PARENT child in a nested namespace", as_sibling_of_nested},
	{"an orphan", as_orphan},
	{"the init of a nested namespace, orphaned", as_orphan_of_nested},
	{"a child below a subreaper", below_subreaper},
	{"a nested namespace", in_nested},
	{"a nested namespace in a user namespace", in_nested_with_user},
	{"three nested namespaces", in_deeply_nested},
	{"new namespaces of every kind", in_all_namespaces},
	{"setns into the own namespace", enter_own},
	{"setns into a nested namespace", enter_nested},
	{"setns by a process descriptor", enter_nested_by_descriptor},
};

/* What a descendant reported of its call, or -1: there was no report. */
static int report(void)
{
	struct pollfd waiting = {.fd = reports[0], .events = POLLIN};
	unsigned char number;

	if (poll(&waiting, 1, PATIENCE) != 1 || read(reports[0], &number, 1) != 1)
		return -1;
	return number;
}

static void try_way(const struct way *way, struct tries *tries)
{
	int made = apart(way->make, NULL);
	int number = report();

	if (number < 0)
		tries_add(tries, way->name, OUTCOME_BROKEN, "no descendant: %s",
			  made > 0 ? errno_name(made) : "it said nothing");
	else
		tries_add_errno(tries, way->name, number, 0);
}

/*
 * The probe's own sibling: its parent is outside the container where the probe came by `exec`.
 * A container's first process cannot have one.
 */
static void try_sibling_of_probe(struct tries *tries)
{
	static const char name[] = "a CLONE_PARENT child of the probe itself";
	int number = by_clone(CLONE_PARENT | SIGCHLD);

	if (number == EINVAL && getpid() == 1)
		tries_add(tries, name, OUTCOME_REFUSED, "a namespace's init makes no sibling");
	else if (number)
		tries_add(tries, name, OUTCOME_BROKEN, "%s", errno_name(number));
	else
		tries_add_errno(tries, name, report(), 0);
}

static void probe(const char *nonce, const char *argument, struct tries *tries)
{
	(void)nonce;
	(void)argument;
	if (pipe2(reports, O_CLOEXEC)) {
		tries_add(tries, "a pipe", OUTCOME_BROKEN, "%s", errno_name(errno));
		return;
	}
	for (size_t i = 0; i < sizeof(ways) / sizeof(*ways); i++)
		try_way(&ways[i], tries);
	try_sibling_of_probe(tries);
}

/* Without it there is no namespace to go to but through a user namespace. */
static const char *const capabilities[] = {BUNDLE_CAPABILITIES_BUT_AUDIT_WRITE, "CAP_AUDIT_WRITE",
					   "CAP_SYS_ADMIN", NULL};

#define RULES "[{\"names\":[\"getpriority\"],\"action\":\"SCMP_ACT_ERRNO\",\"errnoRet\":1}]"

const struct scenario namespace_escape = {
	.name = "namespace-escape",
	.group = "identity",
	.summary = "make a denied call from a process that is not the container's child",
	.expected = {{"native", VERDICT_LEAKED},
		     {"crun", VERDICT_LEAKED},
		     {"crun-secure", VERDICT_BLOCKED},
		     {"vkernel", VERDICT_BLOCKED}},
	.options = {.capabilities = capabilities, .seccomp = RULES},
	.probe = probe,
};

const struct scenario namespace_escape_exec = {
	.name = "namespace-escape-exec",
	.group = "identity",
	.summary = "the same, from a process that came into the container by exec",
	.expected = {{"native", VERDICT_LEAKED},
		     {"crun", VERDICT_LEAKED},
		     {"crun-secure", VERDICT_BLOCKED},
		     {"vkernel", VERDICT_BLOCKED}},
	.options = {.capabilities = capabilities, .seccomp = RULES},
	.entered = true,
	.probe = probe,
};
