/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Figures from samples. A boot is the replicate: the median of a boot's samples is that boot's
 * value, the median over boots the figure. Ratios are paired: made within each boot, then reduced.
 */
#ifndef VKERNEL_HARNESS_SUMMARY_H
#define VKERNEL_HARNESS_SUMMARY_H

#include <jansson.h>
#include <stdbool.h>

#include "harness/samples.h"
#include "harness/statistics.h"

#define SUMMARY_SCHEMA 1

#define SUMMARY_BOOTS_MIN REPLICATES_MIN

/* What a ratio is called different from, where nobody says otherwise: one percent. */
#define MINIMUM_EFFECT 0.01

/* What a ratio is made to. A base that is no row of the configurations gives no ratio. */
enum summary_base {
	BASE_NATIVE,
	BASE_CRUN,
	BASE_CRUN_SECURE,
	BASE_RUNC,
	BASE_RUNC_SECURE,
	BASE_GVISOR,
	BASE_KATA,
	BASES,
};

struct summary_base_row {
	const char *configuration;
	const char *ratio, *low, *high; /* members of a figure in summary.json, or NULL */
};

extern const struct summary_base_row summary_bases[BASES];

struct figure {
	const struct workload *workload;
	const struct configuration *configuration;
	const struct metric *metric;
	unsigned int samples;
	double *boots; /* value.n of them, one for each boot, in the boots' order; owned */
	struct estimate value;
	struct estimate
		ratios[BASES]; /* n is 0 to itself, where a base is missing or 0 in a boot */
	enum change verdicts[BASES];
};

enum kind { KIND_MICRO, KIND_MACRO, KIND_STARTUP, KINDS };

/* "micro", "macro", "start-up". */
const char *kind_name(enum kind kind);

/* What a workload's ratio is averaged with: loops of one operation, programs, containers' starts. */
enum kind workload_kind(const struct workload *workload);

/* False: the host's, and the kernel log's, where configurations do different work. */
bool workload_is_averaged(const struct workload *workload);

/*
 * The geometric mean of the headlines' cost ratios: made over the workloads in each boot, then
 * reduced over the boots. Above 1 is always dearer: where higher is better the ratio is inverted.
 * Of boots that lack a workload none is in it, nor is a workload that too many boots lack, nor one of
 * the host's or of the kernel log, where configurations do different work.
 */
struct mean {
	const struct configuration *configuration;
	enum summary_base base;
	enum kind kind;
	const struct workload **workloads; /* owned */
	unsigned int workloads_count;
	struct estimate ratio;
	enum change verdict;
};

/* A configuration against itself: both visits of a boot ran the same, so each alarm is false. */
struct self_check {
	const struct configuration *configuration;
	unsigned int n;	      /* workloads times metrics with an interval */
	unsigned int alarms;  /* called faster or slower */
	unsigned int outside; /* intervals without 1, however near */
};

/* How far the boots' values of one headline in one configuration lie apart, over all of a kind. */
struct repeatability {
	unsigned int
		n; /* headlines with values of REPLICATES_MIN boots or more; else nothing is set */
	double median, most;	     /* standard deviations, as shares of the mean */
	double target;		     /* what the suite sets itself on the instruction clock */
	unsigned int beyond;	     /* of n, above target */
	const struct figure *widest; /* where `most` is */
};

struct summary {
	enum clock clock;
	unsigned int boots;	/* that have figures, whatever their numbers */
	double minimum_effect;	/* a fraction */
	struct figure *figures; /* by workload, metric, configuration, in the order of the tables */
	size_t count;
	struct mean *means; /* by configuration, base, kind */
	size_t means_count;
	struct self_check *checks; /* only configurations that were visited twice */
	size_t checks_count;
	struct repeatability repeats[KINDS];
};

/* Returns 0, or -1 with err set (no memory). The caller ends it with summary_free(). */
int summary_make(const struct samples *samples, double minimum_effect, struct summary *summary,
		 struct error *err);

/* NULL where there is none. */
const struct figure *summary_find(const struct summary *summary, const struct workload *workload,
				  const struct configuration *configuration,
				  const struct metric *metric);
const struct mean *summary_mean(const struct summary *summary,
				const struct configuration *configuration, enum summary_base base,
				enum kind kind);

/* Alarms by n, or 0 without any. */
double self_check_rate(const struct self_check *check);

/* summary.json; the caller owns it, NULL: no memory. */
json_t *summary_json(const struct summary *summary);

void summary_free(struct summary *summary);

#endif
