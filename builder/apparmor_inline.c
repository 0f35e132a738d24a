// SPDX-License-Identifier: GPL-2.0
/* File rules that stand alone, in a source of another kind. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "builder/apparmor.h"
#include "builder/paths.h"
#include "lib/cleanup.h"

/* A copy of the rule, with a comma behind it, which may lack. */
static char *with_comma(const char *rule)
{
	size_t size = strlen(rule);
	char *text;

	while (size && strchr(" \t\n", rule[size - 1]))
		size--;
	if (asprintf(&text, "%s%s", rule, size && rule[size - 1] == ',' ? "" : ",") < 0)
		return NULL;
	return text;
}

/* By itself: what one leaves open, or comments out, is nothing to the next. */
static int read_rule(struct aa_reader *reader, const char *file, const struct file_text *rule,
		     char **text)
{
	const struct aa_qualifiers none = {0};

	*text = with_comma(rule->text);
	if (!*text)
		return aa_no_memory(reader);
	if (aa_open_piece(reader, file, *text, strlen(*text), rule->line, rule->column) ||
	    aa_read_rules(reader, &none))
		return -1;
	if (reader->token.kind != AA_END)
		return aa_refuse(reader, &reader->token, "'}' ends nothing here");
	aa_close(reader);
	return 0;
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
	/* Tokens lead into them. */
	autofree char **texts = calloc(count + 1, sizeof(*texts));
	int ret = texts ? 0 : aa_no_memory(&reader);

	for (size_t i = 0; !ret && i < count; i++)
		ret = read_rule(&reader, file, &rules[i], &texts[i]);
	if (!ret)
		ret = apply(&reader);
	aa_end_reader(&reader);
	for (size_t i = 0; texts && i < count; i++)
		free(texts[i]);
	return ret;
}
