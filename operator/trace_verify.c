// SPDX-License-Identifier: GPL-2.0
#include "operator/trace_verify.h"

#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "lib/cleanup.h"
#include "lib/scratch.h"
#include "operator/record.h"
#include "operator/trace_child.h"
#include "operator/trace_denials.h"
#include "operator/trace_engine.h"
#include "operator/trace_profile.h"
#include "runtime/framework.h"
#include "runtime/kept.h"

#define POLL_NS 50000000

typedef char instance_name[MODULE_NAME_MAX + 1];

/* What a verification works with; a bundle of our own goes into the temporary folder. */
struct verification {
	char folder[PATH_MAX], profile[PATH_MAX];
	struct engine engine;
	struct engine_command command;
	struct denials denials;
	instance_name *before; /* sorted: others' instances */
	size_t before_count;
	time_t began;
	bool seen; /* an instance, while it ran */
};

static int prepare(struct verification *work, char *const *argv, const struct recording *recording,
		   const char *path, struct error *err)
{
	const struct engine_profile profile = {
		.path = work->profile,
		.capabilities = trace_capabilities(recording),
		.folder = work->folder,
	};

	if (!realpath(path, work->profile))
		return error_set_errno(err, EXIT_ENVIRONMENT, errno, "cannot find %s", path);
	return engine_under_profile(&work->engine, argv, &profile, &work->command, err);
}

/* Whether there is an instance that was not there before. */
static bool is_instance_there(const struct verification *work)
{
	instance_name *names = NULL;
	struct error unread;
	bool there = false;
	size_t count;

	if (framework_list(&names, &count, &unread))
		return false;
	for (size_t i = 0; i < count && !there; i++)
		there = !bsearch(names[i], work->before, work->before_count, sizeof(*names),
				 (int (*)(const void *, const void *))strcmp);
	free(names);
	return there;
}

static int run(struct verification *work, int *status, struct error *err)
{
	const struct timespec pause = {.tv_nsec = POLL_NS};
	struct traced_child child;

	if (traced_child_make(&child, work->command.argv, err))
		return -1;
	traced_signals_catch(&child);
	if (traced_child_begin(&child, work->command.argv, err))
		return -1;
	while (!traced_child_ended(&child) || (is_instance_there(work) && !traced_interrupted())) {
		work->seen |= is_instance_there(work);
		nanosleep(&pause, NULL);
	}
	*status = child.status;
	if (traced_interrupted())
		return error_set(err, EXIT_INTERRUPTED, "interrupted");
	return 0;
}

static void print_refusals(const struct kept *kept)
{
	const char *at = kept->records;
	size_t left = kept->records_size;
	struct record record;
	ssize_t size;

	while (left && (size = record_parse(at, left, &record)) > 0) {
		autofree char *text = strndup(record.text, record.text_size);
		const char *told = text ? strstr(text, " vkm: ") : NULL;

		if (text && strstr(text, ": refused"))
			print_plain(stdout, told ? told + strlen(" vkm: ") : text);
		if (text && strstr(text, ": refused"))
			putchar('\n');
		at += size;
		left -= size;
	}
}

/* The container's own log says which files; it is kept when the container has ended. */
static void print_log(const struct verification *work)
{
	struct error unread;
	struct kept kept;

	if (!work->engine.id || kept_read(work->engine.id, &kept, &unread))
		return;
	if (kept.ended >= work->began)
		print_refusals(&kept);
	kept_free(&kept);
}

static int told(struct verification *work, unsigned long *denied, struct error *err)
{
	const struct denials_passed passed = {
		.others = work->before,
		.others_count = work->before_count,
		.granted = work->command.granted,
	};
	unsigned long lost;

	if (denials_print(&work->denials, &passed, stdout, denied, &lost, err))
		return -1;
	if (lost)
		printf("lost: %lu denials\n", lost);
	if (*denied)
		print_log(work);
	if (!*denied && !work->seen)
		return error_set(
			err, EXIT_ENVIRONMENT,
			"no instance was seen while the command ran: the container did not "
			"run under the profile");
	return 0;
}

static int verify(struct verification *work, unsigned long *denied, struct error *err)
{
	int status, ret;

	if (framework_check(err) || framework_list(&work->before, &work->before_count, err) ||
	    denials_begin(&work->denials, err))
		return -1;
	work->began = time(NULL);
	ret = run(work, &status, err);
	if (!ret)
		ret = told(work, denied, err);
	denials_end(&work->denials);
	if (!ret && status)
		fprintf(stderr,
			"vkernel trace: under the profile the command ended with wait "
			"status 0x%x\n",
			status);
	return ret;
}

int trace_verify(char *const *argv, const struct recording *recording, const char *path,
		 unsigned long *denied, struct error *err)
{
	struct verification work = {.engine = engine_read(argv)};
	int ret = -1;

	if (scratch_make(work.folder, err))
		return -1;
	if (!prepare(&work, argv, recording, path, err))
		ret = verify(&work, denied, err);
	engine_command_free(&work.command);
	free(work.before);
	scratch_remove(work.folder);
	return ret;
}
