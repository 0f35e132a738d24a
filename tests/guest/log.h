/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a program gets from the kernel's log, as lines "KEY RESULT" that do not depend on the log's
 * past, so that those of the host on its own log and those of a container on its own can be
 * compared. Digits of times and sequence numbers are printed as '#'.
 */
#ifndef TESTS_GUEST_LOG_H
#define TESTS_GUEST_LOG_H

#include <stddef.h>
#include <sys/types.h>

#define LOG_BUFFER (1 << 20)
extern char log_buffer[LOG_BUFFER];

/* The result of a call: its value, or the name of errno where it is -1. */
void log_result(const char *key, long value);

/* size bytes of text, escaped, behind the result. */
void log_text(const char *key, const char *text, long size);

/* Writes one record to /dev/kmsg, or exits. */
void log_write(const char *text);

/* The same, in a child, after a moment. */
void log_write_later(const char *text);

/* Sends this process a signal after a moment; its handler does nothing. restart: SA_RESTART. */
void log_signal_later(int restart);

/* syslog(2), unlike klogctl() as a plain call. */
long log_call(int type, void *buffer, int size);

/* Reads all that action 2 would give. */
void log_drain(void);

void log_try_syslog(void);			      /* log-syslog.c */
void log_try_device(void);			      /* log-device.c */
void log_try_proc(void);			      /* log-device.c */
void log_try_permissions(void);			      /* log-syslog.c */
int log_stream(const char *folder, const char *mode); /* log-stream.c */

#endif
