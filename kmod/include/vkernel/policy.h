/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The policy blob: what one virtual kernel instance enforces, as bytes.
 *
 * One parser (kmod/vki/policy.c) is compiled into the instance module, the builder, the runtime
 * and the fuzzer. A blob is little endian, its offsets are from its first byte, every structure in
 * it is aligned to 8 bytes. Layout: struct policy_header, then header.sections times struct
 * policy_section, then the sections' bytes, in the order of that table, each beginning where the
 * one before it, padded with zero bytes to a multiple of 8, ends; the last one's padding ends the
 * blob. Each kind of section stands at most once, except POLICY_SYSCALLS, which stands at most
 * once for each architecture. Unknown kinds, set reserved fields and bytes that belong to nothing
 * are refused: whoever reads a blob enforces all of it or none.
 */
#ifndef VKERNEL_POLICY_H
#define VKERNEL_POLICY_H

#ifdef __KERNEL__
#include <linux/types.h>
#else
#include <stdbool.h>
#include <stddef.h>
#include <linux/types.h>
#endif

#define POLICY_MAGIC	"VKPOLICY" /* 8 bytes, without the terminating zero */
#define POLICY_VERSION	1
#define POLICY_SIZE_MAX (1u << 20) /* bytes; a full profile for two architectures takes about 8 KiB */

/* Numbers of system calls that a table may have; Linux 7.2 ends below 600 on both architectures. */
#define POLICY_SYSCALL_MAX 1024

struct policy_header {
	__u8 magic[8];
	__le32 version;
	__le32 size;	 /* of the whole blob, this header included */
	__le32 checksum; /* CRC-32 (IEEE 802.3) of the whole blob with this field zero */
	__le32 sections;
};

enum policy_section_kind {
	POLICY_NAME = 1,	 /* the profile's name: 1 to 255 bytes of printable ASCII */
	POLICY_SYSCALLS = 2,	 /* struct policy_syscalls */
	POLICY_CAPABILITIES = 3, /* struct policy_capabilities */
	POLICY_LOG = 4,		 /* struct policy_log */
};

struct policy_section {
	__le32 kind;
	__le32 offset; /* multiple of 8 */
	__le32 size;   /* exact, without the padding (zero bytes) to the next multiple of 8 */
	__le32 reserved;
};

/*
 * A verdict is 32 bits: the action above, its value below. POLICY_ALLOW has the value 0,
 * POLICY_ERRNO the errno (0 to 4095; 0 makes the call return 0 without being made), POLICY_FILTER
 * the index of a filter. A filter's own verdicts are never POLICY_FILTER.
 */
enum policy_action {
	POLICY_ALLOW = 0,
	POLICY_ERRNO = 1,
	POLICY_FILTER = 2,
};

#define POLICY_VERDICT(action, value) ((__u32)(action) << 24 | (value))
#define POLICY_VERDICT_ACTION(v)      ((v) >> 24)
#define POLICY_VERDICT_VALUE(v)	      ((v)&0xffffff)

/* Architectures, as AUDIT_ARCH_* of <linux/audit.h> names them. */
#define POLICY_ARCH_X86_64 0xc000003eu
#define POLICY_ARCH_I386   0x40000003u

/*
 * The system-call table of one entry path. `verdicts` numbers follow the structure, one __le32
 * each for the calls 0, 1, ...; a call beyond them gets `otherwise`, which is POLICY_ALLOW or
 * POLICY_ERRNO. After the verdicts (padded to 8) come `filters` times struct policy_filter, then
 * `rules` times struct policy_rule, then `conditions` times struct policy_condition.
 * An architecture without a section is not restricted.
 *
 * Nothing is shared or left over, so that a call costs no more than the blob is long: filters are
 * numbered in the order in which the verdicts first name them, and each is named; filter 0 has the
 * first rules, filter 1 the following, to the last one; rules have their conditions likewise.
 */
struct policy_syscalls {
	__le32 arch; /* POLICY_ARCH_* */
	__le32 otherwise;
	__le32 verdicts; /* at most POLICY_SYSCALL_MAX */
	__le32 filters;
	__le32 rules;
	__le32 conditions;
};

/* The first rule whose conditions all hold decides, else `otherwise`. */
struct policy_filter {
	__le32 first_rule;
	__le32 rules; /* at least 1 */
	__le32 otherwise;
	__le32 reserved;
};

struct policy_rule {
	__le32 first_condition;
	__le32 conditions; /* at least 1 */
	__le32 verdict;
	__le32 reserved;
};

/*
 * Comparison operators of the OCI seccomp schema; both sides are unsigned 64-bit numbers. On the
 * i386 entry an argument is the 32-bit register, extended with zeros.
 */
enum policy_operator {
	POLICY_NE = 1,
	POLICY_LT = 2,
	POLICY_LE = 3,
	POLICY_EQ = 4,
	POLICY_GE = 5,
	POLICY_GT = 6,
	POLICY_MASKED_EQ = 7, /* (argument & mask) == value */
};

struct policy_condition {
	__le32 argument; /* 0 to 5 */
	__le32 operator_;
	__le64 value;
	__le64 mask; /* POLICY_MASKED_EQ only, else 0 */
};

/* Bit N set: capability N may be used, as far as the kernel itself grants it. */
struct policy_capabilities {
	__le64 allowed;
};

enum policy_log_mode {
	POLICY_LOG_HOST = 0, /* not restricted */
	POLICY_LOG_DENY = 1, /* syslog(2), /dev/kmsg and /proc/kmsg answer EPERM */
};

struct policy_log {
	__le32 mode;
	__le32 reserved;
};

/* One architecture's table, as the parser found it; the pointers lead into the blob. */
struct policy_table {
	const struct policy_syscalls *header; /* NULL: not restricted */
	const __le32 *verdicts;
	const struct policy_filter *filters;
	const struct policy_rule *rules;
	const struct policy_condition *conditions;
};

enum policy_table_index {
	POLICY_TABLE_X86_64,
	POLICY_TABLE_I386,
	POLICY_TABLES,
};

/* A parsed blob: a view of the bytes, valid as long as they are. */
struct policy {
	const char *name; /* not terminated; name_size bytes; NULL where the blob has none */
	size_t name_size;
	struct policy_table tables[POLICY_TABLES];
	bool restricts_capabilities;
	__u64 capabilities; /* all ones where they are not restricted */
	enum policy_log_mode log;
};

/* Where a blob was refused, for the message: offset in bytes, and a static text. */
struct policy_fault {
	size_t offset;
	const char *reason;
};

/*
 * Checks size bytes at blob (aligned to 8) completely and fills policy with a view of them.
 * Returns 0, or -EINVAL with fault filled (policy is then undefined). Neither allocates nor sleeps; reads only the blob.
 * After it has returned 0, every index and offset reached through policy is inside the blob.
 */
int policy_parse(const void *blob, size_t size, struct policy *policy, struct policy_fault *fault);

/* The checksum that belongs into the header of blob; what stands there now does not count. */
__u32 policy_checksum(const void *blob, size_t size);

/*
 * The verdict (never POLICY_FILTER) of table for the call `number` with six arguments; always
 * POLICY_ALLOW where the architecture is not restricted. Neither allocates nor sleeps; any
 * context. table must come from policy_parse().
 */
__u32 policy_decide(const struct policy_table *table, unsigned int number,
		    const __u64 arguments[6]);

#endif
