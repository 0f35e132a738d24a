// SPDX-License-Identifier: GPL-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "harness/qemu.h"
#include "lib/cleanup.h"

static const struct qemu_options plain = {
	.accelerator = ACCELERATOR_MTTCG,
	.cpus = 2,
	.memory = 2048,
	.vmlinuz = "/g/vmlinuz",
	.initrd = "/b/initrd",
	.drive = "/g/root.img",
	.console = "/r/console.log",
	.port = 7,
};

/* The value that follows the count-th (from 0) argument called option; NULL if there is none. */
static const char *value_of(char *const arguments[], const char *option, unsigned int count)
{
	for (; *arguments; arguments++) {
		if (strcmp(*arguments, option) == 0 && count-- == 0)
			return arguments[1];
	}
	return NULL;
}

static bool has_value(char *const arguments[], const char *option, const char *value)
{
	const char *found;

	for (unsigned int i = 0; (found = value_of(arguments, option, i)); i++) {
		if (strcmp(found, value) == 0)
			return true;
	}
	return false;
}

static void icount_pins_what_differs_between_runs(void **state)
{
	struct qemu_options options = plain;
	autofree char **arguments = NULL;

	(void)state;
	options.accelerator = ACCELERATOR_ICOUNT;
	arguments = qemu_arguments(&options);
	assert_string_equal(value_of(arguments, "-icount", 0), "shift=0,sleep=off");
	assert_string_equal(value_of(arguments, "-accel", 0), "tcg,thread=single");
	assert_string_equal(value_of(arguments, "-seed", 0), "1");
	assert_string_equal(value_of(arguments, "-cpu", 0), "max,-rdrand,-rdseed");
	assert_string_equal(value_of(arguments, "-rtc", 0), "base=2026-01-01,clock=vm");
	assert_non_null(strstr(value_of(arguments, "-append", 0), " nokaslr"));
}

static void icount_has_one_processor_whatever_is_asked(void **state)
{
	struct qemu_options options = plain;
	autofree char **arguments = NULL;

	(void)state;
	options.accelerator = ACCELERATOR_ICOUNT;
	options.cpus = 4;
	arguments = qemu_arguments(&options);
	assert_string_equal(value_of(arguments, "-smp", 0), "1");
}

static void mttcg_and_kvm_have_the_processors_asked_for(void **state)
{
	static const enum accelerator cases[] = {ACCELERATOR_MTTCG, ACCELERATOR_KVM};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct qemu_options options = plain;
		autofree char **arguments = NULL;

		options.accelerator = cases[i];
		options.cpus = 3;
		arguments = qemu_arguments(&options);
		assert_string_equal(value_of(arguments, "-smp", 0), "3");
		assert_null(value_of(arguments, "-icount", 0));
		assert_null(strstr(value_of(arguments, "-append", 0), "nokaslr"));
	}
}

static void a_panic_or_a_reboot_ends_qemu(void **state)
{
	autofree char **arguments = qemu_arguments(&plain);

	(void)state;
	assert_non_null(strstr(value_of(arguments, "-append", 0), "panic=-1"));
	assert_true(has_value(arguments, "-no-user-config", "-no-reboot"));
}

static void the_drive_is_a_snapshot(void **state)
{
	autofree char **arguments = qemu_arguments(&plain);

	(void)state;
	assert_true(has_value(arguments, "-drive",
			      "if=none,id=root,format=raw,snapshot=on,cache=unsafe,"
			      "file=/g/root.img"));
}

static void commas_in_paths_are_doubled_where_qemu_splits(void **state)
{
	struct qemu_options options = plain;
	autofree char **arguments = NULL;

	(void)state;
	options.drive = "/a,b/root.img";
	options.console = "/c,d/console.log";
	options.initrd = "/e,f/initrd";
	arguments = qemu_arguments(&options);
	assert_non_null(strstr(value_of(arguments, "-drive", 0), "file=/a,,b/root.img"));
	assert_true(has_value(arguments, "-chardev", "file,id=console,path=/c,,d/console.log"));
	assert_string_equal(value_of(arguments, "-initrd", 0), "/e,f/initrd");
}

static void the_callers_kernel_arguments_come_last(void **state)
{
	struct qemu_options options = plain;
	autofree char **arguments = NULL;
	const char *append;

	(void)state;
	options.append = "init_on_alloc=0 mitigations=off";
	arguments = qemu_arguments(&options);
	append = value_of(arguments, "-append", 0);
	assert_string_equal(append + strlen(append) - strlen(options.append), options.append);
	assert_int_equal(append[strlen(append) - strlen(options.append) - 1], ' ');
}

static void the_agents_port_is_the_descriptor_given(void **state)
{
	autofree char **arguments = qemu_arguments(&plain);

	(void)state;
	assert_true(has_value(arguments, "-chardev", "socket,id=agent,fd=7"));
	assert_true(has_value(arguments, "-device",
			      "virtserialport,chardev=agent,name=org.vkernel.agent"));
}

static void the_line_can_be_given_to_a_shell(void **state)
{
	char *const arguments[] = {"qemu", "-append", "a b", "it's", "", "x=1,y", NULL};
	autofree char *line = qemu_command_line(arguments);

	(void)state;
	assert_string_equal(line, "qemu -append 'a b' 'it'\\''s' '' x=1,y");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(icount_pins_what_differs_between_runs),
		cmocka_unit_test(icount_has_one_processor_whatever_is_asked),
		cmocka_unit_test(mttcg_and_kvm_have_the_processors_asked_for),
		cmocka_unit_test(a_panic_or_a_reboot_ends_qemu),
		cmocka_unit_test(the_drive_is_a_snapshot),
		cmocka_unit_test(commas_in_paths_are_doubled_where_qemu_splits),
		cmocka_unit_test(the_callers_kernel_arguments_come_last),
		cmocka_unit_test(the_agents_port_is_the_descriptor_given),
		cmocka_unit_test(the_line_can_be_given_to_a_shell),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("QEMU's command line", tests, NULL, NULL);
}
