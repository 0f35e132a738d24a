// SPDX-License-Identifier: GPL-2.0
/* A history as history.json, and as tables for a terminal. */
#include <string.h>

#include "harness/history/history.h"

static json_t *nights_json(const struct group *group)
{
	json_t *nights = json_array();

	for (size_t i = 0; i < group->nights_count; i++) {
		const struct night *night = group->nights[i];
		const struct night *before = i ? group->nights[i - 1] : NULL;

		json_array_append_new(
			nights, json_pack("{s:s, s:s, s:s?, s:b, s:s, s:o}", "run", night->run,
					  "started", night->started, "commit", night->commit,
					  "dirty", night->dirty, "folder", night->folder, "changed",
					  before ? night_differences(before->environment,
								     night->environment)
						 : json_array()));
	}
	return nights;
}

static json_t *shift_json(const struct history *history, const struct group *group,
			  const struct track *track, const struct shift *shift)
{
	const struct night *since = group->nights[track->nights[shift->at]];
	const struct night *last = shift->at ? group->nights[track->nights[shift->at - 1]] : NULL;

	return json_pack("{s:s, s:i, s:s, s:s?, s:s?, s:f, s:f, s:f, s:f, s:f, s:f, s:s}", "kind",
			 shift_kind_name(shift->kind), "night", (int)track->nights[shift->at],
			 "run", since->run, "commit", since->commit, "last_commit_before",
			 last ? last->commit : NULL, "p", shift->p, "before", shift->before,
			 "after", shift->after, "ratio", shift->ratio, "low", shift->low, "high",
			 shift->high, "verdict",
			 shift_verdict_name(history_verdict(history, track, shift)));
}

static json_t *track_json(const struct history *history, const struct group *group,
			  const struct track *track)
{
	json_t *points = json_array(), *shifts = json_array();

	for (size_t i = 0; i < track->series.n; i++)
		json_array_append_new(points,
				      json_pack("[i, f]", (int)track->nights[i], track->values[i]));
	for (size_t i = 0; i < track->series.count; i++)
		json_array_append_new(shifts,
				      shift_json(history, group, track, &track->series.shifts[i]));
	return json_pack(
		"{s:s, s:s, s:s, s:s, s:s, s:b, s:f, s:o, s:o}", "workload", track->workload,
		"configuration", track->configuration, "metric", track->metric, "unit", track->unit,
		"better", track->better == BETTER_LOWER ? "lower" : "higher", "headline",
		track->headline, "p", track->series.p, "points", points, "changes", shifts);
}

static json_t *group_json(const struct history *history, const struct group *group)
{
	json_t *figures = json_array();

	for (size_t i = 0; i < group->count; i++)
		json_array_append_new(figures, track_json(history, group, &group->tracks[i]));
	return json_pack("{s:s, s:s, s:s, s:o, s:o}", "clock", group->clock, "kernel",
			 group->kernel, "machine", group->machine, "nights", nights_json(group),
			 "figures", figures);
}

json_t *history_json(const struct history *history)
{
	json_t *groups = json_array();

	for (size_t i = 0; i < history->count; i++)
		json_array_append_new(groups, group_json(history, &history->groups[i]));
	return json_pack("{s:i, s:f, s:f, s:o, s:O}", "schema", HISTORY_SCHEMA, "minimum_effect",
			 history->minimum_effect, "false_discovery_rate", HISTORY_RATE, "groups",
			 groups, "left_out", history->nights.left_out);
}

/* A summary.json may hold anything; a terminal gets text. */
static void print_name(FILE *out, const char *name, int width)
{
	print_plain(out, name);
	fprintf(out, "%*s ", width - (int)strlen(name) > 0 ? width - (int)strlen(name) : 0, "");
}

static void print_shift(const struct history *history, const struct group *group,
			const struct track *track, const struct shift *shift, FILE *out)
{
	const struct night *since = group->nights[track->nights[shift->at]];
	char commit[8];

	snprintf(commit, sizeof(commit), "%s", since->commit ? since->commit : "unknown");
	print_name(out, track->workload, 22);
	print_name(out, track->configuration, 18);
	print_name(out, track->metric, 16);
	fprintf(out, "%-5s %+7.2f %%  [%+.2f, %+.2f]  ", shift_kind_name(shift->kind),
		100 * (shift->ratio - 1), 100 * (shift->low - 1), 100 * (shift->high - 1));
	print_name(out, commit, 12);
	print_name(out, since->run, 22);
	fprintf(out, "%s\n", shift_verdict_name(history_verdict(history, track, shift)));
}

/* No change is no news where none could be told. */
static void print_reach(const struct group *group, FILE *out)
{
	size_t needed = shifts_nights(group->headlines, HISTORY_RATE);

	if (group->nights_count < needed)
		fprintf(out,
			"So few nights cannot tell a change of one headline in %zu, however large: "
			"that takes %zu.\n",
			group->headlines, needed);
}

static void print_group(const struct history *history, const struct group *group, FILE *out)
{
	size_t changes = 0;

	fputs("kernel ", out);
	print_plain(out, group->kernel);
	fputs(", clock ", out);
	print_plain(out, group->clock);
	fputs(", ", out);
	print_plain(out, group->machine);
	fputc('\n', out);
	for (size_t i = 0; i < group->count; i++)
		changes += group->tracks[i].series.count;
	fprintf(out, "%zu nights, %zu figures, %zu changes\n", group->nights_count, group->count,
		changes);
	print_reach(group, out);
	if (changes)
		fprintf(out, "\n%-22s %-18s %-16s %-5s %10s  %-16s  %-12s %-22s %s\n", "workload",
			"configuration", "figure", "kind", "change", "95 % interval",
			"since commit", "run", "verdict");
	for (size_t i = 0; i < group->count; i++)
		for (size_t s = 0; s < group->tracks[i].series.count; s++)
			print_shift(history, group, &group->tracks[i],
				    &group->tracks[i].series.shifts[s], out);
	fputc('\n', out);
}

void history_print(const struct history *history, FILE *out)
{
	json_t *row;
	size_t i;

	for (size_t g = 0; g < history->count; g++)
		print_group(history, &history->groups[g], out);
	json_array_foreach(history->nights.left_out, i, row) {
		fprintf(out, "left out: ");
		print_plain(out, json_string_value(json_object_get(row, "folder")));
		fprintf(out, ": ");
		print_plain(out, json_string_value(json_object_get(row, "reason")));
		fputc('\n', out);
	}
}
