// SPDX-License-Identifier: GPL-2.0
#include "ring.h"

#include <linux/kernel.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/percpu.h>
#include <linux/printk.h>
#include <linux/sched.h>
#include <linux/sched/clock.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/sysfs.h>

/* How a record lies in the ring: this, the device where it has one, the text; padded to 8 bytes. */
struct header {
	u64 time;
	struct vkm_sizes before; /* of all records before it */
	u16 total;		 /* bytes of all of it */
	u16 size, lines, escapes;
	u8 facility;
	u8 level;
	bool continues;
	bool has_device;
};

#define HEADER_WORDS (sizeof(struct header) / sizeof(u64))
static_assert(sizeof(struct header) % sizeof(u64) == 0);
#define LOCK_TRIES (1u << 16)
#define WALK_MAX   1024 /* records that are passed by under the lock at a time */

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

/* Who reads: this CPU is busy meanwhile, so that what it prints is not waited for. */
static void lock_reader(struct vkm_ring *ring, unsigned long *flags)
{
	local_irq_save(*flags);
	this_cpu_ptr(workplaces)->busy = true;
	raw_spin_lock(&ring->lock);
}

static void unlock_reader(struct vkm_ring *ring, unsigned long flags)
{
	raw_spin_unlock(&ring->lock);
	this_cpu_ptr(workplaces)->busy = false;
	local_irq_restore(flags);
}

static bool lock_writer(struct vkm_ring *ring)
{
	unsigned int tries;

	if (!oops_in_progress) {
		raw_spin_lock(&ring->lock);
		return true;
	}
	for (tries = LOCK_TRIES; tries; tries--) {
		if (raw_spin_trylock(&ring->lock))
			return true;
		cpu_relax();
	}
	return false;
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

static struct header header_at(const struct vkm_ring *ring, struct vkm_cursor cursor)
{
	union {
		struct header header;
		u64 words[HEADER_WORDS];
	} found;
	unsigned int i;

	/* Records begin at multiples of a word: none is torn at the ring's end. */
	for (i = 0; i < HEADER_WORDS; i++) {
		const u32 offset = (cursor.at + i * sizeof(u64)) & (ring->size - 1);

		found.words[i] = *(const u64 *)(ring->bytes + offset);
	}
	return found.header;
}

static struct vkm_cursor after(struct vkm_cursor cursor, const struct header *header)
{
	return (struct vkm_cursor){.seq = cursor.seq + 1, .at = cursor.at + header->total};
}

static bool is_kept(const struct vkm_ring *ring, struct vkm_cursor cursor)
{
	return cursor.seq >= ring->first.seq;
}

static bool is_there(const struct vkm_ring *ring, struct vkm_cursor cursor)
{
	return cursor.seq < ring->next.seq;
}

/* Under lock; drops the oldest until bytes more fit. */
static void make_room(struct vkm_ring *ring, u32 size, u32 more)
{
	while (ring->next.at + more - ring->first.at > size) {
		const struct header header = header_at(ring, ring->first);

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
	struct header header = {
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

/* Takes the marks of level and continuation off the text's beginning. */
static void parse_prefix(struct vkm_record *record, int *level)
{
	const char *text = record->text;
	int kind;

	for (; (kind = printk_get_level(text)); text += 2) {
		if (kind == 'c')
			record->continues = true;
		else if (*level == LOGLEVEL_DEFAULT)
			*level = kind - '0';
	}
	record->size -= text - record->text;
	memmove(record->text, text, record->size);
}

/* Returns whether the record ends here. */
static bool make(struct vkm_record *record, int facility, int level,
		 const struct dev_printk_info *device, const char *format, va_list arguments)
{
	bool is_whole = device;
	va_list copy;

	va_copy(copy, arguments);
	record->size = vscnprintf(record->text, sizeof(record->text), format, copy);
	va_end(copy);
	record->continues = false;
	if (record->size && record->text[record->size - 1] == '\n') {
		record->text[--record->size] = '\0';
		is_whole = true;
	}
	if (!facility)
		parse_prefix(record, &level);
	record->facility = facility;
	record->level = (level == LOGLEVEL_DEFAULT ? default_message_loglevel : level) & 7;
	record->device.subsystem[0] = record->device.device[0] = '\0';
	if (device)
		record->device = *device;
	if (!facility)
		vkm_record_hide_addresses(record);
	return is_whole;
}

void vkm_ring_vprint(struct vkm_ring *ring, int facility, int level,
		     const struct dev_printk_info *device, const char *format, va_list arguments)
{
	struct workplace *workplace;
	unsigned long flags;

	local_irq_save(flags);
	workplace = this_cpu_ptr(workplaces);
	if (!workplace->busy) {
		bool is_whole;

		workplace->busy = true;
		workplace->record.time = local_clock();
		is_whole = make(&workplace->record, facility, level, device, format, arguments);
		if (lock_writer(ring)) {
			if (!ring->closed)
				add(ring, &workplace->record, is_whole);
			raw_spin_unlock(&ring->lock);
		}
		workplace->busy = false;
		irq_work_queue(&ring->wake);
	}
	local_irq_restore(flags);
}

void vkm_ring_print(struct vkm_ring *ring, int facility, int level, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vkm_ring_vprint(ring, facility, level, NULL, format, arguments);
	va_end(arguments);
}

void vkm_ring_close(struct vkm_ring *ring)
{
	unsigned long flags;

	lock_reader(ring, &flags);
	store_pending(ring);
	ring->closed = true;
	unlock_reader(ring, flags);
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
	lock_reader(ring, &flags);
	make_room(ring, size, 0);
	move(ring, bytes, size);
	swap(ring->bytes, bytes);
	ring->size = size;
	unlock_reader(ring, flags);
	kvfree(bytes);
	return 0;
}

/* Under lock; cursor is kept and there. */
static void fetch(const struct vkm_ring *ring, struct vkm_cursor cursor, struct vkm_record *record)
{
	const struct header header = header_at(ring, cursor);
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

	lock_reader(ring, &flags);
	if (!is_kept(ring, cursor))
		cursor = ring->first;
	found = is_there(ring, cursor);
	if (found)
		fetch(ring, cursor, record);
	unlock_reader(ring, flags);
	return found;
}

u64 vkm_ring_unread(struct vkm_ring *ring, struct vkm_cursor cursor, bool *lost)
{
	unsigned long flags;
	u64 unread;

	lock_reader(ring, &flags);
	*lost = !is_kept(ring, cursor);
	unread = ring->next.seq - max(cursor.seq, ring->first.seq);
	unlock_reader(ring, flags);
	return unread;
}

bool vkm_ring_catch_up(struct vkm_ring *ring, struct vkm_cursor *cursor)
{
	unsigned long flags;
	bool lost;

	lock_reader(ring, &flags);
	lost = !is_kept(ring, *cursor);
	if (lost)
		*cursor = ring->first;
	unlock_reader(ring, flags);
	return lost;
}

struct vkm_cursor vkm_ring_first(struct vkm_ring *ring)
{
	struct vkm_cursor first;
	unsigned long flags;

	lock_reader(ring, &flags);
	first = ring->first;
	unlock_reader(ring, flags);
	return first;
}

struct vkm_cursor vkm_ring_next(struct vkm_ring *ring)
{
	struct vkm_cursor next;
	unsigned long flags;

	lock_reader(ring, &flags);
	next = ring->next;
	unlock_reader(ring, flags);
	return next;
}

/* Under lock; what was written before cursor, which is kept. */
static struct vkm_sizes written_before(const struct vkm_ring *ring, struct vkm_cursor cursor)
{
	return is_there(ring, cursor) ? header_at(ring, cursor).before : ring->written;
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

	lock_reader(ring, &flags);
	size = syslog_size(ring, cursor, with_time);
	unlock_reader(ring, flags);
	return size;
}

/* Goes on from cursor while there are records that end at or before limit, at most WALK_MAX. */
typedef bool passes(const struct vkm_ring *ring, struct vkm_cursor cursor, u64 limit);

static bool walk(struct vkm_ring *ring, struct vkm_cursor *cursor, passes *passes, u64 limit)
{
	unsigned int left = WALK_MAX;
	unsigned long flags;

	lock_reader(ring, &flags);
	if (!is_kept(ring, *cursor))
		*cursor = ring->first;
	while (left && is_there(ring, *cursor) && passes(ring, *cursor, limit)) {
		const struct header header = header_at(ring, *cursor);

		*cursor = after(*cursor, &header);
		left--;
	}
	unlock_reader(ring, flags);
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
	const struct header header = header_at(ring, cursor);

	return written_before(ring, after(cursor, &header)).kmsg <= offset;
}

/* Finds the record with the byte at offset. -EPIPE: it has been dropped. */
static int find_byte(struct vkm_ring *ring, u64 offset, struct vkm_cursor *cursor)
{
	unsigned long flags;
	bool is_behind, is_dropped;

	lock_reader(ring, &flags);
	*cursor = ring->streamed;
	if (!is_kept(ring, *cursor))
		*cursor = ring->first;
	is_behind = written_before(ring, *cursor).kmsg > offset;
	is_dropped = written_before(ring, ring->first).kmsg > offset;
	if (is_behind)
		*cursor = ring->first;
	unlock_reader(ring, flags);
	if (is_dropped)
		return -EPIPE;
	while (walk(ring, cursor, ends_before, offset))
		cond_resched();
	return 0;
}

static void remember_streamed(struct vkm_ring *ring, struct vkm_cursor cursor)
{
	unsigned long flags;

	lock_reader(ring, &flags);
	ring->streamed = cursor;
	unlock_reader(ring, flags);
}

struct page_of_log {
	struct vkm_record record;
	char text[VKM_KMSG_MAX];
};

static ssize_t stream(struct vkm_ring *ring, char *buffer, u64 offset, size_t size,
		      struct page_of_log *page)
{
	struct vkm_record *record = &page->record;
	struct vkm_cursor cursor;
	size_t used = 0;
	int error = find_byte(ring, offset, &cursor);

	while (!error && used < size && vkm_ring_read(ring, cursor, record)) {
		const u64 skip = offset + used - record->start;
		size_t length = vkm_record_kmsg(record, page->text);

		/* Dropped meanwhile: what was read before it is whole. */
		if (record->start > offset + used) {
			error = -EPIPE;
			break;
		}
		if (skip >= length) /* beyond the end */
			break;
		length -= skip;
		if (length > size - used && used)
			break;
		length = min(length, size - used);
		memcpy(buffer + used, page->text + skip, length);
		used += length;
		cursor = record->next;
	}
	remember_streamed(ring, cursor);
	return used ? used : error;
}

ssize_t vkm_ring_stream(struct vkm_ring *ring, char *buffer, u64 offset, size_t size)
{
	struct page_of_log *page = kmalloc(sizeof(*page), GFP_KERNEL);
	ssize_t length;

	if (!page)
		return -ENOMEM;
	length = stream(ring, buffer, offset, size, page);
	kfree(page);
	return length;
}

void vkm_ring_range(struct vkm_ring *ring, u64 *first, u64 *end)
{
	unsigned long flags;

	lock_reader(ring, &flags);
	ring->awaited = true;
	*first = written_before(ring, ring->first).kmsg;
	*end = ring->written.kmsg;
	unlock_reader(ring, flags);
}
