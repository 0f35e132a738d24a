/* SPDX-License-Identifier: GPL-2.0 */
/* TCP on the loopback interface, as much as it takes to know that a server is up. */
#ifndef VKERNEL_HARNESS_GUEST_MEASURE_SERVER_H
#define VKERNEL_HARNESS_GUEST_MEASURE_SERVER_H

#include "harness/guest/measure/process.h"
#include "lib/error.h"

/* A port of 127.0.0.1 that nobody listens on; -1 with err set. */
int server_free_port(struct error *err);

/*
 * Waits until process answers "GET /" on port with status 200 and exactly content, or, where that is
 * NULL, until it takes a connection there. Returns 0, or -1 with err set: it ended, it answered something else, or it was not there in time.
 */
int server_wait(struct process *process, unsigned int port, const char *content,
		unsigned int milliseconds, struct error *err);

#endif
