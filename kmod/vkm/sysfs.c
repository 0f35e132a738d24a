// SPDX-License-Identifier: GPL-2.0
#include "sysfs.h"

#include <linux/kstrtox.h>
#include <linux/percpu.h>
#include <linux/string.h>
#include <linux/sysfs.h>
#include <compat/sysfs.h>

#include "expect.h"
#include "instance.h"
#include "report.h"
#include "ring.h"

/*
 * Writing a process number binds the instance to that process's PID namespace. The process must
 * be of a level-1 namespace (else EXDEV for the host's own, EOPNOTSUPP for a nested one) and still
 * be its runtime's init (else EPROTO). ESRCH: no such process; EALREADY: this instance is bound or
 * was; EBUSY: the namespace is another instance's; ENOSPC: 4096 are bound. The word "expected" binds
 * it to the container that the writer expects (expect.h); ESRCH: there is none.
 */
static ssize_t bind_store(struct kobject *kobject, struct kobj_attribute *attribute,
			  const char *buffer, size_t count)
{
	pid_t number;
	int error;

	if (!vkm_from_host())
		return -EPERM;
	if (sysfs_streq(buffer, "expected")) {
		error = vkm_expect_settle(vkm_to_instance(kobject));
		return error ? error : count;
	}
	error = kstrtoint(buffer, 10, &number);
	if (!error)
		error = vkm_instance_bind(vkm_to_instance(kobject), number);
	return error ? error : count;
}

/*
 * Writing anything ends the binding of a container that is over. EBUSY: tasks are left in it, and
 * they stay bound. An instance that is not bound has nothing to release: that is no error.
 */
static ssize_t release_store(struct kobject *kobject, struct kobj_attribute *attribute,
			     const char *buffer, size_t count)
{
	int error;

	if (!vkm_from_host())
		return -EPERM;
	error = vkm_instance_release(vkm_to_instance(kobject));
	return error ? error : count;
}

static ssize_t state_show(struct kobject *kobject, struct kobj_attribute *attribute, char *buffer)
{
	if (!vkm_from_host())
		return -EPERM;
	return sysfs_emit(buffer, "%s\n", vkm_instance_state(vkm_to_instance(kobject)));
}

static ssize_t init_show(struct kobject *kobject, struct kobj_attribute *attribute, char *buffer)
{
	if (!vkm_from_host())
		return -EPERM;
	return sysfs_emit(buffer, "%d\n", READ_ONCE(vkm_to_instance(kobject)->init));
}

static u64 sum(const struct vkm_instance *instance, enum vkm_count count)
{
	u64 total = 0;
	int cpu;

	for_each_possible_cpu(cpu)
		total += READ_ONCE(per_cpu_ptr(instance->counters, cpu)->counts[count]);
	return total;
}

/* One line for each count: its name and how often it happened. */
static ssize_t denied_show(struct kobject *kobject, struct kobj_attribute *attribute, char *buffer)
{
	enum vkm_count count;
	int length = 0;

	if (!vkm_from_host())
		return -EPERM;
	for (count = 0; count < VKM_COUNTS; count++)
		length += sysfs_emit_at(buffer, length, "%s %llu\n", vkm_count_name(count),
					sum(vkm_to_instance(kobject), count));
	return length;
}

int vkm_emit_log_range(const struct vkm_instance *instance, char *buffer, int at)
{
	struct vkm_ring *ring = smp_load_acquire(&instance->ring);
	u64 first, end;

	if (!ring)
		return -ENODATA;
	vkm_ring_range(ring, &first, &end);
	return sysfs_emit_at(buffer, at, "%llu %llu\n", first, end);
}

/*
 * "FIRST END": which bytes of the private log can be read from the file `log`. ENODATA: the
 * instance never had one. Whoever has read this from its start and then polls for POLLPRI is woken
 * when there is more, or when the container is released, after which nothing comes.
 */
static ssize_t log_range_show(struct kobject *kobject, struct kobj_attribute *attribute,
			      char *buffer)
{
	if (!vkm_from_host())
		return -EPERM;
	return vkm_emit_log_range(vkm_to_instance(kobject), buffer, 0);
}

static struct kobj_attribute bind_attribute = __ATTR(bind, 0200, NULL, bind_store);
static struct kobj_attribute release_attribute = __ATTR(release, 0200, NULL, release_store);
static struct kobj_attribute state_attribute = __ATTR(state, 0400, state_show, NULL);
static struct kobj_attribute init_attribute = __ATTR(init, 0400, init_show, NULL);
static struct kobj_attribute denied_attribute = __ATTR(denied, 0400, denied_show, NULL);

static struct kobj_attribute log_range_attribute = {
	.attr = {.name = VKM_LOG_RANGE, .mode = 0400},
	.show = log_range_show,
};

static struct attribute *attributes[] = {
	&bind_attribute.attr,
	&release_attribute.attr,
	&state_attribute.attr,
	&init_attribute.attr,
	&denied_attribute.attr,
	&log_range_attribute.attr,
	NULL,
};

/* Refusals by entry path and number, as 64-bit numbers one after the other. */
static ssize_t calls_read(struct file *file, struct kobject *kobject,
			  COMPAT_BIN_ATTRIBUTE *attribute, char *buffer, loff_t offset, size_t size)
{
	const struct vkm_instance *instance = vkm_to_instance(kobject);

	if (!vkm_from_host())
		return -EPERM;
	return memory_read_from_buffer(buffer, size, &offset, instance->calls,
				       POLICY_TABLES * POLICY_SYSCALL_MAX * sizeof(u64));
}

static ssize_t policy_read(struct file *file, struct kobject *kobject,
			   COMPAT_BIN_ATTRIBUTE *attribute, char *buffer, loff_t offset,
			   size_t size)
{
	if (!vkm_from_host())
		return -EPERM;
	return vkm_instance_read_policy(vkm_to_instance(kobject), buffer, offset, size);
}

/*
 * A blob, in order, in pieces as they come: the last byte, which the header tells, puts it in
 * force. With that piece, or the first, comes the error that keeps the old one in force: EINVAL it
 * is refused (the log says where and why), ENOENT a private call is missing, EOPNOTSUPP or EBUSY a
 * hook cannot be placed, ENOMEM. ESTALE: a piece that does not go on where the last one ended.
 */
static ssize_t policy_write(struct file *file, struct kobject *kobject,
			    COMPAT_BIN_ATTRIBUTE *attribute, char *buffer, loff_t offset,
			    size_t size)
{
	int error;

	if (!vkm_from_host())
		return -EPERM;
	error = vkm_instance_stage(vkm_to_instance(kobject), buffer, offset, size);
	return error ? error : size;
}

/*
 * The private log as one stream, from the container's start: its records as /dev/kmsg shows them,
 * at most VKM_KMSG_MAX (4096) bytes each. The offset is a position in all of it, dropped records
 * too, and what stands at a position never changes. A read that begins where a record does gives
 * as many whole records as fit, or the beginning of one that does not; one that begins inside a
 * record gives its rest first. 0: nothing is there yet. EPIPE: it has been dropped, or is while it
 * is read; go on at FIRST of log_range. ENODATA: the instance never had a private log.
 */
static ssize_t log_read(struct file *file, struct kobject *kobject, COMPAT_BIN_ATTRIBUTE *attribute,
			char *buffer, loff_t offset, size_t size)
{
	struct vkm_ring *ring = smp_load_acquire(&vkm_to_instance(kobject)->ring);

	if (!vkm_from_host())
		return -EPERM;
	return ring ? vkm_ring_stream(ring, buffer, offset, size) : -ENODATA;
}

static COMPAT_BIN_ATTRIBUTE log_attribute = {
	.attr = {.name = "log", .mode = 0400},
	.read = log_read,
};

static COMPAT_BIN_ATTRIBUTE calls_attribute = {
	.attr = {.name = "calls", .mode = 0400},
	.size = POLICY_TABLES * POLICY_SYSCALL_MAX * sizeof(u64),
	.read = calls_read,
};

static COMPAT_BIN_ATTRIBUTE policy_attribute = {
	.attr = {.name = "policy", .mode = 0600},
	.read = policy_read,
	.write = policy_write,
};

static COMPAT_BIN_ATTRIBUTE *const binary_attributes[] = {
	&calls_attribute,
	&log_attribute,
	&policy_attribute,
	NULL,
};

static const struct attribute_group group = {
	.attrs = attributes,
	.bin_attrs = (void *)binary_attributes, /* its type has become more constant over time */
};

const struct attribute_group *vkm_instance_groups[] = {&group, NULL};
