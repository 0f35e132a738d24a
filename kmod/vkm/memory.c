// SPDX-License-Identifier: GPL-2.0
/*
 * Why a slot that counts is right.
 *
 * The rules say of a file what they say of its path and of its other names. The path is made of the
 * names of the dentry and its ancestors up to the root of its mount, of the place where that is
 * mounted, and so on; the other names of the ancestors of the dentry and of its inode (alias.h).
 * Each of these changes something that a slot compares:
 *
 * - a mount that comes, goes or moves: the sequence of mount_lock. A struct mount is never freed
 *   without it, so equal sequences also mean that the address is that of the same mount.
 * - a directory, or a file that something is mounted on, that is renamed: vkm_generation.
 * - another file that is renamed: its own generation, and that of the dentry it is moved onto or
 *   exchanged with. Dentries with one hash share a generation, which costs a decision now and then.
 * - a dentry that is freed, whose address may become that of another: its generation again.
 *   All that are freed after having been visible go through __d_free() or __d_free_external().
 *   Those that are freed without an RCU delay (DCACHE_NORCU) are not remembered.
 * - a file that is deleted while its dentry stays, and another that is created there: d_inode.
 * - rules that are exchanged, a name that is added (alias.c): vkm_generation.
 *
 * Why none of it is missed. A stamp is taken before the path, the inode, the names and the rules
 * are looked at, and stands in the slot. What changes before the stamp is seen by that look; what
 * changes after it makes the stamp an old one, and such a slot never counts. Two changes happen
 * after they are told:
 *
 * - __d_move() is entered with rename_lock held for writing, so vkm_note_move() runs before any
 *   name changes, but whoever takes the stamp after it and then looks at names waits for
 *   rename_lock, or tries again when it was held.
 * - the sequence of mount_lock is odd while mounts change, and another one when they have: a stamp
 *   that was taken in between counts for no longer than the change lasts.
 *
 * A look at a slot is made while the caller holds path, so that its dentry is alive: it is the very
 * one that was remembered, or one that got the address of a freed one, whose generation has
 * changed before it was freed. The generations are counted with locked instructions: an increment
 * that was lost would be one that never happened.
 *
 * A stamp is the sum of the counters. It is compared with a sum of values each of which is the same
 * or a later one; if one is later, the sums differ.
 *
 * Two counters have 32 bits, and a container can turn them until they come round. Every five
 * minutes vkm_generation steps by more than all that they can fall by meanwhile, so that no sum ever
 * comes back.
 */
#include "memory.h"

#include <linux/atomic.h>
#include <linux/err.h>
#include <linux/jiffies.h>
#include <linux/mm.h>
#include <linux/workqueue.h>

#include "alias.h"
#include "dispatch.h"
#include "symbol.h"

u64 vkm_generation;
u32 vkm_dentry_generations[VKM_DENTRY_PLACES];
const u32 *vkm_mounts_sequence;

#define FORGET_AFTER (300 * HZ)
#define PERIOD	     (1ull << 36) /* sixteen rounds of a counter of 32 bits */

static void increment(u32 *counter)
{
	static_assert(sizeof(atomic_t) == sizeof(*counter));
	atomic_inc_return((atomic_t *)counter); /* ordered with all around it */
}

static void advance(u64 by)
{
	static_assert(sizeof(atomic64_t) == sizeof(vkm_generation));
	atomic64_add_return(by, (atomic64_t *)&vkm_generation); /* likewise */
}

void vkm_forget(void)
{
	advance(1);
}

static void forget_again(struct work_struct *work)
{
	advance(PERIOD);
	vkm_alias_drop_deleted();
	schedule_delayed_work(to_delayed_work(work), FORGET_AFTER);
}

static DECLARE_DELAYED_WORK(forgetting, forget_again);

int vkm_memory_start(void)
{
	const seqlock_t *lock = vkm_symbol_address("mount_lock");

	if (IS_ERR(lock))
		return PTR_ERR(lock);
	static_assert(sizeof(lock->seqcount.seqcount.sequence) == sizeof(*vkm_mounts_sequence));
	vkm_mounts_sequence = &lock->seqcount.seqcount.sequence;
	schedule_delayed_work(&forgetting, FORGET_AFTER);
	return 0;
}

void vkm_memory_stop(void)
{
	cancel_delayed_work_sync(&forgetting);
}

struct vkm_memory *vkm_memory_new(void)
{
	struct vkm_memory *memory = kvzalloc(sizeof(*memory), GFP_KERNEL);

	if (memory)
		spin_lock_init(&memory->lock);
	return memory;
}

static void forget_dentry(const struct dentry *dentry)
{
	increment(&vkm_dentry_generations[vkm_dentry_hash(dentry) >> (32 - VKM_DENTRY_POWER)]);
}

static bool carries_others(const struct dentry *dentry)
{
	return d_is_dir(dentry) || d_mountpoint(dentry);
}

/* Called in place of the entry of __d_move(), by any task, under rename_lock. */
void vkm_note_move(const struct dentry *dentry, const struct dentry *target)
{
	if (carries_others(dentry) || carries_others(target)) {
		vkm_forget();
		return;
	}
	forget_dentry(dentry);
	forget_dentry(target);
}

/* The slot of that file, else one that was never used, else one after the other. Under lock. */
static struct vkm_slot *choose(struct vkm_memory *memory, const struct path *path)
{
	struct vkm_slot *place = vkm_memory_place(memory, vkm_dentry_hash(path->dentry));
	unsigned int way;

	for (way = 0; way < MEMORY_WAYS; way++) {
		struct vkm_slot *slot = &place[way];

		if (slot->dentry == path->dentry && slot->mnt == path->mnt)
			return slot;
		if (!slot->dentry)
			return slot;
	}
	return &place[memory->victim++ % MEMORY_WAYS];
}

static void write_slot(struct vkm_slot *slot, const struct path *path, const struct inode *inode,
		       u64 stamp, const u16 allowed[POLICY_SUBJECTS])
{
	WRITE_ONCE(slot->sequence, slot->sequence + 1);
	smp_wmb(); /* odd before anything else: vkm_remembered() */
	WRITE_ONCE(slot->dentry, path->dentry);
	WRITE_ONCE(slot->mnt, path->mnt);
	WRITE_ONCE(slot->inode, inode);
	WRITE_ONCE(slot->stamp, stamp);
	WRITE_ONCE(slot->allowed[POLICY_OTHERS], allowed[POLICY_OTHERS]);
	WRITE_ONCE(slot->allowed[POLICY_OWNER], allowed[POLICY_OWNER]);
	WRITE_ONCE(slot->always, allowed[POLICY_OTHERS] & allowed[POLICY_OWNER]);
	/* Even after everything else: vkm_remembered(). */
	smp_store_release(&slot->sequence, slot->sequence + 1);
}

void vkm_remember(struct vkm_memory *memory, const struct path *path, const struct inode *inode,
		  u64 stamp, const u16 allowed[POLICY_SUBJECTS])
{
	if (!inode || READ_ONCE(path->dentry->d_flags) & DCACHE_NORCU)
		return;
	spin_lock(&memory->lock);
	write_slot(choose(memory, path), path, inode, stamp, allowed);
	spin_unlock(&memory->lock);
}
