// SPDX-License-Identifier: GPL-2.0
#include "report.h"

#include <linux/capability.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/string.h>
#include <compat/trace.h>

#include "names.h"

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

static bool may_log(struct vkm_instance *instance)
{
	return ___ratelimit(&instance->log_limit, instance->guard->name);
}

void vkm_tell(struct vkm_instance *instance, const char *format, ...)
{
	struct va_format line;
	va_list arguments;

	if (!may_log(instance))
		return;
	va_start(arguments, format);
	line.fmt = format;
	line.va = &arguments;
	pr_notice("%s: %pV\n", instance->guard->name, &line);
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

/* A task chooses its name itself: what is not plain is escaped. */
void vkm_log_call(struct vkm_instance *instance, const struct vkm_denial *denial)
{
	const char *function = vkm_syscall_function(denial->path, denial->number);

	if (!may_log(instance))
		return;
	pr_notice("%s: %s call %d (%s) by %*pE[%d]: %s (%u)\n", instance->guard->name,
		  denial->path == POLICY_TABLE_I386 ? "i386" : "x86-64", denial->number,
		  function ? function : "unknown", (int)strnlen(current->comm, TASK_COMM_LEN),
		  current->comm, task_pid_nr(current), action_name(denial->verdict),
		  POLICY_VERDICT_VALUE(denial->verdict));
}

static void tell_excess(struct irq_work *work)
{
	struct vkm_excess *excess = container_of(work, struct vkm_excess, work);
	struct vkm_instance *instance = container_of(excess, struct vkm_instance, excess);
	struct task_struct *task = excess->task;

	if (may_log(instance))
		pr_warn("%s: %*pE[%d] holds capabilities that are not allowed: 0x%llx%s\n",
			instance->guard->name, (int)strnlen(task->comm, TASK_COMM_LEN), task->comm,
			task_pid_nr(task), excess->capabilities,
			excess->kill ? "; it is killed" : "");
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
