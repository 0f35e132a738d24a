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

#define MEMORY_POWER 9 /* places */
#define MEMORY_WAYS  4 /* slots of a place: other dentries, or one through several mounts */

struct vkm_slot {
	u32 sequence; /* odd while it is written, under the memory's lock */
	u64 stamp;
	const struct dentry *dentry;
	const struct vfsmount *mnt;
	const struct inode *inode;
	u16 always; /* POLICY_FILE_* that are allowed to each subject */
	u16 allowed[POLICY_SUBJECTS];
} __aligned(64);

struct vkm_memory {
	struct vkm_slot slots[MEMORY_WAYS << MEMORY_POWER];
	spinlock_t lock;
	unsigned int victim; /* the way that is given up next; under lock */
};

/* memory.c writes them, and trampoline.S the second one; nobody else does. */
extern u64 vkm_generation;
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

/*
 * When something was looked at: the sum of three counters that only go up, so that it is another
 * one as soon as one of them is.
 */
static __always_inline u64 vkm_stamp_by_hash(u32 hash)
{
	return READ_ONCE(vkm_generation) +
	       READ_ONCE(vkm_dentry_generations[hash >> (32 - VKM_DENTRY_POWER)]) +
	       READ_ONCE(*vkm_mounts_sequence);
}

/* The present time of dentry. What is read after it is at least as new. */
static inline u64 vkm_stamp_of(const struct dentry *dentry)
{
	const u64 stamp = vkm_stamp_by_hash(vkm_dentry_hash(dentry));

	smp_rmb(); /* with the atomic operations of memory.c, and rename_lock and mount_lock */
	return stamp;
}

/*
 * What is remembered to be allowed (POLICY_FILE_*) for path, which the caller holds: to each
 * subject (POLICY_SUBJECTS), or to one of them. 0 says nothing.
 */
static __always_inline unsigned int vkm_remembered(struct vkm_memory *memory,
						   const struct path *path, unsigned int subject)
{
	const struct dentry *dentry = path->dentry;
	const u32 hash = vkm_dentry_hash(dentry);
	const struct vkm_slot *slot = vkm_memory_place(memory, hash);
	unsigned int left = MEMORY_WAYS;

	do {
		/* With the barriers of write_slot(). */
		const u32 sequence = smp_load_acquire(&slot->sequence) & ~1u;
		unsigned int allowed;

		if (slot->dentry != dentry || slot->mnt != path->mnt)
			continue;
		if (slot->inode != dentry->d_inode || slot->stamp != vkm_stamp_by_hash(hash))
			return 0;
		allowed = subject == POLICY_SUBJECTS ? slot->always : slot->allowed[subject];
		smp_rmb(); /* with those of write_slot() */
		return READ_ONCE(slot->sequence) == sequence ? allowed : 0;
	} while (slot++, --left);
	return 0;
}

/*
 * Remembers what is allowed for path, which the caller holds, with inode: found out after stamp was
 * taken (vkm_stamp_of()).
 */
void vkm_remember(struct vkm_memory *memory, const struct path *path, const struct inode *inode,
		  u64 stamp, const u16 allowed[POLICY_SUBJECTS]);

/* From now on nothing counts that was remembered, in any memory. */
void vkm_forget(void);

#endif
#endif
