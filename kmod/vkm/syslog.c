// SPDX-License-Identifier: GPL-2.0
#include "syslog.h"

#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/limits.h>
#include <linux/minmax.h>
#include <linux/pid_namespace.h>
#include <linux/slab.h>
#include <linux/syslog.h>
#include <linux/uaccess.h>
#include <linux/uidgid.h>
#include <linux/user_namespace.h>
#include <linux/wait.h>

#include "identity.h"
#include "ring.h"
#include "symbol.h"

#define CHUNK (4 * VKM_SYSLOG_MAX)

/* Where a record is read and shown; too much for the stack. */
struct view {
	struct vkm_record record;
	char text[CHUNK];
};

static const int *dmesg_restricted; /* the kernel's */
static const bool *with_time;	    /* likewise: printk.time */

int vkm_syslog_start(void)
{
	dmesg_restricted = vkm_symbol_address("dmesg_restrict");
	with_time = IS_ERR(dmesg_restricted) ? ERR_CAST(dmesg_restricted)
					     : vkm_symbol_address("printk_time");
	return PTR_ERR_OR_ZERO(with_time);
}

/*
 * The last question costs most, and its answer is known for who holds nothing: no security module
 * gives what is not there.
 */
static bool is_administrator(struct user_namespace *owner)
{
	const struct cred *cred = current_cred();
	const kuid_t root = owner == &init_user_ns ? GLOBAL_ROOT_UID : make_kuid(owner, 0);

	if (uid_eq(cred->euid, root))
		return true;
	if (cred->user_ns == owner && !cap_raised(cred->cap_effective, CAP_SYSLOG))
		return false;
	return ns_capable(owner, CAP_SYSLOG);
}

static bool is_for_all(int type)
{
	return !READ_ONCE(*dmesg_restricted) &&
	       (type == SYSLOG_ACTION_READ_ALL || type == SYSLOG_ACTION_SIZE_BUFFER);
}

/* The namespace is the current task's own, which does not exit: it stays without RCU. */
int vkm_syslog_may(int type)
{
	const struct pid_namespace *container;

	if (is_for_all(type))
		return 0;
	container = vkm_container_of(current);
	return container && is_administrator(container->user_ns) ? 0 : -EPERM;
}

static struct view *new_view(void)
{
	return kmalloc(sizeof(struct view), GFP_KERNEL_ACCOUNT);
}

/* Under syslog.lock; goes on at the oldest record where the next one has been dropped. */
static void catch_up(struct vkm_ring *ring)
{
	if (vkm_ring_catch_up(ring, &ring->syslog.unread))
		ring->syslog.partial = 0;
}

bool vkm_syslog_is_unread(struct vkm_ring *ring)
{
	struct vkm_cursor unread;
	bool lost;

	mutex_lock(&ring->syslog.lock);
	unread = ring->syslog.unread;
	mutex_unlock(&ring->syslog.lock);
	return vkm_ring_unread(ring, unread, &lost);
}

/*
 * Under syslog.lock; the next piece of at most size bytes goes to view->text + *skip. Only the first
 * one that a call reads may be a part of a record.
 */
static size_t take(struct vkm_ring *ring, struct view *view, size_t size, bool is_first,
		   size_t *skip)
{
	struct vkm_syslog *syslog = &ring->syslog;
	size_t length;

	catch_up(ring);
	if (!vkm_ring_read(ring, syslog->unread, &view->record))
		return 0;
	if (view->record.here.seq != syslog->unread.seq)
		syslog->partial = 0;
	syslog->unread = view->record.here;
	if (!syslog->partial)
		syslog->partial_time = READ_ONCE(*with_time);
	*skip = syslog->partial;
	length = vkm_record_syslog(&view->record, syslog->partial_time, view->text) - *skip;
	if (length <= size) {
		syslog->unread = view->record.next;
		syslog->partial = 0;
		return length;
	}
	if (!is_first)
		return 0;
	syslog->partial += size;
	return size;
}

/* Nothing is held while user memory is written, which may take as long as its owner likes. */
static ssize_t read_pieces(struct vkm_ring *ring, char __user *buffer, size_t size,
			   struct view *view)
{
	size_t used = 0;

	while (used < size) {
		size_t skip, length;

		mutex_lock(&ring->syslog.lock);
		length = take(ring, view, size - used, !used, &skip);
		mutex_unlock(&ring->syslog.lock);
		if (!length)
			break;
		if (copy_to_user(buffer + used, view->text + skip, length))
			return used ? used : -EFAULT;
		used += length;
	}
	return used;
}

/* True: *answer is all there is to say to such a buffer. */
static bool is_settled(const char __user *buffer, int size, long *answer)
{
	*answer = 0;
	if (!buffer || size < 0)
		*answer = -EINVAL;
	else if (size && !access_ok(buffer, size))
		*answer = -EFAULT;
	return *answer || !size;
}

long vkm_syslog_read(struct vkm_ring *ring, char __user *buffer, int size)
{
	struct view *view;
	long length;

	if (is_settled(buffer, size, &length))
		return length;
	view = new_view();
	if (!view)
		return -ENOMEM;
	/* Another reader may be quicker. */
	while (!length) {
		length = wait_event_interruptible(ring->wait, vkm_syslog_is_unread(ring));
		if (!length)
			length = read_pieces(ring, buffer, size, view);
	}
	kfree(view);
	return length;
}

/* Whole records as they come, collected so that user memory is written in larger pieces. */
static ssize_t read_from(struct vkm_ring *ring, struct vkm_cursor *cursor, char __user *buffer,
			 size_t size, struct view *view)
{
	const bool timed = READ_ONCE(*with_time);
	size_t used = 0, collected = 0;

	*cursor = vkm_ring_fitting(ring, *cursor, size, timed);
	while (vkm_ring_read(ring, *cursor, &view->record)) {
		char *text = view->text + collected;
		const size_t length = vkm_record_syslog(&view->record, timed, text);

		if (used + collected + length > size)
			break;
		*cursor = view->record.next;
		collected += length;
		if (collected + VKM_SYSLOG_MAX <= sizeof(view->text))
			continue;
		if (copy_to_user(buffer + used, view->text, collected))
			return -EFAULT;
		used += collected;
		collected = 0;
	}
	if (copy_to_user(buffer + used, view->text, collected))
		return -EFAULT;
	return used + collected;
}

struct vkm_cursor vkm_syslog_cleared(struct vkm_ring *ring)
{
	struct vkm_cursor clear;

	mutex_lock(&ring->syslog.lock);
	clear = ring->syslog.clear;
	mutex_unlock(&ring->syslog.lock);
	return clear;
}

static void set_cleared(struct vkm_ring *ring, struct vkm_cursor clear)
{
	mutex_lock(&ring->syslog.lock);
	ring->syslog.clear = clear;
	mutex_unlock(&ring->syslog.lock);
}

static long read_all(struct vkm_ring *ring, char __user *buffer, int size, bool clear)
{
	struct vkm_cursor cursor;
	struct view *view;
	long length;

	if (is_settled(buffer, size, &length))
		return length;
	view = new_view();
	if (!view)
		return -ENOMEM;
	cursor = vkm_syslog_cleared(ring);
	length = read_from(ring, &cursor, buffer, size, view);
	if (clear)
		set_cleared(ring, cursor);
	kfree(view);
	return length;
}

static int unread_size(struct vkm_ring *ring)
{
	struct vkm_syslog *syslog = &ring->syslog;
	bool timed;
	u64 size;

	mutex_lock(&syslog->lock);
	catch_up(ring);
	timed = syslog->partial ? syslog->partial_time : READ_ONCE(*with_time);
	size = vkm_ring_syslog_size(ring, syslog->unread, timed) - syslog->partial;
	mutex_unlock(&syslog->lock);
	return min_t(u64, size, INT_MAX);
}

/* The console is the host's: its actions are checked as ever, and change nothing. */
long vkm_syslog(struct vkm_ring *ring, int type, char __user *buffer, int size)
{
	long answer = vkm_syslog_may(type);

	if (answer)
		return answer;
	switch (type) {
	case SYSLOG_ACTION_CLOSE:
	case SYSLOG_ACTION_OPEN:
	case SYSLOG_ACTION_CONSOLE_OFF:
	case SYSLOG_ACTION_CONSOLE_ON:
		return 0;
	case SYSLOG_ACTION_CONSOLE_LEVEL:
		return size < 1 || size > 8 ? -EINVAL : 0;
	case SYSLOG_ACTION_READ:
		return vkm_syslog_read(ring, buffer, size);
	case SYSLOG_ACTION_READ_ALL:
	case SYSLOG_ACTION_READ_CLEAR:
		return read_all(ring, buffer, size, type == SYSLOG_ACTION_READ_CLEAR);
	case SYSLOG_ACTION_CLEAR:
		set_cleared(ring, vkm_ring_next(ring));
		return 0;
	case SYSLOG_ACTION_SIZE_UNREAD:
		return unread_size(ring);
	case SYSLOG_ACTION_SIZE_BUFFER:
		return ring->size;
	}
	return -EINVAL;
}
