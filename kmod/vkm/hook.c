// SPDX-License-Identifier: GPL-2.0
#include "hook.h"

#include <linux/bitmap.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/xarray.h>
#include <vkernel/vkm.h>
#include <compat/ftrace.h>

#include "dispatch.h"
#include "names.h"
#include "symbol.h"

static void (*const trampolines[VKM_CLASSES])(void) = {
	[VKM_SYSCALL] = vkm_trampoline_syscall,
	[VKM_CAPABILITY] = vkm_trampoline_capability,
	[VKM_LOG] = vkm_trampoline_log,
	[VKM_PTRACE] = vkm_trampoline_ptrace,
};

/*
 * Functions beside the system calls. All of them return what a refusal needs, an errno in the
 * return register, and none is entered with a lock that its caller expects it to drop.
 */
static const char *const capability_functions[] = { "cap_capable" };
static const char *const ptrace_functions[] = { "security_ptrace_access_check" };
static const char *const log_functions[] = {
	"do_syslog", /* syslog(2) and /proc/kmsg */
	"devkmsg_open",
	"devkmsg_read", /* this and the next: a descriptor that was opened outside */
	"devkmsg_write",
};

/* Functions hooked together: one ftrace_ops, registered once and never changed after. */
struct hook_set {
	struct list_head node; /* in `sets`, under hook_lock */
	enum vkm_class class;
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

static bool fixed_in_force[VKM_CLASSES];

unsigned int vkm_hook_count(void)
{
	return READ_ONCE(hooks);
}

/*
 * Marks the sites of symbols as hooked and collects them in a new set: each once, although calls
 * without arguments have one address on both entry paths.
 */
static struct hook_set *new_set(enum vkm_class class, const struct vkm_symbol *symbols,
				unsigned int count)
{
	struct hook_set *set = kvzalloc(struct_size(set, sites, count), GFP_KERNEL);
	unsigned int i;

	if (!set)
		return NULL;
	set->class = class;
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

static int place_set(struct hook_set *set)
{
	unsigned long trampoline = (unsigned long)trampolines[set->class];
	int error;

	if (!set->count)
		return 0;
	error = ftrace_set_filter_ips(&set->ops, set->sites, set->count, 0, 1);
	if (!error)
		error = compat_register_direct(&set->ops, trampoline);
	if (error)
		pr_err("cannot hook %u functions (%pS first): error %d%s\n", set->count,
		       (void *)set->sites[0], error,
		       error == -EBUSY ?
			       "; a livepatch or a BPF program is attached to one of them" :
			       "");
	return error;
}

static int place(enum vkm_class class, struct vkm_symbol *symbols, unsigned int count)
{
	struct hook_set *set;
	int error;

	error = vkm_symbols_find(symbols, count);
	if (error)
		return error;
	set = new_set(class, symbols, count);
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

static unsigned int missing_syscalls(const struct vkm_guard *guard, struct vkm_symbol *symbols)
{
	enum policy_table_index table;
	unsigned int number, count = 0;

	for (table = 0; table < POLICY_TABLES; table++) {
		for_each_set_bit(number, guard->syscalls[table], POLICY_SYSCALL_MAX) {
			const char *name = vkm_syscall_function(table, number);

			if (name && !test_bit(number, syscalls[table]))
				symbols[count++].name = name;
		}
	}
	return count;
}

static int require_syscalls(const struct vkm_guard *guard)
{
	enum policy_table_index table;
	struct vkm_symbol *symbols;
	unsigned int count;
	int error = 0;

	symbols = kvcalloc(POLICY_TABLES * POLICY_SYSCALL_MAX, sizeof(*symbols), GFP_KERNEL);
	if (!symbols)
		return -ENOMEM;
	count = missing_syscalls(guard, symbols);
	if (count)
		error = place(VKM_SYSCALL, symbols, count);
	kvfree(symbols);
	if (error)
		return error;
	for (table = 0; table < POLICY_TABLES; table++)
		bitmap_or(syscalls[table], syscalls[table], guard->syscalls[table],
			  POLICY_SYSCALL_MAX);
	return 0;
}

static int require_fixed(enum vkm_class class, const char *const *names, unsigned int count)
{
	struct vkm_symbol symbols[4] = {};
	unsigned int i;
	int error;

	if (fixed_in_force[class])
		return 0;
	if (WARN_ON(count > ARRAY_SIZE(symbols)))
		return -EINVAL;
	for (i = 0; i < count; i++)
		symbols[i].name = names[i];
	error = place(class, symbols, count);
	if (!error)
		fixed_in_force[class] = true;
	return error;
}

int vkm_hook_require(const struct vkm_guard *guard)
{
	int error;

	mutex_lock(&hook_lock);
	error = require_fixed(VKM_PTRACE, ptrace_functions, ARRAY_SIZE(ptrace_functions));
	if (!error)
		error = require_syscalls(guard);
	if (!error && guard->guards_capabilities)
		error = require_fixed(VKM_CAPABILITY, capability_functions,
				      ARRAY_SIZE(capability_functions));
	if (!error && guard->guards_log)
		error = require_fixed(VKM_LOG, log_functions, ARRAY_SIZE(log_functions));
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
		       error == -EBUSY ?
			       "; it is switched off, run: sysctl kernel.ftrace_enabled=1" :
			       "");
		ftrace_free_filter(&keeper);
	}
	return error;
}

/*
 * Why no task is left in our code when this returns. A trampoline calls its handler and returns;
 * neither sleeps, so a task in them is running or preempted, never blocked. Unregistering takes
 * the call out of the site, then waits for the tasks that were preempted on it
 * (synchronize_rcu_tasks() in ftrace_shutdown(), as our ops are not the kernel's own data). The
 * wait below repeats that for the last set, for kernels that skip it, and the grace period covers
 * handlers in their read-side sections. No frame of ours lies under a hooked function's body.
 */
void vkm_hook_stop(void)
{
	struct hook_set *set, *next;

	mutex_lock(&hook_lock);
	list_for_each_entry(set, &sets, node) {
		int error = compat_unregister_direct(&set->ops,
						     (unsigned long)trampolines[set->class]);

		WARN_ONCE(error, "vkm: cannot remove hooks: error %d\n", error);
	}
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
