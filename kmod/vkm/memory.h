/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What has been decided about files, kept for the next time.
 *
 * A memory belongs to one instance: a table of slots by the address of the dentry, a few for each
 * place of the table. A slot says what is allowed with one file under one path: dentry, mount and
 * inode, by their addresses, which are names and never followed. It counts as long as nothing has
 * happened that may give the path another meaning; memory.c says what that is and how it is seen.
 *
 * Context of all but the first two and vkm_memory_new(): any that does not hold a memory's lock;
 * nothing sleeps.
 */
#ifndef VKM_MEMORY_H
#define VKM_MEMORY_H

/* Generations of dentries: a power of two, chosen by their address. */
#define VKM_DENTRY_POWER  14
#define VKM_DENTRY_PLACES (1 << VKM_DENTRY_POWER)

#ifndef __ASSEMBLER__
#include <linux/compiler.h>
#include <linux/dcache.h>
#include <linux/path.h>
#include <linux/seqlock.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <vkernel/files.h>

#include "identity.h"

#define MEMORY_POWER 10 /* places */
#define MEMORY_WAYS  4	/* slots of a place: one dentry through several mounts */

/* When something was looked at. */
struct vkm_stamp {
	u32 generation; /* vkm_generation */
	u32 dentry;	/* the dentry's, in vkm_dentry_generations */
	u32 mounts;	/* the sequence of the kernel's mount_lock; odd: it is being changed */
};

struct vkm_slot {
	u32 sequence; /* odd while it is written, under the memory's lock */
	struct vkm_stamp stamp;
	const struct dentry *dentry;
	const struct vfsmount *mnt;
	const struct inode *inode;
	u16 allowed[POLICY_SUBJECTS]; /* POLICY_FILE_* */
	u16 always;		      /* allowed to each of them */
};

struct vkm_memory {
	spinlock_t lock;
	unsigned int victim; /* the way that is given up next; under lock */
	struct vkm_slot slots[MEMORY_WAYS << MEMORY_POWER];
};

/* memory.c writes them, and trampoline.S the second one; nobody else does. */
extern u32 vkm_generation;
extern u32 vkm_dentry_generations[VKM_DENTRY_PLACES];
extern const u32 *vkm_mounts_sequence;

/*
 * Finds what the kernel does not export. Returns 0 or -EOPNOTSUPP (the log says what is missing).
 * Context: process, may sleep.
 */
int vkm_memory_start(void);

/* Nothing forgets by itself any more. Context: process, may sleep. */
void vkm_memory_stop(void);

/* A memory that kvfree() ends, or NULL without memory. Context: process, may sleep. */
struct vkm_memory *vkm_memory_new(void);

/* The hash of a dentry; its upper bits are the best. */
static inline u32 vkm_dentry_hash(const struct dentry *dentry)
{
	return (u32)(unsigned long)dentry * VKM_HASH_FACTOR;
}

static inline struct vkm_slot *vkm_memory_place(struct vkm_memory *memory, u32 hash)
{
	return &memory->slots[(hash >> (32 - MEMORY_POWER)) * MEMORY_WAYS];
}

/* The present time of dentry. What is read after it is at least as new. */
static inline struct vkm_stamp vkm_stamp_of(const struct dentry *dentry)
{
	const u32 place = vkm_dentry_hash(dentry) >> (32 - VKM_DENTRY_POWER);
	const struct vkm_stamp stamp = {
		.generation = READ_ONCE(vkm_generation),
		.dentry = READ_ONCE(vkm_dentry_generations[place]),
		.mounts = READ_ONCE(*vkm_mounts_sequence),
	};

	smp_rmb();
	return stamp;
}

/* Whether slot is of that file and still counts. allowed is what it says then. */
static __always_inline bool vkm_slot_counts(const struct vkm_slot *slot, const struct path *path,
					    u32 hash)
{
	const u32 place = hash >> (32 - VKM_DENTRY_POWER);

	return READ_ONCE(slot->inode) == READ_ONCE(path->dentry->d_inode) &&
	       READ_ONCE(slot->stamp.dentry) == READ_ONCE(vkm_dentry_generations[place]) &&
	       READ_ONCE(slot->stamp.generation) == READ_ONCE(vkm_generation) &&
	       READ_ONCE(slot->stamp.mounts) == READ_ONCE(*vkm_mounts_sequence);
}

/*
 * Whether it is remembered that permissions (POLICY_FILE_*) are allowed for path, which the caller
 * holds. False says nothing.
 */
static __always_inline bool vkm_remembers(struct vkm_memory *memory, const struct path *path,
					  unsigned int permissions,
					  bool (*is_owner)(const struct path *))
{
	const u32 hash = vkm_dentry_hash(path->dentry);
	const struct vkm_slot *slot = vkm_memory_place(memory, hash);
	const struct vkm_slot *end = slot + MEMORY_WAYS;

	for (; slot < end; slot++) {
		const u32 sequence = smp_load_acquire(&slot->sequence);
		unsigned int allowed;

		if (READ_ONCE(slot->dentry) != path->dentry || READ_ONCE(slot->mnt) != path->mnt)
			continue;
		if (!vkm_slot_counts(slot, path, hash))
			return false;
		allowed = READ_ONCE(slot->always);
		if (unlikely(permissions & ~allowed))
			allowed = READ_ONCE(
				slot->allowed[is_owner(path) ? POLICY_OWNER : POLICY_OTHERS]);
		smp_rmb();
		return !(permissions & ~allowed) && !(sequence & 1) &&
		       READ_ONCE(slot->sequence) == sequence;
	}
	return false;
}

/*
 * Remembers what is allowed for path, which the caller holds, with inode: found out after stamp was
 * taken. It is not remembered where mounts are being changed.
 */
void vkm_remember(struct vkm_memory *memory, const struct path *path, const struct inode *inode,
		  const struct vkm_stamp *stamp, const u16 allowed[POLICY_SUBJECTS]);

/* From now on nothing counts that was remembered, in any memory. */
void vkm_forget(void);

#endif
#endif
