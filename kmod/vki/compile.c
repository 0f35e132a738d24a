// SPDX-License-Identifier: GPL-2.0
#include "compile.h"

#ifdef __KERNEL__
#include <linux/build_bug.h>
#include <linux/ptrace.h>
#include <linux/sched/task.h>
#include <linux/string.h>
#include <uapi/linux/openat2.h>
#else
#include <endian.h>
#include <string.h>
#define le32_to_cpu le32toh
#define le64_to_cpu le64toh
#endif

/* Where arguments lie in struct pt_regs, which is the same on every x86-64 kernel. */
#define REGISTER(index) ((index) * sizeof(__u64))
enum {
	REGISTER_BP = REGISTER(4),
	REGISTER_BX = REGISTER(5),
	REGISTER_R10 = REGISTER(7),
	REGISTER_R9 = REGISTER(8),
	REGISTER_R8 = REGISTER(9),
	REGISTER_CX = REGISTER(11),
	REGISTER_DX = REGISTER(12),
	REGISTER_SI = REGISTER(13),
	REGISTER_DI = REGISTER(14),
};

static const __u32 arguments[POLICY_TABLES][6] = {
	[POLICY_TABLE_X86_64] = {REGISTER_DI, REGISTER_SI, REGISTER_DX, REGISTER_R10, REGISTER_R8,
				 REGISTER_R9},
	[POLICY_TABLE_I386] = {REGISTER_BX, REGISTER_CX, REGISTER_DX, REGISTER_SI, REGISTER_DI,
			       REGISTER_BP},
};

/* Fields of the kernel's copies: struct kernel_clone_args and struct open_how. */
static const __u32 clone3_fields[POLICY_CLONE3_FIELDS] = {
	[POLICY_CLONE3_FLAGS] = 0,
};

static const __u32 openat2_fields[POLICY_OPENAT2_FIELDS] = {
	[POLICY_OPENAT2_FLAGS] = 0,
	[POLICY_OPENAT2_MODE] = 8,
	[POLICY_OPENAT2_RESOLVE] = 16,
};

#ifdef __KERNEL__
static_assert(offsetof(struct pt_regs, bp) == REGISTER_BP);
static_assert(offsetof(struct pt_regs, bx) == REGISTER_BX);
static_assert(offsetof(struct pt_regs, r10) == REGISTER_R10);
static_assert(offsetof(struct pt_regs, r9) == REGISTER_R9);
static_assert(offsetof(struct pt_regs, r8) == REGISTER_R8);
static_assert(offsetof(struct pt_regs, cx) == REGISTER_CX);
static_assert(offsetof(struct pt_regs, dx) == REGISTER_DX);
static_assert(offsetof(struct pt_regs, si) == REGISTER_SI);
static_assert(offsetof(struct pt_regs, di) == REGISTER_DI);
static_assert(offsetof(struct kernel_clone_args, flags) == 0);
static_assert(sizeof_field(struct kernel_clone_args, flags) == sizeof(__u64));
static_assert(offsetof(struct open_how, flags) == 0);
static_assert(offsetof(struct open_how, mode) == 8);
static_assert(offsetof(struct open_how, resolve) == 16);
#endif

/*
 * Calls that no program makes: the kernel puts them into a program that the host traces, and
 * seccomp lets them pass whatever a filter says, or tracing a container would break it.
 */
#define URETPROBE 335
#define UPROBE	  336

/* Where the parts of the rules lie behind the structure, and how much of them is in use. */
struct layout {
	struct rules_filter *filters;
	struct rules_rule *rules;
	struct rules_condition *conditions;
	struct rules_slot *slots;
	vkm_private_call *calls;
	void *blob;
	size_t slots_used, conditions_used, rules_used;
};

struct extent {
	size_t filters, rules, conditions, slots;
};

static const struct policy_rule *first_rule(const struct policy_table *table,
					    const struct policy_filter *filter)
{
	return &table->rules[le32_to_cpu(filter->first_rule)];
}

static const struct policy_condition *first_condition(const struct policy_table *table,
						      const struct policy_rule *rule)
{
	return &table->conditions[le32_to_cpu(rule->first_condition)];
}

/* The bits of its argument that a condition compares with one value; 0: it is of another kind. */
static __u64 compared_bits(const struct policy_condition *condition)
{
	switch (le32_to_cpu(condition->operator_)) {
	case POLICY_EQ:
	case POLICY_NE:
		return ~0ull;
	case POLICY_MASKED_EQ:
		return le64_to_cpu(condition->mask);
	}
	return 0;
}

static bool is_single(const struct policy_filter *filter)
{
	return le32_to_cpu(filter->rules) == 1;
}

/*
 * Rules that compare the same bits of the same argument with one value each are found by hashing.
 * So is a single "is not": its value gets what all others get otherwise.
 */
static bool is_set(const struct policy_table *table, const struct policy_filter *filter)
{
	const struct policy_rule *rule = first_rule(table, filter);
	const struct policy_condition *first = first_condition(table, rule);
	const __u64 bits = compared_bits(first);
	__u32 left;

	if (!bits || le32_to_cpu(filter->rules) > RULES_SET_MAX)
		return false;
	for (left = le32_to_cpu(filter->rules); left; left--, rule++) {
		const struct policy_condition *condition = first_condition(table, rule);

		if (le32_to_cpu(rule->conditions) != 1 || condition->argument != first->argument ||
		    compared_bits(condition) != bits)
			return false;
		if (le32_to_cpu(condition->operator_) == POLICY_NE && !is_single(filter))
			return false;
	}
	return true;
}

static size_t set_slots(const struct policy_filter *filter)
{
	size_t slots = 4;

	while (slots < RULES_SLOTS_MAX && slots < 4 * (size_t)le32_to_cpu(filter->rules))
		slots *= 2;
	return slots;
}

static void measure(const struct policy_table *table, struct extent *extent)
{
	__u32 i;

	if (!table->header)
		return;
	extent->filters += le32_to_cpu(table->header->filters);
	extent->rules += le32_to_cpu(table->header->rules);
	extent->conditions += le32_to_cpu(table->header->conditions);
	for (i = 0; i < le32_to_cpu(table->header->filters); i++)
		if (is_set(table, &table->filters[i]))
			extent->slots += set_slots(&table->filters[i]);
}

static struct extent measure_all(const struct policy *policy)
{
	struct extent extent = {};
	size_t i;

	for (i = 0; i < POLICY_TABLES; i++)
		measure(&policy->tables[i], &extent);
	return extent;
}

/* The blob is a multiple of 8 as it comes, and stays aligned. */
static size_t rules_bytes(const struct extent *extent)
{
	return (extent->rules * sizeof(struct rules_rule) + 7) & ~(size_t)7;
}

/* At most some hundred bytes for each byte of a blob of 8 MiB: no overflow. */
size_t rules_size(const struct policy *policy, size_t blob_size)
{
	const struct extent extent = measure_all(policy);

	return sizeof(struct vkm_rules) + extent.slots * sizeof(struct rules_slot) +
	       extent.conditions * sizeof(struct rules_condition) +
	       extent.filters * sizeof(struct rules_filter) +
	       policy->calls_count * sizeof(vkm_private_call) + rules_bytes(&extent) + blob_size;
}

/* Parts that need an alignment of 8 come first. */
static void lay_out(struct vkm_rules *rules, const struct policy *policy, struct layout *layout)
{
	const struct extent extent = measure_all(policy);

	layout->slots = (void *)(rules + 1);
	layout->conditions = (void *)(layout->slots + extent.slots);
	layout->filters = (void *)(layout->conditions + extent.conditions);
	layout->calls = (void *)(layout->filters + extent.filters);
	layout->rules = (void *)(layout->calls + policy->calls_count);
	layout->blob = (char *)layout->rules + rules_bytes(&extent);
	rules->conditions = layout->conditions;
	rules->filters = layout->filters;
	rules->calls = layout->calls;
	rules->rules = layout->rules;
	rules->blob = layout->blob;
}

/* What a filter's conditions are asked about. */
struct sources {
	const __u32 *offsets;
	__u64 mask; /* of each value's bits */
};

static struct sources sources_of(enum policy_table_index index, __u32 number, __u32 action)
{
	struct sources sources = {.offsets = arguments[index], .mask = ~0ull};

	if (action == POLICY_FILTER && index == POLICY_TABLE_I386)
		sources.mask = 0xffffffff;
	if (action == POLICY_FIELDS)
		sources.offsets = number == POLICY_CLONE3 ? clone3_fields : openat2_fields;
	return sources;
}

static void make_condition(struct rules_condition *made, const struct policy_condition *condition,
			   const struct sources *sources)
{
	const __u64 value = le64_to_cpu(condition->value);

	made->source = sources->offsets[le32_to_cpu(condition->argument)];
	made->mask = sources->mask;
	switch (le32_to_cpu(condition->operator_)) {
	case POLICY_NE:
		made->inverted = 1;
		made->low = value;
		break;
	case POLICY_EQ:
		made->low = value;
		break;
	case POLICY_LT: /* not "at least" */
		made->inverted = 1;
		made->low = value;
		made->span = ~0ull - value;
		break;
	case POLICY_LE:
		made->span = value;
		break;
	case POLICY_GE:
		made->low = value;
		made->span = ~0ull - value;
		break;
	case POLICY_GT: /* not "at most" */
		made->inverted = 1;
		made->span = value;
		break;
	case POLICY_MASKED_EQ:
		made->mask &= le64_to_cpu(condition->mask);
		made->low = value;
		break;
	}
}

static void make_list(struct layout *layout, struct rules_filter *made,
		      const struct policy_table *table, const struct policy_filter *filter,
		      const struct sources *sources)
{
	const struct policy_rule *rule = first_rule(table, filter);
	__u32 left, i;

	made->first = layout->rules_used;
	made->count = le32_to_cpu(filter->rules);
	for (left = made->count; left; left--, rule++) {
		struct rules_rule *into = &layout->rules[layout->rules_used++];

		into->verdict = le32_to_cpu(rule->verdict);
		into->first = layout->conditions_used;
		into->count = le32_to_cpu(rule->conditions);
		for (i = 0; i < into->count; i++)
			make_condition(&layout->conditions[layout->conditions_used++],
				       first_condition(table, rule) + i, sources);
	}
}

/* Of two rules for one value the first stands. */
static void put(struct rules_slot *slots, const struct rules_filter *filter, __u64 value,
		__u32 verdict)
{
	const size_t last = filter->span / sizeof(*slots);
	size_t at = rules_place(filter, value) / sizeof(*slots);

	while (slots[at].used && slots[at].value != value)
		at = (at + 1) & last;
	if (slots[at].used)
		return;
	slots[at].value = value;
	slots[at].verdict = verdict;
	slots[at].used = 1;
}

static void put_all(struct rules_slot *slots, const struct rules_filter *made,
		    const struct policy_table *table, const struct policy_filter *filter)
{
	const struct policy_rule *rule = first_rule(table, filter);
	__u32 left;

	for (left = le32_to_cpu(filter->rules); left; left--, rule++)
		put(slots, made, le64_to_cpu(first_condition(table, rule)->value),
		    le32_to_cpu(rule->verdict));
}

static void make_set(struct layout *layout, struct rules_filter *made,
		     const struct policy_table *table, const struct policy_filter *filter,
		     const struct sources *sources)
{
	const struct policy_rule *rule = first_rule(table, filter);
	const struct policy_condition *first = first_condition(table, rule);
	struct rules_slot *slots = layout->slots + layout->slots_used;
	const size_t count = set_slots(filter);
	size_t i;

	made->slots = slots;
	made->span = (count - 1) * sizeof(*slots);
	made->mask = sources->mask & compared_bits(first);
	made->source = sources->offsets[le32_to_cpu(first->argument)];
	layout->slots_used += count;
	if (le32_to_cpu(first->operator_) == POLICY_NE) {
		put(slots, made, le64_to_cpu(first->value), made->otherwise);
		made->otherwise = le32_to_cpu(rule->verdict);
	} else {
		put_all(slots, made, table, filter);
	}
	for (i = 0; i < count; i++)
		if (!slots[i].used)
			slots[i].verdict = made->otherwise;
}

static void make_filter(struct layout *layout, struct rules_filter *made,
			const struct policy_table *table, const struct policy_filter *filter,
			const struct sources *sources)
{
	made->otherwise = le32_to_cpu(filter->otherwise);
	if (is_set(table, filter))
		make_set(layout, made, table, filter, sources);
	else
		make_list(layout, made, table, filter, sources);
}

/* What the table says, in the order of the numbers, and what it says of all others. */
static void copy_verdicts(__u32 *verdicts, const struct policy_table *table)
{
	const __u32 count = le32_to_cpu(table->header->verdicts);
	const __u32 otherwise = le32_to_cpu(table->header->otherwise);
	__u32 number;

	for (number = 0; number < count; number++)
		verdicts[number] = le32_to_cpu(table->verdicts[number]);
	for (; number < POLICY_SYSCALL_MAX; number++)
		verdicts[number] = otherwise;
}

/* base: the filters of the tables before. Each filter is named by one verdict, so made once. */
static void make_table(struct vkm_rules *rules, struct layout *layout,
		       const struct policy_table *table, enum policy_table_index index, __u32 base)
{
	__u32 *verdicts = rules->verdicts[index];
	__u32 left, number;

	if (!table->header)
		return;
	rules->restricted[index] = true;
	rules->logged[index] = le32_to_cpu(table->header->flags) & POLICY_SYSCALLS_LOG;
	copy_verdicts(verdicts, table);
	left = le32_to_cpu(table->header->filters);
	for (number = 0; left; number++) {
		const __u32 action = POLICY_VERDICT_ACTION(verdicts[number]);
		const __u32 filter = POLICY_VERDICT_VALUE(verdicts[number]);

		if (action == POLICY_FILTER || action == POLICY_FIELDS) {
			const struct sources sources = sources_of(index, number, action);

			make_filter(layout, &layout->filters[base + filter], table,
				    &table->filters[filter], &sources);
			verdicts[number] = POLICY_VERDICT(action, base + filter);
			left--;
		}
	}
}

/* The same place in our copy of the blob. */
static const void *in_copy(const struct vkm_rules *rules, const void *blob, const void *place)
{
	return (const char *)rules->blob + ((const char *)place - (const char *)blob);
}

static void make_files(struct vkm_rules *rules, const struct files *files, const void *blob)
{
	struct files *made = &rules->files;

	if (!files->states)
		return;
	*made = *files;
	made->classes = in_copy(rules, blob, files->classes);
	made->state = in_copy(rules, blob, files->state);
	made->end = in_copy(rules, blob, files->end);
	made->transition = in_copy(rules, blob, files->transition);
	made->accept = in_copy(rules, blob, files->accept);
	made->match = in_copy(rules, blob, files->match);
	made->rule = in_copy(rules, blob, files->rule);
	made->prefix = in_copy(rules, blob, files->prefix);
	made->text = in_copy(rules, blob, files->text);
}

struct vkm_rules *rules_make(void *memory, const struct policy *policy, const void *blob,
			     size_t blob_size, const vkm_private_call *calls)
{
	struct vkm_rules *rules = memory;
	struct layout layout = {};
	__u32 base = 0;
	size_t i;

	lay_out(rules, policy, &layout);
	for (i = 0; i < POLICY_TABLES; i++) {
		const struct policy_table *table = &policy->tables[i];

		make_table(rules, &layout, table, i, base);
		if (table->header)
			base += le32_to_cpu(table->header->filters);
	}
	rules->verdicts[POLICY_TABLE_X86_64][URETPROBE] = POLICY_VERDICT(POLICY_ALLOW, 0);
	rules->verdicts[POLICY_TABLE_X86_64][UPROBE] = POLICY_VERDICT(POLICY_ALLOW, 0);
	rules->capabilities = policy->capabilities;
	rules->excess = policy->excess;
	rules->log = policy->log;
	rules->log_size = policy->log_size;
	rules->restricts_access = policy->restricts_access;
	rules->access = policy->access;
	memcpy(rules->socket_types, policy->socket_types, sizeof(rules->socket_types));
	make_files(rules, &policy->files, blob);
	rules_make_operations(rules);
	rules->calls_count = policy->calls_count;
	if (policy->calls_count)
		memcpy(layout.calls, calls, policy->calls_count * sizeof(*calls));
	memcpy(layout.blob, blob, blob_size);
	rules->blob_size = blob_size;
	return rules;
}
