/* SPDX-License-Identifier: GPL-2.0 */
/* File rules by AppArmor: beside in loops over files. */
{
	.name = "crun-apparmor",
	.summary = "crun and, by AppArmor, Docker's default profile with rules for a web "
		   "server",
	.runtime = CRUN,
	.needs = "/sys/kernel/security/apparmor/profiles",
	.files = FILES,
	.apparmor = true,
	.micro_only = true,
},
