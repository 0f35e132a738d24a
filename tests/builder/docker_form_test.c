// SPDX-License-Identifier: GPL-2.0
/*
 * Docker's form as moby and Podman read it: which entries count for which container and kernel, and
 * what of their keys may be empty. All of an "includes" must be so, and none of an "excludes".
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/cleanup.h"
#include "tests/builder/compile.h"

#define READ	      0
#define EPERM_VERDICT POLICY_VERDICT(POLICY_ERRNO, EPERM)

/* What read(2) gets of this profile; the test fails where it is refused. */
static __u32 verdict_of(const char *profile, const char *list, const char *kernel,
			enum policy_table_index table)
{
	const struct seccomp_context context = {
		.file = "p", .text = profile, .capabilities = capabilities(list), .kernel = kernel};
	static const __u64 none[6];
	autofree void *blob = NULL;
	struct policy policy;
	struct error err;
	size_t size;

	if (compile_as(&context, &blob, &size, &err) || blob_parse("p", blob, size, &policy, &err))
		fail_msg("%s\n%s", profile, err.text);
	return policy_decide(&policy.tables[table], table == POLICY_TABLE_I386 ? 3 : READ, none);
}

static const struct {
	const char *selection;
	const char *capabilities;
	const char *kernel;
	bool counts;
} rows[] = {
	{"\"includes\": {}, \"excludes\": {}", "none", "6.12", true},
	{"\"includes\": null, \"excludes\": null", "none", "6.12", true},
	{"\"includes\": { \"caps\": null, \"arches\": [], \"minKernel\": \"\" }", "none", "6.12",
	 true},
	{"\"excludes\": { \"caps\": [], \"arches\": null, \"minKernel\": \"\" }", "none", "6.12",
	 true},

	/* includes: all of the capabilities, one of the architectures, at least this kernel */
	{"\"includes\": { \"caps\": [\"CAP_BPF\", \"CAP_KILL\"] }", "bpf,kill", "6.12", true},
	{"\"includes\": { \"caps\": [\"CAP_BPF\", \"CAP_KILL\"] }", "bpf", "6.12", false},
	{"\"includes\": { \"caps\": [\"CAP_BPF\"] }", "none", "6.12", false},
	{"\"includes\": { \"arches\": [\"arm64\", \"amd64\"] }", "none", "6.12", true},
	{"\"includes\": { \"arches\": [\"arm64\", \"x86\", \"x32\"] }", "none", "6.12", false},
	{"\"includes\": { \"arches\": [\"AMD64\"] }", "none", "6.12", false},
	{"\"includes\": { \"minKernel\": \"6.12\" }", "none", "6.12.3-1-amd64", true},
	{"\"includes\": { \"minKernel\": \"6.12\" }", "none", "6.11.99", false},
	{"\"includes\": { \"minKernel\": \"6.9\" }", "none", "6.12", true},
	{"\"includes\": { \"minKernel\": \"5.100\" }", "none", "6.1", true},
	{"\"includes\": { \"minKernel\": \"7.0\" }", "none", "6.12", false},
	{"\"includes\": { \"caps\": [\"CAP_BPF\"], \"minKernel\": \"4.8\" }", "none", "6.12",
	 false},
	{"\"includes\": { \"caps\": [\"CAP_BPF\"], \"arches\": [\"arm\"] }", "bpf", "6.12", false},

	/* excludes: one of them is enough */
	{"\"excludes\": { \"caps\": [\"CAP_BPF\", \"CAP_KILL\"] }", "kill", "6.12", false},
	{"\"excludes\": { \"caps\": [\"CAP_BPF\", \"CAP_KILL\"] }", "chown", "6.12", true},
	{"\"excludes\": { \"arches\": [\"amd64\"] }", "none", "6.12", false},
	{"\"excludes\": { \"arches\": [\"s390\"] }", "none", "6.12", true},
	{"\"excludes\": { \"minKernel\": \"6.12\" }", "none", "6.12", false},
	{"\"excludes\": { \"minKernel\": \"6.12\" }", "none", "6.11", true},
	{"\"excludes\": { \"caps\": [\"CAP_BPF\"], \"minKernel\": \"4.8\" }", "none", "6.12",
	 false},
	{"\"excludes\": { \"caps\": [\"CAP_BPF\"], \"arches\": [\"s390x\"] }", "none", "6.12",
	 true},

	/* both */
	{"\"includes\": { \"caps\": [\"CAP_BPF\"] }, \"excludes\": { \"caps\": [\"CAP_KILL\"] }",
	 "bpf", "6.12", true},
	{"\"includes\": { \"caps\": [\"CAP_BPF\"] }, \"excludes\": { \"caps\": [\"CAP_KILL\"] }",
	 "bpf,kill", "6.12", false},
	{"\"includes\": { \"minKernel\": \"4.8\" }, \"excludes\": { \"minKernel\": \"6.0\" }",
	 "none", "5.10", true},
	{"\"includes\": { \"minKernel\": \"4.8\" }, \"excludes\": { \"minKernel\": \"6.0\" }",
	 "none", "6.1", false},
};

static void an_entry_counts_for_whom_it_is_meant(void **state)
{
	bool good = true;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		autofree char *profile = NULL;
		__u32 verdict;

		assert_true(
			asprintf(&profile,
				 "{ \"defaultAction\": \"SCMP_ACT_ERRNO\", \"syscalls\": [ { "
				 "\"names\": [\"read\"], \"action\": \"SCMP_ACT_ALLOW\", %s } ] }",
				 rows[i].selection) > 0);
		verdict = verdict_of(profile, rows[i].capabilities, rows[i].kernel,
				     POLICY_TABLE_X86_64);
		if (verdict == (rows[i].counts ? 0 : EPERM_VERDICT))
			continue;
		print_error("%s with %s on %s: verdict 0x%x\n", rows[i].selection,
			    rows[i].capabilities, rows[i].kernel, verdict);
		good = false;
	}
	assert_true(good);
}

#define ENTRY(rest)                                                             \
	"{ \"defaultAction\": \"SCMP_ACT_LOG\", \"syscalls\": [ { \"action\": " \
	"\"SCMP_ACT_ERRNO\", " rest " } ] }"

static void what_is_empty_is_not_there(void **state)
{
	static const struct {
		const char *profile;
		unsigned int number;
	} with[] = {
		{ENTRY("\"name\": \"\", \"names\": [\"read\"]"), EPERM},
		{ENTRY("\"name\": \"read\", \"names\": null"), EPERM},
		{ENTRY("\"names\": [\"read\"], \"args\": null, \"comment\": \"\""), EPERM},
		{ENTRY("\"names\": [\"read\"], \"args\": []"), EPERM},
		{ENTRY("\"names\": [\"read\"], \"errno\": \"\", \"errnoRet\": 38"), ENOSYS},
		{ENTRY("\"names\": [\"read\"], \"errno\": \"ENOSYS\", \"errnoRet\": 38"), ENOSYS},
		{ENTRY("\"names\": [\"read\"], \"errno\": \"38\""), ENOSYS},
		{ENTRY("\"names\": [\"read\"], \"errno\": \"ENOSYS\", \"errnoRet\": null"), ENOSYS},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(with) / sizeof(with[0]); i++)
		assert_int_equal(verdict_of(with[i].profile, "none", "6.12", POLICY_TABLE_X86_64),
				 POLICY_VERDICT(POLICY_ERRNO, with[i].number));
	/* An entry for no call. */
	assert_int_equal(verdict_of(ENTRY("\"names\": []"), "none", "6.12", POLICY_TABLE_X86_64),
			 POLICY_VERDICT(POLICY_ALLOW_LOGGED, 0));
}

#define WITH(rest) "{ \"defaultAction\": \"SCMP_ACT_ALLOW\", " rest " }"

static void other_machines_architectures_have_no_calls_here(void **state)
{
	static const __u32 closed = POLICY_VERDICT(POLICY_KILL_THREAD, 0);
	static const struct {
		const char *profile;
		__u32 i386;
	} with[] = {
		{WITH("\"architectures\": [\"SCMP_ARCH_X86_64\", \"SCMP_ARCH_AARCH64\", "
		      "\"SCMP_ARCH_S390X\"]"),
		 closed},
		{WITH("\"architectures\": [\"SCMP_ARCH_RISCV64\", \"SCMP_ARCH_X86\", "
		      "\"SCMP_ARCH_X86_64\"]"),
		 0},
		{WITH("\"archMap\": [ { \"architecture\": \"SCMP_ARCH_AARCH64\", "
		      "\"subArchitectures\": [\"SCMP_ARCH_ARM\"] }, { \"architecture\": "
		      "\"SCMP_ARCH_X86_64\", \"subArchitectures\": [\"SCMP_ARCH_X86\", "
		      "\"SCMP_ARCH_X32\"] } ]"),
		 0},
		{WITH("\"archMap\": [ { \"architecture\": \"SCMP_ARCH_X86_64\", "
		      "\"subArchitectures\": null }, { \"architecture\": \"SCMP_ARCH_X86_64\", "
		      "\"subArchitectures\": [\"SCMP_ARCH_X86\"] } ]"),
		 closed},
		{WITH("\"architectures\": [], \"archMap\": null"), closed},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(with) / sizeof(with[0]); i++) {
		assert_int_equal(verdict_of(with[i].profile, "none", "6.12", POLICY_TABLE_X86_64),
				 0);
		assert_int_equal(verdict_of(with[i].profile, "none", "6.12", POLICY_TABLE_I386),
				 with[i].i386);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_entry_counts_for_whom_it_is_meant),
		cmocka_unit_test(what_is_empty_is_not_there),
		cmocka_unit_test(other_machines_architectures_have_no_calls_here),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
