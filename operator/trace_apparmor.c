// SPDX-License-Identifier: GPL-2.0
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "builder/builder.h"
#include "builder/sockets.h"
#include "operator/trace_calls.h"
#include "operator/trace_paths.h"
#include "operator/trace_profile.h"
#include "operator/trace_text.h"

static bool was_seen(const struct recording *recording, enum trace_fact_kind kind)
{
	for (size_t i = 0; i < recording->facts_count; i++)
		if (recording->facts[i].kind == kind)
			return true;
	return false;
}

static bool was_called(const struct recording *recording, const char *const *names)
{
	for (; *names; names++)
		for (size_t i = 0; i < recording->calls_count; i++) {
			const char *name = trace_call_name(recording->calls[i].table,
							   recording->calls[i].number);

			if (name && !strcmp(name, *names))
				return true;
		}
	return false;
}

/* capabilities(7) without CAP_, in lower case. */
static void put_capabilities(FILE *stream, uint64_t capabilities)
{
	for (unsigned int i = 0; i < 64; i++) {
		const char *name = capabilities >> i & 1 ? capability_name(i) : NULL;

		if (!name)
			continue;
		fputs("  capability ", stream);
		for (name += strlen("CAP_"); *name; name++)
			putc(tolower((unsigned char)*name), stream);
		fputs(",\n", stream);
	}
}

static void put_sockets(FILE *stream, const struct recording *recording)
{
	for (size_t i = 0; i < recording->facts_count; i++) {
		const struct recorded_fact *fact = &recording->facts[i];
		const char *family, *type;

		if (fact->kind != TRACE_SOCKET)
			continue;
		family = socket_family_name(fact->first);
		type = socket_type_name(fact->second);
		if (family && type)
			fprintf(stream, "  network %s %s,\n", family, type);
		else
			fprintf(stream, "  # family %u, type %u: AppArmor has no name for it\n",
				fact->first, fact->second);
	}
}

static void put_others(FILE *stream, const struct recording *recording)
{
	static const char *const mounting[] = {"mount",		"fsopen",	  "fsmount",
					       "move_mount",	"open_tree",	  "fspick",
					       "mount_setattr", "open_tree_attr", NULL};
	static const char *const unmounting[] = {"umount", "umount2", NULL};
	static const char *const pivoting[] = {"pivot_root", NULL};

	fputs("  signal (receive) peer=unconfined,\n", stream);
	if (was_seen(recording, TRACE_SIGNAL))
		fputs("  signal (send, receive) peer=@{profile_name},\n", stream);
	if (was_seen(recording, TRACE_PTRACE))
		fputs("  ptrace (trace, tracedby, read, readby) peer=@{profile_name},\n", stream);
	else if (was_seen(recording, TRACE_LOOK))
		fputs("  ptrace (read, readby) peer=@{profile_name},\n", stream);
	if (was_called(recording, mounting))
		fputs("  mount,\n  remount,\n", stream);
	if (was_called(recording, unmounting))
		fputs("  umount,\n", stream);
	if (was_called(recording, pivoting))
		fputs("  pivot_root,\n", stream);
}

static int put_files(FILE *stream, const struct recording *recording, struct error *err)
{
	struct path_rules rules;

	if (path_rules_make(recording, &rules, err))
		return -1;
	for (size_t i = 0; i < rules.count; i++) {
		char letters[16];

		path_letters(rules.list[i].access, letters);
		if (*letters)
			fprintf(stream, "  \"%s\" %s,\n", rules.list[i].pattern, letters);
	}
	path_rules_free(&rules);
	return 0;
}

char *trace_apparmor(const struct recording *recording, const char *name, struct error *err)
{
	struct text text;
	int ret;

	if (text_open(&text, err))
		return NULL;
	fprintf(text.stream,
		"# Made by vkernel trace of %u run%s. What is not here was not seen.\n"
		"@{PROC}=/proc/\n\n"
		"profile %s flags=(attach_disconnected,mediate_deleted) {\n",
		recording->runs, recording->runs == 1 ? "" : "s", name);
	put_capabilities(text.stream, trace_capabilities(recording));
	put_sockets(text.stream, recording);
	put_others(text.stream, recording);
	ret = put_files(text.stream, recording, err);
	fputs("}\n", text.stream);
	if (text_close(&text, err))
		return NULL;
	if (!ret)
		return text.bytes;
	free(text.bytes);
	return NULL;
}
