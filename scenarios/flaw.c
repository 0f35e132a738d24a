// SPDX-License-Identifier: GPL-2.0
#include "scenarios/flaw.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/cleanup.h"

#define MODULE "/vkernel/kmod/vkflaw.ko"
#define WAY_IN "/proc/vkflaw"

int flaw_load(struct error *err)
{
	autoclose int fd = open(MODULE, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return error_set_errno(err, EXIT_ENVIRONMENT, errno, "cannot open %s", MODULE);
	if (syscall(SYS_finit_module, fd, "", 0) && errno != EEXIST)
		return error_set_errno(err, EXIT_ENVIRONMENT, errno, "cannot load %s", MODULE);
	return 0;
}

void flaw_unload(void)
{
	syscall(SYS_delete_module, "vkflaw", O_NONBLOCK);
}

int flaw_steal(const char *how)
{
	autoclose int fd = open(WAY_IN, O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return errno;
	return write(fd, how, strlen(how)) < 0 ? errno : 0;
}
