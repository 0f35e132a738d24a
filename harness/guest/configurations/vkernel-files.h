/* SPDX-License-Identifier: GPL-2.0 */
/* The same file rules in an instance. */
{
	.name = "vkernel-files",
	.summary = "the profile of crun-apparmor, enforced by a virtual kernel instance, "
		   "and nothing else",
	.runtime = RUNTIME,
	.needs = LOADED,
	.files = FILES,
	.framework = true,
	.micro_only = true,
},
