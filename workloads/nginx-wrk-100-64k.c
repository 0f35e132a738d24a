// SPDX-License-Identifier: GPL-2.0
#include "workloads/nginx.h"
#include "workloads/table.h"

static const char *const client[] = {
	"wrk",
	"-t",
	"1",
	"-c",
	"100",
	"-d",
	"60s",
	"-s",
	"{directory}/wrk.lua",
	"http://127.0.0.1:{port}/document",
	NULL,
};

static const struct nginx_load load = {.bytes = 65536, .warm = 200, .requests = 1500};

static int prepare(const char *directory, unsigned int port, struct error *err)
{
	return nginx_prepare(&load, directory, port, err);
}

const struct workload workload_nginx_wrk_100_64k = {
	.name = "nginx-wrk-100-64k",
	.summary = "nginx, one worker, in the container; wrk outside over loopback, 100 "
		   "connections, 64 kB each",
	.counts = "1,500 requests after 200 that are not timed; with one processor the time holds "
		  "the instructions of nginx, of wrk and of the kernel for both",
	.clocks = ON_BOTH,
	.metrics = workload_request_metrics,
	.argv = nginx_argv,
	.client = client,
	.content = nginx_content,
	.prepare = prepare,
	.parse = nginx_parse_wrk,
	.fixed_time = true,
	.warms_itself = true,
	.once = true,
	.every = 4,
	.timeout = 60,
};
