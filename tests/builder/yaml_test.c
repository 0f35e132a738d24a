// SPDX-License-Identifier: GPL-2.0
/* What is wrong in a vKernel profile is refused with its place; what is right becomes a policy. */
#include <endian.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "builder/source.h"
#include "lib/cleanup.h"
#include "lib/yaml.h"

#define S "schema: 1\n"

/* Returns 0 and the policy, or -1 and why not. */
static int compile(const char *text, size_t size, void **blob, struct policy *policy,
		   struct error *err)
{
	const struct sources_context context = {.capabilities = CAPABILITIES_ALL, .kernel = "6.12"};
	struct profile *profile = profile_new();
	struct sources sources = {0};
	struct sources_said said;
	size_t blob_size;
	int ret = -1;

	assert_non_null(profile);
	*blob = NULL;
	if (!sources_read_bytes(&sources, "p.yaml", text, size, SOURCE_UNKNOWN, err) &&
	    !sources_add(&sources, &context, profile, &said, err) &&
	    !profile_emit(profile, blob, &blob_size, err))
		ret = blob_parse("p", *blob, blob_size, policy, err);
	sources_free(&sources);
	profile_free(profile);
	return ret;
}

static const struct {
	const char *text;
	const char *message;
} rows[] = {
	{"", "p.yaml is empty; it must hold a profile"},
	{"# only words\n", "p.yaml is empty"},
	{"[1]\n", "p.yaml:1:1: must be a mapping (\"key: value\" lines), not a list"},
	{"1\n", "p.yaml:1:1: must be a mapping (\"key: value\" lines), not a single value"},
	{"name: x\n", "p.yaml:1:1: key \"schema\" is missing"},
	{"schema: 2\n", "p.yaml:1:1: schema: 2 is not known; this program reads schema 1"},
	{"schema: one\n", "p.yaml:1:1: schema: \"one\" is no number; write it as 16 or 0x10"},
	{"schema: -1\n", "p.yaml:1:1: schema: \"-1\" is no number; write it as 16 or 0x10"},
	{"schema: 010\n", "p.yaml:1:1: schema: \"010\" is no number; write it as 16 or 0x10"},
	{"schema: 4294967297\n", "p.yaml:1:1: schema: 4294967297 is too large"},
	{S "nmae: x\n",
	 "p.yaml:2:1: nmae: unknown key; there are: schema, name, seccomp, apparmor, "
	 "apparmor-profile, capabilities, log, excess, clone3, files, default-action, "
	 "default-errno, architectures, syscalls"},
	{S "name: a\nexcess: kill\nname: b\n",
	 "p.yaml:4:1: key \"name\" stands twice; the first is on line 2"},
	{S "name:\n", "p.yaml:2:1: name: has no value; leave the key out, or give it one"},
	{S "name: ~\n", "p.yaml:2:1: name: has no value; leave the key out, or give it one"},
	{S "name: \"a\\u00e9\"\n",
	 "p.yaml:2:1: name: the policy's name has byte 0xc3 at offset 1; it "
	 "must be printable ASCII"},
	{S "name: \"a\\0b\"\n", "p.yaml:2:7: a zero byte stands in this text"},
	{S "\tname: x\n", "p.yaml:2:1: a tab stands here; YAML indents with spaces"},
	{S "log:\n\tmode: deny\n", "p.yaml:3:1: a tab stands here; YAML indents with spaces"},
	{S "name: [a\n", "p.yaml:3:1: not YAML: did not find expected ',' or ']', while parsing a "
			 "flow sequence (line 2)"},
	{S "name: \x01\n", "p.yaml:2:7: not YAML: control characters are not allowed"},
	{S "name: \xff\n", "p.yaml:2:7: not YAML: invalid leading UTF-8 octet"},
	{S "name: &a x\n", "p.yaml:2:7: anchors and aliases are not read; write the value out"},
	{S "name: *a\n", "p.yaml:2:7: anchors and aliases are not read; write the value out"},
	{S "name: !!str x\n", "p.yaml:2:7: tags (!...) are not read; leave it out"},
	{S "? [a]\n: b\n", "p.yaml:2:3: a key must be a plain word"},
	{S "---\nschema: 1\n", "p.yaml:2:1: a second document begins here; a file holds one"},
	{S "futex: private\n",
	 "p.yaml:2:1: futex: not built yet: no policy can hold it; leave it out"},
	{S "scheduling: {policy: fifo}\n",
	 "p.yaml:2:1: scheduling: not built yet: no policy can hold it; leave it out"},
	{S "name: x\nmemory:\n  overcommit: 1\n",
	 "p.yaml:3:1: memory: not built yet: no policy can hold it; leave it out"},
	{S "parameters: []\n",
	 "p.yaml:2:1: parameters: not built yet: no policy can hold it; leave it out"},
	{S "excess: murder\n", "p.yaml:2:1: excess: \"murder\" is none of: report, kill"},
	{S "excess: 1\n", "p.yaml:2:1: excess: \"1\" is none of: report, kill"},
	{S "clone3: clone\n", "p.yaml:2:1: clone3: \"clone\" is none of: as-clone, as-written"},
	{S "log: deny\n", "p.yaml:2:1: log: must be a mapping (\"key: value\" lines), not a single "
			  "value"},
	{S "log:\n", "p.yaml:2:1: log: has no value; it must be a mapping (\"key: value\" lines)"},
	{S "log: {size: 64K}\n", "p.yaml:2:1: log: key \"mode\" is missing"},
	{S "log: {mode: loud}\n", "p.yaml:2:7: log.mode: \"loud\" is none of: private, deny, host"},
	{S "log:\n  mode: deny\n  size: 64K\n",
	 "p.yaml:4:3: log.size: only a private log has a size"},
	{S "log:\n  mode: private\n  size: 1\n",
	 "p.yaml:4:3: log.size: \"1\" is no size of a private log: there are 4096 (4K) to 16777216 "
	 "(16M) bytes, with K or M behind the number or nothing"},
	{S "capabilities: all\n", "p.yaml:2:1: capabilities: must be a list, not a single value"},
	{S "capabilities:\n  - CAP_CHOWN\n  - CAP_NOTHING\n",
	 "p.yaml:4:5: capabilities[1]: \"CAP_NOTHING\" is no capability; names are as in "
	 "capabilities(7), or all, none, default"},
	{S "capabilities: [\"chown,kill\"]\n",
	 "p.yaml:2:16: capabilities[0]: \"chown,kill\" is no capability; names are as in "
	 "capabilities(7), or all, none, default"},
	{S "apparmor-profile: x\n",
	 "p.yaml:2:1: apparmor-profile: says nothing without \"apparmor\""},
	{S "seccomp: absent.json\n",
	 "p.yaml:2:1: seccomp: cannot open absent.json: No such file or "
	 "directory"},
	{S "files: /a r\n", "p.yaml:2:1: files: must be a list, not a single value"},
	{S "files:\n  - /a q\n", "p.yaml:3:8: unknown permission 'q'; there are r, w, a, m, k, l, "
				 "ix, and x in deny rules"},
	{S "files:\n  - /a r\n  - /b{c r\n", "p.yaml:4:7: this { has no }"},
	{S "files: [/a r, capability]\n", "p.yaml:2:15: only file rules may stand here; others "
					  "belong into an AppArmor profile"},
	{S "files:\n  - include <x>\n", "p.yaml:3:5: only file rules may stand here; others belong "
					"into an AppArmor profile"},
	{S "files: [\"/a r, }\"]\n", "p.yaml:2:16: '}' ends nothing here"},
	{S "files: ['deny \"/x', '/y\" r']\n",
	 "p.yaml:2:15: no '\"' on this line ends what begins here"},
	{S "files: [a r]\n", "p.yaml:2:9: \"a\" begins no rule that there is"},
	{S "default-errno: 1\n", "p.yaml:2:1: default-errno: says nothing without "
				 "\"default-action\""},
	{S "architectures: [SCMP_ARCH_X86_64]\n",
	 "p.yaml:2:1: architectures: says nothing without \"default-action\""},
	{S "default-action: SCMP_ACT_ERRNO\ndefault-errno: ENOTHING\n",
	 "p.yaml:3:1: default-errno: unknown errno \"ENOTHING\""},
	{S "default-action: SCMP_ACT_ERRNO\ndefault-errno: 5000\n",
	 "p.yaml:3:1: default-errno: 5000 is not within 0 to 4095"},
	{S "default-action: DENY\n",
	 "p.yaml:2:1: default-action: unknown action \"DENY\"; they are SCMP_ACT_ALLOW, ERRNO, "
	 "LOG, "
	 "TRAP, KILL, KILL_THREAD, KILL_PROCESS, and VKERNEL_ACT_PRIVATE"},
	{S "syscalls:\n  - action: SCMP_ACT_ERRNO\n",
	 "p.yaml:3:5: syscalls[0]: key \"names\" is missing"},
	{S "syscalls:\n  - {names: [], action: SCMP_ACT_ERRNO}\n",
	 "p.yaml:3:6: syscalls[0].names: has 0 elements; 1 to 65536 may be there"},
	{S "syscalls:\n  - {names: [ptrace], action: SCMP_ACT_ALLOW}\n",
	 "p.yaml:3:23: syscalls[0].action: allowing adds nothing, because without "
	 "\"default-action\" all that no entry names is allowed, and of several sources the "
	 "strictest counts"},
	{S "syscalls:\n  - {names: [ptrace, ptrase], action: SCMP_ACT_ERRNO}\n",
	 "p.yaml:3:22: syscalls[0].names[1]: unknown system call \"ptrase\": neither Linux nor "
	 "libseccomp has heard of it; if it is newer than both, build with --ignore-unknown"},
	{S "syscalls:\n- names: [read]\n  action: SCMP_ACT_ERRNO\n  errno: EWHAT\n",
	 "p.yaml:5:3: syscalls[0].errno: unknown errno \"EWHAT\""},
	{S "syscalls:\n- names: [read]\n  action: SCMP_ACT_ERRNO\n  args:\n  - {index: 6, op: "
	   "SCMP_CMP_EQ}\n",
	 "p.yaml:6:6: syscalls[0].args[0].index: 6 is not within 0 to 5"},
	{S "syscalls:\n- names: [read]\n  action: SCMP_ACT_ERRNO\n  args:\n  - {index: 0, value: "
	   "0xffffffffffffffff, op: SCMP_CMP_EQ}\n",
	 "p.yaml:6:16: syscalls[0].args[0].value: -1 is not within 0 to 9223372036854775807"},
	{S
	 "syscalls:\n- names: [read]\n  action: SCMP_ACT_ERRNO\n  includes: {caps: [CAP_CHOWN]}\n",
	 "p.yaml:5:3: syscalls[0].includes: unknown key; there are: names, action, errno, call, "
	 "args"},
	{S "syscalls:\n- names: [socket]\n  action: SCMP_ACT_ERRNO\n  args: [{index: 0, value: 1, "
	   "op: SCMP_CMP_LE}]\n- names: [socket]\n  action: SCMP_ACT_TRAP\n  args: [{index: 0, "
	   "value: 0, op: SCMP_CMP_GE}]\n",
	 "p.yaml:6:11: syscalls[1].names[0]: socket: this entry answers SIGSYS under conditions "
	 "and "
	 "syscalls[0] (line 3) answers EPERM under conditions: which one counts would depend on "
	 "their order; make their conditions exclude each other"},
};

static bool refused_so(const char *text, const char *message)
{
	struct policy policy;
	struct error err;
	void *blob;
	int ret = compile(text, strlen(text), &blob, &policy, &err);

	free(blob);
	if (ret && err.status == EXIT_USAGE && !strncmp(err.text, message, strlen(message)))
		return true;
	print_error("%s\nsays %s\nnot  %s\n", text, ret ? err.text : "nothing", message);
	return false;
}

static void what_is_wrong_is_refused_with_its_place(void **state)
{
	bool good = true;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		good &= refused_so(rows[i].text, rows[i].message);
	assert_true(good);
}

/* Each of these would take a reader that follows it minutes or gigabytes. */
static void what_would_take_ages_is_refused_at_once(void **state)
{
	static const char laughs[] =
		S "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nd: [*c, *c]\n";
	const size_t large = 10000000;
	char *text = malloc(large + 1);
	struct policy policy;
	struct error err;
	void *blob;

	(void)state;
	assert_non_null(text);
	assert_int_equal(compile(laughs, strlen(laughs), &blob, &policy, &err), -1);
	assert_string_equal(err.text,
			    "p.yaml:2:4: anchors and aliases are not read; write the value out");

	memset(text, '[', large);
	assert_int_equal(compile(text, large, &blob, &policy, &err), -1);
	assert_string_equal(err.text, "p.yaml is larger than 4194304 bytes, the most that is read");
	assert_int_equal(compile(text, SOURCE_TEXT_MAX, &blob, &policy, &err), -1);
	assert_string_equal(err.text, "p.yaml has 4194304 bytes; at most 1048576 are read");
	assert_int_equal(compile(text, YAML_SIZE_MAX, &blob, &policy, &err), -1);
	assert_string_equal(err.text, "p.yaml:1:17: more than 16 levels of nesting");

	text[0] = '\0';
	for (size_t i = 0, used = 0; i < 20000; i++)
		used += sprintf(text + used, "k%zu: 1\n", i);
	assert_int_equal(compile(text, strlen(text), &blob, &policy, &err), -1);
	assert_string_equal(err.text, "p.yaml:257:1: a mapping with more than 256 keys");
	free(text);
}

static void read_profile(const char *text, void **blob, struct policy *policy)
{
	struct error err;

	if (compile(text, strlen(text), blob, policy, &err))
		fail_msg("%s\n%s", text, err.text);
}

static void each_key_becomes_what_it_says(void **state)
{
	autofree void *blob = NULL;
	struct policy policy;

	(void)state;
	read_profile(S "name: web server\ncapabilities: [chown, CAP_KILL]\nexcess: kill\n"
		       "log:\n  mode: private\n  size: 64K\n",
		     &blob, &policy);
	assert_int_equal(policy.name_size, 10);
	assert_memory_equal(policy.name, "web server", 10);
	assert_true(policy.restricts_capabilities);
	assert_int_equal(policy.capabilities, 1 << 0 | 1 << 5);
	assert_int_equal(policy.excess, POLICY_EXCESS_KILL);
	assert_int_equal(policy.log, POLICY_LOG_PRIVATE);
	assert_int_equal(policy.log_size, 64 << 10);
	assert_null(policy.tables[POLICY_TABLE_X86_64].header);
	assert_int_equal(policy.files.states, 0);
}

static void no_capabilities_are_not_the_same_as_none_stated(void **state)
{
	autofree void *none = NULL, *unstated = NULL;
	struct policy policy;

	(void)state;
	read_profile(S "capabilities: []\n", &none, &policy);
	assert_true(policy.restricts_capabilities);
	assert_int_equal(policy.capabilities, 0);
	read_profile(S "excess: kill\n", &unstated, &policy);
	assert_false(policy.restricts_capabilities);
}

#define READ   0
#define SOCKET 41
#define PTRACE 101

static __u32 decide(const struct policy *policy, enum policy_table_index table, unsigned int call,
		    __u64 first)
{
	const __u64 arguments[6] = {first};

	return policy_decide(&policy->tables[table], call, arguments);
}

static void calls_without_a_default_are_refusals_beside_others(void **state)
{
	autofree void *blob = NULL;
	struct policy policy;
	const struct policy_table *table;

	(void)state;
	read_profile(S "syscalls:\n- names: [ptrace]\n  action: SCMP_ACT_ERRNO\n  errno: ENOSYS\n"
		       "- names: [socket]\n  action: SCMP_ACT_ERRNO\n  errno: 97\n"
		       "  args: [{index: 0, value: 17, op: SCMP_CMP_EQ}]\n",
		     &blob, &policy);
	table = &policy.tables[POLICY_TABLE_X86_64];
	assert_int_equal(table->header->flags, htole32(POLICY_SYSCALLS_PARTIAL));
	assert_int_equal(decide(&policy, POLICY_TABLE_X86_64, PTRACE, 0),
			 POLICY_VERDICT(POLICY_ERRNO, 38));
	assert_int_equal(decide(&policy, POLICY_TABLE_X86_64, SOCKET, 17),
			 POLICY_VERDICT(POLICY_ERRNO, 97));
	assert_int_equal(decide(&policy, POLICY_TABLE_X86_64, SOCKET, 2), 0);
	assert_int_equal(decide(&policy, POLICY_TABLE_X86_64, READ, 0), 0);
	/* ptrace of i386 */
	assert_int_equal(decide(&policy, POLICY_TABLE_I386, 26, 0),
			 POLICY_VERDICT(POLICY_ERRNO, 38));
	assert_int_equal(decide(&policy, POLICY_TABLE_I386, 3, 0), 0);
}

static void calls_with_a_default_are_a_whole_profile(void **state)
{
	autofree void *blob = NULL, *both = NULL;
	struct policy policy;

	(void)state;
	read_profile(S "default-action: SCMP_ACT_ERRNO\ndefault-errno: ENOSYS\n"
		       "syscalls: [{names: [read], action: SCMP_ACT_ALLOW}]\n",
		     &blob, &policy);
	assert_int_equal(policy.tables[POLICY_TABLE_X86_64].header->flags, 0);
	assert_int_equal(decide(&policy, POLICY_TABLE_X86_64, READ, 0), 0);
	assert_int_equal(decide(&policy, POLICY_TABLE_X86_64, PTRACE, 0),
			 POLICY_VERDICT(POLICY_ERRNO, 38));
	assert_int_equal(decide(&policy, POLICY_TABLE_I386, 3, 0),
			 POLICY_VERDICT(POLICY_KILL_THREAD, 0));
	read_profile(S "default-action: SCMP_ACT_ERRNO\n"
		       "architectures: [SCMP_ARCH_X86_64, SCMP_ARCH_X86]\n"
		       "syscalls: [{names: [read], action: SCMP_ACT_ALLOW}]\n",
		     &both, &policy);
	assert_int_equal(decide(&policy, POLICY_TABLE_I386, 3, 0), 0);
}

static const struct policy_accept *ask(const struct policy *policy, const char *path)
{
	return files_match(&policy->files, path, strlen(path));
}

static unsigned int allowed(const struct policy *policy, const char *path)
{
	const struct policy_accept *accept = ask(policy, path);

	return le16toh(accept->allowed[POLICY_OTHERS]) & ~le16toh(accept->denied[POLICY_OTHERS]);
}

static void a_comment_in_a_file_rule_hides_no_other(void **state)
{
	static const char *const lists[] = {
		S "files: ['deny /x r, # one', 'deny /y r', deny /z r]\n",
		S "files:\n  - \"deny /x r,\\n\\n\\n# one\"\n  - deny /y r\n  - deny /z r\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		autofree void *blob = NULL;
		struct policy policy;

		read_profile(lists[i], &blob, &policy);
		assert_int_equal(allowed(&policy, "/x") & POLICY_FILE_READ, 0);
		assert_int_equal(allowed(&policy, "/y") & POLICY_FILE_READ, 0);
		assert_int_equal(allowed(&policy, "/z") & POLICY_FILE_READ, 0);
	}
}

static void file_rules_stand_alone(void **state)
{
	autofree void *blob = NULL, *denying = NULL;
	struct policy policy;

	(void)state;
	read_profile(S "files:\n  - /etc/** r\n  - 'deny /etc/shadow rw,'\n  - \"/a\\\\ b rw\"\n"
		       "  - owner /home/** rw\n",
		     &blob, &policy);
	assert_int_equal(allowed(&policy, "/etc/passwd"), POLICY_FILE_READ);
	assert_int_equal(allowed(&policy, "/etc/shadow"), 0);
	assert_int_equal(allowed(&policy, "/a b"),
			 POLICY_FILE_READ | POLICY_FILE_WRITE | POLICY_FILE_APPEND);
	assert_int_equal(allowed(&policy, "/home/x"), 0);
	assert_int_equal(allowed(&policy, "/usr/bin/sh"), 0);
	assert_false(policy.restricts_access);
	read_profile(S "files: [deny /etc/shadow rw]\n", &denying, &policy);
	assert_int_equal(allowed(&policy, "/etc/shadow") & POLICY_FILE_READ, 0);
	assert_int_equal(allowed(&policy, "/usr/bin/sh"), POLICY_FILE_ALL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_wrong_is_refused_with_its_place),
		cmocka_unit_test(what_would_take_ages_is_refused_at_once),
		cmocka_unit_test(each_key_becomes_what_it_says),
		cmocka_unit_test(no_capabilities_are_not_the_same_as_none_stated),
		cmocka_unit_test(calls_without_a_default_are_refusals_beside_others),
		cmocka_unit_test(calls_with_a_default_are_a_whole_profile),
		cmocka_unit_test(file_rules_stand_alone),
		cmocka_unit_test(a_comment_in_a_file_rule_hides_no_other),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
