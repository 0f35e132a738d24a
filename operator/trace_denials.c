// SPDX-License-Identifier: GPL-2.0
#include "operator/trace_denials.h"

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "builder/number.h"
#include "lib/cleanup.h"

#define DIFFERENT_MAX 512
#define EVENT	      "vki_denied: "

static const char *const roots[] = {"/sys/kernel/tracing", "/sys/kernel/debug/tracing"};

struct denial {
	char what[160];
	unsigned long count;
};

static int write_attribute(const struct denials *denials, const char *name, const char *value)
{
	char path[PATH_MAX + 64];
	autoclose int fd = -1;

	snprintf(path, sizeof(path), "%s/%s", denials->folder, name);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	return fd < 0 || write(fd, value, strlen(value)) < 0 ? -1 : 0;
}

int denials_begin(struct denials *denials, struct error *err)
{
	int failed = ENOENT;

	*denials->folder = '\0';
	if (access("/sys/kernel/vkernel", F_OK))
		return error_set(err, EXIT_ENVIRONMENT,
				 "vKM is not loaded, so nothing would be enforced; load vkm.ko");
	for (size_t i = 0; failed && i < sizeof(roots) / sizeof(*roots); i++) {
		snprintf(denials->folder, sizeof(denials->folder), "%s/instances/vkernel-trace-%d",
			 roots[i], getpid());
		failed = mkdir(denials->folder, 0700) ? errno : 0;
	}
	if (failed) {
		*denials->folder = '\0';
		return error_set_errno(err, EXIT_ENVIRONMENT, failed,
				       "cannot make a trace buffer in %s; is tracefs mounted?",
				       roots[0]);
	}
	if (!write_attribute(denials, "buffer_size_kb", "4096") &&
	    !write_attribute(denials, "events/vkernel/vki_denied/enable", "1"))
		return 0;
	failed = errno;
	denials_end(denials);
	return error_set_errno(err, EXIT_ENVIRONMENT, failed,
			       "cannot switch on the trace event vkernel:vki_denied");
}

void denials_end(struct denials *denials)
{
	if (!*denials->folder)
		return;
	write_attribute(denials, "events/vkernel/vki_denied/enable", "0");
	rmdir(denials->folder);
	*denials->folder = '\0';
}

static void count_denial(struct denial *list, size_t *used, const char *what, unsigned long *all)
{
	size_t i = 0;

	++*all;
	while (i < *used && strcmp(list[i].what, what))
		i++;
	if (i == DIFFERENT_MAX)
		return;
	if (i == *used)
		snprintf(list[(*used)++].what, sizeof(list->what), "%s", what);
	list[i].count++;
}

/* "instance=vkernel_x class=syscall path=x86-64 number=41 verdict=errno value=1" */
static void read_line(const char *line, struct denial *list, size_t *used, unsigned long *all)
{
	const char *event = strstr(line, EVENT);
	char class[32], path[16], verdict[32], what[160];
	const char *name = NULL;
	int number, value;

	if (!event || sscanf(event + strlen(EVENT),
			     "instance=%*s class=%31s path=%15s number=%d verdict=%31s value=%d",
			     class, path, &number, verdict, &value) != 5)
		return;
	/* It is reported, and not refused. */
	if (!strcmp(class, "excess") || !strcmp(class, "logged"))
		return;
	if (number >= 0)
		name = number_name(!strcmp(path, "i386") ? POLICY_TABLE_I386 : POLICY_TABLE_X86_64,
				   number);
	if (name)
		snprintf(what, sizeof(what), "%s %s (%s)", class, name, path);
	else if (number >= 0)
		snprintf(what, sizeof(what), "%s %d (%s)", class, number, path);
	else
		snprintf(what, sizeof(what), "%s", class);
	count_denial(list, used, what, all);
}

static int compare(const void *one, const void *other)
{
	const struct denial *a = one, *b = other;

	return a->count > b->count ? -1 : a->count < b->count;
}

/* "overrun: 0", and "dropped events: 0", of each processor. */
static unsigned long read_lost(const struct denials *denials)
{
	char pattern[PATH_MAX + 64], line[128];
	unsigned long lost = 0, count;
	glob_t found;

	snprintf(pattern, sizeof(pattern), "%s/per_cpu/cpu*/stats", denials->folder);
	if (glob(pattern, 0, NULL, &found))
		return 0;
	for (size_t i = 0; i < found.gl_pathc; i++) {
		autofclose FILE *file = fopen(found.gl_pathv[i], "re");

		while (file && fgets(line, sizeof(line), file))
			if (sscanf(line, "overrun: %lu", &count) == 1 ||
			    sscanf(line, "dropped events: %lu", &count) == 1)
				lost += count;
	}
	globfree(&found);
	return lost;
}

int denials_print(const struct denials *denials, FILE *stream, unsigned long *count,
		  unsigned long *lost, struct error *err)
{
	autofree struct denial *list = calloc(DIFFERENT_MAX, sizeof(*list));
	char path[PATH_MAX + 64], line[512];
	autofclose FILE *file = NULL;
	size_t used = 0;

	*count = 0;
	snprintf(path, sizeof(path), "%s/trace", denials->folder);
	file = fopen(path, "re");
	if (!file || !list)
		return error_set_errno(err, EXIT_ENVIRONMENT, errno, "cannot read %s", path);
	while (fgets(line, sizeof(line), file))
		read_line(line, list, &used, count);
	*lost = read_lost(denials);
	*count += *lost;
	qsort(list, used, sizeof(*list), compare);
	for (size_t i = 0; i < used; i++)
		fprintf(stream, "denied %lu times: %s\n", list[i].count, list[i].what);
	return 0;
}
