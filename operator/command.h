/* SPDX-License-Identifier: GPL-2.0 */
/* The commands of `vkernel`: one file each, one row each in main.c. */
#ifndef VKERNEL_OPERATOR_COMMAND_H
#define VKERNEL_OPERATOR_COMMAND_H

#include <stddef.h>
#include <stdio.h>

#include "lib/error.h"

/*
 * Runs with its own argument vector (argv[0] is "vkernel build"); wrong usage ends the program
 * with EXIT_USAGE. Returns the exit status, or -1 with err set.
 */
int build_command(int argc, char **argv, struct error *err);
int gc_command(int argc, char **argv, struct error *err);
int log_command(int argc, char **argv, struct error *err);
int policy_command(int argc, char **argv, struct error *err);
int ps_command(int argc, char **argv, struct error *err);
int set_command(int argc, char **argv, struct error *err);
int stats_command(int argc, char **argv, struct error *err);
int trace_command(int argc, char **argv, struct error *err);

/* file_read() of path, where "-" is standard input. */
int read_input(const char *path, size_t limit, char **contents, size_t *size, struct error *err);

/* What read_input() reads, for messages. */
const char *input_name(const char *path);

/* After the last line: whether all of it could be written. */
int end_output(struct error *err);

#endif
