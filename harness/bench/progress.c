// SPDX-License-Identifier: GPL-2.0
#include "harness/bench/progress.h"

#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

void progress_begin(struct progress *progress, size_t total)
{
	*progress = (struct progress){
		.terminal = isatty(STDERR_FILENO),
		.total = total,
		.start = time(NULL),
	};
}

static void clear(const struct progress *progress)
{
	if (progress->terminal)
		fputs("\r\033[K", stderr);
}

void progress_note(struct progress *progress, const char *format, ...)
{
	va_list arguments;

	clear(progress);
	fputs("vkbench: ", stderr);
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fputc('\n', stderr);
}

void progress_step(struct progress *progress, const char *format, ...)
{
	unsigned int seconds = time(NULL) - progress->start;
	va_list arguments;

	progress->done++;
	clear(progress);
	fprintf(stderr, "[%zu/%zu %u:%02u] ", progress->done, progress->total, seconds / 60,
		seconds % 60);
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	if (!progress->terminal)
		fputc('\n', stderr);
	fflush(stderr);
}

void progress_end(struct progress *progress)
{
	clear(progress);
}
