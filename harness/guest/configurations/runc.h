/* SPDX-License-Identifier: GPL-2.0 */
/* Docker's own runtime, without a filter. */
{
	.name = "runc",
	.summary = "runc, Docker's capabilities and paths, no system-call filter",
	.runtime = RUNC,
	.needs = RUNC,
	.peer = true,
	.every = 2,
	.thorough = true,
},
