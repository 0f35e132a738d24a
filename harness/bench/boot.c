// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/bench/environment.h"
#include "harness/bench/observations.h"
#include "harness/bench/run.h"
#include "harness/bench/visit.h"
#include "harness/channel.h"
#include "harness/interrupt.h"
#include "harness/samples.h"
#include "lib/cleanup.h"

/* What the kernel puts off at boot is done by then; docs/measuring.md has what it comes to. */
#define SETTLE	       "30"
#define BOOTS_OBSERVED 1 /* observing takes a launch more */
#define SETTLE_TIMEOUT 300
#define LOAD_TIMEOUT   120
#define READ_TIMEOUT   300

static bool stopped(struct run *run)
{
	bool failed;

	pthread_mutex_lock(&run->lock);
	failed = run->failed;
	pthread_mutex_unlock(&run->lock);
	return failed;
}

/* The figure that the progress line shows: the first sample of the headline. */
static void announce(struct run *run, unsigned int boot, const struct stop *stop,
		     const struct visit *visit)
{
	const struct metric *metric = workload_headline(stop->workload, run->clock);

	if (visit->status) {
		progress_step(&run->progress, "boot %u: %s in %s: not measured: %s", boot,
			      stop->workload->name, stop->configuration->name, visit->reason);
		return;
	}
	for (size_t i = 0; i < visit->count; i++) {
		if (visit->samples[i].metric != metric)
			continue;
		progress_step(&run->progress, "boot %u: %s in %s: %.6g %s", boot,
			      stop->workload->name, stop->configuration->name,
			      visit->samples[i].value, workload_unit(stop->workload, metric));
		return;
	}
}

/* Called with the lock held. */
static int record(struct run *run, unsigned int boot, unsigned int order, const struct stop *stop,
		  struct visit *visit, struct error *err)
{
	struct absence absence = {
		.boot = boot,
		.order = order,
		.workload = stop->workload,
		.configuration = stop->configuration,
		.again = stop->again,
		.status = visit->status,
		.reason = visit->reason,
	};

	if (visit->status) {
		run->failures += visit->status != EXIT_ENVIRONMENT;
		return samples_write_absence(run->missing, run->name, run->clock, &absence, err);
	}
	for (size_t i = 0; i < visit->count; i++) {
		visit->samples[i].boot = boot;
		visit->samples[i].order = order;
		if (samples_write(run->samples, run->name, run->clock, &visit->samples[i], err))
			return -1;
	}
	run->written += visit->count;
	return 0;
}

/* Called with the lock held. */
static int record_observations(struct run *run, unsigned int boot, unsigned int order,
			       const struct stop *stop, const struct visit *visit,
			       struct error *err)
{
	const struct observed observed = {run->name, boot, order, stop};
	const char *reason;

	if (visit->status || !visit->observations)
		return 0;
	if (observations_write(visit->observations, &observed, run->histograms, run->calls, &reason,
			       err))
		return -1;
	if (reason)
		progress_note(&run->progress, "boot %u: %s in %s: %s", boot, stop->workload->name,
			      stop->configuration->name, reason);
	return 0;
}

static double seconds_since(int64_t begin)
{
	return (double)(now_ms() - begin) / 1000;
}

/*
 * A guest that dies or hangs in a visit ends its boot, not the run: what it has still owed is written
 * down with the reason, which is in err, so that no figure is missing in silence.
 */
static int give_up(struct run *run, unsigned int boot, const struct plan *plan, size_t at,
		   struct error *err)
{
	const struct stop *last = &plan->stops[at];
	struct visit visit = {.status = EXIT_FINDING};
	int result = 0;

	snprintf(visit.reason, sizeof(visit.reason), "the guest was lost: %.900s", err->text);
	pthread_mutex_lock(&run->lock);
	json_array_append_new(json_object_get(run->environment, "lost"),
			      json_sprintf("boot %u: %.900s", boot, err->text));
	for (size_t i = at; i < plan->count && !result; i++) {
		result = record(run, boot, i + 1, &plan->stops[i], &visit, err);
		announce(run, boot, &plan->stops[i], &visit);
		visit.status = EXIT_ENVIRONMENT;
		snprintf(visit.reason, sizeof(visit.reason),
			 "its guest was lost before, in %s in %s", last->workload->name,
			 last->configuration->name);
	}
	pthread_mutex_unlock(&run->lock);
	return result;
}

static int visit_all(struct run *run, struct vm *vm, unsigned int boot, const struct plan *plan,
		     struct error *err)
{
	for (size_t i = 0; i < plan->count && !stopped(run); i++) {
		double processor = vm_processor_seconds(vm);
		int64_t begin = now_ms();
		struct visit visit;
		int result;

		if (visit_make(vm, &plan->stops[i], run->clock, run_repeat(run),
			       boot <= BOOTS_OBSERVED && !plan->stops[i].again, &visit, err)) {
			visit_free(&visit);
			return interrupted() ? -1 : give_up(run, boot, plan, i, err);
		}
		pthread_mutex_lock(&run->lock);
		result = record(run, boot, i + 1, &plan->stops[i], &visit, err) ||
					 record_observations(run, boot, i + 1, &plan->stops[i],
							     &visit, err)
				 ? -1
				 : 0;
		announce(run, boot, &plan->stops[i], &visit);
		durations_add(&run->durations, &plan->stops[i], seconds_since(begin),
			      vm_processor_seconds(vm) - processor);
		pthread_mutex_unlock(&run->lock);
		visit_free(&visit);
		if (result)
			return -1;
	}
	return 0;
}

static void keep_line(void *context, int stream, const char *line)
{
	(void)stream;
	snprintf(context, 256, "%s", line);
}

/*
 * The framework is loaded before anything is measured, so that it is the same guest for every
 * configuration. Without it the others are still worth measuring; those that need it say so. Every
 * guest of ours has it, so that this is a failure, not a lack.
 */
static int load_framework(struct run *run, struct vm *vm, unsigned int boot, struct error *err)
{
	const char *const argv[] = {"insmod", "/vkernel/kmod/vkm.ko", NULL};
	char said[256] = "";
	int status;

	if (vm_exec(vm, argv, LOAD_TIMEOUT, keep_line, said, &status, err))
		return -1;
	if (status) {
		pthread_mutex_lock(&run->lock);
		progress_note(&run->progress, "boot %u: vkm.ko could not be loaded: %s", boot,
			      said);
		json_array_append_new(
			json_object_get(run->environment, "complaints"),
			json_sprintf("boot %u: vkm.ko could not be loaded: %s", boot, said));
		run->failures++;
		pthread_mutex_unlock(&run->lock);
	}
	return 0;
}

/*
 * Programs are read from the disk before anything is measured. On the instruction clock a guest
 * that waits for a busy machine's disk skips ahead: minutes pass in it, and limits with them.
 */
static int read_programs(struct vm *vm, struct error *err)
{
	static const char script[] = "cat /usr/bin/* /usr/sbin/* /usr/lib/x86_64-linux-gnu/*.so* "
				     "/vkernel/*/* >/dev/null 2>&1; :";
	const char *const argv[] = {"sh", "-c", script, NULL};
	int status;

	if (vm_exec(vm, argv, READ_TIMEOUT, NULL, NULL, &status, err))
		return error_context(err, "reading the guest's programs");
	return 0;
}

static int settle(struct vm *vm, struct error *err)
{
	const char *const argv[] = {"sleep", SETTLE, NULL};
	int status;

	if (vm_exec(vm, argv, SETTLE_TIMEOUT, NULL, NULL, &status, err))
		return error_context(err, "letting the guest settle");
	return status ? error_set(err, EXIT_ENVIRONMENT,
				  "letting the guest settle: sleep ended with status %d", status)
		      : 0;
}

static int prepare(struct run *run, struct vm *vm, unsigned int boot, struct error *err)
{
	return load_framework(run, vm, boot, err) || environment_guest(run, vm, boot, err) ||
			       read_programs(vm, err) || settle(vm, err)
		       ? -1
		       : 0;
}

/* The wait for a place among the guests of this machine is not the boot's. */
static int use(struct run *run, struct vm *vm, unsigned int boot, const struct plan *plan,
	       struct error *err)
{
	double before = vm_hello(vm)->boot_seconds;
	int64_t begin = now_ms();

	if (prepare(run, vm, boot, err))
		return -1;
	pthread_mutex_lock(&run->lock);
	duration_add(&run->durations.boots, before + seconds_since(begin),
		     vm_processor_seconds(vm));
	pthread_mutex_unlock(&run->lock);
	return visit_all(run, vm, boot, plan, err);
}

static int boot_in(struct run *run, unsigned int boot, const char *folder, const struct plan *plan,
		   struct error *err)
{
	struct accelerator_choice choice = run->choice;
	struct guest_options guest = run->options->guest;
	struct vm *vm;
	int result;

	guest.measures = true;
	guest.accelerator = accelerator_name(choice.accelerator);
	if (guest_options_boot(&guest, folder, &choice, &vm, err))
		return -1;
	result = use(run, vm, boot, plan, err);
	vm_stop(vm);
	return result;
}

int boot_make(struct run *run, unsigned int boot, struct error *err)
{
	char folder[PATH_MAX + 32], label[24];
	struct plan plan;
	int result;

	snprintf(label, sizeof(label), "boot %u", boot);
	snprintf(folder, sizeof(folder), "%s/boot-%u", run->folder, boot);
	if (mkdir(folder, 0755))
		return error_set_errno(err, EXIT_ENVIRONMENT, errno, "cannot make %s", folder);
	if (plan_boot(run, boot, &plan, err))
		return -1;
	result = boot_in(run, boot, folder, &plan, err);
	free(plan.stops);
	if (result)
		return error_context(err, "boot %u", boot);
	pthread_mutex_lock(&run->lock);
	result = console_keep(run, label, folder, err) || environment_save(run, err) ? -1 : 0;
	pthread_mutex_unlock(&run->lock);
	return result;
}
