// SPDX-License-Identifier: GPL-2.0
/* Records of /dev/kmsg as real kernels write them: which ones are complaints? */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "scenarios/kernellog.h"

static const char *const complaints[] = {
	"4,812,9123456,-;WARNING: CPU: 1 PID: 412 at kernel/trace/ftrace.c:2121 "
	"ftrace_bug+0x81/0x240\n SUBSYSTEM=cpu\n",
	"4,812,9123456,-;WARNING: kernel/rcu/tree_plugin.h:332 at rcu_note_context_switch+0x5f, "
	"CPU#0: sh/77\n",
	"1,900,1,-;BUG: kernel NULL pointer dereference, address: 0000000000000008\n",
	"1,900,1,-;BUG: unable to handle page fault for address: ffffc90000a3e000\n",
	"4,901,1,-;Oops: Oops: 0000 [#1] PREEMPT SMP PTI\n",
	"4,901,1,-;Oops: general protection fault, probably for non-canonical address "
	"0x6b6b6b6b6b6b6b6b: 0000 [#1] PREEMPT SMP PTI\n",
	"4,901,1,-;general protection fault, probably for non-canonical address 0xdead: 0000 "
	"[#1]\n",
	"2,901,1,-;kernel BUG at mm/slub.c:448!\n",
	"4,5,1,-;WARNING: possible circular locking dependency detected\n",
	"4,5,1,-;WARNING: possible recursive locking detected\n",
	"4,5,1,-;WARNING: suspicious RCU usage\n",
	"4,5,1,-;WARNING: inconsistent lock state\n",
	"3,5,1,-;BUG: sleeping function called from invalid context at "
	"kernel/locking/mutex.c:580\n",
	"3,5,1,-;BUG: scheduling while atomic: attempt/88/0x00000002\n",
	"3,5,1,-;INFO: task crun:512 blocked for more than 120 seconds.\n",
	"3,5,1,-;rcu: INFO: rcu_preempt detected stalls on CPUs/tasks:\n",
	"3,5,1,-;rcu: INFO: rcu_preempt self-detected stall on CPU\n",
	"3,5,1,-;rcu: INFO: rcu_tasks detected stalls on tasks:\n",
	"0,5,1,-;watchdog: BUG: soft lockup - CPU#1 stuck for 26s! [rmmod:801]\n",
	"3,5,1,-;BUG: Bad page state in process attempt  pfn:0a1b2\n",
	"6,5,1,-;kmemleak: 3 new suspected memory leaks (see /sys/kernel/debug/kmemleak)\n",
	"4,5,1,-;unreferenced object 0xffff888003f2a000 (size 128):\n",
	"4,5,1,-;refcount_t: underflow; use-after-free.\n",
	"3,5,1,-;UBSAN: array-index-out-of-bounds in kmod/vki/policy.c:12:3\n",
	"3,5,1,c;BUG: KASAN: slab-use-after-free in vkm_dispatch+0x12/0x40 [vkm]\n",
	"0,5,1,-;Kernel panic - not syncing: panic_on_warn set ...\n",
};

static const char *const innocent[] = {
	"6,640,2969000,-;vkm: loading out-of-tree module taints kernel.\n",
	"5,641,2969001,-;vkm: module verification failed: signature and/or required key missing - "
	"tainting kernel\n",
	"6,5,1,-;attempt[512]: segfault at ffffffffffffffff ip 0000000000401b2c sp 00007ffd9 "
	"error 5 in attempt[401000+e7000]\n",
	"6,5,1,-;traps: attempt[513] general protection fault ip:401c11 sp:7ffd9c error:0 in "
	"attempt[401000+e7000]\n",
	"4,5,1,-;Spectre V2 : WARNING: Unprivileged eBPF is enabled with eIBRS on, data leaks "
	"possible via Spectre v2 BHB attacks!\n",
	"6,5,1,-;Memory: 1998764K/2096628K available (16384K kernel code)\n",
	"6,5,1,-;Freeing unused kernel image (initmem) memory: 3948K\n",
	"6,5,1,-;systemd[1]: Listening on initctl Compatibility Named Pipe.\n",
	"6,5,1,-;printk: attempt: 12 output lines suppressed due to ratelimiting\n",
	"6,5,1,-;process 'vkernel/bin/attempt' started with executable stack\n",
	"6,5,1,-;hrtimer: interrupt took 12043210 ns\n",
	/* a program's own lines: facility 1 */
	"12,700,5,-;WARNING: CPU: 0 PID: 1 at nowhere\n",
	"13,700,5,-;BUG: kernel NULL pointer dereference, address: 0000000000000008\n",
	/* no records */
	"",
	"BUG: ",
	";BUG: \n",
};

static void finds_complaints(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(complaints) / sizeof(*complaints); i++)
		if (!kernellog_complaint(complaints[i]))
			fail_msg("not found: %s", complaints[i]);
}

static void leaves_innocent_lines(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(innocent) / sizeof(*innocent); i++)
		if (kernellog_complaint(innocent[i]))
			fail_msg("taken for a complaint: %s", innocent[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_complaints),
		cmocka_unit_test(leaves_innocent_lines),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
