// SPDX-License-Identifier: GPL-2.0
/*
 * What `vkernel policy` says of each case is what cases/<case>.words holds. With UPDATE=1 in the
 * environment the files are written instead; read the difference before you commit it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "lib/cleanup.h"
#include "lib/file.h"
#include "tests/builder/compile.h"

static void check(const char *file, const char *list)
{
	autofree char *words = NULL, *expected = NULL;
	autofree void *blob = NULL;
	struct policy policy;
	struct error err;
	char path[256];
	size_t size;
	FILE *stream = open_memstream(&words, &size);

	assert_non_null(stream);
	compile_case(file, capabilities(list), &blob, &policy);
	words_print(stream, &policy);
	assert_int_equal(fclose(stream), 0);
	snprintf(path, sizeof(path), CASES "%.*s.words", (int)strcspn(file, "."), file);
	if (getenv("UPDATE") && file_write(path, words, size, &err))
		fail_msg("%s", err.text);
	if (file_read(path, 1 << 20, &expected, &size, &err))
		fail_msg("%s", err.text);
	assert_string_equal(words, expected);
}

static void docker_form_in_words(void **state)
{
	(void)state;
	check("docker.json", "kill");
}

static void refused_calls_in_words(void **state)
{
	(void)state;
	check("blacklist.json", "all");
}

static void native_profile_in_words(void **state)
{
	(void)state;
	check("native.json", "default");
}

static void every_action_in_words(void **state)
{
	(void)state;
	check("actions.json", "none");
}

static void apparmor_rules_in_words(void **state)
{
	static const char text[] = "@{A}=/a /b\n"
				   "profile p flags=(complain) {\n"
				   "  @{A}/** rw,\n"
				   "  audit deny owner \"/c d\" w,\n"
				   "}\n"
				   "profile q {\n"
				   "  /a r,\n"
				   "  network inet tcp,\n"
				   "  network netlink,\n"
				   "  signal,\n"
				   "  ptrace (read readby),\n"
				   "}\n";
	static const struct {
		const char *profile, *words;
	} rows[] = {
		{"p", "files, by rules (1 allowing, 1 denying); what no rule allows is refused\n"
		      "  complain mode: nothing is refused, what would be is logged\n"
		      "    @{A}/** rw  (file:3:3)\n"
		      "    audit deny owner \"/c d\" w  (file:4:3)\n"
		      "sockets, signals, tracing: not restricted\n"
		      "kernel log: the host's\n"},
		{"q", "files, by rules (1 allowing, 0 denying); what no rule allows is refused\n"
		      "    /a r  (file:7:3)\n"
		      "sockets that may be made:\n"
		      "    inet: stream\n"
		      "    netlink: stream, dgram, raw, rdm, seqpacket, packet\n"
		      "the container's tasks among each other:\n"
		      "    signals allowed, tracing refused, looking into allowed\n"
		      "kernel log: the host's\n"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct apparmor_context context = {
			.file = "folder/file",
			.text = text,
			.size = sizeof(text) - 1,
			.profile = rows[i].profile,
		};
		struct profile *profile = profile_new();
		autofree char *words = NULL;
		autofree void *blob = NULL;
		struct policy policy;
		struct error err;
		FILE *stream;
		size_t size;

		if (profile_add_apparmor(profile, &context, &err) ||
		    profile_emit(profile, &blob, &size, &err) ||
		    blob_parse("blob", blob, size, &policy, &err))
			fail_msg("%s", err.text);
		profile_free(profile);
		stream = open_memstream(&words, &size);
		assert_non_null(stream);
		words_print(stream, &policy);
		assert_int_equal(fclose(stream), 0);
		assert_non_null(strstr(words, "files"));
		assert_string_equal(strstr(words, "files"), rows[i].words);
	}
}

static void an_empty_policy_in_words(void **state)
{
	struct profile *profile = profile_new();
	autofree char *words = NULL;
	autofree void *blob = NULL;
	struct policy policy;
	struct error err;
	FILE *stream;
	size_t size;

	(void)state;
	assert_int_equal(profile_emit(profile, &blob, &size, &err), 0);
	profile_free(profile);
	assert_int_equal(blob_parse("blob", blob, size, &policy, &err), 0);
	stream = open_memstream(&words, &size);
	assert_non_null(stream);
	words_print(stream, &policy);
	assert_int_equal(fclose(stream), 0);
	assert_string_equal(words, "policy: without a name\n"
				   "x86-64 system calls: not restricted\n"
				   "i386 system calls: not restricted\n"
				   "capabilities: not restricted\n"
				   "files: not restricted\n"
				   "sockets, signals, tracing: not restricted\n"
				   "kernel log: the host's\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(docker_form_in_words),
		cmocka_unit_test(refused_calls_in_words),
		cmocka_unit_test(native_profile_in_words),
		cmocka_unit_test(every_action_in_words),
		cmocka_unit_test(apparmor_rules_in_words),
		cmocka_unit_test(an_empty_policy_in_words),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
