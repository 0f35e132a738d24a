// SPDX-License-Identifier: GPL-2.0
/*
 * Docker's rule: clone(2) may make no namespace. clone3(2) has its flags in memory, where seccomp
 * cannot see them: Docker's profile answers ENOSYS to all of it, and libc goes back to clone. A
 * vKI sees the structure, applies the same rule to it, and lets the rest of clone3 be.
 */
#include <errno.h>
#include <linux/sched.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/guest/bundle.h"
#include "scenarios/clone-call.h"
#include "scenarios/scenario.h"

#define SECOND_SIZE 80	/* struct clone_args of Linux 5.5 */
#define LATER_SIZE  128 /* of a kernel to come */
#define HIGH_BIT    (1ull << 32)

/* CLONE_NEWTIME shares its bit with clone's signal; Docker's mask does not have it. */
static const struct flag {
	const char *name;
	unsigned long long value;
} flags[] = {
	{"CLONE_NEWNS", CLONE_NEWNS},
	{"CLONE_NEWCGROUP", CLONE_NEWCGROUP},
	{"CLONE_NEWUTS", CLONE_NEWUTS},
	{"CLONE_NEWIPC", CLONE_NEWIPC},
	{"CLONE_NEWUSER", CLONE_NEWUSER},
	{"CLONE_NEWPID", CLONE_NEWPID},
	{"CLONE_NEWNET", CLONE_NEWNET},
	{"CLONE_NEWUSER | CLONE_NEWPID", CLONE_NEWUSER | CLONE_NEWPID},
	{"CLONE_NEWNS | CLONE_FILES", CLONE_NEWNS | CLONE_FILES},
};

static const struct way {
	const char *name;
	enum entry entry;
	size_t size; /* of clone3's structure; 0: clone */
} ways[] = {
	{"clone", ENTRY_X86_64, 0},
	{"clone, int $0x80", ENTRY_I386, 0},
	{"clone3", ENTRY_X86_64, sizeof(struct clone_args)},
	{"clone3, first size", ENTRY_X86_64, CLONE_ARGS_SIZE_VER0},
	{"clone3, second size", ENTRY_X86_64, SECOND_SIZE},
	{"clone3, a later size", ENTRY_X86_64, LATER_SIZE},
	{"clone3, int $0x80", ENTRY_I386, sizeof(struct clone_args)},
};

static int make(const struct way *way, unsigned long long value)
{
	if (way->size)
		return clone_call_3(way->entry, value, way->size);
	return clone_call(way->entry, value);
}

static void *nothing(void *context)
{
	return context;
}

static void try_threads(struct tries *tries)
{
	pthread_t thread;
	int number = pthread_create(&thread, NULL, nothing, NULL);

	if (!number)
		pthread_join(thread, NULL);
	tries_add_must(tries, "pthread_create", number);
}

static void probe(const char *nonce, const char *argument, struct tries *tries)
{
	char label[96];

	(void)nonce;
	(void)argument;
	for (size_t i = 0; i < sizeof(ways) / sizeof(*ways); i++) {
		for (size_t k = 0; k < sizeof(flags) / sizeof(*flags); k++) {
			snprintf(label, sizeof(label), "%s(%s)", ways[i].name, flags[k].name);
			tries_add_errno(tries, label, make(&ways[i], flags[k].value), 0);
		}
		snprintf(label, sizeof(label), "%s without a namespace", ways[i].name);
		tries_add_must(tries, label, make(&ways[i], 0));
	}
	tries_add_errno(tries, "clone(CLONE_NEWUSER and a high bit)",
			clone_call(ENTRY_X86_64, CLONE_NEWUSER | HIGH_BIT), 0);
	try_threads(tries);
}

/* A filter on registers has no other answer to clone3 than ENOSYS, and programs cope with it. */
static int inspect(const struct scene *scene, struct tries *tries, struct error *err)
{
	(void)err;
	if (!scene->configuration->seccomp || scene->configuration->framework)
		return 0;
	for (size_t i = 0; i < tries->count; i++) {
		struct try *one = &tries->list[i];

		if (!strncmp(one->name, "clone3", 6) && one->outcome == OUTCOME_FAILS &&
		    !strcmp(one->detail, errno_name(ENOSYS)))
			tries_correct(one, OUTCOME_WORKS, "ENOSYS, which sends libc to clone");
	}
	return 0;
}

/* With it, nothing but the rule stands in the way of a namespace. */
static const char *const capabilities[] = {BUNDLE_CAPABILITIES_BUT_AUDIT_WRITE, "CAP_AUDIT_WRITE",
					   "CAP_SYS_ADMIN", NULL};

/* As they stand in Docker's profile. */
#define RULES                                                                           \
	"[{\"names\":[\"clone\"],\"action\":\"SCMP_ACT_ALLOW\",\"args\":[{\"index\":0," \
	"\"value\":2114060288,\"valueTwo\":0,\"op\":\"SCMP_CMP_MASKED_EQ\"}]},"         \
	"{\"names\":[\"clone3\"],\"action\":\"SCMP_ACT_ERRNO\",\"errnoRet\":38}]"

const struct scenario clone3_flags = {
	.name = "clone3-flags",
	.group = "system calls",
	.summary = "make a namespace with clone or clone3, where Docker's rule forbids it",
	.expected = {{"native", VERDICT_LEAKED},
		     {"crun", VERDICT_LEAKED},
		     {"crun-secure", VERDICT_BLOCKED},
		     {"vkernel", VERDICT_BLOCKED}},
	.options = {.capabilities = capabilities, .seccomp = RULES},
	.probe = probe,
	.inspect = inspect,
};
