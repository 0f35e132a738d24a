// SPDX-License-Identifier: GPL-2.0
#include "signal.h"

#include <linux/array_size.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>

#include "symbol.h"

enum { FORCE_SIG, EXIT };

static struct vkm_symbol symbols[] = {
	[FORCE_SIG] = {.name = "force_sig_seccomp"},
	[EXIT] = {.name = "do_exit"},
};

int vkm_signal_start(void)
{
	return vkm_symbols_find(symbols, ARRAY_SIZE(symbols));
}

/* int force_sig_seccomp(int syscall, int reason, bool force_coredump) */
static void force_sigsys(int number, bool force)
{
	vkm_call(number, 0, force, symbols[FORCE_SIG].site);
}

void vkm_signal_trap(int number)
{
	force_sigsys(number, false);
}

void vkm_signal_kill_process(int number)
{
	force_sigsys(number, true);
}

/*
 * The thread leaves from below our handler and never comes back to it: its stack is not used again,
 * so vKM may be unloaded while it is still exiting.
 */
void vkm_signal_kill_thread(int number)
{
	if (atomic_read(&current->signal->live) == 1)
		force_sigsys(number, true);
	else
		vkm_call(SIGSYS, 0, 0, symbols[EXIT].site);
}
