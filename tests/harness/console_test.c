// SPDX-License-Identifier: GPL-2.0
/* What of a guest's console is a complaint of its kernel, and a run's failure. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "harness/bench/run.h"
#include "lib/cleanup.h"
#include "lib/file.h"
#include "lib/scratch.h"

static const struct {
	const char *line;
	bool complaint;
} lines[] = {
	{"[   42.000000] WARNING: CPU: 0 PID: 7 at kernel/softirq.c:1 f+0x1/0x2", true},
	{"[   42.000000] BUG: kernel NULL pointer dereference, address: 0", true},
	{"[   42.000000] watchdog: BUG: soft lockup - CPU#0 stuck for 22s!", true},
	{"[   42.000000] kernel BUG at mm/slub.c:448!", true},
	{"[   42.000000] general protection fault, probably for non-canonical address", true},
	{"[   42.000000] rcu: INFO: rcu_preempt self-detected stall on CPU", true},
	{"[   42.000000] INFO: task vkm:7 blocked for more than 120 seconds.", true},
	{"[    0.100000] Spectre V2 : WARNING: Unprivileged eBPF is enabled with eIBRS on", false},
	{"[    1.000000] virtio_blk virtio1: [vda] 1843200 512-byte logical blocks", false},
	{"WARNING: a program said this to the console", false},
	{"[", false},
	{"", false},
};

static void what_a_kernel_complains_of_is_the_runs_failure(void **state)
{
	char folder[PATH_MAX], inner[PATH_MAX + 16];
	struct error err;

	(void)state;
	assert_int_equal(scratch_make(folder, &err), 0);
	snprintf(inner, sizeof(inner), "%s/boot", folder);
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		struct run run = {.environment = json_pack("{s:[]}", "complaints")};
		autofree char *path = NULL, *text = NULL, *kept = NULL;
		size_t size;

		run.console = open_memstream(&kept, &size);
		assert_true(asprintf(&path, "%s/console.log", inner) > 0);
		assert_true(asprintf(&text, "%s\r\n", lines[i].line) > 0);
		mkdir(inner, 0755);
		assert_int_equal(file_write(path, text, strlen(text), &err), 0);
		assert_int_equal(console_keep(&run, "boot 1", inner, &err), 0);
		fclose(run.console);
		if (run.failures != lines[i].complaint)
			fail_msg("%u failures: %s", run.failures, lines[i].line);
		assert_int_equal(json_array_size(json_object_get(run.environment, "complaints")),
				 lines[i].complaint);
		assert_non_null(strstr(kept, lines[i].line));
		json_decref(run.environment);
	}
	scratch_remove(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_a_kernel_complains_of_is_the_runs_failure),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
