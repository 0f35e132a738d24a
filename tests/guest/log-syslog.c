// SPDX-License-Identifier: GPL-2.0
#include "tests/guest/log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

static void *volatile bad = (void *)8; /* an address that no task has */

/* Each action with arguments that are wrong, or that ask for nothing. */
static void try_arguments(void)
{
	static const int types[] = {-1, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 1 << 30};
	char key[64];

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		const int type = types[i];

		/* What would wait, or has another result each time, is tried below. */
		log_drain();
		snprintf(key, sizeof(key), "action-%d-null", type);
		log_result(key, log_call(type, NULL, 100));
		snprintf(key, sizeof(key), "action-%d-negative", type);
		log_result(key, log_call(type, log_buffer, -1));
		snprintf(key, sizeof(key), "action-%d-nothing", type);
		log_result(key, log_call(type, log_buffer, 0));
	}
	for (int level = -1; level <= 9; level++) {
		snprintf(key, sizeof(key), "console-level-%d", level);
		log_result(key, log_call(8, NULL, level));
	}
	printf("size-of-buffer %d\n", log_call(10, NULL, 0) >= 4096);
}

static void try_faults(void)
{
	void *readonly = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	log_drain();
	log_call(5, NULL, 0);
	log_write("<14>fault one\n");
	log_write("<14>fault two\n");
	log_result("fault-read", log_call(2, bad, 100));
	log_result("fault-read-only", log_call(2, readonly, 100));
	log_result("fault-kernel", log_call(2, (void *)(~0ul << 20), 100));
	log_result("fault-all", log_call(3, bad, 1000));
	log_result("fault-clear", log_call(4, bad, 1000));
	log_result("fault-kernel-all", log_call(3, (void *)(~0ul << 20), 1000));
	log_write("<14>no fault\n");
	log_text("fault-after", log_buffer, log_call(2, log_buffer, 1000));
}

static void try_parts(void)
{
	log_drain();
	log_write("<14>part one\n");
	log_write("<11>part two\nwith a line\n\nand another\n");
	log_result("part-size", log_call(9, NULL, 0));
	log_text("part-1", log_buffer, log_call(2, log_buffer, 3));
	log_result("part-size-1", log_call(9, NULL, 0));
	log_text("part-2", log_buffer, log_call(2, log_buffer, 10));
	log_result("part-3", log_call(2, log_buffer, 17));
	log_result("part-size-3", log_call(9, NULL, 0));
	log_text("part-4", log_buffer, log_call(2, log_buffer, 1000));
	log_result("part-size-4", log_call(9, NULL, 0));
	log_write("<14>whole one\n");
	log_write("<14>whole two\n");
	log_text("whole-1", log_buffer, log_call(2, log_buffer, 40));
	log_text("whole-2", log_buffer, log_call(2, log_buffer, 40));
	log_write("<14>no newline");
	log_result("open-size", log_call(9, NULL, 0));
	log_write("<14>newline\n");
	log_text("open-after", log_buffer, log_call(2, log_buffer, 1000));
}

static void try_clear(void)
{
	log_drain();
	log_result("clear", log_call(5, NULL, 0));
	log_result("clear-all", log_call(3, log_buffer, 1000));
	log_write("<14>first\n");
	log_write("<14>second\n");
	log_write("<14>third\n");
	log_text("all", log_buffer, log_call(3, log_buffer, 1000));
	log_text("all-again", log_buffer, log_call(3, log_buffer, 1000));
	log_text("all-last", log_buffer, log_call(3, log_buffer, 50));
	log_text("all-two", log_buffer, log_call(3, log_buffer, 70));
	log_text("all-none", log_buffer, log_call(3, log_buffer, 5));
	log_text("read-clear", log_buffer, log_call(4, log_buffer, 1000));
	log_result("read-clear-again", log_call(4, log_buffer, 1000));
	log_text("read-cleared", log_buffer, log_call(2, log_buffer, 1000));
	log_write("<14>fourth\n");
	log_text("all-after", log_buffer, log_call(3, log_buffer, 1000));
}

static void try_waiting(void)
{
	log_drain();
	log_write_later("<14>woken\n");
	log_text("wait", log_buffer, log_call(2, log_buffer, 1000));
	log_signal_later(0);
	log_text("wait-signal", log_buffer, log_call(2, log_buffer, 1000));
	log_signal_later(1);
	log_write_later("<14>restarted\n");
	log_text("wait-restart", log_buffer, log_call(2, log_buffer, 1000));
}

void log_try_syslog(void)
{
	try_arguments();
	try_faults();
	try_parts();
	try_clear();
	try_waiting();
}

void log_try_permissions(void)
{
	char key[64];

	if (setgid(1000) || setuid(1000))
		return;
	for (int type = 0; type <= 11; type++) {
		/* Of those that are allowed the result is the log's own. */
		snprintf(key, sizeof(key), "user-action-%d", type);
		log_result(key, log_call(type, log_buffer, 8) >= 0 ? 0 : -1);
	}
	log_result("user-device-read", open("/dev/kmsg", O_RDONLY) >= 0 ? 0 : -1);
	log_result("user-device-both", open("/dev/kmsg", O_RDWR) >= 0 ? 0 : -1);
	log_result("user-device-write", open("/dev/kmsg", O_WRONLY) >= 0 ? 0 : -1);
	log_result("user-proc", open("/proc/kmsg", O_RDONLY) >= 0 ? 0 : -1);
}
