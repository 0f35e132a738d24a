/* SPDX-License-Identifier: GPL-2.0 */
/* One command of the host, running in the guest. */
#ifndef VKERNEL_HARNESS_GUEST_COMMAND_H
#define VKERNEL_HARNESS_GUEST_COMMAND_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "harness/guest/protocol.h"
#include "lib/error.h"

/* Bytes of output that do not make a whole line yet. */
struct line {
	char bytes[PROTOCOL_TEXT_MAX];
	size_t used;
};

struct command {
	pid_t pid;
	int pidfd;     /* readable when the command has ended */
	int stream[2]; /* read ends of its standard output and error; -1 after their end */
	struct line line[2];
};

/* A line, not terminated, of length bytes (any bytes). A negative answer ends the reading. */
typedef int (*command_line)(void *context, int stream, const char *bytes, size_t length);

/* Starts argv (NULL-terminated); a program that does not exist ends with status 127. */
int command_start(struct command *command, char **argv, struct error *err);

/* Reads once from stream index (0 or 1) and hands on whole lines; false: that stream is at its end. */
bool command_read(struct command *command, int index, command_line line, void *context);

/* Kills the process group. */
void command_kill(struct command *command);

/*
 * After pidfd became readable: hands on the rest of the output that is there, closes everything and
 * returns the exit status, or 128 + signal.
 */
int command_end(struct command *command, command_line line, void *context);

#endif
