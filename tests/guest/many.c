// SPDX-License-Identifier: GPL-2.0
/*
 * In the guest: what calls cost in one container while other instances are loaded and bound beside
 * it. The container is the oldest: whatever is searched, the others stand before it in any list
 * that grows at its head. Arguments: the others' policy, the numbers of instances, ascending, the
 * first of them 1. Prints TAP.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/guest/configuration.h"
#include "lib/cleanup.h"
#include "lib/file.h"
#include "runtime/image.h"
#include "runtime/instance.h"

#define TEMPLATE    "/vkernel/kmod/vki.ko"
#define FILE_MAX    (16u << 20)
#define OTHERS_MOST 1000
#define BATCHES	    3
#define SETTLE	    1	/* seconds after new instances */
#define GROWTH_MOST 2.0 /* instructions */

static const char *const calls[] = {
	"getppid 3 50000 allowed",
	"personality 3 50000 allowed",
	"iopl 3 50000 refused",
	"capbset-drop 3 50000 allowed",
};

#define CALLS (sizeof(calls) / sizeof(calls[0]))

/* A container's init: it waits for the byte that tells it to become its program. */
struct other {
	char name[INSTANCE_NAME_SIZE];
	pid_t init;
	int gate;
	bool loaded;
};

struct others {
	char *template, *policy;
	size_t template_size, policy_size;
	unsigned int count;
	struct other rows[OTHERS_MOST];
};

/* The container that is measured: it takes a line for each loop and answers with its readings. */
struct subject {
	struct launch launch;
	pid_t runtime;
	FILE *in, *out;
};

static void become_program(int gate)
{
	char go;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (read(gate, &go, 1) == 1)
		execl("/usr/bin/sleep", "sleep", "infinity", (char *)NULL);
	_exit(127);
}

static int start_init(struct other *other, struct error *err)
{
	int gate[2];

	if (pipe2(gate, O_CLOEXEC))
		return error_set_errno(err, EXIT_ENVIRONMENT, errno, "cannot make a pipe");
	other->init = syscall(SYS_clone, CLONE_NEWPID | SIGCHLD, NULL, NULL, NULL, NULL);
	if (!other->init) {
		close(gate[1]);
		become_program(gate[0]);
	}
	close(gate[0]);
	other->gate = gate[1];
	return other->init > 0 ? 0
			       : error_set_errno(err, EXIT_ENVIRONMENT, errno,
						 "cannot make a PID namespace");
}

static int release_init(struct other *other, struct error *err)
{
	int failed = write(other->gate, "!", 1) != 1;

	close(other->gate);
	return failed ? error_set_errno(err, EXIT_FINDING, errno, "%s has lost its init",
					other->name)
		      : 0;
}

static int load_other(const struct others *others, struct other *other, struct error *err)
{
	autofree void *image = NULL;
	size_t size;

	if (image_make(others->template, others->template_size, others->policy, others->policy_size,
		       other->name, &image, &size, err) ||
	    instance_load(other->name, image, size, err))
		return -1;
	other->loaded = true;
	return 0;
}

static int add_other(struct others *others, struct error *err)
{
	struct other *other = &others->rows[others->count];
	char id[16];

	snprintf(id, sizeof(id), "%012x", ++others->count);
	instance_name(id, other->name);
	return start_init(other, err) || load_other(others, other, err) ||
			       instance_bind(other->name, other->init, err) ||
			       release_init(other, err)
		       ? -1
		       : 0;
}

static int grow(struct others *others, unsigned int count, struct error *err)
{
	while (others->count < count)
		if (add_other(others, err))
			return -1;
	sleep(SETTLE);
	return 0;
}

static int remove_others(struct others *others, struct error *err)
{
	int result = 0;

	for (unsigned int i = 0; i < others->count; i++)
		if (others->rows[i].init > 0)
			kill(others->rows[i].init, SIGKILL);
	for (unsigned int i = 0; i < others->count; i++)
		if (others->rows[i].init > 0)
			waitpid(others->rows[i].init, NULL, 0);
	for (unsigned int i = 0; i < others->count; i++)
		if (others->rows[i].loaded && instance_remove(others->rows[i].name, NULL, err))
			result = -1;
	return result;
}

static void become_subject(const struct subject *subject, const int in[2], const int out[2])
{
	if (dup2(in[0], STDIN_FILENO) < 0 || dup2(out[1], STDOUT_FILENO) < 0)
		_exit(126);
	execv(subject->launch.argv[0], subject->launch.argv);
	_exit(127);
}

static int subject_start(struct subject *subject, struct error *err)
{
	static const char *const argv[] = {
		"/bin/sh", "-c",
		"while read -r line; do /vkernel/bin/vkdrive call $line; echo; done", NULL};
	const struct configuration *vkernel = configuration_find("vkernel");
	int in[2], out[2];

	if (launch_begin(vkernel, NULL, argv, &subject->launch, err))
		return -1;
	if (pipe2(in, O_CLOEXEC) || pipe2(out, O_CLOEXEC))
		return error_set_errno(err, EXIT_ENVIRONMENT, errno, "cannot make a pipe");
	subject->runtime = fork();
	if (!subject->runtime)
		become_subject(subject, in, out);
	close(in[0]);
	close(out[1]);
	subject->in = fdopen(in[1], "w");
	subject->out = fdopen(out[0], "r");
	return subject->runtime < 0 || !subject->in || !subject->out
		       ? error_set_errno(err, EXIT_ENVIRONMENT, errno, "cannot start a container")
		       : 0;
}

static void subject_end(struct subject *subject)
{
	if (subject->in)
		fclose(subject->in);
	if (subject->runtime > 0)
		waitpid(subject->runtime, NULL, 0);
	if (subject->out)
		fclose(subject->out);
	launch_end(configuration_find("vkernel"), &subject->launch);
}

static int compare(const void *one, const void *other)
{
	const double a = *(const double *)one, b = *(const double *)other;

	return (a > b) - (a < b);
}

/* The median of the batches, in instructions for a call; an empty line ends the answer. */
static int cost(struct subject *subject, const char *call, double *figure, struct error *err)
{
	double each[BATCHES], elapsed, operations;
	unsigned int count = 0;
	char line[256];

	fprintf(subject->in, "%s\n", call);
	fflush(subject->in);
	while (fgets(line, sizeof(line), subject->out) && *line != '\n') {
		if (count == BATCHES || sscanf(line, "{\"elapsed_ns\": %lf, \"operations\": %lf}",
					       &elapsed, &operations) != 2)
			return error_set(err, EXIT_FINDING, "%s: vkdrive printed \"%s\"", call,
					 line);
		each[count++] = elapsed / operations;
	}
	if (count != BATCHES)
		return error_set(err, EXIT_FINDING, "%s: %u readings, not %d", call, count,
				 BATCHES);
	qsort(each, BATCHES, sizeof(each[0]), compare);
	*figure = each[BATCHES / 2];
	return 0;
}

/* Its runtime has much to do before it answers, with pauses in which the guest's clock runs on. */
static int subject_wait(struct subject *subject, struct error *err)
{
	double ignored;

	return cost(subject, calls[0], &ignored, err);
}

static unsigned int bound_instances(void)
{
	FILE *out = popen("grep -lx bound /sys/kernel/vkernel/instances/*/state | wc -l", "r");
	unsigned int count = 0;

	if (out && fscanf(out, "%u", &count) != 1)
		count = 0;
	if (out)
		pclose(out);
	return count;
}

static bool modules_left(void)
{
	return !system("grep -q ^vkernel_ /proc/modules");
}

/* One line of figures and one of verdict. Returns 1 where they have grown, 0, or -1. */
static int measure(struct subject *subject, unsigned int instances, double first[CALLS],
		   unsigned int number, struct error *err)
{
	unsigned int bound = bound_instances();
	bool grown = bound != instances;

	printf("# %u instances bound:", bound);
	for (size_t i = 0; i < CALLS; i++) {
		double figure = 0;

		if (cost(subject, calls[i], &figure, err))
			return -1;
		if (instances == 1)
			first[i] = figure;
		grown |= figure > first[i] + GROWTH_MOST;
		printf(" %.*s %.1f", (int)strcspn(calls[i], " "), calls[i], figure);
	}
	printf("\n%sok %u - %u instances are bound, and no call costs %.0f instructions more than "
	       "with 1\n",
	       grown ? "not " : "", number, instances, GROWTH_MOST);
	fflush(stdout);
	return grown;
}

static int measure_all(struct subject *subject, struct others *others, char **sizes,
		       struct error *err)
{
	double first[CALLS];
	int failures = 0;

	for (unsigned int number = 1; sizes[number - 1]; number++) {
		unsigned int instances = atoi(sizes[number - 1]);
		int result;

		if (instances < 1 || instances > OTHERS_MOST || (number == 1) != (instances == 1))
			return error_set(err, EXIT_USAGE,
					 "numbers from 1 (the first of them) to %d are needed",
					 OTHERS_MOST);
		if (grow(others, instances - 1, err))
			return -1;
		result = measure(subject, instances, first, number, err);
		if (result < 0)
			return -1;
		failures += result;
	}
	return failures;
}

int main(int argc, char **argv)
{
	static struct others others;
	struct subject subject = {0};
	struct error err, also;
	int failures = -1;
	bool left;

	if (argc < 3) {
		fputs("usage: many-instances POLICY 1 NUMBER...\n", stderr);
		return EXIT_USAGE;
	}
	if (!file_read(TEMPLATE, FILE_MAX, &others.template, &others.template_size, &err) &&
	    !file_read(argv[1], FILE_MAX, &others.policy, &others.policy_size, &err) &&
	    !subject_start(&subject, &err) && !subject_wait(&subject, &err))
		failures = measure_all(&subject, &others, argv + 2, &err);
	left = remove_others(&others, failures < 0 ? &also : &err);
	subject_end(&subject);
	if (failures < 0)
		return error_report(&err, "many-instances");
	left |= modules_left();
	printf("%sok %d - they are gone when their containers have ended\n1..%d\n",
	       left ? "not " : "", argc - 1, argc - 1);
	return failures || left ? EXIT_FINDING : EXIT_GOOD;
}
