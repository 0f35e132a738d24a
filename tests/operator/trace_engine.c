// SPDX-License-Identifier: GPL-2.0
/* How a container's command line becomes one under a profile. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <jansson.h>
#include <libgen.h>
#include <limits.h>
#include <sys/stat.h>

#include "lib/cleanup.h"
#include "operator/trace_engine.h"
#include "tests/operator/fake.h"

#define CHOWN (UINT64_C(1) << 0)
#define KILL  (UINT64_C(1) << 5)

#define WORDS(...) ((char *[]){__VA_ARGS__, NULL})

static struct engine_command command;
static struct error err;
static char folder[PATH_MAX];

static int begin(void **state)
{
	(void)state;
	fake_begin("3\n");
	snprintf(folder, sizeof(folder), "%s",
		 fake_file("config.json",
			   "{\"root\": {\"path\": \"rootfs\"}, \"process\": {\"capabilities\": "
			   "{\"bounding\": [\"CAP_CHOWN\", \"CAP_KILL\"], "
			   "\"effective\": [\"CAP_KILL\"]}}, \"annotations\": "
			   "{\"io.vkernel.log\": \"deny\", \"other\": \"x\"}}"));
	dirname(folder);
	command = (struct engine_command){0};
	return 0;
}

static int end(void **state)
{
	(void)state;
	engine_command_free(&command);
	fake_end();
	return 0;
}

/* What becomes of argv, the words with a space between them. */
static const char *under(char *const *argv, const char *own)
{
	static char text[8192];
	const struct engine engine = engine_read(argv);
	const struct engine_profile profile = {
		.path = "/p/web.yaml", .capabilities = CHOWN, .folder = own};

	*text = '\0';
	if (engine_under_profile(&engine, argv, &profile, &command, &err))
		return NULL;
	for (size_t i = 0; i < command.count; i++) {
		strcat(text, i ? " " : "");
		strcat(text, command.argv[i]);
	}
	return text;
}

static void a_runtime_gets_a_bundle_with_the_profile(void **state)
{
	autofree char *own = NULL, *file = NULL, *expected = NULL, *root = NULL;
	json_t *config, *annotations, *sets;

	(void)state;
	assert_true(asprintf(&own, "%s/own", folder) > 0 && !mkdir(own, 0700));
	assert_true(asprintf(&expected, "vkernel-runtime --debug run --bundle %s -d id", own) > 0);
	assert_string_equal(
		under(WORDS("/usr/bin/crun", "--debug", "run", "-b", folder, "-d", "id"), own),
		expected);
	assert_int_equal(command.granted, CHOWN | KILL);
	assert_true(asprintf(&file, "%s/config.json", own) > 0);
	config = json_load_file(file, 0, NULL);
	assert_non_null(config);
	annotations = json_object_get(config, "annotations");
	assert_string_equal(json_string_value(json_object_get(annotations, "io.vkernel.profile")),
			    "/p/web.yaml");
	assert_null(json_object_get(annotations, "io.vkernel.log"));
	assert_non_null(json_object_get(annotations, "other"));
	sets = json_object_get(json_object_get(config, "process"), "capabilities");
	assert_int_equal(json_array_size(json_object_get(sets, "bounding")), 1);
	assert_int_equal(json_array_size(json_object_get(sets, "effective")), 0);
	root = strdup(json_string_value(json_object_get(json_object_get(config, "root"), "path")));
	assert_true(*root == '/' && strstr(root, "/rootfs"));
	json_decref(config);
}

static void docker_gets_options(void **state)
{
	(void)state;
	assert_string_equal(under(WORDS("docker", "run", "--rm", "nginx"), folder),
			    "docker run --annotation=io.vkernel.profile=/p/web.yaml --cap-drop=ALL "
			    "--cap-add=CHOWN --runtime=vkernel-runtime --rm nginx");
	assert_true(command.granted == UINT64_MAX);
}

static void podman_gets_its_runtime_before_its_command(void **state)
{
	(void)state;
	assert_string_equal(under(WORDS("podman", "run", "x"), folder),
			    "podman --runtime=vkernel-runtime run "
			    "--annotation=io.vkernel.profile=/p/web.yaml --cap-drop=ALL "
			    "--cap-add=CHOWN x");
}

static void what_is_not_known_is_refused(void **state)
{
	(void)state;
	assert_null(under(WORDS("make", "run"), folder));
	assert_non_null(strstr(err.text, "make"));
	assert_null(under(WORDS("crun", "list"), folder));
	assert_null(under(WORDS("crun", "run"), folder));
	assert_non_null(strstr(err.text, "no container id"));
	assert_null(under(WORDS("crun", "run", "--bundle", "/no/such", "id"), folder));
	assert_int_equal(err.status, EXIT_USAGE);
}

static void docker_is_asked_for_the_id(void **state)
{
	char *const *argv = WORDS("docker", "-D", "run", "x");
	const struct engine engine = engine_read(argv);
	char file[] = "/tmp/id";
	autofree char **list = engine_with_id_file(&engine, argv, file);

	(void)state;
	assert_int_equal(engine.kind, ENGINE_DOCKER);
	assert_string_equal(list[3], "--cidfile");
	assert_string_equal(list[4], file);
	assert_string_equal(list[5], "x");
	assert_null(list[6]);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
		TEST(a_runtime_gets_a_bundle_with_the_profile),
		TEST(docker_gets_options),
		TEST(podman_gets_its_runtime_before_its_command),
		TEST(what_is_not_known_is_refused),
		TEST(docker_is_asked_for_the_id),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
