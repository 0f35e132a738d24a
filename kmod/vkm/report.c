// SPDX-License-Identifier: GPL-2.0
#include "report.h"

#include <linux/capability.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/string.h>
#include <compat/trace.h>

#include "names.h"
#include "ring.h"

#define CREATE_TRACE_POINTS
#include "trace.h"

const char *vkm_count_name(enum vkm_count count)
{
	static const char *const names[VKM_COUNTS] = {
		[VKM_SYSCALL] = "syscall",
		[VKM_CLONE] = "clone",
		[VKM_OPEN] = "open",
		[VKM_URING] = "io_uring",
		[VKM_CAPABILITY] = "capability",
		[VKM_EXCESS] = "excess",
		[VKM_LOG] = "log",
		[VKM_PTRACE] = "ptrace",
		[VKM_LOGGED] = "logged",
		[VKM_KILLED] = "killed",
		[VKM_FILE] = "file",
		[VKM_SIGNAL] = "signal",
		[VKM_SOCKET] = "socket",
	};

	return names[count];
}

void vkm_trace(struct vkm_instance *instance, const struct vkm_denial *denial)
{
	trace_vki_denied(instance, denial);
}

void vkm_report(struct vkm_instance *instance, const struct vkm_denial *denial)
{
	vkm_count(instance, denial->class);
	trace_vki_denied(instance, denial);
}

static bool may_log(struct vkm_instance *instance, enum vkm_lines lines)
{
	return ___ratelimit(&instance->limits[lines], kobject_name(&instance->kobject));
}

/* The container's own log, or NULL where it has none. */
static struct vkm_ring *private_log(const struct vkm_instance *instance)
{
	return vkm_rules_of(instance)->log == POLICY_LOG_PRIVATE ? vkm_ring_of(instance) : NULL;
}

/* The instance's name stands before each of its lines. */
#define LINE "%s" pr_fmt("%s: %pV\n")

/* To the host's log; where a task of the container says it, to its own too, as all that is printed. */
static __printf(3, 4) void tell_host(struct vkm_instance *instance, const char *level,
				     const char *format, ...)
{
	struct va_format line = {.fmt = format};
	va_list arguments;

	va_start(arguments, format);
	line.va = &arguments;
	printk(LINE, level, kobject_name(&instance->kobject), &line);
	va_end(arguments);
}

static __printf(3, 4) void tell_ring(struct vkm_instance *instance, struct vkm_ring *ring,
				     const char *format, ...)
{
	struct va_format line = {.fmt = format};
	va_list arguments;

	va_start(arguments, format);
	line.va = &arguments;
	vkm_ring_print(ring, 0, LOGLEVEL_DEFAULT, LINE, KERN_NOTICE, kobject_name(&instance->kobject), &line);
	va_end(arguments);
}

void vkm_tell(struct vkm_instance *instance, const char *format, ...)
{
	struct vkm_ring *ring = private_log(instance);
	struct va_format line = {.fmt = format};
	va_list arguments;

	if (!may_log(instance, VKM_LINES_TOLD))
		return;
	va_start(arguments, format);
	line.va = &arguments;
	if (ring)
		tell_ring(instance, ring, "%pV", &line);
	else
		tell_host(instance, KERN_NOTICE, "%pV", &line);
	va_end(arguments);
}

static const char *action_name(u32 verdict)
{
	switch (POLICY_VERDICT_ACTION(verdict)) {
	case POLICY_KILL_THREAD:
		return "the thread is killed";
	case POLICY_KILL_PROCESS:
		return "the process is killed";
	case POLICY_TRAP:
		return "SIGSYS";
	case POLICY_ALLOW_LOGGED:
		return "allowed";
	}
	return "refused";
}

/* The host's administrator hears of it even where the container has a log of its own. */
static bool kills(u32 verdict)
{
	return POLICY_VERDICT_ACTION(verdict) == POLICY_KILL_THREAD ||
	       POLICY_VERDICT_ACTION(verdict) == POLICY_KILL_PROCESS;
}

#define CALL "%s call %d (%s) by %*pE[%d]: %s (%u)"

/* A task chooses its name itself: what is not plain is escaped. */
void vkm_log_call(struct vkm_instance *instance, const struct vkm_denial *denial)
{
	const char *path = denial->path == POLICY_TABLE_I386 ? "i386" : "x86-64";
	const char *function = vkm_syscall_function(denial->path, denial->number);
	const char *action = action_name(denial->verdict);
	const int length = strnlen(current->comm, TASK_COMM_LEN);
	struct vkm_ring *ring = private_log(instance);

	if (!may_log(instance, kills(denial->verdict) ? VKM_LINES_KILLED : VKM_LINES_TOLD))
		return;
	if (!function)
		function = "unknown";
	if (ring && !kills(denial->verdict))
		tell_ring(instance, ring, CALL, path, denial->number, function, length,
			  current->comm, task_pid_nr(current), action,
			  POLICY_VERDICT_VALUE(denial->verdict));
	else
		tell_host(instance, KERN_NOTICE, CALL, path, denial->number, function, length,
			  current->comm, task_pid_nr(current), action,
			  POLICY_VERDICT_VALUE(denial->verdict));
}

#define EXCESS "%*pE[%d] holds capabilities that are not allowed: 0x%llx%s"

/* In an interrupt, so that the container's log gets only what it is told here. */
static void tell_excess(struct irq_work *work)
{
	struct vkm_excess *excess = container_of(work, struct vkm_excess, work);
	struct vkm_instance *instance = container_of(excess, struct vkm_instance, excess);
	struct vkm_ring *ring = private_log(instance);
	struct task_struct *task = excess->task;
	const char *end = excess->kill ? "; it is killed" : "";
	const int length = strnlen(task->comm, TASK_COMM_LEN);

	if (may_log(instance, VKM_LINES_EXCESS)) {
		tell_host(instance, KERN_WARNING, EXCESS, length, task->comm, task_pid_nr(task),
			  excess->capabilities, end);
		if (ring)
			tell_ring(instance, ring, EXCESS, length, task->comm, task_pid_nr(task),
				  excess->capabilities, end);
	}
	if (excess->kill)
		send_sig(SIGKILL, task, 1);
	put_task_struct(task);
	atomic_set_release(&excess->busy, 0);
}

void vkm_report_excess(struct vkm_instance *instance, u64 capabilities, bool kill)
{
	struct vkm_excess *excess = &instance->excess;

	vkm_count(instance, VKM_EXCESS);
	if (atomic_cmpxchg_acquire(&excess->busy, 0, 1))
		return;
	excess->task = get_task_struct(current);
	excess->capabilities = capabilities;
	excess->kill = kill;
	irq_work_queue(&excess->work);
}

void vkm_excess_start(struct vkm_instance *instance)
{
	init_irq_work(&instance->excess.work, tell_excess);
}

void vkm_excess_stop(struct vkm_instance *instance)
{
	irq_work_sync(&instance->excess.work);
}
