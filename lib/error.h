/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The error contract of every user-space part.
 *
 * A function that can fail takes a `struct error *err` as its last parameter, returns a negative
 * value (or NULL), and has then filled err exactly once: what was being done, what went wrong,
 * with which value, and what to do about it. Callers add context on the way up; only main prints.
 * Context: any thread; a struct error belongs to one thread at a time.
 */
#ifndef VKERNEL_LIB_ERROR_H
#define VKERNEL_LIB_ERROR_H

#include <stdio.h>

/* Exit status of every program of the tree. */
enum exit_status {
	EXIT_GOOD = 0,
	EXIT_FINDING = 1,     /* unexpected verdict, regression, failed test */
	EXIT_USAGE = 2,	      /* wrong usage or input */
	EXIT_ENVIRONMENT = 3, /* guest did not come up, package missing, no space */
	EXIT_INTERRUPTED = 130,
};

struct error {
	enum exit_status status;
	char text[2048];
};

/* Fills err and returns -1, so that `return error_set(err, ...)` reads as the failure it is. */
int error_set(struct error *err, enum exit_status status, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* As error_set(), and ends the text with ": " and the words for errno value number. */
int error_set_errno(struct error *err, enum exit_status status, int number, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/* Puts "<context>: " before the text that is there; returns -1. */
int error_context(struct error *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Prints "<program>: <text>" to standard error and returns the exit status for main. */
int error_report(const struct error *err, const char *program);

/*
 * Prints text that may quote a file: what would steer a terminal becomes a question mark.
 * error_report() does so by itself.
 */
void print_plain(FILE *stream, const char *text);

#endif
