// SPDX-License-Identifier: GPL-2.0
#include "ring.h"

#include <linux/kernel.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/percpu.h>
#include <linux/printk.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/sysfs.h>

#include "store.h"

#define LOCK_TRIES (1u << 16)

/* Where a record is made. Interrupts are off while it is busy. */
struct workplace {
	bool busy;
	struct vkm_record record;
};

static struct workplace __percpu *workplaces;

int vkm_ring_start(void)
{
	workplaces = alloc_percpu(struct workplace);
	return workplaces ? 0 : -ENOMEM;
}

void vkm_ring_stop(void)
{
	free_percpu(workplaces);
}

/* Woken outside of the writer, who may hold a run queue's lock. */
static void wake(struct irq_work *work)
{
	struct vkm_ring *ring = container_of(work, struct vkm_ring, wake);

	wake_up_interruptible_all(&ring->wait);
	if (ring->range && xchg(&ring->awaited, false))
		kernfs_notify(ring->range);
}

struct vkm_ring *vkm_ring_new(u32 size)
{
	struct vkm_ring *ring = kzalloc(sizeof(*ring), GFP_KERNEL);

	if (!ring)
		return NULL;
	ring->bytes = kvmalloc(size, GFP_KERNEL);
	if (!ring->bytes) {
		kfree(ring);
		return NULL;
	}
	ring->size = size;
	kref_init(&ring->kref);
	raw_spin_lock_init(&ring->lock);
	init_irq_work(&ring->wake, wake);
	init_waitqueue_head(&ring->wait);
	mutex_init(&ring->syslog.lock);
	return ring;
}

void vkm_ring_get(struct vkm_ring *ring)
{
	kref_get(&ring->kref);
}

static void ring_free(struct kref *kref)
{
	struct vkm_ring *ring = container_of(kref, struct vkm_ring, kref);

	irq_work_sync(&ring->wake);
	if (ring->range)
		sysfs_put(ring->range);
	kvfree(ring->bytes);
	kfree(ring);
}

void vkm_ring_put(struct vkm_ring *ring)
{
	kref_put(&ring->kref, ring_free);
}

void vkm_ring_lock(struct vkm_ring *ring, unsigned long *flags) __acquires(&ring->lock)
{
	local_irq_save(*flags);
	this_cpu_ptr(workplaces)->busy = true;
	raw_spin_lock(&ring->lock);
}

void vkm_ring_unlock(struct vkm_ring *ring, unsigned long flags) __releases(&ring->lock)
{
	raw_spin_unlock(&ring->lock);
	this_cpu_ptr(workplaces)->busy = false;
	local_irq_restore(flags);
}

static void copy_in(struct vkm_ring *ring, u64 at, const void *from, size_t size)
{
	const u32 offset = at & (ring->size - 1);
	const size_t before_end = min_t(size_t, size, ring->size - offset);

	memcpy(ring->bytes + offset, from, before_end);
	if (size > before_end)
		memcpy(ring->bytes, from + before_end, size - before_end);
}

static void copy_out(const struct vkm_ring *ring, u64 at, void *to, size_t size)
{
	const u32 offset = at & (ring->size - 1);
	const size_t before_end = min_t(size_t, size, ring->size - offset);

	memcpy(to, ring->bytes + offset, before_end);
	if (size > before_end)
		memcpy(to + before_end, ring->bytes, size - before_end);
}

/* Under lock; drops the oldest until bytes more fit. */
static void make_room(struct vkm_ring *ring, u32 size, u32 more)
{
	while (ring->next.at + more - ring->first.at > size) {
		const struct vkm_header header = header_at(ring, ring->first);

		ring->first = after(ring->first, &header);
	}
}

static bool has_device(const struct vkm_record *record)
{
	return record->device.subsystem[0] || record->device.device[0];
}

/* Under lock: from here on readers see it. */
static void store(struct vkm_ring *ring, struct vkm_record *record)
{
	struct vkm_header header = {
		.time = record->time,
		.before = ring->written,
		.facility = record->facility,
		.level = record->level,
		.continues = record->continues,
		.has_device = has_device(record),
		.size = record->size,
	};
	const u32 device_size = header.has_device ? sizeof(record->device) : 0;
	u64 at;

	record->here = ring->next;
	vkm_record_measure(record);
	header.lines = record->lines;
	header.escapes = record->escapes;
	header.total = ALIGN(sizeof(header) + device_size + record->size, sizeof(u64));
	make_room(ring, ring->size, header.total);
	at = ring->next.at;
	copy_in(ring, at, &header, sizeof(header));
	copy_in(ring, at + sizeof(header), &record->device, device_size);
	copy_in(ring, at + sizeof(header) + device_size, record->text, record->size);
	ring->written.kmsg += vkm_record_kmsg(record, NULL);
	ring->written.syslog[false] += vkm_record_syslog(record, false, NULL);
	ring->written.syslog[true] += vkm_record_syslog(record, true, NULL);
	ring->next = after(ring->next, &header);
}

/* Under lock. */
static void store_pending(struct vkm_ring *ring)
{
	if (ring->writer)
		store(ring, &ring->pending);
	ring->writer = 0;
}

/* Under lock. True if the open record is this task's, and text was added to it. */
static bool continue_pending(struct vkm_ring *ring, const struct vkm_record *record, pid_t writer)
{
	struct vkm_record *pending = &ring->pending;

	if (ring->writer != writer || pending->size + record->size >= sizeof(pending->text))
		return false;
	memcpy(pending->text + pending->size, record->text, record->size);
	pending->size += record->size;
	return true;
}

/* Under lock. */
static void leave_pending(struct vkm_ring *ring, const struct vkm_record *record, pid_t writer)
{
	memcpy(&ring->pending, record, offsetof(struct vkm_record, text) + record->size);
	ring->writer = writer;
}

/* Under lock. */
static void add(struct vkm_ring *ring, struct vkm_record *record, bool is_whole)
{
	const pid_t writer = task_pid_nr(current);

	if (record->continues && continue_pending(ring, record, writer)) {
		if (is_whole)
			store_pending(ring);
		return;
	}
	store_pending(ring);
	if (is_whole)
		store(ring, record);
	else
		leave_pending(ring, record, writer);
}

struct vkm_record *vkm_ring_begin(unsigned long *flags)
{
	struct workplace *workplace;

	local_irq_save(*flags);
	workplace = this_cpu_ptr(workplaces);
	if (!workplace->busy) {
		workplace->busy = true;
		return &workplace->record;
	}
	local_irq_restore(*flags);
	return NULL;
}

/* False: the kernel dies, and whoever holds the lock has been stopped. */
static bool add_record(struct vkm_ring *ring, struct vkm_record *record, bool is_whole)
{
	unsigned int tries = LOCK_TRIES;

	if (oops_in_progress) {
		while (!raw_spin_trylock(&ring->lock)) {
			if (!tries--)
				return false;
			cpu_relax();
		}
	} else {
		raw_spin_lock(&ring->lock);
	}
	if (!ring->closed)
		add(ring, record, is_whole);
	raw_spin_unlock(&ring->lock);
	return true;
}

void vkm_ring_end(struct vkm_ring *ring, bool is_whole, unsigned long flags)
{
	struct workplace *workplace = this_cpu_ptr(workplaces);

	if (add_record(ring, &workplace->record, is_whole))
		irq_work_queue(&ring->wake);
	workplace->busy = false;
	local_irq_restore(flags);
}

void vkm_ring_close(struct vkm_ring *ring)
{
	unsigned long flags;

	vkm_ring_lock(ring, &flags);
	store_pending(ring);
	ring->closed = true;
	vkm_ring_unlock(ring, flags);
	irq_work_queue(&ring->wake);
}

/* Under lock; the bytes of what is kept, at their places in a buffer of another size. */
static void move(struct vkm_ring *ring, char *bytes, u32 size)
{
	u64 at = ring->first.at;

	while (at != ring->next.at) {
		const u32 from = at & (ring->size - 1), to = at & (size - 1);
		const u64 part = min3(ring->next.at - at, (u64)ring->size - from, (u64)size - to);

		memcpy(bytes + to, ring->bytes + from, part);
		at += part;
	}
}

int vkm_ring_resize(struct vkm_ring *ring, u32 size)
{
	char *bytes;
	unsigned long flags;

	if (size == ring->size)
		return 0;
	bytes = kvmalloc(size, GFP_KERNEL);
	if (!bytes)
		return -ENOMEM;
	vkm_ring_lock(ring, &flags);
	make_room(ring, size, 0);
	move(ring, bytes, size);
	swap(ring->bytes, bytes);
	ring->size = size;
	vkm_ring_unlock(ring, flags);
	kvfree(bytes);
	return 0;
}

/* Under lock; cursor is kept and there. */
static void fetch(const struct vkm_ring *ring, struct vkm_cursor cursor, struct vkm_record *record)
{
	const struct vkm_header header = header_at(ring, cursor);
	u64 at = cursor.at + sizeof(header);

	record->here = cursor;
	record->next = after(cursor, &header);
	record->start = header.before.kmsg;
	record->time = header.time;
	record->facility = header.facility;
	record->level = header.level;
	record->continues = header.continues;
	record->size = header.size;
	record->lines = header.lines;
	record->escapes = header.escapes;
	record->device.subsystem[0] = record->device.device[0] = '\0';
	if (header.has_device) {
		copy_out(ring, at, &record->device, sizeof(record->device));
		at += sizeof(record->device);
	}
	copy_out(ring, at, record->text, record->size);
}

bool vkm_ring_read(struct vkm_ring *ring, struct vkm_cursor cursor, struct vkm_record *record)
{
	unsigned long flags;
	bool found;

	vkm_ring_lock(ring, &flags);
	if (!is_kept(ring, cursor))
		cursor = ring->first;
	found = is_there(ring, cursor);
	if (found)
		fetch(ring, cursor, record);
	vkm_ring_unlock(ring, flags);
	return found;
}
