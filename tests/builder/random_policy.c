// SPDX-License-Identifier: GPL-2.0
#include "tests/builder/random_policy.h"

#include <endian.h>
#include <stdlib.h>
#include <string.h>
#include <vkernel/policy.h>

#include "tests/builder/agree.h"
#include "tests/builder/random_files.h"

#define FILTERS_MAX    48
#define RULES_MAX      8192
#define CONDITIONS_MAX (RULES_MAX * 2)
#define CALLS	       3

static const char names[] = "first\0second\0third";

/* Where there is no room for a filter's rules, it has one of up to four conditions. */
struct draft {
	struct policy_syscalls header;
	__le32 verdicts[POLICY_SYSCALL_MAX];
	struct policy_filter filters[FILTERS_MAX];
	struct policy_rule rules[RULES_MAX + FILTERS_MAX];
	struct policy_condition conditions[CONDITIONS_MAX + 4 * FILTERS_MAX];
	unsigned int filters_count, rules_count, conditions_count;
	unsigned int largest; /* filter, in rules */
};

static unsigned int below(unsigned int limit)
{
	return next_random() % limit;
}

static __u32 random_verdict(void)
{
	static const __u32 verdicts[] = {
		POLICY_VERDICT(POLICY_ALLOW, 0),
		POLICY_VERDICT(POLICY_ERRNO, 0),
		POLICY_VERDICT(POLICY_ERRNO, 1),
		POLICY_VERDICT(POLICY_ERRNO, 4095),
		POLICY_VERDICT(POLICY_KILL_THREAD, 0),
		POLICY_VERDICT(POLICY_KILL_PROCESS, 0),
		POLICY_VERDICT(POLICY_TRAP, 0),
		POLICY_VERDICT(POLICY_ALLOW_LOGGED, 0),
		POLICY_VERDICT(POLICY_PRIVATE, 0),
		POLICY_VERDICT(POLICY_PRIVATE, 1),
		POLICY_VERDICT(POLICY_PRIVATE, CALLS - 1),
	};

	return verdicts[below(sizeof(verdicts) / sizeof(verdicts[0]))];
}

static __u64 random_value(void)
{
	static const __u64 values[] = {0,	   1,	       9,	    0x7fffffff,
				       0x80000000, 0xffffffff, 0x100000000, UINT64_MAX};

	switch (below(3)) {
	case 0:
		return values[below(sizeof(values) / sizeof(values[0]))];
	case 1:
		return below(5000);
	}
	return next_random();
}

static void add_condition(struct draft *draft, unsigned int sources, enum policy_operator operator_)
{
	struct policy_condition *condition = &draft->conditions[draft->conditions_count++];

	*condition = (struct policy_condition){
		.argument = htole32(below(sources)),
		.operator_ = htole32(operator_),
		.value = htole64(random_value()),
	};
	if (operator_ == POLICY_MASKED_EQ) {
		condition->mask = htole64(random_value());
		if (below(8))
			condition->value &= condition->mask;
	}
}

/*
 * How the rules of a filter are made: at random, or all with one condition of one operator on one
 * argument, which is what can be found by hashing; mostly under one mask.
 */
static void make_alike(struct draft *draft, unsigned int first)
{
	const bool masked = below(2), mixed = !below(4);
	const __le64 mask = htole64(below(2) ? random_value() : UINT64_MAX);

	for (unsigned int i = first; i < draft->conditions_count; i++) {
		struct policy_condition *condition = &draft->conditions[i];

		condition->argument = draft->conditions[first].argument;
		if (!masked && mixed && !below(4))
			condition->operator_ = htole32(POLICY_NE);
		if (!masked || (mixed && !below(2)))
			continue;
		condition->operator_ = htole32(POLICY_MASKED_EQ);
		condition->mask = mixed && !below(8) ? htole64(random_value()) : mask;
		if (below(8))
			condition->value &= condition->mask;
	}
}

static void add_rule(struct draft *draft, unsigned int sources, bool in_set)
{
	const unsigned int count = in_set ? 1 : 1 + below(4);
	const unsigned int first = draft->conditions_count;

	draft->rules[draft->rules_count++] = (struct policy_rule){
		.first_condition = htole32(first),
		.conditions = htole32(count),
		.verdict = htole32(random_verdict()),
	};
	for (unsigned int i = 0; i < count; i++)
		add_condition(draft, sources, in_set ? POLICY_EQ : 1 + below(POLICY_MASKED_EQ));
}

static void add_filter(struct draft *draft, unsigned int sources)
{
	const bool in_set = below(2);
	const unsigned int first = draft->rules_count, condition = draft->conditions_count;
	unsigned int count = 1 + below(4);

	if (in_set && !below(4))
		count = 1 + below(draft->largest);
	if (draft->rules_count + count > RULES_MAX ||
	    draft->conditions_count + 4 * count > CONDITIONS_MAX)
		count = 1;
	for (unsigned int i = 0; i < count; i++)
		add_rule(draft, sources, in_set);
	if (in_set)
		make_alike(draft, condition);
	draft->filters[draft->filters_count++] = (struct policy_filter){
		.first_rule = htole32(first),
		.rules = htole32(count),
		.otherwise = htole32(random_verdict()),
	};
}

static unsigned int fields_of(unsigned int number)
{
	if (number == POLICY_CLONE3)
		return POLICY_CLONE3_FIELDS;
	return number == POLICY_OPENAT2 ? POLICY_OPENAT2_FIELDS : 0;
}

static void add_call(struct draft *draft, unsigned int number)
{
	const unsigned int fields = fields_of(number);
	__u32 verdict = random_verdict();

	if (number < CALLS) {
		verdict = POLICY_VERDICT(POLICY_PRIVATE, number);
	} else if (fields && below(2)) {
		verdict = POLICY_VERDICT(POLICY_FIELDS, draft->filters_count);
		add_filter(draft, fields);
	} else if (!below(16) && draft->filters_count < FILTERS_MAX - 2) {
		verdict = POLICY_VERDICT(POLICY_FILTER, draft->filters_count);
		add_filter(draft, 6);
	}
	draft->verdicts[number] = htole32(verdict);
}

static void make_draft(struct draft *draft, __u32 arch, unsigned int largest)
{
	const unsigned int count =
		below(4) ? 2 * (CALLS + below(POLICY_SYSCALL_MAX / 2 - CALLS)) : POLICY_SYSCALL_MAX;

	memset(draft, 0, sizeof(*draft));
	draft->largest = largest;
	for (unsigned int number = 0; number < count; number++)
		add_call(draft, number);
	draft->header = (struct policy_syscalls){
		.arch = htole32(arch),
		.otherwise = htole32(random_verdict()),
		.verdicts = htole32(count),
		.filters = htole32(draft->filters_count),
		.rules = htole32(draft->rules_count),
		.conditions = htole32(draft->conditions_count),
		.flags = htole32(below(4)),
	};
}

struct writer {
	char *bytes;
	size_t size;
};

static void append(struct writer *writer, const void *from, size_t size)
{
	memcpy(writer->bytes + writer->size, from, size);
	writer->size += (size + 7) & ~(size_t)7;
}

static void append_table(struct writer *writer, const struct draft *draft)
{
	append(writer, &draft->header, sizeof(draft->header));
	append(writer, draft->verdicts, le32toh(draft->header.verdicts) * sizeof(__le32));
	append(writer, draft->filters, draft->filters_count * sizeof(draft->filters[0]));
	append(writer, draft->rules, draft->rules_count * sizeof(draft->rules[0]));
	append(writer, draft->conditions, draft->conditions_count * sizeof(draft->conditions[0]));
}

/* Adds a section that began at start and ends where the writer is. */
static void close_section(struct writer *writer, size_t start, size_t unpadded, __u32 kind)
{
	struct policy_header *header = (void *)writer->bytes;
	struct policy_section *section = (void *)(header + 1);
	const __u32 index = le32toh(header->sections);

	section[index].kind = htole32(kind);
	section[index].offset = htole32(start);
	section[index].size = htole32(unpadded ? unpadded : writer->size - start);
	header->sections = htole32(index + 1);
}

static void append_files(struct writer *writer)
{
	const size_t start = writer->size;
	size_t size;
	void *files = random_files(&size);

	append(writer, files, size);
	close_section(writer, start, size, POLICY_FILES);
	free(files);
}

static void append_access(struct writer *writer)
{
	const size_t start = writer->size;
	const unsigned int families = below(POLICY_FAMILIES + 1);
	const size_t size = sizeof(struct policy_access) + families * sizeof(__le16);
	struct policy_access *access = (void *)(writer->bytes + start);

	access->allowed = htole32(below(POLICY_ACCESS_ALL + 1));
	access->families = htole32(families);
	for (unsigned int i = 0; i < families; i++)
		access->types[i] = htole16(next_random() & POLICY_SOCKET_TYPES);
	writer->size += (size + 7) & ~(size_t)7;
	close_section(writer, start, size, POLICY_ACCESS);
}

static void seal(struct writer *writer)
{
	struct policy_header *header = (void *)writer->bytes;

	memcpy(header->magic, POLICY_MAGIC, sizeof(header->magic));
	header->version = htole32(POLICY_VERSION);
	header->size = htole32(writer->size);
	header->checksum = htole32(policy_checksum(writer->bytes, writer->size));
}

void *random_file_policy(size_t *size)
{
	struct writer writer = {.bytes = calloc(1, 64 << 10)};

	if (!writer.bytes)
		abort();
	writer.size = sizeof(struct policy_header) + 2 * sizeof(struct policy_section);
	append_files(&writer);
	append_access(&writer);
	seal(&writer);
	*size = writer.size;
	return writer.bytes;
}

void *random_policy(unsigned int largest, size_t *size)
{
	static const __u32 architectures[] = {POLICY_ARCH_X86_64, POLICY_ARCH_I386};
	const struct policy_capabilities capabilities = {
		.allowed = htole64(next_random()),
		.excess = htole32(below(2)),
	};
	struct draft *draft = malloc(sizeof(*draft));
	struct writer writer = {.bytes = calloc(1, POLICY_SIZE_MAX)};
	size_t start;

	if (!draft || !writer.bytes)
		abort();
	writer.size = sizeof(struct policy_header) + 6 * sizeof(struct policy_section);
	start = writer.size;
	append(&writer, &capabilities, sizeof(capabilities));
	close_section(&writer, start, 0, POLICY_CAPABILITIES);
	for (size_t i = 0; i < 2; i++) {
		make_draft(draft, architectures[i], largest);
		start = writer.size;
		append_table(&writer, draft);
		close_section(&writer, start, 0, POLICY_SYSCALLS);
	}
	start = writer.size;
	append(&writer, names, sizeof(names));
	close_section(&writer, start, sizeof(names), POLICY_CALLS);
	free(draft);
	append_files(&writer);
	append_access(&writer);
	seal(&writer);
	*size = writer.size;
	return writer.bytes;
}
