// SPDX-License-Identifier: GPL-2.0
#include "arming.h"

#include <linux/array_size.h>
#include <linux/hashtable.h>
#include <linux/rculist.h>
#include <linux/pid_namespace.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/task_work.h>
#include <linux/tracepoint.h>
#include <compat/tracepoint.h>

#include "expect.h"
#include "identity.h"
#include "instance.h"

/*
 * One entering task. It is put in before the task first runs and taken out by its exec or exit, before
 * the task goes: the pointer cannot outlive it and be reused, and may be followed under entering_lock.
 */
struct entering {
	struct hlist_node node; /* in `entering`; changed under entering_lock */
	struct task_struct *task;
	/* Whose init it descends from, or is, all the way by entering tasks; a name, never followed. */
	const struct pid_namespace *prepares;
	bool hook; /* it is a hook, or descends from one; under entering_lock */
	struct rcu_head rcu;
};

static DEFINE_HASHTABLE(entering, 8);
static DEFINE_SPINLOCK(entering_lock);
unsigned int vkm_entering_count; /* entries in `entering`; changed under entering_lock */
static unsigned int hook_count;	 /* those of them that are hooks; likewise */

static struct entering *find(const struct task_struct *task)
{
	struct entering *entry;

	hash_for_each_possible_rcu(entering, entry, node, (unsigned long)task,
				   lockdep_is_held(&entering_lock)) {
		if (entry->task == task)
			return entry;
	}
	return NULL;
}

bool vkm_is_listed(const struct task_struct *task)
{
	bool listed;

	rcu_read_lock();
	listed = find(task);
	rcu_read_unlock();
	return listed;
}

/* Under entering_lock: the container's program has begun, or its init has gone. */
static bool has_begun(const struct pid_namespace *container)
{
	return !find(READ_ONCE(container->child_reaper));
}

/* Under entering_lock. */
static void set_hook(struct entering *entry, bool hook)
{
	WRITE_ONCE(hook_count, hook_count + hook - entry->hook);
	entry->hook = hook;
}

/* Under entering_lock: what entry, a task of container, has of creator, which made it. */
static void inherit(struct entering *entry, const struct pid_namespace *container,
		    const struct task_struct *creator)
{
	const struct entering *from = find(creator);

	if (READ_ONCE(container->child_reaper) == entry->task) {
		entry->prepares = container;
	} else if (from && from->prepares == container) {
		entry->prepares = container;
		set_hook(entry, from->hook);
	}
}

static bool is_listed_hook(const struct task_struct *task)
{
	const struct entering *entry;
	bool hook;

	spin_lock(&entering_lock);
	entry = find(task);
	hook = entry && entry->hook;
	spin_unlock(&entering_lock);
	return hook;
}

/*
 * Where memory fails the task is armed from the start: its runtime then fails under the policy,
 * and no container starts unguarded. What a hook makes then, or when its time is over, is ended as it
 * is: kill_hooks() does not see it.
 */
static void add(struct task_struct *task, const struct pid_namespace *container,
		const struct task_struct *creator)
{
	struct entering *entry = kzalloc(sizeof(*entry), GFP_NOWAIT | __GFP_NOWARN);

	if (!entry) {
		if (is_listed_hook(creator))
			send_sig(SIGKILL, task, 1);
		return;
	}
	entry->task = task;
	spin_lock(&entering_lock);
	inherit(entry, container, creator);
	hash_add_rcu(entering, &entry->node, (unsigned long)task);
	WRITE_ONCE(vkm_entering_count, vkm_entering_count + 1);
	if (entry->hook && has_begun(container))
		send_sig(SIGKILL, task, 1);
	spin_unlock(&entering_lock);
}

/*
 * task executes: whether it is a hook, which goes on as an entering task. It descends from an init
 * that has not begun its program, and hooks are what this init was told to execute.
 */
static bool is_hook(const struct task_struct *task, const struct pid_namespace *container)
{
	struct entering *entry;
	bool hook = false;

	if (!vkm_may_be_entering() || READ_ONCE(container->child_reaper) == task ||
	    !vkm_expect_hooks(container))
		return false;
	spin_lock(&entering_lock);
	entry = find(task);
	if (entry && entry->prepares == container && !has_begun(container)) {
		set_hook(entry, true);
		hook = true;
	}
	spin_unlock(&entering_lock);
	return hook;
}

/*
 * The container's init, which is entering no more, begins its program: what hooks have left would go
 * on unguarded, and perhaps with what is the host's, beside it.
 */
static void kill_hooks(const struct pid_namespace *container)
{
	struct entering *entry;
	unsigned int count = 0;
	int bucket;

	/* Whoever became one has found the init there, under the lock that it was taken out under. */
	if (!READ_ONCE(hook_count))
		return;
	spin_lock(&entering_lock);
	hash_for_each(entering, bucket, entry, node) {
		if (!entry->hook || entry->prepares != container)
			continue;
		send_sig(SIGKILL, entry->task, 1);
		count++;
	}
	spin_unlock(&entering_lock);
	if (count)
		pr_warn("a createContainer hook left %u threads in its container; they are ended\n",
			count);
}

/*
 * task is current: nobody else puts it in or takes it out meanwhile, so the lock is needed only
 * for its neighbours in the table, and not at all by the many tasks that are not there.
 */
static void remove(const struct task_struct *task)
{
	struct entering *entry = READ_ONCE(vkm_entering_count) ? find(task) : NULL;

	if (!entry)
		return;
	spin_lock(&entering_lock);
	hash_del_rcu(&entry->node);
	set_hook(entry, false);
	WRITE_ONCE(vkm_entering_count, vkm_entering_count - 1);
	spin_unlock(&entering_lock);
	kfree_rcu(entry, rcu);
}

/* Runs in the creator, before the child does. */
static void on_fork(void *data, struct task_struct *creator, struct task_struct *child)
{
	struct pid_namespace *container;

	rcu_read_lock();
	container = vkm_container_of(child);
	if (container && (vkm_container_of(creator) != container || vkm_is_entering(creator))) {
		add(child, container, creator);
		vkm_expect_fork(container, child);
	}
	rcu_read_unlock();
}

/* It is run by the container's init before its program's first instruction. */
static void pin(struct callback_head *work)
{
	struct vkm_instance *instance = container_of(work, struct vkm_instance, pinning);

	if (current->flags & PF_EXITING || !vkm_instance_pin(instance))
		return;
	pr_err("%s: no memory to find what its rules deny; the container is ended\n",
	       kobject_name(&instance->kobject));
	send_sig(SIGKILL, current, 1);
}

/*
 * The init executes its program: what the container sees is made now. The task stays in its
 * container until the work has run, which keeps the instance; it has one first exec.
 */
static void pin_soon(struct task_struct *task, const struct pid_namespace *container)
{
	struct vkm_instance *instance = vkm_instance_of(task);

	if (!instance || READ_ONCE(container->child_reaper) != task)
		return;
	init_task_work(&instance->pinning, pin);
	if (task_work_add(task, &instance->pinning, TWA_RESUME))
		send_sig(SIGKILL, task, 1);
}

static void arm(struct task_struct *task, const struct pid_namespace *container)
{
	/* What is expected is held whether or not there was memory to list it as entering. */
	if (!vkm_expect_exec(task) && vkm_is_entering(task))
		pin_soon(task, container);
	remove(task);
	if (READ_ONCE(container->child_reaper) == task)
		kill_hooks(container);
}

/* Runs in the task itself, past the point of no return: the new program has not run yet. */
static void on_exec(void *data, struct task_struct *task, pid_t old_pid, struct linux_binprm *bprm)
{
	const struct pid_namespace *container;

	rcu_read_lock();
	container = vkm_container_of(task);
	if (container && !is_hook(task, container))
		arm(task, container);
	rcu_read_unlock();
}

static void on_exit(COMPAT_EXIT_PROBE_ARGUMENTS)
{
	rcu_read_lock();
	if (vkm_container_of(task))
		remove(task);
	vkm_expect_exit(task);
	rcu_read_unlock();
}

static struct {
	const char *name;
	void *probe;
	struct tracepoint *tracepoint;
	bool attached;
} probes[] = {
	{.name = "sched_process_fork", .probe = on_fork},
	{.name = "sched_process_exec", .probe = on_exec},
	{.name = "sched_process_exit", .probe = on_exit},
};

static void note_tracepoint(struct tracepoint *tracepoint, void *data)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(probes); i++) {
		if (!strcmp(tracepoint->name, probes[i].name))
			probes[i].tracepoint = tracepoint;
	}
}

/*
 * Exit and exec are attached before fork and detached after it, so that no task is put in whose
 * going would be missed.
 */
int vkm_arming_start(void)
{
	int i;

	for_each_kernel_tracepoint(note_tracepoint, NULL);
	for (i = ARRAY_SIZE(probes) - 1; i >= 0; i--) {
		int error = -ENOENT;

		if (probes[i].tracepoint)
			error = tracepoint_probe_register(probes[i].tracepoint, probes[i].probe,
							  NULL);
		if (error) {
			pr_err("cannot attach to the tracepoint %s: error %d; this kernel is not "
			       "supported\n",
			       probes[i].name, error);
			vkm_arming_stop();
			return error;
		}
		probes[i].attached = true;
	}
	return 0;
}

void vkm_arming_stop(void)
{
	struct hlist_node *next;
	struct entering *entry;
	size_t i;
	int bucket;

	for (i = 0; i < ARRAY_SIZE(probes); i++) {
		if (probes[i].attached)
			tracepoint_probe_unregister(probes[i].tracepoint, probes[i].probe, NULL);
		probes[i].attached = false;
	}
	tracepoint_synchronize_unregister();

	hash_for_each_safe(entering, bucket, next, entry, node) {
		hash_del_rcu(&entry->node);
		kfree_rcu(entry, rcu);
	}
	vkm_entering_count = 0;
	hook_count = 0;
}
