// SPDX-License-Identifier: GPL-2.0
/*
 * A livepatch on one system call's function, which it makes answer ENOSYS: what stands in vkm's
 * way, or vkm in its.
 */
#include <linux/errno.h>
#include <linux/livepatch.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/ptrace.h>
#include <linux/string.h>

static char *function = "__x64_sys_acct";
module_param(function, charp, 0400);
MODULE_PARM_DESC(function, "which one: a name that begins with __x64_sys_");

static long replacement(const struct pt_regs *regs)
{
	return -ENOSYS;
}

static struct klp_func functions[] = {
	{.new_func = replacement},
	{},
};

static struct klp_object objects[] = {
	{.funcs = functions}, /* without a name: of the kernel itself */
	{},
};

static struct klp_patch patch = {
	.mod = THIS_MODULE,
	.objs = objects,
};

static int __init livepatch_start(void)
{
	if (strncmp(function, "__x64_sys_", strlen("__x64_sys_")))
		return -EINVAL;
	functions[0].old_name = function;
	return klp_enable_patch(&patch);
}

static void __exit livepatch_stop(void)
{
}

module_init(livepatch_start);
module_exit(livepatch_stop);
MODULE_DESCRIPTION("vKernel selftest: a livepatch");
MODULE_LICENSE("GPL");
MODULE_INFO(livepatch, "Y");
