/* SPDX-License-Identifier: GPL-2.0 */
/* Capabilities, sockets and other tasks, likewise. BPF side only. */
#ifndef VKERNEL_OPERATOR_BPF_OTHERS_H
#define VKERNEL_OPERATOR_BPF_OTHERS_H

#include "operator/bpf/files.h"

#define OPT_NOAUDIT 2
#define MODE_READ   1 /* of ptrace_may_access() */

SEC("lsm/capable")
int BPF_PROG(see_capable, const struct cred *cred, struct user_namespace *ns, int capability,
	     unsigned int options)
{
	record_fact(options & OPT_NOAUDIT ? TRACE_CAPABILITY_QUIET : TRACE_CAPABILITY, capability,
		    0);
	return 0;
}

SEC("lsm/socket_create")
int BPF_PROG(see_socket, int family, int type, int protocol, int kern)
{
	if (!kern)
		record_fact(TRACE_SOCKET, family, type);
	return 0;
}

static __always_inline bool is_other(const struct task_struct *task)
{
	return BPF_CORE_READ(task, tgid) != (int)(bpf_get_current_pid_tgid() >> 32);
}

SEC("lsm/task_kill")
int BPF_PROG(see_kill, struct task_struct *task, struct kernel_siginfo *info, int number,
	     const struct cred *cred)
{
	if (number && !cred && is_other(task))
		record_fact(TRACE_SIGNAL, 0, 0);
	return 0;
}

SEC("lsm/ptrace_access_check")
int BPF_PROG(see_ptrace, struct task_struct *task, unsigned int mode)
{
	if (is_other(task))
		record_fact(mode & MODE_READ ? TRACE_LOOK : TRACE_PTRACE, 0, 0);
	return 0;
}

SEC("lsm/ptrace_traceme")
int BPF_PROG(see_traceme, struct task_struct *parent)
{
	record_fact(TRACE_PTRACE, 0, 0);
	return 0;
}

#endif
