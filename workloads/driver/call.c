// SPDX-License-Identifier: GPL-2.0
#include "workloads/driver/call.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include "workloads/driver/number.h"

#define BATCHES_MOST 63
#define CHECKS	     3

struct call {
	const char *name;
	long number;
	unsigned long arguments[5];
	int answer; /* errno where nothing refuses it; 0: it succeeds */
};

/* Harmless and short wherever they are allowed: what they measure is the way in and out. */
static const struct call calls[] = {
	{.name = "getppid", .number = SYS_getppid},
	{.name = "personality", .number = SYS_personality, .arguments = {0xffffffff}},
	/* The level that every task has already: 0 is compared and returned. */
	{.name = "iopl", .number = SYS_iopl, .arguments = {0}},
	/* One check for CAP_SETPCAP comes first, then the number of the capability is refused. */
	{
		.name = "capbset-drop",
		.number = SYS_prctl,
		.arguments = {PR_CAPBSET_DROP, 63},
		.answer = EINVAL,
	},
};

static const struct call *find(const char *name, struct error *err)
{
	char known[128] = "";

	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
		size_t used = strlen(known);

		if (!strcmp(calls[i].name, name))
			return &calls[i];
		snprintf(known + used, sizeof(known) - used, "%s%s", used ? ", " : "",
			 calls[i].name);
	}
	error_set(err, EXIT_USAGE, "unknown call \"%s\"; there are %s", name, known);
	return NULL;
}

/*
 * The instruction itself, not libc's syscall(), which takes a longer way where a call fails: the
 * loop around the kernel is then the same one for every call and every answer.
 */
static inline long make(const struct call *call)
{
	register unsigned long fourth __asm__("r10") = call->arguments[3];
	register unsigned long fifth __asm__("r8") = call->arguments[4];
	long result;

	__asm__ volatile("syscall"
			 : "=a"(result)
			 : "a"(call->number), "D"(call->arguments[0]), "S"(call->arguments[1]),
			   "d"(call->arguments[2]), "r"(fourth), "r"(fifth)
			 : "rcx", "r11", "memory");
	return result;
}

static __attribute__((noinline)) void repeat(const struct call *chosen, long operations)
{
	const struct call call = *chosen;

	for (long i = 0; i < operations; i++)
		make(&call);
}

static uint64_t batch(const struct call *call, clockid_t clock, long operations)
{
	uint64_t start = driver_start(clock);

	repeat(call, operations);
	return driver_elapsed(clock, start);
}

/* How many operations a batch of them may have. */
static long fit(const struct call *call, clockid_t clock, long operations)
{
	long trial = driver_trial(operations);
	uint64_t start = driver_now(clock);

	repeat(call, trial);
	return driver_fit(operations, driver_now(clock) - start, trial);
}

static int check(const struct call *call, int answer, struct error *err)
{
	for (int i = 0; i < CHECKS; i++) {
		long result = make(call);
		int number = result < 0 ? (int)-result : 0;

		if (number != answer)
			return error_set(err, EXIT_FINDING,
					 "%s answered \"%s\" where \"%s\" was expected; what is "
					 "enforced here is not what is to be measured",
					 call->name, strerror(number), strerror(answer));
	}
	return 0;
}

static int parse_answer(const char *text, const struct call *call, int *answer, struct error *err)
{
	if (!strcmp(text, "allowed"))
		*answer = call->answer;
	else if (!strcmp(text, "refused"))
		*answer = EPERM;
	else
		return error_set(err, EXIT_USAGE, "\"%s\" is neither allowed nor refused", text);
	return 0;
}

int drive_call(char *const arguments[], int count, struct error *err)
{
	uint64_t elapsed[BATCHES_MOST];
	clockid_t clock = driver_thread_clock();
	const struct call *call;
	long batches, operations;
	int answer = 0;

	if (count != 4)
		return error_set(err, EXIT_USAGE,
				 "call takes NAME BATCHES OPERATIONS allowed|refused");
	call = find(arguments[0], err);
	if (!call || driver_number(arguments[1], BATCHES_MOST, &batches, err) ||
	    driver_number(arguments[2], 1000000000, &operations, err) ||
	    parse_answer(arguments[3], call, &answer, err) || check(call, answer, err))
		return -1;

	operations = fit(call, clock, operations);
	repeat(call, operations);
	for (long i = 0; i < batches; i++)
		elapsed[i] = batch(call, clock, operations);
	if (check(call, answer, err))
		return -1;
	for (long i = 0; i < batches; i++)
		driver_reading(elapsed[i], operations);
	return 0;
}
