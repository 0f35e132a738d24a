// SPDX-License-Identifier: GPL-2.0
#include "builder/difference.h"

#include <endian.h>
#include <stdlib.h>
#include <string.h>

#include "builder/normal.h"
#include "builder/number.h"
#include "builder/words.h"
#include "lib/cleanup.h"

static const char *const table_names[POLICY_TABLES] = {
	[POLICY_TABLE_X86_64] = "x86-64",
	[POLICY_TABLE_I386] = "i386",
};

/* What both answer to one call, in words; several lines where it depends on arguments. */
struct answer {
	unsigned int number;
	char *before, *after;
	bool said;
};

struct comparison_of_tables {
	FILE *stream;
	enum policy_table_index index;
	const struct policy *before, *after;
	struct answer *answers; /* to the calls whose answers differ */
	size_t count;
};

static __u32 verdict_of(const struct policy_table *table, unsigned int number)
{
	if (!table->header)
		return POLICY_VERDICT(POLICY_ALLOW, 0);
	return le32toh(number < le32toh(table->header->verdicts) ? table->verdicts[number]
								 : table->header->otherwise);
}

static char *no_memory(struct error *err)
{
	error_set(err, EXIT_ENVIRONMENT, "no memory for a difference");
	return NULL;
}

/* NULL: no memory. */
static char *answer_words(const struct policy *policy, enum policy_table_index index,
			  unsigned int number, struct error *err)
{
	const struct policy_table *table = &policy->tables[index];
	const __u32 verdict = verdict_of(table, number);
	const unsigned int action = POLICY_VERDICT_ACTION(verdict);
	char *text = NULL, words[128];
	size_t size;
	FILE *stream;

	if (action != POLICY_FILTER && action != POLICY_FIELDS) {
		words_verdict(words, sizeof(words), policy, verdict);
		text = strdup(words);
		return text ? text : no_memory(err);
	}
	stream = open_memstream(&text, &size);
	if (!stream)
		return no_memory(err);
	if (action == POLICY_FIELDS)
		fputs("      by what its pointer leads to:\n", stream);
	words_filter(stream, policy, table, verdict);
	if (!fclose(stream))
		return text;
	free(text);
	return no_memory(err);
}

/* 1: both mean the same, though not in the same words; 0; -1 with err set. */
static int means_same(const struct comparison_of_tables *tables, unsigned int number,
		      struct error *err)
{
	const enum policy_table_index index = tables->index;
	autofree char *before = normal_answer(tables->before, index,
					      verdict_of(&tables->before->tables[index], number));
	autofree char *after = normal_answer(tables->after, index,
					     verdict_of(&tables->after->tables[index], number));

	if (before && after)
		return !strcmp(before, after);
	no_memory(err);
	return -1;
}

static void free_answers(struct comparison_of_tables *tables)
{
	for (size_t i = 0; i < tables->count; i++) {
		free(tables->answers[i].before);
		free(tables->answers[i].after);
	}
	free(tables->answers);
}

/* Numbers without a name count where one of the two says something of its own of them. */
static bool is_call(const struct comparison_of_tables *tables, unsigned int number)
{
	const struct policy_table *before = &tables->before->tables[tables->index];
	const struct policy_table *after = &tables->after->tables[tables->index];

	return number_name(tables->index, number) ||
	       verdict_of(before, number) != verdict_of(before, POLICY_SYSCALL_MAX) ||
	       verdict_of(after, number) != verdict_of(after, POLICY_SYSCALL_MAX);
}

/* POLICY_SYSCALL_MAX stands for all calls that have no number here. */
static int find_answers(struct comparison_of_tables *tables, struct error *err)
{
	tables->answers = calloc(POLICY_SYSCALL_MAX + 1, sizeof(*tables->answers));
	if (!tables->answers)
		return no_memory(err) ? 0 : -1;
	for (unsigned int i = 0; i <= POLICY_SYSCALL_MAX; i++) {
		struct answer *answer = &tables->answers[tables->count];
		int same;

		if (i < POLICY_SYSCALL_MAX && !is_call(tables, i))
			continue;
		answer->number = i;
		answer->before = answer_words(tables->before, tables->index, i, err);
		answer->after = answer_words(tables->after, tables->index, i, err);
		tables->count++;
		if (!answer->before || !answer->after)
			return -1;
		same = !strcmp(answer->before, answer->after) ? 1 : means_same(tables, i, err);
		if (same < 0)
			return -1;
		if (!same)
			continue;
		tables->count--;
		free(answer->before);
		free(answer->after);
		*answer = (struct answer){0};
	}
	return 0;
}

static bool is_plain(const struct answer *answer)
{
	return !strchr(answer->before, '\n') && !strchr(answer->after, '\n');
}

static bool same(const struct answer *a, const struct answer *b)
{
	return !strcmp(a->before, b->before) && !strcmp(a->after, b->after);
}

static void call_name(char *buffer, size_t size, enum policy_table_index index, unsigned int number)
{
	if (number == POLICY_SYSCALL_MAX)
		snprintf(buffer, size, "all other numbers");
	else
		words_call(buffer, size, index, number);
}

/* All calls whose answers change as the first one's does. */
static void print_group(const struct comparison_of_tables *tables, struct answer *first)
{
	struct words_list list = {.stream = tables->stream};
	char name[64];

	fprintf(tables->stream, "  %s -> %s:\n", first->before, first->after);
	for (struct answer *answer = first; answer < tables->answers + tables->count; answer++) {
		if (!is_plain(answer) || !same(answer, first))
			continue;
		call_name(name, sizeof(name), tables->index, answer->number);
		words_list_add(&list, name);
		answer->said = true;
	}
	words_list_end(&list);
}

static void print_side(FILE *stream, const char *mark, const char *text)
{
	if (strchr(text, '\n'))
		fprintf(stream, "    %s\n%s", mark, text);
	else
		fprintf(stream, "    %s %s\n", mark, text);
}

static void print_answers(const struct comparison_of_tables *tables)
{
	const char *before = tables->before->tables[tables->index].header ? "" : "not restricted";
	const char *after = tables->after->tables[tables->index].header ? "" : "not restricted";
	char name[64];

	fprintf(tables->stream, "%s system calls (%zu)%s%s%s:\n", table_names[tables->index],
		tables->count, *before ? ", before " : "", before,
		*after ? ", after not restricted" : "");
	for (size_t i = 0; i < tables->count; i++)
		if (is_plain(&tables->answers[i]) && !tables->answers[i].said)
			print_group(tables, &tables->answers[i]);
	for (size_t i = 0; i < tables->count; i++) {
		const struct answer *answer = &tables->answers[i];

		if (is_plain(answer))
			continue;
		call_name(name, sizeof(name), tables->index, answer->number);
		fprintf(tables->stream, "  %s\n", name);
		print_side(tables->stream, "before:", answer->before);
		print_side(tables->stream, "after:", answer->after);
	}
}

static unsigned int flags_of(const struct policy *policy, enum policy_table_index index)
{
	const struct policy_syscalls *header = policy->tables[index].header;

	return header ? le32toh(header->flags) : 0;
}

static int say_flag(FILE *stream, const char *what, unsigned int flag, unsigned int before,
		    unsigned int after)
{
	if (!((before ^ after) & flag))
		return 0;
	fprintf(stream, "  %s: %s -> %s\n", what, before & flag ? "yes" : "no",
		after & flag ? "yes" : "no");
	return 1;
}

static int compare_tables(FILE *stream, enum policy_table_index index, const struct policy *before,
			  const struct policy *after, struct error *err)
{
	struct comparison_of_tables tables = {
		.stream = stream, .index = index, .before = before, .after = after};
	const unsigned int flags = flags_of(before, index), flags_after = flags_of(after, index);
	int ret = find_answers(&tables, err);

	if (!ret && tables.count)
		print_answers(&tables);
	if (!ret)
		ret = tables.count > 0;
	free_answers(&tables);
	if (ret >= 0 && flags != flags_after) {
		if (!ret)
			fprintf(stream, "%s system calls:\n", table_names[index]);
		ret = 1;
		say_flag(stream, "each call that is not simply allowed is logged",
			 POLICY_SYSCALLS_LOG, flags, flags_after);
		say_flag(stream, "a container's own seccomp profile stays in force beside these",
			 POLICY_SYSCALLS_PARTIAL, flags, flags_after);
	}
	return ret;
}

static int list_capabilities(FILE *stream, const char *title, __u64 capabilities)
{
	struct words_list list = {.stream = stream};
	int found = 0;

	for (unsigned int i = 0; i < 64; i++) {
		if (!(capabilities >> i & 1) || !capability_name(i))
			continue;
		if (!found++)
			fprintf(stream, "capabilities, %s:\n", title);
		words_list_add(&list, capability_name(i));
	}
	words_list_end(&list);
	return found > 0;
}

static int compare_capabilities(FILE *stream, const struct policy *before,
				const struct policy *after)
{
	static const char *const reactions[] = {
		[POLICY_EXCESS_REPORT] = "reported", [POLICY_EXCESS_KILL] = "reported and killed"};
	int differ = list_capabilities(stream, "no longer allowed",
				       before->capabilities & ~after->capabilities);

	differ |= list_capabilities(stream, "allowed now",
				    after->capabilities & ~before->capabilities);
	if (before->excess == after->excess)
		return differ;
	fprintf(stream, "a program that holds a removed capability: %s -> %s\n",
		reactions[before->excess], reactions[after->excess]);
	return 1;
}

static bool same_access(const struct policy *before, const struct policy *after)
{
	return before->restricts_access == after->restricts_access &&
	       before->access == after->access &&
	       !memcmp(before->socket_types, after->socket_types, sizeof(before->socket_types));
}

static int compare_access(FILE *stream, const struct policy *before, const struct policy *after)
{
	if (same_access(before, after))
		return 0;
	fputs("before:\n", stream);
	words_access(stream, before);
	fputs("after:\n", stream);
	words_access(stream, after);
	return 1;
}

static int compare_logs(FILE *stream, const struct policy *before, const struct policy *after)
{
	if (before->log == after->log && before->log_size == after->log_size)
		return 0;
	fputs("kernel log, before: ", stream);
	words_log(stream, before);
	fputs("kernel log, after: ", stream);
	words_log(stream, after);
	return 1;
}

int words_difference(FILE *stream, const struct policy *before, const struct policy *after,
		     struct error *err)
{
	int differ = 0, ret;

	for (size_t i = 0; i < POLICY_TABLES; i++) {
		ret = compare_tables(stream, i, before, after, err);
		if (ret < 0)
			return -1;
		differ |= ret;
	}
	differ |= compare_capabilities(stream, before, after);
	differ |= difference_files(stream, before, after);
	differ |= compare_access(stream, before, after);
	return differ | compare_logs(stream, before, after);
}
