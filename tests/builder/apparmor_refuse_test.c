// SPDX-License-Identifier: GPL-2.0
/* What cannot be enforced is refused, and the message says where it stands and what to write. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "lib/cleanup.h"
#include "tests/builder/apparmor.h"

#define OTHER_PROFILE                                                                \
	" runs a program under another profile or none, which does not happen in a " \
	"container: write \"ix\""
#define OTHER_PEER                                                                            \
	"peers are this profile, which is the container, and unconfined, which is the host; " \
	"another cannot be told apart"
#define SUBPROFILE "subprofiles are not read; a container has one profile for all its programs"

struct row {
	const char *text, *message;
};

/* In a profile, whose body begins in line 2. */
static const struct row bodies[] = {
	{"/a rz,",
	 "p:2:5: unknown permission 'z'; there are r, w, a, m, k, l, ix, and x in deny rules"},
	{"/a rW,", "p:2:5: permission 'W' is written 'w'"},
	{"/a wa,", "p:2:5: 'a' and 'w' exclude each other; 'w' is appending too"},
	{"/a raw,", "p:2:6: 'a' and 'w' exclude each other; 'w' is appending too"},
	{"/a rx,", "p:2:5: 'x' alone is for deny rules: write \"ix\""},
	{"/a ri,", "p:2:5: 'i' must be followed by 'x'"},
	{"deny /a ix,", "p:2:9: deny rules have 'x' alone: leave the 'i' out"},
	{"/a rpx,", "p:2:5: px" OTHER_PROFILE},
	{"/a Cx -> b,", "p:2:4: Cx" OTHER_PROFILE},
	{"/a mrPUx,", "p:2:6: PUx" OTHER_PROFILE},
	{"/a pix,", "p:2:4: pix" OTHER_PROFILE},
	{"/a ux,", "p:2:4: ux" OTHER_PROFILE},
	{"/a ix -> b,",
	 "p:2:7: \"->\" names another profile or a link's target, which rules here do "
	 "not have: leave it out"},
	{"/a r", "p:3:1: \"}\" stands where a comma should be"},
	{"/a,", "p:2:3: \",\" stands where permissions should be"},
	{"/a r b,", "p:2:6: \"b\" stands where a comma should be"},
	{"file /a,", "p:2:8: \",\" stands where permissions should be"},
	{"file r,", "p:2:7: \",\" stands where a path should be"},
	{"etc/passwd r,",
	 "p:2:1: the path \"etc/passwd\" is relative; a path begins with / or with a "
	 "variable"},
	{"deny */x r,",
	 "p:2:6: the path \"*/x\" is relative; a path begins with / or with a variable"},
	{"\"a b\" r,",
	 "p:2:1: the path \"a b\" is relative; a path begins with / or with a variable"},
	{"r ../a,", "p:2:1: \"r\" begins no rule that there is"},
	{"rz /a,", "p:2:2: unknown permission 'z'; there are r, w, a, m, k, l, ix, and x in deny "
		   "rules"},
	{"/a{b r,", "p:2:3: this { has no }"},
	{"  deny /a/{b,{c,d} w,", "p:2:11: this { has no }"},
	{"/a}b r,", "p:2:3: this } has no {"},
	{"\"/a[b\" r,", "p:2:4: this [ has no ]"},
	{"/@{NO}/x r,", "p:2:2: variable @{NO} is not set; many are in tunables/global, which is "
			"included before the profile"},
	{"/a/@{NO r,", "p:2:4: the variable that begins here has no '}'"},
	{"@{X} = a", "p:2:1: a variable is set inside the profile; set it before"},
	{"frobnicate,", "p:2:1: \"frobnicate\" begins no rule that there is"},
	{"/a \"r\",", "p:2:4: \"r\" stands where permissions should be"},
	{"\"/a r,", "p:2:1: no '\"' on this line ends what begins here"},
	{", ", "p:2:1: \",\" stands where a rule should be"},
	{"{ /a r, }", "p:2:1: '{' stands where a rule should be"},
	{"deny { /a r, }", "p:2:6: \"deny\" cannot stand before a block of rules"},
	{"deny allow /a r,",
	 "p:2:9: unknown permission 'o'; there are r, w, a, m, k, l, ix, and x in deny rules"},
	{"profile q { }", "p:2:1: \"profile\" inside a profile is not read; a container has one "
			  "profile for all its programs"},
	{"/b { }", "p:2:1: " SUBPROFILE},
	{"^hat { }", "p:2:1: " SUBPROFILE},
	{"hat x { }", "p:2:1: \"hat\" " SUBPROFILE},
	{"link /a -> /b,",
	 "p:2:1: \"link\" rules with a target are not read; write \"/path l,\" for "
	 "the new name"},
	{"link subset /a -> /b,", "p:2:1: \"link\" rules with a target are not read; write \"/path "
				  "l,\" for the new name"},
	{"change_profile -> x,",
	 "p:2:1: \"change_profile\" has no meaning in a policy; a container "
	 "stays under its policy: leave the rule out"},
	{"set rlimit nofile <= 5,",
	 "p:2:1: \"set\" rlimit rules are not read; the container engine "
	 "sets limits"},
	{"userns,",
	 "p:2:1: \"userns\" rules are not read; refuse user namespaces by a seccomp profile"},
	{"mqueue,", "p:2:1: \"mqueue\" rules are not read; refuse mq_open by a seccomp profile"},
	{"io_uring,",
	 "p:2:1: \"io_uring\" rules are not read; an operation of a ring is refused where "
	 "the system call that does the same is"},
	{"if $X { }", "p:2:1: \"if\" is not read; write the rules that are meant"},
	{"capability chown sysadmin,",
	 "p:2:18: unknown capability \"sysadmin\"; they are named as in "
	 "capabilities(7), in lower case and without cap_"},
	{"capability CHOWN,", "p:2:12: unknown capability \"CHOWN\"; they are named as in "
			      "capabilities(7), in lower case and without cap_"},
	{"owner capability chown,", "p:2:7: \"owner\" is for file rules, not for capability"},
	{"audit network,",
	 "p:2:7: \"audit\" is for file rules: that network was allowed is not told"},
	{"network inet tpc,",
	 "p:2:14: \"tpc\" is no socket type or protocol of this family; types are "
	 "stream, dgram, seqpacket, rdm, raw, packet, protocols tcp, udp and "
	 "(inet) icmp"},
	{"network inet6 icmp,",
	 "p:2:15: \"icmp\" is no socket type or protocol of this family; types "
	 "are stream, dgram, seqpacket, rdm, raw, packet, protocols tcp, udp "
	 "and (inet) icmp"},
	{"network lan,", "p:2:9: \"lan\" is no socket family, type or protocol; types are stream, "
			 "dgram, seqpacket, rdm, raw, packet, protocols tcp, udp and (inet) icmp"},
	{"network tcp inet,", "p:2:9: \"tcp\" is no socket family"},
	{"network inet stream tcp,",
	 "p:2:21: a network rule names a family, and a type or a protocol"},
	{"network (send) inet,",
	 "p:2:10: network rules with accesses, addresses or peers cannot be "
	 "enforced; name a family and a type or protocol"},
	{"network inet ip=10.0.0.1,",
	 "p:2:14: network rules with accesses, addresses or peers cannot "
	 "be enforced; name a family and a type or protocol"},
	{"mount options=ro /a -> /b,",
	 "p:2:7: mount rules with conditions cannot be enforced; write "
	 "\"mount,\" or \"deny mount,\""},
	{"deny remount /a,", "p:2:14: remount rules with conditions cannot be enforced; write "
			     "\"remount,\" or \"deny remount,\""},
	{"pivot_root /a,", "p:2:12: pivot_root rules with conditions cannot be enforced; write "
			   "\"pivot_root,\" or \"deny pivot_root,\""},
	{"signal (sent),", "p:2:9: unknown access \"sent\"; there are send and receive"},
	{"signal (send) peer=other,",
	 "p:2:15: allowing some signals, or some peers, cannot be "
	 "enforced: peers are this profile, which is the container, and "
	 "unconfined, which is the host"},
	{"signal (send) set=(term),",
	 "p:2:15: allowing some signals, or some peers, cannot be "
	 "enforced: peers are this profile, which is the container, and "
	 "unconfined, which is the host"},
	{"signal,\ndeny signal set=(kill),",
	 "p:3:13: some signals cannot be denied here: deny all, or "
	 "refuse them by a seccomp profile, which sees the number"},
	{"deny signal (receive) peer=unconfined,",
	 "p:2:23: the host cannot be denied anything here: leave the rule out"},
	{"deny signal peer=other,", "p:2:13: " OTHER_PEER},
	{"signal peer=other peer=p,", "p:2:19: a second peer in one rule"},
	{"ptrace (trace) peer=other,", "p:2:16: " OTHER_PEER},
	{"ptrace read set=(term),", "p:2:13: unknown condition \"set\""},
	{"signal ()", "p:2:9: \")\" stands where a value should be"},
	{"unix addr=@x,", "p:2:6: conditions on unix sockets cannot be enforced: allow them whole "
			  "(\"network unix,\") or not at all"},
	{"unix (send) peer=(label=other),",
	 "p:2:13: conditions on unix sockets cannot be enforced: "
	 "allow them whole (\"network unix,\") or not at all"},
	{"unix type=raw,", "p:2:11: unknown access \"raw\"; there are stream, dgram and seqpacket"},
	{"deny unix (send),",
	 "p:2:6: of unix sockets only their making can be denied: write \"deny "
	 "unix,\" or \"deny unix type=...,\""},
	{"deny dbus,", "p:2:6: messages on a bus cannot be denied here: keep its socket out of the "
		       "container"},
	{"deny all,", "p:2:6: \"deny all\" leaves nothing to run: an empty profile says the same"},
	{"include <no/such>",
	 "p:2:9: no no/such in /etc/apparmor.d; install what has it, or name its "
	 "folder with --apparmor-include"},
	{"#include \"no/such\"", "p:2:10: there is no no/such"},
	{"include", "p:3:1: \"}\" stands where <file> or \"file\" should be"},
	{"include if <a>", "p:2:12: \"a\" stands where \"exists\" should be"},
};

static const struct row files[] = {
	{"", "p has no profile"},
	{"# nothing\n", "p has no profile"},
	{"profile p { /a r,", "p:1:11: no '}' ends the profile that begins here"},
	{"profile p { } }", "p:1:15: \"}\" stands where a profile should be"},
	{"profile p flags=(complian) { }", "p:1:18: unknown flag \"complian\""},
	{"profile p flags=(chroot_relative) { }", "p:1:18: flag chroot_relative: paths are those "
						  "of the container's mount namespace, whatever "
						  "the program's root; leave the flag out"},
	{"profile p /a xattrs=(a=b) { }",
	 "p:1:14: xattrs are about which programs a profile is for; "
	 "leave them out"},
	{"profile :ns:p { }",
	 "p:1:9: a profile in a namespace is not read; leave the namespace out"},
	{"profile p { }\nprofile q { }",
	 "p:2:9: a second profile, \"q\" behind \"p\"; choose one with --apparmor-profile"},
	{"profile p", "p:1:10: the file ends where '{' should be"},
	{"@{X} = a\n@{X} = b\nprofile p { }",
	 "p:2:1: @{X} is set already, in line 1 of p; add to it "
	 "with +="},
	{"@{X} += b\nprofile p { }", "p:1:1: @{X} is not set, so nothing can be added to it"},
	{"@{X} =\nprofile p { }", "p:1:1: @{X} gets no value"},
	{"@{X} = /a # b\nprofile p { }",
	 "p:1:11: AppArmor takes the words of a comment behind values for values: put it on a line "
	 "of its own"},
	{"@{X} = /a, /b\nprofile p { }", "p:1:8: values of a variable have no comma behind them"},
	{"@{X} = /a,b /c\nprofile p {\n  @{X} r,\n}",
	 "p:3:3: of the value \"/a,b\", which stands beside others, AppArmor would make several: "
	 "put a backslash before its comma, or close its braces"},
	{"@{X} = /{a /b\nprofile p {\n  @{X},} r,\n}",
	 "p:3:3: of the value \"/{a\", which stands beside others, AppArmor would make several: "
	 "put a backslash before its comma, or close its braces"},
	{"@{X}=\"\"\n@{Y}=@{X}@{X}@{X}@{X}@{X}@{X}@{X}@{X}@{X}@{X}\n"
	 "@{Z}=@{Y}@{Y}@{Y}@{Y}@{Y}@{Y}@{Y}@{Y}@{Y}@{Y}@{Y}@{Y}\n"
	 "@{U}=@{Z}@{Z}@{Z}@{Z}@{Z}@{Z}@{Z}@{Z}@{Z}@{Z}@{Z}@{Z}\n"
	 "@{V}=@{U}@{U}@{U}@{U}@{U}@{U}@{U}@{U}@{U}@{U}@{U}@{U}\nprofile p {\n"
	 "  /@{V}@{V}@{V}@{V} r,\n}",
	 "p:7:3: more than 32 variables to replace; does one stand in its own value?"},
	{"profile p { }\n@{X} = a",
	 "p:2:1: variables are set before the first profile, not behind it"},
	{"@{X}=@{Y}\n@{Y}=@{X}\nprofile p {\n  /@{X} r,\n}",
	 "p:4:3: more than 32 variables to replace; does one stand in its own value?"},
	{"@{X}=1 2 3 4 5 6 7 8\nprofile p {\n/@{X}@{X}@{X}@{X} r,\n}",
	 "p:3:1: with the values of its variables this becomes more than 1024 texts"},
	{"@{X}={a\nprofile p {\n/@{X} r,\n}",
	 "p:3:1: with its variables replaced (\"/{a\"): this { has no }"},
	{"@{X}=a\nprofile p {\n@{X}/b r,\n}",
	 "p:3:1: with its variables replaced (\"a/b\"): a path begins with /"},
	{"alias /a -> /b,\nprofile p { }",
	 "p:1:1: \"alias\" rules are not read; write the rules for both paths"},
	{"profile p {\n\x01 }", "p:2:1: byte 0x01 has no place in a profile"},
	{"{{ .Name }}", "p:1:1: \"{\" stands where a profile should be"},
	{"profile {{.Name}} flags=(complain) {}",
	 "p:1:9: \"{\" stands where the profile's name should "
	 "be"},
};

static void refuses(const struct row *row, struct profile *profile, const struct error *err)
{
	if (profile)
		fail_msg("accepted: %s", row->text);
	if (strcmp(err->text, row->message))
		fail_msg("%s\nsays     %s\nnot      %s", row->text, err->text, row->message);
	assert_int_equal(err->status, EXIT_USAGE);
}

static void a_rule_is_refused_with_its_place(void **state)
{
	struct error err;

	(void)state;
	for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++)
		refuses(&bodies[i], read_body(bodies[i].text, NULL, &err), &err);
}

static void a_file_is_refused_with_its_place(void **state)
{
	struct error err;

	(void)state;
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		refuses(&files[i], read_apparmor(files[i].text, NULL, &err), &err);
}

static void a_profile_that_is_not_there_is_named(void **state)
{
	static const char text[] = "profile a { }";
	const struct apparmor_context context = {
		.file = "p", .text = text, .size = sizeof(text) - 1, .profile = "b"};
	struct profile *profile = profile_new();
	struct error err;

	(void)state;
	assert_int_equal(profile_add_apparmor(profile, &context, &err), -1);
	assert_string_equal(err.text, "p has no profile \"b\"; its last one is \"a\"");
	profile_free(profile);
}

/* Neither may a text that is too large cost time, nor one that would become so. */
static void what_is_too_large_is_refused_at_once(void **state)
{
	const size_t size = 10000000;
	autofree char *text = malloc(size + 1);
	const clock_t start = clock();
	struct profile *profile;
	struct error err;
	char *at = text;

	(void)state;
	assert_non_null(text);
	memset(text, '\n', size);
	text[size] = '\0';
	profile = read_apparmor(text, NULL, &err);
	assert_null(profile);
	assert_string_equal(err.text, "p has 10000000 bytes; a profile may have 4194304, with all "
				      "that it includes");
	at += sprintf(at, "@{X}=");
	for (int i = 0; i < 1000; i++)
		at += sprintf(at, "%d ", i);
	at += sprintf(at, "\nprofile p {\n");
	for (int i = 0; i < 5000; i++)
		at += sprintf(at, "/%0100d@{X} r,\n", i);
	strcpy(at, "}\n");
	profile = read_apparmor(text, NULL, &err);
	assert_null(profile);
	assert_string_equal(err.text, "p:83:1: with the values of their variables the rules so far "
				      "have more than 8388608 bytes");
	at = text;
	for (int i = 0; i < 300000; i++)
		at += sprintf(at, "@{%d}=a\n", i);
	strcpy(at, "profile p { }");
	profile = read_apparmor(text, NULL, &err);
	assert_null(profile);
	assert_string_equal(err.text, "p:4097:1: there are more than 4096 variables");
	memset(text, 'x', 4000000);
	memcpy(text, "@{X}=", 5);
	for (int i = 5; i < 4000000; i += 2)
		text[i] = ' ';
	text[4000000] = '\0';
	profile = read_apparmor(text, NULL, &err);
	assert_null(profile);
	assert_string_equal(err.text,
			    "p:1:7: the variable that gets this value has more than 4096");
	assert_true(clock() - start < 5 * CLOCKS_PER_SEC);
}

/* 3 to the power of 9 in each rule. */
static void variables_that_make_nothing_have_a_limit(void **state)
{
	autofree char *text = NULL;
	struct error err;
	size_t size;
	FILE *stream = open_memstream(&text, &size);

	(void)state;
	assert_non_null(stream);
	fputs("@{V0} = \"\"\n", stream);
	for (int i = 0; i < 9; i++)
		fprintf(stream, "@{V%d} = @{V%d}@{V%d}@{V%d}\n", i + 1, i, i, i);
	fputs("profile p {\n", stream);
	for (int i = 0; i < 50; i++)
		fputs("/@{V9}a r,\n", stream);
	fputs("}\n", stream);
	assert_int_equal(fclose(stream), 0);
	assert_null(read_apparmor(text, NULL, &err));
	assert_non_null(strstr(err.text,
			       ":1: in the rules so far more than 524288 variables are replaced"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_rule_is_refused_with_its_place),
		cmocka_unit_test(a_file_is_refused_with_its_place),
		cmocka_unit_test(a_profile_that_is_not_there_is_named),
		cmocka_unit_test(what_is_too_large_is_refused_at_once),
		cmocka_unit_test(variables_that_make_nothing_have_a_limit),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
