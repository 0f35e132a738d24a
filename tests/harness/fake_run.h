/* SPDX-License-Identifier: GPL-2.0 */
/* A run's folder with everything that a report can show, made up; the same each time. */
#ifndef VKERNEL_TESTS_HARNESS_FAKE_RUN_H
#define VKERNEL_TESTS_HARNESS_FAKE_RUN_H

/*
 * Writes samples of every workload in every configuration, an absence with a long reason, verdicts
 * (one of each kind, one unexpected), histograms and an attribution into folder, which is there.
 * started is the run's name and time, such as 2026-01-02T03-04-05Z; factor is what the subject's
 * figures are multiplied with, so that runs differ. A failure ends the program.
 */
void fake_run(const char *folder, const char *started, double factor);

#endif
