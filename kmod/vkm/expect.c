// SPDX-License-Identifier: GPL-2.0
#include "expect.h"

#include <linux/ctype.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/pid.h>
#include <linux/pid_namespace.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/task_work.h>
#include <linux/wait.h>

#include "identity.h"
#include "instance.h"
#include "sysfs.h"

/*
 * Lifetime. Two use it: the owner, until it exits, and the container's init, from its creation until
 * it has been bound after its exec, or exits: until then whoever else executes in there is killed. Who
 * goes last frees it. Each pins vKM, because a task sleeps in hold(): what comes in there after the
 * reference is given back does not sleep, and vkm_hook_stop() waits for Tasks RCU.
 *
 * An owner that gives up leaves it in the list: who it has told to make the container may come to that
 * yet. When the owner exits before it has come to that, all that descend from it are killed, and before
 * there is an instance, the init.
 */
struct expectation {
	struct list_head node;	  /* in `expected`; this and the next ones under expected_lock */
	unsigned int users;	  /* see above */
	struct pid_namespace *ns; /* the container's; NULL: not made, or its init has gone */
	bool held;		  /* the init is held, or will be */
	bool refused;		  /* the init was, and is killed: its use ends when it exits */
	bool left;		  /* the owner's use has ended */
	const char *state;	  /* what vkm_expect_state() says */

	struct pid *owner; /* the runtime's process; a reference */
	pid_t init;	   /* host's number, where there is ns */
	bool arrived;	   /* the instance is registered */
	bool cancelled;	   /* the owner has given up, or gone */
	bool hooks;	   /* the init executes the runtime's hooks before its program */
	struct callback_head work;
	char name[MODULE_NAME_LEN];
};

static LIST_HEAD(expected);
static DEFINE_SPINLOCK(expected_lock);
static DECLARE_WAIT_QUEUE_HEAD(decided);

/* Under expected_lock; the last one to go unlinks it, and has to free it. */
static bool put(struct expectation *expectation)
{
	if (--expectation->users)
		return false;
	list_del(&expectation->node);
	return true;
}

/* Nobody can find it any more. The caller's task is not in our code for long after. */
static void release(struct expectation *expectation)
{
	put_pid(expectation->owner);
	kfree(expectation);
	module_put(THIS_MODULE);
}

static bool nothing_expected(void)
{
	return list_empty(&expected);
}

static bool is_name(const char *name, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (!isalnum(name[i]) && name[i] != '_')
			return false;
	return count && count < MODULE_NAME_LEN;
}

/* Under expected_lock. */
static int add(struct expectation *expectation)
{
	const struct expectation *other;

	list_for_each_entry(other, &expected, node) {
		if (other->owner == expectation->owner || !strcmp(other->name, expectation->name))
			return -EEXIST;
	}
	list_add(&expectation->node, &expected);
	return 0;
}

int vkm_expect(const char *name, size_t count, bool hooks)
{
	struct expectation *expectation;
	int error;

	if (!is_name(name, count))
		return -EINVAL;
	if (!try_module_get(THIS_MODULE))
		return -ENODEV;
	expectation = kzalloc(sizeof(*expectation), GFP_KERNEL);
	if (!expectation) {
		module_put(THIS_MODULE);
		return -ENOMEM;
	}
	memcpy(expectation->name, name, count);
	expectation->owner = get_pid(task_tgid(current));
	expectation->users = 1;
	expectation->hooks = hooks;
	expectation->state = "expected";
	spin_lock(&expected_lock);
	error = add(expectation);
	spin_unlock(&expected_lock);
	if (error)
		release(expectation);
	return error;
}

/* The chain of parents ends at the host's init. Under RCU. */
static bool descends(const struct task_struct *task, const struct pid *owner)
{
	for (; task->pid > 1; task = rcu_dereference(task->real_parent))
		if (task_tgid((struct task_struct *)task) == owner)
			return true;
	return false;
}

/*
 * The namespace's first task, before it first runs: ns is set while its init has not run, and taken
 * away, with the init's use, before that is reaped, so it is alive while it stands here.
 */
void vkm_expect_fork(struct pid_namespace *container, struct task_struct *child)
{
	struct expectation *expectation;

	if (nothing_expected() || container->level != 1 ||
	    READ_ONCE(container->child_reaper) != child)
		return;
	spin_lock(&expected_lock);
	list_for_each_entry(expectation, &expected, node) {
		if (expectation->init || !descends(current, expectation->owner))
			continue;
		expectation->ns = container;
		expectation->init = child->pid;
		expectation->state = "made";
		expectation->users++;
		break;
	}
	spin_unlock(&expected_lock);
}

static int bind(struct vkm_instance *instance, struct pid_namespace *ns, pid_t init)
{
	int error;

	mutex_lock(&instance->lock);
	error = instance->ns == ns ? 0 : vkm_bind_namespace(instance, ns, init);
	mutex_unlock(&instance->lock);
	return error;
}

static int bind_current(const struct expectation *expectation)
{
	struct vkm_instance *instance = vkm_instance_find(expectation->name);
	int error = -ENOENT;

	if (!instance)
		return error;
	error = bind(instance, expectation->ns, expectation->init);
	if (!error)
		error = vkm_instance_pin(instance);
	kobject_put(&instance->kobject);
	return error;
}

static int wait_and_bind(const struct expectation *expectation)
{
	if (wait_event_killable(decided, READ_ONCE(expectation->arrived) ||
						 READ_ONCE(expectation->cancelled)))
		return -EINTR;
	return READ_ONCE(expectation->arrived) ? bind_current(expectation) : -ECANCELED;
}

static const char *outcome(int error)
{
	if (error == -EINTR)
		return "killed";
	if (error == -ECANCELED)
		return "cancelled";
	return error ? "refused" : "bound";
}

/*
 * Under expected_lock: the init's use, unless it goes on until vkm_expect_exit(), which is before work
 * that is run by a task that exits already. Returns whether the caller has to free it.
 */
static bool end_hold(struct expectation *expectation, int error)
{
	expectation->state = outcome(error);
	expectation->held = false;
	expectation->refused = error && !(current->flags & PF_EXITING);
	if (expectation->refused)
		return false;
	expectation->ns = NULL;
	return put(expectation);
}

/*
 * Run by the container's init before its program's first instruction. What it sleeps in is counted:
 * the expectation is its own until the end.
 */
static void hold(struct callback_head *work)
{
	struct expectation *expectation = container_of(work, struct expectation, work);
	int error = current->flags & PF_EXITING ? -EINTR : wait_and_bind(expectation);
	bool last;

	if (error)
		send_sig(SIGKILL, current, 1);
	spin_lock(&expected_lock);
	last = end_hold(expectation, error);
	spin_unlock(&expected_lock);
	if (last)
		release(expectation);
}

/*
 * Another's program, in a container that has no instance yet, would run unguarded. Under
 * expected_lock and RCU.
 */
static bool is_too_early(const struct task_struct *task)
{
	const struct pid_namespace *container = vkm_container_of(task);
	const struct expectation *expectation;

	list_for_each_entry(expectation, &expected, node)
		if (expectation->ns && expectation->ns == container)
			return !vkm_instance_of(task);
	return false;
}

/*
 * Under expected_lock: what the container, whose init task is a thread of, was expected as; or NULL. A
 * thread that executes has the process's number by then, whoever began.
 */
static struct expectation *find_made(const struct task_struct *task)
{
	struct expectation *expectation;

	list_for_each_entry(expectation, &expected, node)
		if (expectation->ns && expectation->init == task->tgid)
			return expectation;
	return NULL;
}

bool vkm_expect_exec(struct task_struct *task)
{
	struct expectation *expectation;

	if (nothing_expected())
		return false;
	spin_lock(&expected_lock);
	expectation = find_made(task);
	if (expectation && !expectation->held) {
		init_task_work(&expectation->work, hold);
		if (task_work_add(task, &expectation->work, TWA_RESUME))
			send_sig(SIGKILL, task, 1);
		else
			expectation->held = true;
		expectation->state = expectation->held ? "held" : "refused";
	} else if (!expectation && is_too_early(task)) {
		send_sig(SIGKILL, task, 1);
	}
	spin_unlock(&expected_lock);
	return expectation;
}

/* Under expected_lock: what owner, which has not gone, expects, or NULL. */
static struct expectation *find_owned(const struct pid *owner)
{
	struct expectation *expectation;

	list_for_each_entry(expectation, &expected, node)
		if (!expectation->left && expectation->owner == owner)
			return expectation;
	return NULL;
}

const char *vkm_expect_state(void)
{
	const struct expectation *expectation;
	const char *state = "none";

	spin_lock(&expected_lock);
	expectation = find_owned(task_tgid(current));
	if (expectation)
		state = expectation->state;
	spin_unlock(&expected_lock);
	return state;
}

bool vkm_expect_hooks(const struct pid_namespace *container)
{
	const struct expectation *expectation;
	bool hooks = false;

	if (nothing_expected())
		return false;
	spin_lock(&expected_lock);
	list_for_each_entry(expectation, &expected, node)
		hooks |= expectation->ns == container && expectation->hooks;
	spin_unlock(&expected_lock);
	return hooks;
}

bool vkm_expect_name(char *name)
{
	const struct expectation *expectation;

	spin_lock(&expected_lock);
	expectation = find_owned(task_tgid(current));
	if (expectation)
		strscpy(name, expectation->name, sizeof(expectation->name));
	spin_unlock(&expected_lock);
	return expectation;
}

void vkm_expect_cancel(void)
{
	struct expectation *expectation;

	spin_lock(&expected_lock);
	expectation = find_owned(task_tgid(current));
	if (expectation)
		WRITE_ONCE(expectation->cancelled, true);
	spin_unlock(&expected_lock);
	if (expectation)
		wake_up_all(&decided);
}

/* Under expected_lock and RCU: its init has not executed, and there will be no instance. */
static void kill_unbound(const struct expectation *expectation)
{
	struct task_struct *init =
		pid_task(find_pid_ns(expectation->init, &init_pid_ns), PIDTYPE_PID);

	if (init && !vkm_instance_of(init))
		send_sig(SIGKILL, init, 1);
}

/*
 * Under RCU. A process that has been killed makes no other any more, and what it has made before
 * stands behind it in the list: one walk finds all.
 */
static void kill_descendants(const struct pid *owner)
{
	struct task_struct *task;

	for_each_process(task) {
		if (task_tgid(task) != owner && descends(task, owner))
			send_sig(SIGKILL, task, 1);
	}
}

/* Under expected_lock and RCU: owner goes. Returns whether its container may yet be made. */
static bool leave(const struct pid *owner, bool *expected_any)
{
	struct expectation *expectation = find_owned(owner);
	bool unmade;

	*expected_any = expectation;
	if (!expectation)
		return false;
	expectation->left = true;
	WRITE_ONCE(expectation->cancelled, true);
	if (expectation->ns && !expectation->held)
		kill_unbound(expectation);
	unmade = !expectation->init;
	if (put(expectation))
		release(expectation);
	return unmade;
}

/* The last thread of an owner, or of an init that never came to execute, or was refused it. */
void vkm_expect_exit(struct task_struct *task)
{
	struct expectation *expectation;
	bool cancelled, unmade;

	if (nothing_expected() || atomic_read(&task->signal->live))
		return;
	spin_lock(&expected_lock);
	expectation = find_made(task);
	if (expectation && !expectation->held) {
		expectation->ns = NULL;
		if (!expectation->refused)
			expectation->state = "gone";
		if (put(expectation))
			release(expectation);
	}
	unmade = leave(task_tgid(task), &cancelled);
	spin_unlock(&expected_lock);
	if (unmade)
		kill_descendants(task_tgid(task));
	if (cancelled)
		wake_up_all(&decided);
}

void vkm_expect_arrived(const char *name)
{
	struct expectation *expectation;

	if (nothing_expected())
		return;
	spin_lock(&expected_lock);
	list_for_each_entry(expectation, &expected, node)
		if (!strcmp(expectation->name, name))
			WRITE_ONCE(expectation->arrived, true);
	spin_unlock(&expected_lock);
	wake_up_all(&decided);
}

/* The namespace that the current process expects for name, with a reference, or NULL. */
static struct pid_namespace *get_made(const char *name, pid_t *init)
{
	struct expectation *expectation;
	struct pid_namespace *ns = NULL;

	spin_lock(&expected_lock);
	list_for_each_entry(expectation, &expected, node) {
		if (expectation->owner != task_tgid(current) || !expectation->ns ||
		    expectation->refused || strcmp(expectation->name, name))
			continue;
		ns = get_pid_ns(expectation->ns);
		*init = expectation->init;
	}
	spin_unlock(&expected_lock);
	return ns;
}

/*
 * The init has not begun its program: once it executes it is held until it is bound, and pins what
 * the rules need by itself.
 */
int vkm_expect_settle(struct vkm_instance *instance)
{
	pid_t init = 0;
	struct pid_namespace *ns = get_made(kobject_name(&instance->kobject), &init);
	int error;

	if (!ns)
		return -ESRCH;
	error = bind(instance, ns, init);
	put_pid_ns(ns);
	return error;
}
