// SPDX-License-Identifier: GPL-2.0
/* config.json of each configuration against the committed one; the rows that make them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "harness/guest/bundle.h"
#include "harness/guest/configuration.h"
#include "harness/guest/fileprofile.h"

#define GOLDEN "tests/scenarios/golden/"
#define ID     "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static const char *const argv[] = {"/vkernel/bin/attempt", "--inside", "dmesg-read", NULL};

static void compare(const json_t *config, const char *path)
{
	json_error_t fault;
	json_t *golden = json_load_file(path, 0, &fault);

	if (!golden)
		fail_msg("%s: %s", path, fault.text);
	if (!json_equal(golden, config)) {
		json_dumpf(config, stderr, JSON_INDENT(1));
		fail_msg("config.json is not that of %s; what it is stands above", path);
	}
	json_decref(golden);
}

static struct bundle_request request(void)
{
	return (struct bundle_request){.id = ID,
				       .rootfs = "/run/vkernel-bundles/x/rootfs",
				       .argv = argv,
				       .capabilities = bundle_capabilities};
}

static void crun_has_no_filter(void **state)
{
	struct bundle_request plain = request();
	json_t *config = bundle_config(&plain);

	(void)state;
	compare(config, GOLDEN "crun.json");
	assert_null(json_object_get(json_object_get(config, "linux"), "seccomp"));
	json_decref(config);
}

/* crun-secure and vkernel have one bundle: it is compared without its filter, which is given. */
static void a_filter_is_all_that_differs(void **state)
{
	json_t *seccomp = json_pack("{s:s}", "defaultAction", "SCMP_ACT_ERRNO");
	struct bundle_request secure = request();
	json_t *config, *part;

	(void)state;
	secure.seccomp = seccomp;
	config = bundle_config(&secure);
	part = json_object_get(config, "linux");
	assert_true(json_equal(json_object_get(part, "seccomp"), seccomp));
	json_object_del(part, "seccomp");
	compare(config, GOLDEN "crun.json");
	json_decref(config);
	json_decref(seccomp);
}

static void gives_what_a_probe_asks_for(void **state)
{
	static const char *const capabilities[] = {"CAP_KILL", "CAP_SYSLOG", NULL};
	static const char *const devices[] = {"/dev/null", NULL};
	static const char *const annotations[] = {"io.vkernel.log", "host", NULL};
	struct bundle_request special = request();
	json_t *config;

	(void)state;
	special.capabilities = capabilities;
	special.devices = devices;
	special.directory = "/srv/work";
	special.annotations = annotations;
	config = bundle_config(&special);
	compare(config, GOLDEN "asked.json");
	json_decref(config);
}

static void file_rules_are_named_where_their_enforcer_looks(void **state)
{
	struct bundle_request special = request();
	json_t *config;

	(void)state;
	special.apparmor = "web";
	special.policy = "/run/web.policy";
	special.rules = "/run/web.apparmor";
	config = bundle_config(&special);
	assert_string_equal(json_string_value(json_object_get(json_object_get(config, "process"),
							      "apparmorProfile")),
			    "web");
	assert_string_equal(json_string_value(json_object_get(
				    json_object_get(config, "annotations"), "io.vkernel.profile")),
			    "/run/web.policy");
	assert_string_equal(json_string_value(json_object_get(
				    json_object_get(config, "annotations"), "io.vkernel.apparmor")),
			    "/run/web.apparmor");
	json_decref(config);
}

static void a_profile_is_filled_with_as_many_rules_as_are_asked_for(void **state)
{
	const char *profile = "profile p {\n  file,\n}\n\n";
	char *text = NULL;
	struct error err;
	size_t size, lines = 0;
	FILE *out = open_memstream(&text, &size);

	(void)state;
	assert_int_equal(fileprofile_fill(out, profile, 17, &err), 0);
	fclose(out);
	for (const char *at = text; (at = strchr(at, '\n')); at++)
		lines++;
	assert_int_equal(lines, 3 + 17);
	assert_non_null(strstr(text, "file,\n  /srv/site0/content/** r,\n"));
	assert_non_null(strstr(text, "\n  /srv/site2/content/** r,\n}\n"));
	free(text);
	out = fopen("/dev/null", "w");
	assert_int_equal(fileprofile_fill(out, "profile p { file, }", 1, &err), -1);
	assert_int_equal(err.status, EXIT_USAGE);
	fclose(out);
}

static void rows_make_the_comparison_that_they_name(void **state)
{
	const struct configuration *native = configuration_find("native");
	const struct configuration *crun = configuration_find("crun");
	const struct configuration *secure = configuration_find("crun-secure");
	const struct configuration *vkernel = configuration_find("vkernel");

	(void)state;
	assert_null(native->runtime);
	assert_null(native->seccomp);
	assert_null(crun->seccomp);
	assert_string_equal(crun->runtime, secure->runtime);
	assert_string_equal(secure->seccomp, vkernel->seccomp);
	assert_string_equal(configuration_find("crun-apparmor")->files,
			    configuration_find("vkernel-files")->files);
	assert_string_not_equal(secure->runtime, vkernel->runtime);
	assert_null(configuration_find("docker"));
}

static void runc_differs_from_crun_by_the_runtime(void **state)
{
	const struct configuration *runc = configuration_find("runc");
	const struct configuration *secure = configuration_find("runc-secure");

	(void)state;
	assert_string_not_equal(runc->runtime, configuration_find("crun")->runtime);
	assert_null(runc->seccomp);
	assert_null(runc->profile);
	assert_string_equal(runc->runtime, secure->runtime);
	assert_string_equal(secure->seccomp, configuration_find("crun-secure")->seccomp);
	assert_true(secure->apparmor && secure->profile);
}

static void only_a_kernel_in_user_space_is_a_kernel_of_its_own(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < configurations_count; i++) {
		const struct configuration *row = &configurations[i];
		bool own = !strcmp(row->name, "gvisor") || !strcmp(row->name, "kata");

		assert_int_equal(row->own_kernel, own);
		assert_ptr_equal(configuration_find(row->name), row);
		assert_true(!own || row->lacking);
	}
}

static void says_what_a_configuration_needs(void **state)
{
	const struct configuration row = {.name = "moon",
					  .runtime = "/bin/true",
					  .needs = "/nonexistent/module",
					  .lacking = "a rocket"};
	struct launch launch;
	struct error err;

	(void)state;
	assert_int_equal(launch_begin(&row, NULL, argv, &launch, &err), -1);
	assert_int_equal(err.status, EXIT_ENVIRONMENT);
	assert_non_null(strstr(err.text, "moon"));
	assert_non_null(strstr(err.text, "/nonexistent/module"));
	assert_non_null(strstr(err.text, "a rocket"));
	assert_null(launch.argv);
}

static void native_runs_the_program_itself(void **state)
{
	const struct configuration *native = configuration_find("native");
	struct launch launch;
	struct error err;

	(void)state;
	assert_int_equal(launch_begin(native, NULL, argv, &launch, &err), 0);
	for (int i = 0; argv[i]; i++)
		assert_string_equal(launch.argv[i], argv[i]);
	assert_null(launch.argv[3]);
	assert_null(launch.container);
	launch_end(native, &launch);
	assert_null(launch.argv);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(crun_has_no_filter),
		cmocka_unit_test(a_filter_is_all_that_differs),
		cmocka_unit_test(gives_what_a_probe_asks_for),
		cmocka_unit_test(file_rules_are_named_where_their_enforcer_looks),
		cmocka_unit_test(a_profile_is_filled_with_as_many_rules_as_are_asked_for),
		cmocka_unit_test(rows_make_the_comparison_that_they_name),
		cmocka_unit_test(runc_differs_from_crun_by_the_runtime),
		cmocka_unit_test(only_a_kernel_in_user_space_is_a_kernel_of_its_own),
		cmocka_unit_test(says_what_a_configuration_needs),
		cmocka_unit_test(native_runs_the_program_itself),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
