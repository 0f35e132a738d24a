/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Addresses in the kernel that are not exported.
 *
 * Functions are found by registering a kprobe that is never armed: an exported interface. One that
 * shares its name with another is called by where it stands: "modules_op->show" is what the struct
 * seq_operations modules_op has for show.
 */
#ifndef VKM_SYMBOL_H
#define VKM_SYMBOL_H

struct vkm_symbol {
	const char *name;
	unsigned long site; /* found: where ftrace can put a call, the first thing that is run */
};

/*
 * Fills in the sites of count symbols. Returns 0, -EOPNOTSUPP where one does not exist on this
 * kernel or has no ftrace site (the log names it), or -ENOMEM.
 * Context: process, sleeps for an RCU grace period.
 */
int vkm_symbols_find(struct vkm_symbol *symbols, unsigned int count);

/*
 * The address of a variable of the kernel, or an ERR_PTR: -EOPNOTSUPP where it has none of that name
 * (the log says so), -ENOMEM. Context: process, sleeps for an RCU grace period.
 */
const void *vkm_symbol_address(const char *name);

/*
 * Calls the kernel's function whose site is given with three arguments, and returns its value.
 * It gets there by a return: indirect-branch tracking would stop a call, as the kernel takes the
 * landing mark from functions whose address it does not take itself. Context: the function's.
 */
unsigned long vkm_call(unsigned long a, unsigned long b, unsigned long c, unsigned long site);

#endif
