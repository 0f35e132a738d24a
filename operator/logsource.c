// SPDX-License-Identifier: GPL-2.0
#include "operator/logsource.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <stdbool.h>
#include <unistd.h>

#include "lib/cleanup.h"

#define LOG   "log"
#define RANGE "log_range"

static bool has_gone(int number)
{
	return number == ENODEV || number == ENOENT;
}

/* Returns 0, or -1 with errno. Reading it from its start is also what log_source_wait() needs. */
static int read_range(int fd, uint64_t *first, uint64_t *end)
{
	char text[64];
	ssize_t got = pread(fd, text, sizeof(text) - 1, 0);

	if (got < 0)
		return -1;
	text[got] = '\0';
	if (sscanf(text, "%" SCNu64 " %" SCNu64, first, end) == 2)
		return 0;
	errno = EPROTO;
	return -1;
}

static int refuse(const struct instance *instance, struct error *err)
{
	if (errno == ENODATA)
		return error_set(
			err, EXIT_USAGE,
			"%s has no log of its own: its policy gives it the host's, or none; "
			"vkernel policy says which",
			instance->name);
	return instance_unreadable(instance, LOG, err);
}

int log_source_open(const struct instance *instance, struct log_source *source, struct error *err)
{
	autoclose int range = framework_open(instance->name, RANGE, O_RDONLY);
	autoclose int log = framework_open(instance->name, LOG, O_RDONLY);
	uint64_t end;

	if (log < 0 || range < 0 || read_range(range, &source->position, &end))
		return refuse(instance, err);
	source->instance = instance;
	source->log = steal_fd(&log);
	source->range = steal_fd(&range);
	return 0;
}

void log_source_close(struct log_source *source)
{
	close(source->log);
	close(source->range);
}

/* To the oldest record that is there. Returns 0, or -1 with errno. */
static int skip_dropped(struct log_source *source)
{
	uint64_t first, end;

	if (read_range(source->range, &first, &end))
		return -1;
	if (first > source->position)
		source->position = first;
	return 0;
}

ssize_t log_source_read(struct log_source *source, char buffer[LOG_BUFFER_SIZE], struct error *err)
{
	ssize_t got;

	for (;;) {
		got = pread(source->log, buffer, LOG_BUFFER_SIZE, source->position);
		if (got >= 0)
			break;
		if (errno == EINTR || (errno == EPIPE && !skip_dropped(source)))
			continue;
		if (has_gone(errno))
			return LOG_SOURCE_GONE;
		return instance_unreadable(source->instance, LOG, err);
	}
	source->position += got;
	return got;
}

void log_source_wait(struct log_source *source, int milliseconds)
{
	struct pollfd range = {.fd = source->range, .events = POLLPRI};
	uint64_t first, end;

	if (!read_range(source->range, &first, &end) && end <= source->position)
		poll(&range, 1, milliseconds);
}

int64_t log_source_size(const struct instance *instance)
{
	autoclose int fd = framework_open(instance->name, RANGE, O_RDONLY);
	uint64_t first, end;

	if (fd < 0 || read_range(fd, &first, &end))
		return -1;
	return end - first;
}
