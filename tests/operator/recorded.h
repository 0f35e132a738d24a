/* SPDX-License-Identifier: GPL-2.0 */
/* A recording made by hand, and the policy that its profile becomes: for the tests of both. */
#ifndef TESTS_OPERATOR_RECORDED_H
#define TESTS_OPERATOR_RECORDED_H

#include <stdbool.h>
#include <stdint.h>

#include "builder/builder.h"
#include "operator/trace_recording.h"

/* Of the test that runs: begin() and end() are its set-up and tear-down. */
extern struct recording recording;
extern struct policy policy;
extern struct error err;

int begin(void **state);
int end(void **state);

/* Adds to the recording: a call with its first recorded arguments, a file, something else. */
void calls(long number, uint64_t first, uint64_t second, uint64_t third);
void uses(const char *path, unsigned int access);
void fact(enum trace_fact_kind kind, unsigned int first, unsigned int second);

/* Settles the recording, and compiles its profiles to policy. */
void make_policy(void);

/* What policy says of a call with these arguments, and of POLICY_FILE_* for another's file. */
bool may_call(unsigned int number, uint64_t first, uint64_t second, uint64_t third);
bool may_use(const char *path, unsigned int permissions);

#endif
