/* SPDX-License-Identifier: GPL-2.0 */
#ifndef VKERNEL_HARNESS_GUEST_AGENT_H
#define VKERNEL_HARNESS_GUEST_AGENT_H

/*
 * Serves the host (protocol.h) until it asks for power-off or the port is lost; returns the exit
 * status of the process. Context: a process of its own, single-threaded, everything mounted.
 */
int agent_main(void);

#endif
