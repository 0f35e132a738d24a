/* SPDX-License-Identifier: GPL-2.0 */
/*
 * From a parsed policy to the rules that vKM runs. Compiled into the instance module and, for its
 * tests, into programs. Neither allocates nor sleeps; any context.
 */
#ifndef VKI_COMPILE_H
#define VKI_COMPILE_H

#include <vkernel/rules.h>

/* Bytes that the rules of policy take, the blob that it was parsed from (blob_size) included. */
size_t rules_size(const struct policy *policy, size_t blob_size);

/*
 * Makes rules of policy, which was parsed from blob, in memory: rules_size() zero bytes, aligned to
 * 8. calls has the private calls in the order of the policy's names. The rules hold copies: policy
 * and blob may go. Returns memory.
 */
struct vkm_rules *rules_make(void *memory, const struct policy *policy, const void *blob,
			     size_t blob_size, const vkm_private_call *calls);

/* Part of rules_make(): fills in which operations of io_uring the verdicts of x86-64 refuse. */
void rules_make_operations(struct vkm_rules *rules);

#endif
