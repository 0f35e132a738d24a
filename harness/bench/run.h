/* SPDX-License-Identifier: GPL-2.0 */
/* One run of the bench: boots, visits, raw files, and at the end its reports. */
#ifndef VKERNEL_HARNESS_BENCH_RUN_H
#define VKERNEL_HARNESS_BENCH_RUN_H

#include <jansson.h>
#include <limits.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "harness/bench/durations.h"
#include "harness/bench/plan.h"
#include "harness/bench/progress.h"
#include "harness/guest_options.h"
#include "harness/vm.h"

struct run_options {
	struct guest_options guest;
	struct selection selection;
	const char *results; /* the folder in which runs lie */
	unsigned int boots;
	unsigned int rounds; /* visits of each cell in a boot */
	unsigned int
		repeat; /* on wall time: by how much a workload's timed launches are multiplied */
	unsigned int budget; /* seconds after which no boot is begun that would not fit, or 0 */
	struct shard shard;
	bool quick;
	bool isolation;	       /* attack the configurations, too */
	double minimum_effect; /* a fraction */
	uint64_t seed;
};

/* What the boots of a run share. */
struct run {
	const struct run_options *options;
	char name[64];
	char folder[PATH_MAX]; /* <results>/<name>.partial */
	struct accelerator_choice choice;
	enum clock clock;

	pthread_mutex_t lock; /* all below */
	FILE *samples, *missing, *histograms, *calls, *console;
	json_t *environment;
	struct progress progress;
	bool attacked; /* the isolation check is begun, or not asked for */
	unsigned int boots_begun;
	int64_t begin; /* of the first boot, as now_ms() */
	struct durations durations;
	unsigned int failures; /* cells that failed where they should run, and complaints */
	size_t written;	       /* samples */
	bool failed;	       /* err is set, and nothing new is begun */
	bool published;	       /* the folder has the run's name, and is nobody's to remove */
	struct error err;
};

/*
 * Makes a run and its reports; *folder is where it lies then. Returns 0, 1 where a cell failed
 * that should have run (the report is made and says so), or -1 with err set: nothing that looks
 * like a run is then left in results, and after anything but an interrupt <run>.partial holds
 * what there was.
 */
int run_make(const struct run_options *options, char folder[PATH_MAX], struct error *err);

/*
 * By how much a visit multiplies a workload's timed launches. Counted instructions repeat: what more
 * launches would cost is better spent on boots.
 */
unsigned int run_repeat(const struct run *run);

/* What is visited in a boot: a function of the options. Returns 0, or -1 with err set; free stops. */
int plan_boot(const struct run *run, unsigned int boot, struct plan *plan, struct error *err);

/* Boots a guest, visits the plan of that boot, stops it. Returns 0, or -1 with err set. */
int boot_make(struct run *run, unsigned int boot, struct error *err);

/*
 * Appends folder's console.log to the run's, below a line with label, and removes both; a kernel's
 * complaint in it becomes the run's. The caller holds the lock. Returns 0, or -1 with err set.
 */
int console_keep(struct run *run, const char *label, const char *folder, struct error *err);

#endif
