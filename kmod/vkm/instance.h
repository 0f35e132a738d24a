/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A registered vKI as vKM sees it, and its folder in sysfs.
 *
 *	registered --bind--> bound --release--> released --unregister--> gone
 *
 * Lifetime of the instance. vKM allocates it; the reference of its kobject that vkm_register()
 * takes is given back by vkm_unregister(). While bound it is reachable through its namespace, and
 * a reference on the guard's module keeps guard and instance where they are. Only a container that
 * is over is released: all its tasks have been reaped, so none is in a private call of the vKI,
 * asleep, frozen or traced as it may be, and none comes. Release unlinks the instance first and
 * gives the module back after. Tasks that were reaped while they still exit may have found the
 * instance under RCU, which is why it is freed a grace period after vkm_unregister(), the module's
 * last act, and why what was released is never bound again. They look at the instance, never at its
 * guard, which goes with the module.
 *
 * Lifetime of the rules. They are read without a lock, from when a handler first looks at them until
 * it has decided: nothing sleeps in between. A private call is begun after the last look, and what a
 * decision about a file needs is allocated before the first.
 * That is what Tasks RCU waits for: each task that was preempted or interrupted in there has gone
 * on and slept, or run in user space, since. So rules that were exchanged are freed by
 * call_rcu_tasks(), and those of an instance that is unregistered at once: no task asks it.
 */
#ifndef VKM_INSTANCE_H
#define VKM_INSTANCE_H

#include <linux/irq_work.h>
#include <linux/kobject.h>
#include <linux/mutex.h>
#include <linux/ratelimit.h>
#include <linux/types.h>
#include <linux/workqueue.h>
#include <vkernel/vkm.h>

struct pid_namespace;
struct task_struct;
struct vkm_memory;
struct vkm_ring;

/* What is counted, in the order in which sysfs shows it. */
enum vkm_count {
	VKM_SYSCALL, /* refused at entry */
	VKM_CLONE,   /* clone3, refused for its fields */
	VKM_OPEN,    /* openat2, likewise */
	VKM_URING,   /* operations of io_uring */
	VKM_CAPABILITY,
	VKM_EXCESS, /* a program holds capabilities that it may not */
	VKM_LOG,
	VKM_PTRACE, /* against a runtime's task, whatever the policy, or refused by access rules */
	VKM_FILE,   /* file rules */
	VKM_SIGNAL, /* access rules, this and the next */
	VKM_SOCKET,
	VKM_LOGGED, /* allowed, with a line in the log */
	VKM_KILLED, /* threads and processes ended */
	VKM_COUNTS,
};

/*
 * Lines of the log that are limited each kind for itself: a container that has itself refused
 * something all the time does not keep the host from being told of worse.
 */
enum vkm_lines {
	VKM_LINES_TOLD,	  /* what is refused, audited or logged */
	VKM_LINES_KILLED, /* what ends a program */
	VKM_LINES_EXCESS, /* a program that holds too much */
	VKM_LINES,
};

struct vkm_counters {
	u64 counts[VKM_COUNTS];
};

/* A program that holds too much, to be told of and killed outside of the check that found it. */
struct vkm_excess {
	struct irq_work work;
	atomic_t busy;		  /* 1: the next three belong to the work */
	struct task_struct *task; /* a reference */
	u64 capabilities;
	bool kill;
};

struct vkm_instance {
	struct kobject kobject;
	const struct vkm_guard *guard; /* the vKI's; valid until vkm_unregister() returns */
	struct vkm_rules *rules;  /* never NULL; exchanged under both locks, read as said above */
	struct mutex lock;	  /* orders bind and release; guards the next ones */
	struct pid_namespace *ns; /* bound to; holds a reference; else NULL */
	pid_t init;		  /* host's number of the task named at bind; else 0 */
	bool released;		  /* was bound: readers may still hold it, see above */
	/*
	 * Orders exchanges of rules, and pinning, which takes as long as the container's file systems
	 * like: nobody else waits for it. Taken before lock; guards the next ones.
	 */
	struct mutex exchange;
	bool pinned;  /* the names of its deny rules are (alias.h) */
	void *staged; /* the blob that is being written, or NULL */
	size_t staged_size, staged_used;

	/* Of files; made before the first rules that speak of files are in force, stays. Else NULL. */
	struct vkm_memory *memory;
	unsigned int pins;	      /* alias.c's */
	struct callback_head pinning; /* arming.c's: the init's first exec */
	/*
	 * The private log: NULL until rules ask for one, which are in force after it is there; then
	 * it stays until the instance goes. A reference.
	 */
	struct vkm_ring *ring;

	struct vkm_counters __percpu *counters;
	atomic64_t *calls; /* refusals: POLICY_SYSCALL_MAX of each entry path */
	struct ratelimit_state limits[VKM_LINES];
	struct vkm_excess excess;
	struct task_struct *watched; /* by borrowed.c; a name, never followed */
	struct rcu_work farewell;    /* instance.c's: its last reference is given back */
};

/* The registered instance of this name, with a reference on its kobject, or NULL. */
struct vkm_instance *vkm_instance_find(const char *name);

/*
 * Binds to ns, whose init has the host's number init and has not begun its program. Returns 0,
 * -EALREADY, -EBUSY, -ENOSPC or -ENODEV. Context: process; instance->lock held, ns held.
 */
int vkm_bind_namespace(struct vkm_instance *instance, struct pid_namespace *ns, pid_t init);

/* No task is left in ns, and none can enter: its init is gone and reaped. Context: any; ns held. */
bool vkm_is_over(const struct pid_namespace *ns);

/* The rules in force, for the rest of the current decision. Context: as said above. */
static inline const struct vkm_rules *vkm_rules_of(const struct vkm_instance *instance)
{
	return READ_ONCE(instance->rules);
}

/* The ring: there once rules in force have said that the log is private. Context: after that. */
static inline struct vkm_ring *vkm_ring_of(const struct vkm_instance *instance)
{
	return READ_ONCE(instance->ring);
}

/*
 * Pins what the instance's deny rules need, once, as seen by the current task: the container's init,
 * which has executed its program and has not begun it. Returns 0 or -ENOMEM.
 * Context: process, sleeps.
 */
int vkm_instance_pin(struct vkm_instance *instance);

/* /sys/kernel/vkernel comes and goes. Context: process, may sleep. */
int vkm_instance_start(void);
void vkm_instance_stop(void);

#endif
