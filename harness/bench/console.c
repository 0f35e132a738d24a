// SPDX-License-Identifier: GPL-2.0
/* What the guests' kernels said. */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/bench/run.h"
#include "lib/cleanup.h"
#include "scenarios/kernellog.h"

/* "[   42.000000] text": what stands on a console without a time is no kernel's. */
static bool is_complaint(const char *line)
{
	const char *text = *line == '[' ? strstr(line, "] ") : NULL;

	return text && kernellog_flaw(text + 2);
}

static void complain(struct run *run, const char *label, char *line)
{
	json_t *complaints = json_object_get(run->environment, "complaints");

	line[strcspn(line, "\r\n")] = '\0';
	progress_note(&run->progress, "%s: the guest's kernel complained: %s", label, line);
	json_array_append_new(complaints, json_sprintf("%s: %s", label, line));
	run->failures++;
}

int console_keep(struct run *run, const char *label, const char *folder, struct error *err)
{
	char path[PATH_MAX + 64];
	autofclose FILE *in = NULL;
	autofree char *line = NULL;
	size_t size = 0;

	snprintf(path, sizeof(path), "%s/console.log", folder);
	in = fopen(path, "re");
	if (!in)
		return error_set_errno(err, EXIT_ENVIRONMENT, errno, "cannot read %s", path);
	fprintf(run->console, "===== %s =====\n", label);
	while (getline(&line, &size, in) > 0) {
		fputs(line, run->console);
		if (is_complaint(line))
			complain(run, label, line);
	}
	if (ferror(in) || fflush(run->console) || ferror(run->console))
		return error_set_errno(err, EXIT_ENVIRONMENT, errno, "cannot copy %s", path);
	unlink(path);
	rmdir(folder);
	return 0;
}
