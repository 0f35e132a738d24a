// SPDX-License-Identifier: GPL-2.0
/*
 * Entries with different actions whose conditions overlap. libseccomp lets one of them count, which
 * depends on how it sorts its tree; a runtime's policy takes the strictest, so it is never weaker.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <cmocka.h>
#include <string.h>

#include "builder/number.h"
#include "tests/builder/compile.h"
#include "tests/builder/libseccomp.h"

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#define RULES_MAX     4
#define SETS	      1500
#define POINTS	      150

/* In the order of strictness; those of one rank may change places. */
static const struct {
	const char *json;
	__u32 verdict;
	unsigned int rank;
} actions[] = {
	{"\"SCMP_ACT_KILL_PROCESS\"", POLICY_VERDICT(POLICY_KILL_PROCESS, 0), 0},
	{"\"SCMP_ACT_KILL\"", POLICY_VERDICT(POLICY_KILL_THREAD, 0), 1},
	{"\"SCMP_ACT_TRAP\"", POLICY_VERDICT(POLICY_TRAP, 0), 2},
	{"\"SCMP_ACT_ERRNO\", \"errnoRet\": 22", POLICY_VERDICT(POLICY_ERRNO, EINVAL), 3},
	{"\"SCMP_ACT_ERRNO\"", POLICY_VERDICT(POLICY_ERRNO, EPERM), 3},
	{"\"SCMP_ACT_LOG\"", POLICY_VERDICT(POLICY_ALLOW_LOGGED, 0), 4},
	{"\"SCMP_ACT_ALLOW\"", POLICY_VERDICT(POLICY_ALLOW, 0), 5},
};

static const char *const operators[] = {
	"NE", "EQ", "MASKED_EQ", "LT", "LE", "GE", "GT",
};

enum { NE, EQ, MASKED_EQ, LT, LE, GE, GT };

static const __u64 edges[] = {
	0,  1,		2,	    3,	  4,	      7,	   8,		9,
	40, 0x7fffffff, 0x80000000, 5000, 0xffffffff, 0x100000000, 0x100000008, 0x200000001,
};
#define EDGES_32 13

struct condition {
	unsigned int argument, operator_;
	__u64 value, masked;
};

struct entry {
	unsigned int action;
	bool conditional;
	struct condition condition;
};

struct set {
	unsigned int otherwise, count;
	struct entry entries[RULES_MAX];
};

/*
 * What sets are made of: entries of one condition, with the first `operators`, on values below 2^32.
 * Where entries with several conditions overlap, or ranges beyond 32 bits do, libseccomp 2.5 also
 * answers with entries that do not hold, and not with entries that do.
 */
struct kind {
	unsigned int operators;
	bool unconditional; /* entries without conditions as well */
};

static unsigned int below(unsigned int limit)
{
	static uint64_t state = 88172645463325252ull;

	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state % limit;
}

static bool holds(const struct condition *condition, const __u64 *arguments)
{
	const __u64 argument = arguments[condition->argument], value = condition->value;

	switch (condition->operator_) {
	case NE:
		return argument != value;
	case EQ:
		return argument == value;
	case MASKED_EQ:
		return (argument & value) == condition->masked;
	case LT:
		return argument < value;
	case LE:
		return argument <= value;
	case GE:
		return argument >= value;
	}
	return argument > value;
}

static bool entry_holds(const struct entry *entry, const __u64 *arguments)
{
	return !entry->conditional || holds(&entry->condition, arguments);
}

/* libseccomp makes nothing of a mask without bits, so that the entry is one without conditions. */
static bool is_unconditional(const struct entry *entry)
{
	return !entry->conditional ||
	       (entry->condition.operator_ == MASKED_EQ && !entry->condition.value);
}

/* libseccomp refuses two actions for the same conditions. */
static bool repeats(const struct set *set, const struct condition *condition)
{
	for (unsigned int i = 0; i < set->count; i++)
		if (condition->argument == set->entries[i].condition.argument &&
		    condition->value == set->entries[i].condition.value)
			return true;
	return false;
}

static void make_condition(const struct set *set, const struct kind *kind,
			   struct condition *condition)
{
	do
		*condition = (struct condition){
			.argument = below(3),
			.operator_ = below(kind->operators),
			.value = edges[below(EDGES_32)],
		};
	while (repeats(set, condition));
	condition->masked = condition->value & edges[below(EDGES_32)];
}

static void make_set(struct set *set, const struct kind *kind)
{
	*set = (struct set){.otherwise = below(ARRAY_SIZE(actions))};
	for (unsigned int left = 2 + below(RULES_MAX - 1); left; left--) {
		struct entry entry = {.conditional = !kind->unconditional || below(4)};

		do
			entry.action = below(ARRAY_SIZE(actions));
		while (entry.action == set->otherwise);
		make_condition(set, kind, &entry.condition);
		set->entries[set->count++] = entry;
	}
}

static size_t say_entry(char *text, size_t size, const struct entry *entry)
{
	const struct condition *condition = &entry->condition;
	size_t at = snprintf(text, size, "{ \"names\": [\"lseek\"], \"action\": %s",
			     actions[entry->action].json);

	if (entry->conditional)
		at += snprintf(text + at, size - at,
			       ", \"args\": [{ \"index\": %u, \"value\": %llu, \"valueTwo\": "
			       "%llu, \"op\": \"SCMP_CMP_%s\" }]",
			       condition->argument, condition->value, condition->masked,
			       operators[condition->operator_]);
	return at + snprintf(text + at, size - at, " }");
}

static void say_set(char *text, size_t size, const struct set *set)
{
	const char *number = strchr(actions[set->otherwise].json, ',');
	size_t at = snprintf(text, size, "{ \"defaultAction\": %.*s",
			     (int)strcspn(actions[set->otherwise].json, ","),
			     actions[set->otherwise].json);

	if (number)
		at += snprintf(text + at, size - at, ", \"defaultErrnoRet\": 22");
	at += snprintf(text + at, size - at,
		       ", \"architectures\": [\"SCMP_ARCH_X86_64\", \"SCMP_ARCH_X86\"], "
		       "\"syscalls\": [");
	for (unsigned int i = 0; i < set->count; i++) {
		at += snprintf(text + at, size - at, "%s", i ? ",\n" : "");
		at += say_entry(text + at, size - at, &set->entries[i]);
	}
	snprintf(text + at, size - at, "] }");
}

/* The verdict that a policy must have; candidates: bit N set if libseccomp may answer actions[N]. */
static __u32 expected(const struct set *set, const __u64 *arguments, unsigned int *candidates)
{
	const struct entry *strictest = NULL;

	*candidates = 0;
	for (unsigned int i = 0; i < set->count; i++) {
		const struct entry *entry = &set->entries[i];

		if (is_unconditional(entry)) {
			*candidates = 1u << entry->action;
			return actions[entry->action].verdict;
		}
	}
	for (unsigned int i = 0; i < set->count; i++) {
		const struct entry *entry = &set->entries[i];

		if (!entry_holds(entry, arguments))
			continue;
		*candidates |= 1u << entry->action;
		if (!strictest || actions[entry->action].rank < actions[strictest->action].rank)
			strictest = entry;
	}
	if (!strictest)
		*candidates = 1u << set->otherwise;
	return actions[strictest ? strictest->action : set->otherwise].verdict;
}

static bool is_candidate(unsigned int candidates, __u32 verdict)
{
	for (size_t i = 0; i < ARRAY_SIZE(actions); i++)
		if (actions[i].verdict == verdict)
			return candidates >> i & 1;
	return false;
}

static unsigned int compare_point(const struct readings *readings, const struct set *set,
				  enum policy_table_index table, const __u64 *arguments,
				  const char *text)
{
	const int number = number_find("lseek")->numbers[table];
	const __u32 policy = readings_policy(readings, table, number, arguments);
	const __u32 libseccomp = readings_libseccomp(readings, table, number, arguments);
	unsigned int candidates;

	if (policy != expected(set, arguments, &candidates))
		fail_msg("(0x%llx, 0x%llx, 0x%llx): policy 0x%x, strictest 0x%x\n%s", arguments[0],
			 arguments[1], arguments[2], policy, expected(set, arguments, &candidates),
			 text);
	if (!is_candidate(candidates, libseccomp))
		fail_msg("(0x%llx, 0x%llx, 0x%llx): libseccomp 0x%x, policy 0x%x\n%s", arguments[0],
			 arguments[1], arguments[2], libseccomp, policy, text);
	return policy != libseccomp;
}

/* Returns at how many points libseccomp answered more leniently. */
static unsigned int compare_set(const struct set *set)
{
	char text[4096];
	const struct seccomp_context context = {
		.file = "p", .text = text, .kernel = TEST_KERNEL, .lenient = true};
	struct readings readings;
	unsigned int differ = 0;

	say_set(text, sizeof(text), set);
	readings_make(&readings, &context);
	for (unsigned int i = 0; i < POINTS; i++) {
		const enum policy_table_index table = below(2);
		__u64 arguments[6] = {0};

		for (unsigned int j = 0; j < 3; j++)
			arguments[j] = edges[below(table ? EDGES_32 : ARRAY_SIZE(edges))];
		differ += compare_point(&readings, set, table, arguments, text);
	}
	readings_free(&readings);
	return differ;
}

static unsigned int compare_sets(const struct kind *kind)
{
	unsigned int differ = 0;
	struct set set;

	for (unsigned int i = 0; i < SETS; i++) {
		make_set(&set, kind);
		differ += compare_set(&set);
	}
	return differ;
}

/* That they differ at all shows that overlaps were met. */
static void the_strictest_of_equalities_and_masks_counts(void **state)
{
	const struct kind kind = {.operators = LT};

	(void)state;
	assert_true(compare_sets(&kind));
}

static void the_strictest_of_ranges_counts(void **state)
{
	const struct kind kind = {.operators = GT + 1};

	(void)state;
	assert_true(compare_sets(&kind));
}

static void an_entry_without_conditions_absorbs_the_others(void **state)
{
	const struct kind kind = {.operators = GT + 1, .unconditional = true};

	(void)state;
	assert_true(compare_sets(&kind));
}

#define ENTRY(action, args) \
	"{ \"names\": [\"socket\"], \"action\": " action ", \"args\": [" args "]"
#define ARG(index, op, value) \
	"{ \"index\": " index ", \"value\": " value ", \"op\": \"SCMP_CMP_" op "\" }"
#define WITHOUT ", \"excludes\": { \"caps\": [\"CAP_AUDIT_WRITE\"] } }"
#define WITH	", \"includes\": { \"caps\": [\"CAP_AUDIT_WRITE\"] } }"
#define ENTRIES                                                                                  \
	ENTRY("\"SCMP_ACT_ERRNO\", \"errnoRet\": 1", ARG("0", "EQ", "40"))                       \
	"},\n" ENTRY("\"SCMP_ACT_ERRNO\", \"errnoRet\": 22",                                     \
		     ARG("0", "EQ", "16") ", " ARG("2", "EQ", "9")) WITHOUT                      \
		",\n" ENTRY("\"SCMP_ACT_ALLOW\"", ARG("0", "EQ", "16") ", " ARG("2", "NE", "9")) \
			WITHOUT ",\n" ENTRY("\"SCMP_ACT_ALLOW\"", ARG("0", "NE", "16")) WITHOUT  \
		",\n" ENTRY("\"SCMP_ACT_ALLOW\"", ARG("0", "NE", "40")) WITH

/* What Debian testing's default profile says of socket. */
static const char debian[] =
	"{ \"defaultAction\": \"SCMP_ACT_ERRNO\", \"defaultErrnoRet\": 38,\n"
	"\"architectures\": [\"SCMP_ARCH_X86_64\", \"SCMP_ARCH_X86\"], \"syscalls\": [\n"
	"{ \"names\": [\"socketcall\"], \"action\": \"SCMP_ACT_ALLOW\" },\n" ENTRIES "] }";

static __u32 socket_verdict(__u64 family, __u64 protocol, bool audit_write)
{
	if (family == 40)
		return POLICY_VERDICT(POLICY_ERRNO, EPERM);
	if (family == 16 && protocol == 9 && !audit_write)
		return POLICY_VERDICT(POLICY_ERRNO, EINVAL);
	return POLICY_VERDICT(POLICY_ALLOW, 0);
}

static void compare_socket(const char *list, bool audit_write)
{
	static const __u64 families[] = {0, 1, 2, 10, 15, 16, 17, 39, 40, 41, 0x7fffffff};
	static const __u64 protocols[] = {0, 1, 8, 9, 10, 0xffffffff};
	const struct seccomp_context context = {
		.file = "p",
		.text = debian,
		.capabilities = capabilities(list),
		.kernel = TEST_KERNEL,
		.lenient = true,
	};
	const __u32 allow = POLICY_VERDICT(POLICY_ALLOW, 0);
	struct readings readings;

	readings_make(&readings, &context);
	for (size_t i = 0; i < POLICY_TABLES * ARRAY_SIZE(families); i++)
		for (size_t j = 0; j < ARRAY_SIZE(protocols); j++) {
			const enum policy_table_index table = i % POLICY_TABLES;
			const int number = number_find("socket")->numbers[table];
			const __u64 arguments[6] = {families[i / POLICY_TABLES], 1, protocols[j]};
			const __u32 policy = readings_policy(&readings, table, number, arguments);
			const __u32 seccomp =
				readings_libseccomp(&readings, table, number, arguments);

			assert_int_equal(policy,
					 socket_verdict(arguments[0], arguments[2], audit_write));
			if (policy != seccomp && seccomp != allow)
				fail_msg("socket(%llu, 1, %llu): policy 0x%x, libseccomp 0x%x",
					 arguments[0], arguments[2], policy, seccomp);
		}
	readings_free(&readings);
}

static void debian_testing_refuses_vsock_with_and_without_audit(void **state)
{
	(void)state;
	compare_socket("CAP_AUDIT_WRITE", true);
	compare_socket("none", false);
}

static void only_a_runtime_takes_overlaps(void **state)
{
	struct error err;
	void *blob;
	size_t size;

	(void)state;
	assert_int_equal(compile("p", debian, 0, &blob, &size, &err), -1);
	assert_string_equal(
		err.text,
		"p:7:13: syscalls[4].names[0]: socket: this entry allows it under conditions and "
		"syscalls[1] (line 4) answers EPERM under conditions: which one counts would "
		"depend on their order; make their conditions exclude each other");
}

/* clone's overlapping masks, CLONE_NEWUSER and CLONE_NEWNET | CLONE_NEWUSER, hold for clone3. */
static void clone3_takes_the_strictest_as_well(void **state)
{
	static const char text[] =
		"{ \"defaultAction\": \"SCMP_ACT_ALLOW\", \"syscalls\": [\n"
		"{ \"names\": [\"clone3\"], \"action\": \"SCMP_ACT_ERRNO\", \"errnoRet\": 38 },\n"
		"{ \"names\": [\"clone\"], \"action\": \"SCMP_ACT_LOG\", \"args\": [{ \"index\": 0,"
		"\"value\": 268435456, \"valueTwo\": 268435456, \"op\": \"SCMP_CMP_MASKED_EQ\" }] "
		"},\n"
		"{ \"names\": [\"clone\"], \"action\": \"SCMP_ACT_ERRNO\", \"args\": [{ \"index\": "
		"0, \"value\": 1073741824, \"valueTwo\": 1073741824, \"op\": "
		"\"SCMP_CMP_MASKED_EQ\" }] }] }";
	const struct seccomp_context context = {
		.file = "p", .text = text, .kernel = TEST_KERNEL, .lenient = true};
	const __u32 eperm = POLICY_VERDICT(POLICY_ERRNO, EPERM);
	static const __u64 net = 0x40000000, user = 0x10000000;
	struct readings readings;

	(void)state;
	readings_make(&readings, &context);
	for (unsigned int i = 0; i < 4; i++) {
		const __u64 flags = (i & 1 ? net : 0) | (i & 2 ? user : 0);
		const __u64 arguments[6] = {flags}, fields[POLICY_FIELDS_MAX] = {flags};
		const struct policy_table *table = &readings.policy.tables[POLICY_TABLE_X86_64];
		const __u32 clone =
			policy_decide(table, number_find("clone")->numbers[0], arguments);

		assert_int_equal(clone, i & 1 ? eperm
					: i   ? POLICY_VERDICT(POLICY_ALLOW_LOGGED, 0)
					      : POLICY_VERDICT(POLICY_ALLOW, 0));
		assert_int_equal(policy_decide_fields(table, POLICY_CLONE3, fields), clone);
	}
	readings_free(&readings);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_strictest_of_equalities_and_masks_counts),
		cmocka_unit_test(the_strictest_of_ranges_counts),
		cmocka_unit_test(an_entry_without_conditions_absorbs_the_others),
		cmocka_unit_test(debian_testing_refuses_vsock_with_and_without_audit),
		cmocka_unit_test(only_a_runtime_takes_overlaps),
		cmocka_unit_test(clone3_takes_the_strictest_as_well),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
