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
 * workload.prepare where workload.load is a struct nginx_load: writes nginx's configuration, the
 * documents, and {directory}/wrk.lua, with which wrk makes a fixed number of requests and says how
 * long they took.
 */
int nginx_prepare(const struct workload *workload, const char *directory, unsigned int port,
		  struct error *err);

/* Reads the output of wrk with that script; -1 with err set where a request was not answered. */
int nginx_parse_wrk(const char *output, struct readings *readings, struct error *err);

/*
 * What the rows share in which wrk asks for the document over so many connections, a string; then
 * come the members of their struct nginx_load.
 */
#define NGINX_WRK(connections, ...)                                                 \
	.clocks = ON_BOTH, .metrics = workload_request_metrics, .argv = nginx_argv, \
	.client =                                                                   \
		(const char *const[]){                                              \
			"wrk",                                                      \
			"-t",                                                       \
			"1",                                                        \
			"-c",                                                       \
			connections,                                                \
			"-d",                                                       \
			"60s",                                                      \
			"-s",                                                       \
			"{directory}/wrk.lua",                                      \
			"http://127.0.0.1:{port}/document",                         \
			NULL,                                                       \
		},                                                                  \
	.content = nginx_content, .prepare = nginx_prepare,                         \
	.load = &(const struct nginx_load){__VA_ARGS__}, .parse = nginx_parse_wrk,  \
	.fixed_time = true, .warms_itself = true, .once = true, .timeout = 60

#define NGINX_WRK_SUMMARY(what) \
	"nginx, one worker, in the container; wrk outside over loopback, " what

#define NGINX_WRK_COUNTS(requests)                                             \
	requests " that are not timed; with one processor the time holds the " \
		 "instructions of nginx, of wrk and of the kernel for both"

#endif
