/* SPDX-License-Identifier: GPL-2.0 */
/* Since 6.14 some secure bits are a program's own affair. */
#ifndef VKM_COMPAT_SECUREBITS_H
#define VKM_COMPAT_SECUREBITS_H

#include <linux/securebits.h>
#include <linux/types.h>

#ifndef SECURE_ALL_UNPRIVILEGED
#define SECURE_ALL_UNPRIVILEGED 0
#endif

/* Whether prctl(PR_SET_SECUREBITS) may change `from` into `to` without CAP_SETPCAP. */
static inline bool compat_may_set_securebits(unsigned long from, unsigned long to)
{
	const unsigned long changed = from ^ to;

	return changed && !(changed & ~(SECURE_ALL_UNPRIVILEGED | SECURE_ALL_UNPRIVILEGED << 1));
}

#endif
