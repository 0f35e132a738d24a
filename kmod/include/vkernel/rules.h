/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What vKM runs for a vKI: a policy, made ready to be asked in a few instructions.
 *
 * A vKI makes one struct vkm_rules from its blob (kmod/vki/compile.c) and hands it to vKM, which
 * looks into it at each hooked call. Rules never change: another policy is other rules, and the
 * pointer to them is exchanged. All of it is one allocation.
 */
#ifndef VKERNEL_RULES_H
#define VKERNEL_RULES_H

#include <vkernel/policy.h>

#ifdef __KERNEL__
#include <linux/rcupdate.h>
#else
struct pt_regs;
struct rcu_head {
	void *unused;
};
#endif

/*
 * A private implementation of a system call. Runs in the calling task, may sleep, and is given the
 * task's registers at entry; the value that it returns is the call's.
 */
typedef long (*vkm_private_call)(const struct pt_regs *regs);

/*
 * One condition, whatever its operator: ((value & mask) - low <= span) != inverted, where value is
 * the 64 bits at `source`, in bytes from the structure that is asked about: the registers, or the
 * kernel's copy of what a pointer led to.
 */
struct rules_condition {
	__u64 mask;
	__u64 low;
	__u64 span;
	__u32 source;
	__u32 inverted;
};

/* Holds if all its conditions do. */
struct rules_rule {
	__u32 verdict;
	__u32 first; /* condition, in vkm_rules.conditions */
	__u32 count;
};

/* A place of a set's hash table. One that is not used has the value 0 and the verdict otherwise. */
struct rules_slot {
	__u64 value;
	__u32 verdict;
	__u32 used;
};

/* Places of a set: a power of two, at most a quarter of them used but in the largest sets. */
#define RULES_SLOTS_MAX 4096
#define RULES_SET_MAX	(RULES_SLOTS_MAX / 2) /* rules; more are a list */

/*
 * Either a set (slots is not NULL): all rules compare the same bits of one source with one value
 * each, and a hash table finds the one. Or a list: the first rule that holds decides, else `otherwise`.
 */
struct rules_filter {
	const struct rules_slot *slots;
	union {
		__u64 mask; /* of a set */
		struct {
			__u32 first; /* rule of a list */
			__u32 count;
		};
	};
	__u32 source; /* of a set */
	__u32 span;   /* of a set: bytes from its first to its last place */
	__u32 otherwise;
	__u32 reserved; /* pads to 32 bytes: an index is a shift */
};

/* What an operation of io_uring gets: a refusal is that of a system call that does the same. */
struct rules_operation {
	__u16 number; /* the errno, 0 where the operation may run */
	__u16 call;   /* the refused call on x86-64 */
};

/* Operations of io_uring that the rules know; Linux 7.2 has 65. */
#define RULES_OPERATIONS 128

struct vkm_rules {
	__u64 capabilities; /* all ones: not restricted */

	/* By entry path and number; POLICY_FILTER and POLICY_FIELDS name a filter below. */
	__u32 verdicts[POLICY_TABLES][POLICY_SYSCALL_MAX];

	const struct rules_filter *filters;
	const struct rules_rule *rules;
	const struct rules_condition *conditions;
	vkm_private_call *calls; /* POLICY_PRIVATE names one */
	unsigned int calls_count;

	/* By IORING_OP_*; an operation beyond is refused with EPERM where any is refused. */
	struct rules_operation operations[RULES_OPERATIONS];
	bool refuses_operations;

	bool restricted[POLICY_TABLES]; /* whether an entry path is restricted at all */
	bool logged[POLICY_TABLES];	/* whether its verdicts are logged (POLICY_SYSCALLS_LOG) */
	enum policy_log_mode log;
	__u32 log_size;
	enum policy_excess excess;

	struct files files; /* in blob */
	bool restricts_access;
	__u32 access; /* POLICY_ACCESS_* */
	__u16 socket_types[POLICY_FAMILIES];

	const void *blob; /* what all this was made from */
	size_t blob_size;
	bool successor;	     /* vKM's: they take the place of others, under which tasks have run */
	struct rcu_head rcu; /* vKM's, for freeing */
};

/* Fibonacci hashing: 2^64 divided by the golden ratio. */
#define RULES_HASH_FACTOR 0x9e3779b97f4a7c15ull

static inline __u64 rules_value(const void *base, __u32 source)
{
	return *(const __u64 *)((const char *)base + source);
}

/* The first place of value, from the upper bits of the product: in bytes. */
static inline __u32 rules_place(const struct rules_filter *filter, __u64 value)
{
	return value * RULES_HASH_FACTOR >> 48 & filter->span;
}

static inline const struct rules_slot *rules_slot_at(const struct rules_filter *filter, __u32 place)
{
	return (const void *)((const char *)filter->slots + place);
}

/*
 * A place that is not used ends the search. Where 0 is looked for it is found there, with the
 * right verdict: had 0 been put in, it would have been found before.
 */
static inline __u32 rules_find(const struct rules_filter *filter, __u64 value)
{
	__u32 place = rules_place(filter, value);

	for (;;) {
		const struct rules_slot *slot = rules_slot_at(filter, place);

		if (slot->value == value || !slot->used)
			return slot->verdict;
		place = (place + sizeof(*slot)) & filter->span;
	}
}

static inline bool rules_holds(const struct rules_condition *condition, const void *base)
{
	const __u64 value = rules_value(base, condition->source) & condition->mask;

	return (value - condition->low <= condition->span) != condition->inverted;
}

/* Out of line: the other kind needs none of these registers. */
static __attribute__((__noinline__, __unused__)) __u32
rules_walk(const struct vkm_rules *rules, const struct rules_filter *filter, const void *base)
{
	const struct rules_rule *rule = rules->rules + filter->first;
	__u32 left, i;

	for (left = filter->count; left; left--, rule++) {
		const struct rules_condition *condition = rules->conditions + rule->first;

		for (i = rule->count; i && rules_holds(condition, base); i--)
			condition++;
		if (!i)
			return rule->verdict;
	}
	return filter->otherwise;
}

/*
 * The verdict of filter `index` (the value of a POLICY_FILTER or POLICY_FIELDS verdict of these
 * rules) for the structure at base. Neither sleeps nor allocates; any context.
 */
static inline __u32 rules_decide(const struct vkm_rules *rules, __u32 index, const void *base)
{
	const struct rules_filter *filter = rules->filters + index;

	if (filter->slots)
		return rules_find(filter, rules_value(base, filter->source) & filter->mask);
	return rules_walk(rules, filter, base);
}

#endif
