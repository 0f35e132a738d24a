/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What file rules say of one thing that a task wants to do with one path.
 *
 * Context of all: the container's own task, or one that exits, under RCU; it sleeps only to get
 * memory, and not where gfp forbids it.
 */
#ifndef VKM_JUDGE_H
#define VKM_JUDGE_H

#include <linux/gfp.h>
#include <linux/path.h>
#include <linux/types.h>
#include <vkernel/files.h>

struct inode;
struct vkm_instance;

struct vkm_question {
	const char *operation;	   /* for the log */
	struct path path;	   /* the caller's; may have no inode yet */
	const struct inode *owned; /* whose owner counts; NULL: it will be the current task's */
	u16 permissions;	   /* POLICY_FILE_* */
	u16 instead;		   /* with all of these it is allowed, too; 0: with none */
	bool directory;
	bool behind; /* in a stacked file system's layer: only other names; path.mnt may be NULL */
};

/* VKM_PASS, or the negative errno that the task gets; it is told and counted then. */
long vkm_judge(struct vkm_instance *instance, const struct vkm_question *question, gfp_t gfp);

/*
 * The same for a hard link at `to` to the file at `from`: besides POLICY_FILE_LINK on the new path,
 * nothing may be allowed there that is not allowed on the old one.
 */
long vkm_judge_link(struct vkm_instance *instance, const struct vkm_question *from,
		    const struct vkm_question *to, gfp_t gfp);

#endif
