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
#include <vkernel/files.h>

#define POLICY_MAGIC	"VKPOLICY" /* 8 bytes, without the terminating zero */
#define POLICY_VERSION	3
/* Bytes. Calls of two architectures take about 8 KiB, 2,000 file rules some MiB. */
#define POLICY_SIZE_MAX (8u << 20)

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
	POLICY_CALLS = 5,	 /* names of private calls, see POLICY_PRIVATE */
	POLICY_FILES = 6,	 /* struct policy_files, see files.h */
	POLICY_ACCESS = 7,	 /* struct policy_access */
};

struct policy_section {
	__le32 kind;
	__le32 offset; /* multiple of 8 */
	__le32 size;   /* exact, without the padding (zero bytes) to the next multiple of 8 */
	__le32 reserved;
};

/*
 * A verdict is 32 bits: the action above, its value (24 bits) below. Where no value is named here
 * it is 0. The actions that end or signal are seccomp's, to the signal's last field.
 */
enum policy_action {
	POLICY_ALLOW = 0,
	POLICY_ERRNO = 1,  /* value: the errno, 0 to 4095; 0: the call is not made and returns 0 */
	POLICY_FILTER = 2, /* value: index of a filter over the arguments */
	POLICY_FIELDS = 3, /* value: index of a filter over what the call's pointer leads to */
	POLICY_KILL_THREAD = 4,	 /* ends the thread; the last one ends the process by SIGSYS */
	POLICY_KILL_PROCESS = 5, /* ends the process by SIGSYS */
	POLICY_TRAP = 6,	 /* the call is not made, the thread gets SIGSYS */
	POLICY_ALLOW_LOGGED = 7, /* allowed, with a line in the kernel's log */
	POLICY_PRIVATE = 8, /* value: index of the name of the private call that runs instead */
	POLICY_ACTIONS,
};

#define POLICY_VERDICT(action, value) ((__u32)(action) << 24 | (value))
#define POLICY_VERDICT_ACTION(v)      ((v) >> 24)
#define POLICY_VERDICT_VALUE(v)	      ((v)&0xffffff)

/* Architectures, as AUDIT_ARCH_* of <linux/audit.h> names them. */
#define POLICY_ARCH_X86_64 0xc000003eu
#define POLICY_ARCH_I386   0x40000003u

/*
 * Calls whose first or third argument points to a structure: a condition of a POLICY_FIELDS filter
 * names a field in place of an argument, and is asked on the copy that the kernel works with. The
 * numbers are the same on both entry paths.
 */
#define POLICY_CLONE3  435
#define POLICY_OPENAT2 437

enum policy_clone3_field {
	POLICY_CLONE3_FLAGS = 0,
	POLICY_CLONE3_FIELDS,
};

enum policy_openat2_field {
	POLICY_OPENAT2_FLAGS = 0,
	POLICY_OPENAT2_MODE = 1,
	POLICY_OPENAT2_RESOLVE = 2,
	POLICY_OPENAT2_FIELDS,
};

#define POLICY_FIELDS_MAX 3

/*
 * The system-call table of one entry path. `verdicts` numbers follow the structure, one __le32
 * each for the calls 0, 1, ...; a call beyond them gets `otherwise`, which is no filter. After the
 * verdicts (padded to 8) come `filters` times struct policy_filter, then `rules` times struct
 * policy_rule, then `conditions` times struct policy_condition.
 * An architecture without a section is not restricted.
 *
 * Nothing is shared or left over, so that a call costs no more than the blob is long: filters are
 * numbered in the order in which the verdicts first name them, and each is named by one call;
 * filter 0 has the first rules, filter 1 the following, to the last one; rules have their
 * conditions likewise. A filter's own verdicts are neither POLICY_FILTER nor POLICY_FIELDS.
 */
struct policy_syscalls {
	__le32 arch; /* POLICY_ARCH_* */
	__le32 otherwise;
	__le32 verdicts; /* at most POLICY_SYSCALL_MAX */
	__le32 filters;
	__le32 rules;
	__le32 conditions;
	__le32 flags; /* POLICY_SYSCALLS_* */
	__le32 reserved;
};

/* A line in the kernel's log for each verdict that is not POLICY_ALLOW (SECCOMP_FILTER_FLAG_LOG). */
#define POLICY_SYSCALLS_LOG 1u

/*
 * The table speaks of a few calls only, as AppArmor's mount rules do: it takes no seccomp profile's
 * place. For runtimes; an instance does not ask.
 */
#define POLICY_SYSCALLS_PARTIAL 2u

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
	__le32 argument; /* 0 to 5; in a filter of POLICY_FIELDS the field */
	__le32 operator_;
	__le64 value;
	__le64 mask; /* POLICY_MASKED_EQ only, else 0 */
};

/* What happens to a program that holds a capability which is not allowed. */
enum policy_excess {
	POLICY_EXCESS_REPORT = 0, /* a line in the kernel's log, and it is counted */
	POLICY_EXCESS_KILL = 1,	  /* the same, and SIGKILL */
};

struct policy_capabilities {
	/* Bit N set: capability N may be used, as far as the kernel itself grants it. */
	__le64 allowed;
	__le32 excess; /* enum policy_excess */
	__le32 reserved;
};

enum policy_log_mode {
	POLICY_LOG_HOST = 0,	/* not restricted */
	POLICY_LOG_DENY = 1,	/* syslog(2), /dev/kmsg and /proc/kmsg answer EPERM */
	POLICY_LOG_PRIVATE = 2, /* they show, and write to, the container's own log */
};

/* Bytes of records that a private log holds; the kernel's own default is 128 KiB to 1 MiB. */
#define POLICY_LOG_SIZE_MIN	(1u << 12)
#define POLICY_LOG_SIZE_MAX	(1u << 24)
#define POLICY_LOG_SIZE_DEFAULT (1u << 18)

struct policy_log {
	__le32 mode;
	__le32 size; /* of POLICY_LOG_PRIVATE: a power of two in these limits; else 0 */
};

/* What AppArmor rules say beside files. Where the section is missing all of it is allowed. */
#define POLICY_ACCESS_SIGNAL \
	1u /* signals between tasks of the container; 0 and to oneself always */
#define POLICY_ACCESS_PTRACE \
	2u /* one task of the container tracing another (PTRACE_MODE_ATTACH) */
#define POLICY_ACCESS_READ 4u /* looking into another (PTRACE_MODE_READ) */
#define POLICY_ACCESS_ALL  7u

/* Kinds of sockets by protocol family: SOCK_STREAM (1) to SOCK_PACKET (10). */
#define POLICY_FAMILIES	    64
#define POLICY_SOCKET_TYPES 0x7feu

struct policy_access {
	__le32 allowed;	 /* POLICY_ACCESS_* */
	__le32 families; /* how many follow, at most POLICY_FAMILIES; those beyond get no socket */
	__le16 types[];	 /* for each family, bit T set: sockets of type T may be made */
};

/*
 * POLICY_CALLS: the names of private calls, each 1 to POLICY_CALL_NAME_MAX bytes of a-z, 0-9 and _
 * and a terminating zero, without a twin; at most POLICY_CALLS_MAX. Each is named by a verdict.
 * They are resolved when the blob is loaded: an instance that lacks one refuses the blob.
 */
#define POLICY_CALL_NAME_MAX 63
#define POLICY_CALLS_MAX     256

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
	enum policy_excess excess;
	enum policy_log_mode log;
	__u32 log_size; /* bytes; of POLICY_LOG_PRIVATE */
	bool restricts_access;
	__u32 access; /* POLICY_ACCESS_* */
	__u16 socket_types[POLICY_FAMILIES];
	struct files files; /* states is 0 where files are not restricted */
	const char
		*calls; /* names of private calls one after the other; NULL where there are none */
	unsigned int calls_count;
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
 * The verdict (never POLICY_FILTER or POLICY_FIELDS) of table for the call `number` with six
 * arguments; always POLICY_ALLOW where the architecture is not restricted, and where the call is
 * decided by fields, which policy_decide_fields() is for. This is what a policy means; what an
 * instance runs is made from it (rules.h). Neither allocates nor sleeps; any context. table must
 * come from policy_parse().
 */
__u32 policy_decide(const struct policy_table *table, unsigned int number,
		    const __u64 arguments[6]);

/* The same for the fields of POLICY_CLONE3 or POLICY_OPENAT2; POLICY_ALLOW for all other calls. */
__u32 policy_decide_fields(const struct policy_table *table, unsigned int number,
			   const __u64 fields[POLICY_FIELDS_MAX]);

/* The name of private call `index`, which must be below policy->calls_count. Any context. */
const char *policy_call_name(const struct policy *policy, unsigned int index);

#endif
