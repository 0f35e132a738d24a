// SPDX-License-Identifier: GPL-2.0
#include "workloads/nginx.h"
#include "workloads/table.h"

const struct workload workload_nginx_wrk_1 = {
	NGINX_WRK("1", .bytes = 512, .warm = 200, .requests = 1000),
	.name = "nginx-wrk-1",
	.summary = NGINX_WRK_SUMMARY("1 connection, 0.5 kB each"),
	.counts = NGINX_WRK_COUNTS("1,000 requests after 200"),
	.every = 4,
};
