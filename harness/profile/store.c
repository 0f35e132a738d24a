// SPDX-License-Identifier: GPL-2.0
#include "harness/profile/store.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/cleanup.h"
#include "lib/file.h"

static int put_line(struct profiles *profiles, const char *text, struct error *err)
{
	json_error_t where;
	json_t *object = json_loads(text, 0, &where);
	struct profile profile;
	int result;

	if (!object)
		return error_set(err, EXIT_USAGE, "%s", where.text);
	result = profile_from_json(object, &profile, err);
	json_decref(object);
	if (result)
		return -1;
	if (!profiles_put(profiles, &profile, err))
		return 0;
	profile_clear(&profile);
	return -1;
}

int profiles_read(const char *path, bool may_be_missing, struct profiles *profiles,
		  struct error *err)
{
	autofclose FILE *in = fopen(path, "re");
	autofree char *line = NULL;
	unsigned int number = 0;
	size_t size = 0;

	*profiles = (struct profiles){0};
	if (!in && errno == ENOENT && may_be_missing)
		return 0;
	if (!in)
		return error_set_errno(err, EXIT_USAGE, errno, "cannot open %s", path);
	while (getline(&line, &size, in) > 0) {
		number++;
		if (put_line(profiles, line, err)) {
			profiles_clear(profiles);
			return error_context(err, "%s, line %u", path, number);
		}
	}
	if (!ferror(in))
		return 0;
	profiles_clear(profiles);
	return error_set_errno(err, EXIT_ENVIRONMENT, errno, "cannot read %s", path);
}

static struct profile *find(const struct profiles *profiles, const char *workload,
			    const char *configuration)
{
	for (size_t i = 0; i < profiles->count; i++)
		if (!strcmp(profiles->rows[i].workload, workload) &&
		    !strcmp(profiles->rows[i].configuration, configuration))
			return &profiles->rows[i];
	return NULL;
}

int profiles_put(struct profiles *profiles, struct profile *profile, struct error *err)
{
	struct profile *there = find(profiles, profile->workload, profile->configuration);
	struct profile *larger;

	if (there) {
		profile_clear(there);
		*there = *profile;
		return 0;
	}
	larger = realloc(profiles->rows, (profiles->count + 1) * sizeof(*larger));
	if (!larger)
		return error_set(err, EXIT_ENVIRONMENT, "no memory for attributions");
	profiles->rows = larger;
	larger[profiles->count++] = *profile;
	return 0;
}

int profiles_write(const char *path, const struct profiles *profiles, struct error *err)
{
	autofree char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	bool failed = !out;

	for (size_t i = 0; out && i < profiles->count; i++) {
		json_t *object = profile_to_json(&profiles->rows[i]);

		failed |=
			!object || json_dumpf(object, out, JSON_COMPACT) || fputc('\n', out) == EOF;
		json_decref(object);
	}
	if (out && fclose(out))
		failed = true;
	if (failed)
		return error_set(err, EXIT_ENVIRONMENT, "no memory for %s", path);
	return file_write(path, text, size, err);
}

const struct profile *profiles_find(const struct profiles *profiles, const char *workload,
				    const char *configuration)
{
	return find(profiles, workload, configuration);
}

void profiles_clear(struct profiles *profiles)
{
	for (size_t i = 0; i < profiles->count; i++)
		profile_clear(&profiles->rows[i]);
	free(profiles->rows);
	*profiles = (struct profiles){0};
}
