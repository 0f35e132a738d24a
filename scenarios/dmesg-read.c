// SPDX-License-Identifier: GPL-2.0
/*
 * The host writes lines with a random nonce to its log; a container must find neither them nor
 * anything else of the host's log, nor learn its size, by any way to the log that Linux has.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/klog.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/guest/bundle.h"
#include "lib/cleanup.h"
#include "lib/file.h"
#include "scenarios/kernellog.h"
#include "scenarios/scenario.h"

#define RESTRICT   "/proc/sys/kernel/dmesg_restrict"
#define HOST_LINES 8	      /* more than the reading tries consume; printk allows ten at once */
#define LOG_SIZE   (1u << 22) /* of the buffer read into, larger than any default log */
#define CHUNK	   1024

enum {
	ACTION_READ = 2,
	ACTION_READ_ALL = 3,
	ACTION_READ_CLEAR = 4,
	ACTION_UNREAD = 9,
	ACTION_SIZE = 10
};

static char restriction_before;

static int set_restriction(char value, struct error *err)
{
	autoclose int fd = open(RESTRICT, O_RDWR | O_CLOEXEC);
	char before;

	if (fd < 0 || read(fd, &before, 1) != 1 || pwrite(fd, &value, 1, 0) != 1)
		return error_set_errno(err, EXIT_ENVIRONMENT, errno, "cannot set " RESTRICT);
	if (!restriction_before)
		restriction_before = before;
	return 0;
}

static int arrange(struct scene *scene, char restriction, struct error *err)
{
	if (set_restriction(restriction, err))
		return -1;
	return kernellog_write(scene->nonce, HOST_LINES, err);
}

static int arrange_open(struct scene *scene, struct error *err)
{
	return arrange(scene, '0', err);
}

static int arrange_restricted(struct scene *scene, struct error *err)
{
	return arrange(scene, '1', err);
}

static void restore(struct scene *scene)
{
	struct error unwanted;

	(void)scene;
	if (restriction_before)
		set_restriction(restriction_before, &unwanted);
}

/* One line of what was read, from its middle: the ends may be cut. */
static void keep_sample(struct tries *tries, char *buffer, size_t size)
{
	char *start = memchr(buffer + size / 2, '\n', size - size / 2);
	char *text;

	start = start && start + 40 < buffer + size ? start + 1 : buffer;
	start[strcspn(start, "\n")] = '\0';
	text = strchr(start, start[0] == '<' ? ']' : ';');
	text = text ? text + 1 : start;
	tries_set_text(tries, text + strspn(text, " "));
}

/* Content with the nonce is the host's; of other content inspect() finds out whose it is. */
static void add_content(struct tries *tries, const char *name, const char *nonce, char *buffer,
			ssize_t size)
{
	bool found = memmem(buffer, size, nonce, strlen(nonce));

	tries_add(tries, name, found ? OUTCOME_REACHED : OUTCOME_PRIVATE, "%zd bytes%s", size,
		  found ? " with the host's nonce" : "");
	if (!found && size)
		keep_sample(tries, buffer, size);
}

static void try_content(struct tries *tries, const char *name, int action, const char *nonce,
			char *buffer, size_t limit)
{
	int got = klogctl(action, buffer, limit);

	if (got < 0)
		tries_add_errno(tries, name, errno, 0);
	else
		add_content(tries, name, nonce, buffer, got);
}

static void try_told(struct tries *tries, const char *name, int action)
{
	int told = klogctl(action, NULL, 0);

	if (told < 0)
		tries_add_errno(tries, name, errno, 0);
	else
		tries_add(tries, name, OUTCOME_REACHED, "told %d", told);
}

/* Reads all that there is without waiting; returns the bytes read. */
static size_t drain(int fd, char *buffer, size_t limit)
{
	size_t used = 0;

	while (used < limit) {
		ssize_t got = read(fd, buffer + used, limit - used);

		if (got <= 0 && errno != EPIPE)
			break;
		used += got > 0 ? got : 0;
	}
	return used;
}

static void try_seek(struct tries *tries, const char *name, int fd)
{
	char label[96];

	snprintf(label, sizeof(label), "%s seek", name);
	if (lseek(fd, 0, SEEK_SET) < 0)
		tries_add_errno(tries, label, errno, ESPIPE);
	else
		tries_add(tries, label, OUTCOME_PRIVATE, "it may be read again");
}

/* As seeking, it works on a log of one's own too: what is then read tells whose it is. */
static void try_poll(struct tries *tries, const char *name, int fd)
{
	struct pollfd waiting = {.fd = fd, .events = POLLIN};
	int ready = poll(&waiting, 1, 0);
	char label[96];

	snprintf(label, sizeof(label), "%s poll", name);
	if (ready == 1 && waiting.revents & POLLIN)
		tries_add(tries, label, OUTCOME_PRIVATE, "readable");
	else
		tries_add(tries, label, OUTCOME_REFUSED, "not readable");
}

/* Opening alone tells nothing that a private log would not; what follows does. */
static void try_device(struct tries *tries, const char *name, const char *path, bool seekable,
		       const char *nonce, char *buffer, size_t limit)
{
	autoclose int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	char label[96];

	snprintf(label, sizeof(label), "%s read", name);
	if (fd < 0) {
		/* ENOENT: the container was not given it; EACCES: masked */
		tries_add(tries, label,
			  errno == EPERM || errno == EACCES || errno == ENOENT ? OUTCOME_REFUSED
									       : OUTCOME_REACHED,
			  "open: %s", errno_name(errno));
		snprintf(label, sizeof(label), "%s poll", name);
		tries_add(tries, label, OUTCOME_REFUSED, "not opened");
		snprintf(label, sizeof(label), "%s seek", name);
		if (seekable)
			tries_add(tries, label, OUTCOME_REFUSED, "not opened");
		return;
	}
	try_poll(tries, name, fd);
	if (seekable)
		try_seek(tries, name, fd);
	errno = 0;
	add_content(tries, label, nonce, buffer, drain(fd, buffer, limit));
}

/* A container may make device nodes; whether it may open this one is the question. */
static void try_own_node(struct tries *tries, const char *nonce, char *buffer)
{
	const char *path = "/dev/vkernel-probe-kmsg";

	unlink(path);
	if (mknod(path, S_IFCHR | 0600, makedev(1, 11)))
		tries_add_errno(tries, "own node of /dev/kmsg read", errno, 0);
	else
		try_device(tries, "own node of /dev/kmsg", path, true, nonce, buffer, LOG_SIZE);
	unlink(path);
}

/* SYSLOG_ACTION_READ waits where there is nothing to read, so it is made in a child. */
static void try_waiting_read(struct tries *tries)
{
	char buffer[CHUNK];
	int status, got;
	pid_t pid = fork();

	if (!pid) {
		alarm(3);
		got = klogctl(ACTION_READ, buffer, sizeof(buffer));
		_exit(got > 0 ? 0 : got < 0 ? errno : 255);
	}
	if (pid < 0 || waitpid(pid, &status, 0) < 0)
		tries_add(tries, "syslog 2 read", OUTCOME_BROKEN, "%s", errno_name(errno));
	else if (WIFSIGNALED(status) || WEXITSTATUS(status) == 255)
		tries_add(tries, "syslog 2 read", OUTCOME_PRIVATE, "nothing to read");
	else
		tries_add_errno(tries, "syslog 2 read", WEXITSTATUS(status), 0);
}

/* What reads without consuming goes first, what clears last. */
static void probe(const char *nonce, const char *argument, struct tries *tries)
{
	autofree char *buffer = malloc(LOG_SIZE);

	(void)argument;
	if (!buffer) {
		tries_add(tries, "memory", OUTCOME_BROKEN, "%u bytes", LOG_SIZE);
		return;
	}
	try_told(tries, "syslog 10 size of the buffer", ACTION_SIZE);
	try_told(tries, "syslog 9 size of the unread part", ACTION_UNREAD);
	try_content(tries, "syslog 3 read all", ACTION_READ_ALL, nonce, buffer, LOG_SIZE);
	try_device(tries, "/dev/kmsg", "/dev/kmsg", true, nonce, buffer, LOG_SIZE);
	try_own_node(tries, nonce, buffer);
	try_device(tries, "/proc/kmsg", "/proc/kmsg", false, nonce, buffer, CHUNK);
	try_waiting_read(tries);
	try_content(tries, "syslog 4 read and clear", ACTION_READ_CLEAR, nonce, buffer, LOG_SIZE);
}

/* A figure of a log of one's own is another than the host's, whose unread part only grows. */
static void inspect_told(struct try *one)
{
	int own = 0,
	    host = klogctl(strstr(one->name, "unread") ? ACTION_UNREAD : ACTION_SIZE, NULL, 0);

	if (one->outcome != OUTCOME_REACHED || sscanf(one->detail, "told %d", &own) != 1)
		return;
	if (strstr(one->name, "unread") ? own < host / 2 : own != host)
		tries_correct(one, OUTCOME_PRIVATE, "told another figure than the host's");
}

/* A line that the probe read and that the host's log has too was not private. */
static int inspect(const struct scene *scene, struct tries *tries, struct error *err)
{
	(void)scene;
	for (size_t i = 0; i < tries->count; i++) {
		struct try *one = &tries->list[i];
		int found;

		inspect_told(one);
		if (one->outcome != OUTCOME_PRIVATE || !one->text || !*one->text)
			continue;
		found = kernellog_contains(one->text, err);
		if (found < 0)
			return -1;
		if (found)
			tries_correct(one, OUTCOME_REACHED, "a line of the host's log");
	}
	return 0;
}

static const char *const log_device[] = {"/dev/kmsg", NULL};

static const char *const with_syslog[] = {BUNDLE_CAPABILITIES_BUT_AUDIT_WRITE, "CAP_AUDIT_WRITE",
					  "CAP_SYSLOG", NULL};

const struct scenario dmesg_read = {
	.name = "dmesg-read",
	.group = "kernel log",
	.summary = "read the host's log, on a host with kernel.dmesg_restrict=0",
	.expected = {{"native", VERDICT_LEAKED},
		     {"crun", VERDICT_LEAKED},
		     {"crun-secure", VERDICT_LEAKED},
		     {"vkernel", VERDICT_VIRTUAL}},
	.arrange = arrange_open,
	.probe = probe,
	.inspect = inspect,
	.restore = restore,
};

const struct scenario dmesg_read_restricted = {
	.name = "dmesg-read-restricted",
	.group = "kernel log",
	.summary = "read the host's log, on a host with kernel.dmesg_restrict=1",
	.expected = {{"native", VERDICT_LEAKED},
		     {"crun", VERDICT_BLOCKED},
		     {"crun-secure", VERDICT_BLOCKED},
		     {"vkernel", VERDICT_VIRTUAL}},
	.arrange = arrange_restricted,
	.probe = probe,
	.inspect = inspect,
	.restore = restore,
};

const struct scenario dmesg_read_capable = {
	.name = "dmesg-read-capable",
	.group = "kernel log",
	.summary = "read the host's log, in a container given CAP_SYSLOG and /dev/kmsg",
	.expected = {{"native", VERDICT_LEAKED},
		     {"crun", VERDICT_LEAKED},
		     {"crun-secure", VERDICT_LEAKED},
		     {"vkernel", VERDICT_VIRTUAL}},
	.options = {.capabilities = with_syslog, .devices = log_device},
	.arrange = arrange_restricted,
	.probe = probe,
	.inspect = inspect,
	.restore = restore,
};
