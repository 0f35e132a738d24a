/* SPDX-License-Identifier: GPL-2.0 */
/* What `docker run` gives on Debian. */
{
	.name = "runc-secure",
	.summary = "runc, the same with Debian's default seccomp profile for containers and "
		   "Docker's default AppArmor profile",
	.runtime = RUNC,
	.seccomp = PROFILE,
	.needs = RUNC,
	.apparmor = true,
	.profile = DOCKER,
	.peer = true,
	.every = 2,
	.thorough = true,
},
