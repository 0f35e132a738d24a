/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VKM_CREDENTIALS_H
#define VKM_CREDENTIALS_H

#include <linux/build_bug.h>
#include <linux/cred.h>
#include <linux/string.h>

/* Bit N: capability N is effective or permitted. The type had two halves before 6.3. Any context. */
static inline u64 vkm_held_capabilities(const struct cred *cred)
{
	u64 effective, permitted;

	static_assert(sizeof(cred->cap_effective) == sizeof(effective));
	memcpy(&effective, &cred->cap_effective, sizeof(effective));
	memcpy(&permitted, &cred->cap_permitted, sizeof(permitted));
	return effective | permitted;
}

#endif
