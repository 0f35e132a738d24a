// SPDX-License-Identifier: GPL-2.0
#include "workloads/driver/log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/klog.h>
#include <unistd.h>

#include "lib/cleanup.h"
#include "workloads/driver/number.h"

#define DEVICE	     "/dev/kmsg"
#define BATCHES_MOST 63
#define WRITTEN	     500 /* lines: they fit into the smallest ring that Debian's kernels have */
#define BURST	     10	 /* lines that one opener of the device may write at once */
#define RECORD_MOST  8192
#define TEXT_MOST    (1 << 20)

enum { READ_ALL = 3, CLEAR = 5 };

/* As long as most of the kernel's own; of the lowest level, so that no console prints it. */
static const char line[] = "<7>vkdrive: a line as the kernel might write it about something, %3d\n";

static int write_burst(int first, struct error *err)
{
	autoclose int fd = open(DEVICE, O_WRONLY | O_CLOEXEC);
	char text[sizeof(line) + 8];

	for (int i = 0; fd >= 0 && i < BURST; i++) {
		int length = snprintf(text, sizeof(text), line, first + i);

		if (write(fd, text, length) != length)
			return error_set_errno(err, EXIT_FINDING, errno, "cannot write to " DEVICE);
	}
	return fd >= 0 ? 0
		       : error_set_errno(err, EXIT_FINDING, errno,
					 "cannot open " DEVICE " to write");
}

/* Clears the log and writes lines, in bursts that are not too fast for one opener. */
static int fill(struct error *err)
{
	if (klogctl(CLEAR, NULL, 0) < 0)
		return error_set_errno(err, EXIT_FINDING, errno, "cannot clear the kernel's log");
	for (int i = 0; i < WRITTEN; i += BURST)
		if (write_burst(i, err))
			return -1;
	return 0;
}

/* One pass over what came since the log was cleared: how many lines, or -1 with err set. */
static long pass_device(int fd, char *buffer, struct error *err)
{
	long lines = 0;

	if (lseek(fd, 0, SEEK_DATA))
		return error_set_errno(err, EXIT_FINDING, errno, "cannot seek in " DEVICE);
	while (read(fd, buffer, RECORD_MOST) > 0)
		lines++;
	if (errno != EAGAIN)
		return error_set_errno(err, EXIT_FINDING, errno, "cannot read " DEVICE);
	return lines;
}

static long pass_all(int fd, char *buffer, struct error *err)
{
	int size = klogctl(READ_ALL, buffer, TEXT_MOST);
	long lines = 0;

	(void)fd;
	if (size < 0)
		return error_set_errno(err, EXIT_FINDING, errno, "cannot read the kernel's log");
	for (char *at = buffer; (at = memchr(at, '\n', buffer + size - at)); at++)
		lines++;
	return lines;
}

static int drive(int fd, long (*pass)(int fd, char *buffer, struct error *err), long batches,
		 long operations, struct error *err)
{
	autofree char *buffer = malloc(TEXT_MOST);
	uint64_t elapsed[BATCHES_MOST];
	long lines[BATCHES_MOST];

	if (!buffer)
		return error_set(err, EXIT_ENVIRONMENT, "no memory for the log");
	for (long i = -1; i < batches; i++) {
		uint64_t start = driver_start(CLOCK_THREAD_CPUTIME_ID);
		long read = 0;

		while (read < operations) {
			long got = pass(fd, buffer, err);

			if (got < 0)
				return -1;
			if (got < WRITTEN)
				return error_set(err, EXIT_FINDING,
						 "%ld lines are in the log, of %d written", got,
						 WRITTEN);
			read += got;
		}
		if (i >= 0) {
			elapsed[i] = driver_elapsed(CLOCK_THREAD_CPUTIME_ID, start);
			lines[i] = read;
		}
	}
	for (long i = 0; i < batches; i++)
		driver_reading(elapsed[i], lines[i]);
	return 0;
}

int drive_log(char *const arguments[], int count, struct error *err)
{
	autoclose int fd = -1;
	long batches, operations;
	bool all;

	if (count != 3 || (strcmp(arguments[0], "device") && strcmp(arguments[0], "all")))
		return error_set(err, EXIT_USAGE, "log takes device|all BATCHES LINES");
	all = !strcmp(arguments[0], "all");
	if (driver_number(arguments[1], BATCHES_MOST, &batches, err) ||
	    driver_number(arguments[2], 1000000, &operations, err) || fill(err))
		return -1;
	fd = open(DEVICE, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		return error_set_errno(err, EXIT_FINDING, errno, "cannot open " DEVICE);
	return drive(fd, all ? pass_all : pass_device, batches, operations, err);
}
