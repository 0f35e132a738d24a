// SPDX-License-Identifier: GPL-2.0
#include "scenarios/kernellog.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lib/cleanup.h"

#define RECORD_SIZE 8192 /* PRINTKRB_RECORD_MAX of the newest kernel is 2048 */

/*
 * Anywhere in the text, or only at its start: "Spectre V2 : WARNING: ..." is advice, and
 * "traps: sh[7] general protection fault" a program's end.
 */
static const struct {
	const char *text;
	bool anywhere;
} complaints[] = {
	{"WARNING: ", false},
	{"BUG: ", true},
	{"kernel BUG at ", true},
	{"Oops: ", true},
	{"Oops[", true},
	{"general protection fault", false},
	{"Kernel panic", true},
	{"INFO: task ", true},
	{"INFO: rcu", true},
	{"self-detected stall", true},
	{"detected stalls on CPUs", true},
	{"unreferenced object", true},
	{"memory leak", true},
	{"leaked", true},
	{"refcount_t: ", false},
	{"UBSAN: ", false},
	{"possible circular locking", true},
	{"possible recursive locking", true},
	{"inconsistent lock state", true},
	{"suspicious RCU usage", true},
	{"DEBUG_LOCKS_WARN_ON", true},
	{"page dumped because", true},
	{"list_add corruption", false},
	{"list_del corruption", false},
	{"unregister_netdevice: waiting for", true},
};

static const char *record_text(const char *record)
{
	const char *separator = strchr(record, ';');

	return separator ? separator + 1 : NULL;
}

bool kernellog_flaw(const char *text)
{
	for (size_t i = 0; i < sizeof(complaints) / sizeof(*complaints); i++) {
		const char *found = strstr(text, complaints[i].text);

		if (found && (complaints[i].anywhere || found == text))
			return true;
	}
	return false;
}

bool kernellog_complaint(const char *record)
{
	const char *text = record_text(record);
	unsigned int priority;

	if (!text || sscanf(record, "%u,", &priority) != 1)
		return false;
	return !(priority >> 3) && kernellog_flaw(text);
}

static int open_log(struct error *err)
{
	int fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);

	if (fd < 0)
		error_set_errno(err, EXIT_ENVIRONMENT, errno, "cannot open /dev/kmsg");
	return fd;
}

/* 1 with the next record, 0 at the log's end, -1 with err set. */
static int next_record(int fd, char record[RECORD_SIZE], struct error *err)
{
	for (;;) {
		ssize_t got = read(fd, record, RECORD_SIZE - 1);

		if (got >= 0) {
			record[got] = '\0';
			return 1;
		}
		if (errno == EAGAIN)
			return 0;
		/* EPIPE: records were overwritten since; the next read goes on behind them */
		if (errno != EINTR && errno != EPIPE)
			return error_set_errno(err, EXIT_ENVIRONMENT, errno,
					       "cannot read /dev/kmsg");
	}
}

int kernellog_scan(unsigned long long *position, json_t *list, struct error *err)
{
	autoclose int fd = open_log(err);
	unsigned long long from = *position, sequence;
	char record[RECORD_SIZE];
	int more;

	if (fd < 0)
		return -1;
	while ((more = next_record(fd, record, err)) > 0) {
		if (sscanf(record, "%*u,%llu", &sequence) != 1 || sequence < from)
			continue;
		*position = sequence + 1;
		if (!kernellog_complaint(record))
			continue;
		record[strcspn(record, "\n")] = '\0';
		json_array_append_new(list, json_string(record_text(record)));
	}
	return more;
}

int kernellog_position(unsigned long long *position, struct error *err)
{
	json_t *unwanted = json_array();
	int result;

	*position = 0;
	result = kernellog_scan(position, unwanted, err);
	json_decref(unwanted);
	return result;
}

int kernellog_contains(const char *text, struct error *err)
{
	autoclose int fd = open_log(err);
	char record[RECORD_SIZE];
	int more;

	if (fd < 0)
		return -1;
	while ((more = next_record(fd, record, err)) > 0)
		if (strstr(record, text))
			return 1;
	return more;
}

int kernellog_contains_after(const char *marker, const char *text, struct error *err)
{
	autoclose int fd = open_log(err);
	char record[RECORD_SIZE];
	bool after = false, found = false;
	int more;

	if (fd < 0)
		return -1;
	while ((more = next_record(fd, record, err)) > 0) {
		if (strstr(record, marker)) {
			after = true;
			found = false;
		} else if (after && strstr(record, text)) {
			found = true;
		}
	}
	return more ? more : found;
}

int kernellog_write(const char *text, int count, struct error *err)
{
	char line[256];
	autoclose int fd = open("/dev/kmsg", O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return error_set_errno(err, EXIT_ENVIRONMENT, errno,
				       "cannot open /dev/kmsg for writing");
	for (int i = 1; i <= count; i++) {
		/* one write is one record; dprintf() would seek first, which the log refuses */
		int length = snprintf(line, sizeof(line), "%s %d\n", text, i);

		if (length >= (int)sizeof(line) || write(fd, line, length) != length)
			return error_set_errno(err, EXIT_ENVIRONMENT, errno,
					       "cannot write to /dev/kmsg");
	}
	return 0;
}
