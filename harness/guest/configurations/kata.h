/* SPDX-License-Identifier: GPL-2.0 */
/* A virtual machine for each container. */
{
	.name = "kata",
	.summary = "Kata Containers, a virtual machine for each container",
	.runtime = "/usr/bin/kata-runtime",
	.needs = "/dev/kvm",
	.lacking = "a guest in which KVM works, and Kata Containers, which Debian does not have",
	.own_kernel = true,
	.peer = true,
	.every = 4,
	.thorough = true,
},
