// SPDX-License-Identifier: GPL-2.0
/* Blobs made by hand: what a reader refuses, where, and why; and what it must take. */
#include <endian.h>
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/cleanup.h"
#include "tests/builder/compile.h"

#define ROWS(rows)	       (sizeof(rows) / sizeof((rows)[0]))
#define VERDICT(action, value) POLICY_VERDICT(POLICY_##action, value)

/* A blob with something of everything; it is accepted as base_blob() makes it. */
struct base {
	struct policy_header header;
	struct policy_section sections[3];
	struct policy_capabilities capabilities;
	struct policy_syscalls table;
	__le32 verdicts[438];
	struct policy_filter filters[3]; /* of call 0, clone3 and openat2 */
	struct policy_rule rules[3];
	struct policy_condition conditions[4];
	char names[16];
};

#define AT(field) offsetof(struct base, field)

static struct base base_blob(void)
{
	return (struct base){
		.header = {.magic = "VKPOLICY", .version = POLICY_VERSION, .sections = 3},
		.sections = {{POLICY_CAPABILITIES, AT(capabilities), 16, 0},
			     {POLICY_SYSCALLS, AT(table), AT(names) - AT(table), 0},
			     {POLICY_CALLS, AT(names), 11, 0}},
		.capabilities = {.allowed = 0x3, .excess = POLICY_EXCESS_KILL},
		.table = {POLICY_ARCH_X86_64, VERDICT(ERRNO, 1), 438, 3, 3, 4, POLICY_SYSCALLS_LOG,
			  0},
		.verdicts = {[0] = VERDICT(FILTER, 0),
			     [1] = VERDICT(PRIVATE, 0),
			     [2] = VERDICT(KILL_PROCESS, 0),
			     [3] = VERDICT(ERRNO, 4095),
			     [POLICY_CLONE3] = VERDICT(FIELDS, 1),
			     [POLICY_OPENAT2] = VERDICT(FIELDS, 2)},
		.filters = {{0, 1, VERDICT(TRAP, 0), 0},
			    {1, 1, VERDICT(ALLOW_LOGGED, 0), 0},
			    {2, 1, VERDICT(KILL_THREAD, 0), 0}},
		.rules = {{0, 1, VERDICT(PRIVATE, 1), 0},
			  {1, 1, VERDICT(ERRNO, 38), 0},
			  {2, 2, VERDICT(ALLOW, 0), 0}},
		.conditions = {{5, POLICY_EQ, 7, 0},
			       {POLICY_CLONE3_FLAGS, POLICY_MASKED_EQ, 0, 0x7e020000},
			       {POLICY_OPENAT2_FLAGS, POLICY_NE, 1, 0},
			       {POLICY_OPENAT2_RESOLVE, POLICY_GE, 8, 0}},
		.names = "alpha\0beta",
	};
}

static int parse(struct base *blob, struct policy *policy, struct policy_fault *fault)
{
	blob->header.size = htole32(sizeof(*blob));
	blob->header.checksum = htole32(policy_checksum(blob, sizeof(*blob)));
	return policy_parse(blob, sizeof(*blob), policy, fault);
}

static void a_blob_with_everything_is_read(void **state)
{
	const __u64 none[6] = {0}, seven[6] = {0, 0, 0, 0, 0, 7};
	const __u64 open[POLICY_FIELDS_MAX] = {0, 0, 8}, shut[POLICY_FIELDS_MAX] = {1, 0, 8};
	const __u64 clone[POLICY_FIELDS_MAX] = {0x100}, user[POLICY_FIELDS_MAX] = {0x10000000};
	struct base blob = base_blob();
	struct policy_fault fault = {0};
	const struct policy_table *table;
	struct policy policy;

	(void)state;
	if (parse(&blob, &policy, &fault))
		fail_msg("offset %zu: %s", fault.offset, fault.reason);
	assert_int_equal(policy.excess, POLICY_EXCESS_KILL);
	assert_true(policy.capabilities == 3);
	assert_int_equal(policy.calls_count, 2);
	assert_string_equal(policy_call_name(&policy, 0), "alpha");
	assert_string_equal(policy_call_name(&policy, 1), "beta");
	table = &policy.tables[POLICY_TABLE_X86_64];
	assert_int_equal(policy_decide(table, 0, none), VERDICT(TRAP, 0));
	assert_int_equal(policy_decide(table, 0, seven), VERDICT(PRIVATE, 1));
	assert_int_equal(policy_decide(table, 1, none), VERDICT(PRIVATE, 0));
	assert_int_equal(policy_decide(table, 2, none), VERDICT(KILL_PROCESS, 0));
	assert_int_equal(policy_decide(table, 4, none), VERDICT(ALLOW, 0));
	assert_int_equal(policy_decide(table, 438, none), VERDICT(ERRNO, 1));
	assert_int_equal(policy_decide(table, POLICY_CLONE3, seven), VERDICT(ALLOW, 0));
	assert_int_equal(policy_decide_fields(table, POLICY_CLONE3, clone), VERDICT(ERRNO, 38));
	assert_int_equal(policy_decide_fields(table, POLICY_CLONE3, user),
			 VERDICT(ALLOW_LOGGED, 0));
	assert_int_equal(policy_decide_fields(table, POLICY_OPENAT2, open), VERDICT(ALLOW, 0));
	assert_int_equal(policy_decide_fields(table, POLICY_OPENAT2, shut),
			 VERDICT(KILL_THREAD, 0));
	assert_int_equal(policy_decide_fields(table, 0, seven), VERDICT(ALLOW, 0));
	assert_int_equal(policy_decide_fields(table, 9999, seven), VERDICT(ALLOW, 0));
}

/* One word of the blob is another; the reader's answer has this offset and this reason. */
static const struct {
	size_t at;
	__u32 word;
	size_t offset;
	const char *reason;
} words[] = {
	{AT(sections[0].kind), 8, AT(sections[0]), "unknown kind of section"},
	{AT(sections[2].kind), POLICY_CAPABILITIES, AT(sections[2]),
	 "kind of section stands twice"},
	{AT(capabilities.excess), 2, AT(capabilities.excess),
	 "unknown reaction to an excess of capabilities"},
	{AT(capabilities.reserved), 1, AT(capabilities.reserved),
	 "capability section's reserved field is not zero"},
	{AT(table.flags), 4, AT(table.flags), "unknown flag of a table"},
	{AT(table.flags), 0x80000001, AT(table.flags), "unknown flag of a table"},
	{AT(table.reserved), 1, AT(table.reserved), "table's reserved field is not zero"},
	{AT(table.otherwise), VERDICT(FILTER, 0), AT(table.otherwise),
	 "verdict names a filter where none may stand"},
	{AT(table.otherwise), VERDICT(FIELDS, 1), AT(table.otherwise),
	 "verdict names a filter where none may stand"},
	{AT(table.otherwise), VERDICT(PRIVATE, 2), AT(table.otherwise),
	 "verdict names a private call that is not there"},
	{AT(verdicts[4]), VERDICT(ACTIONS, 0), AT(verdicts[4]), "unknown verdict action"},
	{AT(verdicts[4]), 0xff000000, AT(verdicts[4]), "unknown verdict action"},
	{AT(verdicts[4]), VERDICT(ALLOW, 1), AT(verdicts[4]),
	 "verdict has a value that its action does not use"},
	{AT(verdicts[4]), VERDICT(KILL_THREAD, 1), AT(verdicts[4]),
	 "verdict has a value that its action does not use"},
	{AT(verdicts[4]), VERDICT(KILL_PROCESS, 9), AT(verdicts[4]),
	 "verdict has a value that its action does not use"},
	{AT(verdicts[4]), VERDICT(TRAP, 1), AT(verdicts[4]),
	 "verdict has a value that its action does not use"},
	{AT(verdicts[4]), VERDICT(ALLOW_LOGGED, 0xffffff), AT(verdicts[4]),
	 "verdict has a value that its action does not use"},
	{AT(verdicts[4]), VERDICT(ERRNO, 4096), AT(verdicts[4]),
	 "verdict's errno is larger than 4095"},
	{AT(verdicts[4]), VERDICT(PRIVATE, 2), AT(verdicts[4]),
	 "verdict names a private call that is not there"},
	{AT(verdicts[4]), VERDICT(PRIVATE, 255), AT(verdicts[4]),
	 "verdict names a private call that is not there"},
	{AT(verdicts[4]), VERDICT(PRIVATE, 256), AT(verdicts[4]),
	 "verdict names a private call beyond the 256th"},
	{AT(rules[1].verdict), VERDICT(PRIVATE, 0xffffff), AT(rules[1].verdict),
	 "verdict names a private call beyond the 256th"},
	{AT(rules[1].verdict), VERDICT(PRIVATE, 7), AT(rules[1].verdict),
	 "verdict names a private call that is not there"},
	{AT(verdicts[1]), VERDICT(ALLOW, 0), AT(names[0]), "private call is named by no verdict"},
	{AT(rules[0].verdict), VERDICT(ALLOW, 0), AT(names[6]),
	 "private call is named by no verdict"},
	{AT(verdicts[4]), VERDICT(FILTER, 0), AT(verdicts[4]), "filter is named by two verdicts"},
	{AT(verdicts[436]), VERDICT(FILTER, 1), AT(verdicts[436]),
	 "filter is named by two verdicts"},
	{AT(verdicts[POLICY_OPENAT2]), VERDICT(FIELDS, 1), AT(verdicts[POLICY_OPENAT2]),
	 "filter is named by two verdicts"},
	{AT(verdicts[4]), VERDICT(FILTER, 2), AT(verdicts[4]),
	 "filters are not in the order in which verdicts name them"},
	{AT(verdicts[4]), VERDICT(FILTER, 3), AT(verdicts[4]),
	 "verdict names a filter that is not there"},
	{AT(verdicts[4]), VERDICT(FILTER, 0xffffff), AT(verdicts[4]),
	 "verdict names a filter that is not there"},
	{AT(verdicts[POLICY_OPENAT2]), VERDICT(ALLOW, 0), AT(filters),
	 "a filter is named by no verdict"},
	{AT(verdicts[0]), VERDICT(FIELDS, 0), AT(verdicts[0]),
	 "verdict asks for fields that the call lacks"},
	{AT(verdicts[436]), VERDICT(FIELDS, 2), AT(verdicts[436]),
	 "verdict asks for fields that the call lacks"},
	{AT(conditions[0].argument), 6, AT(conditions[0]),
	 "condition asks about what the call does not have"},
	{AT(conditions[1].argument), POLICY_CLONE3_FIELDS, AT(conditions[1]),
	 "condition asks about what the call does not have"},
	{AT(conditions[3].argument), POLICY_OPENAT2_FIELDS, AT(conditions[3]),
	 "condition asks about what the call does not have"},
	{AT(conditions[3].argument), 0xffffffff, AT(conditions[3]),
	 "condition asks about what the call does not have"},
	{AT(conditions[3].operator_), 0, AT(conditions[3].operator_),
	 "unknown comparison operator"},
	{AT(conditions[3].operator_), 8, AT(conditions[3].operator_),
	 "unknown comparison operator"},
	{AT(conditions[2].mask), 1, AT(conditions[2].mask),
	 "condition has a mask that its operator does not use"},
	{AT(filters[0].otherwise), VERDICT(FIELDS, 0), AT(filters[0].otherwise),
	 "verdict names a filter where none may stand"},
	{AT(filters[1].first_rule), 0, AT(filters[1]), "filter or rule does not follow the last"},
	{AT(filters[2].rules), 2, AT(filters[2].rules),
	 "filter or rule has nothing or more than there is"},
	{AT(filters[2].rules), 0, AT(filters[2].rules),
	 "filter or rule has nothing or more than there is"},
	{AT(rules[2].conditions), 1, AT(conditions), "a rule or condition belongs to nothing"},
	{AT(rules[2].conditions), 0xffffffff, AT(rules[2].conditions),
	 "filter or rule has nothing or more than there is"},
	{AT(table.filters), 0xffffffff, AT(filters), "table is longer than its section"},
	{AT(table.conditions), 0x80000000, AT(conditions), "table is longer than its section"},
	{AT(table.conditions), 3, AT(conditions[3]), "table is shorter than its section"},
	{AT(table.verdicts), 1025, AT(table.verdicts), "table has more than 1024 verdicts"},
	{AT(sections[2].size), 0, AT(names), "section of private calls is empty"},
	{AT(sections[2].size), 10, AT(names[6]),
	 "private call's name is not 1 to 63 of a-z, 0-9, _ and a zero"},
	{AT(sections[2].size), 12, AT(names[11]),
	 "private call's name is not 1 to 63 of a-z, 0-9, _ and a zero"},
	{AT(sections[2].size), 17, AT(sections[2].size),
	 "section is longer than what is left of the blob"},
};

static void each_wrong_word_is_refused_where_it_stands(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROWS(words); i++) {
		struct base blob = base_blob();
		struct policy_fault fault = {0};
		struct policy policy;
		int ret;

		*(__le32 *)((char *)&blob + words[i].at) = htole32(words[i].word);
		ret = parse(&blob, &policy, &fault);
		if (ret != -EINVAL || fault.offset != words[i].offset ||
		    strcmp(fault.reason, words[i].reason))
			fail_msg("row %zu (word 0x%x at %zu): %d, offset %zu: %s; expected offset "
				 "%zu: %s",
				 i, words[i].word, words[i].at, ret, fault.offset, fault.reason,
				 words[i].offset, words[i].reason);
	}
}

#define NO_NAME "private call's name is not 1 to 63 of a-z, 0-9, _ and a zero"

static const struct {
	char names[16];
	__u32 size;
	size_t offset; /* in names */
	const char *reason;
} names[] = {
	{"alpha\0alpha", 12, 6, "private call's name stands twice"},
	{"a\0b\0a", 6, 4, "private call's name stands twice"},
	{"alpha\0\0beta", 12, 6, NO_NAME},
	{"\0alpha\0beta", 12, 0, NO_NAME},
	{"alpha\0Beta", 11, 6, NO_NAME},
	{"alpha\0be-ta", 12, 6, NO_NAME},
	{"alpha\0be ta", 12, 6, NO_NAME},
	{"alpha\0b\xc3\xa9ta", 12, 6, NO_NAME},
	{"alpha\0b\nta", 11, 6, NO_NAME},
	{"alphabetagammade", 16, 0, NO_NAME},
	{"alpha\0beta\0c", 13, 11, "private call is named by no verdict"},
	{"alpha\0beta\0\0x", 11, 12, "padding is not zero"},
	{"alphabeta", 10, AT(rules[0].verdict) - AT(names),
	 "verdict names a private call that is not there"},
};

static void each_wrong_name_is_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROWS(names); i++) {
		struct base blob = base_blob();
		struct policy_fault fault = {0};
		struct policy policy;

		memcpy(blob.names, names[i].names, sizeof(blob.names));
		blob.sections[2].size = htole32(names[i].size);
		assert_int_equal(parse(&blob, &policy, &fault), -EINVAL);
		assert_string_equal(fault.reason, names[i].reason);
		assert_int_equal(fault.offset - AT(names), names[i].offset);
	}
}

/* A blob whose section of names stands first and has `count` names of `length` bytes. */
static void *many_calls(unsigned int count, int length, size_t *size)
{
	const size_t bytes = (size_t)count * (length + 1), padded = (bytes + 7) & ~7ul;
	const size_t table = 24 + 2 * 16 + padded;
	struct policy_header *header;
	struct policy_section *section;
	struct policy_syscalls *calls;
	__le32 *verdicts;
	char *at;

	*size = table + sizeof(*calls) + (count + 1) / 2 * 8;
	header = calloc(1, *size);
	assert_non_null(header);
	memcpy(header->magic, POLICY_MAGIC, 8);
	header->version = htole32(POLICY_VERSION);
	header->size = htole32(*size);
	header->sections = htole32(2);
	section = (void *)(header + 1);
	section[0] = (struct policy_section){htole32(POLICY_CALLS), htole32(56), htole32(bytes), 0};
	section[1] = (struct policy_section){htole32(POLICY_SYSCALLS), htole32(table),
					     htole32(*size - table), 0};
	at = (char *)(section + 2);
	for (unsigned int i = 0; i < count; i++)
		at += sprintf(at, "%0*u", length, i) + 1;
	calls = (void *)((char *)header + table);
	calls->arch = htole32(POLICY_ARCH_I386);
	calls->verdicts = htole32(count);
	verdicts = (void *)(calls + 1);
	for (unsigned int i = 0; i < count; i++)
		verdicts[i] = htole32(VERDICT(PRIVATE, i));
	header->checksum = htole32(policy_checksum(header, *size));
	return header;
}

static void private_calls_are_at_most_256_of_63_bytes(void **state)
{
	static const struct {
		unsigned int count;
		int length;
		const char *reason;
	} rows[] = {
		{256, 63, NULL},
		{1, 63, NULL},
		{257, 63, "more than 256 private calls"},
		{1, 64, NO_NAME},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct policy_fault fault = {0};
		struct policy policy;
		size_t size;
		autofree void *blob = many_calls(rows[i].count, rows[i].length, &size);
		int ret = policy_parse(blob, size, &policy, &fault);

		if (!ret != !rows[i].reason)
			fail_msg("%u names of %d bytes: offset %zu: %s", rows[i].count,
				 rows[i].length, fault.offset, fault.reason);
		if (ret)
			assert_string_equal(fault.reason, rows[i].reason);
		else
			assert_int_equal(atoi(policy_call_name(&policy, rows[i].count - 1)),
					 rows[i].count - 1);
	}
}

static void private_verdicts_without_names_are_refused(void **state)
{
	struct base blob = base_blob();
	struct policy_fault fault = {0};
	struct policy policy;

	(void)state;
	/* The names become the policy's own name. */
	blob.sections[2].kind = htole32(POLICY_NAME);
	blob.sections[2].size = htole32(9);
	memcpy(blob.names, "alphabeta\0\0\0\0\0\0", 16);
	assert_int_equal(parse(&blob, &policy, &fault), -EINVAL);
	assert_string_equal(fault.reason, "verdict names a private call that is not there");
	assert_int_equal(fault.offset, AT(rules[0].verdict));
}

static void the_blob_as_a_whole_is_checked(void **state)
{
	autofree void *large = calloc(1, POLICY_SIZE_MAX + 8);
	struct base blob = base_blob();
	struct policy_fault fault = {0};
	struct policy policy;

	(void)state;
	assert_non_null(large);
	blob.header.version = htole32(POLICY_VERSION - 1);
	assert_int_equal(parse(&blob, &policy, &fault), -EINVAL);
	assert_string_equal(fault.reason, "blob is of another version than this reader");
	assert_int_equal(fault.offset, 8);
	memcpy(large, POLICY_MAGIC, 8);
	((struct policy_header *)large)->version = htole32(POLICY_VERSION);
	assert_int_equal(policy_parse(large, POLICY_SIZE_MAX + 8, &policy, &fault), -EINVAL);
	assert_string_equal(fault.reason, "blob is larger than 8 MiB");
	assert_int_equal(fault.offset, POLICY_SIZE_MAX);
	assert_int_equal(policy_parse((char *)large + 1, 64, &policy, &fault), -EINVAL);
	assert_string_equal(fault.reason, "blob is not aligned to 8 bytes in memory");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_blob_with_everything_is_read),
		cmocka_unit_test(each_wrong_word_is_refused_where_it_stands),
		cmocka_unit_test(each_wrong_name_is_refused),
		cmocka_unit_test(private_calls_are_at_most_256_of_63_bytes),
		cmocka_unit_test(private_verdicts_without_names_are_refused),
		cmocka_unit_test(the_blob_as_a_whole_is_checked),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
