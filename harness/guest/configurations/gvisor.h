/* SPDX-License-Identifier: GPL-2.0 */
/* A kernel in user space; its platform is the one that needs no virtualisation. */
{
	.name = "gvisor",
	.summary = "gVisor's runsc, platform systrap, the host's network; programs run on its "
		   "kernel in user space",
	.runtime = RUNSC,
	.flags = (const char *const[]){"--platform=systrap", "--network=host", "--overlay2=none",
				       NULL},
	.needs = RUNSC,
	.lacking = "the package runsc; Debian 12's is older than the platform systrap",
	.own_kernel = true,
	.peer = true,
	.every = 4,
	.thorough = true,
},
