/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A container's own kernel log: whole records in a ring of bytes, the oldest dropped first, their
 * sequence numbers from 0 on without gaps.
 *
 * A record without a newline is open: the task that wrote it may go on with it, until another
 * record comes. Readers see it from then on; what they see never changes.
 *
 * Lifetime. The instance holds one reference, each open file another: a ring outlives its instance
 * where a file is still open, and then nothing is written to it any more. The last reference is
 * given back in process context.
 *
 * The lock is raw, taken with interrupts off, and held for copying only: printk() may come from
 * under any lock but this one. What prints while this CPU is in here (a warning, a fault) is not
 * copied: it would wait for itself. While the kernel dies the lock is tried for a while, because
 * who held it may have been stopped.
 */
#ifndef VKM_RING_H
#define VKM_RING_H

#include <linux/irq_work.h>
#include <linux/kref.h>
#include <linux/mutex.h>
#include <linux/spinlock.h>
#include <linux/stdarg.h>
#include <linux/types.h>
#include <linux/wait.h>

#include "record.h"

struct kernfs_node;

/* Bytes of all records before one, in each form in which they are read. */
struct vkm_sizes {
	u64 kmsg;
	u64 syslog[2]; /* without and with the time */
};

/* What syslog(2) and /proc/kmsg remember between two calls, for all who read; under lock. */
struct vkm_syslog {
	struct mutex lock;
	struct vkm_cursor unread;
	size_t partial;		 /* bytes of the record at unread that have been read */
	bool partial_time;	 /* whether these were with the time */
	struct vkm_cursor clear; /* the first that was not cleared */
};

struct vkm_ring {
	struct kref kref;
	raw_spinlock_t lock; /* guards what follows up to closed */
	char *bytes;
	u32 size;		    /* a power of two */
	struct vkm_cursor first;    /* the oldest record; equals next where there is none */
	struct vkm_cursor next;	    /* the place of the one to come */
	struct vkm_sizes written;   /* of all records before next */
	struct vkm_cursor streamed; /* where vkm_ring_stream() ended last */
	struct vkm_record pending;  /* the open record */
	pid_t writer;		    /* of pending; 0: none is open */
	bool awaited;		    /* somebody has read the range since the last notice */
	bool closed;		    /* nothing is added any more */

	struct irq_work wake;
	wait_queue_head_t wait;	   /* woken when there is a new record */
	struct kernfs_node *range; /* the file to give notice of, or NULL; a reference; set once */
	struct vkm_syslog syslog;
};

/* What rings share. Context: process, may sleep. 0 or -ENOMEM; there must be no ring left at stop. */
int vkm_ring_start(void);
void vkm_ring_stop(void);

/*
 * A ring for size bytes (a power of two, at least 4 VKM_RECORD_TEXT), with one reference, or NULL.
 * Context: process, may sleep.
 */
struct vkm_ring *vkm_ring_new(u32 size);

/* Context: any for get; process for put, which may sleep. */
void vkm_ring_get(struct vkm_ring *ring);
void vkm_ring_put(struct vkm_ring *ring);

/*
 * Gives the ring another size; the youngest records that fit stay. 0 or -ENOMEM, and nothing has
 * changed. Context: process, may sleep.
 */
int vkm_ring_resize(struct vkm_ring *ring, u32 size);

/*
 * A place to make a record in: all of it but what ring.c and measuring set. Interrupts are off and this CPU is busy from one to the other; it must not fault in between. NULL: it is busy
 * already, and nothing has changed. is_whole: nobody may go on with it. Context: any but NMI.
 */
struct vkm_record *vkm_ring_begin(unsigned long *flags);
void vkm_ring_end(struct vkm_ring *ring, bool is_whole, unsigned long flags);

/*
 * Adds what printk() would. facility and level as it is given them: facility 0 is the kernel, whose
 * text may begin with a level and a mark of continuation; level -1 is the default one. device may
 * be NULL. Leaves arguments as they are. Context: any but NMI.
 */
__printf(5, 0) void vkm_ring_vprint(struct vkm_ring *ring, int facility, int level,
				    const struct dev_printk_info *device, const char *format,
				    va_list arguments);
__printf(4, 5) void vkm_ring_print(struct vkm_ring *ring, int facility, int level,
				   const char *format, ...);

/* Ends the open record and lets none follow; tells who waits on the range. Context: any but NMI. */
void vkm_ring_close(struct vkm_ring *ring);

/*
 * Copies the record at cursor, or the oldest one where that has been dropped: record->here tells.
 * False: there is none yet. Context: task, as the rest.
 */
bool vkm_ring_read(struct vkm_ring *ring, struct vkm_cursor cursor, struct vkm_record *record);

/* How many records there are from cursor on; *lost: the one at cursor has been dropped. */
u64 vkm_ring_unread(struct vkm_ring *ring, struct vkm_cursor cursor, bool *lost);

/* Moves cursor to the oldest record where its own has been dropped; true if it has been. */
bool vkm_ring_catch_up(struct vkm_ring *ring, struct vkm_cursor *cursor);

/* The oldest record, and the place of the one to come. */
struct vkm_cursor vkm_ring_first(struct vkm_ring *ring);
struct vkm_cursor vkm_ring_next(struct vkm_ring *ring);

/* Bytes of all records from cursor on, as syslog(2) shows them. */
u64 vkm_ring_syslog_size(struct vkm_ring *ring, struct vkm_cursor cursor, bool with_time);

/* The first record from cursor on such that it and all after it are at most size bytes likewise. */
struct vkm_cursor vkm_ring_fitting(struct vkm_ring *ring, struct vkm_cursor cursor, u64 size,
				   bool with_time);

/*
 * For the next one: the record with the byte at offset, or next. -EPIPE: it has been dropped. And where
 * it is likely to be looked for again.
 */
int vkm_ring_find_byte(struct vkm_ring *ring, u64 offset, struct vkm_cursor *cursor);
void vkm_ring_remember_byte(struct vkm_ring *ring, struct vkm_cursor cursor);

/*
 * The whole log as one stream of records as /dev/kmsg shows them, of which what is kept can be read:
 * size bytes at most from offset on, in whole records if they are not larger. Returns their number,
 * 0 at the end, -EPIPE below the start, -ENOMEM. May sleep.
 */
ssize_t vkm_ring_stream(struct vkm_ring *ring, char *buffer, u64 offset, size_t size);

/* Where what is kept of that stream begins and ends. The next change gives notice of the range. */
void vkm_ring_range(struct vkm_ring *ring, u64 *first, u64 *end);

#endif
