// SPDX-License-Identifier: GPL-2.0
/* Places in a ring. */
#include <linux/errno.h>
#include <linux/minmax.h>
#include <linux/sched.h>

#include "store.h"

#define WALK_MAX 1024 /* records that are passed by under the lock at a time */

u64 vkm_ring_unread(struct vkm_ring *ring, struct vkm_cursor cursor, bool *lost)
{
	unsigned long flags;
	u64 unread;

	vkm_ring_lock(ring, &flags);
	*lost = !is_kept(ring, cursor);
	unread = ring->next.seq - max(cursor.seq, ring->first.seq);
	vkm_ring_unlock(ring, flags);
	return unread;
}

bool vkm_ring_catch_up(struct vkm_ring *ring, struct vkm_cursor *cursor)
{
	unsigned long flags;
	bool lost;

	vkm_ring_lock(ring, &flags);
	lost = !is_kept(ring, *cursor);
	if (lost)
		*cursor = ring->first;
	vkm_ring_unlock(ring, flags);
	return lost;
}

struct vkm_cursor vkm_ring_first(struct vkm_ring *ring)
{
	struct vkm_cursor first;
	unsigned long flags;

	vkm_ring_lock(ring, &flags);
	first = ring->first;
	vkm_ring_unlock(ring, flags);
	return first;
}

struct vkm_cursor vkm_ring_next(struct vkm_ring *ring)
{
	struct vkm_cursor next;
	unsigned long flags;

	vkm_ring_lock(ring, &flags);
	next = ring->next;
	vkm_ring_unlock(ring, flags);
	return next;
}

static u64 syslog_size(const struct vkm_ring *ring, struct vkm_cursor cursor, bool with_time)
{
	if (!is_kept(ring, cursor))
		cursor = ring->first;
	return ring->written.syslog[with_time] - written_before(ring, cursor).syslog[with_time];
}

u64 vkm_ring_syslog_size(struct vkm_ring *ring, struct vkm_cursor cursor, bool with_time)
{
	unsigned long flags;
	u64 size;

	vkm_ring_lock(ring, &flags);
	size = syslog_size(ring, cursor, with_time);
	vkm_ring_unlock(ring, flags);
	return size;
}

/* Goes on from cursor while there are records that end at or before limit, at most WALK_MAX. */
typedef bool passes(const struct vkm_ring *ring, struct vkm_cursor cursor, u64 limit);

static bool walk(struct vkm_ring *ring, struct vkm_cursor *cursor, passes *passes, u64 limit)
{
	unsigned int left = WALK_MAX;
	unsigned long flags;

	vkm_ring_lock(ring, &flags);
	if (!is_kept(ring, *cursor))
		*cursor = ring->first;
	while (left && is_there(ring, *cursor) && passes(ring, *cursor, limit)) {
		const struct vkm_header header = header_at(ring, *cursor);

		*cursor = after(*cursor, &header);
		left--;
	}
	vkm_ring_unlock(ring, flags);
	return !left;
}

static bool exceeds_timed(const struct vkm_ring *ring, struct vkm_cursor cursor, u64 size)
{
	return syslog_size(ring, cursor, true) > size;
}

static bool exceeds_plain(const struct vkm_ring *ring, struct vkm_cursor cursor, u64 size)
{
	return syslog_size(ring, cursor, false) > size;
}

struct vkm_cursor vkm_ring_fitting(struct vkm_ring *ring, struct vkm_cursor cursor, u64 size,
				   bool with_time)
{
	while (walk(ring, &cursor, with_time ? exceeds_timed : exceeds_plain, size))
		cond_resched();
	return cursor;
}

static bool ends_before(const struct vkm_ring *ring, struct vkm_cursor cursor, u64 offset)
{
	const struct vkm_header header = header_at(ring, cursor);

	return written_before(ring, after(cursor, &header)).kmsg <= offset;
}

int vkm_ring_find_byte(struct vkm_ring *ring, u64 offset, struct vkm_cursor *cursor)
{
	unsigned long flags;
	bool is_behind, is_dropped;

	vkm_ring_lock(ring, &flags);
	*cursor = ring->streamed;
	if (!is_kept(ring, *cursor))
		*cursor = ring->first;
	is_behind = written_before(ring, *cursor).kmsg > offset;
	is_dropped = written_before(ring, ring->first).kmsg > offset;
	if (is_behind)
		*cursor = ring->first;
	vkm_ring_unlock(ring, flags);
	if (is_dropped)
		return -EPIPE;
	while (walk(ring, cursor, ends_before, offset))
		cond_resched();
	return 0;
}

void vkm_ring_remember_byte(struct vkm_ring *ring, struct vkm_cursor cursor)
{
	unsigned long flags;

	vkm_ring_lock(ring, &flags);
	ring->streamed = cursor;
	vkm_ring_unlock(ring, flags);
}

void vkm_ring_range(struct vkm_ring *ring, u64 *first, u64 *end)
{
	unsigned long flags;

	vkm_ring_lock(ring, &flags);
	ring->awaited = true;
	*first = written_before(ring, ring->first).kmsg;
	*end = ring->written.kmsg;
	vkm_ring_unlock(ring, flags);
}
