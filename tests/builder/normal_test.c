// SPDX-License-Identifier: GPL-2.0
/* Answers that are written the same are the same; what evidently means the same is written so. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <endian.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "builder/normal.h"
#include "lib/cleanup.h"
#include "tests/builder/agree.h"

#define ALL   UINT64_MAX
#define RULES 3

/* A policy whose call 0 is decided by one filter, in both tables. */
struct made {
	struct policy policy;
	struct policy_syscalls header;
	__le32 verdict;
	struct policy_filter filter;
	struct policy_rule rules[RULES];
	struct policy_condition conditions[2 * RULES];
	unsigned int count; /* of conditions */
};

static void begin(struct made *made, unsigned int action)
{
	*made = (struct made){.header = {.verdicts = htole32(1)},
			      .verdict = htole32(POLICY_VERDICT(action, 0)),
			      .filter = {.otherwise = htole32(POLICY_VERDICT(POLICY_ALLOW, 0))}};
	for (unsigned int i = 0; i < POLICY_TABLES; i++)
		made->policy.tables[i] = (struct policy_table){.header = &made->header,
							       .verdicts = &made->verdict,
							       .filters = &made->filter,
							       .rules = made->rules,
							       .conditions = made->conditions};
}

static void add_rule(struct made *made, unsigned int number)
{
	const unsigned int at = le32toh(made->filter.rules);

	made->rules[at] = (struct policy_rule){
		.first_condition = htole32(made->count),
		.verdict = htole32(POLICY_VERDICT(number ? POLICY_ERRNO : POLICY_ALLOW, number))};
	made->filter.rules = htole32(at + 1);
}

static void add(struct made *made, unsigned int argument, unsigned int operator_, __u64 value,
		__u64 mask)
{
	struct policy_rule *rule = &made->rules[le32toh(made->filter.rules) - 1];

	made->conditions[made->count++] = (struct policy_condition){
		.argument = htole32(argument),
		.operator_ = htole32(operator_),
		.value = htole64(value),
		.mask = htole64(operator_ == POLICY_MASKED_EQ ? mask : 0)};
	rule->conditions = htole32(le32toh(rule->conditions) + 1);
}

static char *answer(const struct made *made, enum policy_table_index index)
{
	char *text = normal_answer(&made->policy, index, le32toh(made->verdict));

	assert_non_null(text);
	return text;
}

static void one_condition_has_one_form(void **state)
{
	static const struct {
		unsigned int operator_;
		__u64 value, mask;
		unsigned int other;
		__u64 other_value, other_mask;
		bool on_i386, on_both;
	} rows[] = {
		{POLICY_MASKED_EQ, 3, ALL, POLICY_EQ, 3, 0, true, true},
		{POLICY_MASKED_EQ, 3, UINT32_MAX, POLICY_EQ, 3, 0, true, false},
		{POLICY_MASKED_EQ, 0, ALL << 4, POLICY_LT, 16, 0, true, true},
		{POLICY_MASKED_EQ, ALL << 63, ALL << 63, POLICY_GT, ALL >> 1, 0, true, true},
		{POLICY_LE, 7, 0, POLICY_LT, 8, 0, true, true},
		{POLICY_GE, 8, 0, POLICY_GT, 7, 0, true, true},
		{POLICY_GE, ALL, 0, POLICY_EQ, ALL, 0, true, true},
		{POLICY_NE, ALL, 0, POLICY_LT, ALL, 0, true, true},
		{POLICY_GE, UINT32_MAX, 0, POLICY_EQ, UINT32_MAX, 0, true, false},
		{POLICY_GT, 0, 0, POLICY_NE, 0, 0, true, true},
		{POLICY_EQ, 3, 0, POLICY_EQ, 4, 0, false, false},
		{POLICY_MASKED_EQ, 1, 5, POLICY_MASKED_EQ, 1, 3, false, false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		for (unsigned int table = 0; table < POLICY_TABLES; table++) {
			const bool wanted =
				table == POLICY_TABLE_I386 ? rows[i].on_i386 : rows[i].on_both;
			autofree char *first = NULL, *second = NULL;
			struct made a, b;

			begin(&a, POLICY_FILTER);
			add_rule(&a, 1);
			add(&a, 0, rows[i].operator_, rows[i].value, rows[i].mask);
			begin(&b, POLICY_FILTER);
			add_rule(&b, 1);
			add(&b, 0, rows[i].other, rows[i].other_value, rows[i].other_mask);
			first = answer(&a, table);
			second = answer(&b, table);
			if (!strcmp(first, second) != wanted)
				fail_msg("row %zu, table %u:\n%s\n%s", i, table, first, second);
		}
}

/* Fields are 64 bits wide in both tables, and refusing by them is another thing than at once. */
static void fields_are_no_arguments(void **state)
{
	autofree char *fields = NULL, *plain = NULL;
	struct made made;

	(void)state;
	begin(&made, POLICY_FIELDS);
	add_rule(&made, 1);
	add(&made, 0, POLICY_LE, UINT32_MAX, 0);
	fields = answer(&made, POLICY_TABLE_I386);
	made.verdict = htole32(POLICY_VERDICT(POLICY_FILTER, 0));
	plain = answer(&made, POLICY_TABLE_I386);
	assert_string_not_equal(fields, plain);
	assert_non_null(strstr(fields, "by fields"));
	assert_null(strchr(plain, '\n'));
}

static void make_random(struct made *made)
{
	static const __u64 values[] = {0,	   1,	      2,	   3,	    ALL >> 32,
				       0xfffffffe, ALL << 32, 0x100000000, ALL - 1, ALL};
	const unsigned int rules = 1 + next_random() % RULES;

	begin(made, POLICY_FILTER);
	for (unsigned int i = 0; i < rules; i++) {
		const unsigned int conditions = 1 + next_random() % 2;

		add_rule(made, next_random() % 3);
		for (unsigned int j = 0; j < conditions; j++)
			add(made, next_random() % 2, POLICY_NE + next_random() % 7,
			    values[next_random() % 10], values[next_random() % 10]);
	}
}

/* With arguments around each value; the i386 table's have 32 bits. */
static bool decided_alike(const struct made *a, const struct made *b, unsigned int table)
{
	static const __u64 values[] = {0,	    1,		 2,	     3,
				       4,	    0xfffffffd,	 0xfffffffe, 0xffffffff,
				       0x100000000, 0x100000001, ALL << 32,  (ALL << 32) + 1,
				       ALL - 2,	    ALL - 1,	 ALL};
	const __u64 most = table == POLICY_TABLE_I386 ? UINT32_MAX : ALL;
	const size_t count = sizeof(values) / sizeof(values[0]);

	for (size_t i = 0; i < count * count; i++) {
		const __u64 asked[6] = {values[i / count] & most, values[i % count] & most};

		if (policy_decide(&a->policy.tables[table], 0, asked) !=
		    policy_decide(&b->policy.tables[table], 0, asked))
			return false;
	}
	return true;
}

static void what_is_written_the_same_decides_the_same(void **state)
{
	unsigned int alike = 0;

	(void)state;
	for (unsigned int i = 0; i < 200000; i++) {
		const unsigned int table = i % POLICY_TABLES;
		autofree char *first = NULL, *second = NULL;
		struct made a, b;

		make_random(&a);
		make_random(&b);
		first = answer(&a, table);
		second = answer(&b, table);
		if (strcmp(first, second))
			continue;
		alike++;
		if (!decided_alike(&a, &b, table))
			fail_msg("both are written\n%s", first);
	}
	assert_true(alike > 1000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_condition_has_one_form),
		cmocka_unit_test(fields_are_no_arguments),
		cmocka_unit_test(what_is_written_the_same_decides_the_same),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
