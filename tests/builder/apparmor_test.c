// SPDX-License-Identifier: GPL-2.0
/* What each form of an AppArmor rule becomes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <errno.h>
#include <linux/capability.h>
#include <string.h>

#include "lib/cleanup.h"
#include "tests/builder/apparmor.h"

#define CAP(name) (UINT64_C(1) << CAP_##name)

static const struct {
	const char *body, *rules;
} file_rows[] = {
	{"/a r,", "/a r [/a r] p:2:1\n"},
	{"r /a,", "/a r [r /a] p:2:1\n"},
	{"file /a r,", "/a r [/a r] p:2:1\n"},
	{"file r /a,", "/a r [r /a] p:2:1\n"},
	{"allow /a r,", "/a r [/a r] p:2:1\n"},
	{"/a w,", "/a wa [/a w] p:2:1\n"},
	{"/a a,", "/a a [/a a] p:2:1\n"},
	{"/a ix,", "/a xm [/a ix] p:2:1\n"},
	{"/a rwmlkix,", "/a rwaxmlk [/a rwmlkix] p:2:1\n"},
	{"/a mrixwlk,", "/a rwaxmlk [/a mrixwlk] p:2:1\n"},
	{"/a rr,", "/a r [/a rr] p:2:1\n"},
	{"deny /a x,", "deny /a x [deny /a x] p:2:1\n"},
	{"deny /a wklx,", "deny /a waxlk [deny /a wklx] p:2:1\n"},
	{"owner /a r,", "owner /a r [owner /a r] p:2:1\n"},
	{"audit deny owner /a r,", "deny owner audit /a r [audit deny owner /a r] p:2:1\n"},
	{"audit /a r,", "audit /a r [audit /a r] p:2:1\n"},
	{"owner { /a r, /b w, }",
	 "owner /a r [owner /a r] p:2:9\nowner /b wa [owner /b w] p:2:15\n"},
	{"audit owner {\n  /a r,\n  deny /b w,\n}",
	 "owner audit /a r [audit owner /a r] p:3:3\n"
	 "deny owner audit /b wa [audit deny owner /b w] p:4:3\n"},
	{"file,", "/{**,} rwaxmlk [file] p:2:1\n"},
	{"deny file,", "deny /{**,} rwaxmlk [deny file] p:2:1\n"},
	{"owner file,", "owner /{**,} rwaxmlk [owner file] p:2:1\n"},
	{"all,", "/{**,} rwaxmlk [all] p:2:1\n"},
	{"dbus (send) bus=session member={A,B} peer=(name=x, label={y,z}),\n/a r,",
	 "/a r [/a r] p:3:1\n"},
	{"\"/a b\" r,", "/a b r [\"/a b\" r] p:2:1\n"},
	{"/a\\ b r,", "/a\\ b r [/a\\ b r] p:2:1\n"},
	{"/a{,32}/[^x]*? r,", "/a{,32}/[^x]*? r [/a{,32}/[^x]*? r] p:2:1\n"},
	{"/a r,/b r,", "/a r [/a r] p:2:1\n/b r [/b r] p:2:6\n"},
	{"/a # why\n  r # not\n  ,", "/a r [/a r] p:2:1\n"},
	{"\n\n   /a r,", "/a r [/a r] p:4:4\n"},
};

static void each_form_of_a_file_rule(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(file_rows) / sizeof(file_rows[0]); i++) {
		autofree char *rules = NULL;
		struct error err;
		struct profile *profile = read_body(file_rows[i].body, NULL, &err);

		if (!profile)
			fail_msg("%s: %s", file_rows[i].body, err.text);
		rules = say_rules(profile);
		assert_string_equal(rules, file_rows[i].rules);
		assert_true(profile->restricts_files);
		profile_free(profile);
	}
}

static struct profile *must_read(const char *text)
{
	struct error err;
	struct profile *profile = read_apparmor(text, NULL, &err);

	if (!profile)
		fail_msg("%s: %s", text, err.text);
	return profile;
}

static struct profile *must_read_body(const char *body)
{
	struct error err;
	struct profile *profile = read_body(body, NULL, &err);

	if (!profile)
		fail_msg("%s: %s", body, err.text);
	return profile;
}

static void variables_become_all_their_values(void **state)
{
	autofree char *rules = NULL;
	struct profile *profile = must_read("@{A}=/a/ /b/\n"
					    "@{A} += \"/c d/\"\n# not this\n"
					    "@{B} = x@{C} \\\n y\n"
					    "@{C}=1 2\n"
					    "profile p {\n"
					    "  @{A}/@{B} r,\n"
					    "  /@{profile_name}/ w,\n"
					    "}\n");

	(void)state;
	rules = say_rules(profile);
	assert_string_equal(rules, "/a/x1 r [@{A}/@{B} r] p:8:3\n"
				   "/a/x2 r [@{A}/@{B} r] p:8:3\n"
				   "/a/y r [@{A}/@{B} r] p:8:3\n"
				   "/b/x1 r [@{A}/@{B} r] p:8:3\n"
				   "/b/x2 r [@{A}/@{B} r] p:8:3\n"
				   "/b/y r [@{A}/@{B} r] p:8:3\n"
				   "/c d/x1 r [@{A}/@{B} r] p:8:3\n"
				   "/c d/x2 r [@{A}/@{B} r] p:8:3\n"
				   "/c d/y r [@{A}/@{B} r] p:8:3\n"
				   "/p/ wa [/@{profile_name}/ w] p:9:3\n");
	profile_free(profile);
}

static void capabilities_are_those_that_both_allow(void **state)
{
	static const struct {
		const char *body;
		uint64_t capabilities;
	} rows[] = {
		{"", 0},
		{"capability,", CAP(CHOWN) | CAP(NET_RAW) | CAP(SYS_ADMIN)},
		{"capability chown kill,", CAP(CHOWN)},
		{"capability chown,\ncapability net_raw,", CAP(CHOWN) | CAP(NET_RAW)},
		{"capability,\naudit deny capability sys_admin,", CAP(CHOWN) | CAP(NET_RAW)},
		{"deny capability chown,\ncapability chown,", 0},
		{"capability,\ndeny capability,", 0},
		{"all,", CAP(CHOWN) | CAP(NET_RAW) | CAP(SYS_ADMIN)},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		autofree char *text = NULL;
		struct apparmor_context context = {.file = "p"};
		struct profile *profile = profile_new();
		struct error err;

		assert_non_null(profile);
		assert_true(asprintf(&text, "profile p {\n%s\n}", rows[i].body) > 0);
		context.text = text;
		context.size = strlen(text);
		profile_set_capabilities(profile, CAP(CHOWN) | CAP(NET_RAW) | CAP(SYS_ADMIN));
		if (profile_add_apparmor(profile, &context, &err))
			fail_msg("%s", err.text);
		if (profile->capabilities != rows[i].capabilities)
			fail_msg("%s: capabilities 0x%llx", rows[i].body,
				 (unsigned long long)profile->capabilities);
		profile_free(profile);
	}
}

#define STREAM	  0x2
#define DGRAM	  0x4
#define RAW	  0x8
#define ALL_TYPES 0x43e

static void network_rules_are_kinds_of_sockets(void **state)
{
	static const struct {
		const char *body;
		__u16 local, inet, inet6, netlink, packet;
	} rows[] = {
		{"", 0, 0, 0, 0, 0},
		{"network,", 0x7fe, 0x7fe, 0x7fe, 0x7fe, 0x7fe},
		{"all,", 0x7fe, 0x7fe, 0x7fe, 0x7fe, 0x7fe},
		{"network inet,", 0, ALL_TYPES, 0, 0, 0},
		{"network packet,", 0, 0, 0, 0, ALL_TYPES},
		{"network inet stream,", 0, STREAM, 0, 0, 0},
		{"network stream,", STREAM, STREAM, STREAM, STREAM, STREAM},
		{"network tcp,", 0, STREAM, STREAM, 0, 0},
		{"network inet6 udp,", 0, 0, DGRAM, 0, 0},
		{"network icmp,", 0, RAW, 0, 0, 0},
		{"network netlink raw,\nnetwork inet tcp,", 0, STREAM, 0, RAW, 0},
		{"network inet,\ndeny network inet raw,", 0, ALL_TYPES & ~RAW, 0, 0, 0},
		{"network inet,\ndeny network,", 0, 0, 0, 0, 0},
		{"unix,", ALL_TYPES, 0, 0, 0, 0},
		{"unix (create) type=stream,", STREAM, 0, 0, 0, 0},
		{"unix (getattr, getopt),", 0, 0, 0, 0, 0},
		{"unix (send receive) peer=(label=unconfined),", 0, 0, 0, 0, 0},
		{"unix peer=(label=@{profile_name}),", ALL_TYPES, 0, 0, 0, 0},
		{"network unix,\nunix addr=@x peer=(label=y, addr=@z),", ALL_TYPES, 0, 0, 0, 0},
		{"network unix,\ndeny unix type=dgram,", ALL_TYPES & ~DGRAM, 0, 0, 0, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct profile *profile = must_read_body(rows[i].body);
		const __u16 *types = profile->socket_types;

		if (types[1] != rows[i].local || types[2] != rows[i].inet ||
		    types[10] != rows[i].inet6 || types[16] != rows[i].netlink ||
		    types[17] != rows[i].packet)
			fail_msg("%s: %x %x %x %x %x", rows[i].body, types[1], types[2], types[10],
				 types[16], types[17]);
		assert_true(profile->restricts_access);
		profile_free(profile);
	}
}

static void signals_and_tracing_are_those_within_the_container(void **state)
{
	static const struct {
		const char *body;
		__u32 access;
	} rows[] = {
		{"", 0},
		{"all,", POLICY_ACCESS_ALL},
		{"signal,", POLICY_ACCESS_SIGNAL},
		{"signal (send),", 0},
		{"signal (send, receive) peer=p,", POLICY_ACCESS_SIGNAL},
		{"signal send peer=@{profile_name},\nsignal receive,", POLICY_ACCESS_SIGNAL},
		{"signal (receive) peer={runc,crun},\nsignal (receive) peer=x{1,2},", 0},
		{"signal (receive) peer=runc,\nsignal (receive) peer=unconfined,", 0},
		{"signal set=(\"exists\"),", 0},
		{"signal,\nsignal (send) set=(term kill) peer=other,", POLICY_ACCESS_SIGNAL},
		{"signal,\ndeny signal (send),", 0},
		{"signal,\ndeny signal (send) peer=unconfined,", POLICY_ACCESS_SIGNAL},
		{"ptrace,", POLICY_ACCESS_PTRACE | POLICY_ACCESS_READ},
		{"ptrace (trace,read,tracedby,readby) peer=p,",
		 POLICY_ACCESS_PTRACE | POLICY_ACCESS_READ},
		{"ptrace (readby),\nptrace (tracedby),\nptrace (read) peer=@{profile_name},",
		 POLICY_ACCESS_READ},
		{"ptrace (trace tracedby),", POLICY_ACCESS_PTRACE},
		{"ptrace (tracedby readby) peer=/usr/bin/gdb,", 0},
		{"ptrace,\ndeny ptrace (trace),", POLICY_ACCESS_READ},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct profile *profile = must_read_body(rows[i].body);

		if (profile->access != rows[i].access)
			fail_msg("%s: %x", rows[i].body, profile->access);
		profile_free(profile);
	}
}

static void complain_refuses_nothing_but_tells(void **state)
{
	struct profile *profile = must_read("profile p flags=(attach_disconnected complain) {\n"
					    "  deny /a r,\n  deny mount,\n}\n");

	(void)state;
	assert_true(profile->files.complain);
	assert_int_equal(profile->files.count, 1);
	assert_false(profile->restricts_access);
	assert_true(profile->capabilities == CAPABILITIES_ALL);
	assert_false(profile->tables[POLICY_TABLE_X86_64].present);
	profile_free(profile);
}

static void the_audit_flag_is_for_all_rules_that_allow(void **state)
{
	struct profile *profile = must_read("/usr/bin/x flags=(audit) { /a r, deny /b r, }");

	(void)state;
	assert_true(profile->files.rules[0].audit);
	assert_false(profile->files.rules[1].audit);
	profile_free(profile);
}

static void one_of_several_profiles_can_be_chosen(void **state)
{
	static const char text[] = "profile a { /a r, profile inner { /{x,y} r, } }\n"
				   "profile \"b c\" /usr/bin/b { /b r, }\n"
				   "/usr/{a,b} { /c r, }\n";
	static const struct {
		const char *name, *rules;
	} rows[] = {
		{"b c", "/b r [/b r] p:2:28\n"},
		{"/usr/{a,b}", "/c r [/c r] p:3:14\n"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct apparmor_context context = {
			.file = "p",
			.text = text,
			.size = sizeof(text) - 1,
			.profile = rows[i].name,
		};
		struct profile *profile = profile_new();
		autofree char *rules = NULL;
		struct error err;

		assert_non_null(profile);
		if (profile_add_apparmor(profile, &context, &err))
			fail_msg("%s", err.text);
		rules = say_rules(profile);
		assert_string_equal(rules, rows[i].rules);
		profile_free(profile);
	}
}

/* What moby renders of its template, without its includes. */
static void dockers_profile(void **state)
{
	static const char expected[] =
		"/{**,} rwaxmlk [file] p:5:3\n"
		"deny /proc//* wa [deny @{PROC}/* w] p:10:3\n"
		"deny /proc//{[^1-9],[^1-9][^0-9],[^1-9s][^0-9y][^0-9s],"
		"[^1-9][^0-9][^0-9][^0-9/]*}/** wa [deny @{PROC}/{[^1-9],[^1-9][^0-9],"
		"[^1-9s][^0-9y][^0-9s],[^1-9][^0-9][^0-9][^0-9/]*}/** w] p:11:3\n"
		"deny /proc//sys/[^k]** wa [deny @{PROC}/sys/[^k]** w] p:12:3\n"
		"deny /proc//sys/kernel/{?,??,[^s][^h][^m]**} wa "
		"[deny @{PROC}/sys/kernel/{?,??,[^s][^h][^m]**} w] p:13:3\n"
		"deny /proc//kcore rwaxlk [deny @{PROC}/kcore rwklx] p:14:3\n"
		"deny /sys/[^f]*/** waxlk [deny /sys/[^f]*/** wklx] p:16:3\n"
		"deny /sys/firmware/** rwaxlk [deny /sys/firmware/** rwklx] p:17:3\n";
	struct profile *profile =
		must_read("@{PROC}=/proc/\n"
			  "profile docker-default flags=(attach_disconnected,mediate_deleted) {\n"
			  "  network,\n"
			  "  capability,\n"
			  "  file,\n"
			  "  umount,\n"
			  "  signal (receive) peer=unconfined,\n"
			  "  signal (receive) peer=runc,\n"
			  "  signal (send,receive) peer=docker-default,\n"
			  "  deny @{PROC}/* w,   # deny write for all files directly in /proc\n"
			  "  deny @{PROC}/{[^1-9],[^1-9][^0-9],[^1-9s][^0-9y][^0-9s],"
			  "[^1-9][^0-9][^0-9][^0-9/]*}/** w,\n"
			  "  deny @{PROC}/sys/[^k]** w,\n"
			  "  deny @{PROC}/sys/kernel/{?,??,[^s][^h][^m]**} w,\n"
			  "  deny @{PROC}/kcore rwklx,\n"
			  "  deny mount,\n"
			  "  deny /sys/[^f]*/** wklx,\n"
			  "  deny /sys/firmware/** rwklx,\n"
			  "  ptrace (trace,read,tracedby,readby) peer=docker-default,\n"
			  "}\n");
	autofree char *rules = say_rules(profile);

	(void)state;
	assert_string_equal(rules, expected);
	assert_int_equal(profile->access, POLICY_ACCESS_ALL);
	assert_int_equal(profile->socket_types[1], 0x7fe);
	profile_free(profile);
}

static void an_allowed_everything_gives_way_to_a_profile(void **state)
{
	const struct apparmor_context context = {
		.file = "p", .text = "profile p { /a r, }", .size = 19};
	struct profile *profile = profile_new();
	autofree char *rules = NULL;
	struct error err;

	(void)state;
	assert_non_null(profile);
	assert_int_equal(profile_add_masked_path(profile, "/proc/kcore", &err), 0);
	assert_int_equal(profile_add_apparmor(profile, &context, &err), 0);
	assert_int_equal(profile_add_readonly_path(profile, "/proc/a[1]*/", &err), 0);
	rules = say_rules(profile);
	assert_string_equal(rules,
			    "/a r [/a r] p:1:13\n"
			    "deny /proc/kcore rwaxmlk [deny /proc/kcore rwlkmx] maskedPaths[0]\n"
			    "deny /proc/kcore/ rwaxmlk [deny /proc/kcore/ rwlkmx] maskedPaths[0]\n"
			    "deny /proc/kcore/** rwaxmlk [deny /proc/kcore/** rwlkmx] "
			    "maskedPaths[0]\n"
			    "deny /proc/a\\[1\\]\\* wal [deny /proc/a\\[1\\]\\* wl] "
			    "readonlyPaths[0]\n"
			    "deny /proc/a\\[1\\]\\*/ wal [deny /proc/a\\[1\\]\\*/ wl] "
			    "readonlyPaths[0]\n"
			    "deny /proc/a\\[1\\]\\*/** wal [deny /proc/a\\[1\\]\\*/** wl] "
			    "readonlyPaths[0]\n");
	/* Another one is a set of rules of its own, which has to allow as well. */
	assert_int_equal(profile_add_apparmor(profile, &context, &err), 0);
	assert_int_equal(profile->files.sets, 2);
	profile_free(profile);
}

static void paths_alone_allow_all_others(void **state)
{
	struct profile *profile = profile_new();
	autofree char *rules = NULL;
	struct error err;

	(void)state;
	assert_non_null(profile);
	assert_int_equal(profile_add_readonly_path(profile, "/", &err), 0);
	assert_int_equal(profile_add_masked_path(profile, "proc", &err), -1);
	assert_string_equal(err.text,
			    "maskedPaths[0]: \"proc\" is not absolute, or has . or .. in it");
	assert_int_equal(profile_add_masked_path(profile, "/a/../b", &err), -1);
	assert_int_equal(profile_add_masked_path(profile, "/a/...b", &err), 0);
	rules = say_rules(profile);
	assert_string_equal(rules,
			    "/{**,} rwaxmlk [/** rwlkmix] readonlyPaths[0]\n"
			    "deny / wal [deny / wl] readonlyPaths[0]\n"
			    "deny /** wal [deny /** wl] readonlyPaths[0]\n"
			    "deny /a/...b rwaxmlk [deny /a/...b rwlkmx] maskedPaths[2]\n"
			    "deny /a/...b/ rwaxmlk [deny /a/...b/ rwlkmx] maskedPaths[2]\n"
			    "deny /a/...b/** rwaxmlk [deny /a/...b/** rwlkmx] maskedPaths[2]\n");
	profile_free(profile);
}

static void parse(struct profile *profile, void **blob, struct policy *policy)
{
	struct error err;
	size_t size;

	if (profile_emit(profile, blob, &size, &err) ||
	    blob_parse("blob", *blob, size, policy, &err))
		fail_msg("%s", err.text);
	profile_free(profile);
}

/* Another policy takes them out of the one before; rules of an AppArmor profile it cannot. */
static void paths_are_found_again_in_a_policy(void **state)
{
	struct profile *profile = profile_new(), *next = profile_new();
	autofree char *before = NULL, *after = NULL;
	autofree void *blob = NULL, *other = NULL;
	struct policy policy;
	struct error err;

	(void)state;
	assert_int_equal(profile_add_masked_path(profile, "/proc/a b*", &err), 0);
	assert_int_equal(profile_add_readonly_path(profile, "/sys/", &err), 0);
	before = say_rules(profile);
	parse(profile, &blob, &policy);
	assert_false(policy_has_apparmor(&policy));
	assert_int_equal(profile_inherit_paths(next, &policy, &err), 0);
	after = say_rules(next);
	assert_string_equal(after, before);
	profile_free(next);

	parse(must_read("profile p flags=(complain) { /a r, }"), &other, &policy);
	assert_true(policy_has_apparmor(&policy));
}

static void no_rules_are_an_apparmor_profile_too(void **state)
{
	autofree void *blob = NULL, *other = NULL;
	struct policy policy;

	(void)state;
	parse(must_read_body(""), &blob, &policy);
	assert_true(policy_has_apparmor(&policy));
	parse(profile_new(), &other, &policy);
	assert_false(policy_has_apparmor(&policy));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_form_of_a_file_rule),
		cmocka_unit_test(variables_become_all_their_values),
		cmocka_unit_test(capabilities_are_those_that_both_allow),
		cmocka_unit_test(network_rules_are_kinds_of_sockets),
		cmocka_unit_test(signals_and_tracing_are_those_within_the_container),
		cmocka_unit_test(complain_refuses_nothing_but_tells),
		cmocka_unit_test(the_audit_flag_is_for_all_rules_that_allow),
		cmocka_unit_test(one_of_several_profiles_can_be_chosen),
		cmocka_unit_test(dockers_profile),
		cmocka_unit_test(an_allowed_everything_gives_way_to_a_profile),
		cmocka_unit_test(paths_alone_allow_all_others),
		cmocka_unit_test(paths_are_found_again_in_a_policy),
		cmocka_unit_test(no_rules_are_an_apparmor_profile_too),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
