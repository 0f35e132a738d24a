/* SPDX-License-Identifier: GPL-2.0 */
/* The subject. */
{
	.name = "vkernel",
	.summary = "the bundle of crun-secure, enforced by a virtual kernel instance",
	.runtime = RUNTIME,
	.seccomp = PROFILE,
	.needs = LOADED,
	.framework = true,
},
