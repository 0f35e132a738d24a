/* SPDX-License-Identifier: GPL-2.0 */
/* The trace event vkernel:vki_denied: each refusal, whatever the class. */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM vkernel

#if !defined(VKM_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define VKM_TRACE_H

#include <linux/tracepoint.h>

#include "instance.h"
#include "report.h"

TRACE_EVENT(vki_denied,
	    TP_PROTO(const struct vkm_instance *instance, const struct vkm_denial *denial),
	    TP_ARGS(instance, denial),
	    TP_STRUCT__entry(__string(instance, kobject_name(&instance->kobject))
				     __string(class, vkm_count_name(denial->class))
					     __field(u32, path) __field(s32, number)
						     __field(u32, verdict) __field(u32, value)),
	    TP_fast_assign(compat_assign_str(instance, kobject_name(&instance->kobject));
			   compat_assign_str(class, vkm_count_name(denial->class));
			   __entry->path = denial->path; __entry->number = denial->number;
			   __entry->verdict = POLICY_VERDICT_ACTION(denial->verdict);
			   __entry->value = POLICY_VERDICT_VALUE(denial->verdict);),
	    TP_printk("instance=%s class=%s path=%s number=%d verdict=%s value=%u",
		      __get_str(instance), __get_str(class),
		      __entry->path == POLICY_TABLE_I386 ? "i386" : "x86-64", __entry->number,
		      __print_symbolic(__entry->verdict, {POLICY_ERRNO, "errno"},
				       {POLICY_KILL_THREAD, "kill-thread"},
				       {POLICY_KILL_PROCESS, "kill-process"},
				       {POLICY_TRAP, "trap"}),
		      __entry->value));

#endif

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
