// SPDX-License-Identifier: GPL-2.0
#include "harness/slot.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <sys/file.h>

#include "harness/cache.h"
#include "harness/interrupt.h"
#include "lib/cleanup.h"

#define SLOTS 2

static int try_slot(unsigned int number, struct error *err)
{
	char name[32], path[PATH_MAX];
	autoclose int fd = -1;

	snprintf(name, sizeof(name), "slot-%u.lock", number);
	if (cache_path(name, path, err) < 0)
		return -1;
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
	if (fd < 0)
		return error_set_errno(err, EXIT_ENVIRONMENT, errno, "opening %.500s", path);
	if (flock(fd, LOCK_EX | LOCK_NB) == 0)
		return steal_fd(&fd);
	return error_set_errno(err, EXIT_GOOD, errno, "locking %.500s", path);
}

int slot_take(unsigned int timeout, struct error *err)
{
	struct pollfd wake = {.fd = interrupt_fd(err), .events = POLLIN};

	if (wake.fd < 0)
		return -1;
	for (unsigned int waited = 0; waited <= timeout; waited++) {
		for (unsigned int number = 0; number < SLOTS; number++) {
			int fd = try_slot(number, err);

			if (fd >= 0 || err->status != EXIT_GOOD)
				return fd;
		}
		if (waited == 0)
			fprintf(stderr, "vkbench: %d guests are running on this machine; waiting\n",
				SLOTS);
		poll(&wake, 1, 1000);
		if (interrupted())
			return interrupt_error(err);
	}
	return error_set(err, EXIT_ENVIRONMENT,
			 "%d guests were running on this machine for %u seconds; end one of them",
			 SLOTS, timeout);
}
