// SPDX-License-Identifier: GPL-2.0
/* A container is its id and the folder that its runtime keeps it in. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "lib/cleanup.h"
#include "runtime/owner.h"

static void root_is(const char *given, const char *backend, const char *expected)
{
	struct owner owner;
	struct error err;

	assert_int_equal(owner_set(&owner, "c1", given, backend, &err), 0);
	assert_string_equal(owner.root, expected);
}

static void a_root_is_the_same_however_it_is_written(void **state)
{
	(void)state;
	assert_int_equal(chdir("/usr"), 0);
	root_is("/run/x", "crun", "/run/x");
	root_is("//run/./x//", "crun", "/run/x");
	root_is("x/.", "crun", "/usr/x");
	root_is(".hidden/..x", "crun", "/usr/.hidden/..x");
	root_is(".", "crun", "/usr");
	root_is("/", "crun", "/");
}

static void without_one_it_is_the_default_of_the_runtime_below(void **state)
{
	(void)state;
	unsetenv("XDG_RUNTIME_DIR");
	root_is(NULL, "crun", "/run/crun");
	root_is(NULL, "/usr/bin/runc", "/run/runc");
	setenv("XDG_RUNTIME_DIR", "/run/user/7", 1);
	root_is(NULL, "crun", "/run/user/7/crun");
	root_is(NULL, "/usr/sbin/runc", "/run/runc");
}

static void a_root_that_is_too_long_is_refused(void **state)
{
	char path[PATH_MAX + 1];
	struct owner owner;
	struct error err;

	(void)state;
	memset(path, '/', PATH_MAX);
	path[PATH_MAX] = '\0';
	assert_int_equal(owner_set(&owner, "c1", path, "crun", &err), -1);
	assert_int_equal(err.status, EXIT_USAGE);
}

static void the_record_tells_id_and_root_apart(void **state)
{
	autofree char *one = NULL, *other = NULL;
	size_t size, other_size;
	struct owner owner;
	struct error err;

	(void)state;
	owner_set(&owner, "c1/run", "/x", "crun", &err);
	assert_int_equal(owner_record(&owner, &one, &size, &err), 0);
	owner_set(&owner, "c1", "/run/x", "crun", &err);
	assert_int_equal(owner_record(&owner, &other, &other_size, &err), 0);
	assert_true(size != other_size || memcmp(one, other, size));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_root_is_the_same_however_it_is_written),
		cmocka_unit_test(without_one_it_is_the_default_of_the_runtime_below),
		cmocka_unit_test(a_root_that_is_too_long_is_refused),
		cmocka_unit_test(the_record_tells_id_and_root_apart),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}
