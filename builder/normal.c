// SPDX-License-Identifier: GPL-2.0
#include "builder/normal.h"

#include <endian.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "builder/words.h"
#include "lib/cleanup.h"

#define CONDITION_SIZE 64

enum truth { SOMETIMES, ALWAYS, NEVER };

/* A condition; after simplify() with NE, LE, EQ, GE or MASKED_EQ. */
struct test {
	unsigned int argument, operator_;
	uint64_t value, mask, max; /* max: what an argument can be at most */
};

static enum truth become(struct test *test, unsigned int operator_, uint64_t value)
{
	test->operator_ = operator_;
	test->value = value;
	test->mask = 0;
	return SOMETIMES;
}

static enum truth at_most(struct test *test, uint64_t value)
{
	if (value >= test->max)
		return ALWAYS;
	return value ? become(test, POLICY_LE, value) : become(test, POLICY_EQ, 0);
}

static enum truth at_least(struct test *test, uint64_t value)
{
	if (!value)
		return ALWAYS;
	if (value > test->max)
		return NEVER;
	return value < test->max ? become(test, POLICY_GE, value) : become(test, POLICY_EQ, value);
}

static enum truth is_not(struct test *test, uint64_t value)
{
	if (value > test->max)
		return ALWAYS;
	if (!value)
		return at_least(test, 1);
	return value < test->max ? become(test, POLICY_NE, value) : at_most(test, value - 1);
}

static enum truth masked(struct test *test, uint64_t value, uint64_t mask)
{
	const uint64_t low = test->max & ~mask;

	if (value & ~(mask & test->max))
		return NEVER;
	if (low == test->max)
		return ALWAYS;
	if (!low)
		return become(test, POLICY_EQ, value);
	/* All bits from one on. */
	if (!(low & (low + 1)) && !value)
		return at_most(test, low);
	if (!(low & (low + 1)) && value == (mask & test->max))
		return at_least(test, value);
	test->mask = mask & test->max;
	return SOMETIMES;
}

static enum truth simplify(struct test *test)
{
	const uint64_t value = test->value;

	switch (test->operator_) {
	case POLICY_LT:
		return value ? at_most(test, value - 1) : NEVER;
	case POLICY_LE:
		return at_most(test, value);
	case POLICY_GT:
		return value < test->max ? at_least(test, value + 1) : NEVER;
	case POLICY_GE:
		return at_least(test, value);
	case POLICY_EQ:
		return value > test->max ? NEVER : SOMETIMES;
	case POLICY_NE:
		return is_not(test, value);
	}
	return masked(test, value, test->mask);
}

static int by_bytes(const void *one, const void *other)
{
	return strcmp(one, other);
}

static int by_text(const void *one, const void *other)
{
	return strcmp(*(char *const *)one, *(char *const *)other);
}

/* A rule: its answer, and its conditions, sorted and each once; "": it always holds. */
struct normal_rule {
	__u32 verdict;
	char *text;
	bool never;
};

/* Sorts count texts of CONDITION_SIZE and writes each of them once. */
static char *join(char *texts, size_t count)
{
	char *joined = calloc(count + 1, CONDITION_SIZE);

	if (!joined)
		return NULL;
	qsort(texts, count, CONDITION_SIZE, by_bytes);
	for (size_t i = 0; i < count; i++)
		if (!i || strcmp(texts + i * CONDITION_SIZE, texts + (i - 1) * CONDITION_SIZE))
			strcat(joined, texts + i * CONDITION_SIZE);
	return joined;
}

static int read_rule(const struct policy_table *table, const struct policy_rule *rule, uint64_t max,
		     struct normal_rule *normal)
{
	const struct policy_condition *condition =
		&table->conditions[le32toh(rule->first_condition)];
	const size_t all = le32toh(rule->conditions);
	autofree char *texts = calloc(all + 1, CONDITION_SIZE);
	size_t count = 0;

	*normal = (struct normal_rule){.verdict = le32toh(rule->verdict)};
	for (size_t i = 0; texts && i < all; i++, condition++) {
		struct test test = {.argument = le32toh(condition->argument),
				    .operator_ = le32toh(condition->operator_),
				    .value = le64toh(condition->value),
				    .mask = le64toh(condition->mask),
				    .max = max};
		const enum truth truth = simplify(&test);

		normal->never |= truth == NEVER;
		if (truth == SOMETIMES)
			snprintf(texts + count++ * CONDITION_SIZE, CONDITION_SIZE,
				 " %u:%u:%llx:%llx", test.argument, test.operator_,
				 (unsigned long long)test.value, (unsigned long long)test.mask);
	}
	normal->text = texts ? join(texts, count) : NULL;
	return normal->text ? 0 : -1;
}

/* The rules that are ever asked; *otherwise is the last one's answer where that always holds. */
static size_t drop_unasked(struct normal_rule *rules, size_t count, __u32 *otherwise)
{
	size_t kept = 0;

	for (size_t i = 0; i < count; i++) {
		struct normal_rule rule = rules[i];

		rules[i].text = NULL;
		if (rule.never) {
			free(rule.text);
			continue;
		}
		if (!*rule.text) {
			*otherwise = rule.verdict;
			free(rule.text);
			for (size_t j = i + 1; j < count; j++) {
				free(rules[j].text);
				rules[j].text = NULL;
			}
			break;
		}
		rules[kept++] = rule;
	}
	while (kept && rules[kept - 1].verdict == *otherwise) {
		free(rules[--kept].text);
		rules[kept].text = NULL;
	}
	return kept;
}

/* Rules that stand together and answer alike, in any order; each once. */
static void write_run(FILE *stream, const struct policy *policy, const struct normal_rule *rules,
		      size_t count, char **texts)
{
	char words[128];

	for (size_t i = 0; i < count; i++)
		texts[i] = rules[i].text;
	qsort(texts, count, sizeof(*texts), by_text);
	words_verdict(words, sizeof(words), policy, rules->verdict);
	for (size_t i = 0; i < count; i++)
		if (!i || strcmp(texts[i], texts[i - 1]))
			fprintf(stream, "%s where%s\n", words, texts[i]);
}

static void write_rules(FILE *stream, const struct policy *policy, const struct normal_rule *rules,
			size_t count, char **texts)
{
	size_t run;

	for (; count; rules += run, count -= run) {
		for (run = 1; run < count && rules[run].verdict == rules->verdict; run++)
			;
		write_run(stream, policy, rules, run, texts);
	}
}

static int write_filter(FILE *stream, const struct policy *policy, enum policy_table_index index,
			__u32 verdict)
{
	const bool fields = POLICY_VERDICT_ACTION(verdict) == POLICY_FIELDS;
	const uint64_t max = index == POLICY_TABLE_I386 && !fields ? UINT32_MAX : UINT64_MAX;
	const struct policy_table *table = &policy->tables[index];
	const struct policy_filter *filter = &table->filters[POLICY_VERDICT_VALUE(verdict)];
	const size_t all = le32toh(filter->rules);
	struct normal_rule *rules = calloc(all + 1, sizeof(*rules));
	autofree char **texts = calloc(all + 1, sizeof(*texts));
	__u32 otherwise = le32toh(filter->otherwise);
	size_t count = 0, kept = 0;
	char words[128];
	int ret = rules && texts ? 0 : -1;

	for (; !ret && count < all; count++)
		ret = read_rule(table, &table->rules[le32toh(filter->first_rule) + count], max,
				&rules[count]);
	if (!ret) {
		kept = drop_unasked(rules, count, &otherwise);
		if (fields && (kept || POLICY_VERDICT_ACTION(otherwise) != POLICY_ALLOW))
			fputs("by fields:\n", stream);
		write_rules(stream, policy, rules, kept, texts);
		words_verdict(words, sizeof(words), policy, otherwise);
		fputs(words, stream);
	}
	for (size_t i = 0; rules && i < all; i++)
		free(rules[i].text);
	free(rules);
	return ret;
}

char *normal_answer(const struct policy *policy, enum policy_table_index index, __u32 verdict)
{
	const unsigned int action = POLICY_VERDICT_ACTION(verdict);
	char *text = NULL, words[128];
	size_t size;
	FILE *stream;
	int ret = 0;

	if (action != POLICY_FILTER && action != POLICY_FIELDS) {
		words_verdict(words, sizeof(words), policy, verdict);
		return strdup(words);
	}
	stream = open_memstream(&text, &size);
	if (!stream)
		return NULL;
	ret = write_filter(stream, policy, index, verdict);
	if (!fclose(stream) && !ret)
		return text;
	free(text);
	return NULL;
}
