/* SPDX-License-Identifier: GPL-2.0 */
/* Many more rules: what their number costs. */
{
	.name = "vkernel-files-2000",
	.summary = "vkernel-files with 2,000 rules more, for other paths",
	.runtime = RUNTIME,
	.needs = LOADED,
	.files = FILES,
	.rules = 2000,
	.framework = true,
	.micro_only = true,
	.thorough = true,
},
