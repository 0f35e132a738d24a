// SPDX-License-Identifier: GPL-2.0
#include "scenarios/ring.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#define ENTRIES	   4
#define PATIENCE   2000 /* ms for one operation */
#define IDLE	   1000 /* ms until the kernel's submission thread sleeps */
#define OPERATIONS 256

static size_t larger(size_t a, size_t b)
{
	return a > b ? a : b;
}

static unsigned int *word(const struct ring *ring, unsigned int offset)
{
	return (unsigned int *)((char *)ring->memory + offset);
}

static int map_ring(struct ring *ring)
{
	const struct io_uring_params *params = &ring->params;

	ring->memory_size =
		larger(params->sq_off.array + params->sq_entries * sizeof(unsigned int),
		       params->cq_off.cqes + params->cq_entries * sizeof(struct io_uring_cqe));
	ring->memory = mmap(NULL, ring->memory_size, PROT_READ | PROT_WRITE,
			    MAP_SHARED | MAP_POPULATE, ring->fd, IORING_OFF_SQ_RING);
	if (ring->memory == MAP_FAILED)
		return errno;
	ring->entries_size = params->sq_entries * sizeof(*ring->entries);
	ring->entries = mmap(NULL, ring->entries_size, PROT_READ | PROT_WRITE,
			     MAP_SHARED | MAP_POPULATE, ring->fd, IORING_OFF_SQES);
	if (ring->entries != MAP_FAILED)
		return 0;
	munmap(ring->memory, ring->memory_size);
	return ENOMEM;
}

int ring_open(struct ring *ring, unsigned int flags)
{
	int number;

	*ring = (struct ring){.flags = flags, .params = {.flags = flags, .sq_thread_idle = IDLE}};
	ring->fd = syscall(SYS_io_uring_setup, ENTRIES, &ring->params);
	if (ring->fd < 0)
		return errno;
	number = map_ring(ring);
	if (number)
		close(ring->fd);
	return number;
}

bool ring_knows(const struct ring *ring, unsigned int operation)
{
	size_t size = sizeof(struct io_uring_probe) + OPERATIONS * sizeof(struct io_uring_probe_op);
	struct io_uring_probe *probe = calloc(1, size);
	bool known = false;

	if (!probe)
		return false;
	if (!syscall(SYS_io_uring_register, ring->fd, IORING_REGISTER_PROBE, probe, OPERATIONS) &&
	    operation <= probe->last_op)
		known = probe->ops[operation].flags & IO_URING_OP_SUPPORTED;
	free(probe);
	return known;
}

static void put_entry(struct ring *ring, const struct io_uring_sqe *entry)
{
	unsigned int *tail = word(ring, ring->params.sq_off.tail);
	unsigned int at = *tail & *word(ring, ring->params.sq_off.ring_mask);

	ring->entries[at] = *entry;
	*word(ring, ring->params.sq_off.array + at * sizeof(unsigned int)) = at;
	__atomic_store_n(tail, *tail + 1, __ATOMIC_RELEASE);
}

static int submit(struct ring *ring)
{
	unsigned int flags = ring->flags & IORING_SETUP_SQPOLL ? IORING_ENTER_SQ_WAKEUP : 0;
	long taken = syscall(SYS_io_uring_enter, ring->fd, 1, 0, flags, NULL, 0);

	return taken < 0 ? errno : 0;
}

static bool take_completion(struct ring *ring, int *result)
{
	unsigned int *head = word(ring, ring->params.cq_off.head);
	unsigned int tail = __atomic_load_n(word(ring, ring->params.cq_off.tail), __ATOMIC_ACQUIRE);
	struct io_uring_cqe *completions =
		(struct io_uring_cqe *)word(ring, ring->params.cq_off.cqes);

	if (*head == tail)
		return false;
	*result = completions[*head & *word(ring, ring->params.cq_off.ring_mask)].res;
	__atomic_store_n(head, *head + 1, __ATOMIC_RELEASE);
	return true;
}

int ring_do(struct ring *ring, const struct io_uring_sqe *entry, int *result)
{
	struct pollfd completion = {.fd = ring->fd, .events = POLLIN};
	int number;

	put_entry(ring, entry);
	number = submit(ring);
	if (number)
		return number;
	if (!take_completion(ring, result) &&
	    (poll(&completion, 1, PATIENCE) != 1 || !take_completion(ring, result)))
		return ETIMEDOUT;
	return 0;
}

void ring_close(struct ring *ring)
{
	munmap(ring->entries, ring->entries_size);
	munmap(ring->memory, ring->memory_size);
	close(ring->fd);
}
