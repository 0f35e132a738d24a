// SPDX-License-Identifier: GPL-2.0
/* A recording as JSON, from which profiles can be made again. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "builder/builder.h"
#include "builder/sockets.h"
#include "lib/cleanup.h"
#include "operator/trace_calls.h"
#include "operator/trace_recording.h"
#include "operator/trace_text.h"

#define SCHEMA 1
#define KIND   "vkernel-recording"

static const struct {
	const char *name;
	unsigned int access;
} accesses[] = {
	{"read", TRACE_READ}, {"write", TRACE_WRITE},	  {"append", TRACE_APPEND},
	{"map", TRACE_MAP},   {"execute", TRACE_EXECUTE}, {"link", TRACE_LINK},
	{"lock", TRACE_LOCK}, {"created", TRACE_CREATED}, {"linked", TRACE_LINKED},
};

static const char *const fact_names[TRACE_FACTS] = {
	[TRACE_CAPABILITY] = "capability",
	[TRACE_CAPABILITY_QUIET] = "capability-asked",
	[TRACE_SOCKET] = "socket",
	[TRACE_SIGNAL] = "signal",
	[TRACE_LOOK] = "look",
	[TRACE_PTRACE] = "ptrace",
	[TRACE_RING] = "io-uring",
};

/* Text, because numbers of JSON have a sign. */
static json_t *hexadecimal(uint64_t value)
{
	return json_sprintf("0x%" PRIx64, value);
}

static json_t *call_json(const struct recorded_call *call)
{
	const struct trace_arguments *wanted = trace_call_arguments(call->table, call->number);
	const char *name = trace_call_name(call->table, call->number);
	json_t *arguments = json_object(), *object;

	for (unsigned int i = 0; wanted && !call->unread && i < wanted->count; i++) {
		char index[] = {(char)('0' + wanted->index[i]), '\0'};

		json_object_set_new(arguments, index, hexadecimal(call->values[i]));
	}
	object = json_pack("{s:s, s:i, s:s?, s:I, s:o}", "entry", trace_table_name(call->table),
			   "number", (int)call->number, "name", name, "count",
			   (json_int_t)call->count, "arguments", arguments);
	if (call->unread)
		json_object_set_new(object, "unread", json_true());
	return object;
}

static json_t *file_json(const struct recorded_file *file)
{
	autofree char *plain = path_to_plain(file->path);
	json_t *list = json_array();

	for (size_t i = 0; i < sizeof(accesses) / sizeof(*accesses); i++)
		if (file->access & accesses[i].access)
			json_array_append_new(list, json_string(accesses[i].name));
	return json_pack("{s:s, s:o}", "path", plain ? plain : "", "access", list);
}

static json_t *fact_json(const struct recorded_fact *fact)
{
	json_t *object = json_pack("{s:s, s:I, s:i, s:i}", "kind", fact_names[fact->kind], "count",
				   (json_int_t)fact->count, "first", (int)fact->first, "second",
				   (int)fact->second);
	const char *name = NULL;

	if (fact->kind == TRACE_CAPABILITY || fact->kind == TRACE_CAPABILITY_QUIET)
		name = capability_name(fact->first);
	else if (fact->kind == TRACE_SOCKET)
		name = socket_family_name(fact->first);
	if (name)
		json_object_set_new(object, "name", json_string(name));
	return object;
}

json_t *recording_to_json(const struct recording *recording, struct error *err)
{
	json_t *calls = json_array(), *files = json_array(), *facts = json_array(), *object;

	for (size_t i = 0; i < recording->calls_count; i++)
		json_array_append_new(calls, call_json(&recording->calls[i]));
	for (size_t i = 0; i < recording->files_count; i++)
		json_array_append_new(files, file_json(&recording->files[i]));
	for (size_t i = 0; i < recording->facts_count; i++)
		json_array_append_new(facts, fact_json(&recording->facts[i]));
	object = json_pack("{s:i, s:s, s:i, s:I, s:o, s:o, s:o}", "schema", SCHEMA, "kind", KIND,
			   "runs", (int)recording->runs, "lost", (json_int_t)recording->lost,
			   "calls", calls, "files", files, "facts", facts);
	if (!object || json_array_size(calls) != recording->calls_count ||
	    json_array_size(files) != recording->files_count ||
	    json_array_size(facts) != recording->facts_count) {
		json_decref(object);
		error_set(err, EXIT_ENVIRONMENT, "no memory for a recording");
		return NULL;
	}
	return object;
}

/* What is being read, for messages. */
struct source {
	const char *file, *list;
	size_t index;
	struct error *err;
};

static int wrong(const struct source *source, const char *what)
{
	return error_set(source->err, EXIT_USAGE, "%s: %s[%zu]: %s", source->file, source->list,
			 source->index, what);
}

static int read_table(const char *name)
{
	for (int table = 0; table < TRACE_TABLES; table++)
		if (!strcmp(trace_table_name(table), name))
			return table;
	return -1;
}

static int read_values(const struct source *source, json_t *arguments, struct recorded_call *call)
{
	const struct trace_arguments *wanted = trace_call_arguments(call->table, call->number);
	const size_t count = call->unread || !wanted ? 0 : wanted->count;

	if (json_object_size(arguments) != count)
		return wrong(source, "other arguments than this version of vkernel records; record "
				     "again");
	for (size_t i = 0; i < count; i++) {
		const char index[] = {(char)('0' + wanted->index[i]), '\0'};
		const char *text = json_string_value(json_object_get(arguments, index));
		char *end;

		if (!text || strncmp(text, "0x", 2))
			return wrong(source, "an argument is no hexadecimal number, or another one "
					     "than this version of vkernel records");
		call->values[i] = strtoull(text, &end, 16);
		if (*end || call->values[i] & ~wanted->masks[i])
			return wrong(source, "an argument has a value that it cannot have");
	}
	return 0;
}

static int read_call(const struct source *source, json_t *object, struct recording *recording)
{
	struct recorded_call call = {0};
	const char *entry;
	json_t *arguments;
	json_int_t count;
	int table, number, unread = 0;

	if (json_unpack(object, "{s:s, s:i, s:I, s:o, s?b}", "entry", &entry, "number", &number,
			"count", &count, "arguments", &arguments, "unread", &unread))
		return wrong(source, "a call has entry, number, count and arguments");
	table = read_table(entry);
	if (table < 0 || number < -1 || count < 0)
		return wrong(source, "no such entry, number or count");
	call.table = table;
	call.number = number;
	call.count = count;
	call.unread = unread;
	if (read_values(source, arguments, &call))
		return -1;
	return recording_add_call(recording, &call, source->err);
}

static int read_access(const struct source *source, json_t *list, unsigned int *access)
{
	json_t *item;
	size_t i, k;

	*access = 0;
	json_array_foreach(list, i, item) {
		const char *name = json_string_value(item);

		for (k = 0; k < sizeof(accesses) / sizeof(*accesses); k++)
			if (name && !strcmp(name, accesses[k].name))
				break;
		if (k == sizeof(accesses) / sizeof(*accesses))
			return wrong(source, "no such access");
		*access |= accesses[k].access;
	}
	return 0;
}

static int read_file(const struct source *source, json_t *object, struct recording *recording)
{
	autofree char *path = NULL;
	unsigned int access;
	const char *plain;
	json_t *list;

	if (json_unpack(object, "{s:s, s:o}", "path", &plain, "access", &list) ||
	    !json_is_array(list))
		return wrong(source, "a file has path and access");
	if (read_access(source, list, &access))
		return -1;
	path = path_from_plain(plain);
	if (!path || *path != '/')
		return wrong(source,
			     "a path begins with / and has \\xNN for what is not printable");
	return recording_add_file(recording, path, strlen(path), access, source->err);
}

static int read_fact(const struct source *source, json_t *object, struct recording *recording)
{
	struct recorded_fact fact = {0};
	const char *kind;
	json_int_t count;
	int first, second;

	if (json_unpack(object, "{s:s, s:I, s:i, s:i}", "kind", &kind, "count", &count, "first",
			&first, "second", &second) ||
	    count < 0 || first < 0 || second < 0)
		return wrong(source, "a fact has kind, count, first and second");
	while (fact.kind < TRACE_FACTS && strcmp(fact_names[fact.kind], kind))
		fact.kind++;
	if (fact.kind == TRACE_FACTS)
		return wrong(source, "no such kind");
	fact.count = count;
	fact.first = first;
	fact.second = second;
	return recording_add_fact(recording, &fact, source->err);
}

static const struct {
	const char *name;
	int (*read)(const struct source *source, json_t *object, struct recording *recording);
} lists[] = {{"calls", read_call}, {"files", read_file}, {"facts", read_fact}};

static int read_lists(json_t *object, const char *file, struct recording *recording,
		      struct error *err)
{
	json_t *item;

	for (size_t i = 0; i < sizeof(lists) / sizeof(*lists); i++) {
		struct source source = {.file = file, .list = lists[i].name, .err = err};
		json_t *list = json_object_get(object, lists[i].name);

		if (!json_is_array(list))
			return error_set(err, EXIT_USAGE, "%s: there is no list \"%s\"", file,
					 lists[i].name);
		json_array_foreach(list, source.index, item) {
			if (lists[i].read(&source, item, recording))
				return -1;
		}
	}
	return 0;
}

static int read_object(json_t *object, const char *file, struct recording *recording,
		       struct error *err)
{
	const char *kind;
	json_int_t lost;
	int schema, runs;

	if (json_unpack(object, "{s:s, s:i}", "kind", &kind, "schema", &schema) ||
	    strcmp(kind, KIND))
		return error_set(err, EXIT_USAGE, "%s is no recording of vkernel trace", file);
	if (schema != SCHEMA)
		return error_set(err, EXIT_USAGE,
				 "%s has schema %d; this version of vkernel reads %d", file, schema,
				 SCHEMA);
	if (json_unpack(object, "{s:i, s:I}", "runs", &runs, "lost", &lost) || runs < 0 || lost < 0)
		return error_set(err, EXIT_USAGE, "%s: \"runs\" and \"lost\" are numbers", file);
	recording->runs = runs;
	recording->lost = lost;
	return read_lists(object, file, recording, err);
}

int recording_from_json(struct recording *recording, const char *file, const char *text,
			size_t size, struct error *err)
{
	json_error_t fault;
	json_t *object = json_loadb(text, size, JSON_REJECT_DUPLICATES, &fault);
	int ret;

	if (!object)
		return error_set(err, EXIT_USAGE, "%s:%d:%d: not JSON: %s", file, fault.line,
				 fault.column, fault.text);
	ret = read_object(object, file, recording, err);
	json_decref(object);
	if (ret)
		recording_free(recording);
	else
		recording_settle(recording);
	return ret;
}
