// SPDX-License-Identifier: GPL-2.0
#include "tests/builder/agree.h"

#include <asm/ptrace.h>
#include <endian.h>
#include <linux/openat2.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kmod/vki/compile.h"
#include "lib/cleanup.h"
#include "tests/builder/random_files.h"

uint64_t next_random(void)
{
	static uint64_t state = 88172645463325252ull;

	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state;
}

static __u64 edge_value(void)
{
	static const __u64 edges[] = {0,	  1,	       2,	   0x7fffffff, 0x80000000,
				      0xffffffff, 0x100000000, UINT64_MAX, 1ull << 63};
	const uint64_t random = next_random();

	if (random % 3 == 0)
		return next_random();
	return edges[random / 3 % (sizeof(edges) / sizeof(edges[0]))];
}

/* A value for which the condition holds, if there is one. */
static __u64 holding(const struct policy_condition *condition)
{
	const __u64 value = le64toh(condition->value), mask = le64toh(condition->mask);

	switch (le32toh(condition->operator_)) {
	case POLICY_NE:
		return value ^ 1ull << next_random() % 64;
	case POLICY_LT:
		return value ? next_random() % value : 0;
	case POLICY_GT:
		return value + 1;
	case POLICY_MASKED_EQ:
		return value | (next_random() & ~mask);
	}
	return value;
}

/* Values for which a rule of the filter is likely to hold, or only just does not. */
static void choose_values(const struct policy_table *table, const struct policy_filter *filter,
			  __u64 values[6])
{
	const __u32 rules = le32toh(filter->rules);
	const struct policy_rule *rule =
		&table->rules[le32toh(filter->first_rule) + next_random() % rules];
	const struct policy_condition *condition =
		&table->conditions[le32toh(rule->first_condition)];
	const uint64_t change = next_random();

	for (size_t i = 0; i < 6; i++)
		values[i] = edge_value();
	for (__u32 i = 0; i < le32toh(rule->conditions); i++)
		values[le32toh(condition[i].argument)] = holding(&condition[i]);
	switch (change % 6) {
	case 0:
		values[le32toh(condition->argument)]++;
		return;
	case 1:
		values[le32toh(condition->argument)]--;
		return;
	case 2:
		values[le32toh(condition->argument)] ^= 1ull << change / 6 % 64;
		return;
	case 3:
		values[change / 6 % 6] = edge_value();
		return;
	}
}

#define REGISTERS      (sizeof(struct pt_regs) / sizeof(__u64))
#define REGISTER(name) (offsetof(struct pt_regs, name) / sizeof(__u64))

/* struct pt_regs at entry; what no argument is in, and the upper halves on i386, is noise. */
static void fill_registers(__u64 registers[REGISTERS], enum policy_table_index path,
			   __u64 arguments[6])
{
	static const size_t places[POLICY_TABLES][6] = {
		[POLICY_TABLE_X86_64] = {REGISTER(rdi), REGISTER(rsi), REGISTER(rdx), REGISTER(r10),
					 REGISTER(r8), REGISTER(r9)},
		[POLICY_TABLE_I386] = {REGISTER(rbx), REGISTER(rcx), REGISTER(rdx), REGISTER(rsi),
				       REGISTER(rdi), REGISTER(rbp)},
	};

	for (size_t i = 0; i < REGISTERS; i++)
		registers[i] = next_random();
	for (size_t i = 0; i < 6; i++)
		registers[places[path][i]] = arguments[i];
	for (size_t i = 0; i < 6 && path == POLICY_TABLE_I386; i++)
		arguments[i] &= UINT32_MAX;
}

static bool differ(enum policy_table_index path, unsigned int number, const char *what,
		   const __u64 values[6], __u32 policy, __u32 rules)
{
	fprintf(stderr,
		"path %d call %u %s (0x%llx, 0x%llx, 0x%llx, 0x%llx, 0x%llx, 0x%llx): policy 0x%x, "
		"rules 0x%x\n",
		path, number, what, values[0], values[1], values[2], values[3], values[4],
		values[5], policy, rules);
	return false;
}

static void count(const struct policy_table *table, const struct vkm_rules *rules,
		  enum policy_table_index path, unsigned int number, __u32 decided,
		  struct agreement *agreement)
{
	const __u32 made = POLICY_VERDICT_VALUE(rules->verdicts[path][number]);
	const __u32 written = POLICY_VERDICT_VALUE(le32toh(table->verdicts[number]));

	agreement->by_set += !!rules->filters[made].slots;
	agreement->by_list += !rules->filters[made].slots;
	agreement->by_rule += decided != le32toh(table->filters[written].otherwise);
}

static bool agree_on_arguments(const struct policy_table *table, const struct vkm_rules *rules,
			       enum policy_table_index path, unsigned int number, __u64 values[6],
			       struct agreement *agreement)
{
	const __u32 verdict = rules->verdicts[path][number];
	__u64 registers[REGISTERS];
	__u32 expected, got;

	fill_registers(registers, path, values);
	expected = policy_decide(table, number, values);
	got = rules_decide(rules, POLICY_VERDICT_VALUE(verdict), registers);
	count(table, rules, path, number, got, agreement);
	return got == expected || differ(path, number, "arguments", values, expected, got);
}

static bool agree_on_fields(const struct policy_table *table, const struct vkm_rules *rules,
			    enum policy_table_index path, unsigned int number, __u64 values[6],
			    struct agreement *agreement)
{
	const __u32 verdict = rules->verdicts[path][number];
	/* Of the kernel's copy of clone3's structure only the first field is looked at. */
	const struct open_how how = {.flags = values[0], .mode = values[1], .resolve = values[2]};
	__u32 expected = policy_decide_fields(table, number, values), got;

	got = rules_decide(rules, POLICY_VERDICT_VALUE(verdict), &how);
	count(table, rules, path, number, got, agreement);
	if (policy_decide(table, number, values) != POLICY_VERDICT(POLICY_ALLOW, 0))
		return differ(path, number, "asks twice", values, expected, got);
	return got == expected || differ(path, number, "fields", values, expected, got);
}

static bool agree_on_filter(const struct policy_table *table, const struct vkm_rules *rules,
			    enum policy_table_index path, unsigned int number, unsigned int rounds,
			    struct agreement *agreement)
{
	const __u32 written = le32toh(table->verdicts[number]);
	const struct policy_filter *filter = &table->filters[POLICY_VERDICT_VALUE(written)];
	const bool fields = POLICY_VERDICT_ACTION(written) == POLICY_FIELDS;
	__u64 values[6];
	bool same = true;

	for (; rounds && same; rounds--) {
		choose_values(table, filter, values);
		same = fields ? agree_on_fields(table, rules, path, number, values, agreement)
			      : agree_on_arguments(table, rules, path, number, values, agreement);
	}
	return same;
}

/* What the kernel itself has traced programs call is always let through, as seccomp does. */
static bool is_probe(enum policy_table_index path, unsigned int number)
{
	return path == POLICY_TABLE_X86_64 && (number == 335 || number == 336);
}

static bool agree_on_call(const struct policy *policy, const struct vkm_rules *rules,
			  enum policy_table_index path, unsigned int number, unsigned int rounds,
			  struct agreement *agreement)
{
	static const __u64 none[6];
	const struct policy_table *table = &policy->tables[path];
	const __u32 got = rules->verdicts[path][number];
	const unsigned int action = POLICY_VERDICT_ACTION(got);
	__u32 written = policy_decide(table, number, none);

	agreement->calls++;
	if (is_probe(path, number))
		return got == POLICY_VERDICT(POLICY_ALLOW, 0) ||
		       differ(path, number, "probe", none, written, got);
	if (table->header && number < le32toh(table->header->verdicts))
		written = le32toh(table->verdicts[number]);
	if (action != POLICY_VERDICT_ACTION(written))
		return differ(path, number, "action", none, written, got);
	if (action == POLICY_FILTER || action == POLICY_FIELDS)
		return agree_on_filter(table, rules, path, number, rounds, agreement);
	return got == written || differ(path, number, "verdict", none, written, got);
}

/* The rules' own copy says the same, and is in their own blob. */
static bool agree_on_files(const struct policy *policy, const struct vkm_rules *rules,
			   const void *blob, size_t size)
{
	const struct files *ours = &rules->files, *theirs = &policy->files;
	const void *const pairs[][2] = {
		{ours->classes, theirs->classes}, {ours->state, theirs->state},
		{ours->end, theirs->end},	  {ours->transition, theirs->transition},
		{ours->accept, theirs->accept},	  {ours->match, theirs->match},
		{ours->rule, theirs->rule},	  {ours->prefix, theirs->prefix},
		{ours->text, theirs->text}};

	if (!theirs->states)
		return !ours->states;
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		const size_t place = (const char *)pairs[i][0] - (const char *)rules->blob;

		if (place > size ||
		    place != (size_t)((const char *)pairs[i][1] - (const char *)blob))
			return false;
	}
	return ours->flags == theirs->flags && ours->restricted == theirs->restricted &&
	       walk_files(ours) == walk_files(theirs);
}

static bool agree_on_access(const struct policy *policy, const struct vkm_rules *rules)
{
	return rules->restricts_access == policy->restricts_access &&
	       rules->access == policy->access &&
	       !memcmp(rules->socket_types, policy->socket_types, sizeof(rules->socket_types));
}

static bool agree_on_the_rest(const struct policy *policy, const struct vkm_rules *rules,
			      const void *blob, size_t size)
{
	for (size_t path = 0; path < POLICY_TABLES; path++) {
		const struct policy_syscalls *header = policy->tables[path].header;

		if (rules->restricted[path] != !!header)
			return false;
		if (rules->logged[path] != (header && le32toh(header->flags) & POLICY_SYSCALLS_LOG))
			return false;
	}
	return rules->capabilities == policy->capabilities && rules->excess == policy->excess &&
	       rules->log == policy->log && rules->blob_size == size &&
	       !memcmp(rules->blob, blob, size) && agree_on_access(policy, rules) &&
	       agree_on_files(policy, rules, blob, size);
}

bool rules_agree(const struct policy *policy, const void *blob, size_t size, unsigned int rounds,
		 struct agreement *agreement)
{
	static const vkm_private_call calls[POLICY_CALLS_MAX];
	autofree void *memory = calloc(1, rules_size(policy, size));
	struct vkm_rules *rules;
	bool same = true;

	if (!memory)
		abort();
	rules = rules_make(memory, policy, blob, size, calls);
	for (size_t path = 0; path < POLICY_TABLES; path++)
		for (unsigned int number = 0; number < POLICY_SYSCALL_MAX && same; number++)
			same = agree_on_call(policy, rules, path, number, rounds, agreement);
	if (same && !agree_on_the_rest(policy, rules, blob, size)) {
		fputs("capabilities, log mode, flags, files, access or the blob differ\n", stderr);
		same = false;
	}
	return same;
}
