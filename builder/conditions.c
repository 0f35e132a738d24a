// SPDX-License-Identifier: GPL-2.0
#include "builder/conditions.h"

#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#define ARCH "amd64"

struct selection {
	const json_t *caps, *arches, *minKernel;
};

static const struct field selection_fields[] = {
	{.key = "caps", .offset = offsetof(struct selection, caps), .type = JSON_ARRAY},
	{.key = "arches", .offset = offsetof(struct selection, arches), .type = JSON_ARRAY},
	{.key = "minKernel", .offset = offsetof(struct selection, minKernel), .type = JSON_STRING},
};

/* What of a selection is so for this container; the rest is not given. */
struct outcome {
	bool no_cap, all_caps, any_cap;
	bool no_arch, arch;
	bool no_kernel, kernel;
};

static int read_caps(struct reader *reader, const struct place *place, const json_t *caps,
		     struct outcome *outcome)
{
	struct place at = {.parent = place};
	json_t *value;

	outcome->no_cap = !json_array_size(caps);
	outcome->all_caps = true;
	json_array_foreach(caps, at.index, value) {
		const char *name;
		int number;
		bool held;

		if (read_element(reader, &at, value, &name))
			return -1;
		number = capability_number(name);
		if (number < 0 && !reader->context->lenient)
			return refuse_at(reader, &at, "unknown capability \"%.64s\"", name);
		if (number < 0)
			tell_ignored(reader, &at, "unknown capability", name);
		held = number >= 0 && reader->context->capabilities >> number & 1;
		outcome->all_caps &= held;
		outcome->any_cap |= held;
	}
	return 0;
}

static int read_arches(struct reader *reader, const struct place *place, const json_t *arches,
		       struct outcome *outcome)
{
	struct place at = {.parent = place};
	json_t *value;

	outcome->no_arch = !json_array_size(arches);
	json_array_foreach(arches, at.index, value) {
		const char *name;

		if (read_element(reader, &at, value, &name))
			return -1;
		outcome->arch |= !strcmp(name, ARCH);
	}
	return 0;
}

/* Reads "6.12" from the beginning of text; returns what is behind it, NULL where it is not there. */
static const char *read_version(const char *text, unsigned int version[2])
{
	for (int i = 0; i < 2; i++) {
		size_t digits = strspn(text, "0123456789");

		if (!digits || digits > 9)
			return NULL;
		version[i] = strtoul(text, NULL, 10);
		text += digits;
		if (i == 0 && *text++ != '.')
			return NULL;
	}
	return text;
}

static int read_min_kernel(struct reader *reader, const struct place *place, const json_t *value,
			   struct outcome *outcome)
{
	const char *text = json_string_value(value);
	unsigned int wanted[2];

	outcome->no_kernel = !value || !json_string_length(value);
	if (outcome->no_kernel)
		return 0;
	text = read_version(text, wanted);
	/* Docker takes no others. */
	if (!text || *text || wanted[0] > UINT8_MAX || wanted[1] > UINT8_MAX ||
	    !(wanted[0] | wanted[1]))
		return refuse_at(reader, place, "\"%.32s\" is no kernel version; write it as 4.8",
				 json_string_value(value));
	outcome->kernel = reader->kernel[0] > wanted[0] ||
			  (reader->kernel[0] == wanted[0] && reader->kernel[1] >= wanted[1]);
	return 0;
}

static int read_selection(struct reader *reader, const struct place *place, const json_t *object,
			  struct outcome *outcome)
{
	const struct place caps = {.parent = place, .key = "caps"};
	const struct place arches = {.parent = place, .key = "arches"};
	const struct place kernel = {.parent = place, .key = "minKernel"};
	struct selection selection = {0};

	*outcome = (struct outcome){0};
	if (read_fields(reader, place, object, selection_fields,
			sizeof(selection_fields) / sizeof(selection_fields[0]), &selection) ||
	    read_caps(reader, &caps, selection.caps, outcome) ||
	    read_arches(reader, &arches, selection.arches, outcome) ||
	    read_min_kernel(reader, &kernel, selection.minKernel, outcome))
		return -1;
	return 0;
}

int entry_counts(struct reader *reader, const struct place *place, const json_t *includes,
		 const json_t *excludes)
{
	const struct place in = {.parent = place, .key = "includes"};
	const struct place out = {.parent = place, .key = "excludes"};
	struct outcome outcome;

	if (includes) {
		if (read_selection(reader, &in, includes, &outcome))
			return -1;
		if ((!outcome.no_cap && !outcome.all_caps) || (!outcome.no_arch && !outcome.arch) ||
		    (!outcome.no_kernel && !outcome.kernel))
			return 0;
	}
	if (excludes) {
		if (read_selection(reader, &out, excludes, &outcome))
			return -1;
		if (outcome.any_cap || outcome.arch || outcome.kernel)
			return 0;
	}
	return 1;
}

int read_kernel_release(struct reader *reader, const char *release)
{
	struct utsname running;

	if (!release) {
		uname(&running);
		release = running.release;
	}
	if (!read_version(release, reader->kernel))
		return error_set(reader->err, EXIT_USAGE,
				 "\"%s\" is no kernel version; write it as 6.12 or as uname -r "
				 "prints it",
				 release);
	return 0;
}
