// SPDX-License-Identifier: GPL-2.0
/* libseccomp's program is run by a small interpreter. */
#include "tests/builder/libseccomp.h"

#include <endian.h>
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "builder/number.h"
#include "lib/cleanup.h"
#include "tests/builder/compile.h"

#define NUMBERS	      600
#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

static const struct {
	enum policy_table_index table;
	__u32 arch;
	__u64 mask; /* of an argument's bits */
} entries[] = {
	{.table = POLICY_TABLE_X86_64, .arch = SCMP_ARCH_X86_64, .mask = UINT64_MAX},
	{.table = POLICY_TABLE_I386, .arch = SCMP_ARCH_X86, .mask = UINT32_MAX},
};

/* What the profiles' comparisons turn on, and their neighbours. */
static const __u64 values[] = {
	0,	     1,		  2,	      3,	  4,	      5,	   7,
	8,	     9,		  16,	      17,	  1000,	      1001,	   4095,
	4096,	     21522,	  0x20000,    0x20008,	  40,	      0x3d0f00,	   0x02000000,
	0x10000011,  0x7e020000,  0x7fffffff, 0x80000000, 0xffffffff, 0x100000000, 0x100000008,
	0x200000000, 0x200000001, UINT64_MAX,
};

static const struct {
	const char *name;
	enum scmp_compare op;
} operators[] = {
	{"SCMP_CMP_NE", SCMP_CMP_NE},
	{"SCMP_CMP_LT", SCMP_CMP_LT},
	{"SCMP_CMP_LE", SCMP_CMP_LE},
	{"SCMP_CMP_EQ", SCMP_CMP_EQ},
	{"SCMP_CMP_GE", SCMP_CMP_GE},
	{"SCMP_CMP_GT", SCMP_CMP_GT},
	{"SCMP_CMP_MASKED_EQ", SCMP_CMP_MASKED_EQ},
};

static __u32 load(const struct seccomp_data *data, __u32 offset)
{
	__u32 word;

	assert_true(offset <= sizeof(*data) - sizeof(word) && offset % sizeof(word) == 0);
	memcpy(&word, (const char *)data + offset, sizeof(word));
	return word;
}

static bool jumps(const struct sock_filter *instruction, __u32 accumulator)
{
	switch (BPF_OP(instruction->code)) {
	case BPF_JEQ:
		return accumulator == instruction->k;
	case BPF_JGT:
		return accumulator > instruction->k;
	case BPF_JGE:
		return accumulator >= instruction->k;
	case BPF_JSET:
		return accumulator & instruction->k;
	}
	fail_msg("filter has jump 0x%x, which is not interpreted", instruction->code);
	return false;
}

static __u32 interpret(const struct sock_fprog *program, const struct seccomp_data *data)
{
	__u32 accumulator = 0;

	for (size_t at = 0; at < program->len; at++) {
		const struct sock_filter *instruction = &program->filter[at];

		switch (instruction->code) {
		case BPF_LD | BPF_W | BPF_ABS:
			accumulator = load(data, instruction->k);
			break;
		case BPF_ALU | BPF_AND | BPF_K:
			accumulator &= instruction->k;
			break;
		case BPF_JMP | BPF_JA:
			at += instruction->k;
			break;
		case BPF_RET | BPF_K:
			return instruction->k;
		default:
			if (BPF_CLASS(instruction->code) != BPF_JMP)
				fail_msg("filter has instruction 0x%x, which is not interpreted",
					 instruction->code);
			at += jumps(instruction, accumulator) ? instruction->jt : instruction->jf;
		}
	}
	fail_msg("filter ends without a verdict");
	return 0;
}

/* libseccomp's actions, what a filter returns for them, and the verdicts that mean the same. */
static const struct {
	const char *name;
	__u32 action;
	__u32 returned;
	__u32 verdict;
} actions[] = {
	{"SCMP_ACT_ALLOW", SCMP_ACT_ALLOW, SECCOMP_RET_ALLOW, POLICY_VERDICT(POLICY_ALLOW, 0)},
	{"SCMP_ACT_KILL", SCMP_ACT_KILL, SECCOMP_RET_KILL_THREAD,
	 POLICY_VERDICT(POLICY_KILL_THREAD, 0)},
	{"SCMP_ACT_KILL_THREAD", SCMP_ACT_KILL_THREAD, SECCOMP_RET_KILL_THREAD,
	 POLICY_VERDICT(POLICY_KILL_THREAD, 0)},
	{"SCMP_ACT_KILL_PROCESS", SCMP_ACT_KILL_PROCESS, SECCOMP_RET_KILL_PROCESS,
	 POLICY_VERDICT(POLICY_KILL_PROCESS, 0)},
	{"SCMP_ACT_TRAP", SCMP_ACT_TRAP, SECCOMP_RET_TRAP, POLICY_VERDICT(POLICY_TRAP, 0)},
	{"SCMP_ACT_LOG", SCMP_ACT_LOG, SECCOMP_RET_LOG, POLICY_VERDICT(POLICY_ALLOW_LOGGED, 0)},
};

static __u32 action_of(const json_t *object, const char *action, const char *number)
{
	const json_t *value = json_object_get(object, number);
	const char *name = json_string_value(json_object_get(object, action));

	assert_non_null(name);
	for (size_t i = 0; i < ARRAY_SIZE(actions); i++)
		if (!strcmp(name, actions[i].name))
			return actions[i].action;
	assert_string_equal(name, "SCMP_ACT_ERRNO");
	return SCMP_ACT_ERRNO(value ? json_integer_value(value) : EPERM);
}

static struct scmp_arg_cmp comparison_of(const json_t *argument)
{
	const char *name = json_string_value(json_object_get(argument, "op"));
	struct scmp_arg_cmp comparison = {
		.arg = json_integer_value(json_object_get(argument, "index")),
		.datum_a = json_integer_value(json_object_get(argument, "value")),
		.datum_b = json_integer_value(json_object_get(argument, "valueTwo")),
	};

	for (size_t i = 0; i < ARRAY_SIZE(operators); i++)
		if (!strcmp(name, operators[i].name))
			comparison.op = operators[i].op;
	return comparison;
}

/* As runc and crun: an index that stands twice makes each comparison a rule of its own. */
static bool repeats_index(const struct scmp_arg_cmp *comparisons, size_t count)
{
	for (size_t i = 0; i < count; i++)
		for (size_t j = 0; j < i; j++)
			if (comparisons[i].arg == comparisons[j].arg)
				return true;
	return false;
}

static void add_rules(scmp_filter_ctx filter, __u32 action, const char *name, const json_t *args)
{
	struct scmp_arg_cmp comparisons[16];
	int number = seccomp_syscall_resolve_name(name);
	size_t count = json_array_size(args);
	int ret = 0;

	if (number == __NR_SCMP_ERROR)
		return;
	assert_true(count <= ARRAY_SIZE(comparisons));
	for (size_t i = 0; i < count; i++)
		comparisons[i] = comparison_of(json_array_get(args, i));
	if (!repeats_index(comparisons, count))
		ret = seccomp_rule_add_array(filter, action, number, count, comparisons);
	for (size_t i = 0; i < count && repeats_index(comparisons, count) && !ret; i++)
		ret = seccomp_rule_add_array(filter, action, number, 1, &comparisons[i]);
	if (ret)
		fail_msg("libseccomp does not take %s: %s", name, strerror(-ret));
}

static void export(scmp_filter_ctx filter, struct sock_fprog *program)
{
	autofclose FILE *file = tmpfile();
	long size;

	assert_non_null(file);
	assert_int_equal(seccomp_export_bpf(filter, fileno(file)), 0);
	size = lseek(fileno(file), 0, SEEK_END);
	program->len = size / sizeof(struct sock_filter);
	program->filter = malloc(size);
	assert_non_null(program->filter);
	assert_int_equal(pread(fileno(file), program->filter, size, 0), size);
}

static bool holds(const json_t *names, uint64_t allowed, bool all)
{
	json_t *name;
	size_t i;

	json_array_foreach(names, i, name) {
		int number = capability_number(json_string_value(name));

		assert_true(number >= 0);
		if ((allowed >> number & 1) != all)
			return !all;
	}
	return all;
}

static bool has_amd64(const json_t *arches)
{
	json_t *name;
	size_t i;

	json_array_foreach(arches, i, name)
		if (!strcmp(json_string_value(name), "amd64"))
			return true;
	return false;
}

/* Docker's and Podman's reading of includes and excludes; minKernel is not used. */
static bool counts(const json_t *entry, uint64_t allowed)
{
	const json_t *in = json_object_get(entry, "includes");
	const json_t *out = json_object_get(entry, "excludes");
	const json_t *arches = json_object_get(in, "arches");

	if (json_array_size(arches) && !has_amd64(arches))
		return false;
	return holds(json_object_get(in, "caps"), allowed, true) &&
	       !holds(json_object_get(out, "caps"), allowed, false) &&
	       !has_amd64(json_object_get(out, "arches"));
}

/* Docker's form says in archMap what comes with x86-64. */
static const json_t *architectures_of(const json_t *json)
{
	json_t *row;
	size_t i;

	json_array_foreach(json_object_get(json, "archMap"), i, row)
		if (!strcmp(json_string_value(json_object_get(row, "architecture")),
			    "SCMP_ARCH_X86_64"))
			return json_object_get(row, "subArchitectures");
	return json_object_get(json, "architectures");
}

static void compile_with_libseccomp(const json_t *json, uint64_t allowed,
				    struct sock_fprog *program)
{
	__u32 otherwise = action_of(json, "defaultAction", "defaultErrnoRet");
	scmp_filter_ctx filter;
	json_t *entry, *name;
	size_t i, j;

	/* All actions, whatever the running kernel has: the filter is interpreted here. */
	assert_int_equal(seccomp_api_set(6), 0);
	filter = seccomp_init(otherwise);
	assert_non_null(filter);
	json_array_foreach(architectures_of(json), i, name)
		if (!strcmp(json_string_value(name), "SCMP_ARCH_X86"))
			assert_int_equal(seccomp_arch_add(filter, SCMP_ARCH_X86), 0);
	json_array_foreach(json_object_get(json, "syscalls"), i, entry) {
		__u32 action = action_of(entry, "action", "errnoRet");

		if (action == otherwise || !counts(entry, allowed))
			continue;
		json_array_foreach(json_object_get(entry, "names"), j, name)
			add_rules(filter, action, json_string_value(name),
				  json_object_get(entry, "args"));
	}
	export(filter, program);
	seccomp_release(filter);
}

static __u32 verdict_of(__u32 returned)
{
	for (size_t i = 0; i < ARRAY_SIZE(actions); i++)
		if (returned == actions[i].returned)
			return actions[i].verdict;
	assert_int_equal(returned & SECCOMP_RET_ACTION_FULL, SECCOMP_RET_ERRNO);
	return POLICY_VERDICT(POLICY_ERRNO, returned & SECCOMP_RET_DATA);
}

static void compare_call(const struct policy *policy, const struct sock_fprog *program,
			 size_t entry, struct seccomp_data *data)
{
	__u32 expected = verdict_of(interpret(program, data)), got;

	got = policy_decide(&policy->tables[entries[entry].table], data->nr, data->args);
	if (got != expected)
		fail_msg("%s call %d (%s)(0x%llx, 0x%llx, 0x%llx, 0x%llx): policy 0x%x, "
			 "libseccomp 0x%x",
			 entry ? "i386" : "x86-64", data->nr,
			 number_name(entries[entry].table, data->nr), data->args[0], data->args[1],
			 data->args[2], data->args[3], got, expected);
}

/* Each argument takes each value while the others take one of three. */
static void compare_arguments(const struct policy *policy, const struct sock_fprog *program,
			      size_t entry, struct seccomp_data *data)
{
	static const __u64 backgrounds[] = {0, 9, 3};

	for (size_t b = 0; b < ARRAY_SIZE(backgrounds); b++)
		for (size_t i = 0; i < ARRAY_SIZE(data->args); i++)
			for (size_t v = 0; v < ARRAY_SIZE(values); v++) {
				for (size_t j = 0; j < ARRAY_SIZE(data->args); j++)
					data->args[j] = backgrounds[b];
				data->args[i] = values[v] & entries[entry].mask;
				compare_call(policy, program, entry, data);
			}
}

/* All values of the first two arguments against each other. */
static void compare_pairs(const struct policy *policy, const struct sock_fprog *program,
			  size_t entry, struct seccomp_data *data)
{
	for (size_t i = 0; i < ARRAY_SIZE(values); i++)
		for (size_t j = 0; j < ARRAY_SIZE(values); j++) {
			memset(data->args, 0, sizeof(data->args));
			data->args[0] = values[i] & entries[entry].mask;
			data->args[2] = values[j] & entries[entry].mask;
			compare_call(policy, program, entry, data);
		}
}

static void compare_calls(const struct policy *policy, const struct sock_fprog *program,
			  bool with_multiplexers)
{
	for (size_t entry = 0; entry < ARRAY_SIZE(entries); entry++)
		for (int number = 0; number < NUMBERS; number++) {
			struct seccomp_data data = {.nr = number, .arch = entries[entry].arch};
			const char *name = number_name(entries[entry].table, number);
			bool multiplexer =
				name && (!strcmp(name, "socketcall") || !strcmp(name, "ipc"));

			if (multiplexer && entry && !with_multiplexers)
				continue;
			compare_arguments(policy, program, entry, &data);
			compare_pairs(policy, program, entry, &data);
		}
}

void readings_make(struct readings *readings, const struct seccomp_context *context)
{
	struct error err;
	json_t *json;
	size_t size;

	json = json_loads(context->text, 0, NULL);
	assert_non_null(json);
	compile_with_libseccomp(json, context->capabilities, &readings->program);
	json_decref(json);
	if (compile_as(context, &readings->blob, &size, &err) ||
	    blob_parse(context->file, readings->blob, size, &readings->policy, &err))
		fail_msg("%s", err.text);
}

void readings_free(struct readings *readings)
{
	free(readings->blob);
	free(readings->program.filter);
}

__u32 readings_policy(const struct readings *readings, enum policy_table_index table, int number,
		      const __u64 arguments[6])
{
	return policy_decide(&readings->policy.tables[table], number, arguments);
}

__u32 readings_libseccomp(const struct readings *readings, enum policy_table_index table,
			  int number, const __u64 arguments[6])
{
	struct seccomp_data data = {.nr = number, .arch = entries[table].arch};

	memcpy(data.args, arguments, sizeof(data.args));
	return verdict_of(interpret(&readings->program, &data));
}

static void make_readings(struct readings *readings, const char *text, uint64_t allowed,
			  enum clone3_reading clone3)
{
	const struct seccomp_context context = {
		.file = "profile.json",
		.text = text,
		.capabilities = allowed,
		.kernel = TEST_KERNEL,
		.clone3 = clone3,
		.lenient = true,
	};

	readings_make(readings, &context);
}

void compare_profile(const char *text, uint64_t allowed, bool with_multiplexers)
{
	struct readings readings;

	make_readings(&readings, text, allowed, CLONE3_AS_WRITTEN);
	compare_calls(&readings.policy, &readings.program, with_multiplexers);
	readings_free(&readings);
}

/* Flags that clone has no way to be given; CLONE_CLEAR_SIGHAND is none that matters. */
#define FOREIGN_FLAGS (0x80ull | ~0x1ffffffffull)

static void compare_flags(const struct readings *readings, size_t entry, __u64 flags)
{
	const struct policy_table *table = &readings->policy.tables[entries[entry].table];
	const int clone = number_find("clone")->numbers[entries[entry].table];
	const __u64 fields[POLICY_FIELDS_MAX] = {flags};
	struct seccomp_data data = {
		.nr = clone,
		.arch = entries[entry].arch,
		.args = {flags & 0xffffff00},
	};
	__u32 expected = verdict_of(interpret(&readings->program, &data)), got;

	got = policy_decide_fields(table, POLICY_CLONE3, fields);
	if (flags & FOREIGN_FLAGS && POLICY_VERDICT_ACTION(got) != POLICY_ALLOW)
		return;
	if (flags & FOREIGN_FLAGS || got != expected)
		fail_msg("clone3 with flags 0x%llx: 0x%x, clone: 0x%x", flags, got, expected);
}

void compare_clone3(const char *text, uint64_t allowed)
{
	struct readings readings;

	make_readings(&readings, text, allowed, CLONE3_AS_CLONE);
	for (size_t entry = 0; entry < ARRAY_SIZE(entries); entry++) {
		const struct policy_table *table = &readings.policy.tables[entries[entry].table];

		if (!table->header->verdicts)
			continue;
		assert_int_equal(POLICY_VERDICT_ACTION(le32toh(table->verdicts[POLICY_CLONE3])),
				 POLICY_FIELDS);
		for (size_t i = 0; i < ARRAY_SIZE(values); i++)
			compare_flags(&readings, entry, values[i]);
		for (unsigned int i = 0; i < 64 * 64; i++)
			compare_flags(&readings, entry, 1ull << i / 64 | 1ull << i % 64);
	}
	readings_free(&readings);
}
