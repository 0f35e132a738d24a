// SPDX-License-Identifier: GPL-2.0
#include "workloads/nginx.h"
#include "workloads/table.h"

const struct workload workload_nginx_wrk_1_64k = {
	NGINX_WRK("1", .bytes = 65536, .warm = 50, .requests = 600),
	.name = "nginx-wrk-1-64k",
	.summary = NGINX_WRK_SUMMARY("1 connection, 64 kB each"),
	.counts = NGINX_WRK_COUNTS("600 requests after 50"),
	.every = 4,
};
