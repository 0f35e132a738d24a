/* SPDX-License-Identifier: GPL-2.0 */
/* What Docker and Podman give every container, by crun. */
{
	.name = "crun-secure",
	.summary = "crun, the same and Debian's default seccomp profile for containers, in "
		   "the form that crun and runc give it: one comparison after the other",
	.runtime = CRUN,
	.seccomp = PROFILE,
	.needs = CRUN,
	.apparmor = true,
},
