// SPDX-License-Identifier: GPL-2.0
/*
 * An instance's private log as the host reads it: log stream FOLDER MODE.
 *
 *	all	what is there now goes to standard output
 *	follow	what comes too, until the container is released
 *	pieces	reads of all sizes at all positions give the same bytes; what is not there is told
 *
 * Each mode ends with a line "records N, gaps N, torn N, lost N" on standard error: a gap is a
 * sequence number that is missing without an EPIPE before it, torn is a read that does not begin and
 * end with a record, lost is how often there was EPIPE.
 */
#include "tests/guest/log.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define RECORD_MAX 4096

static struct {
	int log, range, state;
	long long position;
	unsigned long next; /* sequence number */
	int is_jump;	    /* the next record may have any */
	unsigned long records, gaps, torn, lost;
} stream;

static int open_in(const char *folder, const char *name)
{
	char path[256];
	int fd;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	fd = open(path, O_RDONLY);
	if (fd >= 0)
		return fd;
	perror(path);
	exit(3);
}

/* False: the instance is gone. */
static int read_range(long long *first, long long *end)
{
	char text[64] = "";

	if (pread(stream.range, text, sizeof(text) - 1, 0) < 0 && errno == ENODEV)
		return 0;
	if (sscanf(text, "%lld %lld", first, end) != 2) {
		perror("log_range");
		exit(3);
	}
	return 1;
}

static void take_record(const char *record)
{
	unsigned long sequence;

	if (sscanf(record, "%*u,%lu,", &sequence) != 1) {
		stream.torn++;
		return;
	}
	if (sequence != stream.next && !stream.is_jump)
		stream.gaps++;
	stream.is_jump = 0;
	stream.next = sequence + 1;
	stream.records++;
}

/* Lines of one read: a record's first does not begin with a blank. */
static void take(const char *text, long size)
{
	const char *line = text, *end = text + size, *newline;

	for (; line < end && (newline = memchr(line, '\n', end - line)); line = newline + 1)
		if (*line != ' ')
			take_record(line);
	if (line != end)
		stream.torn++;
	fwrite(text, 1, size, stdout);
}

static void read_more(void)
{
	static char text[RECORD_MAX + 1];
	long long first, end;
	long size;

	for (;;) {
		size = pread(stream.log, text, RECORD_MAX, stream.position);
		if (size == -1 && errno == EPIPE) {
			stream.lost++;
			stream.is_jump = 1;
			if (!read_range(&first, &end))
				return;
			stream.position = first;
			continue;
		}
		if (size <= 0)
			return;
		text[size] = '\0';
		take(text, size);
		stream.position += size;
	}
}

static int is_released(void)
{
	char text[32] = "";

	return pread(stream.state, text, sizeof(text) - 1, 0) > 0 && !strcmp(text, "released\n");
}

static void follow(void)
{
	struct pollfd change = {.fd = stream.range, .events = POLLPRI};
	long long first, end;
	int released, woken = 0;

	do {
		released = !read_range(&first, &end) || is_released();
		read_more();
		fflush(stdout);
		woken += !released && poll(&change, 1, 10000) == 1;
	} while (!released);
	fprintf(stderr, "woken %d\n", woken);
}

/* errno's name, or the size. */
static const char *outcome(long size)
{
	static char text[32];

	snprintf(text, sizeof(text), "%ld", size);
	return size == -1 ? strerrorname_np(errno) : text;
}

static void try_pieces(void)
{
	static const size_t sizes[] = {1, 7, 100, 1000, 4095};
	long long first, end;
	long whole, differences = 0;
	char piece[RECORD_MAX];

	read_range(&first, &end);
	for (whole = 0; first + whole < end;) {
		long size = pread(stream.log, log_buffer + whole, RECORD_MAX, first + whole);

		if (size <= 0 || whole + size > LOG_BUFFER - RECORD_MAX)
			break;
		whole += size;
	}
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
		for (long at = i; at < whole; at += 61) {
			long size = pread(stream.log, piece, sizes[i], first + at);

			if (size <= 0 || memcmp(piece, log_buffer + at, size))
				differences++;
		}
	printf("whole %d\ndifferences %ld\n", first + whole == end, differences);
	printf("before %s\n", first ? outcome(pread(stream.log, piece, 100, first - 1)) : "EPIPE");
	printf("end %s\n", outcome(pread(stream.log, piece, 100, end)));
	printf("beyond %s\n", outcome(pread(stream.log, piece, 100, end + 12345)));
}

int log_stream(const char *folder, const char *mode)
{
	stream.log = open_in(folder, "log");
	stream.range = open_in(folder, "log_range");
	stream.state = open_in(folder, "state");
	stream.is_jump = 1;
	if (!strcmp(mode, "pieces"))
		try_pieces();
	else if (!strcmp(mode, "follow"))
		follow();
	else
		read_more();
	fprintf(stderr, "records %lu, gaps %lu, torn %lu, lost %lu\n", stream.records, stream.gaps,
		stream.torn, stream.lost);
	return 0;
}
