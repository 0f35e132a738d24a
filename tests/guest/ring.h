/* SPDX-License-Identifier: GPL-2.0 */
/* An io_uring without its library: one operation after the other. */
#ifndef GUEST_RING_H
#define GUEST_RING_H

#include <linux/io_uring.h>
#include <stdbool.h>

#define RING_PLACES 8

struct ring {
	int fd;
	bool polled; /* a thread of the kernel takes submissions */
	char *submissions, *completions;
	struct io_uring_sqe *entries;
	struct io_uring_params parameters;
};

/* flags: IORING_SETUP_*. Returns 0, or -1 with errno set. What it takes stays until the exit. */
int ring_open(struct ring *ring, unsigned int flags);

/*
 * Submits count (at most RING_PLACES) entries at once and waits for all completions; results[i] is
 * that of entries[i], whose user_data this sets. Returns 0, or -1 with errno set.
 */
int ring_run(struct ring *ring, const struct io_uring_sqe *entries, unsigned int count,
	     int *results);

#endif
