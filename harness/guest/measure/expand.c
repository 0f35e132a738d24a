// SPDX-License-Identifier: GPL-2.0
#include "harness/guest/measure/expand.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct place {
	const char *name, *value;
};

static const struct place *find(const struct place *places, const char *text)
{
	for (; places->name; places++)
		if (!strncmp(text, places->name, strlen(places->name)))
			return places;
	return NULL;
}

static char *expand_one(const char *text, const struct place *places)
{
	char *result = NULL;
	size_t size;
	FILE *out = open_memstream(&result, &size);

	if (!out)
		return NULL;
	while (*text) {
		const struct place *place = find(places, text);

		if (place) {
			fputs(place->value, out);
			text += strlen(place->name);
		} else {
			fputc(*text++, out);
		}
	}
	if (fclose(out)) {
		free(result);
		return NULL;
	}
	return result;
}

char **expand(const char *const argv[], const struct expansion *values)
{
	char number[16];
	const struct place places[] = {
		{"{directory}", values->directory},
		{"{port}", number},
		{"{answer}", values->answer},
		{"{rules}", values->rules},
		{0},
	};
	size_t count = 0;
	char **copy;

	snprintf(number, sizeof(number), "%u", values->port);
	while (argv[count])
		count++;
	copy = calloc(count + 1, sizeof(*copy));
	for (size_t i = 0; copy && i < count; i++) {
		copy[i] = expand_one(argv[i], places);
		if (!copy[i]) {
			expand_free(copy);
			copy = NULL;
		}
	}
	return copy;
}

void expand_free(char **argv)
{
	for (char **each = argv; each && *each; each++)
		free(*each);
	free(argv);
}
