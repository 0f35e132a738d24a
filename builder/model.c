// SPDX-License-Identifier: GPL-2.0
#include "builder/model.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct profile *profile_new(void)
{
	struct profile *profile = calloc(1, sizeof(*profile));

	if (!profile)
		return NULL;
	profile->capabilities = CAPABILITIES_ALL;
	profile->log = POLICY_LOG_HOST;
	profile->tables[POLICY_TABLE_I386].registers32 = true;
	return profile;
}

void profile_free(struct profile *profile)
{
	if (!profile)
		return;
	for (size_t i = 0; i < POLICY_TABLES; i++)
		free(profile->tables[i].rules);
	file_rules_free(&profile->files);
	free(profile->files_ready.bytes);
	free(profile);
}

int profile_set_name(struct profile *profile, const char *name, struct error *err)
{
	size_t size = strlen(name);

	if (!size || size > NAME_SIZE_MAX)
		return error_set(err, EXIT_USAGE,
				 "the policy's name has %zu bytes; it must have 1 to %d", size,
				 NAME_SIZE_MAX);
	for (size_t i = 0; i < size; i++)
		if (name[i] < ' ' || name[i] > '~')
			return error_set(err, EXIT_USAGE,
					 "the policy's name has byte 0x%02x at offset %zu; it must "
					 "be printable ASCII",
					 (unsigned char)name[i], i);
	memcpy(profile->name, name, size + 1);
	return 0;
}

void profile_set_capabilities(struct profile *profile, uint64_t allowed)
{
	profile->capabilities = allowed;
}

void profile_set_excess(struct profile *profile, enum policy_excess excess)
{
	profile->excess = excess;
}

static __u32 log_size(__u32 wanted)
{
	__u32 size = POLICY_LOG_SIZE_MIN;

	if (!wanted)
		return POLICY_LOG_SIZE_DEFAULT;
	while (size < wanted && size < POLICY_LOG_SIZE_MAX)
		size *= 2;
	return size;
}

void profile_set_log(struct profile *profile, enum policy_log_mode mode, __u32 size)
{
	profile->log = mode;
	profile->log_size = mode == POLICY_LOG_PRIVATE ? log_size(size) : 0;
}

int model_private_call(struct profile *profile, const char *name)
{
	unsigned int i;

	for (i = 0; i < profile->calls_count; i++)
		if (!strcmp(profile->calls[i], name))
			return i;
	if (i == POLICY_CALLS_MAX)
		return -1;
	snprintf(profile->calls[i], sizeof(profile->calls[i]), "%s", name);
	profile->calls_count++;
	return i;
}

bool model_refuses(__u32 verdict)
{
	switch (POLICY_VERDICT_ACTION(verdict)) {
	case POLICY_ALLOW:
	case POLICY_ALLOW_LOGGED:
	case POLICY_PRIVATE:
		return false;
	}
	return true;
}

unsigned int model_leniency(__u32 verdict)
{
	static const unsigned int ranks[POLICY_ACTIONS] = {
		[POLICY_KILL_PROCESS] = 0, [POLICY_KILL_THREAD] = 1, [POLICY_TRAP] = 2,
		[POLICY_ERRNO] = 3,	   [POLICY_PRIVATE] = 4,     [POLICY_ALLOW_LOGGED] = 5,
		[POLICY_ALLOW] = 6,
	};

	return ranks[POLICY_VERDICT_ACTION(verdict)];
}

/* The values that satisfy an ordinary comparison: from low to high, none if low > high. */
struct interval {
	__u64 low, high;
};

static struct interval interval_of(const struct comparison *c)
{
	const struct interval none = {.low = 1, .high = 0};

	switch (c->operator_) {
	case POLICY_EQ:
		return (struct interval){.low = c->value, .high = c->value};
	case POLICY_LT:
		return c->value ? (struct interval){.low = 0, .high = c->value - 1} : none;
	case POLICY_LE:
		return (struct interval){.low = 0, .high = c->value};
	case POLICY_GE:
		return (struct interval){.low = c->value, .high = UINT64_MAX};
	case POLICY_GT:
		return ~c->value ? (struct interval){.low = c->value + 1, .high = UINT64_MAX}
				 : none;
	case POLICY_NE:
	case POLICY_MASKED_EQ:
		break;
	}
	return (struct interval){.low = 0, .high = UINT64_MAX};
}

static bool refused_by(const struct comparison *c, __u64 value)
{
	if (c->operator_ == POLICY_NE)
		return value == c->value;
	if (c->operator_ == POLICY_MASKED_EQ)
		return (value & c->mask) != c->value;
	return false;
}

/* True only if it is certain; masks against ranges of several values are not looked into. */
static bool comparisons_exclude(const struct comparison *a, const struct comparison *b)
{
	const struct interval of_a = interval_of(a), of_b = interval_of(b);
	const __u64 low = of_a.low > of_b.low ? of_a.low : of_b.low;
	const __u64 high = of_a.high < of_b.high ? of_a.high : of_b.high;

	if (of_a.low > of_a.high || of_b.low > of_b.high || low > high)
		return true;
	if (low == high)
		return refused_by(a, low) || refused_by(b, low);
	if (a->operator_ == POLICY_MASKED_EQ && b->operator_ == POLICY_MASKED_EQ)
		return (a->value ^ b->value) & a->mask & b->mask;
	return false;
}

bool model_exclude(const struct rule *a, const struct rule *b)
{
	for (unsigned int i = 0; i < a->count; i++)
		for (unsigned int j = 0; j < b->count; j++)
			if (a->comparisons[i].argument == b->comparisons[j].argument &&
			    comparisons_exclude(&a->comparisons[i], &b->comparisons[j]))
				return true;
	return false;
}

static bool same_comparison(const struct comparison *a, const struct comparison *b)
{
	return a->argument == b->argument && a->operator_ == b->operator_ && a->value == b->value &&
	       a->mask == b->mask;
}

static bool same_rule(const struct rule *a, const struct rule *b)
{
	if (a->verdict != b->verdict || a->count != b->count)
		return false;
	for (unsigned int i = 0; i < a->count; i++)
		if (!same_comparison(&a->comparisons[i], &b->comparisons[i]))
			return false;
	return true;
}

/* What libseccomp has no notion of, so that its habits say nothing of it. */
static bool own(const struct rule *rule, __u32 verdict)
{
	return rule->fields || POLICY_VERDICT_ACTION(rule->verdict) == POLICY_PRIVATE ||
	       POLICY_VERDICT_ACTION(verdict) == POLICY_PRIVATE;
}

enum model_result model_decide(struct table *table, unsigned int slot, __u32 verdict,
			       unsigned int origin, struct conflict *conflict)
{
	struct call *call = &table->calls[slot];

	if (call->decided)
		return MODEL_ADDED;
	for (unsigned int i = call->first; i; i = table->rules[i].next)
		if (table->rules[i].verdict != verdict && own(&table->rules[i], verdict)) {
			*conflict = (struct conflict){.origin = table->rules[i].origin,
						      .verdict = table->rules[i].verdict,
						      .conditional = true,
						      .fields = table->rules[i].fields};
			return MODEL_CONFLICT;
		}
	*call = (struct call){.decided = true, .verdict = verdict, .origin = origin};
	return MODEL_ADDED;
}

/* On 32-bit registers the upper halves of a comparison mean nothing; libseccomp drops them too. */
static void narrow(struct rule *rule)
{
	for (unsigned int i = 0; i < rule->count; i++) {
		rule->comparisons[i].value &= UINT32_MAX;
		rule->comparisons[i].mask &= UINT32_MAX;
	}
}

/* A mask without bits asks nothing: for libseccomp such a comparison does not exist. */
static void drop_empty_masks(struct rule *rule)
{
	unsigned int kept = 0;

	for (unsigned int i = 0; i < rule->count; i++)
		if (rule->comparisons[i].operator_ != POLICY_MASKED_EQ || rule->comparisons[i].mask)
			rule->comparisons[kept++] = rule->comparisons[i];
	rule->count = kept;
}

static int store_rule(struct table *table, const struct rule *rule, unsigned int *stored)
{
	unsigned int index = table->count ? table->count : 1;

	if (index >= table->capacity) {
		size_t capacity = table->capacity ? table->capacity * 2 : 32;
		struct rule *rules = realloc(table->rules, capacity * sizeof(*rules));

		if (!rules)
			return -1;
		table->rules = rules;
		table->capacity = capacity;
	}
	table->rules[index] = *rule;
	table->count = index + 1;
	*stored = index;
	return 0;
}

static int insert_after(struct table *table, struct call *call, unsigned int before,
			const struct rule *rule)
{
	unsigned int index, *link;

	if (store_rule(table, rule, &index))
		return -1;
	link = before ? &table->rules[before].next : &call->first;
	table->rules[index].next = *link;
	*link = index;
	if (call->last == before)
		call->last = index;
	return 0;
}

int model_append(struct table *table, struct call *call, const struct rule *rule)
{
	return insert_after(table, call, call->last, rule);
}

int model_insert(struct table *table, struct call *call, const struct rule *rule)
{
	unsigned int before = 0;

	for (unsigned int i = call->first; i; i = table->rules[i].next)
		if (model_leniency(table->rules[i].verdict) <= model_leniency(rule->verdict))
			before = i;
	return insert_after(table, call, before, rule);
}

/* An unconditional decision absorbs rules, also those with another verdict: as libseccomp. */
static enum model_result add_to_decided(const struct call *call, const struct rule *rule,
					struct conflict *conflict)
{
	if (call->verdict == rule->verdict || !own(rule, call->verdict))
		return MODEL_ADDED;
	*conflict = (struct conflict){.origin = call->origin, .verdict = call->verdict};
	return MODEL_CONFLICT;
}

enum model_result model_add_rule(struct table *table, unsigned int slot, const struct rule *rule,
				 struct conflict *conflict)
{
	struct call *call = &table->calls[slot];
	struct rule added = *rule;
	unsigned int count = 0;

	if (table->registers32 && !added.fields)
		narrow(&added);
	drop_empty_masks(&added);
	if (!added.count)
		return model_decide(table, slot, added.verdict, added.origin, conflict);
	if (call->decided)
		return add_to_decided(call, &added, conflict);
	for (unsigned int i = call->first; i; i = table->rules[i].next) {
		const struct rule *other = &table->rules[i];

		*conflict = (struct conflict){.origin = other->origin,
					      .verdict = other->verdict,
					      .conditional = true,
					      .fields = other->fields};
		if (other->fields != added.fields)
			return MODEL_MIXED;
		if (same_rule(other, &added))
			return MODEL_ADDED;
		if (!table->overlaps && other->verdict != added.verdict &&
		    !model_exclude(other, &added))
			return MODEL_CONFLICT;
		count++;
	}
	if (count >= CALL_RULES_MAX)
		return MODEL_TOO_MANY;
	return model_insert(table, call, &added) ? MODEL_NO_MEMORY : MODEL_ADDED;
}
