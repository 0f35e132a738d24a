// SPDX-License-Identifier: GPL-2.0
#include "workloads/driver/neighbour.h"

#include <errno.h>
#include <linux/futex.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "workloads/driver/number.h"

#define BATCHES_MOST 63
#define WORDS	     4096 /* the kernel's table has 256 buckets for each processor */
#define THREADS	     64
#define EACH	     128 /* words that a thread may wait at, at most */
#define STACK	     (64 * 1024)
#define SETTLE_NS    50000000

/* Shared between processes as far as the kernel knows: its common table holds who waits. */
static uint32_t *shared_words(size_t count)
{
	void *at = mmap(NULL, count * sizeof(uint32_t), PROT_READ | PROT_WRITE,
			MAP_SHARED | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);

	return at == MAP_FAILED ? NULL : at;
}

static void wake(uint32_t *words, long operations)
{
	for (long i = 0; i < operations; i++)
		syscall(SYS_futex, &words[i % WORDS], FUTEX_WAKE, 1, NULL, NULL, 0);
}

int drive_futex(char *const arguments[], int count, struct error *err)
{
	uint32_t *words = shared_words(WORDS);
	clockid_t clock = driver_thread_clock();
	uint64_t elapsed[BATCHES_MOST], start;
	long batches, operations;

	if (count != 2)
		return error_set(err, EXIT_USAGE, "futex takes BATCHES OPERATIONS");
	if (driver_number(arguments[0], BATCHES_MOST, &batches, err) ||
	    driver_number(arguments[1], 1000000, &operations, err))
		return -1;
	if (!words)
		return error_set_errno(err, EXIT_ENVIRONMENT, errno, "cannot share memory");
	if (syscall(SYS_futex, words, FUTEX_WAKE, 1, NULL, NULL, 0))
		return error_set(err, EXIT_FINDING,
				 "somebody waits at a word of ours, or futex(2) "
				 "is refused");
	start = driver_now(clock);
	wake(words, WORDS);
	operations = driver_fit(operations, driver_now(clock) - start, WORDS);
	wake(words, operations);
	for (long i = 0; i < batches; i++) {
		start = driver_start(clock);
		wake(words, operations);
		elapsed[i] = driver_elapsed(clock, start);
	}
	for (long i = 0; i < batches; i++)
		driver_reading(elapsed[i], operations);
	return 0;
}

static atomic_int waiting; /* threads that are about to wait */
static atomic_bool awake;  /* one has come back */

/* Waits at each of EACH words, or, without futex_waitv(2), at the first. */
static void *wait_at(void *context)
{
	uint32_t *words = context;
	struct futex_waitv waiters[EACH];
	long result;

	for (int i = 0; i < EACH; i++)
		waiters[i] = (struct futex_waitv){.uaddr = (uintptr_t)&words[i], .flags = FUTEX_32};
	atomic_fetch_add(&waiting, 1);
	result = syscall(SYS_futex_waitv, waiters, EACH, 0, NULL, 0);
	if (result < 0 && (errno == ENOSYS || errno == EPERM))
		syscall(SYS_futex, words, FUTEX_WAIT, 0, NULL, NULL, 0);
	atomic_store(&awake, true);
	return NULL;
}

static int start_threads(uint32_t *words, struct error *err)
{
	pthread_attr_t attributes;
	pthread_t thread;
	int number = 0;

	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, STACK);
	for (int i = 0; i < THREADS && !number; i++)
		number = pthread_create(&thread, &attributes, wait_at, words + i * EACH);
	pthread_attr_destroy(&attributes);
	return number ? error_set_errno(err, EXIT_ENVIRONMENT, number, "cannot start a thread") : 0;
}

int drive_futex_crowd(char *const arguments[], int count, struct error *err)
{
	const struct timespec settle = {.tv_nsec = SETTLE_NS};
	uint32_t *words = shared_words(THREADS * EACH);
	sigset_t ends;
	int number;

	(void)arguments;
	if (count)
		return error_set(err, EXIT_USAGE, "futex-crowd takes no arguments");
	if (!words)
		return error_set_errno(err, EXIT_ENVIRONMENT, errno, "cannot share memory");
	sigemptyset(&ends);
	sigaddset(&ends, SIGTERM);
	pthread_sigmask(SIG_BLOCK, &ends, NULL);
	if (start_threads(words, err))
		return -1;
	while (atomic_load(&waiting) < THREADS)
		nanosleep(&settle, NULL);
	nanosleep(&settle, NULL);
	if (atomic_load(&awake))
		return error_set(err, EXIT_FINDING, "a waiter came back at once");
	puts("ready");
	fflush(stdout);
	sigwait(&ends, &number);
	return 0;
}
