// SPDX-License-Identifier: GPL-2.0
#include "workloads/driver/neighbour.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "workloads/driver/number.h"

#define REQUESTS_MOST 10000
#define HOGS_MOST     64
#define WORK	      500 /* rounds of the server's work for a request */

/* Work that no compiler leaves out. */
static unsigned int compute(unsigned int rounds, unsigned int seed)
{
	volatile unsigned int value = seed;

	while (rounds--)
		value = value * 1664525 + 1013904223;
	return value;
}

static void serve(int fd)
{
	unsigned int request;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	while (read(fd, &request, sizeof(request)) == sizeof(request)) {
		request = compute(WORK, request);
		if (write(fd, &request, sizeof(request)) != sizeof(request))
			break;
	}
	_exit(0);
}

static void sleep_until(uint64_t moment)
{
	const struct timespec time = {.tv_sec = moment / 1000000000,
				      .tv_nsec = moment % 1000000000};

	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, NULL) == EINTR)
		;
}

/*
 * The delay counts from the moment that was planned: what an answer that was late kept from being
 * asked for is late, too.
 */
static int ask(int fd, uint64_t planned, uint64_t *delay)
{
	unsigned int word = 1;

	sleep_until(planned);
	if (write(fd, &word, sizeof(word)) != sizeof(word) ||
	    read(fd, &word, sizeof(word)) != sizeof(word))
		return -1;
	*delay = driver_now(CLOCK_MONOTONIC) - planned;
	return 0;
}

static int compare(const void *one, const void *other)
{
	uint64_t a = *(const uint64_t *)one, b = *(const uint64_t *)other;

	return a < b ? -1 : a > b;
}

static int ask_all(int fd, long requests, long period_us, struct error *err)
{
	static uint64_t delays[REQUESTS_MOST];
	uint64_t start = driver_now(CLOCK_MONOTONIC);

	for (long i = 0; i < requests; i++)
		if (ask(fd, start + (i + 1) * period_us * UINT64_C(1000), &delays[i]))
			return error_set_errno(err, EXIT_FINDING, errno, "the server is gone");
	qsort(delays, requests, sizeof(delays[0]), compare);
	driver_reading(delays[requests * 99 / 100], 1);
	return 0;
}

int drive_service(char *const arguments[], int count, struct error *err)
{
	long requests, period_us;
	int ends[2], result;
	pid_t child;

	if (count != 2)
		return error_set(err, EXIT_USAGE, "service takes REQUESTS PERIOD");
	if (driver_number(arguments[0], REQUESTS_MOST, &requests, err) ||
	    driver_number(arguments[1], 1000000, &period_us, err))
		return -1;
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends))
		return error_set_errno(err, EXIT_ENVIRONMENT, errno, "cannot make a socket");
	child = fork();
	if (child < 0)
		return error_set_errno(err, EXIT_ENVIRONMENT, errno, "cannot fork");
	if (!child) {
		close(ends[0]);
		serve(ends[1]);
	}
	close(ends[1]);
	result = ask_all(ends[0], requests, period_us, err);
	close(ends[0]);
	waitpid(child, NULL, 0);
	return result;
}

static void hog(void)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (unsigned int seed = 0;; seed++)
		compute(100000, seed);
}

int drive_hogs(char *const arguments[], int count, struct error *err)
{
	pid_t children[HOGS_MOST];
	sigset_t ends;
	long wanted;
	int number;

	if (count != 1)
		return error_set(err, EXIT_USAGE, "hogs takes COUNT");
	if (driver_number(arguments[0], HOGS_MOST, &wanted, err))
		return -1;
	sigemptyset(&ends);
	sigaddset(&ends, SIGTERM);
	sigprocmask(SIG_BLOCK, &ends, NULL);
	for (long i = 0; i < wanted; i++) {
		children[i] = fork();
		if (!children[i])
			hog();
		if (children[i] > 0)
			continue;
		number = errno;
		while (i--)
			kill(children[i], SIGKILL);
		return error_set_errno(err, EXIT_ENVIRONMENT, number, "cannot fork");
	}
	puts("ready");
	fflush(stdout);
	sigwait(&ends, &number);
	for (long i = 0; i < wanted; i++)
		kill(children[i], SIGKILL);
	return 0;
}
