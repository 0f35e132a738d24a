// SPDX-License-Identifier: GPL-2.0
#include "harness/history/history.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lib/cleanup.h"

/* One more element behind an array of count; NULL: no memory, and the array is as it was. */
static void *grow(void *array, size_t count, size_t size)
{
	void **place = array;
	void *larger = realloc(*place, (count + 1) * size);

	if (!larger)
		return NULL;
	*place = larger;
	return memset((char *)larger + count * size, 0, size);
}

static bool listed(const char *list, const char *name)
{
	size_t length = strlen(name);

	for (const char *at = list; at; at = strchr(at, ',')) {
		at += *at == ',';
		if (!strncmp(at, name, length) && (!at[length] || at[length] == ','))
			return true;
	}
	return !list;
}

/* 6.12 stands for 6.12.117+deb13-amd64, and 6.1 does not. */
static bool is_kernel(const char *release, const char *wanted)
{
	size_t length = wanted ? strlen(wanted) : 0;

	return !wanted || (!strncmp(release, wanted, length) &&
			   (!release[length] || strchr(".-+", release[length])));
}

static bool is_wanted(const struct night *night, const struct history_options *options)
{
	return (!options->until || strcmp(night->started, options->until) <= 0) &&
	       is_kernel(night->kernel, options->kernel) &&
	       (!options->clock || !strcmp(night->clock, options->clock));
}

const struct group *history_group(const struct history *history, const char *clock,
				  const char *kernel, const char *machine)
{
	for (size_t i = 0; i < history->count; i++) {
		const struct group *group = &history->groups[i];

		if (!strcmp(group->clock, clock) && !strcmp(group->kernel, kernel) &&
		    !strcmp(group->machine, machine))
			return group;
	}
	return NULL;
}

static int group_night(struct history *history, const struct night *night)
{
	struct group *group =
		(struct group *)history_group(history, night->clock, night->kernel, night->machine);
	const struct night **place;

	if (!group) {
		group = grow(&history->groups, history->count, sizeof(*group));
		if (!group)
			return -1;
		history->count++;
		group->clock = night->clock;
		group->kernel = night->kernel;
		group->machine = night->machine;
	}
	place = grow(&group->nights, group->nights_count, sizeof(*place));
	if (!place)
		return -1;
	group->nights[group->nights_count++] = night;
	return 0;
}

static bool is_headline(const char *workload, const char *metric, const char *clock)
{
	const struct workload *row = workload_find(workload);
	enum clock known = strcmp(clock, "wall") ? CLOCK_INSTRUCTIONS : CLOCK_WALL;
	const struct metric *headline = row ? workload_headline(row, known) : NULL;

	return headline && !strcmp(headline->name, metric);
}

const struct track *history_track(const struct group *group, const char *workload,
				  const char *configuration, const char *metric)
{
	for (size_t i = 0; i < group->count; i++) {
		const struct track *track = &group->tracks[i];

		if (!strcmp(track->workload, workload) &&
		    !strcmp(track->configuration, configuration) && !strcmp(track->metric, metric))
			return track;
	}
	return NULL;
}

/* A figure of summary.json; false where it has no value that a ratio could be made of. */
static bool read_figure(const json_t *row, struct track *track, double *value)
{
	const char *better;

	if (json_unpack((json_t *)row, "{s:s, s:s, s:s, s:s, s:s, s:F}", "workload",
			&track->workload, "configuration", &track->configuration, "metric",
			&track->metric, "unit", &track->unit, "better", &better, "median", value))
		return false;
	track->better = strcmp(better, "higher") ? BETTER_LOWER : BETTER_HIGHER;
	return *value > 0;
}

static int add_value(struct track *track, size_t night, double value)
{
	size_t n = track->series.n;

	if (!grow(&track->nights, n, sizeof(*track->nights)) ||
	    !grow(&track->values, n, sizeof(*track->values)))
		return -1;
	track->nights[n] = night;
	track->values[n] = value;
	track->series.values = track->values;
	track->series.n++;
	return 0;
}

static int add_figure(struct group *group, size_t night, const json_t *row,
		      const struct history_options *options)
{
	struct track found = {0};
	struct track *track;
	double value;

	if (!read_figure(row, &found, &value) || !listed(options->only, found.workload) ||
	    !listed(options->config, found.configuration))
		return 0;
	track = (struct track *)history_track(group, found.workload, found.configuration,
					      found.metric);
	if (!track) {
		track = grow(&group->tracks, group->count, sizeof(*track));
		if (!track)
			return -1;
		group->count++;
		*track = found;
		track->headline = is_headline(found.workload, found.metric, group->clock);
	}
	return add_value(track, night, value);
}

static int headlines_first(const void *a, const void *b)
{
	const struct track *one = a, *other = b;

	return other->headline - one->headline;
}

/* The two families are corrected each for itself: hundreds of counters must not drown a headline. */
static int find_shifts(struct group *group)
{
	autofree struct series *all = calloc(group->count + 1, sizeof(*all));
	int result;

	if (!all)
		return -1;
	while (group->headlines < group->count && group->tracks[group->headlines].headline)
		group->headlines++;
	for (size_t i = 0; i < group->count; i++)
		all[i] = group->tracks[i].series;
	result = shifts_find(all, group->headlines, HISTORY_RATE);
	if (!result)
		result = shifts_find(all + group->headlines, group->count - group->headlines,
				     HISTORY_RATE);
	for (size_t i = 0; i < group->count; i++)
		group->tracks[i].series = all[i];
	return result;
}

static int fill_group(struct group *group, const struct history_options *options)
{
	size_t first = 0;

	if (options->nights && group->nights_count > options->nights)
		first = group->nights_count - options->nights;
	memmove(group->nights, group->nights + first,
		(group->nights_count - first) * sizeof(*group->nights));
	group->nights_count -= first;
	for (size_t night = 0; night < group->nights_count; night++) {
		const json_t *figures = json_object_get(group->nights[night]->summary, "figures");
		const json_t *row;
		size_t i;

		json_array_foreach((json_t *)figures, i, row)
			if (add_figure(group, night, row, options))
				return -1;
	}
	if (group->count)
		qsort(group->tracks, group->count, sizeof(*group->tracks), headlines_first);
	return find_shifts(group);
}

static int by_last_night(const void *a, const void *b)
{
	const struct group *one = a, *other = b;

	return strcmp(one->nights[one->nights_count - 1]->started,
		      other->nights[other->nights_count - 1]->started);
}

int history_make(const char *results, const struct history_options *options,
		 struct history *history, struct error *err)
{
	int failed = 0;

	memset(history, 0, sizeof(*history));
	history->minimum_effect = options->minimum_effect;
	if (nights_read(results, &history->nights, err)) {
		history_free(history);
		return -1;
	}
	for (size_t i = 0; i < history->nights.count && !failed; i++)
		if (is_wanted(&history->nights.rows[i], options))
			failed = group_night(history, &history->nights.rows[i]);
	for (size_t i = 0; i < history->count && !failed; i++)
		failed = fill_group(&history->groups[i], options);
	if (failed) {
		history_free(history);
		return error_set(err, EXIT_ENVIRONMENT, "no memory for the history");
	}
	if (history->count)
		qsort(history->groups, history->count, sizeof(*history->groups), by_last_night);
	return 0;
}

enum shift_verdict history_verdict(const struct history *history, const struct track *track,
				   const struct shift *shift)
{
	if (fabs(shift->ratio - 1) < history->minimum_effect)
		return SHIFT_SMALL;
	return (shift->ratio > 1) == (track->better == BETTER_LOWER) ? SHIFT_WORSE : SHIFT_BETTER;
}

const char *shift_verdict_name(enum shift_verdict verdict)
{
	static const char *const names[] = {
		[SHIFT_BETTER] = "better",
		[SHIFT_WORSE] = "worse",
		[SHIFT_SMALL] = "below minimum effect",
	};

	return names[verdict];
}

void history_free(struct history *history)
{
	for (size_t g = 0; g < history->count; g++) {
		struct group *group = &history->groups[g];

		for (size_t i = 0; i < group->count; i++) {
			shifts_free(&group->tracks[i].series, 1);
			free(group->tracks[i].nights);
			free(group->tracks[i].values);
		}
		free(group->tracks);
		free(group->nights);
	}
	free(history->groups);
	nights_free(&history->nights);
	memset(history, 0, sizeof(*history));
}
