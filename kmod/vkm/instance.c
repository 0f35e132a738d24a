// SPDX-License-Identifier: GPL-2.0
#include "instance.h"

#include <linux/err.h>
#include <linux/export.h>
#include <linux/fs_struct.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/percpu.h>
#include <linux/pid.h>
#include <linux/pid_namespace.h>
#include <linux/rcupdate.h>
#include <linux/sched/task.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/sysfs.h>

#include "alias.h"
#include "arming.h"
#include "hook.h"
#include "identity.h"
#include "memory.h"
#include "report.h"
#include "ring.h"
#include "sysfs.h"

static struct kobject *folder;	      /* /sys/kernel/vkernel */
static struct kset *instances_folder; /* /sys/kernel/vkernel/instances */

struct vkm_instance *vkm_to_instance(struct kobject *kobject)
{
	return container_of(kobject, struct vkm_instance, kobject);
}

/*
 * sysfs may be mounted inside, and root inside may be root outside. A thread of the kernel writes
 * for somebody (a loop device's for who writes to it), and nobody knows for whom.
 */
bool vkm_from_host(void)
{
	return task_active_pid_ns(current) == &init_pid_ns && !(current->flags & PF_KTHREAD);
}

/* No task is left in ns, and none can enter: its init is gone and reaped. */
static bool is_over(const struct pid_namespace *ns)
{
	return !READ_ONCE(ns->pid_allocated);
}

/*
 * task must be the namespace's init, and not have become the container's program yet: what runs
 * before the binding would run without it.
 */
static int check_bindable(struct pid_namespace *ns, const struct task_struct *task)
{
	if (!ns || ns == &init_pid_ns)
		return -EXDEV;
	if (ns->level != 1)
		return -EOPNOTSUPP;
	return READ_ONCE(ns->child_reaper) == task && vkm_is_entering(task) ? 0 : -EPROTO;
}

static int bind_namespace(struct vkm_instance *instance, struct pid_namespace *ns, pid_t init)
{
	int error;

	if (instance->ns || instance->released)
		return -EALREADY;
	if (!try_module_get(instance->guard->owner))
		return -ENODEV;
	instance->ns = get_pid_ns(ns);
	error = vkm_identity_bind(instance);
	if (error) {
		put_pid_ns(instance->ns);
		instance->ns = NULL;
		module_put(instance->guard->owner);
		return error;
	}
	instance->init = init;
	return 0;
}

int vkm_instance_bind(struct vkm_instance *instance, pid_t number)
{
	struct pid *pid = find_get_pid(number);
	struct task_struct *task = get_pid_task(pid, PIDTYPE_TGID);
	int error = -ESRCH;

	if (task) {
		mutex_lock(&instance->lock);
		error = check_bindable(ns_of_pid(pid), task);
		if (!error)
			error = bind_namespace(instance, ns_of_pid(pid), number);
		/* Had it become the program in between: it is bound, and its runtime has to end it. */
		if (!error)
			error = check_bindable(ns_of_pid(pid), task);
		mutex_unlock(&instance->lock);
		put_task_struct(task);
	}
	put_pid(pid);
	return error;
}

int vkm_instance_release(struct vkm_instance *instance)
{
	struct pid_namespace *ns;
	int error = 0;

	mutex_lock(&instance->lock);
	ns = instance->ns;
	if (ns && !is_over(ns)) {
		error = -EBUSY;
	} else if (ns) {
		vkm_identity_unbind(instance);
		WRITE_ONCE(instance->ns, NULL);
		put_pid_ns(ns);
		instance->init = 0;
		instance->released = true;
		if (instance->ring)
			vkm_ring_close(instance->ring);
		module_put(instance->guard->owner);
	}
	mutex_unlock(&instance->lock);
	return error;
}

const char *vkm_instance_state(struct vkm_instance *instance)
{
	const char *state = "registered";

	mutex_lock(&instance->lock);
	if (instance->ns)
		state = is_over(instance->ns) ? "over" : "bound";
	else if (instance->released)
		state = "released";
	mutex_unlock(&instance->lock);
	return state;
}

ssize_t vkm_instance_read_policy(struct vkm_instance *instance, char *buffer, loff_t offset,
				 size_t size)
{
	ssize_t length;

	mutex_lock(&instance->lock);
	length = memory_read_from_buffer(buffer, size, &offset, instance->rules->blob,
					 instance->rules->blob_size);
	mutex_unlock(&instance->lock);
	return length;
}

static void free_rules(struct rcu_head *head)
{
	kvfree(container_of(head, struct vkm_rules, rcu));
}

/* Readers see a whole memory or none. Under lock, or before anybody knows the instance. */
static int require_memory(struct vkm_instance *instance, const struct vkm_rules *rules)
{
	struct vkm_memory *memory;

	if (!rules->files.states || instance->memory)
		return 0;
	memory = vkm_memory_new();
	if (!memory)
		return -ENOMEM;
	smp_store_release(&instance->memory, memory);
	return 0;
}

int vkm_instance_pin(struct vkm_instance *instance)
{
	struct path root;
	int error;

	get_fs_root(current->fs, &root);
	mutex_lock(&instance->lock);
	error = vkm_alias_pin(instance, instance->rules, &root);
	instance->pinned = true;
	mutex_unlock(&instance->lock);
	path_put(&root);
	return error;
}

/* Where the root of the container's init is. It may be on its way out: then nobody is left. */
static bool find_root(const struct pid_namespace *ns, struct path *root)
{
	struct task_struct *init;
	bool found = false;

	rcu_read_lock();
	if (is_over(ns)) {
		rcu_read_unlock();
		return false;
	}
	init = READ_ONCE(ns->child_reaper); /* not reaped, so there while we read */
	task_lock(init);
	if (init->fs) {
		get_fs_root(init->fs, root);
		found = true;
	}
	task_unlock(init);
	rcu_read_unlock();
	return found;
}

/* Under lock. Before the init's first exec it is not known what the container will see. */
static int pin_successor(struct vkm_instance *instance, const struct vkm_rules *rules)
{
	struct path root;
	int error;

	if (!instance->pinned || !instance->ns || !find_root(instance->ns, &root))
		return 0;
	error = vkm_alias_pin(instance, rules, &root);
	path_put(&root);
	return error;
}

/* Under lock. All that new rules need before they are in force. */
static int prepare(struct vkm_instance *instance, const struct vkm_rules *rules)
{
	int error = vkm_hook_require(rules);

	if (!error)
		error = require_memory(instance, rules);
	if (!error)
		error = pin_successor(instance, rules);
	return error;
}

/* The file is there as long as the instance can be found. */
static void announce_log(struct vkm_instance *instance)
{
	struct kernfs_node *range;

	if (!instance->ring || instance->ring->range)
		return;
	range = sysfs_get_dirent(instance->kobject.sd, VKM_LOG_RANGE);
	smp_store_release(&instance->ring->range, range);
}

/* Under lock, or where nobody knows of the instance: it has the log that rules ask for, or -ENOMEM. */
static int provide_log(struct vkm_instance *instance, const struct vkm_rules *rules)
{
	struct vkm_ring *ring;

	if (rules->log != POLICY_LOG_PRIVATE)
		return 0;
	if (instance->ring)
		return vkm_ring_resize(instance->ring, rules->log_size);
	ring = vkm_ring_new(rules->log_size);
	if (!ring)
		return -ENOMEM;
	smp_store_release(&instance->ring, ring);
	return 0;
}

/*
 * Under lock. Hooks that only the new rules need are in force before the rules are, and ask the
 * old ones until then. Each decision is made by one look at instance->rules: by the old ones or by
 * the new ones, never by neither or half of them.
 */
static int exchange(struct vkm_instance *instance, const void *blob, size_t size)
{
	struct vkm_rules *rules = instance->guard->compile(blob, size), *old = instance->rules;
	int error;

	if (IS_ERR(rules))
		return PTR_ERR(rules);
	rules->successor = true;
	error = prepare(instance, rules);
	if (!error)
		error = provide_log(instance, rules);
	if (error) {
		kvfree(rules);
		return error;
	}
	announce_log(instance);
	smp_store_release(&instance->rules, rules);
	vkm_forget();
	call_rcu_tasks(&old->rcu, free_rules);
	return 0;
}

static void drop_staged(struct vkm_instance *instance)
{
	kvfree(instance->staged);
	instance->staged = NULL;
	instance->staged_size = 0;
	instance->staged_used = 0;
}

/* Under lock. The header tells how much will come; the parser checks it again. */
static int begin_staging(struct vkm_instance *instance, const char *buffer, size_t size)
{
	struct policy_header header;
	size_t whole;

	drop_staged(instance);
	if (size < sizeof(header))
		return -EINVAL;
	memcpy(&header, buffer, sizeof(header));
	whole = le32_to_cpu(header.size);
	if (memcmp(header.magic, POLICY_MAGIC, sizeof(header.magic)) || whole < size ||
	    whole > POLICY_SIZE_MAX)
		return -EINVAL;
	instance->staged = kvmalloc(whole, GFP_KERNEL);
	if (!instance->staged)
		return -ENOMEM;
	instance->staged_size = whole;
	return 0;
}

static int stage(struct vkm_instance *instance, const char *buffer, loff_t offset, size_t size)
{
	int error = 0;

	if (!offset)
		error = begin_staging(instance, buffer, size);
	if (error)
		return error;
	if (offset != instance->staged_used || size > instance->staged_size - instance->staged_used)
		return -ESTALE;
	memcpy(instance->staged + instance->staged_used, buffer, size);
	instance->staged_used += size;
	if (instance->staged_used == instance->staged_size) {
		error = exchange(instance, instance->staged, instance->staged_size);
		drop_staged(instance);
	}
	return error;
}

int vkm_instance_stage(struct vkm_instance *instance, const char *buffer, loff_t offset,
		       size_t size)
{
	int error;

	mutex_lock(&instance->lock);
	error = stage(instance, buffer, offset, size);
	mutex_unlock(&instance->lock);
	return error;
}

static void instance_free(struct kobject *kobject)
{
	struct vkm_instance *instance = vkm_to_instance(kobject);

	drop_staged(instance);
	if (instance->ring)
		vkm_ring_put(instance->ring);
	kvfree(instance->rules);
	kvfree(instance->memory);
	kvfree(instance->calls);
	free_percpu(instance->counters);
	kfree(instance);
}

static const struct kobj_type instance_type = {
	.release = instance_free,
	.sysfs_ops = &kobj_sysfs_ops,
	.default_groups = vkm_instance_groups,
};

/* An instance that kobject_put() ends, or NULL; rules are its own then. */
static struct vkm_instance *new_instance(const struct vkm_guard *guard, struct vkm_rules *rules)
{
	struct vkm_instance *instance = kzalloc(sizeof(*instance), GFP_KERNEL);

	if (!instance)
		return NULL;
	kobject_init(&instance->kobject, &instance_type);
	instance->guard = guard;
	mutex_init(&instance->lock);
	ratelimit_state_init(&instance->log_limit, DEFAULT_RATELIMIT_INTERVAL,
			     DEFAULT_RATELIMIT_BURST);
	vkm_excess_start(instance);
	instance->counters = alloc_percpu(struct vkm_counters);
	instance->calls =
		kvcalloc(POLICY_TABLES * POLICY_SYSCALL_MAX, sizeof(*instance->calls), GFP_KERNEL);
	if (!instance->counters || !instance->calls || require_memory(instance, rules) ||
	    provide_log(instance, rules)) {
		kobject_put(&instance->kobject);
		return NULL;
	}
	instance->rules = rules;
	return instance;
}

struct vkm_instance *vkm_register(const struct vkm_guard *guard, struct vkm_rules *rules)
{
	struct vkm_instance *instance;
	int error = vkm_hook_require(rules);

	if (error) {
		kvfree(rules);
		return ERR_PTR(error);
	}
	instance = new_instance(guard, rules);
	if (!instance) {
		kvfree(rules);
		return ERR_PTR(-ENOMEM);
	}
	instance->kobject.kset = instances_folder;
	error = kobject_add(&instance->kobject, NULL, "%s", guard->name);
	if (error) {
		kobject_put(&instance->kobject);
		return ERR_PTR(error);
	}
	mutex_lock(&instance->lock);
	announce_log(instance);
	mutex_unlock(&instance->lock);
	return instance;
}
EXPORT_SYMBOL_GPL(vkm_register);

static long gone(const struct pt_regs *regs)
{
	return -ENOSYS;
}

/*
 * `rmmod -f` has taken the vKI away under its container. What it enforced stays, and the instance
 * with it, and vKM, which cannot be unloaded any more; its private calls answer ENOSYS.
 */
static void keep_orphan(struct vkm_instance *instance)
{
	static const struct vkm_guard orphan = {.name = "vkernel_orphan"};
	unsigned int i;

	pr_err("%s: taken away by force while its container runs; its rules stay in force\n",
	       instance->guard->name);
	__module_get(THIS_MODULE);
	instance->guard = &orphan;
	for (i = 0; i < instance->rules->calls_count; i++)
		WRITE_ONCE(instance->rules->calls[i], gone);
}

/*
 * kobject_del() waits for the sysfs calls under way and lets none start, so nobody can bind or
 * exchange rules any more; being called from the owner's exit, the instance is not bound. Who found
 * it in the namespace table before its release, while exiting, did so in a read-side section that
 * the grace period outlasts.
 */
void vkm_unregister(struct vkm_instance *instance)
{
	kobject_del(&instance->kobject);
	if (WARN_ON(instance->ns)) {
		keep_orphan(instance);
		return;
	}
	synchronize_rcu();
	vkm_alias_drop(instance);
	vkm_excess_stop(instance);
	kobject_put(&instance->kobject);
}
EXPORT_SYMBOL_GPL(vkm_unregister);

static ssize_t hooks_show(struct kobject *kobject, struct kobj_attribute *attribute, char *buffer)
{
	if (!vkm_from_host())
		return -EPERM;
	return sysfs_emit(buffer, "%u\n", vkm_hook_count());
}

/* What the runtime checks before it relies on the files here. */
static ssize_t abi_show(struct kobject *kobject, struct kobj_attribute *attribute, char *buffer)
{
	return sysfs_emit(buffer, "3\n");
}

static struct kobj_attribute hooks_attribute = __ATTR(hooks, 0400, hooks_show, NULL);
static struct kobj_attribute abi_attribute = __ATTR(abi, 0444, abi_show, NULL);

static const struct attribute *folder_attributes[] = {
	&hooks_attribute.attr,
	&abi_attribute.attr,
	NULL,
};

int vkm_instance_start(void)
{
	int error = -ENOMEM;

	folder = kobject_create_and_add("vkernel", kernel_kobj);
	if (!folder)
		return error;
	instances_folder = kset_create_and_add("instances", NULL, folder);
	if (!instances_folder)
		goto put_folder;
	error = sysfs_create_files(folder, folder_attributes);
	if (error)
		goto put_instances;
	return 0;

put_instances:
	kset_unregister(instances_folder);
put_folder:
	kobject_put(folder);
	return error;
}

/* free_rules() is part of this module: the last of them has to have run. */
void vkm_instance_stop(void)
{
	sysfs_remove_files(folder, folder_attributes);
	kset_unregister(instances_folder);
	kobject_put(folder);
	rcu_barrier_tasks();
}
