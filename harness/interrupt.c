// SPDX-License-Identifier: GPL-2.0
#include "harness/interrupt.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "harness/vm.h"

static atomic_bool asked;
static atomic_int wake_fd = -1;

static void wake(int fd)
{
	const uint64_t one = 1;
	int kept = errno;

	if (fd >= 0 && write(fd, &one, sizeof(one)) < 0)
		errno = 0; /* the counter is full: readable all the same */
	errno = kept;
}

void vm_interrupt(void)
{
	asked = true;
	wake(wake_fd);
}

int interrupt_fd(struct error *err)
{
	if (wake_fd < 0) {
		int fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);

		if (fd < 0)
			return error_set_errno(err, EXIT_ENVIRONMENT, errno, "making an eventfd");
		wake_fd = fd;
		if (asked)
			wake(fd);
	}
	return wake_fd;
}

bool interrupted(void)
{
	return asked;
}

int interrupt_error(struct error *err)
{
	return error_set(err, EXIT_INTERRUPTED, "interrupted");
}
