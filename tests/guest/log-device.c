// SPDX-License-Identifier: GPL-2.0
#include "tests/guest/log.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

static void *volatile bad = (void *)8; /* an address that no task has */
static void *volatile null;

static int device, device_waits; /* one open with O_NONBLOCK, one without */

static long read_device(size_t size)
{
	return read(device, log_buffer, size);
}

/* Writes a record and reads it back. */
static void try_record(const char *key, const char *text)
{
	char named[64];

	lseek(device, 0, SEEK_END);
	snprintf(named, sizeof(named), "%s-write", key);
	log_result(named, write(device, text, strlen(text)));
	log_text(key, log_buffer, read_device(4096));
}

static void try_text(void)
{
	try_record("priority", "<11>eleven\n");
	try_record("priority-kernel", "<0>emergency\n");
	try_record("priority-facility", "<191>local7\n");
	try_record("priority-large", "<999>large\n");
	try_record("priority-huge", "<4294967295>huge\n");
	try_record("priority-overflow", "<99999999999>overflow\n");
	try_record("priority-empty", "<>empty\n");
	try_record("priority-open", "<5 open\n");
	try_record("priority-negative", "<-1>negative\n");
	try_record("priority-none", "none\n");
	try_record("priority-twice", "<3><4>twice\n");
	try_record("lines", "<14>one\ntwo\n");
	try_record("lines-empty", "<14>\n");
	try_record("lines-two-ends", "<14>end\n\n");
	try_record("escapes", "<14>tab\there\x01\\\x7f\xc3\xa4 \"quoted\" ;,\n");
	try_record("marks", "<14>\x01"
			    "4mark\n");
	try_record("nul", "");
	try_record("after-nul", "<14>after\n");
	try_record("open", "<14>open");
	log_write("<14>other\n");
	log_text("open-closed", log_buffer, read_device(4096));
	log_text("open-other", log_buffer, read_device(4096));
}

static void try_long(void)
{
	static char text[2048];
	long longest = 0;

	memset(text, 'x', sizeof(text));
	for (size_t size = 900; size <= 1100; size++)
		if (write(device, text, size) == (ssize_t)size)
			longest = size;
	log_result("longest", longest);
	text[longest - 1] = '\n';
	lseek(device, 0, SEEK_END);
	log_result("longest-write", write(device, text, longest));
	printf("longest-read %d\n", read_device(4096) >= longest);
	log_result("too-long", write(device, text, longest + 1));
}

static void try_pieces(void)
{
	struct iovec pieces[] = {{"<14>one ", 8}, {"two ", 4}, {"three\n", 6}};
	struct iovec torn[] = {{"<14>one ", 8}, {bad, 4}};

	lseek(device, 0, SEEK_END);
	log_result("pieces-write", writev(device, pieces, 3));
	log_text("pieces", log_buffer, read_device(4096));
	log_result("pieces-bad", writev(device, torn, 2));
	log_result("write-bad", write(device, bad, 4));
	log_result("write-at", pwrite(device, "<14>at\n", 7, 3));
	log_text("write-at-read", log_buffer, read_device(4096));
}

static void try_seeks(void)
{
	static const int whences[] = {SEEK_SET, SEEK_CUR, SEEK_END, SEEK_DATA, SEEK_HOLE, 9};
	char key[64];

	for (size_t i = 0; i < sizeof(whences) / sizeof(whences[0]); i++) {
		snprintf(key, sizeof(key), "seek-%d", whences[i]);
		log_result(key, lseek(device, 0, whences[i]));
		snprintf(key, sizeof(key), "seek-%d-offset", whences[i]);
		log_result(key, lseek(device, 1, whences[i]));
	}
	log_call(5, NULL, 0);
	log_write("<14>not cleared\n");
	log_write("<14>nor this\n");
	lseek(device, 0, SEEK_DATA);
	log_text("seek-data", log_buffer, read_device(4096));
	lseek(device, 0, SEEK_END);
	log_result("seek-end", read_device(4096));
}

/* Errors that pass a record on, and those that do not. */
static void try_errors(void)
{
	lseek(device, 0, SEEK_END);
	log_result("empty", read_device(4096));
	log_write("<14>small\n");
	log_write("<14>bad\n");
	log_write("<14>good\n");
	log_result("small-buffer", read_device(5));
	log_result("bad-buffer", read(device, bad, 4096));
	log_text("good-buffer", log_buffer, read_device(4096));
	log_result("ioctl", ioctl(device, TIOCGWINSZ, log_buffer));
	log_result("mmap",
		   mmap(NULL, 4096, PROT_READ, MAP_SHARED, device, 0) == MAP_FAILED ? -1 : 0);
	log_result("truncate", ftruncate(device, 0));
	log_result("sync", fsync(device));
}

static long polled(int fd, int timeout)
{
	struct pollfd poll_on = {.fd = fd, .events = POLLIN | POLLRDNORM | POLLPRI | POLLOUT};

	return poll(&poll_on, 1, timeout) < 0 ? -1 : poll_on.revents;
}

static void try_poll(void)
{
	struct epoll_event event = {.events = EPOLLIN | EPOLLET};
	int set = epoll_create1(0);

	lseek(device, 0, SEEK_END);
	log_result("poll-empty", polled(device, 0));
	log_write("<14>polled\n");
	log_result("poll", polled(device, 0));
	read_device(4096);
	log_result("poll-read", polled(device, 0));
	log_write_later("<14>polled later\n");
	log_result("poll-waits", polled(device, 5000));
	read_device(4096);
	log_result("epoll-add", epoll_ctl(set, EPOLL_CTL_ADD, device, &event));
	log_result("epoll-empty", epoll_wait(set, &event, 1, 0));
	log_write_later("<14>epolled\n");
	log_result("epoll-waits", epoll_wait(set, &event, 1, 5000));
	log_result("epoll-edge", epoll_wait(set, &event, 1, 0));
	log_write("<14>epolled again\n");
	log_result("epoll-edge-again", epoll_wait(set, &event, 1, 5000));
	close(set);
}

static void try_waiting(void)
{
	lseek(device_waits, 0, SEEK_END);
	log_write_later("<14>woken\n");
	log_text("read-waits", log_buffer, read(device_waits, log_buffer, 4096));
	log_signal_later(0);
	log_result("read-signal", read(device_waits, log_buffer, 4096));
	log_signal_later(1);
	log_write_later("<14>restarted\n");
	log_text("read-restart", log_buffer, read(device_waits, log_buffer, 4096));
}

/* Record numbers from here on, in turn: prints 1. */
static void try_sequence(const char *key)
{
	unsigned long sequence, last = 0;
	int gaps = 0;

	while (read_device(4096) > 0) {
		if (sscanf(log_buffer, "%*u,%lu", &sequence) != 1 || (last && sequence != last + 1))
			gaps++;
		last = sequence;
	}
	log_result(key, errno == EAGAIN && last && !gaps);
}

/* More than the log can hold. */
static void try_overwritten(void)
{
	static char text[900];
	long size;

	lseek(device, 0, SEEK_END);
	size = log_call(10, NULL, 0);
	memset(text, 'y', sizeof(text));
	memcpy(text, "<14>", 4);
	text[sizeof(text) - 1] = '\n';
	for (long written = 0; written < size + 65536; written += sizeof(text))
		if (write(device_waits, text, sizeof(text)) != sizeof(text))
			break;
	log_result("overwritten-poll", polled(device, 0));
	log_result("overwritten", read_device(4096));
	log_result("overwritten-poll-after", polled(device, 0));
	try_sequence("overwritten-sequence");
	lseek(device, 0, SEEK_SET);
	try_sequence("sequence");
}

void log_try_device(void)
{
	int writer = open("/dev/kmsg", O_WRONLY);

	device = open("/dev/kmsg", O_RDWR | O_NONBLOCK);
	device_waits = open("/dev/kmsg", O_RDWR);
	log_result("opened", device >= 0 && device_waits >= 0 ? 0 : -1);
	try_overwritten();
	try_text();
	try_long();
	try_pieces();
	try_seeks();
	try_errors();
	try_poll();
	try_waiting();
	log_result("writer-read", read(writer, log_buffer, 4096));
	log_result("writer-poll", polled(writer, 0) >= 0 ? 0 : -1);
	close(writer);
	close(device);
	close(device_waits);
}

void log_try_proc(void)
{
	int proc = open("/proc/kmsg", O_RDONLY | O_NONBLOCK);
	int proc_waits = open("/proc/kmsg", O_RDONLY);

	log_result("proc-open", proc >= 0 && proc_waits >= 0 ? 0 : -1);
	log_drain();
	log_result("proc-empty", read(proc, log_buffer, 4096));
	log_result("proc-poll-empty", polled(proc, 0));
	log_write("<14>shown\n");
	log_result("proc-poll", polled(proc, 0));
	log_result("proc-null", read(proc, null, 100));
	log_result("proc-bad", read(proc, bad, 3));
	log_text("proc-part", log_buffer, read(proc, log_buffer, 3));
	log_result("proc-rest", read(proc, log_buffer, 4096));
	log_result("proc-seek", lseek(proc, 5, SEEK_SET));
	log_result("proc-seek-negative", lseek(proc, -5, SEEK_SET));
	log_result("proc-write", write(proc, "x", 1));
	log_result("proc-ioctl", ioctl(proc, TIOCGWINSZ, log_buffer));
	log_write_later("<14>polled\n");
	log_result("proc-poll-waits", polled(proc, 5000));
	log_text("proc-polled", log_buffer, read(proc, log_buffer, 4096));
	log_write_later("<14>waited\n");
	log_text("proc-waits", log_buffer, read(proc_waits, log_buffer, 4096));
	log_signal_later(0);
	log_result("proc-signal", read(proc_waits, log_buffer, 4096));
	log_write("<14>by call\n");
	log_text("proc-by-call", log_buffer, log_call(2, log_buffer, 4096));
	log_result("proc-after-call", read(proc, log_buffer, 4096));
	close(proc);
	close(proc_waits);
}
