// SPDX-License-Identifier: GPL-2.0
#include "harness/guest/measure/expand.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *expand_one(const char *text, const char *directory, const char *port)
{
	char *result = NULL;
	size_t size;
	FILE *out = open_memstream(&result, &size);

	if (!out)
		return NULL;
	while (*text) {
		if (!strncmp(text, "{directory}", 11)) {
			fputs(directory, out);
			text += 11;
		} else if (!strncmp(text, "{port}", 6)) {
			fputs(port, out);
			text += 6;
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

char **expand(const char *const argv[], const char *directory, unsigned int port)
{
	char number[16];
	size_t count = 0;
	char **copy;

	snprintf(number, sizeof(number), "%u", port);
	while (argv[count])
		count++;
	copy = calloc(count + 1, sizeof(*copy));
	for (size_t i = 0; copy && i < count; i++) {
		copy[i] = expand_one(argv[i], directory, number);
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
