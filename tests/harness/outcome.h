/* SPDX-License-Identifier: GPL-2.0 */
/* A made-up night below results/nightly, and what the triage makes of it. */
#ifndef TESTS_HARNESS_OUTCOME_H
#define TESTS_HARNESS_OUTCOME_H

#include "harness/nightly/triage.h"
#include "tests/harness/nights.h"

#define RELEASE "6.12.117+deb13-cloud-amd64"

#define STEP(kernel, step, status, log, result, reason)                                      \
	"{\"schema\":1,\"kernel\":\"" kernel "\",\"step\":\"" step "\",\"status\":" status   \
	",\"seconds\":60,\"log\":\"" log "\",\"result\":\"" result "\",\"reason\":\"" reason \
	"\"}\n"

/* The path of name below the folder; good for the next eight calls. */
const char *below(const char *folder, const char *name);
void make_folder(const char *path);

/*
 * One night's run of two cells, in the folder run-DAY; dearer: how many times what syscall-filtered
 * costs in vkernel.
 */
void write_run(const char *folder, unsigned int day, const char *release, double dearer);

/* results with nightly/6.12 and the night nightly/night.partial. */
void lay_out(const char *folder);

/* steps.jsonl of the night; the second: its only step is the bench that left run. */
void put_steps(const char *folder, const char *steps);
void put_bench_step(const char *folder, const char *run);
void write_baseline(const char *folder, const char *run);

struct outcome {
	struct triage triage;
	char *table, *results, *baselines, *night;
	enum exit_status status;
};

void judge(const char *folder, struct outcome *outcome);
void release(struct outcome *outcome);
void assert_row(const struct outcome *outcome, const char *text);
void assert_no_row(const struct outcome *outcome, const char *text);

#endif
