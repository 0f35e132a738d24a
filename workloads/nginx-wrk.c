// SPDX-License-Identifier: GPL-2.0
#include "workloads/nginx.h"
#include "workloads/table.h"

const struct workload workload_nginx_wrk = {
	NGINX_WRK("16", .bytes = 512, .warm = 200, .requests = 1000),
	.name = "nginx-wrk",
	.summary = NGINX_WRK_SUMMARY("16 connections, 0.5 kB each"),
	.counts = NGINX_WRK_COUNTS("1,000 requests after 200"),
	.quick = true,
	.every = 2,
};
