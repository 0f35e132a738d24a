/* SPDX-License-Identifier: GPL-2.0 */
/*
 * /dev/kmsg and /proc/kmsg on a container's own log.
 *
 * A file that is opened in a container gets operations of vKM's, and stays with that log whoever it
 * is passed to: a task of the host, or of another container, that reads it reads this log. It holds
 * a reference on the ring and one on vKM, so neither goes before it is closed.
 */
#ifndef VKM_KMSG_H
#define VKM_KMSG_H

struct file;
struct iov_iter;
struct vkm_ring;

/*
 * In place of the kernel's open functions. 0, -EPERM, -ENOMEM. Context: the opening task, which is
 * a bound container's; may sleep. The ring is the instance's.
 */
int vkm_kmsg_open_device(struct file *file, struct vkm_ring *ring);
int vkm_kmsg_open_proc(struct file *file, struct vkm_ring *ring);

/* What is written to /dev/kmsg, as the kernel takes it; returns bytes, -EINVAL, -EFAULT, -ENOMEM. */
long vkm_kmsg_write(struct vkm_ring *ring, struct iov_iter *from);

#endif
