// SPDX-License-Identifier: GPL-2.0
/* From a blob back to what it was made of. */
#include <endian.h>
#include <stdlib.h>
#include <string.h>

#include "builder/combine.h"

static int no_memory(struct error *err)
{
	return error_set(err, EXIT_ENVIRONMENT, "no memory for a profile");
}

/* The parser has no limit to a rule's conditions; what is built has. */
static int take_rule(const struct policy_table *from, const struct policy_rule *rule, bool fields,
		     struct rule *taken, struct error *err)
{
	const struct policy_condition *condition =
		&from->conditions[le32toh(rule->first_condition)];

	*taken = (struct rule){.verdict = le32toh(rule->verdict),
			       .fields = fields,
			       .count = le32toh(rule->conditions)};
	if (taken->count > COMPARISONS)
		return error_set(err, EXIT_USAGE,
				 "it has a rule with %u conditions; this program puts together "
				 "those with at most %d",
				 taken->count, COMPARISONS);
	for (unsigned int i = 0; i < taken->count; i++, condition++)
		taken->comparisons[i] = (struct comparison){
			.argument = le32toh(condition->argument),
			.operator_ = le32toh(condition->operator_),
			.value = le64toh(condition->value),
			.mask = le64toh(condition->mask),
		};
	return 0;
}

static int take_filter(struct table *table, struct call *call, const struct policy_table *from,
		       __u32 verdict, struct error *err)
{
	const struct policy_filter *filter = &from->filters[POLICY_VERDICT_VALUE(verdict)];
	const struct policy_rule *rule = &from->rules[le32toh(filter->first_rule)];
	const bool fields = POLICY_VERDICT_ACTION(verdict) == POLICY_FIELDS;
	struct rule taken;

	call->has_otherwise = true;
	call->otherwise = le32toh(filter->otherwise);
	for (__u32 i = 0; i < le32toh(filter->rules); i++, rule++) {
		if (take_rule(from, rule, fields, &taken, err))
			return -1;
		if (model_append(table, call, &taken))
			return no_memory(err);
	}
	return 0;
}

static int take_table(struct table *table, const struct policy_table *from, struct error *err)
{
	table->present = true;
	table->otherwise = le32toh(from->header->otherwise);
	for (__u32 i = 0; i < le32toh(from->header->verdicts); i++) {
		const __u32 verdict = le32toh(from->verdicts[i]);
		const unsigned int action = POLICY_VERDICT_ACTION(verdict);

		if (action != POLICY_FILTER && action != POLICY_FIELDS)
			table->calls[i] = (struct call){.decided = true, .verdict = verdict};
		else if (take_filter(table, &table->calls[i], from, verdict, err))
			return -1;
	}
	return 0;
}

static int take_tables(struct profile *profile, const struct policy *policy, struct error *err)
{
	for (size_t i = 0; i < POLICY_TABLES; i++) {
		const struct policy_table *from = &policy->tables[i];

		if (!from->header)
			continue;
		if (take_table(&profile->tables[i], from, err))
			return -1;
		profile->logs_verdicts |= le32toh(from->header->flags) & POLICY_SYSCALLS_LOG;
		profile->partial_calls |= le32toh(from->header->flags) & POLICY_SYSCALLS_PARTIAL;
	}
	for (unsigned int i = 0; i < policy->calls_count; i++)
		model_private_call(profile, policy_call_name(policy, i));
	return 0;
}

/* The bytes of the section with file rules; policy_parse() has checked the table. */
static int take_files(struct profile *profile, const struct policy *policy, const void *blob,
		      struct error *err)
{
	const struct policy_header *header = blob;
	const struct policy_section *section = (const void *)(header + 1);

	if (!policy->files.states)
		return 0;
	while (le32toh(section->kind) != POLICY_FILES)
		section++;
	profile->files_ready.size = le32toh(section->size);
	profile->files_ready.bytes = malloc(profile->files_ready.size);
	if (!profile->files_ready.bytes)
		return no_memory(err);
	memcpy(profile->files_ready.bytes, (const char *)blob + le32toh(section->offset),
	       profile->files_ready.size);
	profile->restricts_files = true;
	return 0;
}

int profile_from_policy(struct profile *profile, const struct policy *policy, const void *blob,
			struct error *err)
{
	if (policy->name)
		memcpy(profile->name, policy->name, policy->name_size);
	if (policy->restricts_capabilities)
		profile->capabilities = policy->capabilities;
	profile->excess = policy->excess;
	profile->log = policy->log;
	profile->log_size = policy->log_size;
	profile->restricts_access = policy->restricts_access;
	profile->access = policy->access;
	memcpy(profile->socket_types, policy->socket_types, sizeof(profile->socket_types));
	if (take_tables(profile, policy, err))
		return -1;
	return take_files(profile, policy, blob, err);
}
