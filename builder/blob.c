// SPDX-License-Identifier: GPL-2.0
#include <endian.h>
#include <stdlib.h>
#include <string.h>

#include "builder/model.h"
#include "builder/private.h"
#include "lib/cleanup.h"

#define SECTIONS_MAX (6 + POLICY_TABLES)

static size_t padded(size_t size)
{
	return (size + 7) & ~(size_t)7;
}

/* What a table takes in the blob. */
struct extent {
	unsigned int verdicts, filters, rules, conditions;
};

static __u32 verdict_of(const struct table *table, const struct call *call)
{
	return call->decided ? call->verdict : table->otherwise;
}

static struct extent measure(const struct table *table)
{
	struct extent extent = {0};

	for (unsigned int number = 0; number < POLICY_SYSCALL_MAX; number++) {
		const struct call *call = &table->calls[number];

		if (call->first)
			extent.filters++;
		for (unsigned int i = call->first; i; i = table->rules[i].next) {
			extent.rules++;
			extent.conditions += table->rules[i].count;
		}
		if (call->first || verdict_of(table, call) != table->otherwise)
			extent.verdicts = number + 1;
	}
	return extent;
}

static size_t table_size(const struct extent *extent)
{
	return sizeof(struct policy_syscalls) + padded(extent->verdicts * sizeof(__le32)) +
	       extent->filters * sizeof(struct policy_filter) +
	       extent->rules * sizeof(struct policy_rule) +
	       extent->conditions * sizeof(struct policy_condition);
}

/* Where the next of each kind of thing goes. */
struct cursor {
	__le32 *verdict;
	struct policy_filter *filter;
	struct policy_rule *rule;
	struct policy_condition *condition;
	struct extent used;
	const struct private_calls *private;
};

static void put_rule(struct cursor *cursor, const struct rule *rule)
{
	*cursor->rule++ = (struct policy_rule){
		.first_condition = htole32(cursor->used.conditions),
		.conditions = htole32(rule->count),
		.verdict = htole32(private_verdict(cursor->private, rule->verdict)),
	};
	cursor->used.rules++;
	cursor->used.conditions += rule->count;
	for (unsigned int i = 0; i < rule->count; i++)
		*cursor->condition++ = (struct policy_condition){
			.argument = htole32(rule->comparisons[i].argument),
			.operator_ = htole32(rule->comparisons[i].operator_),
			.value = htole64(rule->comparisons[i].value),
			.mask = htole64(rule->comparisons[i].mask),
		};
}

static void put_filter(struct cursor *cursor, const struct table *table, const struct call *call)
{
	const unsigned int first = cursor->used.rules;
	const __u32 otherwise = call->has_otherwise ? call->otherwise : table->otherwise;

	for (unsigned int i = call->first; i; i = table->rules[i].next)
		put_rule(cursor, &table->rules[i]);
	*cursor->filter++ = (struct policy_filter){
		.first_rule = htole32(first),
		.rules = htole32(cursor->used.rules - first),
		.otherwise = htole32(private_verdict(cursor->private, otherwise)),
	};
	cursor->used.filters++;
}

static void put_table(void *section, const struct table *table, const struct extent *extent,
		      const struct policy_syscalls *start, const struct private_calls *private)
{
	struct policy_syscalls *header = section;
	struct cursor cursor = {.verdict = (__le32 *)(header + 1), .private = private};

	*header = *start;
	header->otherwise = htole32(private_verdict(private, table->otherwise));
	header->verdicts = htole32(extent->verdicts);
	header->filters = htole32(extent->filters);
	header->rules = htole32(extent->rules);
	header->conditions = htole32(extent->conditions);
	cursor.filter =
		(void *)((char *)cursor.verdict + padded(extent->verdicts * sizeof(__le32)));
	cursor.rule = (void *)(cursor.filter + extent->filters);
	cursor.condition = (void *)(cursor.rule + extent->rules);

	for (unsigned int number = 0; number < extent->verdicts; number++) {
		const struct call *call = &table->calls[number];
		__u32 verdict = private_verdict(private, verdict_of(table, call));

		if (call->first) {
			verdict = POLICY_VERDICT(table->rules[call->first].fields ? POLICY_FIELDS
										  : POLICY_FILTER,
						 cursor.used.filters);
			put_filter(&cursor, table, call);
		}
		*cursor.verdict++ = htole32(verdict);
	}
}

static const __u32 architectures[POLICY_TABLES] = {
	[POLICY_TABLE_X86_64] = POLICY_ARCH_X86_64,
	[POLICY_TABLE_I386] = POLICY_ARCH_I386,
};

/* Families beyond the last one that gets sockets need no mention. */
static unsigned int families_of(const struct profile *profile)
{
	unsigned int count = POLICY_FAMILIES;

	while (count && !profile->socket_types[count - 1])
		count--;
	return count;
}

static void put_access(struct policy_access *access, const struct profile *profile)
{
	const unsigned int families = families_of(profile);

	access->allowed = htole32(profile->access);
	access->families = htole32(families);
	for (unsigned int i = 0; i < families; i++)
		access->types[i] = htole16(profile->socket_types[i]);
}

/* A section to be written: the kind tells which part of the profile it is. */
struct plan {
	enum policy_section_kind kind;
	size_t size;
	enum policy_table_index table;
	struct extent extent;
};

static size_t make_plan(const struct profile *profile, const struct private_calls *private,
			const struct file_section *files, struct plan plan[SECTIONS_MAX])
{
	size_t count = 0;

	if (profile->name[0])
		plan[count++] = (struct plan){.kind = POLICY_NAME, .size = strlen(profile->name)};
	for (size_t i = 0; i < POLICY_TABLES; i++) {
		const struct table *table = &profile->tables[i];

		if (!table->present)
			continue;
		plan[count] = (struct plan){
			.kind = POLICY_SYSCALLS, .table = i, .extent = measure(table)};
		plan[count].size = table_size(&plan[count].extent);
		count++;
	}
	if (profile->capabilities != CAPABILITIES_ALL)
		plan[count++] = (struct plan){.kind = POLICY_CAPABILITIES,
					      .size = sizeof(struct policy_capabilities)};
	if (profile->log != POLICY_LOG_HOST)
		plan[count++] =
			(struct plan){.kind = POLICY_LOG, .size = sizeof(struct policy_log)};
	if (private->size)
		plan[count++] = (struct plan){.kind = POLICY_CALLS, .size = private->size};
	if (files->bytes)
		plan[count++] = (struct plan){.kind = POLICY_FILES, .size = files->size};
	if (profile->restricts_access)
		plan[count++] = (struct plan){.kind = POLICY_ACCESS,
					      .size = sizeof(struct policy_access) +
						      families_of(profile) * sizeof(__le16)};
	return count;
}

static void put_section(void *section, const struct profile *profile, const struct plan *plan,
			const struct private_calls *private, const struct file_section *files)
{
	const struct policy_syscalls start = {
		.arch = htole32(architectures[plan->table]),
		.flags = htole32((profile->logs_verdicts ? POLICY_SYSCALLS_LOG : 0) |
				 (profile->partial_calls ? POLICY_SYSCALLS_PARTIAL : 0)),
	};

	switch (plan->kind) {
	case POLICY_NAME:
		memcpy(section, profile->name, plan->size);
		return;
	case POLICY_SYSCALLS:
		put_table(section, &profile->tables[plan->table], &plan->extent, &start, private);
		return;
	case POLICY_CAPABILITIES:
		((struct policy_capabilities *)section)->allowed = htole64(profile->capabilities);
		((struct policy_capabilities *)section)->excess = htole32(profile->excess);
		return;
	case POLICY_LOG:
		((struct policy_log *)section)->mode = htole32(profile->log);
		((struct policy_log *)section)->size = htole32(profile->log_size);
		return;
	case POLICY_FILES:
		memcpy(section, files->bytes, files->size);
		return;
	case POLICY_ACCESS:
		put_access(section, profile);
		return;
	case POLICY_CALLS:
		private_put(section, profile, private);
		return;
	}
}

static int emit(const struct profile *profile, const struct file_section *files, void **blob,
		size_t *size, struct error *err)
{
	struct private_calls private;
	struct plan plan[SECTIONS_MAX];
	const size_t count = make_plan(profile, private_collect(profile, &private), files, plan);
	size_t next = sizeof(struct policy_header) + count * sizeof(struct policy_section);
	struct policy_section *section;
	struct policy_header *header;
	autofree char *bytes = NULL;
	struct policy policy;

	*size = next;
	for (size_t i = 0; i < count; i++)
		*size += padded(plan[i].size);
	bytes = calloc(1, *size);
	if (!bytes)
		return error_set(err, EXIT_ENVIRONMENT, "no memory for a policy of %zu bytes",
				 *size);
	header = (void *)bytes;
	section = (void *)(header + 1);
	for (size_t i = 0; i < count; i++, section++) {
		section->kind = htole32(plan[i].kind);
		section->offset = htole32(next);
		section->size = htole32(plan[i].size);
		put_section(bytes + next, profile, &plan[i], &private, files);
		next += padded(plan[i].size);
	}
	memcpy(header->magic, POLICY_MAGIC, sizeof(header->magic));
	header->version = htole32(POLICY_VERSION);
	header->size = htole32(*size);
	header->sections = htole32(count);
	header->checksum = htole32(policy_checksum(bytes, *size));

	/* Too many rules in a profile are found here, before a kernel refuses them. */
	if (blob_parse("the policy made of this profile", bytes, *size, &policy, err))
		return -1;
	*blob = steal_pointer(bytes);
	return 0;
}

int profile_emit(const struct profile *profile, void **blob, size_t *size, struct error *err)
{
	struct file_section files = {0};
	int ret;

	if (profile->files_ready.bytes)
		return emit(profile, &profile->files_ready, blob, size, err);
	if (profile->restricts_files && file_rules_compile(&profile->files, &files, err))
		return -1;
	ret = emit(profile, &files, blob, size, err);
	free(files.bytes);
	return ret;
}

int blob_parse(const char *file, const void *blob, size_t size, struct policy *policy,
	       struct error *err)
{
	struct policy_fault fault;

	if (!policy_parse(blob, size, policy, &fault))
		return 0;
	return error_set(err, EXIT_USAGE, "%s: offset %zu: %s", file, fault.offset, fault.reason);
}
