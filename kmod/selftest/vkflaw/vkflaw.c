// SPDX-License-Identifier: GPL-2.0
/*
 * DELIBERATELY VULNERABLE, FOR TESTS ONLY: hands the kernel's own credentials to any process that
 * asks, as a flaw in the kernel would let it take them. The scenarios load it into a guest of their
 * own for the time of an attempt, to see what such a process can then do in a container.
 *
 * A word written to /proc/vkflaw says how:
 *
 *	commit		the writer's credentials are exchanged, as commit_creds() does
 *	in-place	the capability sets of the writer's credentials are overwritten
 *	subjective	only the pointer that the kernel's checks follow is exchanged
 */
#include <linux/cred.h>
#include <linux/init.h>
#include <linux/init_task.h>
#include <linux/module.h>
#include <linux/proc_fs.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#define NAME "vkflaw"

static int take_by_commit(void)
{
	struct cred *stolen = prepare_kernel_cred(&init_task);

	return stolen ? commit_creds(stolen) : -ENOMEM;
}

/* The sets are written where they are, with no copy, as an arbitrary write would. */
static int take_in_place(void)
{
	const struct cred *kernel = rcu_access_pointer(init_task.cred);
	struct cred *own = (struct cred *)current_cred();

	own->cap_permitted = kernel->cap_permitted;
	own->cap_effective = kernel->cap_effective;
	own->cap_bset = kernel->cap_bset;
	return 0;
}

/* Never taken back: the writer ends with it. */
static int take_subjectively(void)
{
	struct cred *stolen = prepare_kernel_cred(&init_task);

	if (!stolen)
		return -ENOMEM;
	override_creds(stolen);
	return 0;
}

static const struct {
	const char *word;
	int (*take)(void);
} ways[] = {
	{.word = "commit", .take = take_by_commit},
	{.word = "in-place", .take = take_in_place},
	{.word = "subjective", .take = take_subjectively},
};

static ssize_t flaw_write(struct file *file, const char __user *from, size_t size, loff_t *offset)
{
	char word[16] = "";
	size_t i;
	int error;

	if (size >= sizeof(word))
		return -EINVAL;
	if (copy_from_user(word, from, size))
		return -EFAULT;
	for (i = 0; i < ARRAY_SIZE(ways); i++) {
		if (strcmp(strim(word), ways[i].word))
			continue;
		error = ways[i].take();
		return error ?: size;
	}
	return -EINVAL;
}

static const struct proc_ops flaw_ops = {
	.proc_write = flaw_write,
};

static int __init flaw_start(void)
{
	pr_warn(NAME
		": this module is a hole, made for tests: any process may become all-powerful\n");
	return proc_create(NAME, 0222, NULL, &flaw_ops) ? 0 : -ENOMEM;
}

static void __exit flaw_stop(void)
{
	remove_proc_entry(NAME, NULL);
}

module_init(flaw_start);
module_exit(flaw_stop);
MODULE_DESCRIPTION("vKernel selftest: a deliberate hole");
MODULE_LICENSE("GPL");
