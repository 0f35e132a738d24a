// SPDX-License-Identifier: GPL-2.0
/*
 * The kernel tells in its log of programs that end by a fault. A tenant wants to read that of its
 * own programs, and of nobody else's: one ends so inside, and one outside, both with a nonce in
 * their names.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/klog.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/guest/bundle.h"
#include "lib/cleanup.h"
#include "scenarios/kernellog.h"
#include "scenarios/scenario.h"

#define READ_ALL 3
#define LOG_SIZE (1 << 22)
#define NAME	 16	/* bytes of a task's name, its end included */
#define FAULTS	 12	/* the kernel tells of ten in five seconds */
#define PAUSE	 700000 /* microseconds */
#define DIGITS	 11	/* of the nonce */

/* The name of a task that faults: a letter for who it is, and digits of the nonce. */
static void name_of(char name[NAME], char who, const char *nonce)
{
	snprintf(name, NAME, "%c%.*s", who, DIGITS, nonce);
}

static void fault(const char *name)
{
	static const struct rlimit no_core;
	static volatile int *volatile nowhere = (volatile int *)8; /* nothing is mapped there */
	int status;
	pid_t child = fork();

	if (!child) {
		setrlimit(RLIMIT_CORE, &no_core);
		signal(SIGSEGV, SIG_DFL);
		prctl(PR_SET_NAME, name);
		*nowhere = 1;
		_exit(0);
	}
	if (child > 0)
		waitpid(child, &status, 0);
}

static bool tells(const char *log, const char *name)
{
	char wanted[NAME + 2];

	snprintf(wanted, sizeof(wanted), "%s[", name);
	return strstr(log, wanted);
}

static void look_for(struct tries *tries, const char *label, const char *log, const char *name,
		     enum outcome seen)
{
	if (tells(log, name))
		tries_add(tries, label, seen, "told in the log");
	else
		tries_add(tries, label, OUTCOME_REFUSED, "not in the log");
}

static void probe(const char *nonce, const char *argument, struct tries *tries)
{
	autofree char *log = calloc(1, LOG_SIZE + 1);
	char own[NAME], others[NAME];

	(void)argument;
	if (!log) {
		tries_add(tries, "memory", OUTCOME_BROKEN, "%u bytes", LOG_SIZE);
		return;
	}
	name_of(own, 'i', nonce);
	name_of(others, 'o', nonce);
	for (int i = 0; i < FAULTS && !tells(log, own); i++) {
		usleep(i ? PAUSE : 0);
		fault(own);
		memset(log, 0, LOG_SIZE);
		if (klogctl(READ_ALL, log, LOG_SIZE) < 0)
			break;
	}
	look_for(tries, "a fault outside", log, others, OUTCOME_REACHED);
	look_for(tries, "a fault of its own", log, own, OUTCOME_PRIVATE);
}

static int arrange(struct scene *scene, struct error *err)
{
	char name[NAME];
	int found = 0;

	name_of(name, 'o', scene->nonce);
	for (int i = 0; i < FAULTS && !found; i++) {
		usleep(i ? PAUSE : 0);
		fault(name);
		found = kernellog_contains(name, err);
	}
	if (found < 0)
		return -1;
	return found ? 0
		     : error_set(err, EXIT_ENVIRONMENT,
				 "the kernel's log does not tell of a program's fault; is "
				 "debug.exception-trace 0?");
}

static const char *const with_syslog[] = {BUNDLE_CAPABILITIES_BUT_AUDIT_WRITE, "CAP_AUDIT_WRITE",
					  "CAP_SYSLOG", NULL};

const struct scenario dmesg_own = {
	.name = "dmesg-own",
	.group = "kernel log",
	.summary = "read of another's fault in a log that tells of one's own, with CAP_SYSLOG",
	.expected = {{"native", VERDICT_LEAKED},
		     {"crun", VERDICT_LEAKED},
		     {"crun-secure", VERDICT_LEAKED},
		     {"vkernel", VERDICT_VIRTUAL}},
	.options = {.capabilities = with_syslog},
	.arrange = arrange,
	.probe = probe,
};
