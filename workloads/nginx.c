// SPDX-License-Identifier: GPL-2.0
#include "workloads/nginx.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "lib/cleanup.h"
#include "lib/file.h"

const char *const nginx_argv[] = {
	"nginx", "-p", "{directory}", "-c", "{directory}/nginx.conf", "-e", "stderr", NULL,
};

const char nginx_content[] = "vKernel measures nginx with this page: the same bytes in every "
			     "configuration, boot and run.\n";

static const char configuration[] = "daemon off;\n"
				    "worker_processes 1;\n"
				    "user www-data;\n"
				    "pid %1$s/nginx.pid;\n"
				    "error_log stderr warn;\n"
				    "events { worker_connections 256; }\n"
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

/*
 * wrk itself ends after a time, with more or less work done. The first requests, with which
 * connections are opened, are not timed. SIGINT ends the sleep in which wrk's first thread waits; a
 * signal that comes before it listens is ignored, so the next request sends it again. What LuaJIT
 * compiles, and when, is another thing in every run, and slow where instructions are emulated.
 */
static const char script[] = "require(\"jit\").off()\n"
			     "local ffi = require(\"ffi\")\n"
			     "ffi.cdef[[\n"
			     "struct timespec { long seconds, nanoseconds; };\n"
			     "int clock_gettime(int clock, struct timespec *time);\n"
			     "int kill(int process, int signal);\n"
			     "int getpid(void);\n"
			     "]]\n"
			     "local WARM, COUNT, MONOTONIC, SIGINT = %u, %u, 1, 2\n"
			     "local time = ffi.new(\"struct timespec\")\n"
			     "local calls, start, text = 0, 0, nil\n"
			     "local function now()\n"
			     "	ffi.C.clock_gettime(MONOTONIC, time)\n"
			     "	return tonumber(time.seconds) * 1e9 + tonumber(time.nanoseconds)\n"
			     "end\n"
			     "function init(args)\n"
			     "	text = wrk.format()\n"
			     "end\n"
			     "function request()\n"
			     "	calls = calls + 1\n"
			     "	if calls == WARM then\n"
			     "		start = now()\n"
			     "	elseif calls == WARM + COUNT then\n"
			     "		print(string.format(\"%%d requests took %%.0f ns\", COUNT, "
			     "now() - start))\n"
			     "	end\n"
			     "	if calls >= WARM + COUNT then\n"
			     "		wrk.thread:stop()\n"
			     "		ffi.C.kill(ffi.C.getpid(), SIGINT)\n"
			     "	end\n"
			     "	return text\n"
			     "end\n";

static int write_text(const char *directory, const char *name, const char *text, size_t size,
		      struct error *err)
{
	autofree char *path = NULL;

	if (asprintf(&path, "%s/%s", directory, name) < 0)
		return error_set(err, EXIT_ENVIRONMENT, "no memory for a path");
	return file_write(path, text, size, err);
}

/* Bytes that no compression would shorten to nothing, and that are the same every time. */
static int write_document(const char *directory, size_t size, struct error *err)
{
	autofree char *text = malloc(size);

	if (!text)
		return error_set(err, EXIT_ENVIRONMENT, "no memory for a document");
	for (size_t i = 0; i < size; i++)
		text[i] = 'a' + i * i % 23;
	return write_text(directory, "www/document", text, size, err);
}

static int write_script(const struct nginx_load *load, const char *directory, struct error *err)
{
	autofree char *text = NULL;

	if (!load->requests)
		return 0;
	if (asprintf(&text, script, load->warm, load->requests) < 0)
		return error_set(err, EXIT_ENVIRONMENT, "no memory for wrk's script");
	return write_text(directory, "wrk.lua", text, strlen(text), err);
}

int nginx_prepare(const struct workload *workload, const char *directory, unsigned int port,
		  struct error *err)
{
	const struct nginx_load *load = workload->load;
	autofree char *text = NULL, *www = NULL;

	if (asprintf(&text, configuration, directory, port) < 0 ||
	    asprintf(&www, "%s/www", directory) < 0)
		return error_set(err, EXIT_ENVIRONMENT, "no memory for nginx's configuration");
	if (mkdir(www, 0755))
		return error_set_errno(err, EXIT_ENVIRONMENT, errno, "cannot make %s", www);
	return write_text(directory, "nginx.conf", text, strlen(text), err) ||
			       write_text(directory, "www/index.html", nginx_content,
					  strlen(nginx_content), err) ||
			       write_document(directory, load->bytes, err) ||
			       write_script(load, directory, err)
		       ? -1
		       : 0;
}

int nginx_parse_wrk(const char *output, struct readings *readings, struct error *err)
{
	const char *errors = strstr(output, "Socket errors:");
	const char *line = strstr(output, " requests took ");
	double count, elapsed_ns;

	if (!errors)
		errors = strstr(output, "Non-2xx");
	if (errors)
		return error_set(err, EXIT_FINDING, "wrk was not always answered: %.*s",
				 (int)strcspn(errors, "\n"), errors);
	while (line && line > output && line[-1] != '\n')
		line--;
	if (!line || sscanf(line, "%lf requests took %lf ns\n", &count, &elapsed_ns) != 2)
		return error_set(err, EXIT_FINDING,
				 "wrk did not come to its last request: it printed no \"requests "
				 "took\" line");
	return readings_add(readings, elapsed_ns, count, err);
}
