// SPDX-License-Identifier: GPL-2.0
/* A container that Docker starts is confined as its configuration says, and not as Docker likes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "harness/guest/measure/engine.h"

static bool has(char *const *argv, const char *text)
{
	for (; *argv; argv++)
		if (!strcmp(*argv, text))
			return true;
	return false;
}

static const struct {
	const char *configuration, *seccomp, *apparmor;
	bool rules; /* for the instance */
} rows[] = {
	{"runc", "seccomp=unconfined", "apparmor=unconfined", false},
	{"crun", "seccomp=unconfined", "apparmor=unconfined", false},
	{"crun-secure", "seccomp=builtin", "apparmor=unconfined", false},
	{"vkernel", "seccomp=builtin", "apparmor=unconfined", false},
	{"runc-secure", "seccomp=builtin", "apparmor=docker-default", false},
	{"vkernel-secure", "seccomp=builtin", "apparmor=unconfined", true},
};

static void docker_adds_nothing_of_its_own(void **state)
{
	static const char *const argv[] = {"true", NULL};
	static const char rules[] = "io.vkernel.apparmor=/vkernel/share/vkernel-docker.apparmor";

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct configuration *row = configuration_find(rows[i].configuration);
		struct launch launch;
		struct error err;

		assert_int_equal(engine_launch(row, argv, &launch, &err), 0);
		assert_true(has(launch.argv, rows[i].seccomp));
		assert_true(has(launch.argv, rows[i].apparmor));
		assert_int_equal(has(launch.argv, rules), rows[i].rules);
		assert_true(has(launch.argv, "true"));
		launch_end(row, &launch);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(docker_adds_nothing_of_its_own),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
