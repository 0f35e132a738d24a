// SPDX-License-Identifier: GPL-2.0
#include "harness/nightly/figures.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "harness/compare.h"
#include "harness/history/history.h"
#include "harness/jsonfile.h"
#include "harness/nightly/attribution.h"
#include "harness/nightly/baseline.h"
#include "lib/cleanup.h"
#include "lib/scratch.h"

/* A run under judgement and what it is held against. */
struct judgement {
	const struct figures_options *options;
	const char *kernel, *folder;
	json_t *environment; /* of the run */
	const char *clock;
	struct history history;
	const struct group *group; /* the run's, or NULL */
	size_t night;		   /* the run's place in it */
	char *baseline_commit, *baseline_started;
	struct findings *findings;
};

static const char *text_of(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

static bool is_headline(const struct judgement *judgement, const char *name, const char *metric)
{
	const struct workload *workload = workload_find(name);
	enum clock clock = strcmp(judgement->clock, "wall") ? CLOCK_INSTRUCTIONS : CLOCK_WALL;
	const struct metric *headline = workload ? workload_headline(workload, clock) : NULL;

	return headline && !strcmp(headline->name, metric);
}

static bool is_known(const struct findings *findings, enum finding_kind kind, const char *kernel,
		     const char *workload, const char *configuration, const char *metric)
{
	size_t length = strlen(metric);

	for (size_t i = 0; i < findings->count; i++) {
		const struct finding *row = &findings->rows[i];

		if (row->kind == kind && !strcmp(row->kernel, kernel) &&
		    !strcmp(row->workload, workload) &&
		    !strcmp(row->configuration, configuration) &&
		    !strncmp(row->what, metric, length) && row->what[length] == ':')
			return true;
	}
	return false;
}

static bool is_worse(const struct track *track, double value, double reference, double effect)
{
	double ratio = value / reference;

	return track->better == BETTER_LOWER ? ratio >= 1 + effect : ratio <= 1 / (1 + effect);
}

/* The first of the nights that in a row, until the last, are worse than reference. */
static size_t first_bad(const struct track *track, double reference, double effect)
{
	size_t at = track->series.n;

	while (at && is_worse(track, track->values[at - 1], reference, effect / 2))
		at--;
	return at;
}

static void print_commit(FILE *out, const char *commit, bool dirty)
{
	fprintf(out, "%.7s%s", commit ? commit : "unknown", dirty ? "+" : "");
}

/* What else is another than in the night before; modules follow from the commit. */
static void print_differences(FILE *out, const struct night *before, const struct night *after)
{
	json_t *names = night_differences(before->environment, after->environment);
	unsigned int told = 0;
	json_t *name;
	size_t i;

	json_array_foreach(names, i, name) {
		const char *text = json_string_value(name);

		if (strstr(text, ".ko") || told == 3)
			continue;
		fprintf(out, "%s%s", told++ ? ", " : "; other ", text);
	}
	json_decref(names);
}

/* "GOOD..BAD" around the value at of track. The caller owns it. */
static char *since_words(const struct judgement *judgement, const struct track *track, size_t at)
{
	const struct night *bad = judgement->group->nights[track->nights[at]];
	const struct night *good = at ? judgement->group->nights[track->nights[at - 1]] : NULL;
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	if (good && good->commit && bad->commit && !strcmp(good->commit, bad->commit)) {
		print_commit(out, bad->commit, bad->dirty);
		fputs(", no commit between", out);
	} else {
		if (good)
			print_commit(out, good->commit, good->dirty);
		else
			fprintf(out, "%.7s",
				judgement->baseline_commit ? judgement->baseline_commit : "");
		fputs("..", out);
		print_commit(out, bad->commit, bad->dirty);
	}
	if (good)
		print_differences(out, good, bad);
	return fclose(out) ? NULL : text;
}

/* Fills since and where of a row whose figure was reference before. */
static void explain(const struct judgement *judgement, struct finding *row, const char *metric,
		    double reference)
{
	const struct track *track =
		judgement->group
			? history_track(judgement->group, row->workload, row->configuration, metric)
			: NULL;
	const char *before = NULL;
	size_t at;

	if (track && track->series.n) {
		at = first_bad(track, reference, judgement->options->minimum_effect);
		if (at == track->series.n)
			at--;
		if (at)
			before = judgement->group->nights[track->nights[at - 1]]->folder;
		finding_set(&row->since, since_words(judgement, track, at));
	}
	finding_set(&row->where, attribution_where(before, judgement->folder, row->workload,
						   row->configuration));
}

static void add_row(const struct judgement *judgement, const struct comparison_row *from,
		    enum finding_kind kind, const char *than)
{
	struct finding *row;
	char what[512];

	if (is_known(judgement->findings, kind, judgement->kernel, from->workload,
		     from->configuration, from->metric))
		return;
	snprintf(what, sizeof(what), "%s: %.6g to %.6g %s, %s", from->metric, from->a.median,
		 from->b.median, from->unit, than);
	row = finding_add(judgement->findings, kind, judgement->kernel, from->workload,
			  from->configuration, what);
	if (!row)
		return;
	row->measured = from->ratio.n > 0;
	row->spread = from->ratio.spread;
	row->ratio = from->ratio.median;
	row->low = from->ratio.low;
	row->high = from->ratio.high;
	if (kind != FINDING_BETTER)
		explain(judgement, row, from->metric, from->a.median);
}

/*
 * Of so many headlines together none may be told wrongly with more than the given chance
 * (Bonferroni's).
 */
static bool is_beyond_chance(const struct comparison_row *row, size_t headlines, double chance)
{
	return row->chance * (double)headlines <= chance;
}

static size_t count_headlines(const struct judgement *judgement,
			      const struct comparison *comparison)
{
	size_t count = 0;

	for (size_t i = 0; i < comparison->count; i++)
		count += comparison->rows[i].ratio.spread &&
			 is_headline(judgement, comparison->rows[i].workload,
				     comparison->rows[i].metric);
	return count ? count : 1;
}

static void judge_rows(const struct judgement *judgement, const struct comparison *comparison,
		       const char *than)
{
	size_t headlines = count_headlines(judgement, comparison);

	for (size_t i = 0; i < comparison->count; i++) {
		const struct comparison_row *row = &comparison->rows[i];
		bool sure = (row->verdict == CHANGE_SLOWER || row->verdict == CHANGE_FASTER) &&
			    is_headline(judgement, row->workload, row->metric) &&
			    is_beyond_chance(row, headlines, judgement->options->chance);

		if (row->verdict == CHANGE_SLOWER)
			add_row(judgement, row, sure ? FINDING_REGRESSION : FINDING_SUSPECT, than);
		else if (sure)
			add_row(judgement, row, FINDING_BETTER, than);
	}
}

static void add_note(const struct judgement *judgement, enum finding_kind kind, const char *what)
{
	finding_add(judgement->findings, kind, judgement->kernel, "bench", "", what);
}

static void add_gone(const struct judgement *judgement, const json_t *figure, const char *than)
{
	const char *workload = text_of(figure, "workload"), *metric = text_of(figure, "metric");
	const char *configuration = text_of(figure, "configuration");
	char what[512];

	if (is_known(judgement->findings, FINDING_MISSING, judgement->kernel, workload,
		     configuration, metric))
		return;
	snprintf(what, sizeof(what), "%s: no figure any more, %s: %s", metric, than,
		 text_of(figure, "reason"));
	finding_add(judgement->findings, FINDING_MISSING, judgement->kernel, workload,
		    configuration, what);
}

/* What was measured and is not any more got neither better nor worse, and is not good. */
static void judge_gone(const struct judgement *judgement, const struct comparison *comparison,
		       const char *than)
{
	size_t unasked = 0, i;
	json_t *each;
	char what[128];

	json_array_foreach(comparison->gone, i, each) {
		if (!is_headline(judgement, text_of(each, "workload"), text_of(each, "metric")))
			continue;
		if (text_of(each, "reason"))
			add_gone(judgement, each, than);
		else
			unasked++;
	}
	snprintf(what, sizeof(what), "not compared %s: %zu headlines that this run did not visit",
		 than, unasked);
	if (unasked)
		add_note(judgement, FINDING_NOTE, what);
}

/* What nobody measured before can get worse unseen until it is in what is compared with. */
static void judge_added(const struct judgement *judgement, const struct comparison *comparison,
			const char *than)
{
	size_t count = 0, i;
	json_t *each;
	char what[128];

	json_array_foreach(comparison->added, i, each)
		count += is_headline(judgement, text_of(each, "workload"), text_of(each, "metric"));
	snprintf(what, sizeof(what), "not compared %s: %zu headlines that it does not have", than,
		 count);
	if (count)
		add_note(judgement, FINDING_NOTE, what);
}

/* A comparison that is refused is told of, and the night goes on; nothing else is survived. */
static int judge_against(const struct judgement *judgement, const char *folder, const char *than,
			 struct error *err)
{
	struct comparison comparison;
	autofree char *what = NULL;

	if (!comparison_make(folder, judgement->folder, judgement->options->minimum_effect,
			     &comparison, err)) {
		judge_rows(judgement, &comparison, than);
		judge_gone(judgement, &comparison, than);
		judge_added(judgement, &comparison, than);
		comparison_free(&comparison);
		return 0;
	}
	if (err->status != EXIT_USAGE)
		return -1;
	if (asprintf(&what, "not compared %s: %s", than, err->text) < 0)
		return error_set(err, EXIT_ENVIRONMENT, "no memory for a note");
	add_note(judgement, FINDING_NOTE, what);
	return 0;
}

static int remember_baseline(struct judgement *judgement, const char *folder, struct error *err)
{
	json_t *environment = jsonfile_read(folder, "env.json", err);
	const char *commit = text_of(environment, "commit");
	const char *started = text_of(environment, "started");

	judgement->baseline_commit = commit ? strdup(commit) : NULL;
	judgement->baseline_started = started ? strdup(started) : NULL;
	json_decref(environment);
	return environment ? 0 : -1;
}

static int judge_baseline(struct judgement *judgement, struct error *err)
{
	autofree char *what = NULL;
	char folder[PATH_MAX];
	int result = baseline_open(judgement->options->baselines, judgement->kernel,
				   judgement->clock, folder, err);

	if (result > 0) {
		result = remember_baseline(judgement, folder, err);
		if (!result)
			result = judge_against(judgement, folder, "against the baseline", err);
		scratch_remove(folder);
		return result;
	}
	if (result < 0 && err->status != EXIT_USAGE)
		return -1;
	if (result < 0 ? asprintf(&what, "not compared with the baseline: %s", err->text) < 0
		       : asprintf(&what,
				  "there is no baseline of this kernel on the clock %s; make "
				  "baseline KERNEL=%s writes one",
				  judgement->clock, judgement->kernel) < 0)
		return error_set(err, EXIT_ENVIRONMENT, "no memory for a note");
	/* One that is damaged was there to be compared with. */
	add_note(judgement, result < 0 ? FINDING_MISSING : FINDING_NOTE, what);
	return 0;
}

/* Changes that the baseline already knows were accepted with it. */
static bool is_new(const struct judgement *judgement, const struct track *track,
		   const struct shift *shift)
{
	const struct night *since = judgement->group->nights[track->nights[shift->at]];

	/* Where a drift began is not told, but how far it has gone: the baseline says if too far. */
	return !judgement->baseline_started ||
	       (shift->kind == SHIFT_STEP &&
		strcmp(since->started, judgement->baseline_started) > 0);
}

static void add_shift(const struct judgement *judgement, const struct track *track,
		      const struct shift *shift)
{
	struct finding *row;
	char what[512];

	if (is_known(judgement->findings, FINDING_REGRESSION, judgement->kernel, track->workload,
		     track->configuration, track->metric))
		return;
	snprintf(what, sizeof(what), "%s: %.6g to %.6g %s, a %s over %zu nights", track->metric,
		 shift->before, shift->after, track->unit, shift_kind_name(shift->kind),
		 track->series.n);
	row = finding_add(judgement->findings, FINDING_REGRESSION, judgement->kernel,
			  track->workload, track->configuration, what);
	if (!row)
		return;
	row->measured = row->spread = true;
	row->ratio = shift->ratio;
	row->low = shift->low;
	row->high = shift->high;
	finding_set(&row->since, since_words(judgement, track, shift->at));
	finding_set(&row->where, attribution_where(NULL, judgement->folder, track->workload,
						   track->configuration));
}

/* Only a figure that this night has, and only the level that it is on now. */
static void judge_history(const struct judgement *judgement)
{
	const struct group *group = judgement->group;

	for (size_t i = 0; i < group->headlines; i++) {
		const struct track *track = &group->tracks[i];
		const struct shift *last;

		if (!track->series.count || track->nights[track->series.n - 1] != judgement->night)
			continue;
		last = &track->series.shifts[track->series.count - 1];
		if (history_verdict(&judgement->history, track, last) == SHIFT_WORSE &&
		    is_new(judgement, track, last))
			add_shift(judgement, track, last);
	}
}

/* Whether two runs lie in one folder. */
static bool same_place(const char *one, const char *other)
{
	autofree char *above = NULL, *its = NULL;
	struct stat place, its_place;

	if (asprintf(&above, "%s/..", one) < 0 || asprintf(&its, "%s/..", other) < 0)
		return false;
	return !stat(above, &place) && !stat(its, &its_place) && place.st_dev == its_place.st_dev &&
	       place.st_ino == its_place.st_ino;
}

/* The last one that lies beside the run: what somebody measured by day may be a workload or two. */
static const struct night *night_before(const struct judgement *judgement)
{
	const struct night *const *nights = judgement->group->nights;

	for (size_t i = judgement->night; i--;)
		if (same_place(nights[i]->folder, judgement->folder))
			return nights[i];
	return judgement->night ? nights[judgement->night - 1] : NULL;
}

static int judge_nights(struct judgement *judgement, struct error *err)
{
	const struct night *before = judgement->group ? night_before(judgement) : NULL;

	if (!judgement->group) {
		add_note(judgement, FINDING_NOTE,
			 "not compared with the nights before: the run is not among those of the "
			 "results");
		return 0;
	}
	if (before && judge_against(judgement, before->folder, "against the night before", err))
		return -1;
	judge_history(judgement);
	return 0;
}

/* Of the run's group the nights up to the run: what came later is not its past. */
static int read_history(struct judgement *judgement, struct error *err)
{
	const char *kernel = text_of(judgement->environment, "kernel");
	const char *run = text_of(judgement->environment, "run");
	autofree char *machine = night_machine(judgement->environment);
	const struct history_options wanted = {
		.kernel = kernel,
		.clock = judgement->clock,
		.until = text_of(judgement->environment, "started"),
		.minimum_effect = judgement->options->minimum_effect,
	};

	if (!kernel || !run || !machine)
		return error_set(err, EXIT_USAGE, "%s/env.json names no run or kernel",
				 judgement->folder);
	if (history_make(judgement->options->results, &wanted, &judgement->history, err))
		return -1;
	judgement->group = history_group(&judgement->history, judgement->clock, kernel, machine);
	if (!judgement->group)
		return 0;
	judgement->night = judgement->group->nights_count;
	/* The run itself is the last, or beside one of the same second. */
	while (judgement->night)
		if (!strcmp(judgement->group->nights[--judgement->night]->run, run))
			return 0;
	judgement->group = NULL;
	return 0;
}

static int judge(struct judgement *judgement, char **commit, struct error *err)
{
	const char *known = text_of(judgement->environment, "commit");

	/* What is wrong with the run is no matter of what it is compared with. */
	if (comparison_check(judgement->folder, err))
		return -1;
	judgement->clock = text_of(judgement->environment, "clock");
	if (!judgement->clock)
		return error_set(err, EXIT_USAGE, "%s/env.json names no clock", judgement->folder);
	if (known && !*commit)
		*commit = strdup(known);
	return read_history(judgement, err) || judge_baseline(judgement, err) ||
			       judge_nights(judgement, err)
		       ? -1
		       : 0;
}

int figures_judge(const struct figures_options *options, const char *kernel, const char *folder,
		  struct findings *findings, char **commit, struct error *err)
{
	struct judgement judgement = {
		.options = options,
		.kernel = kernel,
		.folder = folder,
		.environment = jsonfile_read(folder, "env.json", err),
		.findings = findings,
	};
	int result;

	if (!judgement.environment)
		return -1;
	result = judge(&judgement, commit, err);
	history_free(&judgement.history);
	json_decref(judgement.environment);
	free(judgement.baseline_commit);
	free(judgement.baseline_started);
	return result;
}
