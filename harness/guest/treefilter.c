// SPDX-License-Identifier: GPL-2.0
#include "harness/guest/treefilter.h"

#include <ctype.h>
#include <errno.h>
#include <seccomp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "lib/cleanup.h"
#include "lib/file.h"

#define OPTIMISE_TREE  2
#define PROGRAM_MAX    (1 << 20)
#define ARGUMENTS_MOST 6

static const struct {
	const char *name;
	enum scmp_compare operator;
} operators[] = {
	{"SCMP_CMP_NE", SCMP_CMP_NE},
	{"SCMP_CMP_LT", SCMP_CMP_LT},
	{"SCMP_CMP_LE", SCMP_CMP_LE},
	{"SCMP_CMP_EQ", SCMP_CMP_EQ},
	{"SCMP_CMP_GE", SCMP_CMP_GE},
	{"SCMP_CMP_GT", SCMP_CMP_GT},
	{"SCMP_CMP_MASKED_EQ", SCMP_CMP_MASKED_EQ},
};

static void cleanup_filter(scmp_filter_ctx *filter)
{
	if (*filter)
		seccomp_release(*filter);
}

static const char *text_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "";
}

static int parse_action(const json_t *object, const char *key, const char *number_key,
			uint32_t *action, struct error *err)
{
	const json_t *number = json_object_get(object, number_key);
	const char *name = text_of(object, key);

	if (!strcmp(name, "SCMP_ACT_ALLOW"))
		*action = SCMP_ACT_ALLOW;
	else if (!strcmp(name, "SCMP_ACT_ERRNO"))
		*action = SCMP_ACT_ERRNO(number ? json_integer_value(number) : EPERM);
	else
		return error_set(err, EXIT_USAGE,
				 "the action \"%s\" cannot be made into a tree; SCMP_ACT_ALLOW and "
				 "SCMP_ACT_ERRNO can",
				 name);
	return 0;
}

static int parse_argument(const json_t *object, struct scmp_arg_cmp *comparison, struct error *err)
{
	const char *name = text_of(object, "op");

	comparison->arg = json_integer_value(json_object_get(object, "index"));
	comparison->datum_a = json_integer_value(json_object_get(object, "value"));
	comparison->datum_b = json_integer_value(json_object_get(object, "valueTwo"));
	for (size_t i = 0; i < sizeof(operators) / sizeof(operators[0]); i++) {
		if (strcmp(operators[i].name, name))
			continue;
		comparison->op = operators[i].operator;
		return 0;
	}
	return error_set(err, EXIT_USAGE, "the operator \"%s\" is not known", name);
}

static int parse_arguments(const json_t *rule, struct scmp_arg_cmp *comparisons,
			   unsigned int *count, struct error *err)
{
	const json_t *arguments = json_object_get(rule, "args"), *each;
	size_t i;

	*count = json_array_size(arguments);
	if (*count > ARGUMENTS_MOST)
		return error_set(err, EXIT_USAGE, "a rule has %u conditions, the most are %d",
				 *count, ARGUMENTS_MOST);
	json_array_foreach(arguments, i, each)
		if (parse_argument(each, &comparisons[i], err))
			return -1;
	return 0;
}

static int add_rule(scmp_filter_ctx filter, const json_t *rule, uint32_t otherwise,
		    struct error *err)
{
	struct scmp_arg_cmp comparisons[ARGUMENTS_MOST];
	unsigned int count;
	uint32_t action;
	const json_t *name;
	size_t i;

	if (parse_action(rule, "action", "errnoRet", &action, err) ||
	    parse_arguments(rule, comparisons, &count, err))
		return -1;
	json_array_foreach(json_object_get(rule, "names"), i, name) {
		int number = seccomp_syscall_resolve_name(json_string_value(name)), error;

		if (number == __NR_SCMP_ERROR || action == otherwise)
			continue;
		error = seccomp_rule_add_array(filter, action, number, count, comparisons);
		if (error)
			return error_set_errno(err, EXIT_USAGE, -error,
					       "libseccomp refuses a rule for %s",
					       json_string_value(name));
	}
	return 0;
}

static int add_architectures(scmp_filter_ctx filter, const json_t *names, struct error *err)
{
	const json_t *name;
	size_t i;

	json_array_foreach(names, i, name) {
		const char *text = json_string_value(name);
		char lower[32] = "";
		uint32_t arch;
		int error;

		/* libseccomp's own name: SCMP_ARCH_X86_64 is x86_64. */
		if (strncmp(text, "SCMP_ARCH_", 10))
			return error_set(err, EXIT_USAGE, "\"%s\" is no architecture", text);
		for (size_t c = 0; text[10 + c] && c < sizeof(lower) - 1; c++)
			lower[c] = tolower((unsigned char)text[10 + c]);
		arch = seccomp_arch_resolve_name(lower);
		error = arch ? seccomp_arch_add(filter, arch) : -EINVAL;
		if (error && error != -EEXIST)
			return error_set_errno(err, EXIT_USAGE, -error,
					       "libseccomp refuses the architecture %s", text);
	}
	return 0;
}

static int add_rules(scmp_filter_ctx filter, const json_t *seccomp, uint32_t otherwise,
		     struct error *err)
{
	const json_t *rule;
	size_t i;

	if (add_architectures(filter, json_object_get(seccomp, "architectures"), err))
		return -1;
	json_array_foreach(json_object_get(seccomp, "syscalls"), i, rule)
		if (add_rule(filter, rule, otherwise, err))
			return -1;
	return 0;
}

static char *base64(const unsigned char *bytes, size_t size)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	char *text = calloc(1, (size + 2) / 3 * 4 + 1), *out = text;

	for (size_t i = 0; text && i < size; i += 3) {
		size_t left = size - i;
		uint32_t group = bytes[i] << 16 | (left > 1 ? bytes[i + 1] << 8 : 0) |
				 (left > 2 ? bytes[i + 2] : 0);

		*out++ = digits[group >> 18];
		*out++ = digits[group >> 12 & 63];
		*out++ = left > 1 ? digits[group >> 6 & 63] : '=';
		*out++ = left > 2 ? digits[group & 63] : '=';
	}
	return text;
}

static int export(scmp_filter_ctx filter, char **text, struct error *err)
{
	autoclose int fd = memfd_create("filter", MFD_CLOEXEC);
	autofree char *program = NULL;
	size_t size;
	int error;

	if (fd < 0)
		return error_set_errno(err, EXIT_ENVIRONMENT, errno,
				       "cannot make a file in memory");
	error = seccomp_export_bpf(filter, fd);
	if (error)
		return error_set_errno(err, EXIT_USAGE, -error,
				       "libseccomp cannot make a tree of the rules");
	lseek(fd, 0, SEEK_SET);
	if (file_read_open(fd, "the filter", PROGRAM_MAX, &program, &size, err))
		return -1;
	*text = base64((const unsigned char *)program, size);
	return *text ? 0 : error_set(err, EXIT_ENVIRONMENT, "no memory for a filter");
}

int treefilter_make(const json_t *seccomp, char **text, struct error *err)
{
	__attribute__((cleanup(cleanup_filter))) scmp_filter_ctx filter = NULL;
	uint32_t otherwise;

	if (parse_action(seccomp, "defaultAction", "defaultErrnoRet", &otherwise, err))
		return -1;
	filter = seccomp_init(otherwise);
	if (!filter || seccomp_attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE, OPTIMISE_TREE))
		return error_set(err, EXIT_ENVIRONMENT,
				 "libseccomp cannot make filters as trees; version 2.5 can");
	return add_rules(filter, seccomp, otherwise, err) || export(filter, text, err) ? -1 : 0;
}
