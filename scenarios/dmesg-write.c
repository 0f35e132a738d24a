// SPDX-License-Identifier: GPL-2.0
/* A container writes a line with its nonce; the host looks for it in its own log. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "lib/cleanup.h"
#include "scenarios/kernellog.h"
#include "scenarios/scenario.h"

static void try_write(struct tries *tries, const char *name, const char *path, const char *nonce)
{
	autoclose int fd = open(path, O_WRONLY | O_CLOEXEC);
	char line[128];
	int length;

	if (fd < 0) {
		tries_add_errno(tries, name, errno, errno == EACCES ? EACCES : ENOENT);
		return;
	}
	/* without its newline a record stays open, and unseen, until the next one */
	length = snprintf(line, sizeof(line), "%s forged by %s\n", nonce, name);
	if (write(fd, line, length) != length) {
		tries_add_errno(tries, name, errno, 0);
		return;
	}
	tries_add(tries, name, OUTCOME_PRIVATE, "written, not seen by the host");
	line[length - 1] = '\0';
	tries_set_text(tries, line);
}

static void probe(const char *nonce, const char *argument, struct tries *tries)
{
	const char *own = "/dev/vkernel-probe-kmsg";

	(void)argument;
	try_write(tries, "/dev/kmsg", "/dev/kmsg", nonce);
	unlink(own);
	if (mknod(own, S_IFCHR | 0600, makedev(1, 11)))
		tries_add_errno(tries, "own node", errno, 0);
	else
		try_write(tries, "own node", own, nonce);
	unlink(own);
}

static int inspect(const struct scene *scene, struct tries *tries, struct error *err)
{
	(void)scene;
	for (size_t i = 0; i < tries->count; i++) {
		struct try *one = &tries->list[i];
		int found = one->text ? kernellog_contains(one->text, err) : 0;

		if (found < 0)
			return -1;
		if (!found)
			continue;
		tries_correct(one, OUTCOME_REACHED, "seen by the host");
	}
	return 0;
}

static const char *const log_device[] = {"/dev/kmsg", NULL};

const struct scenario dmesg_write = {
	.name = "dmesg-write",
	.group = "kernel log",
	.summary = "forge a line in the host's log",
	.expected = {{"native", VERDICT_LEAKED},
		     {"crun", VERDICT_BLOCKED},
		     {"crun-secure", VERDICT_BLOCKED},
		     {"vkernel", VERDICT_BLOCKED}},
	.probe = probe,
	.inspect = inspect,
};

const struct scenario dmesg_write_device = {
	.name = "dmesg-write-device",
	.group = "kernel log",
	.summary = "forge a line in the host's log, in a container given /dev/kmsg",
	.expected = {{"native", VERDICT_LEAKED},
		     {"crun", VERDICT_LEAKED},
		     {"crun-secure", VERDICT_LEAKED},
		     {"vkernel", VERDICT_VIRTUAL}},
	.options = {.devices = log_device},
	.probe = probe,
	.inspect = inspect,
};
