// SPDX-License-Identifier: GPL-2.0
/*
 * The default profile that the machine's container engine would apply, through the builder and
 * through libseccomp. PROFILE in the environment names another file.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdlib.h>

#include "lib/cleanup.h"
#include "lib/file.h"
#include "tests/builder/compile.h"
#include "tests/builder/libseccomp.h"

#define DEFAULT_PROFILE "/usr/share/containers/seccomp.json"

static const char *path;

static void compare(const char *list)
{
	autofree char *text = NULL;
	struct error err;
	size_t size;

	if (file_read(path, 1 << 20, &text, &size, &err))
		fail_msg("%s", err.text);
	compare_profile(text, capabilities(list), true);
}

static void with_the_default_capabilities(void **state)
{
	(void)state;
	compare("default");
}

static void without_capabilities(void **state)
{
	(void)state;
	compare("none");
}

static void with_some_capabilities_more(void **state)
{
	(void)state;
	compare("default,CAP_SYS_ADMIN,CAP_PERFMON,CAP_SYS_TIME");
}

static void with_all_capabilities(void **state)
{
	(void)state;
	compare("all");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(with_the_default_capabilities),
		cmocka_unit_test(without_capabilities),
		cmocka_unit_test(with_some_capabilities_more),
		cmocka_unit_test(with_all_capabilities),
	};

	path = getenv("PROFILE") ? getenv("PROFILE") : DEFAULT_PROFILE;
	if (access(path, R_OK)) {
		printf("1..1\nok 1 - the default profile agrees with libseccomp # SKIP there is no "
		       "%s (package golang-github-containers-common)\n",
		       path);
		return EXIT_GOOD;
	}
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
