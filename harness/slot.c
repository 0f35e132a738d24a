// SPDX-License-Identifier: GPL-2.0
#include "harness/slot.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/cache.h"
#include "harness/channel.h"
#include "harness/interrupt.h"
#include "lib/cleanup.h"

#define SLOTS	      2
#define POLL_INTERVAL 200 /* milliseconds */

static int open_lock(const char *name, struct error *err)
{
	char path[PATH_MAX];
	int fd;

	if (cache_path(name, path, err) < 0)
		return -1;
	/* For reading, which is enough for flock(): the cache may be another user's. */
	fd = open(path, O_RDONLY | O_CREAT | O_CLOEXEC, 0666);
	if (fd < 0)
		return error_set_errno(err, EXIT_ENVIRONMENT, errno,
				       "opening %.500s (set VKERNEL_CACHE)", path);
	return fd;
}

/* Waits for events on fd (-1: none), the interrupt, or the deadline: 1 for fd, 0 if time is left. */
static int wait_on(int fd, int milliseconds, int64_t deadline, struct error *err)
{
	struct pollfd sources[] = {
		{.fd = fd, .events = POLLIN},
		{.fd = interrupt_fd(err), .events = POLLIN},
	};

	if (sources[1].fd < 0)
		return -1;
	poll(sources, 2, milliseconds);
	if (interrupted())
		return interrupt_error(err);
	if (sources[0].revents)
		return 1;
	if (now_ms() < deadline)
		return 0;
	return error_set(err, EXIT_ENVIRONMENT,
			 "%d guests ran on this machine all the time; end one of them", SLOTS);
}

/*
 * flock() cannot be waited for together with anything else, so a child waits: the lock belongs to
 * the open file that both share.
 */
static pid_t start_waiting(int fd)
{
	pid_t parent = getpid(), child = fork();

	if (child != 0)
		return child;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	signal(SIGINT, SIG_IGN); /* the parent decides */
	/* What another thread has open is open here too: its place in the line would stay taken. */
	close_range(STDERR_FILENO + 1, fd - 1, 0);
	close_range(fd + 1, ~0U, 0);
	if (getppid() != parent || flock(fd, LOCK_EX) < 0)
		_exit(1);
	_exit(0);
}

static int stand_in_line(int line, int64_t deadline, struct error *err)
{
	pid_t child = start_waiting(line);
	int status = 0, result = 0;
	autoclose int ended = -1;

	if (child < 0)
		return error_set_errno(err, EXIT_ENVIRONMENT, errno, "waiting for a guest's end");
	ended = (int)syscall(SYS_pidfd_open, child, 0);
	if (ended < 0)
		result = error_set_errno(err, EXIT_ENVIRONMENT, errno, "watching a child");
	while (result == 0)
		result = wait_on(ended, POLL_INTERVAL, deadline, err);
	kill(child, SIGKILL);
	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	if (result == 1 && status != 0)
		return error_set(err, EXIT_ENVIRONMENT, "waiting for a guest's end failed");
	return result == 1 ? 0 : -1;
}

/* A free place; -1 with EXIT_GOOD in err where there is none. */
static int try_slots(struct error *err)
{
	for (unsigned int number = 0; number < SLOTS; number++) {
		autoclose int fd = -1;
		char name[32];

		snprintf(name, sizeof(name), "slot-%u.lock", number);
		fd = open_lock(name, err);
		if (fd < 0)
			return -1;
		if (flock(fd, LOCK_EX | LOCK_NB) == 0)
			return steal_fd(&fd);
	}
	return error_set(err, EXIT_GOOD, "no place is free");
}

static void say_that_we_wait(void)
{
	fprintf(stderr, "vkbench: %d guests are running on this machine; waiting\n", SLOTS);
}

int slot_take(unsigned int timeout, struct error *err)
{
	int64_t deadline = now_ms() + (int64_t)timeout * 1000;
	/* Who came first is served first: only the head of the line looks for a place. */
	autoclose int line = open_lock("slot-line.lock", err);
	bool waiting = false;
	int fd;

	if (line < 0)
		return -1;
	if (flock(line, LOCK_EX | LOCK_NB) < 0) {
		say_that_we_wait();
		waiting = true;
		if (stand_in_line(line, deadline, err) < 0)
			return -1;
	}
	while ((fd = try_slots(err)) < 0 && err->status == EXIT_GOOD) {
		if (!waiting)
			say_that_we_wait();
		waiting = true;
		if (wait_on(-1, POLL_INTERVAL, deadline, err) < 0)
			return -1;
	}
	return fd;
}
