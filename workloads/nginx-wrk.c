// SPDX-License-Identifier: GPL-2.0
#include "workloads/table.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "lib/cleanup.h"
#include "lib/file.h"

static const char *const argv[] = {
	"nginx", "-p", "{directory}", "-c", "{directory}/nginx.conf", "-e", "stderr", NULL,
};
static const char *const client[] = {
	"wrk", "-t", "1", "-c", "8", "-d", "1s", "http://127.0.0.1:{port}/", NULL,
};

static const char content[] = "vKernel measures nginx with this page: the same bytes in every "
			      "configuration, boot and run.\n";

static const char configuration[] = "daemon off;\n"
				    "worker_processes 1;\n"
				    "user www-data;\n"
				    "pid %1$s/nginx.pid;\n"
				    "error_log stderr warn;\n"
				    "events { worker_connections 64; }\n"
				    "http {\n"
				    "	access_log off;\n"
				    "	sendfile on;\n"
				    "	client_body_temp_path %1$s/body;\n"
				    "	proxy_temp_path %1$s/proxy;\n"
				    "	fastcgi_temp_path %1$s/fastcgi;\n"
				    "	uwsgi_temp_path %1$s/uwsgi;\n"
				    "	scgi_temp_path %1$s/scgi;\n"
				    "	server { listen 127.0.0.1:%2$u; root %1$s/www; }\n"
				    "}\n";

static const struct metric metrics[] = {
	{
		.name = "requests-per-second",
		.unit = "requests/s",
		.better = BETTER_HIGHER,
		.clocks = ON_BOTH,
		.formula = FORMULA_RATE,
	},
	{
		.name = "instructions",
		.unit = "instructions/request",
		.better = BETTER_LOWER,
		.clocks = ON_INSTRUCTIONS,
		.formula = FORMULA_PER_OPERATION,
	},
	{
		.name = "nanoseconds",
		.unit = "ns/request",
		.better = BETTER_LOWER,
		.clocks = ON_WALL,
		.formula = FORMULA_PER_OPERATION,
	},
	{.name = NULL},
};

static int prepare(const char *directory, unsigned int port, struct error *err)
{
	autofree char *text = NULL, *conf = NULL, *www = NULL, *page = NULL;

	if (asprintf(&text, configuration, directory, port) < 0 ||
	    asprintf(&conf, "%s/nginx.conf", directory) < 0 ||
	    asprintf(&www, "%s/www", directory) < 0 ||
	    asprintf(&page, "%s/www/index.html", directory) < 0)
		return error_set(err, EXIT_ENVIRONMENT, "no memory for nginx's configuration");
	if (mkdir(www, 0755))
		return error_set_errno(err, EXIT_ENVIRONMENT, errno, "cannot make %s", www);
	return file_write(conf, text, strlen(text), err) ||
			       file_write(page, content, sizeof(content) - 1, err)
		       ? -1
		       : 0;
}

/* The number that follows label on its line, or -1. */
static double figure(const char *output, const char *label)
{
	const char *at = strstr(output, label);
	double value;

	return at && sscanf(at + strlen(label), "%lf", &value) == 1 ? value : -1;
}

static double requests(const char *output)
{
	const char *end = strstr(output, " requests in ");
	const char *start = end;

	while (start && start > output && start[-1] >= '0' && start[-1] <= '9')
		start--;
	return start && start < end ? strtod(start, NULL) : -1;
}

static int parse(const char *output, struct readings *readings, struct error *err)
{
	double count = requests(output), rate = figure(output, "\nRequests/sec:");
	const char *errors = strstr(output, "Socket errors:");

	if (!errors)
		errors = strstr(output, "Non-2xx");
	if (errors)
		return error_set(err, EXIT_FINDING, "wrk was not always answered: %.*s",
				 (int)strcspn(errors, "\n"), errors);
	if (count < 0 || rate < 0)
		return error_set(err, EXIT_FINDING,
				 "wrk printed no \"requests in\" and \"Requests/sec:\" lines");
	if (!count || !rate)
		return error_set(err, EXIT_FINDING, "wrk completed no request");
	return readings_add(readings, count / rate * 1e9, count, err);
}

const struct workload workload_nginx_wrk = {
	.name = "nginx-wrk",
	.summary = "nginx, one worker, in the container; wrk outside over loopback, 8 connections",
	.counts =
		"one second of the guest's clock; with one processor it holds the instructions of "
		"nginx, of wrk and of the kernel for both",
	.clocks = ON_BOTH,
	.metrics = metrics,
	.argv = argv,
	.client = client,
	.content = content,
	.prepare = prepare,
	.parse = parse,
	.fixed_time = true,
	.quick = true,
	.timeout = 60,
};
