// SPDX-License-Identifier: GPL-2.0
#include "instance.h"

#include <linux/err.h>
#include <linux/export.h>
#include <linux/module.h>
#include <linux/percpu.h>
#include <linux/pid.h>
#include <linux/pid_namespace.h>
#include <linux/sched/task.h>
#include <linux/slab.h>
#include <linux/sysfs.h>

#include "arming.h"
#include "hook.h"
#include "identity.h"

static struct kobject *folder;	      /* /sys/kernel/vkernel */
static struct kset *instances_folder; /* /sys/kernel/vkernel/instances */

void vkm_instance_count(struct vkm_instance *instance, enum vkm_class class)
{
	this_cpu_inc(instance->counters->denied[class]);
}

static struct vkm_instance *to_instance(struct kobject *kobject)
{
	return container_of(kobject, struct vkm_instance, kobject);
}

/*
 * Only the host's own tasks may look or touch, whatever a container holds: sysfs may be mounted
 * inside, and root inside may be root outside.
 */
static bool from_host(void)
{
	return task_active_pid_ns(current) == &init_pid_ns;
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
	bool entering;

	if (!ns || ns == &init_pid_ns)
		return -EXDEV;
	if (ns->level != 1)
		return -EOPNOTSUPP;
	rcu_read_lock();
	entering = READ_ONCE(ns->child_reaper) == task && vkm_is_entering(task);
	rcu_read_unlock();
	return entering ? 0 : -EPROTO;
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

/*
 * Writing a process number binds the instance to that process's PID namespace. The process must
 * be of a level-1 namespace (else EXDEV for the host's own, EOPNOTSUPP for a nested one) and still
 * be its runtime's init (else EPROTO). ESRCH: no such process; EALREADY: this instance is bound or
 * was; EBUSY: the namespace is another instance's.
 */
static ssize_t bind_store(struct kobject *kobject, struct kobj_attribute *attribute,
			  const char *buffer, size_t count)
{
	struct vkm_instance *instance = to_instance(kobject);
	struct task_struct *task;
	struct pid *pid;
	pid_t number;
	int error;

	if (!from_host())
		return -EPERM;
	error = kstrtoint(buffer, 10, &number);
	if (error)
		return error;
	pid = find_get_pid(number);
	task = get_pid_task(pid, PIDTYPE_TGID);
	error = -ESRCH;
	if (task) {
		mutex_lock(&instance->lock);
		error = check_bindable(ns_of_pid(pid), task);
		if (!error)
			error = bind_namespace(instance, ns_of_pid(pid), number);
		mutex_unlock(&instance->lock);
		put_task_struct(task);
	}
	put_pid(pid);
	return error ? error : count;
}

/*
 * Writing anything ends the binding of a container that is over. EBUSY: tasks are left in it, and
 * they stay bound. An instance that is not bound has nothing to release: that is no error.
 */
static ssize_t release_store(struct kobject *kobject, struct kobj_attribute *attribute,
			     const char *buffer, size_t count)
{
	struct vkm_instance *instance = to_instance(kobject);
	int error = 0;

	if (!from_host())
		return -EPERM;
	mutex_lock(&instance->lock);
	if (instance->ns && !is_over(instance->ns)) {
		error = -EBUSY;
	} else if (instance->ns) {
		vkm_identity_unbind(instance);
		put_pid_ns(instance->ns);
		instance->ns = NULL;
		instance->init = 0;
		instance->released = true;
		module_put(instance->guard->owner);
	}
	mutex_unlock(&instance->lock);
	return error ? error : count;
}

/* "registered", "bound", "over" (bound to a container that has ended) or "released". */
static ssize_t state_show(struct kobject *kobject, struct kobj_attribute *attribute, char *buffer)
{
	struct vkm_instance *instance = to_instance(kobject);
	const char *state = "registered";

	if (!from_host())
		return -EPERM;
	mutex_lock(&instance->lock);
	if (instance->ns)
		state = is_over(instance->ns) ? "over" : "bound";
	else if (instance->released)
		state = "released";
	mutex_unlock(&instance->lock);
	return sysfs_emit(buffer, "%s\n", state);
}

static ssize_t init_show(struct kobject *kobject, struct kobj_attribute *attribute, char *buffer)
{
	if (!from_host())
		return -EPERM;
	return sysfs_emit(buffer, "%d\n", READ_ONCE(to_instance(kobject)->init));
}

static u64 sum(const struct vkm_instance *instance, enum vkm_class class)
{
	u64 total = 0;
	int cpu;

	for_each_possible_cpu(cpu)
		total += READ_ONCE(per_cpu_ptr(instance->counters, cpu)->denied[class]);
	return total;
}

/* One line for each class: its name and how often it refused. */
static ssize_t denied_show(struct kobject *kobject, struct kobj_attribute *attribute, char *buffer)
{
	static const char *const names[VKM_CLASSES] = {
		[VKM_SYSCALL] = "syscall",
		[VKM_CAPABILITY] = "capability",
		[VKM_LOG] = "log",
		[VKM_PTRACE] = "ptrace",
	};
	enum vkm_class class;
	int length = 0;

	if (!from_host())
		return -EPERM;
	for (class = 0; class < VKM_CLASSES; class++)
		length += sysfs_emit_at(buffer, length, "%s %llu\n", names[class],
					sum(to_instance(kobject), class));
	return length;
}

static struct kobj_attribute bind_attribute = __ATTR(bind, 0200, NULL, bind_store);
static struct kobj_attribute release_attribute = __ATTR(release, 0200, NULL, release_store);
static struct kobj_attribute state_attribute = __ATTR(state, 0400, state_show, NULL);
static struct kobj_attribute init_attribute = __ATTR(init, 0400, init_show, NULL);
static struct kobj_attribute denied_attribute = __ATTR(denied, 0400, denied_show, NULL);

static struct attribute *instance_attrs[] = {
	&bind_attribute.attr, &release_attribute.attr, &state_attribute.attr,
	&init_attribute.attr, &denied_attribute.attr,  NULL,
};
ATTRIBUTE_GROUPS(instance);

static void instance_free(struct kobject *kobject)
{
	struct vkm_instance *instance = to_instance(kobject);

	free_percpu(instance->counters);
	kfree(instance);
}

static const struct kobj_type instance_type = {
	.release = instance_free,
	.sysfs_ops = &kobj_sysfs_ops,
	.default_groups = instance_groups,
};

struct vkm_instance *vkm_register(const struct vkm_guard *guard)
{
	struct vkm_instance *instance;
	int error;

	error = vkm_hook_require(guard);
	if (error)
		return ERR_PTR(error);
	instance = kzalloc(sizeof(*instance), GFP_KERNEL);
	if (!instance)
		return ERR_PTR(-ENOMEM);
	instance->counters = alloc_percpu(struct vkm_counters);
	if (!instance->counters) {
		kfree(instance);
		return ERR_PTR(-ENOMEM);
	}
	instance->guard = guard;
	mutex_init(&instance->lock);
	instance->kobject.kset = instances_folder;
	error = kobject_init_and_add(&instance->kobject, &instance_type, NULL, "%s", guard->name);
	if (error) {
		kobject_put(&instance->kobject);
		return ERR_PTR(error);
	}
	return instance;
}
EXPORT_SYMBOL_GPL(vkm_register);

/*
 * kobject_del() waits for the sysfs calls under way and lets none start, so nobody can bind any
 * more; being called from the owner's exit, the instance is not bound. Who found it in the
 * namespace table before its release did so in a read-side section that the grace period outlasts.
 */
void vkm_unregister(struct vkm_instance *instance)
{
	kobject_del(&instance->kobject);
	WARN_ON(instance->ns);
	synchronize_rcu();
	kobject_put(&instance->kobject);
}
EXPORT_SYMBOL_GPL(vkm_unregister);

static ssize_t hooks_show(struct kobject *kobject, struct kobj_attribute *attribute, char *buffer)
{
	if (!from_host())
		return -EPERM;
	return sysfs_emit(buffer, "%u\n", vkm_hook_count());
}

/* What the runtime checks before it relies on the files here. */
static ssize_t abi_show(struct kobject *kobject, struct kobj_attribute *attribute, char *buffer)
{
	return sysfs_emit(buffer, "1\n");
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

void vkm_instance_stop(void)
{
	sysfs_remove_files(folder, folder_attributes);
	kset_unregister(instances_folder);
	kobject_put(folder);
}
