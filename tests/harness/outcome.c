// SPDX-License-Identifier: GPL-2.0
#include "tests/harness/outcome.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "harness/nightly/baseline.h"

#define UNIT "instructions/call"

/* Paths below the fixture's folder. */
const char *below(const char *folder, const char *name)
{
	static char paths[8][PATH_MAX];
	static unsigned int next;
	char *path = paths[next++ % 8];

	assert_true(snprintf(path, PATH_MAX, "%s/%s", folder, name) < PATH_MAX);
	return path;
}

void make_folder(const char *path)
{
	assert_int_equal(mkdir(path, 0755), 0);
}

/* One night's run of two cells; dearer: how many times what syscall-filtered costs in vkernel. */
void write_run(const char *folder, unsigned int day, const char *release, double dearer)
{
	const struct made_figure figures[] = {
		{"syscall-filtered", "vkernel", "instructions", UNIT, "lower", 286 * dearer, 0.05,
		 NULL},
		{"syscall-filtered", "crun", "instructions", UNIT, "lower", 229, 0.05, NULL},
		{"syscall-filtered", "vkernel", "task-clock", "ms", "lower", 180 * dearer, 0.05,
		 NULL},
		{"hackbench", "vkernel", "elapsed", "ms", "lower", 254, 9, NULL},
	};
	char name[32], commit[48];
	const struct made_night night = {
		.kernel = release,
		.clock = "instructions",
		.processor = "QEMU",
		.command_line = "quiet",
		.commit = commit,
		.number = day,
		.figures = figures,
		.count = sizeof(figures) / sizeof(figures[0]),
	};

	snprintf(name, sizeof(name), "run-%02u", day);
	snprintf(commit, sizeof(commit), "%07u00000000", day);
	nights_write(folder, name, &night);
}

/* results with nightly/6.12, baselines, and a night whose only step is the bench of day. */
void lay_out(const char *folder)
{
	make_folder(below(folder, "nightly"));
	make_folder(below(folder, "nightly/6.12"));
	make_folder(below(folder, "nightly/night.partial"));
}

void put_steps(const char *folder, const char *steps)
{
	nights_put(below(folder, "nightly/night.partial"), "steps.jsonl", steps);
}

void put_bench_step(const char *folder, const char *run)
{
	char text[PATH_MAX + 256];

	snprintf(text, sizeof(text), STEP("6.12", "bench", "0", "l", "%s/nightly/6.12/%s", ""),
		 folder, run);
	put_steps(folder, text);
}

void write_baseline(const char *folder, const char *run)
{
	char path[PATH_MAX], at[PATH_MAX];
	struct error err;

	snprintf(at, sizeof(at), "%s/nightly/6.12/%s", folder, run);
	if (baseline_write(at, below(folder, "baselines"), false, path, &err))
		fail_msg("%s", err.text);
}

void judge(const char *folder, struct outcome *outcome)
{
	size_t size;
	FILE *out;
	struct error err;

	*outcome = (struct outcome){
		.results = strdup(folder),
		.baselines = strdup(below(folder, "baselines")),
		.night = strdup(below(folder, "nightly/night.partial")),
	};
	outcome->triage = (struct triage){
		.folder = outcome->night,
		.figures = {.results = outcome->results,
			    .baselines = outcome->baselines,
			    .minimum_effect = 0.01,
			    .chance = 0.05},
	};
	if (triage_make(&outcome->triage, &err) || triage_write(&outcome->triage, &err))
		fail_msg("%s", err.text);
	out = open_memstream(&outcome->table, &size);
	triage_print_table(&outcome->triage, out);
	fclose(out);
	outcome->status = triage_status(&outcome->triage);
}

void release(struct outcome *outcome)
{
	triage_free(&outcome->triage);
	free(outcome->table);
	free(outcome->results);
	free(outcome->baselines);
	free(outcome->night);
}

void assert_row(const struct outcome *outcome, const char *text)
{
	if (!strstr(outcome->table, text))
		fail_msg("not in the table: %s\n%s", text, outcome->table);
}

void assert_no_row(const struct outcome *outcome, const char *text)
{
	if (strstr(outcome->table, text))
		fail_msg("in the table: %s\n%s", text, outcome->table);
}
