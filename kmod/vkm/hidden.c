// SPDX-License-Identifier: GPL-2.0
/*
 * What a container is not to know: that there are instances, and whose. They are left out of
 * /proc/modules, /proc/kallsyms and sysfs as if they were not there, its own with the others.
 */
#include <linux/dcache.h>
#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/ftrace.h>
#include <linux/kobject.h>
#include <linux/magic.h>
#include <linux/module.h>
#include <linux/preempt.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <vkernel/image.h>
#include <compat/revalidate.h>

#include "arming.h"
#include "dispatch.h"
#include "identity.h"
#include "symbol.h"

#define FRAMEWORK KBUILD_MODNAME /* the module */
#define FOLDER	  "vkernel"	 /* in /sys/kernel */

static struct vkm_symbol readdir = {.name = "kernfs_fop_readdir"};

int vkm_hidden_start(void)
{
	return vkm_symbols_find(&readdir, 1);
}

static bool is_instance(const char *name)
{
	return !strncmp(name, VKI_NAME_PREFIX, sizeof(VKI_NAME_PREFIX) - 1);
}

static bool is_ours(const char *name)
{
	return is_instance(name) || !strcmp(name, FRAMEWORK) || !strcmp(name, FOLDER);
}

/* Whether the current task is a container's program; instance is the trampoline's. */
static bool is_inside(const struct vkm_instance *instance)
{
	if (!instance) {
		rcu_read_lock();
		instance = vkm_instance_of(current);
		rcu_read_unlock();
	}
	return instance && in_task() && !vkm_is_entering(current);
}

/* A module without a line, as one that is not formed yet. That of vkm would name all instances. */
long vkm_enter_module_line(const struct seq_file *file, const struct list_head *entry,
			   struct vkm_instance *instance)
{
	const struct module *module = list_entry(entry, struct module, list);

	return is_ours(module->name) && is_inside(instance) ? 0 : VKM_PASS;
}

/* There are no more modules: their symbols come last but those that the kernel makes itself. */
long vkm_enter_module_symbol(struct vkm_instance *instance)
{
	return is_inside(instance) ? -ERANGE : VKM_PASS;
}

/*
 * The name may be changing while it is looked at: it lies in the dentry, or where RCU keeps it, and
 * what does not begin like ours ends the comparison.
 */
static bool is_hidden(const struct super_block *sb, const struct dentry *dentry,
		      const struct vkm_instance *instance)
{
	bool hidden;

	if (sb->s_magic != SYSFS_MAGIC)
		return false;
	rcu_read_lock();
	hidden = is_ours((const char *)READ_ONCE(dentry->d_name.name));
	rcu_read_unlock();
	return hidden && is_inside(instance);
}

/* Its caller receives an ERR_PTR in place of an entry, which is the same bits. */
long vkm_enter_lookup(const struct inode *folder, const struct dentry *dentry, unsigned int flags,
		      struct vkm_instance *instance)
{
	return is_hidden(folder->i_sb, dentry, instance) ? -ENOENT : VKM_PASS;
}

/*
 * What the host has looked up before. An error ends the walk; the answer that the entry is not valid
 * would take away what is mounted there, everywhere.
 */
long vkm_enter_revalidate(const void *first, const void *second, const void *third,
			  unsigned long fourth, struct vkm_instance *instance)
{
	const struct dentry *dentry = compat_revalidated(first, third);

	return is_hidden(dentry->d_sb, dentry, instance) ? -ENOENT : VKM_PASS;
}

/* A reader of a folder, and what is read for it. */
struct sifting {
	struct dir_context context;
	struct dir_context *reader;
};

static bool sift(struct dir_context *context, const char *name, int length, loff_t offset,
		 u64 number, unsigned int type)
{
	const struct sifting *sifting = container_of(context, struct sifting, context);

	if (is_ours(name))
		return true;
	sifting->reader->pos = context->pos;
	return sifting->reader->actor(sifting->reader, name, length, offset, number, type);
}

/*
 * The rest of the hooked function runs below this one, and may sleep. It does so in a task of a
 * bound container, which holds its instance and that this module: an exiting task, which does not,
 * reads no folders.
 */
long vkm_enter_readdir(struct file *file, struct dir_context *reader, struct vkm_instance *instance)
{
	struct sifting sifting = {.context = *reader, .reader = reader};
	long answer;

	if (!instance || file_inode(file)->i_sb->s_magic != SYSFS_MAGIC || !is_inside(instance))
		return VKM_PASS;
	sifting.context.actor = sift;
	answer = (int)vkm_call((unsigned long)file, (unsigned long)&sifting.context, 0,
			       readdir.site + MCOUNT_INSN_SIZE);
	reader->pos = sifting.context.pos;
	return answer;
}

/*
 * For every task: the kernel tells of modules in all network namespaces of the first user
 * namespace, and anybody may listen.
 */
long vkm_enter_uevent(const struct kobject *kobject)
{
	return is_instance(kobject_name(kobject)) ? 0 : VKM_PASS;
}
