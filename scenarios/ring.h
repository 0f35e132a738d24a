/* SPDX-License-Identifier: GPL-2.0 */
/* An io_uring without a library: one operation at a time. */
#ifndef VKERNEL_SCENARIOS_RING_H
#define VKERNEL_SCENARIOS_RING_H

#include <linux/io_uring.h>
#include <stdbool.h>
#include <stddef.h>

struct ring {
	int fd;
	unsigned int flags; /* of io_uring_setup(2) */
	void *memory;	    /* both queues' heads, tails and the completions */
	size_t memory_size;
	struct io_uring_params params;
	struct io_uring_sqe *entries;
	size_t entries_size;
};

/* flags: 0 or IORING_SETUP_SQPOLL. Returns 0 or an errno; then there is nothing to close. */
int ring_open(struct ring *ring, unsigned int flags);

/* Does the kernel know the operation? */
bool ring_knows(const struct ring *ring, unsigned int operation);

/*
 * Submits a copy of entry and waits for its completion, a few seconds at most: *result is the
 * operation's. Returns 0, or an errno: it was not taken, or (ETIMEDOUT) did not complete.
 */
int ring_do(struct ring *ring, const struct io_uring_sqe *entry, int *result);

void ring_close(struct ring *ring);

#endif
