// SPDX-License-Identifier: GPL-2.0
#include "harness/profile/take.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "harness/cache.h"
#include "harness/profile/pages.h"
#include "lib/cleanup.h"
#include "lib/scratch.h"

#define SHORT  120  /* host seconds */
#define LONG   1800 /* the guest is several times slower under the plugin */
#define WITHIN 0.01

struct take {
	struct vm *vm;
	struct symbols *symbols;
	struct attribution_files files;
	char folder[PATH_MAX];
	char records[PATH_MAX + 16], functions[PATH_MAX + 16];
	char drive[PATH_MAX];
	FILE *in; /* of records */
};

/* Keeps the last line of each stream. */
struct said {
	char *lines[3];
};

static void keep_last(void *context, int stream, const char *line)
{
	struct said *said = context;

	free(said->lines[stream]);
	said->lines[stream] = strdup(line);
}

static void forget(struct said *said)
{
	free(said->lines[1]);
	free(said->lines[2]);
}

static int run(struct take *take, const char *const argv[], unsigned int timeout, struct said *said,
	       struct error *err)
{
	int status;

	if (vm_exec(take->vm, argv, timeout, keep_last, said, &status, err))
		return -1;
	if (!status)
		return 0;
	return error_set(err, status == EXIT_FINDING ? EXIT_FINDING : EXIT_ENVIRONMENT,
			 "%s ended with status %d in the guest: %s", argv[0], status,
			 said->lines[2] ? said->lines[2] : "it said nothing");
}

static int load_framework(struct take *take, struct error *err)
{
	const char *const argv[] = {"insmod", "/vkernel/kmod/vkm.ko", NULL};
	struct said said = {0};
	int result = run(take, argv, SHORT, &said, err);

	forget(&said);
	return result;
}

struct reading_symbols {
	struct symbols *symbols;
	struct error *err;
	bool failed;
};

static void take_line(void *context, int stream, const char *line)
{
	struct reading_symbols *reading = context;

	if (stream == 1 && !reading->failed)
		reading->failed = symbols_add_line(reading->symbols, line, reading->err) < 0;
}

static int read_symbols(struct take *take, struct error *err)
{
	const char *const argv[] = {"grep", "-i", " [tw] ", "/proc/kallsyms", NULL};
	struct error of_line;
	struct reading_symbols reading = {.symbols = take->symbols, .err = &of_line};
	int status;

	if (vm_exec(take->vm, argv, LONG, take_line, &reading, &status, err))
		return error_context(err, "reading the symbols of the guest's kernel");
	if (reading.failed) {
		*err = of_line;
		return -1;
	}
	return status ? error_set(err, EXIT_ENVIRONMENT,
				  "/proc/kallsyms of the guest cannot be read")
		      : 0;
}

static int write_functions(struct take *take, struct error *err)
{
	size_t count;
	const uint64_t *starts = symbols_starts(take->symbols, &count);
	autofclose FILE *out = fopen(take->functions, "we");

	if (starts && out && fwrite(starts, sizeof(*starts), count, out) == count && !fflush(out))
		return 0;
	return error_set_errno(err, EXIT_ENVIRONMENT, errno, "cannot write %s", take->functions);
}

static int begin(struct take *take, const struct guest_options *options, struct error *err)
{
	struct guest_options guest = *options;
	struct accelerator_choice choice;
	struct guest_files files;

	if (attribution_files_find(options->kernel, &take->files, err) ||
	    guest_files_find(options->image, options->kernel, &files, err))
		return -1;
	strcpy(take->drive, files.drive);
	guest.measures = true;
	guest.accelerator = accelerator_name(ACCELERATOR_ICOUNT);
	guest.plugin = take->files.plugin;
	guest.records = take->records;
	guest.functions = take->functions;
	if (guest_options_boot(&guest, take->folder, &choice, &take->vm, err))
		return -1;
	take->in = fopen(take->records, "re");
	if (!take->in)
		return error_set_errno(err, EXIT_ENVIRONMENT, errno, "the plugin has not made %s",
				       take->records);
	return load_framework(take, err) || read_symbols(take, err) || write_functions(take, err)
		       ? -1
		       : 0;
}

int take_begin(const struct guest_options *options, struct take **result, struct error *err)
{
	struct take *take = calloc(1, sizeof(*take));

	*result = NULL;
	if (take)
		take->symbols = symbols_new();
	if (!take || !take->symbols) {
		free(take);
		return error_set(err, EXIT_ENVIRONMENT, "no memory for an attribution");
	}
	if (scratch_make(take->folder, err)) {
		symbols_free(take->symbols);
		free(take);
		return -1;
	}
	snprintf(take->records, sizeof(take->records), "%s/records", take->folder);
	snprintf(take->functions, sizeof(take->functions), "%s/functions", take->folder);
	if (begin(take, options, err) ||
	    pages_add_payload(take->symbols, take->files.payload, err)) {
		take_end(take);
		return -1;
	}
	*result = take;
	return 0;
}

void take_end(struct take *take)
{
	if (!take)
		return;
	vm_stop(take->vm);
	if (take->in)
		fclose(take->in);
	symbols_free(take->symbols);
	scratch_remove(take->folder);
	free(take);
}

static int add_sections(struct take *take, const char *module, json_t *sections, struct error *err)
{
	bool instance = strncmp(module, "vkernel_", 8) == 0;
	char file[PATH_MAX + 32];
	const char *section;
	json_t *address;

	snprintf(file, sizeof(file), "%s/kmod/%s.ko", take->files.payload,
		 instance ? "vki" : module);
	json_object_foreach(sections, section, address) {
		uint64_t value = strtoull(json_string_value(address), NULL, 16);

		if (symbols_add_module(take->symbols, instance ? "vkernel_*" : module, file,
				       section, value, err))
			return -1;
	}
	return 0;
}

static int add_modules(struct take *take, json_t *places, struct error *err)
{
	const char *module;
	json_t *sections;

	symbols_forget_modules(take->symbols);
	json_object_foreach(places, module, sections) {
		if (add_sections(take, module, sections, err))
			return -1;
	}
	return 0;
}

static int take_line_of_measure(struct take *take, const char *text, struct profile *profile,
				struct error *err)
{
	json_t *line = text ? json_loads(text, 0, NULL) : NULL, *places;
	int result = json_unpack(line, "{s:F, s:F, s:o}", "elapsed_ns", &profile->elapsed_ns,
				 "operations", &profile->operations, "places", &places);

	if (result)
		error_set(err, EXIT_ENVIRONMENT,
			  "measure in the guest has not said what it measured; run: make initrd");
	else
		result = add_modules(take, places, err);
	json_decref(line);
	return result;
}

/* Names the pages of programs that are only in the guest. */
static int name_pages(struct take *take, long from, struct error *err)
{
	autofree uint64_t *pages = NULL;
	size_t count;

	if (profile_unknown_pages(take->in, take->symbols, &pages, &count, err))
		return -1;
	clearerr(take->in);
	fseek(take->in, from, SEEK_SET);
	return count ? pages_add_from_guest(take->symbols, take->vm, take->drive, take->folder,
					    pages, count, err)
		     : 0;
}

static int measure(struct take *take, struct profile *profile, struct error *err)
{
	const char *const argv[] = {
		"/vkernel/bin/measure", "--workload",		profile->workload,
		"--configuration",	profile->configuration, "--clock",
		"instructions",		"--attribute",		NULL};
	struct said said = {0};
	long from;
	int result;

	fseek(take->in, 0, SEEK_END);
	from = ftell(take->in);
	result = run(take, argv, LONG, &said, err);
	if (!result)
		result = take_line_of_measure(take, said.lines[1], profile, err);
	forget(&said);
	fseek(take->in, from, SEEK_SET);
	if (result || name_pages(take, from, err))
		return -1;
	return profile_read_record(take->in, take->symbols, profile, err);
}

int take_agrees(const struct profile *profile, struct error *err)
{
	double instructions = (double)profile->instructions;

	if (strcmp(profile->scope, "thread") ||
	    fabs(instructions - profile->elapsed_ns) <= WITHIN * profile->elapsed_ns)
		return 0;
	return error_set(err, EXIT_FINDING,
			 "%.0f instructions are attributed where the clock counted %.0f: the two "
			 "must agree to 1 %%",
			 instructions, profile->elapsed_ns);
}

int take_one(struct take *take, const char *workload, const char *configuration,
	     struct profile *profile, struct error *err)
{
	int result;

	*profile = (struct profile){0};
	profile->workload = strdup(workload);
	profile->configuration = strdup(configuration);
	if (!profile->workload || !profile->configuration)
		result = error_set(err, EXIT_ENVIRONMENT, "no memory for an attribution");
	else
		result = measure(take, profile, err);
	if (!result)
		return 0;
	profile_clear(profile);
	return error_context(err, "%s in %s", workload, configuration);
}
