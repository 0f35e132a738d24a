// SPDX-License-Identifier: GPL-2.0
#include "runtime/complaint.h"

#include <fcntl.h>
#include <jansson.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "lib/cleanup.h"

/* RFC 3339, which engines parse. */
static void print_time(char *text, size_t size)
{
	const time_t now = time(NULL);
	struct tm parts;

	gmtime_r(&now, &parts);
	strftime(text, size, "%Y-%m-%dT%H:%M:%SZ", &parts);
}

/* crun takes a file by itself or after "file:"; what it can have beside that is no engine's. */
static int open_log(const char *name)
{
	static const char kind[] = "file:";

	if (!strncmp(name, kind, strlen(kind)))
		name += strlen(kind);
	return open(name, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY, 0644);
}

static void print_json(FILE *out, const char *when, const struct error *err)
{
	json_t *line =
		json_pack("{s:s, s:s, s:s}", "msg", err->text, "level", "error", "time", when);

	/* No object: text that quotes bytes which are no UTF-8. */
	if (line)
		json_dumpf(line, out, JSON_COMPACT);
	else
		fprintf(out, "{\"msg\":\"see standard error\",\"level\":\"error\",\"time\":\"%s\"}",
			when);
	json_decref(line);
	fputc('\n', out);
}

void complaint_log(const struct arguments *arguments, const struct error *err)
{
	autoclose int fd = -1;
	FILE *out;
	char when[64];

	if (!arguments->log)
		return;
	fd = open_log(arguments->log);
	out = fd < 0 ? NULL : fdopen(fd, "a");
	if (!out)
		return;
	steal_fd(&fd);
	print_time(when, sizeof(when));
	if (arguments->log_format && !strcmp(arguments->log_format, "json")) {
		print_json(out, when, err);
	} else {
		fprintf(out, "%s: ", when);
		print_plain(out, err->text);
		fputc('\n', out);
	}
	fclose(out);
}
