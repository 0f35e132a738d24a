// SPDX-License-Identifier: GPL-2.0
#include <endian.h>
#include <string.h>

#include "builder/builder.h"
#include "builder/number.h"

#define LINE_WIDTH 100
#define INDENT	   4

static const char *const table_names[POLICY_TABLES] = {
	[POLICY_TABLE_X86_64] = "x86-64",
	[POLICY_TABLE_I386] = "i386",
};

/* Words separated by commas, broken into lines. */
struct list {
	FILE *stream;
	int column; /* 0: nothing written yet */
};

static void list_add(struct list *list, const char *word)
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

static void list_end(struct list *list)
{
	if (list->column)
		fputc('\n', list->stream);
}

static void verdict_words(char *buffer, size_t size, __u32 verdict)
{
	unsigned int number = POLICY_VERDICT_VALUE(verdict);
	const char *name = strerrorname_np(number);

	if (POLICY_VERDICT_ACTION(verdict) == POLICY_ALLOW)
		snprintf(buffer, size, "allowed");
	else if (!number)
		snprintf(buffer, size, "not made, returns 0");
	else if (name)
		snprintf(buffer, size, "%s", name);
	else
		snprintf(buffer, size, "errno %u", number);
}

static void call_words(char *buffer, size_t size, enum policy_table_index index,
		       unsigned int number)
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
	unsigned int allowed, refused, filtered;
};

static struct counts count_calls(const struct policy_table *table, enum policy_table_index index)
{
	struct counts counts = {0};

	for (unsigned int i = 0; i < le32toh(table->header->verdicts); i++) {
		if (!is_call(table, index, i))
			continue;
		switch (POLICY_VERDICT_ACTION(verdict_of(table, i))) {
		case POLICY_ALLOW:
			counts.allowed++;
			break;
		case POLICY_ERRNO:
			counts.refused++;
			break;
		case POLICY_FILTER:
			counts.filtered++;
			break;
		}
	}
	return counts;
}

/* The calls below the table's end that get exactly this verdict; returns how many. */
static unsigned int list_calls(FILE *stream, const struct policy_table *table,
			       enum policy_table_index index, __u32 verdict)
{
	struct list list = {.stream = stream};
	unsigned int count = 0;
	char word[64];

	for (unsigned int i = 0; i < le32toh(table->header->verdicts); i++) {
		if (verdict_of(table, i) != verdict || !is_call(table, index, i))
			continue;
		count++;
		if (!stream)
			continue;
		call_words(word, sizeof(word), index, i);
		list_add(&list, word);
	}
	if (stream)
		list_end(&list);
	return count;
}

static void print_refused(FILE *stream, const struct policy_table *table,
			  enum policy_table_index index)
{
	char words[64];

	for (unsigned int number = 0; number <= 4095; number++) {
		__u32 verdict = POLICY_VERDICT(POLICY_ERRNO, number);
		unsigned int count = list_calls(NULL, table, index, verdict);

		if (!count)
			continue;
		verdict_words(words, sizeof(words), verdict);
		fprintf(stream, "  %s (%u):\n", words, count);
		list_calls(stream, table, index, verdict);
	}
}

static void print_condition(FILE *stream, const struct policy_condition *condition)
{
	static const char *const relations[] = {
		[POLICY_NE] = "is not",	     [POLICY_LT] = "is less than",
		[POLICY_LE] = "is at most",  [POLICY_EQ] = "is",
		[POLICY_GE] = "is at least", [POLICY_GT] = "is greater than",
		[POLICY_MASKED_EQ] = "is",
	};
	const __u32 operator_ = le32toh(condition->operator_);

	fprintf(stream, "argument %u", le32toh(condition->argument));
	if (operator_ == POLICY_MASKED_EQ)
		fprintf(stream, " & 0x%llx", (unsigned long long)le64toh(condition->mask));
	fprintf(stream, " %s 0x%llx", relations[operator_],
		(unsigned long long)le64toh(condition->value));
}

static void print_filter(FILE *stream, const struct policy_table *table,
			 const struct policy_filter *filter)
{
	const struct policy_rule *rule = &table->rules[le32toh(filter->first_rule)];
	char words[64];

	for (__u32 i = 0; i < le32toh(filter->rules); i++, rule++) {
		const struct policy_condition *condition =
			&table->conditions[le32toh(rule->first_condition)];

		verdict_words(words, sizeof(words), le32toh(rule->verdict));
		fprintf(stream, "      %s where ", words);
		for (__u32 j = 0; j < le32toh(rule->conditions); j++) {
			fputs(j ? " and " : "", stream);
			print_condition(stream, &condition[j]);
		}
		fputc('\n', stream);
	}
	verdict_words(words, sizeof(words), le32toh(filter->otherwise));
	fprintf(stream, "      else %s\n", words);
}

static void print_filtered(FILE *stream, const struct policy_table *table,
			   enum policy_table_index index, unsigned int count)
{
	char word[64];

	fprintf(stream, "  by their arguments (%u):\n", count);
	for (unsigned int i = 0; i < le32toh(table->header->verdicts); i++) {
		__u32 verdict = verdict_of(table, i);

		if (POLICY_VERDICT_ACTION(verdict) != POLICY_FILTER)
			continue;
		call_words(word, sizeof(word), index, i);
		fprintf(stream, "    %s\n", word);
		print_filter(stream, table, &table->filters[POLICY_VERDICT_VALUE(verdict)]);
	}
}

static void print_table(FILE *stream, const struct policy_table *table,
			enum policy_table_index index)
{
	const char *name = table_names[index];
	struct counts counts;
	char words[64];

	if (!table->header) {
		fprintf(stream, "%s system calls: not restricted\n", name);
		return;
	}
	verdict_words(words, sizeof(words), le32toh(table->header->otherwise));
	if (!table->header->verdicts) {
		fprintf(stream, "%s system calls: %s%s\n", name,
			POLICY_VERDICT_ACTION(le32toh(table->header->otherwise)) == POLICY_ALLOW
				? "all "
				: "closed; every call: ",
			words);
		return;
	}
	counts = count_calls(table, index);
	fprintf(stream, "%s system calls: %u allowed, %u refused, %u decided by their arguments\n",
		name, counts.allowed, counts.refused, counts.filtered);
	fprintf(stream, "  any call from number %u on: %s\n", le32toh(table->header->verdicts),
		words);
	print_refused(stream, table, index);
	if (counts.filtered)
		print_filtered(stream, table, index, counts.filtered);
}

static void list_capabilities(FILE *stream, const char *title, __u64 capabilities)
{
	struct list list = {.stream = stream};
	unsigned int count = 0;
	char word[64];

	for (unsigned int i = 0; i < 64; i++)
		count += (capabilities >> i & 1) && capability_name(i);
	fprintf(stream, "  %s (%u):\n", title, count);
	for (unsigned int i = 0; i < 64; i++)
		if (capabilities >> i & 1 && capability_name(i)) {
			snprintf(word, sizeof(word), "%s", capability_name(i));
			list_add(&list, word);
		}
	list_end(&list);
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
}

void words_print(FILE *stream, const struct policy *policy)
{
	if (policy->name)
		fprintf(stream, "policy: %.*s\n", (int)policy->name_size, policy->name);
	else
		fprintf(stream, "policy: without a name\n");
	for (size_t i = 0; i < POLICY_TABLES; i++)
		print_table(stream, &policy->tables[i], i);
	print_capabilities(stream, policy);
	fprintf(stream, "kernel log: %s\n",
		policy->log == POLICY_LOG_DENY ? "denied" : "the host's");
}
