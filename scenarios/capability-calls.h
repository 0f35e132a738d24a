/* SPDX-License-Identifier: GPL-2.0 */
/* For each capability, a call that needs it and does no harm where it is allowed. */
#ifndef VKERNEL_SCENARIOS_CAPABILITY_CALLS_H
#define VKERNEL_SCENARIOS_CAPABILITY_CALLS_H

struct capability_call {
	int capability;
	const char *name;
	int refusal;	   /* the errno that means refused, beside EPERM and ENOSYS; 0: none */
	int (*make)(void); /* in a child of its own; returns 0 or an errno */
};

/* In the order of the capabilities, ended by a row without a name. */
extern const struct capability_call capability_calls[];

/*
 * Annotations that give the container the host's kernel log: on a log of its own, syslog(2) asks
 * for no capability of the host, so that CAP_SYSLOG's call would show nothing.
 */
extern const char *const capability_on_host_log[];

#endif
