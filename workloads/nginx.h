/* SPDX-License-Identifier: GPL-2.0 */
/* What the rows share in which nginx, in the container, is asked by a program outside. */
#ifndef VKERNEL_WORKLOADS_NGINX_H
#define VKERNEL_WORKLOADS_NGINX_H

#include "workloads/workload.h"

struct nginx_load {
	unsigned int bytes;    /* of the document, which is at /document */
	unsigned int warm;     /* requests of wrk's before those that are timed */
	unsigned int requests; /* of wrk's that are timed; 0: the client is not wrk */
};

/* nginx with its configuration in {directory}, one worker. */
extern const char *const nginx_argv[];

/* What "GET /" answers. */
extern const char nginx_content[];

/*
 * Writes nginx's configuration, the documents, and {directory}/wrk.lua, with which wrk makes a fixed
 * number of requests and says how long they took. As workload.prepare.
 */
int nginx_prepare(const struct nginx_load *load, const char *directory, unsigned int port,
		  struct error *err);

/* Reads the output of wrk with that script; -1 with err set where a request was not answered. */
int nginx_parse_wrk(const char *output, struct readings *readings, struct error *err);

#endif
