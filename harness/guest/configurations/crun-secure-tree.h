/* SPDX-License-Identifier: GPL-2.0 */
/* The other form of the same filter: beside in loops of one call. */
{
	.name = "crun-secure-tree",
	.summary = "crun-secure with the profile as libseccomp's binary tree, which crun takes by "
		   "an annotation",
	.runtime = CRUN,
	.seccomp = PROFILE,
	.needs = CRUN,
	.tree = true,
	.micro_only = true,
	.thorough = true,
},
