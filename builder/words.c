// SPDX-License-Identifier: GPL-2.0
#include <endian.h>
#include <string.h>

#include "builder/builder.h"
#include "builder/number.h"
#include "builder/words.h"

#define LINE_WIDTH 100
#define INDENT	   4

static const char *const table_names[POLICY_TABLES] = {
	[POLICY_TABLE_X86_64] = "x86-64",
	[POLICY_TABLE_I386] = "i386",
};

void words_list_add(struct words_list *list, const char *word)
{
	int size = strlen(word);

	if (!list->column || list->column + 2 + size > LINE_WIDTH) {
		fprintf(list->stream, "%s%*s%s", list->column ? ",\n" : "", INDENT, "", word);
		list->column = INDENT + size;
	} else {
		fprintf(list->stream, ", %s", word);
		list->column += 2 + size;
	}
}

void words_list_end(struct words_list *list)
{
	if (list->column)
		fputc('\n', list->stream);
}

void words_verdict(char *buffer, size_t size, const struct policy *policy, __u32 verdict)
{
	static const char *const words[POLICY_ACTIONS] = {
		[POLICY_ALLOW] = "allowed",
		[POLICY_KILL_THREAD] = "kills the thread",
		[POLICY_KILL_PROCESS] = "kills the process",
		[POLICY_TRAP] = "not made, SIGSYS",
		[POLICY_ALLOW_LOGGED] = "allowed and logged",
	};
	const unsigned int action = POLICY_VERDICT_ACTION(verdict);
	const unsigned int value = POLICY_VERDICT_VALUE(verdict);
	const char *name = strerrorname_np(value);

	if (action == POLICY_PRIVATE)
		snprintf(buffer, size, "private call %s", policy_call_name(policy, value));
	else if (action != POLICY_ERRNO)
		snprintf(buffer, size, "%s", words[action]);
	else if (!value)
		snprintf(buffer, size, "not made, returns 0");
	else if (name)
		snprintf(buffer, size, "%s", name);
	else
		snprintf(buffer, size, "errno %u", value);
}

void words_call(char *buffer, size_t size, enum policy_table_index index, unsigned int number)
{
	const char *name = number_name(index, number);

	if (name)
		snprintf(buffer, size, "%s", name);
	else
		snprintf(buffer, size, "call %u", number);
}

static __u32 verdict_of(const struct policy_table *table, unsigned int number)
{
	return le32toh(table->verdicts[number]);
}

/* Numbers that nobody has named and the profile does not speak of are no calls. */
static bool is_call(const struct policy_table *table, enum policy_table_index index,
		    unsigned int number)
{
	return verdict_of(table, number) != le32toh(table->header->otherwise) ||
	       number_name(index, number);
}

struct counts {
	unsigned int allowed, refused, private, filtered, by_fields;
};

static void count_call(struct counts *counts, __u32 verdict)
{
	switch (POLICY_VERDICT_ACTION(verdict)) {
	case POLICY_ALLOW:
	case POLICY_ALLOW_LOGGED:
		counts->allowed++;
		return;
	case POLICY_PRIVATE:
		counts->private ++;
		return;
	case POLICY_FILTER:
		counts->filtered++;
		return;
	case POLICY_FIELDS:
		counts->by_fields++;
		return;
	}
	counts->refused++;
}

static struct counts count_calls(const struct policy_table *table, enum policy_table_index index)
{
	struct counts counts = {0};

	for (unsigned int i = 0; i < le32toh(table->header->verdicts); i++)
		if (is_call(table, index, i))
			count_call(&counts, verdict_of(table, i));
	return counts;
}

/* The calls below the table's end that get exactly this verdict; returns how many. */
static unsigned int list_calls(FILE *stream, const struct policy_table *table,
			       enum policy_table_index index, __u32 verdict)
{
	struct words_list list = {.stream = stream};
	unsigned int count = 0;
	char word[64];

	for (unsigned int i = 0; i < le32toh(table->header->verdicts); i++) {
		if (verdict_of(table, i) != verdict || !is_call(table, index, i))
			continue;
		count++;
		if (!stream)
			continue;
		words_call(word, sizeof(word), index, i);
		words_list_add(&list, word);
	}
	if (stream)
		words_list_end(&list);
	return count;
}

static void print_group(FILE *stream, const struct policy *policy, enum policy_table_index index,
			__u32 verdict)
{
	const struct policy_table *table = &policy->tables[index];
	const unsigned int count = list_calls(NULL, table, index, verdict);
	char words[128];

	if (!count)
		return;
	words_verdict(words, sizeof(words), policy, verdict);
	fprintf(stream, "  %s (%u):\n", words, count);
	list_calls(stream, table, index, verdict);
}

/* All that is neither allowed nor decided by conditions. */
static void print_groups(FILE *stream, const struct policy *policy, enum policy_table_index index)
{
	static const enum policy_action actions[] = {POLICY_KILL_PROCESS, POLICY_KILL_THREAD,
						     POLICY_TRAP, POLICY_ALLOW_LOGGED};

	for (size_t i = 0; i < sizeof(actions) / sizeof(actions[0]); i++)
		print_group(stream, policy, index, POLICY_VERDICT(actions[i], 0));
	for (unsigned int i = 0; i < policy->calls_count; i++)
		print_group(stream, policy, index, POLICY_VERDICT(POLICY_PRIVATE, i));
	for (unsigned int number = 0; number <= 4095; number++)
		print_group(stream, policy, index, POLICY_VERDICT(POLICY_ERRNO, number));
}

static void print_condition(FILE *stream, const struct policy_condition *condition,
			    enum policy_action action)
{
	static const char *const relations[] = {
		[POLICY_NE] = "is not",	     [POLICY_LT] = "is less than",
		[POLICY_LE] = "is at most",  [POLICY_EQ] = "is",
		[POLICY_GE] = "is at least", [POLICY_GT] = "is greater than",
		[POLICY_MASKED_EQ] = "is",
	};
	const __u32 operator_ = le32toh(condition->operator_);
	const __u32 argument = le32toh(condition->argument);

	if (action == POLICY_FIELDS)
		fputs(number_field_name(argument), stream);
	else
		fprintf(stream, "argument %u", argument);
	if (operator_ == POLICY_MASKED_EQ)
		fprintf(stream, " & 0x%llx", (unsigned long long)le64toh(condition->mask));
	fprintf(stream, " %s 0x%llx", relations[operator_],
		(unsigned long long)le64toh(condition->value));
}

void words_filter(FILE *stream, const struct policy *policy, const struct policy_table *table,
		  __u32 verdict)
{
	const struct policy_filter *filter = &table->filters[POLICY_VERDICT_VALUE(verdict)];
	const struct policy_rule *rule = &table->rules[le32toh(filter->first_rule)];
	char words[128];

	for (__u32 i = 0; i < le32toh(filter->rules); i++, rule++) {
		const struct policy_condition *condition =
			&table->conditions[le32toh(rule->first_condition)];

		words_verdict(words, sizeof(words), policy, le32toh(rule->verdict));
		fprintf(stream, "      %s where ", words);
		for (__u32 j = 0; j < le32toh(rule->conditions); j++) {
			fputs(j ? " and " : "", stream);
			print_condition(stream, &condition[j], POLICY_VERDICT_ACTION(verdict));
		}
		fputc('\n', stream);
	}
	words_verdict(words, sizeof(words), policy, le32toh(filter->otherwise));
	fprintf(stream, "      else %s\n", words);
}

static void print_filters(FILE *stream, const struct policy *policy, enum policy_table_index index,
			  enum policy_action action)
{
	const struct policy_table *table = &policy->tables[index];
	char word[64];

	for (unsigned int i = 0; i < le32toh(table->header->verdicts); i++) {
		const __u32 verdict = verdict_of(table, i);

		if (POLICY_VERDICT_ACTION(verdict) != action)
			continue;
		words_call(word, sizeof(word), index, i);
		fprintf(stream, "    %s\n", word);
		words_filter(stream, policy, table, verdict);
	}
}

static void print_counts(FILE *stream, const struct counts *counts)
{
	fprintf(stream, "%u allowed, %u refused, %u decided by their arguments", counts->allowed,
		counts->refused, counts->filtered);
	if (counts->by_fields)
		fprintf(stream, ", %u by what their pointer leads to", counts->by_fields);
	if (counts->private)
		fprintf(stream, ", %u private", counts->private);
	fputc('\n', stream);
}

/* A table that treats all calls alike. */
static void print_uniform(FILE *stream, const char *words, unsigned int action)
{
	switch (action) {
	case POLICY_ALLOW:
		fprintf(stream, "all %s\n", words);
		return;
	case POLICY_ALLOW_LOGGED:
	case POLICY_PRIVATE:
		fprintf(stream, "every call: %s\n", words);
		return;
	}
	fprintf(stream, "closed; every call: %s\n", words);
}

static void print_table(FILE *stream, const struct policy *policy, enum policy_table_index index)
{
	const struct policy_table *table = &policy->tables[index];
	struct counts counts;
	char words[128];
	__u32 otherwise;

	fprintf(stream, "%s system calls: ", table_names[index]);
	if (!table->header) {
		fputs("not restricted\n", stream);
		return;
	}
	otherwise = le32toh(table->header->otherwise);
	words_verdict(words, sizeof(words), policy, otherwise);
	counts = count_calls(table, index);
	if (!table->header->verdicts)
		print_uniform(stream, words, POLICY_VERDICT_ACTION(otherwise));
	else
		print_counts(stream, &counts);
	if (le32toh(table->header->flags) & POLICY_SYSCALLS_LOG)
		fputs("  each call that is not simply allowed is logged\n", stream);
	if (le32toh(table->header->flags) & POLICY_SYSCALLS_PARTIAL)
		fputs("  a container's own seccomp profile stays in force beside these\n", stream);
	if (!table->header->verdicts)
		return;
	fprintf(stream, "  any call from number %u on: %s\n", le32toh(table->header->verdicts),
		words);
	print_groups(stream, policy, index);
	if (counts.filtered)
		fprintf(stream, "  by their arguments (%u):\n", counts.filtered);
	print_filters(stream, policy, index, POLICY_FILTER);
	if (counts.by_fields)
		fprintf(stream,
			"  by what their pointer leads to, as the kernel has copied it; seccomp "
			"cannot see it (%u):\n",
			counts.by_fields);
	print_filters(stream, policy, index, POLICY_FIELDS);
}

static void list_capabilities(FILE *stream, const char *title, __u64 capabilities)
{
	struct words_list list = {.stream = stream};
	unsigned int count = 0;
	char word[64];

	for (unsigned int i = 0; i < 64; i++)
		count += (capabilities >> i & 1) && capability_name(i);
	fprintf(stream, "  %s (%u):\n", title, count);
	for (unsigned int i = 0; i < 64; i++)
		if (capabilities >> i & 1 && capability_name(i)) {
			snprintf(word, sizeof(word), "%s", capability_name(i));
			words_list_add(&list, word);
		}
	words_list_end(&list);
}

static void print_capabilities(FILE *stream, const struct policy *policy)
{
	if (!policy->restricts_capabilities) {
		fprintf(stream, "capabilities: not restricted\n");
		return;
	}
	fprintf(stream, "capabilities:\n");
	list_capabilities(stream, "allowed", policy->capabilities);
	list_capabilities(stream, "removed", ~policy->capabilities);
	fprintf(stream, "  a program that holds a removed one is reported%s\n",
		policy->excess == POLICY_EXCESS_KILL ? " and killed" : "");
}

void words_log(FILE *stream, const struct policy *policy)
{
	if (policy->log == POLICY_LOG_PRIVATE)
		fprintf(stream, "its own, %u KiB\n", policy->log_size / 1024);
	else
		fprintf(stream, "%s\n", policy->log == POLICY_LOG_DENY ? "denied" : "the host's");
}

void words_print(FILE *stream, const struct policy *policy)
{
	if (policy->name)
		fprintf(stream, "policy: %.*s\n", (int)policy->name_size, policy->name);
	else
		fprintf(stream, "policy: without a name\n");
	for (size_t i = 0; i < POLICY_TABLES; i++)
		print_table(stream, policy, i);
	print_capabilities(stream, policy);
	words_files(stream, policy);
	fputs("kernel log: ", stream);
	words_log(stream, policy);
}
