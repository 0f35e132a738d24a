// SPDX-License-Identifier: GPL-2.0
#include "scenarios/clone-call.h"

#include <errno.h>
#include <linux/sched.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define I386_CLONE  120
#define I386_CLONE3 435
#define PAGE	    4096

/* Where the call returns 0 this is the child. */
static int end_child(long result)
{
	if (!result)
		_exit(0);
	if (result < 0)
		return -result;
	while (waitpid(result, NULL, __WALL) < 0 && errno == EINTR)
		;
	return 0;
}

int clone_call(enum entry entry, unsigned long flags)
{
	const unsigned long arguments[6] = {flags | SIGCHLD};
	unsigned int number = entry == ENTRY_I386 ? I386_CLONE : SYS_clone;

	return end_child(entry_call(entry, number, arguments));
}

int clone_call_3(enum entry entry, unsigned long long flags, size_t size)
{
	unsigned int number = entry == ENTRY_I386 ? I386_CLONE3 : SYS_clone3;
	struct clone_args *structure;
	int result;

	structure = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
	if (structure == MAP_FAILED)
		return errno;
	structure->flags = flags;
	structure->exit_signal = SIGCHLD;
	result = end_child(
		entry_call(entry, number, (unsigned long[6]){(unsigned long)structure, size}));
	munmap(structure, PAGE);
	return result;
}
