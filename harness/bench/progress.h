/* SPDX-License-Identifier: GPL-2.0 */
/* What the user sees while it runs: one line that changes on a terminal, plain lines elsewhere. */
#ifndef VKERNEL_HARNESS_BENCH_PROGRESS_H
#define VKERNEL_HARNESS_BENCH_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

struct progress {
	bool terminal;
	size_t done, total; /* visits */
	time_t start;
};

/* Writes to standard error. The caller keeps threads apart. */
void progress_begin(struct progress *progress, size_t total);

/* A remark between visits: stays on the screen. */
void progress_note(struct progress *progress, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* One visit is over; the text says what it gave. */
void progress_step(struct progress *progress, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Clears the changing line. */
void progress_end(struct progress *progress);

#endif
