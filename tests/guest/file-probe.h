/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Operations of file-probe.c that are about programs and other processes. Each is given its arguments
 * (NULL where one is missing) and returns 0 or a negative errno.
 */
#ifndef GUEST_FILE_PROBE_H
#define GUEST_FILE_PROBE_H

#include <errno.h>

static inline int result(int value)
{
	return value < 0 ? -errno : 0;
}

/* Opens and closes path below the descriptor `at`. */
int open_and_close(int at, const char *path, int flags);

int op_tiny(char **a);
int op_exec(char **a);
int op_memfd(char **a);
int op_uselib(char **a);
int op_receive(char **a);
int op_send(char **a);
int op_signal(char **a);
int op_self(char **a);
int op_ptrace(char **a);
int op_traceme(char **a);
int op_memory(char **a);
int op_socket(char **a);

#endif
