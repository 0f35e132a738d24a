// SPDX-License-Identifier: GPL-2.0
#include "policy.h"

#include <linux/err.h>
#include <linux/fs_struct.h>
#include <linux/mm.h>
#include <linux/path.h>
#include <linux/pid_namespace.h>
#include <linux/rcupdate.h>
#include <linux/sched/task.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/sysfs.h>

#include "alias.h"
#include "hook.h"
#include "instance.h"
#include "memory.h"
#include "ring.h"
#include "sysfs.h"

ssize_t vkm_instance_read_policy(struct vkm_instance *instance, char *buffer, loff_t offset,
				 size_t size)
{
	ssize_t length;

	mutex_lock(&instance->lock);
	length = memory_read_from_buffer(buffer, size, &offset, instance->rules->blob,
					 instance->rules->blob_size);
	mutex_unlock(&instance->lock);
	return length;
}

static void free_rules(struct rcu_head *head)
{
	kvfree(container_of(head, struct vkm_rules, rcu));
}

/* Readers see a whole memory or none. */
static int require_memory(struct vkm_instance *instance, const struct vkm_rules *rules)
{
	struct vkm_memory *memory;

	if (!rules->files.states || instance->memory)
		return 0;
	memory = vkm_memory_new();
	if (!memory)
		return -ENOMEM;
	smp_store_release(&instance->memory, memory);
	return 0;
}

static int provide_log(struct vkm_instance *instance, const struct vkm_rules *rules)
{
	struct vkm_ring *ring;

	if (rules->log != POLICY_LOG_PRIVATE)
		return 0;
	if (instance->ring)
		return vkm_ring_resize(instance->ring, rules->log_size);
	ring = vkm_ring_new(rules->log_size);
	if (!ring)
		return -ENOMEM;
	smp_store_release(&instance->ring, ring);
	return 0;
}

int vkm_policy_provide(struct vkm_instance *instance, const struct vkm_rules *rules)
{
	const int error = require_memory(instance, rules);

	return error ? error : provide_log(instance, rules);
}

/* The file is there as long as the instance can be found. */
void vkm_policy_announce(struct vkm_instance *instance)
{
	struct kernfs_node *range;

	if (!instance->ring || instance->ring->range)
		return;
	range = sysfs_get_dirent(instance->kobject.sd, VKM_LOG_RANGE);
	smp_store_release(&instance->ring->range, range);
}

int vkm_instance_pin(struct vkm_instance *instance)
{
	struct path root;
	int error;

	get_fs_root(current->fs, &root);
	mutex_lock(&instance->exchange);
	error = vkm_alias_pin(instance, instance->rules, &root);
	instance->pinned = true;
	mutex_unlock(&instance->exchange);
	path_put(&root);
	return error;
}

/* Where the root of the container's init is. It may be on its way out: then nobody is left. */
static bool find_root(const struct pid_namespace *ns, struct path *root)
{
	struct task_struct *init;
	bool found = false;

	rcu_read_lock();
	if (vkm_is_over(ns)) {
		rcu_read_unlock();
		return false;
	}
	init = READ_ONCE(ns->child_reaper); /* not reaped, so there while we read */
	task_lock(init);
	if (init->fs) {
		get_fs_root(init->fs, root);
		found = true;
	}
	task_unlock(init);
	rcu_read_unlock();
	return found;
}

static bool find_bound_root(struct vkm_instance *instance, struct path *root)
{
	bool found;

	mutex_lock(&instance->lock);
	found = instance->ns && find_root(instance->ns, root);
	mutex_unlock(&instance->lock);
	return found;
}

/* Before the init's first exec it is not known what the container will see. */
static int pin_successor(struct vkm_instance *instance, const struct vkm_rules *rules)
{
	struct path root;
	int error;

	if (!instance->pinned || !find_bound_root(instance, &root))
		return 0;
	error = vkm_alias_pin(instance, rules, &root);
	path_put(&root);
	return error;
}

/* All that new rules need before they are in force. */
static int prepare(struct vkm_instance *instance, const struct vkm_rules *rules)
{
	int error = vkm_hook_require(rules);

	if (error)
		return error;
	mutex_lock(&instance->lock);
	error = vkm_policy_provide(instance, rules);
	mutex_unlock(&instance->lock);
	return error ? error : pin_successor(instance, rules);
}

/*
 * Under the lock of exchanges, as what it calls. Hooks that only the new rules need are in force
 * before the rules are, and ask the old ones until then. Each decision is made by one look at
 * instance->rules: by the old ones or by the new ones, never by neither or half of them.
 */
static int exchange(struct vkm_instance *instance, const void *blob, size_t size)
{
	struct vkm_rules *rules = instance->guard->compile(blob, size), *old = instance->rules;
	int error;

	if (IS_ERR(rules))
		return PTR_ERR(rules);
	rules->successor = true;
	error = prepare(instance, rules);
	if (error) {
		kvfree(rules);
		return error;
	}
	mutex_lock(&instance->lock);
	vkm_policy_announce(instance);
	smp_store_release(&instance->rules, rules);
	mutex_unlock(&instance->lock);
	vkm_forget();
	call_rcu_tasks(&old->rcu, free_rules);
	return 0;
}

void vkm_policy_drop_staged(struct vkm_instance *instance)
{
	kvfree(instance->staged);
	instance->staged = NULL;
	instance->staged_size = 0;
	instance->staged_used = 0;
}

/* The header tells how much will come; the parser checks it again. */
static int begin_staging(struct vkm_instance *instance, const char *buffer, size_t size)
{
	struct policy_header header;
	size_t whole;

	vkm_policy_drop_staged(instance);
	if (size < sizeof(header))
		return -EINVAL;
	memcpy(&header, buffer, sizeof(header));
	whole = le32_to_cpu(header.size);
	if (memcmp(header.magic, POLICY_MAGIC, sizeof(header.magic)) || whole < size ||
	    whole > POLICY_SIZE_MAX)
		return -EINVAL;
	instance->staged = kvmalloc(whole, GFP_KERNEL);
	if (!instance->staged)
		return -ENOMEM;
	instance->staged_size = whole;
	return 0;
}

static int stage(struct vkm_instance *instance, const char *buffer, loff_t offset, size_t size)
{
	int error = 0;

	if (!offset)
		error = begin_staging(instance, buffer, size);
	if (error)
		return error;
	if (offset != instance->staged_used || size > instance->staged_size - instance->staged_used)
		return -ESTALE;
	memcpy(instance->staged + instance->staged_used, buffer, size);
	instance->staged_used += size;
	if (instance->staged_used == instance->staged_size) {
		error = exchange(instance, instance->staged, instance->staged_size);
		vkm_policy_drop_staged(instance);
	}
	return error;
}

int vkm_instance_stage(struct vkm_instance *instance, const char *buffer, loff_t offset,
		       size_t size)
{
	int error = mutex_lock_killable(&instance->exchange);

	if (error)
		return error;
	error = stage(instance, buffer, offset, size);
	mutex_unlock(&instance->exchange);
	return error;
}

/* free_rules() is part of this module: the last of them has to have run. */
void vkm_policy_stop(void)
{
	rcu_barrier_tasks();
}
