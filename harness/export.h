/* SPDX-License-Identifier: GPL-2.0 */
/* A run for other programs: CSV (RFC 4180), one JSON file, Prometheus' text format. */
#ifndef VKERNEL_HARNESS_EXPORT_H
#define VKERNEL_HARNESS_EXPORT_H

#include <jansson.h>
#include <stdio.h>

#include "harness/samples.h"
#include "harness/summary.h"

struct exported {
	const struct samples *samples;
	const struct summary *summary;
	const json_t *environment; /* env.json */
};

/*
 * Writes samples.csv, summary.csv, results.json and metrics.prom in folder, each whole or not at
 * all. Returns 0, or -1 with err set.
 */
int export_make(const char *folder, const struct exported *exported, struct error *err);

/* The texts; errors are left in the stream. */
void export_samples(const struct exported *exported, FILE *out);
void export_summary(const struct exported *exported, FILE *out);
void export_prometheus(const struct exported *exported, FILE *out);

/* text as one field: quoted where it must be. */
void export_csv_field(const char *text, FILE *out);

/* text as the value of a label, with its quotes. */
void export_label(const char *text, FILE *out);

#endif
