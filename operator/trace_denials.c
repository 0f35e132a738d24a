// SPDX-License-Identifier: GPL-2.0
#include "operator/trace_denials.h"

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "builder/builder.h"
#include "builder/number.h"
#include "lib/cleanup.h"

#define DIFFERENT_MAX 512
#define EVENT	      "vki_denied: "

static const char *const roots[] = {"/sys/kernel/tracing", "/sys/kernel/debug/tracing"};

struct denial {
	char what[160];
	unsigned long count;
};

/* All that were read. */
struct reading {
	const struct denials_passed *passed;
	struct denial *list;
	size_t used;
	unsigned long all;
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

static void count_denial(struct reading *reading, const char *what)
{
	struct denial *list = reading->list;
	size_t i = 0;

	reading->all++;
	while (i < reading->used && strcmp(list[i].what, what))
		i++;
	if (i == DIFFERENT_MAX)
		return;
	if (i == reading->used)
		snprintf(list[reading->used++].what, sizeof(list->what), "%s", what);
	list[i].count++;
}

static bool is_passed(const struct reading *reading, const char *instance, const char *class,
		      int number)
{
	const struct denials_passed *passed = reading->passed;

	/* These are reported, and not refused. */
	if (!strcmp(class, "excess") || !strcmp(class, "logged"))
		return true;
	if (!strcmp(class, "capability") && number >= 0 && number < 64 &&
	    !(passed->granted >> number & 1))
		return true;
	for (size_t i = 0; i < passed->others_count; i++)
		if (!strcmp(passed->others[i], instance))
			return true;
	return false;
}

static const char *name_of(const char *class, const char *entry, int number)
{
	if (number < 0)
		return NULL;
	if (!strcmp(class, "capability"))
		return capability_name(number);
	return number_name(!strcmp(entry, "i386") ? POLICY_TABLE_I386 : POLICY_TABLE_X86_64,
			   number);
}

/* "instance=vkernel_x class=syscall path=x86-64 number=41 verdict=errno value=1" */
static void read_line(const char *line, struct reading *reading)
{
	const char *event = strstr(line, EVENT), *name;
	char instance[64], class[32], entry[16], what[160];
	int number;

	if (!event ||
	    sscanf(event + strlen(EVENT), "instance=%63s class=%31s path=%15s number=%d", instance,
		   class, entry, &number) != 4 ||
	    is_passed(reading, instance, class, number))
		return;
	name = name_of(class, entry, number);
	if (name)
		snprintf(what, sizeof(what), "%s %s (%s)", class, name, entry);
	else if (number >= 0)
		snprintf(what, sizeof(what), "%s %d (%s)", class, number, entry);
	else
		snprintf(what, sizeof(what), "%s", class);
	count_denial(reading, what);
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

int denials_print(const struct denials *denials, const struct denials_passed *passed, FILE *stream,
		  unsigned long *count, unsigned long *lost, struct error *err)
{
	autofree struct denial *list = calloc(DIFFERENT_MAX, sizeof(*list));
	struct reading reading = {.passed = passed, .list = list};
	char path[PATH_MAX + 64], line[512];
	autofclose FILE *file = NULL;

	snprintf(path, sizeof(path), "%s/trace", denials->folder);
	file = fopen(path, "re");
	if (!file || !list)
		return error_set_errno(err, EXIT_ENVIRONMENT, errno, "cannot read %s", path);
	while (fgets(line, sizeof(line), file))
		read_line(line, &reading);
	*lost = read_lost(denials);
	*count = reading.all + *lost;
	qsort(list, reading.used, sizeof(*list), compare);
	for (size_t i = 0; i < reading.used; i++)
		fprintf(stream, "denied %lu times: %s\n", list[i].count, list[i].what);
	return 0;
}
