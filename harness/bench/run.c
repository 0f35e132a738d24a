// SPDX-License-Identifier: GPL-2.0
#include "harness/bench/run.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "harness/bench/attack.h"
#include "harness/bench/environment.h"
#include "harness/channel.h"
#include "harness/interrupt.h"
#include "harness/jsonfile.h"
#include "harness/report/report.h"
#include "lib/scratch.h"
#include "lib/cleanup.h"

/* The instruction clock does not mind a neighbour on the host; wall time does. */
#define PARALLEL_INSTRUCTIONS 2
#define PARALLEL_WALL	      1

/* Makes <results>/<name>.partial for a name that no run has. */
static int make_folder(struct run *run, struct error *err)
{
	const char *results = run->options->results;
	char stamp[32], final[PATH_MAX];
	time_t now = time(NULL);
	struct tm parts;

	if (mkdir(results, 0755) && errno != EEXIST)
		return error_set_errno(err, EXIT_ENVIRONMENT, errno, "cannot make %s", results);
	strftime(stamp, sizeof(stamp), "%Y-%m-%dT%H-%M-%SZ", gmtime_r(&now, &parts));
	for (int i = 1; i < 100; i++) {
		snprintf(run->name, sizeof(run->name), i > 1 ? "%s.%d" : "%s", stamp, i);
		if (snprintf(final, sizeof(final), "%s/%s", results, run->name) >= PATH_MAX - 16)
			return error_set(err, EXIT_USAGE, "path too long: %.500s", results);
		snprintf(run->folder, sizeof(run->folder), "%s/%s.partial", results, run->name);
		if (access(final, F_OK) && !mkdir(run->folder, 0755))
			return 0;
		if (errno != EEXIST && errno != ENOENT)
			return error_set_errno(err, EXIT_ENVIRONMENT, errno, "cannot make %s",
					       run->folder);
	}
	return error_set(err, EXIT_ENVIRONMENT, "cannot find a name for a run in %s", results);
}

static FILE *open_raw(const struct run *run, const char *name, struct error *err)
{
	char path[PATH_MAX + 32];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", run->folder, name);
	file = fopen(path, "ae");
	if (!file)
		error_set_errno(err, EXIT_ENVIRONMENT, errno, "cannot make %s", path);
	return file;
}

static int open_files(struct run *run, struct error *err)
{
	run->samples = open_raw(run, "samples.jsonl", err);
	run->missing = run->samples ? open_raw(run, "missing.jsonl", err) : NULL;
	run->histograms = run->missing ? open_raw(run, "histograms.jsonl", err) : NULL;
	run->calls = run->histograms ? open_raw(run, "syscalls.jsonl", err) : NULL;
	run->console = run->calls ? open_raw(run, "console.log", err) : NULL;
	return run->console ? 0 : -1;
}

static unsigned int boots_of(const struct run *run)
{
	return shard_boots(&run->options->shard, run->options->boots);
}

unsigned int run_repeat(const struct run *run)
{
	return run->clock == CLOCK_WALL ? run->options->repeat : 1;
}

int plan_boot(const struct run *run, unsigned int boot, struct plan *plan, struct error *err)
{
	const struct run_options *options = run->options;

	if (plan_make(&options->selection, run->clock, options->rounds,
		      plan_seed(options->seed, boot), plan, err))
		return -1;
	if (!options->selection.quick)
		plan_thin(plan, boot, options->boots);
	return 0;
}

/* Whether a boot would end in time, by how long visits have taken; with the lock held. */
static bool fits(const struct run *run, unsigned int boot)
{
	double used = (double)(now_ms() - run->begin) / 1000, more;
	struct error ignored;
	struct plan plan;
	json_t *known;

	if (!run->options->budget || run->boots_begun < SUMMARY_BOOTS_MIN ||
	    plan_boot(run, boot, &plan, &ignored))
		return true;
	known = durations_json(&run->durations);
	more = durations_estimate(known, &plan);
	json_decref(known);
	free(plan.stops);
	return used + more <= run->options->budget;
}

/* Returns the number of the boot to make next, or 0. */
static unsigned int next_boot(struct run *run)
{
	unsigned int boot;

	pthread_mutex_lock(&run->lock);
	boot = shard_boot(&run->options->shard, run->boots_begun);
	if (!run->failed && run->boots_begun < boots_of(run) && fits(run, boot))
		run->boots_begun++;
	else
		boot = 0;
	pthread_mutex_unlock(&run->lock);
	return boot;
}

/* The first failure is the run's, and ends the boots beside it. */
static void fail(struct run *run, const struct error *err)
{
	pthread_mutex_lock(&run->lock);
	if (!run->failed) {
		run->failed = true;
		run->err = *err;
		vm_interrupt();
	}
	pthread_mutex_unlock(&run->lock);
}

/* One of the threads has it to do, before it boots. */
static bool takes_attack(struct run *run)
{
	bool taken;

	pthread_mutex_lock(&run->lock);
	taken = !run->attacked;
	run->attacked = true;
	pthread_mutex_unlock(&run->lock);
	return taken;
}

static void *make_boots(void *context)
{
	struct run *run = context;
	struct error err;
	unsigned int boot;

	if (takes_attack(run) && attack_make(run, &err))
		fail(run, &err);
	while ((boot = next_boot(run)))
		if (boot_make(run, boot, &err))
			fail(run, &err);
	return NULL;
}

static unsigned int parallel(const struct run *run)
{
	return run->clock == CLOCK_INSTRUCTIONS ? PARALLEL_INSTRUCTIONS : PARALLEL_WALL;
}

static int make_all_boots(struct run *run, struct error *err)
{
	unsigned int wanted = parallel(run);
	pthread_t threads[PARALLEL_INSTRUCTIONS];
	unsigned int count = 0;
	int number = 0;

	run->begin = now_ms();
	while (count < wanted && count < boots_of(run) &&
	       !(number = pthread_create(&threads[count], NULL, make_boots, run)))
		count++;
	for (unsigned int i = 0; i < count; i++)
		pthread_join(threads[i], NULL);
	if (!count)
		return error_set_errno(err, EXIT_ENVIRONMENT, number, "cannot start a thread");
	if (run->failed) {
		*err = run->err;
		return -1;
	}
	return 0;
}

/* What the last run took, from its env.json; NULL where there is none. */
static json_t *last_durations(const struct run *run)
{
	autofree char *latest = NULL;
	json_t *environment, *durations;
	struct error ignored;

	if (asprintf(&latest, "%s/latest", run->options->results) < 0) {
		latest = NULL;
		return NULL;
	}
	environment = jsonfile_read(latest, "env.json", &ignored);
	durations = json_incref(json_object_get(environment, "durations"));
	json_decref(environment);
	return durations;
}

static void tell(const struct run *run, size_t visits, double seconds)
{
	unsigned int boots = boots_of(run), wide = parallel(run) < boots ? parallel(run) : boots;

	fprintf(stderr, "vkbench: %zu visits in %u boots", visits, boots);
	if (seconds > 0)
		fprintf(stderr, "; as the last run was, %.0f minutes", seconds / wide / 60);
	if (run->options->budget)
		fprintf(stderr, "; no boot is begun that would not end within %u",
			run->options->budget / 60);
	fputc('\n', stderr);
}

/* The visits of all boots; 0 with err set where there is nothing. */
static size_t count_visits(const struct run *run, struct error *err)
{
	json_t *last = last_durations(run);
	double seconds = 0;
	size_t count = 0;

	for (unsigned int n = 0; n < boots_of(run); n++) {
		struct plan plan;

		if (plan_boot(run, shard_boot(&run->options->shard, n), &plan, err)) {
			json_decref(last);
			return 0;
		}
		count += plan.count;
		seconds += durations_estimate(last, &plan);
		free(plan.stops);
	}
	json_decref(last);
	if (count)
		tell(run, count, seconds);
	else
		error_set(err, EXIT_USAGE, "nothing to measure on the clock %s",
			  clock_name(run->clock));
	return count;
}

static int close_files(struct run *run, struct error *err)
{
	int failed = 0;

	if (run->samples)
		failed |= fsync(fileno(run->samples)) | fclose(run->samples);
	if (run->missing)
		failed |= fclose(run->missing);
	if (run->histograms)
		failed |= fclose(run->histograms);
	if (run->calls)
		failed |= fclose(run->calls);
	if (run->console)
		failed |= fclose(run->console);
	run->samples = run->missing = run->histograms = run->calls = run->console = NULL;
	return failed ? error_set_errno(err, EXIT_ENVIRONMENT, errno, "cannot write in %s",
					run->folder)
		      : 0;
}

/* Moves results/latest in one step: it leads to the last run or to this one, never nowhere. */
static int move_latest(const struct run *run, struct error *err)
{
	autofree char *link = NULL, *made = NULL;

	if (asprintf(&link, "%s/latest", run->options->results) < 0 ||
	    asprintf(&made, "%s/.latest-%s", run->options->results, run->name) < 0)
		return error_set(err, EXIT_ENVIRONMENT, "no memory for a path");
	if (symlink(run->name, made) || rename(made, link)) {
		int number = errno;

		unlink(made);
		return error_set_errno(err, EXIT_ENVIRONMENT, number, "cannot move %s", link);
	}
	return 0;
}

static int publish(struct run *run, char folder[PATH_MAX], struct error *err)
{
	snprintf(folder, PATH_MAX, "%.*s", (int)(strlen(run->folder) - strlen(".partial")),
		 run->folder);
	if (rename(run->folder, folder))
		return error_set_errno(err, EXIT_ENVIRONMENT, errno, "cannot rename %s",
				       run->folder);
	snprintf(run->folder, sizeof(run->folder), "%s", folder);
	run->published = true;
	return move_latest(run, err);
}

static int measure(struct run *run, struct error *err)
{
	size_t visits = count_visits(run, err);
	int result;

	if (!visits || environment_host(run, err) || open_files(run, err))
		return -1;
	progress_begin(&run->progress, visits);
	result = make_all_boots(run, err);
	progress_end(&run->progress);
	if (result)
		return -1;
	durations_print(&run->durations, stderr);
	/* The attacks may have ended after the last boot, or failed. */
	if (environment_save(run, err))
		return -1;
	if (!run->written)
		return error_set(err, EXIT_ENVIRONMENT,
				 "nothing could be measured; the reasons are in %s/missing.jsonl",
				 run->folder);
	return close_files(run, err) || report_make(run->folder, err) ? -1 : 0;
}

/* After an interrupt nobody asks for what there was; after a failure it helps to find the cause. */
static void leave(const struct run *run, struct error *err)
{
	size_t used = strlen(err->text);

	if (run->published)
		snprintf(err->text + used, sizeof(err->text) - used,
			 "\nThe run is complete, and lies in %s", run->folder);
	else if (err->status == EXIT_INTERRUPTED)
		scratch_remove(run->folder);
	else
		snprintf(err->text + used, sizeof(err->text) - used,
			 "\nThere is no report; what there is lies in %s", run->folder);
}

int run_make(const struct run_options *options, char folder[PATH_MAX], struct error *err)
{
	struct run run = {.options = options,
			  .lock = PTHREAD_MUTEX_INITIALIZER,
			  .attacked = !options->isolation};
	struct error ignored;
	int result;

	if (accelerator_choose(options->guest.accelerator, options->guest.kernel, &run.choice, err))
		return -1;
	run.clock = accelerator_clock(run.choice.accelerator);
	fprintf(stderr, "vkbench: accelerator %s: %s\n", accelerator_name(run.choice.accelerator),
		run.choice.reason);
	if (make_folder(&run, err))
		return -1;
	result = measure(&run, err) || publish(&run, folder, err) ? -1 : 0;
	close_files(&run, &ignored);
	json_decref(run.environment);
	if (result && !run.failed && interrupted())
		interrupt_error(err);
	if (result)
		leave(&run, err);
	return result ? -1 : run.failures > 0;
}
