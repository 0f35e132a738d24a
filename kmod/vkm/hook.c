// SPDX-License-Identifier: GPL-2.0
#include "hook.h"

#include <linux/bitmap.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/xarray.h>
#include <vkernel/rules.h>
#include <compat/ftrace.h>

#include "alias.h"
#include "dispatch.h"
#include "names.h"
#include "need.h"
#include "symbol.h"

/* Functions hooked together: one ftrace_ops, registered once and never changed after. */
struct hook_set {
	struct list_head node; /* in `sets`, under hook_lock */
	void (*trampoline)(void);
	struct ftrace_ops ops;
	unsigned int count;
	unsigned long sites[];
};

static DEFINE_MUTEX(hook_lock);
static LIST_HEAD(sets);	      /* struct hook_set; under hook_lock */
static DEFINE_XARRAY(hooked); /* every site in `sets`, to find twins; under hook_lock */
static unsigned int hooks;    /* sites in `sets`; written under hook_lock */

/* What is in force; under hook_lock. A call that this kernel does not have counts as in force. */
static DECLARE_BITMAP(syscalls_x86_64, POLICY_SYSCALL_MAX);
static DECLARE_BITMAP(syscalls_i386, POLICY_SYSCALL_MAX);
static unsigned long *const syscalls[POLICY_TABLES] = {
	[POLICY_TABLE_X86_64] = syscalls_x86_64,
	[POLICY_TABLE_I386] = syscalls_i386,
};

static unsigned long groups_in_force; /* bit N: vkm_groups[N] */

unsigned int vkm_hook_count(void)
{
	return READ_ONCE(hooks);
}

/*
 * Marks the sites of symbols as hooked and collects them in a new set: each once, although calls
 * without arguments have one address on both entry paths.
 */
static struct hook_set *new_set(void (*trampoline)(void), const struct vkm_symbol *symbols,
				unsigned int count)
{
	struct hook_set *set = kvzalloc(struct_size(set, sites, count), GFP_KERNEL);
	unsigned int i;

	if (!set)
		return NULL;
	set->trampoline = trampoline;
	for (i = 0; i < count; i++) {
		int error = xa_insert(&hooked, symbols[i].site, xa_mk_value(1), GFP_KERNEL);

		if (error == -ENOMEM)
			goto undo;
		if (!error)
			set->sites[set->count++] = symbols[i].site;
	}
	return set;
undo:
	while (set->count)
		xa_erase(&hooked, set->sites[--set->count]);
	kvfree(set);
	return NULL;
}

static void free_set(struct hook_set *set)
{
	while (set->count)
		xa_erase(&hooked, set->sites[--set->count]);
	ftrace_free_filter(&set->ops);
	kvfree(set);
}

static int place_sites(struct ftrace_ops *ops, unsigned long *sites, unsigned int count,
		       void (*trampoline)(void))
{
	int error = ftrace_set_filter_ips(ops, sites, count, 0, 1);

	return error ? error : compat_register_direct(ops, (unsigned long)trampoline);
}

/* Whether somebody holds one of the sites: found by placing hooks on them for a moment. */
static bool is_taken(unsigned long *sites, unsigned int count, void (*trampoline)(void))
{
	struct ftrace_ops *ops = kzalloc(sizeof(*ops), GFP_KERNEL);
	int error;

	if (!ops)
		return false;
	error = place_sites(ops, sites, count, trampoline);
	if (!error)
		compat_unregister_direct(ops, (unsigned long)trampoline);
	ftrace_free_filter(ops);
	kfree(ops);
	return error == -EBUSY;
}

/* ftrace does not say which site of a set is taken: halves are tried until one is left. */
static void tell_taken(struct hook_set *set)
{
	unsigned long *sites = set->sites;
	unsigned int count = set->count;

	while (count > 1) {
		unsigned int half = count / 2;

		if (is_taken(sites, half, set->trampoline)) {
			count = half;
		} else {
			sites += half;
			count -= half;
		}
	}
	pr_err("cannot hook %ps: a livepatch or a BPF program is attached to it; remove that, or "
	       "change the policy\n",
	       (void *)*sites);
}

static int place_set(struct hook_set *set)
{
	int error;

	if (!set->count)
		return 0;
	error = place_sites(&set->ops, set->sites, set->count, set->trampoline);
	if (error == -EBUSY)
		tell_taken(set);
	else if (error)
		pr_err("cannot hook %u functions (%ps first): error %d\n", set->count,
		       (void *)set->sites[0], error);
	return error;
}

static int place(void (*trampoline)(void), struct vkm_symbol *symbols, unsigned int count)
{
	struct hook_set *set;
	int error;

	error = vkm_symbols_find(symbols, count);
	if (error)
		return error;
	set = new_set(trampoline, symbols, count);
	if (!set)
		return -ENOMEM;
	error = place_set(set);
	if (error || !set->count) {
		free_set(set);
		return error;
	}
	list_add(&set->node, &sets);
	WRITE_ONCE(hooks, hooks + set->count);
	return 0;
}

/* Adds the calls of one entry path that are to be hooked; returns how many. */
static unsigned int add_missing(enum policy_table_index path, const unsigned long *needed,
				struct vkm_symbol *symbols)
{
	unsigned int number, count = 0;

	for_each_set_bit(number, needed, POLICY_SYSCALL_MAX) {
		const char *name = vkm_syscall_function(path, number);

		if (name)
			symbols[count++].name = name;
	}
	return count;
}

/* What require_syscalls() works with: too much for the stack. */
struct missing {
	DECLARE_BITMAP(needed[POLICY_TABLES], POLICY_SYSCALL_MAX);
	struct vkm_symbol symbols[POLICY_TABLES * POLICY_SYSCALL_MAX];
};

static int require_missing(const struct vkm_rules *rules, struct missing *missing)
{
	enum policy_table_index path;
	unsigned int count = 0;
	int error = 0;

	for (path = 0; path < POLICY_TABLES; path++) {
		vkm_need_calls(rules, path, missing->needed[path]);
		bitmap_andnot(missing->needed[path], missing->needed[path], syscalls[path],
			      POLICY_SYSCALL_MAX);
		count += add_missing(path, missing->needed[path], missing->symbols + count);
	}
	if (count)
		error = place(vkm_trampoline_syscall, missing->symbols, count);
	for (path = 0; path < POLICY_TABLES && !error; path++)
		bitmap_or(syscalls[path], syscalls[path], missing->needed[path],
			  POLICY_SYSCALL_MAX);
	return error;
}

/* Where a container with such a policy has run before, which is usual, all is in force. */
static bool all_in_force(const struct vkm_rules *rules)
{
	DECLARE_BITMAP(needed, POLICY_SYSCALL_MAX);
	enum policy_table_index path;

	for (path = 0; path < POLICY_TABLES; path++) {
		vkm_need_calls(rules, path, needed);
		if (!bitmap_subset(needed, syscalls[path], POLICY_SYSCALL_MAX))
			return false;
	}
	return true;
}

static int require_syscalls(const struct vkm_rules *rules)
{
	struct missing *missing;
	int error;

	if (all_in_force(rules))
		return 0;
	missing = kvzalloc(sizeof(*missing), GFP_KERNEL);
	if (!missing)
		return -ENOMEM;
	error = require_missing(rules, missing);
	kvfree(missing);
	return error;
}

static int require_group(unsigned int index)
{
	const struct vkm_group *group = &vkm_groups[index];
	struct vkm_symbol symbols[VKM_GROUP_FUNCTIONS] = {};
	unsigned int count;
	int error;

	for (count = 0; count < VKM_GROUP_FUNCTIONS && group->functions[count]; count++)
		symbols[count].name = group->functions[count];
	error = place(group->trampoline, symbols, count);
	if (!error)
		__set_bit(index, &groups_in_force);
	return error;
}

int vkm_hook_require(const struct vkm_rules *rules)
{
	unsigned int index;
	int error;

	mutex_lock(&hook_lock);
	error = require_syscalls(rules);
	for (index = 0; index < vkm_groups_count && !error; index++)
		if (!test_bit(index, &groups_in_force) && vkm_groups[index].is_needed(rules))
			error = require_group(index);
	mutex_unlock(&hook_lock);
	return error;
}

/*
 * ftrace must be on when hooks are placed (else registering succeeds and arms nothing) and stay on
 * (else it disarms them silently, and taking a module away leaves sites that it can no longer
 * patch). An ordinary ops with the PERMANENT flag gives both: it is refused while ftrace is off,
 * and the switch is refused while it is there. The flag on the direct ops themselves would be
 * overwritten at their registration. The keeper traces a function that nobody calls.
 */
static noinline void keeper_site(void)
{
	barrier();
}

static void keeper_called(unsigned long ip, unsigned long parent_ip, struct ftrace_ops *ops,
			  struct ftrace_regs *registers)
{
}

static struct ftrace_ops keeper = {
	.func = keeper_called,
	.flags = FTRACE_OPS_FL_PERMANENT,
};

int vkm_hook_start(void)
{
	int error;

	keeper_site(); /* keeps the compiler from dropping it */
	error = ftrace_set_filter_ip(&keeper, (unsigned long)keeper_site, 0, 1);
	if (!error)
		error = register_ftrace_function(&keeper);
	if (error) {
		pr_err("ftrace cannot be used: error %d%s\n", error,
		       error == -EBUSY ? "; it is switched off, run: sysctl kernel.ftrace_enabled=1"
				       : "");
		ftrace_free_filter(&keeper);
	}
	return error;
}

/*
 * Why no task is left in our code when this returns. A trampoline calls its handler and returns;
 * neither sleeps but in a private call or to decide about a file, and none is left: tasks in one
 * belong to a container whose instance uses vKM. (Whoever shuts a file system down sleeps too, and
 * is counted: alias.c.) So a task in them is running or preempted, never blocked. Unregistering takes
 * the call out of the site, then waits for the tasks that were preempted on it
 * (synchronize_rcu_tasks() in ftrace_shutdown(), as our ops are not the kernel's own data). The
 * wait below repeats that for the last set, for kernels that skip it, and the grace period covers
 * handlers in their read-side sections and interrupts. No frame of ours lies under a hooked function's body.
 */
void vkm_hook_stop(void)
{
	struct hook_set *set, *next;

	mutex_lock(&hook_lock);
	list_for_each_entry(set, &sets, node) {
		int error = compat_unregister_direct(&set->ops, (unsigned long)set->trampoline);

		WARN_ONCE(error, "vkm: cannot remove hooks: error %d\n", error);
	}
	synchronize_rcu_tasks();
	vkm_alias_stop();
	synchronize_rcu_tasks();
	synchronize_rcu();
	list_for_each_entry_safe(set, next, &sets, node) {
		list_del(&set->node);
		WRITE_ONCE(hooks, hooks - set->count);
		free_set(set);
	}
	mutex_unlock(&hook_lock);
	xa_destroy(&hooked);
	unregister_ftrace_function(&keeper);
	ftrace_free_filter(&keeper);
}
