// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "kmod/vki/compile.h"
#include "operator/trace_calls.h"
#include "operator/trace_profile.h"

/*
 * What any program may need whenever it ends or a signal reaches it, whether that happened while it
 * was watched or not. None of them does anything to others.
 */
static const char *const always[] = {"exit", "exit_group", "restart_syscall", "rt_sigreturn"};

static const char *const always_i386[] = {"sigreturn"};

struct builder {
	const struct recording *recording;
	json_t *plain;	 /* names that are allowed with any arguments */
	json_t *entries; /* with arguments */
};

static bool has_name(json_t *list, const char *name)
{
	json_t *item;
	size_t i;

	json_array_foreach(list, i, item) {
		if (!strcmp(json_string_value(item), name))
			return true;
	}
	return false;
}

static void allow(struct builder *builder, const char *name)
{
	if (name && !has_name(builder->plain, name))
		json_array_append_new(builder->plain, json_string(name));
}

static json_t *condition(unsigned int index, uint64_t mask, uint64_t value)
{
	if (mask == UINT64_MAX)
		return json_pack("{s:i, s:I, s:s}", "index", (int)index, "value", (json_int_t)value,
				 "op", "SCMP_CMP_EQ");
	return json_pack("{s:i, s:I, s:I, s:s}", "index", (int)index, "value", (json_int_t)mask,
			 "valueTwo", (json_int_t)value, "op", "SCMP_CMP_MASKED_EQ");
}

static json_t *entry_for(const char *name, json_t *conditions)
{
	return json_pack("{s:[s], s:s, s:o}", "names", name, "action", "SCMP_ACT_ALLOW", "args",
			 conditions);
}

/* x86-64 and i386 may have seen the same. */
static void add_entry(struct builder *builder, json_t *entry)
{
	json_t *other;
	size_t i;

	json_array_foreach(builder->entries, i, other) {
		if (json_equal(other, entry)) {
			json_decref(entry);
			return;
		}
	}
	json_array_append_new(builder->entries, entry);
}

static const char *name_of(const struct recorded_call *call)
{
	return trace_call_name(call->table, call->number);
}

static bool is_called(const struct recorded_call *call, const char *name)
{
	const char *own = name_of(call);

	return own && !strcmp(own, name);
}

/* With other arguments than a profile can tell apart, or than were seen. */
static bool is_whole(const struct builder *builder, const char *name)
{
	const struct recording *recording = builder->recording;
	unsigned int variants = 0;

	for (size_t i = 0; i < recording->calls_count; i++) {
		if (!is_called(&recording->calls[i], name))
			continue;
		if (recording->calls[i].unread)
			return true;
		variants++;
	}
	return variants > TRACE_VARIANTS_MAX;
}

static void add_clone(struct builder *builder, uint64_t flags)
{
	json_t *conditions = json_array();

	json_array_append_new(conditions, condition(0, TRACE_CLONE_MASK, flags & TRACE_CLONE_MASK));
	add_entry(builder, entry_for("clone", conditions));
}

/*
 * seccomp cannot see clone3's flags. Where clone could be given them, both are written as one:
 * clone by its flags, and ENOSYS for clone3, upon which programs call clone. An instance reads this
 * as the same conditions for clone3, which then works.
 */
static void add_clones(struct builder *builder)
{
	const struct recording *recording = builder->recording;
	bool seen = false, beyond = false;

	if (is_whole(builder, "clone") || is_whole(builder, "clone3")) {
		allow(builder, "clone");
		allow(builder, "clone3");
		return;
	}
	for (size_t i = 0; i < recording->calls_count; i++) {
		const struct recorded_call *call = &recording->calls[i];

		if (!is_called(call, "clone") && !is_called(call, "clone3"))
			continue;
		seen = true;
		beyond |= call->values[0] & ~TRACE_CLONE_MASK;
		add_clone(builder, call->values[0]);
	}
	if (beyond)
		allow(builder, "clone3");
	else if (seen)
		json_array_append_new(builder->entries,
				      json_pack("{s:[s], s:s, s:i}", "names", "clone3", "action",
						"SCMP_ACT_ERRNO", "errnoRet", ENOSYS));
}

static void add_arguments(struct builder *builder, const struct recorded_call *call)
{
	const struct trace_arguments *wanted = trace_call_arguments(call->table, call->number);
	json_t *conditions = json_array();

	for (unsigned int i = 0; i < wanted->count; i++)
		json_array_append_new(
			conditions, condition(wanted->index[i], wanted->masks[i], call->values[i]));
	add_entry(builder, entry_for(name_of(call), conditions));
}

static void add_call(struct builder *builder, const struct recorded_call *call)
{
	const char *name = name_of(call);

	if (!name || call->table == TRACE_X32 || !strcmp(name, "clone") || !strcmp(name, "clone3"))
		return;
	if (!trace_call_arguments(call->table, call->number) || has_name(builder->plain, name) ||
	    is_whole(builder, name))
		allow(builder, name);
	else
		add_arguments(builder, call);
}

/*
 * An operation of io_uring runs where no call that does the same is refused, for whichever
 * arguments: the instance's own table says which calls.
 */
static int add_operation(struct builder *builder, unsigned int operation, struct error *err)
{
	struct vkm_rules *rules = calloc(1, sizeof(*rules));
	__u32 *verdicts = rules ? rules->verdicts[POLICY_TABLE_X86_64] : NULL;

	if (!rules)
		return error_set(err, EXIT_ENVIRONMENT, "no memory for operations of io_uring");
	for (size_t i = 0; i < POLICY_SYSCALL_MAX; i++)
		verdicts[i] = POLICY_VERDICT(POLICY_ERRNO, EPERM);
	while (operation < RULES_OPERATIONS) {
		struct rules_operation *made = &rules->operations[operation];

		*made = (struct rules_operation){0};
		rules_make_operations(rules);
		if (!made->number || made->call == POLICY_SYSCALL_MAX - 1)
			break; /* it may run, or the table does not know it */
		verdicts[made->call] = POLICY_VERDICT(POLICY_ALLOW, 0);
		allow(builder, trace_call_name(TRACE_X86_64, made->call));
	}
	free(rules);
	return 0;
}

static int add_operations(struct builder *builder, struct error *err)
{
	const struct recording *recording = builder->recording;

	for (size_t i = 0; i < recording->facts_count; i++)
		if (recording->facts[i].kind == TRACE_RING &&
		    add_operation(builder, recording->facts[i].first, err))
			return -1;
	return 0;
}

static bool has_i386(const struct recording *recording)
{
	for (size_t i = 0; i < recording->calls_count; i++)
		if (recording->calls[i].table == TRACE_I386)
			return true;
	return false;
}

static int compare_names(const void *one, const void *other)
{
	return strcmp(*(const char *const *)one, *(const char *const *)other);
}

static json_t *sorted(json_t *list)
{
	const size_t count = json_array_size(list);
	const char **names = calloc(count + 1, sizeof(*names));
	json_t *result = json_array();

	for (size_t i = 0; names && i < count; i++)
		names[i] = json_string_value(json_array_get(list, i));
	if (names)
		qsort(names, count, sizeof(*names), compare_names);
	for (size_t i = 0; names && i < count; i++)
		json_array_append_new(result, json_string(names[i]));
	free(names);
	return result;
}

/* Gives the builder's lists up. */
static json_t *finish(struct builder *builder, bool i386)
{
	json_t *architectures = json_pack("[s]", "SCMP_ARCH_X86_64");
	json_t *entries = json_array();

	if (i386)
		json_array_append_new(architectures, json_string("SCMP_ARCH_X86"));
	json_array_append_new(entries, json_pack("{s:o, s:s}", "names", sorted(builder->plain),
						 "action", "SCMP_ACT_ALLOW"));
	json_array_extend(entries, builder->entries);
	json_decref(builder->plain);
	json_decref(builder->entries);
	return json_pack("{s:s, s:i, s:o, s:o}", "defaultAction", "SCMP_ACT_ERRNO",
			 "defaultErrnoRet", EPERM, "architectures", architectures, "syscalls",
			 entries);
}

json_t *trace_seccomp(const struct recording *recording, struct error *err)
{
	const bool i386 = has_i386(recording);
	struct builder builder = {
		.recording = recording, .plain = json_array(), .entries = json_array()};
	json_t *result;
	int ret;

	for (size_t i = 0; i < sizeof(always) / sizeof(*always); i++)
		allow(&builder, always[i]);
	for (size_t i = 0; i386 && i < sizeof(always_i386) / sizeof(*always_i386); i++)
		allow(&builder, always_i386[i]);
	ret = add_operations(&builder, err);
	for (size_t i = 0; i < recording->calls_count; i++)
		add_call(&builder, &recording->calls[i]);
	add_clones(&builder);
	result = finish(&builder, i386);
	if (ret || !result) {
		json_decref(result);
		if (!ret)
			error_set(err, EXIT_ENVIRONMENT, "no memory for a seccomp profile");
		return NULL;
	}
	return result;
}
