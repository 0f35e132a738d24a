// SPDX-License-Identifier: GPL-2.0
#include "tests/guest/ring.h"

#include <errno.h>
#include <stdatomic.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

static _Atomic unsigned int *counter(char *area, unsigned int offset)
{
	return (_Atomic unsigned int *)(area + offset);
}

static char *map(const struct ring *ring, size_t size, off_t what)
{
	return mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, ring->fd, what);
}

int ring_open(struct ring *ring, unsigned int flags)
{
	const struct io_uring_params *parameters = &ring->parameters;

	*ring = (struct ring){.polled = flags & IORING_SETUP_SQPOLL};
	ring->parameters.flags = flags;
	ring->parameters.sq_thread_idle = 1000;
	ring->fd = syscall(SYS_io_uring_setup, RING_PLACES, &ring->parameters);
	if (ring->fd < 0)
		return -1;
	ring->submissions =
		map(ring, parameters->sq_off.array + parameters->sq_entries * sizeof(unsigned int),
		    IORING_OFF_SQ_RING);
	ring->completions =
		map(ring,
		    parameters->cq_off.cqes + parameters->cq_entries * sizeof(struct io_uring_cqe),
		    IORING_OFF_CQ_RING);
	ring->entries = (struct io_uring_sqe *)map(
		ring, parameters->sq_entries * sizeof(struct io_uring_sqe), IORING_OFF_SQES);
	if (ring->submissions == MAP_FAILED || ring->completions == MAP_FAILED ||
	    (void *)ring->entries == MAP_FAILED)
		return -1;
	return 0;
}

static void submit(struct ring *ring, const struct io_uring_sqe *entries, unsigned int count)
{
	const struct io_sqring_offsets *at = &ring->parameters.sq_off;
	const unsigned int mask = *counter(ring->submissions, at->ring_mask);
	const unsigned int tail = *counter(ring->submissions, at->tail);
	unsigned int *array = (unsigned int *)(ring->submissions + at->array);

	for (unsigned int i = 0; i < count; i++) {
		const unsigned int place = (tail + i) & mask;

		ring->entries[place] = entries[i];
		ring->entries[place].user_data = i;
		array[place] = place;
	}
	atomic_store(counter(ring->submissions, at->tail), tail + count);
}

static unsigned int collect(struct ring *ring, int *results)
{
	const struct io_cqring_offsets *at = &ring->parameters.cq_off;
	const unsigned int mask = *counter(ring->completions, at->ring_mask);
	const unsigned int tail = atomic_load(counter(ring->completions, at->tail));
	const struct io_uring_cqe *places = (const void *)(ring->completions + at->cqes);
	unsigned int head = *counter(ring->completions, at->head), count = 0;

	for (; head != tail; head++, count++)
		results[places[head & mask].user_data] = places[head & mask].res;
	atomic_store(counter(ring->completions, at->head), head);
	return count;
}

int ring_run(struct ring *ring, const struct io_uring_sqe *entries, unsigned int count,
	     int *results)
{
	unsigned int left = count, unsent = count;

	submit(ring, entries, count);
	if (ring->polled) /* whether its thread sleeps or not */
		unsent = 0;
	while (left) {
		const unsigned int flags =
			IORING_ENTER_GETEVENTS | (ring->polled ? IORING_ENTER_SQ_WAKEUP : 0);
		const long sent = syscall(SYS_io_uring_enter, ring->fd, unsent, 1, flags, NULL, 0);

		if (sent < 0 && errno != EINTR)
			return -1;
		if (sent > 0)
			unsent -= ring->polled ? 0 : sent;
		left -= collect(ring, results);
	}
	return 0;
}
