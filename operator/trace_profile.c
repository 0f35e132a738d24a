// SPDX-License-Identifier: GPL-2.0
#include "operator/trace_profile.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "builder/builder.h"
#include "builder/source.h"
#include "operator/trace_calls.h"
#include "operator/trace_paths.h"
#include "operator/trace_text.h"

int trace_name_check(const char *name, struct error *err)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				      "0123456789._-";
	const size_t size = strlen(name);

	if (size && size <= TRACE_NAME_MAX && *name != '.' && strspn(name, letters) == size)
		return 0;
	return error_set(err, EXIT_USAGE,
			 "the name \"%.100s\" is none for a profile: 1 to %d letters, digits, "
			 "'.', '_' and '-'",
			 name, TRACE_NAME_MAX);
}

uint64_t trace_capabilities(const struct recording *recording)
{
	uint64_t capabilities = 0;

	for (size_t i = 0; i < recording->facts_count; i++)
		if (recording->facts[i].kind == TRACE_CAPABILITY && recording->facts[i].first < 64)
			capabilities |= UINT64_C(1) << recording->facts[i].first;
	return capabilities;
}

static void put_capabilities(FILE *stream, uint64_t capabilities)
{
	const char *separator = "";

	fputs("capabilities: [", stream);
	for (unsigned int i = 0; i < 64; i++) {
		const char *name = capabilities >> i & 1 ? capability_name(i) : NULL;

		if (!name)
			continue;
		fprintf(stream, "%s%s", separator, name);
		separator = ", ";
	}
	fputs("]\n", stream);
}

char *trace_yaml(const struct recording *recording, const char *name, struct error *err)
{
	struct text text;

	if (text_open(&text, err))
		return NULL;
	fprintf(text.stream,
		"# Made by vkernel trace of %u run%s.\n"
		"schema: 1\n"
		"name: \"%s\"\n"
		"seccomp: \"%s.seccomp.json\"\n"
		"apparmor: \"%s.apparmor\"\n",
		recording->runs, recording->runs == 1 ? "" : "s", name, name, name);
	put_capabilities(text.stream, trace_capabilities(recording));
	return text_close(&text, err) ? NULL : text.bytes;
}

int trace_compile(const char *file, void **blob, size_t *size, struct error *err)
{
	struct sources_context context = {.capabilities = CAPABILITIES_ALL};
	struct profile *profile = profile_new();
	struct sources sources = {0};
	struct sources_said said = {0};
	int ret = -1;

	if (!profile)
		return error_set(err, EXIT_ENVIRONMENT, "no memory for a profile");
	if (!sources_read(&sources, file, err) &&
	    sources_capabilities(&sources, &context.capabilities)) {
		profile_set_capabilities(profile, context.capabilities);
		if (!sources_add(&sources, &context, profile, &said, err))
			ret = profile_emit(profile, blob, size, err);
	}
	if (ret)
		error_context(err, "what was recorded makes no policy");
	sources_free(&sources);
	profile_free(profile);
	return ret;
}

/* How many different calls of a table were made. */
static unsigned int calls_of(const struct recording *recording, enum trace_table table)
{
	unsigned int count = 0, last = UINT32_MAX;

	for (size_t i = 0; i < recording->calls_count; i++) {
		const struct recorded_call *call = &recording->calls[i];

		if (call->table != table || call->number == last ||
		    !trace_call_name(table, call->number))
			continue;
		last = call->number;
		count++;
	}
	return count;
}

static void print_capabilities(FILE *stream, const struct recording *recording)
{
	const uint64_t capabilities = trace_capabilities(recording);

	fputs("capabilities used:", stream);
	for (unsigned int i = 0; i < 64; i++)
		if (capabilities >> i & 1 && capability_name(i))
			fprintf(stream, " %s", capability_name(i));
	fputs(capabilities ? "\n" : " none\n", stream);
}

void trace_print_summary(FILE *stream, const struct recording *recording)
{
	struct path_rules rules;
	struct error unread;

	for (enum trace_table table = 0; table < TRACE_TABLES; table++) {
		const unsigned int used = calls_of(recording, table);

		if (used || table == TRACE_X86_64)
			fprintf(stream, "%s system calls left: %u of %u\n", trace_table_name(table),
				used, trace_calls_known(table));
	}
	if (!path_rules_make(recording, &rules, &unread)) {
		fprintf(stream, "file rules: %zu, for %zu paths\n", rules.count,
			recording->files_count);
		path_rules_free(&rules);
	}
	print_capabilities(stream, recording);
	if (recording->lost)
		fprintf(stream, "lost: %" PRIu64 " things that were seen and could not be kept\n",
			recording->lost);
}
