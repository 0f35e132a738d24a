/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Addresses of kernel functions that are not exported.
 *
 * They are found by registering a kprobe that is never armed: an exported interface, and no call
 * through a looked-up address, which indirect-branch tracking would stop on a sealed function.
 */
#ifndef VKM_SYMBOL_H
#define VKM_SYMBOL_H

struct vkm_symbol {
	const char *name;
	unsigned long site; /* found: where ftrace can put a call */
};

/*
 * Fills in the sites of count symbols. Returns 0, -EOPNOTSUPP where one does not exist on this
 * kernel or has no ftrace site (the log names it), or -ENOMEM.
 * Context: process, sleeps for an RCU grace period.
 */
int vkm_symbols_find(struct vkm_symbol *symbols, unsigned int count);

#endif
