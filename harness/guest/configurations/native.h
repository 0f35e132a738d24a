/* SPDX-License-Identifier: GPL-2.0 */
/* What everything is compared with. */
{
	.name = "native",
	.summary = "no container: the program runs directly in the guest",
},
