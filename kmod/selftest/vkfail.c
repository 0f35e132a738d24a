// SPDX-License-Identifier: GPL-2.0
/*
 * Makes one allocation of vkm or of a vKI fail. A test counts first:
 *
 *	echo 0 >/sys/module/vkfail/parameters/fail_at	count from here on, fail none
 *	(what is to be tested)
 *	cat /sys/module/vkfail/parameters/points	which calls are worth failing
 *	cat /sys/module/vkfail/parameters/places	each place in the code once
 *	echo 7 >/sys/module/vkfail/parameters/fail_at	count again, and fail the 7th
 *	(what is to be tested)
 *	cat /sys/module/vkfail/parameters/failed	where it failed, or "none"
 *	cat /sys/module/vkfail/parameters/held		what vkm and the vKIs have not freed
 *
 * A loop's hundred calls are one place in the code: of calls in a row from one place only the
 * first and the third are points, the third because by then there is something to undo.
 */
#include <linux/kallsyms.h>
#include <linux/kernel.h>
#include <linux/limits.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/spinlock.h>

#include "failing.h"

#define POINTS_MAX 512

static DEFINE_RAW_SPINLOCK(lock); /* for everything below */
static unsigned int fail_at;
static unsigned int calls;
static char failed[KSYM_SYMBOL_LEN] = "none"; /* as text: the module may be gone when it is read */
static unsigned long last_site;
static unsigned int in_a_row;
static struct {
	unsigned int call;
	unsigned long site;
	unsigned int in_a_row;
} points[POINTS_MAX];
static unsigned int point_count;

static void note_point(unsigned long site)
{
	in_a_row = site == last_site ? in_a_row + 1 : 1;
	last_site = site;
	if ((in_a_row != 1 && in_a_row != 3) || point_count == POINTS_MAX)
		return;
	points[point_count].call = calls;
	points[point_count].site = site;
	points[point_count].in_a_row = in_a_row;
	point_count++;
}

bool vkfail_now(unsigned long site)
{
	unsigned long flags;
	bool fail;

	raw_spin_lock_irqsave(&lock, flags);
	calls++;
	note_point(site);
	fail = calls == fail_at;
	if (fail)
		snprintf(failed, sizeof(failed), "%pS", (void *)site);
	raw_spin_unlock_irqrestore(&lock, flags);
	return fail;
}
EXPORT_SYMBOL_GPL(vkfail_now);

/* Every piece of memory that vkm and the vKIs hold, with the place that asked for it. */
static DEFINE_XARRAY(held);

static void note_held(unsigned long address, unsigned long site)
{
	unsigned long flags;
	void *stored;

	if (!address)
		return;
	xa_lock_irqsave(&held, flags);
	stored = __xa_store(&held, address, xa_mk_value(site >> 1), GFP_ATOMIC);
	xa_unlock_irqrestore(&held, flags);
	WARN_ON_ONCE(xa_is_err(stored));
}

static void *hold(void *memory, unsigned long site)
{
	note_held((unsigned long)memory, site);
	return memory;
}

static void let_go(unsigned long address)
{
	unsigned long flags;

	if (!address)
		return;
	xa_lock_irqsave(&held, flags);
	WARN_ONCE(!__xa_erase(&held, address), "vkfail: freed, but not held\n");
	xa_unlock_irqrestore(&held, flags);
}

void *vkfail_kmalloc(size_t size, gfp_t flags)
{
	return vkfail_now(_RET_IP_) ? NULL : hold(kmalloc(size, flags), _RET_IP_);
}
EXPORT_SYMBOL_GPL(vkfail_kmalloc);

void *vkfail_kmalloc_array(size_t count, size_t size, gfp_t flags)
{
	return vkfail_now(_RET_IP_) ? NULL : hold(kmalloc_array(count, size, flags), _RET_IP_);
}
EXPORT_SYMBOL_GPL(vkfail_kmalloc_array);

void *vkfail_kvmalloc(size_t size, gfp_t flags)
{
	return vkfail_now(_RET_IP_) ? NULL : hold(kvmalloc(size, flags), _RET_IP_);
}
EXPORT_SYMBOL_GPL(vkfail_kvmalloc);

void *vkfail_kvmalloc_array(size_t count, size_t size, gfp_t flags)
{
	return vkfail_now(_RET_IP_) ? NULL : hold(kvmalloc_array(count, size, flags), _RET_IP_);
}
EXPORT_SYMBOL_GPL(vkfail_kvmalloc_array);

void *vkfail_vmalloc(size_t size)
{
	return vkfail_now(_RET_IP_) ? NULL : hold(vmalloc(size), _RET_IP_);
}
EXPORT_SYMBOL_GPL(vkfail_vmalloc);

void *vkfail_kmemdup(const void *from, size_t size, gfp_t flags)
{
	return vkfail_now(_RET_IP_) ? NULL : hold(kmemdup(from, size, flags), _RET_IP_);
}
EXPORT_SYMBOL_GPL(vkfail_kmemdup);

char *vkfail_kstrdup(const char *from, gfp_t flags)
{
	return vkfail_now(_RET_IP_) ? NULL : hold(kstrdup(from, flags), _RET_IP_);
}
EXPORT_SYMBOL_GPL(vkfail_kstrdup);

char *vkfail_kasprintf(gfp_t flags, const char *format, ...)
{
	va_list arguments;
	char *text;

	if (vkfail_now(_RET_IP_))
		return NULL;
	va_start(arguments, format);
	text = kvasprintf(flags, format, arguments);
	va_end(arguments);
	return hold(text, _RET_IP_);
}
EXPORT_SYMBOL_GPL(vkfail_kasprintf);

void __percpu *vkfail_alloc_percpu(size_t size, size_t alignment)
{
	void __percpu *memory;

	if (vkfail_now(_RET_IP_))
		return NULL;
	memory = __alloc_percpu(size, alignment);
	note_held((__force unsigned long)memory, _RET_IP_);
	return memory;
}
EXPORT_SYMBOL_GPL(vkfail_alloc_percpu);

struct workqueue_struct *vkfail_alloc_workqueue(const char *name, unsigned int flags, int active)
{
	return vkfail_now(_RET_IP_) ? NULL : alloc_workqueue("%s", flags, active, name);
}
EXPORT_SYMBOL_GPL(vkfail_alloc_workqueue);

void vkfail_kfree(const void *memory)
{
	let_go((unsigned long)memory);
	kfree(memory);
}
EXPORT_SYMBOL_GPL(vkfail_kfree);

void vkfail_kvfree(const void *memory)
{
	let_go((unsigned long)memory);
	kvfree(memory);
}
EXPORT_SYMBOL_GPL(vkfail_kvfree);

void vkfail_free_percpu(void __percpu *memory)
{
	let_go((__force unsigned long)memory);
	free_percpu(memory);
}
EXPORT_SYMBOL_GPL(vkfail_free_percpu);

/* The memory's own rcu_head lies at a place that only its owner knows. */
struct deferred {
	struct rcu_head rcu;
	const void *memory;
};

static void free_deferred(struct rcu_head *head)
{
	struct deferred *deferred = container_of(head, struct deferred, rcu);

	kfree(deferred->memory);
	kfree(deferred);
}

void vkfail_kfree_rcu(const void *memory)
{
	struct deferred *deferred = kmalloc(sizeof(*deferred), GFP_ATOMIC);

	let_go((unsigned long)memory);
	if (WARN_ON_ONCE(!deferred))
		return;
	deferred->memory = memory;
	call_rcu(&deferred->rcu, free_deferred);
}
EXPORT_SYMBOL_GPL(vkfail_kfree_rcu);

static int set_fail_at(const char *text, const struct kernel_param *parameter)
{
	unsigned int value;
	int error = kstrtouint(text, 10, &value);

	if (error)
		return error;
	raw_spin_lock_irq(&lock);
	fail_at = value;
	calls = 0;
	strscpy(failed, "none", sizeof(failed));
	last_site = 0;
	in_a_row = 0;
	point_count = 0;
	raw_spin_unlock_irq(&lock);
	return 0;
}

static const struct kernel_param_ops fail_at_ops = {
	.set = set_fail_at,
	.get = param_get_uint,
};
module_param_cb(fail_at, &fail_at_ops, &fail_at, 0600);
MODULE_PARM_DESC(fail_at, "which allocation fails, counted from this write on; 0: none");

static bool is_first(unsigned int index)
{
	unsigned int i;

	for (i = 0; i < index; i++)
		if (points[i].site == points[index].site &&
		    points[i].in_a_row == points[index].in_a_row)
			return false;
	return true;
}

static int print_points(char *buffer, bool all)
{
	unsigned int i;
	int length = 0;

	raw_spin_lock_irq(&lock);
	for (i = 0; i < point_count; i++)
		if (all || is_first(i))
			length += scnprintf(buffer + length, PAGE_SIZE - length, "%u ",
					    points[i].call);
	raw_spin_unlock_irq(&lock);
	return length + scnprintf(buffer + length, PAGE_SIZE - length, "\n");
}

static int get_points(char *buffer, const struct kernel_param *parameter)
{
	return print_points(buffer, true);
}

static const struct kernel_param_ops points_ops = {.get = get_points};
module_param_cb(points, &points_ops, NULL, 0400);
MODULE_PARM_DESC(points, "calls since fail_at was written that are worth failing");

static int get_places(char *buffer, const struct kernel_param *parameter)
{
	return print_points(buffer, false);
}

static const struct kernel_param_ops places_ops = {.get = get_places};
module_param_cb(places, &places_ops, NULL, 0400);
MODULE_PARM_DESC(places, "the first of these from each place in the code");

static int get_failed(char *buffer, const struct kernel_param *parameter)
{
	int length;

	raw_spin_lock_irq(&lock);
	length = scnprintf(buffer, PAGE_SIZE, "%s\n", failed);
	raw_spin_unlock_irq(&lock);
	return length;
}

static const struct kernel_param_ops failed_ops = {.get = get_failed};
module_param_cb(failed, &failed_ops, NULL, 0400);
MODULE_PARM_DESC(failed, "where it failed since fail_at was written");

/* A line for each piece: the address of the code that asked for it, as far as they fit. */
static int get_held(char *buffer, const struct kernel_param *parameter)
{
	unsigned long memory;
	int length = 0;
	void *site;

	xa_for_each(&held, memory, site) length += scnprintf(
		buffer + length, PAGE_SIZE - length, "%pS\n", (void *)(xa_to_value(site) << 1));
	return length;
}

static const struct kernel_param_ops held_ops = {.get = get_held};
module_param_cb(held, &held_ops, NULL, 0400);
MODULE_PARM_DESC(held, "who asked for the memory that is held");

static int __init vkfail_start(void)
{
	return 0;
}

static void __exit vkfail_stop(void)
{
	rcu_barrier();
	xa_destroy(&held);
}

module_init(vkfail_start);
module_exit(vkfail_stop);
MODULE_DESCRIPTION("vKernel selftest: allocations that fail on demand");
MODULE_LICENSE("GPL");
