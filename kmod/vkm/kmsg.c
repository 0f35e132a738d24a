// SPDX-License-Identifier: GPL-2.0
#include "kmsg.h"

#include <linux/fs.h>
#include <linux/kstrtox.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/poll.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/syslog.h>
#include <linux/uaccess.h>
#include <linux/uio.h>
#include <compat/printk.h>

#include "ring.h"
#include "syslog.h"

/* An open /dev/kmsg. */
struct reader {
	struct vkm_ring *ring;	  /* a reference */
	struct mutex reading;	  /* one read at a time; held while it waits */
	spinlock_t lock;	  /* guards cursor: a seek does not wait for a read */
	struct vkm_cursor cursor; /* the next record */
	struct vkm_record record; /* under reading, as text */
	char text[VKM_KMSG_MAX];
};

static struct vkm_cursor cursor_of(struct reader *reader)
{
	struct vkm_cursor cursor;

	spin_lock(&reader->lock);
	cursor = reader->cursor;
	spin_unlock(&reader->lock);
	return cursor;
}

static void set_cursor(struct reader *reader, struct vkm_cursor cursor)
{
	spin_lock(&reader->lock);
	reader->cursor = cursor;
	spin_unlock(&reader->lock);
}

/* Reads the next record; *wanted is which it was to be. */
static bool read_next(struct reader *reader, struct vkm_cursor *wanted)
{
	*wanted = cursor_of(reader);
	return vkm_ring_read(reader->ring, *wanted, &reader->record);
}

/* Under reading. The errors and their order are Linux's: each passes on what it is about. */
static ssize_t read_record(struct reader *reader, bool may_wait, char __user *buffer, size_t size)
{
	struct vkm_cursor wanted;
	size_t length;

	if (!read_next(reader, &wanted)) {
		int error = -EAGAIN;

		if (may_wait)
			error = wait_event_interruptible(reader->ring->wait,
							 read_next(reader, &wanted));
		if (error)
			return error;
	}
	if (reader->record.here.seq != wanted.seq) {
		set_cursor(reader, reader->record.here);
		return -EPIPE;
	}
	set_cursor(reader, reader->record.next);
	length = vkm_record_kmsg(&reader->record, reader->text);
	if (length > size)
		return -EINVAL;
	return copy_to_user(buffer, reader->text, length) ? -EFAULT : length;
}

static ssize_t device_read(struct file *file, char __user *buffer, size_t size, loff_t *position)
{
	struct reader *reader = file->private_data;
	ssize_t length = mutex_lock_interruptible(&reader->reading);

	if (length)
		return length;
	length = read_record(reader, !(file->f_flags & O_NONBLOCK), buffer, size);
	mutex_unlock(&reader->reading);
	return length;
}

static ssize_t device_write(struct kiocb *request, struct iov_iter *from)
{
	struct reader *reader = request->ki_filp->private_data;

	return vkm_kmsg_write(reader->ring, from);
}

static loff_t device_seek(struct file *file, loff_t offset, int whence)
{
	struct reader *reader = file->private_data;

	if (offset)
		return -ESPIPE;
	switch (whence) {
	case SEEK_SET:
		set_cursor(reader, vkm_ring_first(reader->ring));
		return 0;
	case SEEK_DATA:
		set_cursor(reader, vkm_syslog_cleared(reader->ring));
		return 0;
	case SEEK_END:
		set_cursor(reader, vkm_ring_next(reader->ring));
		return 0;
	}
	return -EINVAL;
}

static __poll_t device_poll(struct file *file, poll_table *table)
{
	struct reader *reader = file->private_data;
	__poll_t mask = 0;
	bool lost;

	poll_wait(file, &reader->ring->wait, table);
	if (vkm_ring_unread(reader->ring, cursor_of(reader), &lost))
		mask |= EPOLLIN | EPOLLRDNORM | (lost ? EPOLLERR | EPOLLPRI : 0);
	return mask;
}

static int device_release(struct inode *inode, struct file *file)
{
	struct reader *reader = file->private_data;

	vkm_ring_put(reader->ring);
	kvfree(reader);
	return 0;
}

static const struct file_operations device_operations = {
	.owner = THIS_MODULE,
	.read = device_read,
	.write_iter = device_write,
	.llseek = device_seek,
	.poll = device_poll,
	.release = device_release,
};

/*
 * The bound instance pins us, so the reference is had. If the rest of the open fails, the kernel
 * gives back the reference of the operations that it finds, and calls no release.
 */
static void take_over(struct file *file, const struct file_operations *operations)
{
	__module_get(THIS_MODULE);
	replace_fops(file, operations);
}

int vkm_kmsg_open_device(struct file *file, struct vkm_ring *ring)
{
	struct reader *reader;
	int error = 0;

	if ((file->f_flags & O_ACCMODE) != O_WRONLY)
		error = vkm_syslog_may(SYSLOG_ACTION_READ_ALL);
	if (error)
		return error;
	reader = kvmalloc(sizeof(*reader), GFP_KERNEL_ACCOUNT);
	if (!reader)
		return -ENOMEM;
	vkm_ring_get(ring);
	reader->ring = ring;
	mutex_init(&reader->reading);
	spin_lock_init(&reader->lock);
	reader->cursor = vkm_ring_first(ring);
	file->private_data = reader;
	take_over(file, &device_operations);
	return 0;
}

static ssize_t proc_read(struct file *file, char __user *buffer, size_t size, loff_t *position)
{
	if ((file->f_flags & O_NONBLOCK) && !vkm_syslog_is_unread(file->private_data))
		return -EAGAIN;
	return vkm_syslog_read(file->private_data, buffer, size);
}

static __poll_t proc_poll(struct file *file, poll_table *table)
{
	struct vkm_ring *ring = file->private_data;

	poll_wait(file, &ring->wait, table);
	return vkm_syslog_is_unread(ring) ? EPOLLIN | EPOLLRDNORM : 0;
}

static int proc_release(struct inode *inode, struct file *file)
{
	vkm_ring_put(file->private_data);
	return 0;
}

static const struct file_operations proc_operations = {
	.owner = THIS_MODULE,
	.read = proc_read,
	.poll = proc_poll,
	.llseek = generic_file_llseek,
	.release = proc_release,
};

int vkm_kmsg_open_proc(struct file *file, struct vkm_ring *ring)
{
	const int error = vkm_syslog_may(SYSLOG_ACTION_OPEN);

	if (error)
		return error;
	vkm_ring_get(ring);
	file->private_data = ring;
	take_over(file, &proc_operations);
	return 0;
}

/*
 * "<N>" before the text: three bits of level, above them the facility. The kernel's own facility is
 * nobody else's: it stays LOG_USER.
 */
static const char *parse_priority(const char *line, int *facility, int *level)
{
	char *end;
	unsigned int priority;

	if (line[0] != '<')
		return line;
	priority = simple_strtoul(line + 1, &end, 10);
	if (*end != '>')
		return line;
	*level = priority & 7;
	if (priority >> 3 & 0xff)
		*facility = priority >> 3 & 0xff;
	return end + 1;
}

long vkm_kmsg_write(struct vkm_ring *ring, struct iov_iter *from)
{
	const size_t size = iov_iter_count(from);
	int facility = 1, level = LOGLEVEL_DEFAULT;
	long written = size;
	char *text;

	if (size > COMPAT_RECORD_MAX)
		return -EINVAL;
	text = kmalloc(size + 1, GFP_KERNEL_ACCOUNT);
	if (!text)
		return -ENOMEM;
	text[size] = '\0';
	if (copy_from_iter_full(text, size, from)) {
		const char *line = parse_priority(text, &facility, &level);

		vkm_ring_print(ring, facility, level, "%s", line);
	} else {
		written = -EFAULT;
	}
	kfree(text);
	return written;
}
