// SPDX-License-Identifier: GPL-2.0
#include "workloads/nginx.h"
#include "workloads/table.h"

const struct workload workload_nginx_wrk_100_64k = {
	NGINX_WRK("100", .bytes = 65536, .warm = 200, .requests = 3000),
	.name = "nginx-wrk-100-64k",
	.summary = NGINX_WRK_SUMMARY("100 connections, 64 kB each"),
	.counts = NGINX_WRK_COUNTS("3,000 requests after 200"),
	.every = 4,
};
