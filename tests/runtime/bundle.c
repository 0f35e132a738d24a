// SPDX-License-Identifier: GPL-2.0
/* A bundle that could not be guarded is refused; the others keep what the instance does not do. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "lib/cleanup.h"
#include "runtime/bundle.h"
#include "runtime/json.h"

#define PID "\"linux\":{\"namespaces\":[{\"type\":\"pid\"}]}"

static char path[] = "/tmp/vkernel-bundle-XXXXXX";

static int make_file(void **state)
{
	int fd = mkstemp(path);

	(void)state;
	return fd < 0 ? -1 : close(fd);
}

static int remove_file(void **state)
{
	(void)state;
	return unlink(path);
}

static int read_text(const char *text, struct bundle *bundle, struct error *err)
{
	autofclose FILE *file = fopen(path, "w");

	assert_non_null(file);
	fputs(text, file);
	fflush(file);
	if (bundle_read("/nowhere", path, bundle, err))
		return -1;
	if (!bundle_parse(bundle, err))
		return 0;
	bundle_free(bundle);
	return -1;
}

static void what_could_not_be_guarded_is_refused(void **state)
{
	static const char *const wrong[][2] = {
		{"{\"linux\":{\"namespaces\":[{\"type\":\"uts\"}]}}", "\"pid\""},
		{"{\"linux\":{\"namespaces\":[{\"type\":\"pid\",\"path\":\"/x\"}]}}", "/x"},
		{"{\"linux\":{\"namespaces\":[{\"type\":\"pid\"},"
		 "{\"type\":\"p\\u0069d\",\"path\":\"/x\"}]}}",
		 "/x"},
		{"{" PID ",\"annotations\":{\"run.oci.handler\":\"krun\"}}", "run.oci.handler"},
		{"{" PID ",\"annotations\":{\"run.oci.handler.x\":\"\"}}", "run.oci.handler.x"},
		{"{" PID ",\"annotations\":{\"module.wasm.image/variant\":\"compat\"}}",
		 "module.wasm.image/variant"},
		{"{" PID ",\"hooks\":{\"startContainer\":[{\"path\":\"/x\"}]}}", "startContainer"},
		{"{" PID ",\"a\":\"" JSON_MARK "1\"}", JSON_MARK},
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct error err;
		struct bundle bundle;

		if (!read_text(wrong[i][0], &bundle, &err))
			fail_msg("%s was taken", wrong[i][0]);
		assert_int_equal(err.status, EXIT_USAGE);
		if (!strstr(err.text, wrong[i][1]) || !strstr(err.text, path))
			fail_msg("\"%s\" does not name \"%s\"", err.text, wrong[i][1]);
	}
}

static void hooks_of_the_runtime_are_taken_and_told(void **state)
{
	static const struct {
		const char *hooks;
		bool told;
	} cases[] = {
		{"\"createContainer\":[{\"path\":\"/x\"}]", true},
		{"\"createContainer\":[],\"prestart\":[{}]", false},
		{"\"poststop\":[{}],\"startContainer\":[]", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		autofree char *text = NULL;
		struct bundle bundle;
		struct error err;

		assert_true(asprintf(&text, "{" PID ",\"hooks\":{%s}}", cases[i].hooks) > 0);
		if (read_text(text, &bundle, &err))
			fail_msg("%s", err.text);
		assert_int_equal(bundle.hooks, cases[i].told);
		bundle_free(&bundle);
	}
}

static void a_configuration_that_is_too_large_is_refused(void **state)
{
	autofclose FILE *file = fopen(path, "w");
	struct error err;
	struct bundle bundle;

	(void)state;
	assert_non_null(file);
	assert_int_equal(ftruncate(fileno(file), 20 << 20), 0);
	assert_int_equal(bundle_read("/nowhere", path, &bundle, &err), -1);
	assert_int_equal(err.status, EXIT_USAGE);
	assert_non_null(strstr(err.text, "larger than"));
}

static const struct bundle_drop nothing, seccomp = {.seccomp = true},
					 confinement = {.paths = true, .apparmor = true};

static void rewritten(const char *given, const struct bundle_drop *drop, const char *expected)
{
	autofree char *text = NULL;
	struct error err;
	struct bundle bundle;

	if (read_text(given, &bundle, &err) || bundle_restore(&bundle, &err))
		fail_msg("%s", err.text);
	bundle_rewrite(bundle.root, drop);
	text = json_write(bundle.root);
	assert_string_equal(text, expected);
	bundle_free(&bundle);
}

static void what_is_not_dropped_is_kept(void **state)
{
	(void)state;
	rewritten("{\"a\":18446744073709551615,\"annotations\":{\"run.oci.handlers\":\"x\"}," PID
		  ",\"hooks\":{\"prestart\":[{}],\"createContainer\":[],\"createRuntime\":"
		  "[{\"path\":\"/x\"}]}}",
		  &seccomp,
		  "{\"a\":18446744073709551615,\"annotations\":{\"run.oci.handlers\":\"x\"},"
		  "\"linux\":{\"namespaces\":[{\"type\":\"pid\"}]},"
		  "\"hooks\":{\"prestart\":[{}],\"createContainer\":[],\"createRuntime\":"
		  "[{\"path\":\"/x\"}]}}");
}

static void seccomp_goes_only_where_the_instance_takes_its_place(void **state)
{
	static const char given[] = "{\"linux\":{\"namespaces\":[{\"type\":\"pid\"}],\"seccomp\":"
				    "{}},\"hooks\":{}}";

	(void)state;
	rewritten(given, &seccomp,
		  "{\"linux\":{\"namespaces\":[{\"type\":\"pid\"}]},\"hooks\":{}}");
	rewritten(given, &nothing,
		  "{\"linux\":{\"namespaces\":[{\"type\":\"pid\"}],\"seccomp\":{}},\"hooks\":{}}");
}

static void paths_and_apparmor_go_likewise(void **state)
{
	static const char given[] =
		"{\"process\":{\"apparmorProfile\":\"docker-default\"},\"linux\":{\"namespaces\":"
		"[{\"type\":\"pid\"}],\"maskedPaths\":[\"/proc/kcore\"],\"readonlyPaths\":"
		"[\"/proc/sys\"],\"seccomp\":{}},\"hooks\":{}}";

	(void)state;
	rewritten(given, &confinement,
		  "{\"process\":{},\"linux\":{\"namespaces\":[{\"type\":\"pid\"}],"
		  "\"seccomp\":{}},\"hooks\":{}}");
	rewritten("{" PID "}", &confinement, "{\"linux\":{\"namespaces\":[{\"type\":\"pid\"}]}}");
}

static void a_detached_configuration_has_no_path_from_its_bundle(void **state)
{
	json_t *root = json_loads("{\"root\":{\"path\":\"rootfs\"},\"mounts\":["
				  "{\"source\":\"data\",\"options\":[\"ro\",\"rbind\"]},"
				  "{\"source\":\"data\",\"type\":\"bind\"},"
				  "{\"source\":\"/abs\",\"type\":\"bind\"},"
				  "{\"source\":\"tmpfs\",\"type\":\"tmpfs\"}]}",
				  0, NULL);
	static const char *const sources[] = {"/usr/data", "/usr/data", "/abs", "tmpfs"};
	json_t *mounts = json_object_get(root, "mounts");
	struct error err;
	size_t i;

	(void)state;
	assert_int_equal(bundle_detach(root, "/usr/bin/..", &err), 0);
	assert_string_equal(
		json_string_value(json_object_get(json_object_get(root, "root"), "path")),
		"/usr/rootfs");
	for (i = 0; i < 4; i++)
		assert_string_equal(
			json_string_value(json_object_get(json_array_get(mounts, i), "source")),
			sources[i]);
	assert_int_equal(bundle_detach(root, "/nonexistent", &err), -1);
	json_decref(root);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_could_not_be_guarded_is_refused),
		cmocka_unit_test(hooks_of_the_runtime_are_taken_and_told),
		cmocka_unit_test(a_configuration_that_is_too_large_is_refused),
		cmocka_unit_test(what_is_not_dropped_is_kept),
		cmocka_unit_test(seccomp_goes_only_where_the_instance_takes_its_place),
		cmocka_unit_test(paths_and_apparmor_go_likewise),
		cmocka_unit_test(a_detached_configuration_has_no_path_from_its_bundle),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, make_file, remove_file) != 0;
}
