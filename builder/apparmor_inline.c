// SPDX-License-Identifier: GPL-2.0
/* File rules that stand alone, in a source of another kind. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "builder/apparmor.h"
#include "builder/paths.h"
#include "lib/cleanup.h"

/* The rules as one text, in which each stands where it stands in its source. */
struct text {
	FILE *stream;
	char *bytes;
	size_t size;
	size_t line, column; /* of what is written next */
};

static void put(struct text *text, char byte)
{
	putc(byte, text->stream);
	text->column++;
	if (byte == '\n') {
		text->line++;
		text->column = 1;
	}
}

/* A comma in a comment would end nothing: it goes before what is wrong anyway. */
static void put_rule(struct text *text, const struct file_text *rule)
{
	size_t size = strlen(rule->text);

	while (text->line < rule->line)
		put(text, '\n');
	while (text->column < rule->column)
		put(text, ' ');
	for (size_t i = 0; i < size; i++)
		put(text, rule->text[i]);
	while (size && strchr(" \t\n", rule->text[size - 1]))
		size--;
	if (!size || rule->text[size - 1] != ',')
		put(text, ',');
}

static int write_text(const struct file_text *rules, size_t count, struct text *text,
		      struct error *err)
{
	text->line = text->column = 1;
	text->stream = open_memstream(&text->bytes, &text->size);
	if (!text->stream)
		return error_set(err, EXIT_ENVIRONMENT, "no memory for file rules");
	for (size_t i = 0; i < count; i++)
		put_rule(text, &rules[i]);
	if (!fclose(text->stream))
		return 0;
	return error_set(err, EXIT_ENVIRONMENT, "no memory for file rules");
}

static bool all_deny(const struct file_rules *rules)
{
	for (size_t i = 0; i < rules->count; i++)
		if (!rules->rules[i].deny)
			return false;
	return true;
}

static int apply(struct aa_reader *reader)
{
	struct profile *profile = reader->profile;

	if (all_deny(&reader->files)) {
		if (files_open(profile, reader->context->file, reader->err))
			return -1;
		for (size_t i = 0; i < reader->files.count; i++)
			if (file_rules_add(&profile->files, &reader->files.rules[i]))
				return aa_no_memory(reader);
		return 0;
	}
	profile->restricts_files = true;
	return files_take(profile, &reader->files) ? aa_no_memory(reader) : 0;
}

int profile_add_file_rules(struct profile *profile, const char *file, const struct file_text *rules,
			   size_t count, struct error *err)
{
	const struct apparmor_context context = {.file = file};
	struct aa_reader reader = {
		.context = &context, .profile = profile, .err = err, .files_alone = true};
	const struct aa_qualifiers none = {0};
	struct text text = {0};
	int ret = -1;

	if (write_text(rules, count, &text, err)) {
		free(text.bytes);
		return -1;
	}
	if (!aa_open_text(&reader, file, text.bytes, text.size) && !aa_read_rules(&reader, &none))
		ret = reader.token.kind == AA_END
			      ? apply(&reader)
			      : aa_refuse(&reader, &reader.token, "'}' ends nothing here");
	aa_end_reader(&reader);
	free(text.bytes);
	return ret;
}
