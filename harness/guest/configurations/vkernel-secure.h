/* SPDX-License-Identifier: GPL-2.0 */
/* What `docker run` gives on Debian, all of it in an instance. */
{
	.name = "vkernel-secure",
	.summary = "the rules of runc-secure, for system calls and for files, enforced by a "
		   "virtual kernel instance",
	.runtime = RUNTIME,
	.seccomp = PROFILE,
	.needs = LOADED,
	.profile = DOCKER,
	.framework = true,
	.peer = true,
	.every = 2,
},
