// SPDX-License-Identifier: GPL-2.0
/* The table of names and numbers against libseccomp's, as far as that one knows them. */
#include <seccomp.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "builder/number.h"

#define NUMBERS 1024

static const __u32 architectures[POLICY_TABLES] = {
	[POLICY_TABLE_X86_64] = SCMP_ARCH_X86_64,
	[POLICY_TABLE_I386] = SCMP_ARCH_X86,
};

static void every_number_of_libseccomp_has_its_name(void **state)
{
	unsigned int found = 0;

	(void)state;
	for (size_t table = 0; table < POLICY_TABLES; table++)
		for (int number = 0; number < NUMBERS; number++) {
			char *name = seccomp_syscall_resolve_num_arch(architectures[table], number);
			const struct call_numbers *numbers = name ? number_find(name) : NULL;

			if (name && (!numbers || numbers->numbers[table] != number))
				fail_msg("%s is %d in libseccomp's table %zu", name, number, table);
			if (name)
				assert_string_equal(number_name(table, number), name);
			found += !!name;
			free(name);
		}
	assert_true(found > 700);
}

/* libseccomp gives calls that go through a multiplexer numbers of -100 and -200 minus the call. */
static void every_multiplexed_call_is_known(void **state)
{
	unsigned int found = 0;

	(void)state;
	for (int number = -299; number <= -101; number++) {
		char *name = seccomp_syscall_resolve_num_arch(SCMP_ARCH_X86, number);
		const struct call_numbers *numbers = name ? number_find(name) : NULL;
		const char *multiplexer = number > -200 ? "socketcall" : "ipc";

		if (!name)
			continue;
		assert_non_null(numbers);
		assert_int_equal(numbers->subcall, -number % 100);
		assert_int_equal(numbers->multiplexer,
				 number_find(multiplexer)->numbers[POLICY_TABLE_I386]);
		found++;
		free(name);
	}
	assert_int_equal(found, 32);
}

static void unknown_names_are_told_from_absent_ones(void **state)
{
	(void)state;
	assert_null(number_find(""));
	assert_null(number_find("readx"));
	assert_false(number_known_elsewhere("readx"));
	assert_null(number_find("arm_fadvise64_64"));
	assert_true(number_known_elsewhere("arm_fadvise64_64"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_number_of_libseccomp_has_its_name),
		cmocka_unit_test(every_multiplexed_call_is_known),
		cmocka_unit_test(unknown_names_are_told_from_absent_ones),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
