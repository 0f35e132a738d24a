// SPDX-License-Identifier: GPL-2.0
#include <linux/module.h>

#include "arming.h"
#include "dispatch.h"
#include "hook.h"
#include "instance.h"
#include "memory.h"
#include "path.h"
#include "ring.h"
#include "signal.h"

/*
 * Instances are vKI modules that use our symbols, so this module cannot be unloaded while there is
 * one. The way out is the mirror of the way in.
 */
static int __init vkm_start(void)
{
	int error;

	error = vkm_signal_start();
	if (!error)
		error = vkm_capability_start();
	if (!error)
		error = vkm_hidden_start();
	if (!error)
		error = vkm_path_start();
	if (!error)
		error = vkm_log_start();
	if (!error)
		error = vkm_memory_start();
	if (error)
		return error;
	error = vkm_ring_start();
	if (error)
		goto stop_memory;
	error = vkm_hook_start();
	if (error)
		goto stop_ring;
	error = vkm_arming_start();
	if (error)
		goto stop_hook;
	error = vkm_instance_start();
	if (error)
		goto stop_arming;
	return 0;

stop_arming:
	vkm_arming_stop();
stop_hook:
	vkm_hook_stop();
stop_ring:
	vkm_ring_stop();
stop_memory:
	vkm_memory_stop();
	return error;
}

static void __exit vkm_stop(void)
{
	vkm_instance_stop();
	vkm_hook_stop();
	vkm_arming_stop();
	vkm_ring_stop();
	vkm_memory_stop();
}

module_init(vkm_start);
module_exit(vkm_stop);
MODULE_DESCRIPTION("vKernel framework: hooks kernel functions for containers");
MODULE_LICENSE("GPL");
