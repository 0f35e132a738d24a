// SPDX-License-Identifier: GPL-2.0
/* What a booted guest promises, in one guest. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "lib/scratch.h"
#include "harness/vm.h"
#include "lib/cleanup.h"
#include "lib/file.h"

static char folder[PATH_MAX];

static int boot(void **state)
{
	const char *kernel = getenv("KERNEL");
	struct error err;
	struct vm *vm;

	if (scratch_make(folder, &err) < 0)
		return error_report(&err, "vm_test");
	if (vm_boot(&(struct vm_options){.kernel = kernel ? kernel : "6.12",
					 .directory = folder,
					 .accelerator = ACCELERATOR_MTTCG,
					 .cpus = 2,
					 .memory = 1024,
					 .boot_timeout = 120},
		    &vm, &err) < 0) {
		scratch_remove(folder);
		return error_report(&err, "vm_test");
	}
	*state = vm;
	return 0;
}

static int stop(void **state)
{
	vm_stop(*state);
	scratch_remove(folder);
	return 0;
}

struct heard {
	char text[8192];
	size_t used, bytes;
};

static void hear(void *context, int stream, const char *line)
{
	struct heard *heard = context;
	size_t left = sizeof(heard->text) - heard->used;
	int length = snprintf(heard->text + heard->used, left, "%d:%s|", stream, line);

	heard->bytes += strlen(line);
	heard->used += (size_t)length < left ? (size_t)length : left - 1;
}

static struct heard heard;

static int run(struct vm *vm, const char *script)
{
	const char *const argv[] = {"sh", "-c", script, NULL};
	struct error err;
	int status;

	heard = (struct heard){0};
	if (vm_exec(vm, argv, 60, hear, &heard, &status, &err) < 0)
		fail_msg("%s", err.text);
	return status;
}

static void the_guest_says_which_kernel_it_is(void **state)
{
	char expected[140];

	assert_int_equal(run(*state, "uname -r"), 0);
	snprintf(expected, sizeof(expected), "1:%s|", vm_hello(*state)->kernel);
	assert_string_equal(heard.text, expected);
}

static void status_and_streams_pass_through(void **state)
{
	assert_int_equal(run(*state, "echo out; echo err >&2; exit 42"), 42);
	assert_non_null(strstr(heard.text, "1:out|"));
	assert_non_null(strstr(heard.text, "2:err|"));
	assert_int_equal(run(*state, "kill -KILL $$"), 128 + 9);
}

static void a_mebibyte_of_output_arrives_whole(void **state)
{
	assert_int_equal(run(*state, "head -c 786432 /dev/urandom | base64 -w 76"), 0);
	assert_int_equal(heard.bytes, 786432 / 3 * 4);
}

static void odd_arguments_arrive_as_they_are(void **state)
{
	const char *const argv[] = {"printf", "%s|", "", "a b", "\"'\\$", "\xc3\xa9", "-n", NULL};
	struct error err;
	int status;

	heard = (struct heard){0};
	assert_int_equal(vm_exec(*state, argv, 60, hear, &heard, &status, &err), 0);
	assert_string_equal(heard.text, "1:|a b|\"'\\$|\xc3\xa9|-n||");
}

static void an_argument_that_is_not_text_is_refused(void **state)
{
	const char *const argv[] = {"echo", "\xff", NULL};
	struct error err;
	int status;

	assert_int_equal(vm_exec(*state, argv, 60, hear, &heard, &status, &err), -1);
	assert_int_equal(err.status, EXIT_USAGE);
	assert_int_equal(run(*state, "true"), 0);
}

static void host_says(const char *command, char *line, size_t size)
{
	FILE *pipe = popen(command, "re");

	assert_non_null(pipe);
	assert_non_null(fgets(line, (int)size, pipe));
	assert_int_equal(pclose(pipe), 0);
	line[strcspn(line, "\n")] = 0;
}

static void a_pushed_file_has_its_bytes_and_its_mode(void **state)
{
	static unsigned char bytes[200001]; /* several pieces, not a multiple of three */
	char source[PATH_MAX + 16], command[PATH_MAX + 32], sum[128], expected[160];
	struct error err;

	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (unsigned char)(i * 7 + i / 256);
	snprintf(source, sizeof(source), "%s/source", folder);
	assert_int_equal(file_write(source, bytes, sizeof(bytes), &err), 0);
	assert_int_equal(chmod(source, 0751), 0);
	if (vm_push(*state, source, "/run/it's here", &err) < 0)
		fail_msg("%s", err.text);
	snprintf(command, sizeof(command), "cksum <%s", source);
	host_says(command, sum, sizeof(sum));
	snprintf(expected, sizeof(expected), "1:751|1:%s|", sum);
	assert_int_equal(run(*state, "stat -c %a \"/run/it's here\"; cksum <\"/run/it's here\""),
			 0);
	assert_string_equal(heard.text, expected);
}

static void a_file_that_is_not_there_cannot_be_pushed(void **state)
{
	struct error err;

	assert_int_equal(vm_push(*state, "/nonexistent", "/run/x", &err), -1);
	assert_int_equal(err.status, EXIT_USAGE);
	assert_int_equal(vm_push(*state, "/proc/self/status", "/nonexistent/x", &err), -1);
	assert_int_equal(err.status, EXIT_ENVIRONMENT);
}

static void what_does_not_end_is_killed_with_its_children_and_the_guest_lives(void **state)
{
	const char *const argv[] = {"sh", "-c", "sleep 98765 & echo begun; sleep 98765", NULL};
	struct error err;
	int status;

	assert_int_equal(vm_exec(*state, argv, 2, hear, &heard, &status, &err), -1);
	assert_int_equal(err.status, EXIT_ENVIRONMENT);
	assert_non_null(strstr(err.text, "did not end in 2 seconds; killed"));
	assert_int_equal(run(*state, "pgrep -f 'slee[p] 98765'"), 1);
}

static void the_guest_is_a_system_in_which_runtimes_run(void **state)
{
	static const char *const checks[] = {
		"test \"$(stat -fc %T /sys/fs/cgroup)\" = cgroup2fs",
		"grep -qw memory /sys/fs/cgroup/cgroup.subtree_control",
		"grep -qw pids /sys/fs/cgroup/cgroup.subtree_control",
		"test -w /dev/ptmx && test -d /dev/pts && test -d /dev/shm",
		"test -r /sys/kernel/security/lsm",
		"test -e /sys/kernel/tracing/available_filter_functions",
		"ip -br address show lo | grep -q 127.0.0.1",
		"test -x /vkernel/bin -a -f /vkernel/kmod/vkm.ko -a -f /vkernel/kmod/vki.ko",
		"for p in crun runc nginx wrk pwgen hackbench sysbench perf; do command -v $p; "
		"done",
		"test \"$(ulimit -n)\" -ge 65536",
		"grep -q '\"defaultAction\"' /usr/share/containers/seccomp.json",
	};

	for (size_t i = 0; i < sizeof(checks) / sizeof(checks[0]); i++) {
		if (run(*state, checks[i]) != 0)
			fail_msg("not so: %s\n%s", checks[i], heard.text);
	}
}

/* The last: the guest is gone afterwards. */
static void a_guest_that_powers_itself_off_is_reported_and_stays_lost(void **state)
{
	const char *const argv[] = {"sh", "-c", "kill -KILL $PPID; sleep 60", NULL};
	struct error err;
	int status;

	assert_int_equal(vm_exec(*state, argv, 60, hear, &heard, &status, &err), -1);
	assert_int_equal(err.status, EXIT_ENVIRONMENT);
	assert_non_null(strstr(err.text, "the guest ended"));
	assert_int_equal(vm_exec(*state, argv, 60, hear, &heard, &status, &err), -1);
	assert_non_null(strstr(err.text, "the guest is lost"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_guest_says_which_kernel_it_is),
		cmocka_unit_test(status_and_streams_pass_through),
		cmocka_unit_test(a_mebibyte_of_output_arrives_whole),
		cmocka_unit_test(odd_arguments_arrive_as_they_are),
		cmocka_unit_test(an_argument_that_is_not_text_is_refused),
		cmocka_unit_test(a_pushed_file_has_its_bytes_and_its_mode),
		cmocka_unit_test(a_file_that_is_not_there_cannot_be_pushed),
		cmocka_unit_test(what_does_not_end_is_killed_with_its_children_and_the_guest_lives),
		cmocka_unit_test(the_guest_is_a_system_in_which_runtimes_run),
		cmocka_unit_test(a_guest_that_powers_itself_off_is_reported_and_stays_lost),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("a booted guest", tests, boot, stop) ? 1 : 0;
}
