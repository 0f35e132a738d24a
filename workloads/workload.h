/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What is measured: one row for each workload, in a file of the workload's name.
 *
 * A row says which program runs in the configuration, what runs outside beside it, and how the
 * output becomes readings. harness/guest/ runs the rows; the host takes names, units and
 * directions from them.
 */
#ifndef VKERNEL_WORKLOADS_WORKLOAD_H
#define VKERNEL_WORKLOADS_WORKLOAD_H

#include <stdbool.h>
#include <stddef.h>

#include "harness/guest/configuration.h"
#include "harness/vm.h"
#include "lib/error.h"

/* Bits of workload.clocks and metric.clocks. */
#define ON_CLOCK(clock) (1u << (clock))
#define ON_INSTRUCTIONS ON_CLOCK(CLOCK_INSTRUCTIONS)
#define ON_WALL		ON_CLOCK(CLOCK_WALL)
#define ON_BOTH		(ON_INSTRUCTIONS | ON_WALL)

enum better { BETTER_LOWER, BETTER_HIGHER };

/* One timed piece of work, as the guest's clock saw it. */
struct reading {
	double elapsed_ns;
	double operations;
};

struct readings {
	struct reading rows[64];
	size_t count;
};

/* How a metric's value follows from a reading. */
enum formula {
	FORMULA_COUNTER,       /* it does not: it is a counter of the kernel's */
	FORMULA_MILLISECONDS,  /* elapsed */
	FORMULA_PER_OPERATION, /* nanoseconds, thus instructions on that clock, for each operation */
	FORMULA_RATE,	       /* operations a second */
	FORMULA_TASK_CLOCK, /* the counter of this name, a millisecond being a million instructions */
};

struct metric {
	const char *name; /* NULL ends a table */
	const char *unit;
	enum better better;
	unsigned int clocks;
	enum formula formula;
};

/*
 * Counters of the kernel and, where the guest has them, of the processor; they belong to every
 * workload. `hardware-counted` is the share of the time for which the processor's were counted: what
 * was counted for less than all of it has been scaled up.
 */
extern const struct metric workload_counters[];

struct workload {
	const char *name;
	const char *summary; /* one line for the report */
	const char *counts;  /* what lies inside the timed part, one line */
	unsigned int clocks;
	const struct metric *metrics; /* the first one on a clock is the headline there */

	/*
	 * The program in the configuration, NULL-terminated. "{directory}" stands for a folder of the
	 * run's own (writable inside), "{port}" for a free TCP port of the loopback interface,
	 * "{answer}" for what the configuration makes of a call that the default profile refuses:
	 * "refused" where it enforces that profile, else "allowed"; "{rules}" likewise for what the
	 * configuration's file rules refuse.
	 */
	const char *const *argv;

	/*
	 * NULL, or a program outside that exercises argv, which is then a server on {port}: it is
	 * ready when it answers "GET /" with `content`, or, where that is NULL, takes a connection,
	 * and is ended with SIGTERM.
	 */
	const char *const *client;
	const char *content;

	/*
	 * NULL, or a program that runs beside argv, in the configuration too but in a container of its
	 * own: it prints the line "ready", and ends at SIGTERM.
	 */
	const char *const *neighbour;
	struct launch_options neighbour_options;

	/* Fills directory before the launch, or NULL; what it goes by is in load, if anything. */
	int (*prepare)(const struct workload *workload, const char *directory, unsigned int port,
		       struct error *err);
	const void *load;

	/*
	 * Reads the standard output of the client, else of argv, or NULL: the one reading is then the
	 * whole launch, from the runtime's start to its end.
	 */
	int (*parse)(const char *output, struct readings *readings, struct error *err);

	const char *needs;   /* a file of the guest without which it cannot run, or NULL */
	const char *lacking; /* what has that file, where not every guest does */
	/* NULL, or why it is not measured where a program is not on the guest's kernel. */
	const char *linux_only;

	bool quick;	    /* a quick run measures it, too */
	unsigned int every; /* one of N of a run's boots measures it, and three at least; 0 is 1 */
	bool once;	    /* --repeat does not multiply its launches, which are long */
	unsigned int
		launches; /* timed ones for each repetition: more where a figure scatters; 0 is 1 */
	/*
	 * No launch is thrown away before the timed one: argv throws its own first batch away, or its
	 * own figure is of work so long that its first moments do not count.
	 */
	bool warms_itself;
	/*
	 * A loop of one system call. It runs in the configurations that are for such, too, and vKM is
	 * unloaded meanwhile where the configuration does not enforce anything through it.
	 */
	bool micro;
	/*
	 * The loop opens, looks at or executes files: it also runs in the configurations that are there
	 * for their file rules, where the other loops do not.
	 */
	bool files;
	struct launch_options options; /* what the container gets; the folder is {directory} */
	/*
	 * argv runs on the host, not in the configuration, which says what state the host is in:
	 * without vKM (native), or with it and the hooks of a container that has ended (vkernel). The
	 * others do not apply. Only where micro.
	 */
	bool outside;
	/*
	 * argv runs in a container that Docker starts, with the configuration's runtime and Docker's
	 * own seccomp profile where it has one. Only containers; the guest must have Docker. No
	 * counters: most of the work is the daemon's, to which none are attached.
	 */
	bool docker;
	/* Counters are for one operation: the work is many of them, or differs from run to run. */
	bool fixed_time;
	/* Launched at once, without a client; 0 is 1. Others' runtimes, which take minutes, stay out. */
	unsigned int copies;
	unsigned int timeout; /* guest seconds for one launch */
};

extern const struct workload *const workloads[];
extern const unsigned int workloads_count;

const struct workload *workload_find(const char *name);

/* Whether the two belong together; else the cell is not visited and no figure is missing there. */
bool workload_runs_in(const struct workload *workload, const struct configuration *configuration);

/*
 * Whether a run of so many boots measures the two in the one of that number, from 1 on: the rarer one
 * of both decides. The first three, which an interval needs, have everything, so that a run that ends
 * sooner than it might has them.
 */
bool workload_due(const struct workload *workload, const struct configuration *configuration,
		  unsigned int boot, unsigned int boots);

/* The metric called name on clock, counters included, or NULL. */
const struct metric *workload_metric(const struct workload *workload, const char *name,
				     enum clock clock);

/* The first metric on clock, or NULL where the workload means nothing on it. */
const struct metric *workload_headline(const struct workload *workload, enum clock clock);

/* The unit of metric in workload: counters of a workload of fixed time are for one operation. */
const char *workload_unit(const struct workload *workload, const struct metric *metric);

/* A reading as the metric that has this formula, which is none of the counters'. */
double workload_value(enum formula formula, const struct reading *reading);

/* Adds a reading; -1 with err set where there are too many, or a figure is not a positive one. */
int readings_add(struct readings *readings, double elapsed_ns, double operations,
		 struct error *err);

/* Parses the JSON lines of vkdrive: {"elapsed_ns": N, "operations": N} each. */
int readings_from_driver(const char *output, struct readings *readings, struct error *err);

#endif
