// SPDX-License-Identifier: GPL-2.0
/* A container at the kernel's log: it is refused it, or has its own. */
#include <linux/array_size.h>
#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/ftrace.h>
#include <linux/poll.h>
#include <linux/preempt.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/syslog.h>

#include "arming.h"
#include "dispatch.h"
#include "identity.h"
#include "instance.h"
#include "kmsg.h"
#include "report.h"
#include "ring.h"
#include "symbol.h"
#include "syslog.h"

/* The hooked function's arguments, whatever they are. */
struct arguments {
	unsigned long a, b, c, d;
};

/* int do_syslog(int type, char __user *buffer, int size, int source) */
static long private_syslog(const struct arguments *arguments, struct vkm_ring *ring)
{
	/* A /proc/kmsg that was opened outside. */
	if ((int)arguments->d == SYSLOG_FROM_PROC)
		return -EPERM;
	return vkm_syslog(ring, arguments->a, (char __user *)arguments->b, arguments->c);
}

/* int kmsg_open(struct inode *inode, struct file *file) */
static long private_open_proc(const struct arguments *arguments, struct vkm_ring *ring)
{
	return vkm_kmsg_open_proc((struct file *)arguments->b, ring);
}

/* int devkmsg_open(struct inode *inode, struct file *file) */
static long private_open_device(const struct arguments *arguments, struct vkm_ring *ring)
{
	return vkm_kmsg_open_device((struct file *)arguments->b, ring);
}

/* ssize_t devkmsg_write(struct kiocb *request, struct iov_iter *from), on a file from outside */
static long private_write(const struct arguments *arguments, struct vkm_ring *ring)
{
	return vkm_kmsg_write(ring, (struct iov_iter *)arguments->b);
}

/* Functions of the log. Without a handler: asked only about a file that was opened outside. */
static struct vkm_symbol functions[] = {
	{.name = "do_syslog"},	   {.name = "kmsg_open"},    {.name = "devkmsg_open"},
	{.name = "devkmsg_write"}, {.name = "devkmsg_read"}, {.name = "devkmsg_llseek"},
	{.name = "devkmsg_poll"},
};

static const struct entry {
	long (*handle)(const struct arguments *arguments, struct vkm_ring *ring);
	long refusal;
} entries[ARRAY_SIZE(functions)] = {
	{.refusal = -EPERM, .handle = private_syslog},
	{.refusal = -EPERM, .handle = private_open_proc},
	{.refusal = -EPERM, .handle = private_open_device},
	{.refusal = -EPERM, .handle = private_write},
	{.refusal = -EPERM},
	{.refusal = -EPERM},
	{.refusal = (__force long)EPOLLERR},
};

int vkm_log_start(void)
{
	const int error = vkm_symbols_find(functions, ARRAY_SIZE(functions));

	return error ? error : vkm_syslog_start();
}

/* The function into which a trampoline would return there. */
static const struct entry *entry_of(unsigned long resumption)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(functions) - 1; i++)
		if (functions[i].site == resumption - MCOUNT_INSN_SIZE)
			break;
	return &entries[i];
}

static long refuse(struct vkm_instance *instance, const struct entry *entry)
{
	const struct vkm_denial denial = {
		.class = VKM_LOG,
		.number = -1,
		.verdict = POLICY_VERDICT(POLICY_ERRNO, EPERM),
	};

	vkm_report(instance, &denial);
	return entry->refusal;
}

static bool is_exempt(enum policy_log_mode mode)
{
	return mode == POLICY_LOG_HOST || !in_task() || vkm_is_entering(current);
}

/* Who exits may only close, which needs no answer. */
static long refuse_exiting(const struct entry *entry)
{
	struct vkm_instance *instance;
	long answer = VKM_PASS;

	rcu_read_lock();
	instance = vkm_instance_of(current);
	if (instance && !is_exempt(vkm_rules_of(instance)->log))
		answer = refuse(instance, entry);
	rcu_read_unlock();
	return answer;
}

/*
 * The handler may sleep: it has looked at the rules for the last time, and its task, which does not
 * exit, keeps the instance bound. They are looked at once, because others may take their place
 * meanwhile: a ring is there only where one and the same look said that the log is private.
 */
long vkm_enter_log(unsigned long a, unsigned long b, unsigned long c, unsigned long d,
		   struct vkm_instance *instance, unsigned long resumption)
{
	const struct arguments arguments = {.a = a, .b = b, .c = c, .d = d};
	const struct entry *entry = entry_of(resumption);
	enum policy_log_mode mode;

	if (!instance)
		return refuse_exiting(entry);
	mode = vkm_rules_of(instance)->log;
	if (is_exempt(mode))
		return VKM_PASS;
	if (mode == POLICY_LOG_DENY || !entry->handle)
		return refuse(instance, entry);
	return entry->handle(&arguments, vkm_ring_of(instance));
}

/*
 * int vprintk_store(facility, level, device, format, arguments): the host keeps its line, and what
 * is printed for a task of a container is copied to that one's log. What a runtime's task prints is
 * its own doing, and the host's: it would show the container how it was put together.
 */
long vkm_enter_print(int facility, int level, const struct dev_printk_info *device,
		     const char *format, va_list arguments, struct vkm_instance *instance)
{
	/* On the way in or out of the kernel nobody would keep what is looked at below. */
	if (!in_task() || !rcu_is_watching())
		return VKM_PASS;
	rcu_read_lock();
	if (!instance)
		instance = vkm_instance_of(current);
	if (instance && vkm_rules_of(instance)->log == POLICY_LOG_PRIVATE &&
	    !vkm_is_entering(current))
		vkm_ring_vprint(vkm_ring_of(instance), facility, level, device, format, arguments);
	rcu_read_unlock();
	return VKM_PASS;
}
