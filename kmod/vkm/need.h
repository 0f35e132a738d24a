/* SPDX-License-Identifier: GPL-2.0 */
/* Which kernel functions rules need hooked: each group is placed when the first rules need it. */
#ifndef VKM_NEED_H
#define VKM_NEED_H

#include <linux/types.h>

struct vkm_rules;

#define VKM_GROUP_FUNCTIONS 7

/* Functions with one trampoline that are hooked together. */
struct vkm_group {
	const char *functions[VKM_GROUP_FUNCTIONS]; /* NULL: no more */
	void (*trampoline)(void);
	bool (*is_needed)(const struct vkm_rules *rules);
};

extern const struct vkm_group vkm_groups[];
extern const unsigned int vkm_groups_count;

/* Bits of call numbers, POLICY_SYSCALL_MAX of them: the calls that are not allowed as they are. */
void vkm_need_calls(const struct vkm_rules *rules, unsigned int path, unsigned long *bitmap);

#endif
