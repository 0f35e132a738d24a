// SPDX-License-Identifier: GPL-2.0
#include "instance.h"

#include <linux/err.h>
#include <linux/export.h>
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
#include <linux/workqueue.h>

#include "alias.h"
#include "arming.h"
#include "expect.h"
#include "hook.h"
#include "hurry.h"
#include "identity.h"
#include "memory.h"
#include "policy.h"
#include "report.h"
#include "ring.h"
#include "sysfs.h"

static struct kobject *folder;	      /* /sys/kernel/vkernel */
static struct kset *instances_folder; /* /sys/kernel/vkernel/instances */
static struct workqueue_struct *farewells;

struct vkm_instance *vkm_to_instance(struct kobject *kobject)
{
	return container_of(kobject, struct vkm_instance, kobject);
}

struct vkm_instance *vkm_instance_find(const char *name)
{
	struct kobject *kobject = kset_find_obj(instances_folder, name);

	return kobject ? vkm_to_instance(kobject) : NULL;
}

/*
 * sysfs may be mounted inside, and root inside may be root outside. A thread of the kernel writes
 * for somebody (a loop device's for who writes to it), and nobody knows for whom.
 */
bool vkm_from_host(void)
{
	return task_active_pid_ns(current) == &init_pid_ns && !(current->flags & PF_KTHREAD);
}

bool vkm_is_over(const struct pid_namespace *ns)
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

int vkm_bind_namespace(struct vkm_instance *instance, struct pid_namespace *ns, pid_t init)
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
			error = vkm_bind_namespace(instance, ns_of_pid(pid), number);
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
	if (ns && !vkm_is_over(ns)) {
		error = -EBUSY;
	} else if (ns && !instance->released) {
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
	/* The container's file systems go; what a task that still exits pins goes at unregister. */
	if (!error)
		vkm_alias_drop(instance);
	return error;
}

const char *vkm_instance_state(struct vkm_instance *instance)
{
	const char *state = "registered";

	mutex_lock(&instance->lock);
	if (instance->ns)
		state = vkm_is_over(instance->ns) ? "over" : "bound";
	else if (instance->released)
		state = "released";
	mutex_unlock(&instance->lock);
	return state;
}

static void instance_free(struct kobject *kobject)
{
	struct vkm_instance *instance = vkm_to_instance(kobject);

	vkm_policy_drop_staged(instance);
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
	enum vkm_lines lines;

	if (!instance)
		return NULL;
	kobject_init(&instance->kobject, &instance_type);
	instance->guard = guard;
	mutex_init(&instance->lock);
	mutex_init(&instance->exchange);
	for (lines = 0; lines < VKM_LINES; lines++)
		ratelimit_state_init(&instance->limits[lines], DEFAULT_RATELIMIT_INTERVAL,
				     DEFAULT_RATELIMIT_BURST);
	vkm_excess_start(instance);
	instance->counters = alloc_percpu(struct vkm_counters);
	instance->calls =
		kvcalloc(POLICY_TABLES * POLICY_SYSCALL_MAX, sizeof(*instance->calls), GFP_KERNEL);
	if (!instance->counters || !instance->calls || vkm_policy_provide(instance, rules)) {
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
	vkm_policy_announce(instance);
	mutex_unlock(&instance->lock);
	vkm_expect_arrived(guard->name);
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
	       kobject_name(&instance->kobject));
	__module_get(THIS_MODULE);
	instance->guard = &orphan;
	for (i = 0; i < instance->rules->calls_count; i++)
		WRITE_ONCE(instance->rules->calls[i], gone);
}

/* After a grace period: nobody who looked the instance up is left. */
static void say_farewell(struct work_struct *work)
{
	struct vkm_instance *instance =
		container_of(to_rcu_work(work), struct vkm_instance, farewell);

	vkm_alias_drop(instance);
	vkm_excess_stop(instance);
	kobject_put(&instance->kobject);
}

/* Whether it may go; nobody can bind it then. */
static bool leave(struct vkm_instance *instance)
{
	bool may;

	mutex_lock(&instance->lock);
	may = !instance->ns;
	instance->released = true;
	mutex_unlock(&instance->lock);
	return may;
}

/*
 * kobject_del() waits for the sysfs calls under way and lets none start, so nobody can exchange
 * rules any more; who binds by another way (expect.c) finds it released, or, before, cannot take a
 * reference on the module, whose exit calls this. So the guard is not looked at after this. Who found
 * the instance in the namespace table before its release, while exiting, did so in a read-side
 * section that the grace period outlasts: it looks at what is vKM's only, and is not waited for
 * here. The last waits for that work before vKM leaves (vkm_instance_stop()).
 */
void vkm_unregister(struct vkm_instance *instance)
{
	kobject_del(&instance->kobject);
	if (WARN_ON(!leave(instance))) {
		keep_orphan(instance);
		return;
	}
	INIT_RCU_WORK(&instance->farewell, say_farewell);
	queue_rcu_work(farewells, &instance->farewell);
	vkm_hurry();
}
EXPORT_SYMBOL_GPL(vkm_unregister);

static ssize_t hooks_show(struct kobject *kobject, struct kobj_attribute *attribute, char *buffer)
{
	if (!vkm_from_host())
		return -EPERM;
	return sysfs_emit(buffer, "%u\n", vkm_hook_count());
}

/* What the runtime checks before it relies on the files here. */
#define ABI "5"

static ssize_t abi_show(struct kobject *kobject, struct kobj_attribute *attribute, char *buffer)
{
	return sysfs_emit(buffer, ABI "\n");
}

/* The instance that the current process expects, with a reference, or NULL. */
static struct vkm_instance *find_expected(void)
{
	char name[MODULE_NAME_LEN];

	return vkm_expect_name(name) ? vkm_instance_find(name) : NULL;
}

/*
 * "ABI STATE FIRST END": what `abi` says, and where the instance that the reader expects is there, its
 * `state` and, if it has a log, `log_range`. A runtime opens one file for all that it does.
 */
static ssize_t expect_show(struct kobject *kobject, struct kobj_attribute *attribute, char *buffer)
{
	struct vkm_instance *instance;
	int length, range;

	if (!vkm_from_host())
		return -EPERM;
	instance = find_expected();
	if (!instance)
		return sysfs_emit(buffer, ABI "\n");
	length = sysfs_emit(buffer, ABI " %s ", vkm_instance_state(instance));
	range = vkm_emit_log_range(instance, buffer, length);
	kobject_put(&instance->kobject);
	return range < 0 ? length : length + range;
}

static int release_expected(void)
{
	struct vkm_instance *instance = find_expected();
	int error;

	if (!instance)
		return -ESRCH;
	error = vkm_instance_release(instance);
	kobject_put(&instance->kobject);
	return error;
}

/*
 * The name of the instance whose container the writer is going to have made, and " hooks" behind it
 * where the container has some: expect.h. Then "-": there will be none; or "-release": what writing to
 * its file `release` does.
 */
static ssize_t expect_store(struct kobject *kobject, struct kobj_attribute *attribute,
			    const char *buffer, size_t count)
{
	const char *end = buffer + count - (count && buffer[count - 1] == '\n');
	const char *name_end = strnchr(buffer, end - buffer, ' ') ?: end;
	const bool hooks = sysfs_streq(name_end, " hooks");
	int error = 0;

	if (!vkm_from_host())
		return -EPERM;
	if (sysfs_streq(buffer, "-"))
		vkm_expect_cancel();
	else if (sysfs_streq(buffer, "-release"))
		error = release_expected();
	else
		error = vkm_expect(buffer, (hooks ? name_end : end) - buffer, hooks);
	return error ? error : count;
}

/* What has come of the container that the reader expects: expect.h. */
static ssize_t expected_show(struct kobject *kobject, struct kobj_attribute *attribute,
			     char *buffer)
{
	if (!vkm_from_host())
		return -EPERM;
	return sysfs_emit(buffer, "%s\n", vkm_expect_state());
}

static struct kobj_attribute hooks_attribute = __ATTR(hooks, 0400, hooks_show, NULL);
static struct kobj_attribute abi_attribute = __ATTR(abi, 0444, abi_show, NULL);
static struct kobj_attribute expected_attribute = __ATTR(expected, 0400, expected_show, NULL);
static struct kobj_attribute expect_attribute = __ATTR(expect, 0600, expect_show, expect_store);

static const struct attribute *folder_attributes[] = {
	&hooks_attribute.attr,
	&abi_attribute.attr,
	&expect_attribute.attr,
	&expected_attribute.attr,
	NULL,
};

int vkm_instance_start(void)
{
	int error = -ENOMEM;

	farewells = alloc_workqueue("vkernel", WQ_UNBOUND, 0);
	if (!farewells)
		return error;
	folder = kobject_create_and_add("vkernel", kernel_kobj);
	if (!folder)
		goto destroy_queue;
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
destroy_queue:
	destroy_workqueue(farewells);
	return error;
}

void vkm_instance_stop(void)
{
	sysfs_remove_files(folder, folder_attributes);
	kset_unregister(instances_folder);
	kobject_put(folder);
	/* What is queued after a grace period is queued; then it has run. */
	rcu_barrier();
	destroy_workqueue(farewells);
	vkm_hurry_stop();
	vkm_policy_stop();
}
