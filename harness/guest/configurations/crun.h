/* SPDX-License-Identifier: GPL-2.0 */
/* The honest baseline: a container without a filter. */
{
	.name = "crun",
	.summary = "crun, Docker's capabilities and paths, no system-call filter",
	.runtime = CRUN,
	.needs = CRUN,
},
