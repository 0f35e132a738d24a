// SPDX-License-Identifier: GPL-2.0
#include "harness/profile/profile.h"

#include <stdlib.h>
#include <string.h>

static json_t *shares_to_json(const struct profile *profile)
{
	json_t *array = json_array();

	for (size_t i = 0; i < profile->share_count; i++) {
		const struct share *share = &profile->shares[i];

		json_array_append_new(array, json_pack("{s:s, s:s, s:I}", "image", share->image,
						       "symbol", share->symbol, "instructions",
						       (json_int_t)share->instructions));
	}
	return array;
}

static json_t *stacks_to_json(const struct profile *profile)
{
	json_t *array = json_array();

	for (size_t i = 0; i < profile->stack_count; i++)
		json_array_append_new(array,
				      json_pack("[s, I]", profile->stacks[i].frames,
						(json_int_t)profile->stacks[i].instructions));
	return array;
}

json_t *profile_to_json(const struct profile *profile)
{
	return json_pack("{s:i, s:s, s:i, s:s, s:s, s:s, s:f, s:f, s:I, s:o, s:o}", "schema",
			 PROFILE_SCHEMA, "run", profile->run, "boot", (int)profile->boot,
			 "workload", profile->workload, "configuration", profile->configuration,
			 "scope", profile->scope, "operations", profile->operations, "elapsed_ns",
			 profile->elapsed_ns, "instructions", (json_int_t)profile->instructions,
			 "symbols", shares_to_json(profile), "stacks", stacks_to_json(profile));
}

static int no_memory(struct error *err)
{
	return error_set(err, EXIT_ENVIRONMENT, "no memory for an attribution");
}

static int take_shares(const json_t *array, struct profile *profile, struct error *err)
{
	size_t count = json_array_size(array);

	profile->shares = calloc(count + 1, sizeof(*profile->shares));
	if (!profile->shares)
		return no_memory(err);
	for (size_t i = 0; i < count; i++) {
		struct share *share = &profile->shares[i];
		const char *image, *symbol;
		json_int_t instructions;

		if (json_unpack(json_array_get(array, i), "{s:s, s:s, s:I}", "image", &image,
				"symbol", &symbol, "instructions", &instructions) ||
		    instructions < 0)
			return error_set(err, EXIT_USAGE, "symbol %zu is malformed", i + 1);
		profile->share_count++;
		share->image = strdup(image);
		share->symbol = strdup(symbol);
		share->instructions = instructions;
		if (!share->image || !share->symbol)
			return no_memory(err);
	}
	return 0;
}

static int take_stacks(const json_t *array, struct profile *profile, struct error *err)
{
	size_t count = json_array_size(array);

	profile->stacks = calloc(count + 1, sizeof(*profile->stacks));
	if (!profile->stacks)
		return no_memory(err);
	for (size_t i = 0; i < count; i++) {
		const char *frames;
		json_int_t instructions;

		if (json_unpack(json_array_get(array, i), "[s, I]", &frames, &instructions) ||
		    instructions < 0)
			return error_set(err, EXIT_USAGE, "stack %zu is malformed", i + 1);
		profile->stacks[i].frames = strdup(frames);
		profile->stacks[i].instructions = instructions;
		profile->stack_count++;
		if (!profile->stacks[i].frames)
			return no_memory(err);
	}
	return 0;
}

static int take_head(const json_t *object, struct profile *profile, struct error *err)
{
	const char *run, *workload, *configuration, *scope = "";
	json_int_t instructions = 0;
	double elapsed = 0;
	int schema, boot;

	if (json_unpack((json_t *)object, "{s:i, s:s, s:i, s:s, s:s, s?s, s:F, s?F, s?I}", "schema",
			&schema, "run", &run, "boot", &boot, "workload", &workload, "configuration",
			&configuration, "scope", &scope, "operations", &profile->operations,
			"elapsed_ns", &elapsed, "instructions", &instructions))
		return error_set(err, EXIT_USAGE, "it is no attribution");
	if (schema != PROFILE_SCHEMA)
		return error_set(err, EXIT_USAGE, "schema %d is not known, only %d", schema,
				 PROFILE_SCHEMA);
	if (!(profile->operations > 0))
		return error_set(err, EXIT_USAGE, "it is of no operations");
	profile->run = strdup(run);
	profile->workload = strdup(workload);
	profile->configuration = strdup(configuration);
	profile->boot = boot;
	profile->elapsed_ns = elapsed;
	profile->instructions = instructions;
	snprintf(profile->scope, sizeof(profile->scope), "%s", scope);
	return profile->run && profile->workload && profile->configuration ? 0 : no_memory(err);
}

int profile_from_json(const json_t *object, struct profile *profile, struct error *err)
{
	memset(profile, 0, sizeof(*profile));
	if (!take_head(object, profile, err) &&
	    !take_shares(json_object_get(object, "symbols"), profile, err) &&
	    !take_stacks(json_object_get(object, "stacks"), profile, err))
		return 0;
	profile_clear(profile);
	return -1;
}

void profile_clear(struct profile *profile)
{
	for (size_t i = 0; i < profile->share_count; i++) {
		free(profile->shares[i].image);
		free(profile->shares[i].symbol);
	}
	for (size_t i = 0; i < profile->stack_count; i++)
		free(profile->stacks[i].frames);
	free(profile->shares);
	free(profile->stacks);
	free(profile->run);
	free(profile->workload);
	free(profile->configuration);
	*profile = (struct profile){0};
}
