// SPDX-License-Identifier: GPL-2.0
/*
 * The template of a virtual kernel instance. The runtime puts a policy blob into the section
 * POLICY_IMAGE_SECTION of a copy, renames the copy and loads it: one module for each container.
 */
#include <linux/bitmap.h>
#include <linux/err.h>
#include <linux/module.h>
#include <asm/syscall.h>
#include <asm/unistd.h>
#include <vkernel/image.h>
#include <vkernel/vkm.h>

static const struct policy_image image __used __aligned(8) __section(POLICY_IMAGE_SECTION) = {};

static struct policy policy; /* a view of the image; constant after init */
static DECLARE_BITMAP(syscalls_x86_64, POLICY_SYSCALL_MAX);
static DECLARE_BITMAP(syscalls_i386, POLICY_SYSCALL_MAX);
static struct vkm_instance *instance;

static long verdict_value(u32 verdict)
{
	if (POLICY_VERDICT_ACTION(verdict) == POLICY_ALLOW)
		return VKM_PASS;
	return -(long)POLICY_VERDICT_VALUE(verdict);
}

static void read_arguments(enum policy_table_index table, const struct pt_regs *regs, __u64 *out)
{
	if (table == POLICY_TABLE_I386) {
		out[0] = (u32)regs->bx;
		out[1] = (u32)regs->cx;
		out[2] = (u32)regs->dx;
		out[3] = (u32)regs->si;
		out[4] = (u32)regs->di;
		out[5] = (u32)regs->bp;
	} else {
		out[0] = regs->di;
		out[1] = regs->si;
		out[2] = regs->dx;
		out[3] = regs->r10;
		out[4] = regs->r8;
		out[5] = regs->r9;
	}
}

/*
 * A number with the x32 bit came by an entry that no profile speaks of: seccomp kills such calls,
 * as they are of another architecture. Kernels without x32 do not get here with one.
 */
static long decide_syscall(const struct vkm_guard *guard, enum policy_table_index table,
			   const struct pt_regs *regs)
{
	__u64 arguments[6];

	if (!policy.tables[table].header)
		return VKM_PASS;
	if (unlikely(regs->orig_ax & __X32_SYSCALL_BIT))
		return -EPERM;
	read_arguments(table, regs, arguments);
	return verdict_value(policy_decide(&policy.tables[table], (u32)regs->orig_ax, arguments));
}

static long decide_capability(const struct vkm_guard *guard, int capability)
{
	return policy.capabilities & BIT_ULL(capability) ? VKM_PASS : -EPERM;
}

static long decide_log(const struct vkm_guard *guard)
{
	return -EPERM;
}

static struct vkm_guard guard = {
	.owner = THIS_MODULE,
	.syscalls = {
		[POLICY_TABLE_X86_64] = syscalls_x86_64,
		[POLICY_TABLE_I386] = syscalls_i386,
	},
	.syscall = decide_syscall,
	.capability = decide_capability,
	.log = decide_log,
};

/*
 * Calls that no program makes: the kernel puts them into a program that the host traces, and
 * seccomp lets them pass whatever a filter says, or tracing a container would break it.
 */
static void unmark_uprobes(unsigned long *bitmap)
{
#ifdef __NR_uretprobe
	__clear_bit(__NR_uretprobe, bitmap);
#endif
#ifdef __NR_uprobe
	__clear_bit(__NR_uprobe, bitmap);
#endif
}

/* A call is hooked unless its table allows it whatever its arguments. */
static void mark_restricted(const struct policy_table *table, unsigned long *bitmap)
{
	u32 count, otherwise, number;

	if (!table->header)
		return;
	count = le32_to_cpu(table->header->verdicts);
	otherwise = le32_to_cpu(table->header->otherwise);
	for (number = 0; number < POLICY_SYSCALL_MAX; number++) {
		u32 verdict = number < count ? le32_to_cpu(table->verdicts[number]) : otherwise;

		if (POLICY_VERDICT_ACTION(verdict) != POLICY_ALLOW)
			__set_bit(number, bitmap);
	}
}

static int parse_image(void)
{
	const struct policy_image *embedded = &image;
	struct policy_fault fault;
	int error;

	/* The section has grown since this file was compiled. */
	OPTIMIZER_HIDE_VAR(embedded);
	if (!embedded->size) {
		pr_err("%s: no policy is embedded: this is the template, vkernel-runtime loads copies of it\n",
		       THIS_MODULE->name);
		return -ENODATA;
	}
	error = policy_parse(embedded->blob, le64_to_cpu(embedded->size), &policy, &fault);
	if (error)
		pr_err("%s: the embedded policy is refused at offset %zu: %s\n",
		       THIS_MODULE->name, fault.offset, fault.reason);
	return error;
}

static int __init vki_start(void)
{
	int error = parse_image();

	if (error)
		return error;
	mark_restricted(&policy.tables[POLICY_TABLE_X86_64], syscalls_x86_64);
	mark_restricted(&policy.tables[POLICY_TABLE_I386], syscalls_i386);
	unmark_uprobes(syscalls_x86_64);
	guard.name = THIS_MODULE->name;
	guard.guards_capabilities = policy.restricts_capabilities;
	guard.guards_log = policy.log == POLICY_LOG_DENY;
	instance = vkm_register(&guard);
	return PTR_ERR_OR_ZERO(instance);
}

static void __exit vki_stop(void)
{
	vkm_unregister(instance);
}

module_init(vki_start);
module_exit(vki_stop);
MODULE_DESCRIPTION("vKernel instance");
MODULE_LICENSE("GPL");
