/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Inside the reader of policy blobs: what its files share. Every number in a blob is hostile until
 * it has been compared with what is left of the blob. Context: any; nothing sleeps or allocates.
 */
#ifndef VKERNEL_VKI_PARSER_H
#define VKERNEL_VKI_PARSER_H

#ifdef __KERNEL__
#include <asm/byteorder.h>
#include <linux/build_bug.h>
#include <linux/crc32.h>
#include <linux/errno.h>
#include <linux/string.h>
#else
#include <assert.h>
#include <endian.h>
#include <errno.h>
#include <string.h>
#define le16_to_cpu le16toh
#define le32_to_cpu le32toh
#define le64_to_cpu le64toh
#endif

#include <vkernel/policy.h>

#define ALIGNMENT 8

/* A part of the blob: bytes that are known to exist. */
struct span {
	const __u8 *bytes;
	size_t offset; /* in the blob, for faults */
	size_t size;
};

struct parser {
	struct span blob;
	struct policy *policy;
	struct policy_fault *fault;
	__u32 kinds; /* bit K: a section of kind K was seen */

	/* What verdicts said of private calls; their names may stand behind the tables. */
	__u32 private[POLICY_CALLS_MAX / 32]; /* bit N: a verdict names call N */
	__u32 private_end;		      /* largest call that a verdict names, and 1 */
	size_t private_end_at;		      /* that verdict's offset */
};

/* Sizes are at most POLICY_SIZE_MAX, far from any overflow. */
static inline size_t padded(size_t size)
{
	return (size + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
}

/* Fills the fault; returns -EINVAL. */
int parser_refuse(const struct parser *parser, size_t offset, const char *reason);

/* Refuses bytes of the blob from `from` to before `to` that are not zero. */
int parser_check_zero(const struct parser *parser, size_t from, size_t to);

/*
 * Takes count elements of element bytes, and what pads them to a multiple of 8, from left; NULL
 * where there is less. The padding is not looked at.
 */
const void *parser_take(struct span *left, __u32 count, size_t element);

/* Checks a POLICY_SYSCALLS section and adds its table to the policy. */
int parser_table(struct parser *parser, const struct span *section);

/* Checks a POLICY_FILES section and adds it to the policy. */
int parser_files(struct parser *parser, const struct span *section);

#endif
