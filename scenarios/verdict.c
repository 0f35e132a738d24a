// SPDX-License-Identifier: GPL-2.0
#include "scenarios/verdict.h"

#include <stdbool.h>
#include <string.h>

static const char *const names[] = {
	[VERDICT_NONE] = "none",	   [VERDICT_BLOCKED] = "BLOCKED",
	[VERDICT_VIRTUAL] = "VIRTUAL",	   [VERDICT_LEAKED] = "LEAKED",
	[VERDICT_UNREACHED] = "UNREACHED", [VERDICT_BROKEN] = "BROKEN",
};

const char *verdict_name(enum verdict verdict)
{
	return names[verdict];
}

enum verdict verdict_find(const char *name)
{
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (!strcmp(names[i], name))
			return i;
	return VERDICT_NONE;
}

static size_t count(const struct tries *tries, enum outcome outcome)
{
	size_t result = 0;

	for (size_t i = 0; i < tries->count; i++)
		result += tries->list[i].outcome == outcome;
	return result;
}

enum verdict verdict_of_control(const struct tries *control)
{
	if (count(control, OUTCOME_BROKEN) || count(control, OUTCOME_FAILS))
		return VERDICT_BROKEN;
	if (count(control, OUTCOME_REACHED))
		return VERDICT_LEAKED;
	if (count(control, OUTCOME_MISSING) && !count(control, OUTCOME_REFUSED))
		return VERDICT_UNREACHED;
	return VERDICT_BROKEN;
}

/* Did what the control made work not work, or was it not even tried? */
static bool spoils(const struct tries *own, const struct try *control)
{
	const struct try *same = tries_find(own, control->name);

	if (!same)
		return true;
	return control->outcome == OUTCOME_WORKS && same->outcome != OUTCOME_WORKS;
}

static bool fails_where_control_works(const struct tries *control, const struct tries *own)
{
	for (size_t i = 0; i < control->count; i++)
		if (spoils(own, &control->list[i]))
			return true;
	return count(own, OUTCOME_BROKEN);
}

enum verdict verdict_judge(const struct tries *control, const struct tries *own)
{
	enum verdict unconfined = verdict_of_control(control);

	if (unconfined != VERDICT_LEAKED)
		return unconfined;
	if (fails_where_control_works(control, own))
		return VERDICT_BROKEN;
	if (count(own, OUTCOME_REACHED))
		return VERDICT_LEAKED;
	return count(own, OUTCOME_PRIVATE) ? VERDICT_VIRTUAL : VERDICT_BLOCKED;
}

static void note(json_t *list, const struct try *one)
{
	json_array_append_new(list, json_sprintf("%s: %s", one->name, one->detail));
}

static bool refused(const struct try *one)
{
	return one->outcome == OUTCOME_REFUSED || one->outcome == OUTCOME_MISSING;
}

struct evidence {
	json_t *reached, *private, *failed, *untold;
	json_t *refusals; /* detail: how many tries */
	int refused, works, absent;
};

static void add_refusal(struct evidence *evidence, const char *detail)
{
	json_int_t before = json_integer_value(json_object_get(evidence->refusals, detail));

	json_object_set_new(evidence->refusals, detail, json_integer(before + 1));
	evidence->refused++;
}

static void weigh(struct evidence *evidence, const struct try *one, const struct try *control)
{
	bool had_to_work = control && control->outcome == OUTCOME_WORKS;

	if (one->outcome == OUTCOME_WORKS)
		evidence->works++;
	else if (had_to_work || one->outcome == OUTCOME_FAILS || one->outcome == OUTCOME_BROKEN)
		note(evidence->failed, one);
	else if (one->outcome == OUTCOME_REACHED)
		note(evidence->reached, one);
	else if (one->outcome == OUTCOME_PRIVATE)
		note(evidence->private, one);
	else if (control && control->outcome == OUTCOME_MISSING)
		evidence->absent++;
	else if (control && refused(control))
		note(evidence->untold, one);
	else
		add_refusal(evidence, one->detail);
}

json_t *verdict_evidence(const struct tries *control, const struct tries *own)
{
	struct evidence found = {.reached = json_array(),
				 .private = json_array(),
				 .failed = json_array(),
				 .untold = json_array(),
				 .refusals = json_object()};

	for (size_t i = 0; i < own->count; i++)
		weigh(&found, &own->list[i], tries_find(control, own->list[i].name));
	for (size_t i = 0; i < control->count; i++)
		if (!tries_find(own, control->list[i].name))
			json_array_append_new(found.failed, json_sprintf("%s: was not tried",
									 control->list[i].name));
	return json_pack("{s:o, s:o, s:o, s:o, s:i, s:o, s:i, s:i}", "reached", found.reached,
			 "private", found.private, "failed", found.failed, "untold", found.untold,
			 "refused", found.refused, "refusals", found.refusals, "works", found.works,
			 "absent", found.absent);
}
